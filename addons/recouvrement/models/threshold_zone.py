from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RecouvrementThresholdZone(models.Model):
    _name = "recouvrement.threshold.zone"
    _description = "Preventive Reminder Threshold by Place"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index=True)
    country_id = fields.Many2one("res.country", required=True)
    zip_prefixes = fields.Char(
        string="Postcode Prefixes",
        help="Comma-separated beginnings of postcodes, such as 75,77,78. "
        "Empty: the whole country.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    amount = fields.Monetary(
        required=True,
        help="Items above this amount get the reminder before the due date.",
    )

    @api.constrains("zip_prefixes")
    def _check_zip_prefixes(self):
        for zone in self:
            if not all(
                prefix.isalnum() for prefix in zone._get_prefixes(zone.zip_prefixes)
            ):
                raise ValidationError(
                    self.env._(
                        "Zone “%(zone)s”: postcode prefixes are letters or digits "
                        "separated by commas, such as 75,77,78.",
                        zone=zone.name,
                    )
                )

    @api.model
    def _get_prefixes(self, text):
        return [part.strip() for part in (text or "").split(",") if part.strip()]
