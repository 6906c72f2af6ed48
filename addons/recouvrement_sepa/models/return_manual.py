"""What a person does with a message that nobody could place, and returns on paper."""

from odoo import models
from odoo.exceptions import AccessError, UserError

from ..tools.bank.model import Event
from ..tools.returns import FAILED, effect
from .return_take import QUIET

HANDLERS = "recouvrement.group_accountant,recouvrement.group_manager"


class RecouvrementSepaReturn(models.Model):
    _inherit = "recouvrement.sepa.return"

    def _check_handler(self):
        """:raise AccessError: for others than accountants and managers."""
        self.check_access("write")
        if not (self.env.su or self.env.user.has_groups(HANDLERS)):
            raise AccessError(
                self.env._("Accountants and credit managers place returned debits.")
            )

    # ------------------------------------------------------------------
    # MATCHING BY HAND
    # ------------------------------------------------------------------

    def action_match(self):
        """Choose the debit that the bank speaks of."""
        self.ensure_one()
        return self._open_wizard(
            "recouvrement.sepa.return.match",
            self.env._("Find the Direct Debit"),
            default_return_id=self.id,
            default_line_id=self.candidate_ids.id
            if len(self.candidate_ids) == 1
            else False,
        )

    def _match_by_hand(self, line, note=False):
        """A person says which debit came back.

        :raise UserError: when it was placed already, or the debit cannot come back.
        """
        self.ensure_one()
        self._check_handler()
        record = self.sudo().with_context(**QUIET)
        record.lock_for_update()
        record.invalidate_recordset(["state"])
        record._check_to_match()
        line = record._lock_lines([line.id])
        record._check_line(line)
        known = record._of_lines(line)
        if known:
            return record._join(known)
        waits = effect(line.state, record.booked) == "wait"
        record.write(
            {
                "line_id": line.id,
                "collection_id": line.collection_id.id,
                "mandate_id": line.mandate_id.id,
                "debtor_id": line.debtor_id.id,
                "amount": record.amount or line.amount,
                "state": "waiting_booking" if waits else "done",
                "match_how": "person",
                "matched_by_id": self.env.uid,
                "handled_note": note,
            }
        )
        record._go_on(record)
        return record

    def _check_to_match(self):
        for record in self:
            if record.state not in ("to_match", "not_ours", "ignored"):
                raise UserError(
                    self.env._("“%s” has its debit already.", record.display_name)
                )

    def _check_line(self, line):
        if line.company_id != self.company_id:
            raise UserError(self.env._("This debit is of another company."))
        if self.currency_id != line.currency_id:
            raise UserError(
                self.env._("A direct debit is in euros: this is another currency.")
            )
        if line.state in ("planned", "cancelled"):
            raise UserError(
                self.env._("%s never left: it cannot come back.", line.display_name)
            )
        if line.state in FAILED and not self._of_lines(line):
            raise UserError(
                self.env._("%s was undone with its whole lot.", line.display_name)
            )

    def _join(self, known):
        """The debit is known to have come back: these are more messages about it."""
        self.notice_ids.write({"return_id": known.id})
        self.write(
            {
                "state": "ignored",
                "set_aside_reason": self.env._(
                    "Same failure as “%s”: its messages were moved there.",
                    known.display_name,
                ),
                "matched_by_id": self.env.uid,
            }
        )
        known.invalidate_recordset(["notice_ids"])
        known._merge_again()._go_on(known.browse())
        return known

    # ------------------------------------------------------------------
    # SETTING ASIDE
    # ------------------------------------------------------------------

    def action_set_aside(self):
        return self._open_wizard(
            "recouvrement.sepa.return.aside",
            self.env._("Set Aside"),
            default_return_ids=self.ids,
        )

    def _set_aside(self, state, reason):
        """No debit of ours, or nothing to do with it.

        :param str state: ``not_ours`` or ``ignored``.
        :raise UserError: without a reason, or once the ledger moved.
        """
        self._check_handler()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why it is set aside."))
        if any(record.line_id for record in self):
            raise UserError(
                self.env._("What has its debit is not set aside: undo its follow-up.")
            )
        self.sudo().write(
            {
                "state": state,
                "set_aside_reason": reason.strip(),
                "matched_by_id": self.env.uid,
            }
        )

    def action_take_up(self):
        """Look again for the debit of what was set aside."""
        self._check_handler()
        aside = self.filtered(lambda r: r.state in ("not_ours", "ignored"))
        aside.sudo().write({"state": "to_match", "set_aside_reason": False})
        return True

    # ------------------------------------------------------------------
    # PAPER
    # ------------------------------------------------------------------

    def _enter(self, line, *, kind, date, reason, amount, fee, booked, reference, text):
        """Record what a bank wrote on paper, by the same way as a file.

        :param amount: Decimal, as the fee.
        :return: the return.
        """
        self._check_handler()
        event = Event(
            kind=kind,
            level="transaction",
            booked=booked,
            date=date,
            amount=amount,
            end_to_end_id=line.end_to_end_id,
            rum=line.rum,
            iban=line.iban,
            debtor_name=line.debtor_name,
            reason=reason.code or "",
            reason_text=text or "",
            charges=fee,
            message_id=reference or f"{line.end_to_end_id}/{date}",
            document="paper",
            where=self.env._("entered by %s", self.env.user.name),
        )
        return self._take([event], company=line.company_id)

    def _open_wizard(self, model, name, **context):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": context,
        }

    def action_represent_on(self):
        """Agree on the day of the next presentation."""
        self._check_follow_up()
        return self._open_wizard(
            "recouvrement.sepa.return.represent",
            self.env._("Collect Again"),
            default_return_ids=self.ids,
        )
