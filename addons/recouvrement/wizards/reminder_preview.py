from odoo import fields, models


class RecouvrementReminderPreview(models.TransientModel):
    _name = "recouvrement.reminder.preview"
    _description = "Preview of a Reminder"

    reminder_id = fields.Many2one(
        "recouvrement.reminder", required=True, ondelete="cascade"
    )
    channel = fields.Selection(related="reminder_id.channel")
    partner_id = fields.Many2one(related="reminder_id.partner_id", string="To")
    email = fields.Char(related="partner_id.email")
    lang = fields.Selection(related="reminder_id.lang")
    subject = fields.Char(related="reminder_id.rendered_subject")
    body = fields.Html(related="reminder_id.rendered_body")
    error = fields.Char(related="reminder_id.render_error")

    def action_print(self):
        """The letter as a PDF."""
        self.ensure_one()
        return self.reminder_id.action_print_letter()
