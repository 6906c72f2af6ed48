"""Statements made from the late interest of the ledger, and checked against it."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Command

PARTS = ("interest", "indemnity")
SIGNED = ["move_line_id", "date_from", "date_to", *PARTS]


class RecouvrementInterestStatement(models.Model):
    _inherit = "recouvrement.interest.statement"

    # ------------------------------------------------------------------
    # PROPOSING
    # ------------------------------------------------------------------

    @api.model
    def _get_claims(self, debtors, until, line_ids=None, parts=PARTS):
        """What may still be claimed from debtors, item by item.

        :param date until: last day of interest, included.
        :param line_ids: only these items of the debtors.
        :param parts: ``interest``, ``indemnity`` or both.
        :return: list of ``(ItemInterest, [values of statement lines])``; items with an
            error or with nothing left to claim have no values.
        """
        feed = self.env["recouvrement.interest"]
        companies = set(self.env.companies.ids)
        items = feed._get_debtor_items(debtors, until=until, line_ids=line_ids)
        items = [item for item in items if item.company_id in companies]
        invoices = self._get_invoice_ids(items)
        return [
            (item, self._prepare_lines_vals(item, invoices, parts)) for item in items
        ]

    @api.model
    def _get_invoice_ids(self, items):
        """Entries of the items that are invoices: one indemnity each."""
        moves = self.env["account.move"].sudo().browse({i.move_id for i in items})
        return {m.id for m in moves if m.is_invoice(include_receipts=True)}

    @api.model
    def _prepare_lines_vals(self, item, invoice_ids, parts):
        if item.error:
            return []
        common = {
            "move_line_id": item.line_id,
            "invoice_id": item.move_id if item.move_id in invoice_ids else False,
            "document": item.name,
            "date_due": item.date_due,
            "regime_id": item.regime_id,
        }
        lines = []
        if "interest" in parts:
            lines += [
                common | self._prepare_period_vals(period)
                for period in item.get_open_periods()
            ]
        if "indemnity" in parts and item.indemnity_due > 0:
            lines = lines or [dict(common, interest=0.0, breakdown=[])]
            lines[0]["indemnity"] = float(item.indemnity_due)
        for vals in lines:
            vals.setdefault("indemnity", 0.0)
            vals.update({f"{part}_initial": vals[part] for part in PARTS})
        return lines

    @api.model
    def _prepare_period_vals(self, period):
        """Values of the days of a period.

        All that they bear is claimed, also when payments pay interest first (C. civ.
        art. 1343-1): the ledger took the whole payment off the principal, and the
        interest is what is still owed of it.
        """
        return {
            "date_from": period.first,
            "date_to": period.last,
            "interest": float(period.accrual.total),
            "breakdown": [self._prepare_segment(s) for s in period.accrual.segments],
        }

    @api.model
    def _prepare_segment(self, segment):
        return {
            "first": segment.first.isoformat(),
            "last": segment.last.isoformat(),
            "days": segment.days,
            "rate": f"{segment.rate.normalize():f}",
            "base": str(segment.base),
            "amount": str(segment.amount),
            "reason": segment.reason,
            "label": segment.label,
        }

    @api.model
    def _propose_claims(self, claims, until, outcome, **vals):
        """Statements of claims, one per debtor, company and currency.

        sudo: nobody enters statements by hand; callers check that the user may write
        on the debtors.

        :param list claims: as ``_get_claims`` returns them.
        :return: the statements, still proposals.
        """
        grouped = defaultdict(list)
        for item, lines in claims:
            if lines:
                key = item.debtor_id, item.company_id, item.currency_id
                grouped[key].extend(lines)
        today = fields.Date.context_today(self)
        statements = self.sudo().create(
            [
                {
                    "debtor_id": debtor_id,
                    "company_id": company_id,
                    "currency_id": currency_id,
                    "date": today,
                    "date_until": until,
                    "outcome": outcome,
                    "user_id": self.env.uid,
                    "line_ids": [Command.create(line) for line in lines],
                    **vals,
                }
                for (debtor_id, company_id, currency_id), lines in grouped.items()
            ]
        )
        statements._set_company_total()
        return statements.sudo(self.env.su)

    def _set_company_total(self):
        for statement in self.sudo():
            statement.company_total = statement.currency_id._convert(
                statement.total,
                statement.company_currency_id,
                statement.company_id,
                statement.date,
            )

    # ------------------------------------------------------------------
    # BEFORE CONFIRMING
    # ------------------------------------------------------------------

    def _refresh_lines(self):
        """Compute proposals again.

        :return: the statements whose figures changed; they show the new ones.
        """
        changed = self.browse()
        for (until, parts), statements in self.grouped(
            lambda s: (s.date_until, s._get_parts())
        ).items():
            claims = self._get_claims(
                statements.debtor_id, until, statements.line_ids.move_line_id.ids, parts
            )
            fresh = {item.line_id: lines for item, lines in claims}
            for statement in statements:
                if statement._replace_lines(fresh):
                    changed |= statement
        return changed

    def _get_parts(self):
        """What the statement is about: interest, indemnities or both."""
        return tuple(part for part in PARTS if any(self.line_ids.mapped(part)))

    def _replace_lines(self, fresh):
        """Take over the figures of today for the items of a proposal.

        :param dict fresh: values of lines by item id.
        :return: whether anything changed.
        """
        self.ensure_one()
        new = [
            vals
            for move_line in self.line_ids.move_line_id
            for vals in fresh.get(move_line.id, [])
        ]
        if self._sign(new) == self._sign(self.line_ids.read(SIGNED, load=None)):
            return False
        self.sudo().write({"line_ids": [Command.clear(), *map(Command.create, new)]})
        self._set_company_total()
        return True

    def _sign(self, rows):
        """What makes two lists of lines the same claim."""
        return sorted(
            (
                row["move_line_id"],
                str(row.get("date_from") or ""),
                str(row.get("date_to") or ""),
                *(f"{self.currency_id.round(row[part]):.4f}" for part in PARTS),
            )
            for row in rows
        )
