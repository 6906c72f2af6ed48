from odoo import api, models
from odoo.tools import SQL


class RecouvrementDunningDecision(models.Model):
    _inherit = "recouvrement.dunning.decision"

    # EXTENDS 'recouvrement'
    @api.model
    def _under_payment_sql(self):
        """A debit that is on its way to the bank, until it is booked or comes back."""
        self.env["recouvrement.sepa.collection.item"].flush_model(
            ["move_line_id", "live"]
        )
        return SQL(
            """(%s OR EXISTS (SELECT FROM recouvrement_sepa_collection_item debit
                               WHERE debit.move_line_id = l.id AND debit.live))""",
            super()._under_payment_sql(),
        )
