from odoo import fields, models


class RecouvrementMatchingUndone(models.Model):
    """A matching that was undone. Odoo forgets it; the balances of the days on which it
    held must not."""

    _name = "recouvrement.matching.undone"
    _inherit = ["recouvrement.guarded"]
    _description = "Matching Undone"
    _order = "date_to DESC, id DESC"
    _log_access = False

    debit_move_id = fields.Many2one(
        "account.move.line",
        string="Debit",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    credit_move_id = fields.Many2one(
        "account.move.line",
        string="Credit",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    debit_currency_id = fields.Many2one("res.currency", readonly=True)
    credit_currency_id = fields.Many2one("res.currency", readonly=True)
    amount = fields.Monetary(currency_field="company_currency_id", readonly=True)
    debit_amount_currency = fields.Monetary(
        string="Amount of the Debit", currency_field="debit_currency_id", readonly=True
    )
    credit_amount_currency = fields.Monetary(
        string="Amount of the Credit",
        currency_field="credit_currency_id",
        readonly=True,
    )
    date_from = fields.Date(
        string="Held From",
        required=True,
        readonly=True,
        help="The later of the day it was made and of the dates of both items.",
    )
    date_to = fields.Date(
        string="Undone On",
        required=True,
        readonly=True,
        index=True,
        help="The matching held until the day before.",
    )
    user_id = fields.Many2one("res.users", string="Undone By", readonly=True)
