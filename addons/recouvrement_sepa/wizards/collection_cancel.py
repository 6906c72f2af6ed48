from odoo import fields, models


class RecouvrementSepaCollectionCancel(models.TransientModel):
    """Why a collection is cancelled."""

    _name = "recouvrement.sepa.collection.cancel"
    _description = "Cancel a Direct Debit Collection"

    collection_id = fields.Many2one("recouvrement.sepa.collection", required=True)
    state = fields.Selection(related="collection_id.state")
    reason = fields.Char(required=True)

    def action_confirm(self):
        self.collection_id._cancel(self.reason)
        return {"type": "ir.actions.act_window_close"}
