from odoo import api, fields, models
from odoo.exceptions import UserError


class RecouvrementEvent(models.Model):
    _name = "recouvrement.event"
    _description = "Event of a Debtor's History"
    _order = "date desc, id desc"
    _rec_name = "summary"

    debtor_id = fields.Many2one(
        "recouvrement.debtor", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    company_id = fields.Many2one("res.company", required=True, index=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    user_id = fields.Many2one(
        "res.users", required=True, default=lambda self: self.env.user
    )
    kind = fields.Selection(
        [
            ("reminder", "Reminder"),
            ("failure", "Failed Reminder"),
            ("answer", "Answer"),
            ("status", "Collection Status"),
            ("hold", "Hold"),
            ("assignment", "Assignment"),
            ("note", "Note"),
            ("takeover", "Takeover"),
            ("receipt", "Receipt of a Registered Letter"),
            ("regime", "Legal Terms"),
            ("interest", "Late Interest"),
            ("penalty", "Penalty Invoice"),
            ("waiver", "Waiver of Late Interest"),
            ("prescription", "Prescription Event"),
            ("doubtful", "Doubtful Claim"),
            ("write_off", "Write-off"),
            ("contact", "Contact"),
            ("promise", "Promise"),
            ("plan", "Payment Plan"),
            ("relay", "Insider Relay"),
            ("request", "Customer Request"),
            ("document", "Documents Sent"),
            ("bank", "Bank Details"),
            ("rating", "Rating"),
            ("limit", "Credit Limit"),
            ("portal", "Customer Page"),
        ],
        required=True,
        index=True,
    )
    summary = fields.Char(required=True)
    detail = fields.Text()
    currency_id = fields.Many2one("res.currency")
    amount = fields.Monetary()
    reminder_id = fields.Many2one("recouvrement.reminder", index="btree_not_null")
    move_line_id = fields.Many2one(
        "account.move.line", index="btree_not_null", ondelete="set null"
    )

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._("The history of a debtor is a record: it cannot be changed.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(
            self.env._("The history of a debtor is a record: it cannot be deleted.")
        )
