from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class RecouvrementLettersPosted(models.TransientModel):
    """Letters count as sent from the day they were posted, not printed."""

    _name = "recouvrement.letters.posted"
    _description = "Letters Posted"

    reminder_ids = fields.Many2many(
        "recouvrement.reminder",
        "recouvrement_letters_posted_rel",
        string="Letters",
        required=True,
    )
    day = fields.Date(
        string="Posted On", required=True, default=fields.Date.context_today
    )
    registered_ids = fields.One2many(
        "recouvrement.letters.posted.line",
        "wizard_id",
        string="Registered Letters",
        compute="_compute_registered_ids",
        store=True,
        readonly=False,
    )
    letter_count = fields.Integer(compute="_compute_letter_count")

    @api.depends("reminder_ids")
    def _compute_letter_count(self):
        for wizard in self:
            wizard.letter_count = len(wizard.reminder_ids)

    @api.depends("reminder_ids")
    def _compute_registered_ids(self):
        for wizard in self:
            wizard.registered_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "reminder_id": reminder._origin.id or reminder.id,
                            "tracking_number": reminder.tracking_number,
                        }
                    )
                    for reminder in wizard.reminder_ids
                    if reminder.channel == "registered"
                ),
            ]

    def action_confirm(self):
        """Record the posting of the letters, and the number of each registered one.

        :raise UserError: for an impossible day or a missing tracking number.
        """
        self.ensure_one()
        letters = self.reminder_ids.filtered(lambda r: r._waits_for_posting())
        letters.check_access("write")
        letters.lock_for_update()
        self._check_day(letters)
        numbers = self._get_numbers(letters)
        registered = letters.filtered(lambda r: r.channel == "registered")
        for reminder in registered:
            reminder._confirm_sent(self.day, tracking_number=numbers[reminder.id])
        (letters - registered)._confirm_sent(self.day)
        return {"type": "ir.actions.act_window_close"}

    def _check_day(self, letters):
        if self.day > fields.Date.context_today(self):
            raise UserError(
                self.env._("Letters cannot have been posted in the future.")
            )
        printed = letters.filtered("date_queued").mapped(
            lambda r: fields.Datetime.context_timestamp(r, r.date_queued).date()
        )
        if printed and self.day < max(printed):
            raise UserError(
                self.env._("Some of these letters were printed after %s.", self.day)
            )

    def _get_numbers(self, letters):
        numbers = {
            line.reminder_id.id: (line.tracking_number or "").strip()
            for line in self.registered_ids
        }
        missing = letters.filtered(
            lambda r: r.channel == "registered" and not numbers.get(r.id)
        )
        if missing:
            raise UserError(
                self.env._(
                    "Enter the tracking number of the registered letter to %s.",
                    ", ".join(missing.mapped("debtor_id.display_name")),
                )
            )
        return numbers


class RecouvrementLettersPostedLine(models.TransientModel):
    _name = "recouvrement.letters.posted.line"
    _description = "Registered Letter Posted"

    wizard_id = fields.Many2one(
        "recouvrement.letters.posted", required=True, ondelete="cascade"
    )
    reminder_id = fields.Many2one(
        "recouvrement.reminder", required=True, ondelete="cascade"
    )
    debtor_id = fields.Many2one(related="reminder_id.debtor_id")
    partner_id = fields.Many2one(related="reminder_id.partner_id")
    tracking_number = fields.Char()
