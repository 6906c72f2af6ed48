from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import procedural_calendar

KINDS = [
    ("tc", "Commercial Court"),
    ("tae", "Economic Activities Court"),
    ("tj", "Judicial Court"),
    ("jcp", "Protection Judge"),
    ("jex", "Enforcement Judge"),
    ("ta", "Administrative Court"),
]


class RecouvrementJurisdiction(models.Model):
    """A court: its kind, its seat and the places it is competent for."""

    _name = "recouvrement.jurisdiction"
    _description = "Court"
    _order = "kind, name"
    _rec_names_search = ["name", "city"]

    name = fields.Char(required=True)
    kind = fields.Selection(KINDS, required=True, index=True)
    active = fields.Boolean(default=True)
    street = fields.Char()
    zip = fields.Char()
    city = fields.Char()
    country_id = fields.Many2one(
        "res.country", default=lambda self: self.env.ref("base.fr").id
    )
    email = fields.Char()
    phone = fields.Char()
    zip_prefixes = fields.Char(
        string="Postal Codes",
        help="Beginnings of the postal codes that the court is competent for, "
        "separated by commas: 69001, 6938, 01.",
    )
    region = fields.Selection(
        selection="_selection_region",
        compute="_compute_region",
        string="Calendar",
        help="Whose holidays count in its delays, from the postal code of its seat.",
    )
    note = fields.Text()

    @api.model
    def _selection_region(self):
        names = {
            procedural_calendar.METROPOLE: self.env._("Mainland France"),
            procedural_calendar.OVERSEAS: self.env._("Overseas"),
            procedural_calendar.ABROAD: self.env._("Abroad"),
        }
        return [
            (region, names.get(region) or region.replace("_", "-").title())
            for region in procedural_calendar.REGIONS
        ]

    @api.depends("zip", "country_id.code")
    def _compute_region(self):
        for court in self:
            court.region = procedural_calendar.place_of(
                court.country_id.code, court.zip
            )

    @api.model
    def _find_for(self, kinds, zip_code):
        """The court of one of these kinds that is competent for a postal code.

        :param kinds: keys of ``KINDS``, the best first.
        :return: a court or none; the longest prefix wins.
        """
        zip_code = (zip_code or "").replace(" ", "")
        best, rank = self.browse(), (0, 0)
        for court in self.search(Domain("kind", "in", list(kinds))):
            found = (court._match(zip_code), -list(kinds).index(court.kind))
            if found[0] and found > rank:
                best, rank = court, found
        return best

    def _match(self, zip_code):
        """Length of the longest prefix that matches; 0: none."""
        prefixes = [
            prefix.strip().replace(" ", "")
            for prefix in (self.zip_prefixes or "").split(",")
        ]
        return max(
            (len(one) for one in prefixes if one and zip_code.startswith(one)),
            default=0,
        )
