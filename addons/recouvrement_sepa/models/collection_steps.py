"""From a draft to the bank: who approves, what is cancelled."""

from odoo import fields, models
from odoo.exceptions import UserError

from .collection import PREPARED

DECIDERS = ("recouvrement.group_accountant", "recouvrement.group_manager")


class RecouvrementAuthority(models.Model):
    _inherit = "recouvrement.authority"

    subject = fields.Selection(
        selection_add=[("collection", "Approve Direct Debits")],
        ondelete={"collection": "cascade"},
    )


class RecouvrementSepaCollection(models.Model):
    _inherit = "recouvrement.sepa.collection"

    def action_submit(self):
        """Done preparing: approved at once below the company's amount."""
        self.check_access("write")
        self._lock()
        self._check_state("draft")
        for collection in self.sudo():
            if not collection.line_ids:
                raise UserError(
                    self.env._("%s has no debit: propose first.", collection.name)
                )
            collection.submitted_by_id = self.env.uid
            if collection._needs_approval():
                collection.state = "to_approve"
                collection._ask_approval()
            else:
                collection._approve()

    def _needs_approval(self):
        """Whether a second person approves: from the company's amount on."""
        limit = self.company_id.sepa_approval_amount
        return self.currency_id.compare_amounts(self.amount, limit) >= 0

    def _ask_approval(self):
        """Tell the followers of the collection; whoever may approve sees it in the
        list « To Approve »."""
        self._message_log(
            body=self.env._(
                "%(user)s asks for the approval of %(count)s debits, %(amount)s.",
                user=self.env.user.name,
                count=self.count,
                amount=self._format(self.amount),
            )
        )

    def action_approve(self):
        """A second person agrees, within the authority limit.

        :raise UserError: for whoever prepared it, and above the limit.
        """
        self.check_access("write")
        self._lock()
        self._check_state("to_approve")
        for collection in self.sudo():
            collection._check_second_person()
            collection._approve()

    def _check_second_person(self):
        user = self.env.user
        if not any(user.has_group(group) for group in DECIDERS):
            raise UserError(
                self.env._("A credit manager or an accountant approves collections.")
            )
        if user in (self.author_id | self.submitted_by_id):
            raise UserError(
                self.env._(
                    "You prepared %s: somebody else approves it.", self.display_name
                )
            )
        self.env["recouvrement.authority"]._check(
            "collection", self.amount, self.company_id
        )

    def _approve(self):
        self.write(
            {
                "state": "approved",
                "approved_by_id": self.env.uid,
                "date_approved": fields.Datetime.now(),
            }
        )

    def action_draft(self):
        """Prepare again what has no file yet; it will be approved again."""
        self.check_access("write")
        self._lock()
        self._check_state("to_approve", "approved")
        self.sudo().write(
            {"state": "draft", "approved_by_id": False, "date_approved": False}
        )

    def action_sent(self):
        """The file was handed to the bank."""
        self.check_access("write")
        self._lock()
        self._check_state("generated")
        self.sudo().write(
            {"state": "sent", "date_sent": fields.Date.context_today(self)}
        )
        for collection in self.sudo():
            collection._on_sent()

    def action_cancel(self):
        """Ask why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel the Collection"),
            "res_model": "recouvrement.sepa.collection.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_collection_id": self.id},
        }

    def _cancel(self, reason):
        """Let everything go: its items can be collected again.

        The file is kept. Once it was sent, the bank must be told first: that is the
        user's to do and to say.

        :raise UserError: without a reason, or when money has moved.
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the collection is cancelled."))
        self.check_access("write")
        self._lock()
        self._check_state(*PREPARED, "generated", "sent")
        for collection in self.sudo():
            presented = collection.line_ids.filtered(lambda x: x.state == "presented")
            collection.line_ids._set_state("cancelled", skip=True)
            collection._withdraw(presented)
            collection.write({"state": "cancelled", "cancel_reason": reason.strip()})
            collection._on_cancelled()

    def _withdraw(self, lines):
        """The mandates of debits that did not leave forget them."""
        if not lines:
            return
        self.env["recouvrement.sepa.amendment"]._fall_back(lines)
        mandates = self.env["recouvrement.sepa.mandate"]
        last = dict(
            self.env["recouvrement.sepa.collection.line"]._read_group(
                [
                    ("mandate_id", "in", lines.mandate_id.ids),
                    ("state", "not in", ("planned", "cancelled")),
                ],
                ["mandate_id"],
                ["date:max"],
            )
        )
        mandates._note_withdrawn(
            (line.mandate_id.id, last.get(line.mandate_id)) for line in lines
        )
