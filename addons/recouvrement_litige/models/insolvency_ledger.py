"""What came in since the judgment, read from the ledger; a file whose items are all
settled closes itself, and opens again when a payment is undone."""

from decimal import Decimal

from odoo import api, fields, models

from .insolvency import LIVE


class RecouvrementInsolvency(models.Model):
    _inherit = "recouvrement.insolvency"

    def _refresh_amounts(self):
        """Sums of the claims, in company currency; a constant number of queries."""
        files = self.sudo()
        received = self._read_claims_received(files.claim_ids)
        for one in files:
            prior = one.claim_ids.filtered(lambda claim: claim.side == "prior")
            lines = prior.move_line_id
            one._write_changes(
                amount_prior=one._sum(prior.mapped("amount_company")),
                amount_declared=one._sum(prior.mapped("amount_declared")),
                amount_admitted=one._sum(prior.mapped("amount_admitted")),
                amount_contested=one._sum(prior.mapped("amount_contested")),
                amount_received=one._sum(
                    claim._to_company(received[claim.id]) for claim in prior
                ),
                amount_open=one._sum(lines.mapped("amount_residual")),
            )

    def _sum(self, amounts):
        total = sum((Decimal(str(amount)) for amount in amounts), Decimal(0))
        return self.currency_id.round(float(total))

    @api.model
    def _read_claims_received(self, claims):
        """Money matched with claims since the judgment, ``{claim id: float}``, in the
        currency of each; written on the claims."""
        matches = (
            self.env["recouvrement.open.item"]
            .sudo()
            ._get_matches(claims.move_line_id.ids)
        )
        found = {}
        for claim in claims:
            since = claim.insolvency_id.date_judgment
            total = sum(
                (
                    one.amount
                    for one in matches.get(claim.move_line_id.id, ())
                    if one.is_receipt and one.day >= since
                ),
                Decimal(0),
            )
            prior = claim.side == "prior" and claim.amount > 0
            found[claim.id] = float(total) if prior else 0.0
            claim._write_changes(received=found[claim.id])
        return found

    # ------------------------------------------------------------------
    # MATCHING
    # ------------------------------------------------------------------

    @api.model
    def _judge_items(self, line_ids):
        """Judge again the files that have these items."""
        claims = self.env["recouvrement.insolvency.claim"].search(
            [
                ("move_line_id", "in", list(line_ids)),
                ("side", "=", "prior"),
                ("insolvency_id.state", "!=", "undone"),
            ]
        )
        claims.insolvency_id._judge()

    def _judge(self):
        """Write down what the ledger says of these files; called in sudo."""
        if not self:
            return
        self._refresh_amounts()
        self._refresh_dividends()
        settled = self.filtered(lambda one: one._is_settled())
        settled.filtered(lambda one: one.state in LIVE)._close_settled()
        reopened = (self - settled).filtered(
            lambda one: one.state == "closed" and one.outcome == "settled"
        )
        reopened._reopen()

    def _is_settled(self):
        claims = self.claim_ids.filtered(lambda claim: claim.side == "prior")
        return bool(claims) and all(
            line.reconciled or line.parent_state != "posted"
            for line in claims.move_line_id
        )

    def _close_settled(self):
        for one in self:
            one.write({"stopped": {**(one.stopped or {}), "state": one.state}})
            one._close("settled", one.env._("Every item is settled."))

    def _reopen(self):
        """A payment was undone: what it had settled is frozen again."""
        for one in self:
            state = (one.stopped or {}).get("state") or "opened"
            claims = one.claim_ids.filtered(
                lambda claim: claim.side == "prior" and claim.move_line_id
            )
            claims.write({"is_live": True})
            one.write({"state": state, "outcome": False, "date_closed": False})
            claims.move_line_id._commit("insolvency", one._get_reason())
            one._pause_interest()
            one._end_prescription(False)
            one._sync_deadlines()
            one._log(one.env._("open again: a payment was undone"))

    # ------------------------------------------------------------------
    # DIVIDENDS
    # ------------------------------------------------------------------

    def _refresh_dividends(self):
        """What came in goes to the oldest dividend first."""
        today = fields.Date.context_today(self)
        files = self.filtered("dividend_ids")
        claims = files.claim_ids.filtered(
            lambda claim: claim.side == "prior" and claim.amount > 0
        )
        matches = (
            self.env["recouvrement.open.item"]
            .sudo()
            ._get_matches(claims.move_line_id.ids)
        )
        for one in files:
            total = one._sum_dividends(claims & one.claim_ids, matches)
            left = Decimal(str(total))
            for dividend in one.dividend_ids.sorted(lambda d: (d.date_due, d.id)):
                due = Decimal(str(one.currency_id.round(dividend.amount)))
                part = min(left, due)
                left -= part
                late = dividend.date_due < today and part < due
                state = "received" if part >= due else "partly" if part else "due"
                dividend._write_changes(
                    received=float(part), state="late" if late else state
                )

    def _sum_dividends(self, claims, matches):
        """Money since the admission or the plan; what came before is no dividend."""
        since = self.date_plan or self.date_admitted or self.date_judgment
        return self._sum(
            claim._to_company(
                float(
                    sum(
                        one.amount
                        for one in matches.get(claim.move_line_id.id, ())
                        if one.is_receipt and one.day >= since
                    )
                )
            )
            for claim in claims
        )

    @api.model
    def _cron_nightly(self):
        """Days go by: dividends become late, the next deadline moves."""
        live = self.sudo().search([("state", "in", LIVE)])
        live._refresh_dividends()
        live._sync_next_date()


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # EXTENDS 'recouvrement'
    @api.model
    def _on_items_matched(self, line_ids):
        result = super()._on_items_matched(line_ids)
        self.env["recouvrement.insolvency"].sudo()._judge_items(line_ids)
        return result
