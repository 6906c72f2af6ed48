from odoo import api, models
from odoo.tools import SQL


class RecouvrementDunningDecision(models.Model):
    _inherit = "recouvrement.dunning.decision"

    # EXTENDS 'recouvrement'
    @api.model
    def _under_payment_sql(self):
        """A debit that is on its way to the bank, until it is booked or comes back.

        Context key ``without_debits``: the candidates of collections reckon with debits
        by their amounts, so that what is left of an item can be collected.
        """
        others = super()._under_payment_sql()
        if self.env.context.get("without_debits"):
            return others
        self.env["recouvrement.sepa.collection.item"].flush_model(
            ["move_line_id", "line_id", "live"]
        )
        self.env["recouvrement.sepa.collection.line"].flush_model(["state"])
        return SQL(
            """(%s OR EXISTS (
                SELECT FROM recouvrement_sepa_collection_item debit
                  JOIN recouvrement_sepa_collection_line y ON y.id = debit.line_id
                 WHERE debit.move_line_id = l.id AND debit.live
                   AND y.state IN ('planned', 'presented')))""",
            others,
        )
