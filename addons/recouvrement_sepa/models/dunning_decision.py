from odoo import api, models
from odoo.tools import SQL

from .collection_line import UNBOOKED


class RecouvrementDunningDecision(models.Model):
    _inherit = "recouvrement.dunning.decision"

    # EXTENDS 'recouvrement'
    @api.model
    def _under_payment_sql(self):
        """A direct debit that the ledger does not know yet: not chased, until it is
        booked or comes back. Context key ``without_debits``: other payments only."""
        under_payment = super()._under_payment_sql()
        if self.env.context.get("without_debits"):
            return under_payment
        self.env["recouvrement.sepa.collection.item"].flush_model(
            ["move_line_id", "live", "line_id"]
        )
        self.env["recouvrement.sepa.collection.line"].flush_model(["state"])
        return SQL(
            """(%s OR EXISTS (
                    SELECT FROM recouvrement_sepa_collection_item debit
                      JOIN recouvrement_sepa_collection_line debited
                        ON debited.id = debit.line_id
                     WHERE debit.move_line_id = l.id AND debit.live
                       AND debited.state = ANY(%s)))""",
            under_payment,
            list(UNBOOKED),
        )
