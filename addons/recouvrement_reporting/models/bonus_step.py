from odoo import fields, models


class RecouvrementBonusStep(models.Model):
    _name = "recouvrement.bonus.step"
    _description = "Step of a Bonus"
    _order = "component_id, bound, id"

    component_id = fields.Many2one(
        "recouvrement.bonus.component", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="component_id.company_id", store=True)
    bound = fields.Float(string="From", digits=(16, 2), required=True)
    reward = fields.Float(
        string="Amount or Percent", digits=(16, 4), required=True, aggregator=None
    )
