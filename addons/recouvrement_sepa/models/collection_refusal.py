"""What must be corrected before a file can be made, in words."""

from odoo import api, fields, models


class RecouvrementSepaCollectionRefusal(models.Model):
    _name = "recouvrement.sepa.collection.refusal"
    _description = "Remark on a Direct Debit Collection"
    _inherit = ["recouvrement.guarded"]
    _order = "level, id"
    _rec_name = "code"

    collection_id = fields.Many2one(
        "recouvrement.sepa.collection",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="collection_id.company_id")
    line_id = fields.Many2one(
        "recouvrement.sepa.collection.line",
        string="Debit",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    debtor_id = fields.Many2one(
        "recouvrement.debtor", readonly=True, index="btree_not_null"
    )
    level = fields.Selection(
        [("error", "To Correct"), ("warning", "To Know")], required=True, readonly=True
    )
    code = fields.Char(required=True, readonly=True)
    field = fields.Char(string="Element", readonly=True, help="Of the file.")
    value = fields.Char(readonly=True)
    params = fields.Json(readonly=True)
    message = fields.Char(
        compute="_compute_message", string="What Is Wrong, and the Cure"
    )

    @api.depends("code", "field", "value", "params")
    @api.depends_context("lang")
    def _compute_message(self):
        texts = self.env["recouvrement.sepa.collection"]._get_refusal_texts()
        for refusal in self:
            text = texts.get(refusal.code, refusal.code)
            params = {"value": refusal.value or "", **(refusal.params or {})}
            refusal.message = text % params if "%(" in text else text
