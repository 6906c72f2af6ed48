from odoo import fields, models
from odoo.fields import Domain

from .deadline import CONFIDENCES


class RecouvrementProcedureCost(models.Model):
    """What a procedure costs between two days, with its source."""

    _name = "recouvrement.procedure.cost"
    _description = "Cost of a Procedure"
    _order = "procedure_id, valid_from, id"

    procedure_id = fields.Many2one(
        "recouvrement.procedure", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, translate=True)
    only_for = fields.Selection(
        [("commercial", "Commercial Court"), ("civil", "Civil Court")],
        help="Empty: whatever the court.",
    )
    currency_id = fields.Many2one(related="procedure_id.currency_id")
    amount = fields.Monetary(required=True)
    recoverable = fields.Boolean(
        string="Borne by the Debtor", default=True, help="With the title (CPC 696)."
    )
    valid_from = fields.Date()
    valid_to = fields.Date()
    source = fields.Char()
    confidence = fields.Selection(CONFIDENCES, required=True, default="NV")

    def _get_valid(self, procedures, commercial, day):
        """Costs of procedures on a day, before a commercial court or a civil one."""
        return self.search(
            Domain("procedure_id", "in", procedures.ids)
            & Domain("only_for", "in", [False, "commercial" if commercial else "civil"])
            & (Domain("valid_from", "=", False) | Domain("valid_from", "<=", day))
            & (Domain("valid_to", "=", False) | Domain("valid_to", ">=", day))
        )
