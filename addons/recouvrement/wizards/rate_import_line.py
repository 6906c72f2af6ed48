from odoo import fields, models


class RecouvrementRateImportLine(models.TransientModel):
    _name = "recouvrement.rate.import.line"
    _description = "Legal Figure to Load"
    _order = "line, id"

    import_id = fields.Many2one(
        "recouvrement.rate.import", required=True, index=True, ondelete="cascade"
    )
    line = fields.Integer(readonly=True, aggregator=None)
    code = fields.Char(readonly=True)
    date_from = fields.Date(readonly=True)
    date_to = fields.Date(readonly=True)
    old_value = fields.Float(digits=(16, 4), readonly=True, aggregator=None)
    value = fields.Float(digits=(16, 4), readonly=True, aggregator=None)
    source = fields.Char(readonly=True)
    change = fields.Selection(
        [("new", "New"), ("changed", "Changed"), ("same", "Already Loaded")],
        readonly=True,
    )
    rate_id = fields.Many2one("recouvrement.rate", readonly=True)

    def _get_values(self):
        self.ensure_one()
        values = {"value": self.value, "date_to": self.date_to, "source": self.source}
        if self.value != self.old_value:
            values["confidence"] = False
        return values
