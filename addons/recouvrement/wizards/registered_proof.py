from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class RecouvrementRegisteredProof(models.TransientModel):
    _name = "recouvrement.registered.proof"
    _description = "Proof of Receipt of a Registered Letter"

    reminder_id = fields.Many2one(
        "recouvrement.reminder", required=True, ondelete="cascade"
    )
    tracking_number = fields.Char(related="reminder_id.tracking_number")
    date_sent = fields.Date(related="reminder_id.date_sent")
    date_received = fields.Date(required=True, default=fields.Date.context_today)
    scan = fields.Binary(string="Scanned Receipt")
    scan_name = fields.Char()

    def action_confirm(self):
        """Record the day on the receipt, and its scan, in the debtor's history.

        :raise UserError: when the letter was not sent, or received before that.
        """
        self.ensure_one()
        reminder = self.reminder_id
        reminder.check_access("write")
        self._check_receipt(reminder)
        reminder_sudo = reminder.sudo()
        reminder_sudo.date_received = self.date_received
        if self.scan:
            reminder_sudo.proof_ids = [Command.link(self._create_proof().id)]
        reminder.debtor_id._log_event(
            "receipt",
            self.env._(
                "%(level)s received on %(day)s",
                level=reminder.level_id.name,
                day=self.date_received,
            ),
            detail=self.env._("Tracking number %s", reminder.tracking_number),
            reminder_id=reminder.id,
        )
        return {"type": "ir.actions.act_window_close"}

    def _check_receipt(self, reminder):
        if reminder.channel != "registered" or reminder.state != "sent":
            raise UserError(
                self.env._("Only a registered letter that was posted has a receipt.")
            )
        if (
            not reminder.date_sent
            <= self.date_received
            <= fields.Date.context_today(self)
        ):
            raise UserError(
                self.env._("The day of receipt lies between the posting and today.")
            )

    def _create_proof(self):
        """sudo: who may confirm a receipt needs no right on all attachments."""
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": self.scan_name or self.env._("Acknowledgement of receipt"),
                    "datas": self.scan,
                    "res_model": "recouvrement.reminder",
                    "res_id": self.reminder_id.id,
                }
            )
        )
