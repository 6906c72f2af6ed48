from odoo import fields, models


class RecouvrementBonusReversal(models.Model):
    """A credited receipt that did not hold, and the statement that takes its bonus
    back: each time only what was not taken back before."""

    _name = "recouvrement.bonus.reversal"
    _inherit = ["recouvrement.guarded"]
    _description = "Receipt Reversed After a Bonus"
    _order = "statement_id desc, id"
    _log_access = False

    statement_id = fields.Many2one(
        "recouvrement.bonus.statement",
        required=True,
        readonly=True,
        ondelete="cascade",
        help="Which takes the bonus back.",
    )
    origin_id = fields.Many2one(
        "recouvrement.bonus.statement",
        string="Statement Concerned",
        required=True,
        readonly=True,
        index=True,
    )
    company_id = fields.Many2one(related="origin_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(related="statement_id.user_id", store=True)
    receipt_id = fields.Many2one(
        "recouvrement.bonus.receipt", required=True, readonly=True, index=True
    )
    name = fields.Char(related="receipt_id.name", string="Reference")
    debtor_id = fields.Many2one(related="receipt_id.debtor_id")
    date = fields.Date(related="receipt_id.date", string="Received On")
    collector_id = fields.Many2one(
        related="receipt_id.collector_id", string="Collector of the Receipt"
    )
    amount = fields.Monetary(string="Reversed", required=True, readonly=True)

    _once_uniq = models.UniqueIndex(
        "(statement_id, origin_id, receipt_id)",
        "A receipt is taken back once by a statement.",
    )
