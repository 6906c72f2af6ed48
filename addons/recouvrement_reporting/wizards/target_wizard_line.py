from odoo import api, fields, models

from ..models.target import MEASURES


class RecouvrementTargetWizardLine(models.TransientModel):
    _name = "recouvrement.target.wizard.line"
    _description = "Proposed Target"

    wizard_id = fields.Many2one(
        "recouvrement.target.wizard", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", string="Collector", domain="[('share', '=', False)]"
    )
    team_id = fields.Many2one("recouvrement.team")
    measure = fields.Selection(MEASURES, required=True, default="collected")
    unit = fields.Char(compute="_compute_unit")
    before = fields.Float(digits=(16, 2), readonly=True)
    value = fields.Float(string="Target", digits=(16, 2), required=True)

    @api.depends("measure", "wizard_id.company_id")
    def _compute_unit(self):
        targets = self.env["recouvrement.target"]
        kpis = targets._get_kpis(self.mapped("measure"))
        for line in self:
            kpi = kpis.get(line.measure)
            currency = line.wizard_id.company_id.currency_id
            line.unit = targets._unit_sign(kpi and kpi.unit, currency)
