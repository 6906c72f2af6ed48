from odoo import fields, models


class RecouvrementDueDateChange(models.Model):
    """A due date that changed after posting: what it was on an earlier day."""

    _name = "recouvrement.due.date.change"
    _inherit = ["recouvrement.guarded"]
    _description = "Change of Due Date"
    _order = "date DESC, id DESC"
    _log_access = False

    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    date = fields.Date(string="Changed On", required=True, readonly=True, index=True)
    date_old = fields.Date(string="Due Date Before", readonly=True)
    date_new = fields.Date(string="Due Date After", readonly=True)
    user_id = fields.Many2one("res.users", string="Changed By", readonly=True)
