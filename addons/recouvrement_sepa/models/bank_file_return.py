from odoo import fields, models


class RecouvrementSepaReturn(models.Model):
    _inherit = "recouvrement.sepa.return"

    bank_file_id = fields.Many2one(
        "recouvrement.bank.file",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )


class RecouvrementSepaReturnNotice(models.Model):
    _inherit = "recouvrement.sepa.return.notice"

    bank_file_id = fields.Many2one(
        "recouvrement.bank.file",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
