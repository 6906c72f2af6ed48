"""From the judgment to the end: declared, contested, admitted, plan, closed."""

from odoo import fields, models
from odoo.exceptions import UserError

from .insolvency import LIVE

IN_COURT = ("declared", "contested", "admitted", "plan")


class RecouvrementInsolvency(models.Model):
    _inherit = "recouvrement.insolvency"

    # ------------------------------------------------------------------
    # DECLARATION
    # ------------------------------------------------------------------

    def _declare(self, day, means, tracking_number=None, proofs=None):
        """The declaration was sent: the day of dispatch counts, and the proof of it.

        :param date day: of dispatch.
        :param str means: a value of ``declared_by``.
        :param proofs: ``ir.attachment`` records.
        :raise UserError: without a declaration, or on an impossible day.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("opened")
        self._check_day(day)
        if not self.kind_id.declares:
            raise UserError(
                self.env._("No claim is declared in “%s”.", self.kind_id.name)
            )
        self._get_kept("declaration")
        one = self.sudo()
        one.write(
            {
                "state": "declared",
                "date_declared": day,
                "declared_by": means,
                "tracking_number": tracking_number,
            }
        )
        one._keep_proofs(proofs)
        one._interrupt(day)
        self._log(
            self.env._("claim declared"),
            detail=tracking_number,
            amount=self.amount_declared,
        )

    def _check_day(self, day):
        if not day or not self.date_judgment <= day <= fields.Date.context_today(self):
            raise UserError(self.env._("The day lies between the judgment and today."))

    def _keep_proofs(self, proofs):
        if proofs:
            proofs = proofs.sudo()
            proofs.write({"res_model": self._name, "res_id": self.id})
            self.write({"proof_ids": [fields.Command.link(one.id) for one in proofs]})

    def _interrupt(self, day):
        """A declared claim interrupts the limitation (C. com. art. L622-25-1)."""
        lines = self._get_lines().filtered(lambda line: line.balance > 0)
        kind = self.env.ref(
            "recouvrement.prescription_kind_insolvency_claim", raise_if_not_found=False
        )
        if not kind or not lines:
            return
        self.prescription_event_id = self.env["recouvrement.prescription.event"].create(
            {
                "debtor_id": self.debtor_id.id,
                "kind_id": kind.id,
                "date": day,
                "line_ids": [fields.Command.set(lines.ids)],
                "note": self._get_reason(),
            }
        )

    def _end_prescription(self, day):
        event = self.prescription_event_id
        if event and not event.is_void:
            event.date_end = max(day, event.date) if day else False

    # ------------------------------------------------------------------
    # ADMISSION AND CONTEST
    # ------------------------------------------------------------------

    def _contest(self, day, amounts, proofs=None):
        """The representative contests claims: thirty days to answer.

        :param date day: of his letter.
        :param dict amounts: contested amount by claim, in company currency.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("declared", "admitted", "contested")
        self._check_day(day)
        one = self.sudo()
        one._write_amounts("amount_contested", amounts)
        one._keep_proofs(proofs)
        one.write({"state": "contested", "date_letter": day, "date_answered": False})
        one._refresh_amounts()
        self._log(self.env._("claim contested"), amount=self.amount_contested)

    def _answer(self, day, proofs=None):
        """The contest was answered."""
        self.ensure_one()
        self.check_access("write")
        self._check_state("contested")
        self._check_day(day)
        if day < self.date_letter:
            raise UserError(self.env._("The answer follows the letter."))
        self.sudo()._keep_proofs(proofs)
        self.sudo().date_answered = day
        self._log(self.env._("contest answered"))

    def _admit(self, day, amounts, proofs=None):
        """The judge admitted claims, wholly or in part.

        :param dict amounts: admitted amount by claim, in company currency.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state("declared", "contested", "admitted")
        self._check_day(day)
        one = self.sudo()
        one._write_amounts("amount_admitted", amounts)
        one.claim_ids.write({"amount_contested": 0.0})
        one._keep_proofs(proofs)
        one.write({"state": "admitted", "date_admitted": day})
        one._refresh_amounts()
        self._log(self.env._("claim admitted"), amount=self.amount_admitted)

    def _write_amounts(self, field, amounts):
        """Amounts by claim; none beyond what was declared."""
        for claim, amount in amounts.items():
            compare = self.currency_id.compare_amounts
            declared = claim.amount_declared
            low, high = min(declared, 0.0), max(declared, 0.0)
            if compare(amount, low) < 0 or compare(amount, high) > 0:
                raise UserError(
                    self.env._(
                        "%(item)s: at most what was declared, %(amount)s.",
                        item=claim.name,
                        amount=self._format(declared),
                    )
                )
            claim.sudo()[field] = amount

    # ------------------------------------------------------------------
    # PLAN AND DIVIDENDS
    # ------------------------------------------------------------------

    def _adopt_plan(self, day, dividends, note=None, proofs=None):
        """A plan was adopted, or a distribution announced.

        :param list dividends: ``(date, percent)`` of what was admitted, or
            ``(date, None, amount)``.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state(*IN_COURT)
        self._check_day(day)
        one = self.sudo()
        one.dividend_ids.unlink()
        one.write(
            {
                "date_plan": day,
                "state": "plan",
                "plan_note": note,
                "dividend_ids": [
                    fields.Command.create(
                        {"date_due": due, "percent": percent, "amount": amount}
                    )
                    for due, percent, amount in one._value_dividends(dividends)
                ],
            }
        )
        one._keep_proofs(proofs)
        one._judge()
        self._log(self.env._("plan adopted"), detail=note)

    def _value_dividends(self, dividends):
        """Amounts of shares of what was admitted, else declared; the last of shares
        that make a hundred takes the cents left."""
        base = self.amount_admitted or self.amount_declared
        rows = [
            (day, percent, amount or self.currency_id.round(base * percent / 100))
            for day, percent, amount in dividends
        ]
        by_share = rows and all(percent for _day, percent, _amount in rows)
        if by_share and round(sum(row[1] for row in rows), 2) == 100:
            day, percent, _amount = rows[-1]
            rest = self.currency_id.round(base - sum(row[2] for row in rows[:-1]))
            rows[-1] = (day, percent, rest)
        return rows

    # ------------------------------------------------------------------
    # CONVERSION
    # ------------------------------------------------------------------

    def _convert(self, kind, day, published=None, representative=None, proofs=None):
        """Other proceedings follow on the same file: what was declared stays declared.

        :param kind: ``recouvrement.insolvency.kind`` record.
        :param date day: of the judgment; the earlier items stay those of the first.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state(*LIVE)
        self._check_day(day)
        before = self.kind_id
        one = self.sudo()
        one._keep_proofs(proofs)
        vals = {"kind_id": kind.id}
        if published:
            vals["date_published"] = published
        if representative:
            vals["representative_id"] = representative.id
        one.write(vals)
        one._pause_interest()
        self._log(
            self.env._(
                "%(before)s becomes %(after)s on %(day)s",
                before=before.name,
                after=kind.name,
                day=self._format_day(day),
            )
        )

    # ------------------------------------------------------------------
    # END
    # ------------------------------------------------------------------

    def _finish(self, day, outcome, reason, certificate=None):
        """The proceedings are closed.

        What is irrecoverable, or given up in a plan, stays out of the reminders until
        it is written off; only proceedings that end without effect let the items be
        chased again.
        """
        self.ensure_one()
        self.check_access("write")
        self._check_state(*LIVE)
        self._check_day(day)
        if not (reason or "").strip():
            raise UserError(self.env._("Say how the proceedings ended."))
        one = self.sudo()
        if certificate:
            certificate.sudo().write({"res_model": self._name, "res_id": self.id})
            one.certificate_id = certificate[:1]
        one._close(outcome, reason.strip(), day)

    def _close(self, outcome, reason, day=None):
        """End files, in sudo; callers checked the rights."""
        self.ensure_one()
        day = day or fields.Date.context_today(self)
        lines = self._get_lines()
        self.write({"state": "closed", "outcome": outcome, "date_closed": day})
        self._end_prescription(day)
        self._sync_deadlines()
        if outcome in ("resumed", "settled"):
            self.claim_ids.write({"is_live": False})
            open_lines = lines.filtered(lambda line: not line.reconciled)
            open_lines._release("insolvency", reason)
        if outcome == "resumed" and self.pause_id:
            self.pause_id.date_to = max(day, self.pause_id.date_from)
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        self._log(labels[outcome].lower(), detail=reason, amount=self.amount_received)
        self.env["recouvrement.debtor"]._mark_dirty_debtors(self.debtor_id.ids)
