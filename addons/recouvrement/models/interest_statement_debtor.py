from odoo import fields, models


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    interest_statement_count = fields.Integer(
        string="Claims of Interest", compute="_compute_interest_statement_count"
    )

    def _compute_interest_statement_count(self):
        counts = dict(
            self.env["recouvrement.interest.statement"]._read_group(
                [("debtor_id", "in", self.ids)], ["debtor_id"], ["__count"]
            )
        )
        for debtor in self:
            debtor.interest_statement_count = counts.get(debtor, 0)

    def action_view_interest_statements(self):
        return self._action_related("recouvrement_interest_statement_action")
