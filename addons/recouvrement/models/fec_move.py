from odoo import fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    takeover_import_id = fields.Many2one(
        "recouvrement.fec.import",
        string="FEC Takeover",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    takeover_import_id = fields.Many2one(
        related="move_id.takeover_import_id", string="FEC Takeover"
    )
    takeover_age_unknown = fields.Boolean(
        string="Age Unknown",
        copy=False,
        help="The ledger it was taken over from does not say how old the item is.",
    )
