from odoo import api, fields, models

from ..tools import insolvency, procedural_calendar
from .deadline import CONFIDENCES

PLACES = [
    ("metropole", "Metropolitan France"),
    ("overseas", "Overseas France"),
    ("abroad", "Abroad"),
]
STARTS = [
    ("date_published", "Publication"),
    ("date_judgment", "Judgment or Decision"),
    ("date_notified", "Personal Notice"),
    ("date_letter", "Letter that Contests the Claim"),
    ("date_termination", "Termination of the Contract"),
    ("date_option", "Notice to Choose About the Contract"),
    ("date_observation_end", "End of the Observation Period"),
]


class RecouvrementLegalDelay(models.Model):
    """A delay of collective proceedings: how long, from when, for whom, since when.

    The figures are data with their source; proceedings take those in force on the day
    they were opened.
    """

    _name = "recouvrement.legal.delay"
    _description = "Legal Delay"
    _order = "sequence, code, valid_from desc, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind_ids = fields.Many2many("recouvrement.insolvency.kind", string="Proceedings")
    starts_from = fields.Selection(
        STARTS, string="Runs From", required=True, default="date_published"
    )
    count = fields.Integer(string="Length", required=True)
    unit = fields.Selection(
        [("day", "Days"), ("month", "Months"), ("year", "Years")],
        required=True,
        default="month",
    )
    place = fields.Selection(PLACES, string="Creditor In", help="Empty: everywhere.")
    timing = fields.Selection(
        [("latest", "At the Latest"), ("earliest", "Not Before")],
        required=True,
        default="latest",
    )
    needs = fields.Selection(
        [("retention", "Goods under Retention of Title")],
        string="Only With",
        help="The deadline is put for files that have it.",
    )
    alert_days = fields.Integer(default=15, help="Days before the day to be reminded.")
    valid_from = fields.Date(help="For proceedings opened on that day or later.")
    valid_to = fields.Date(help="For proceedings opened until that day.")
    source = fields.Char(required=True, help="Article of law.")
    confidence = fields.Selection(
        CONFIDENCES,
        required=True,
        default="NV",
        help="What is not sure is shown as “to verify”.",
    )
    lapse_text = fields.Char(
        string="What Is Lost", translate=True, help="What a missed day costs."
    )

    _count_positive = models.Constraint(
        "CHECK (count > 0)", "A delay has at least one day."
    )
    _validity = models.Constraint(
        "CHECK (valid_to IS NULL OR valid_from IS NULL OR valid_to >= valid_from)",
        "A delay ends on its first day or later.",
    )

    @api.model
    def _get_for(self, kind, place, opened):
        """The delays in force for proceedings.

        :param kind: ``recouvrement.insolvency.kind`` record.
        :param str place: of the creditor.
        :param date opened: day of the judgment.
        :return: delays, one per code.
        """
        found = self.search([("kind_ids", "in", kind.ids)])
        plain = [one._to_plain() for one in found]
        chosen = self.browse()
        for code in dict.fromkeys(found.mapped("code")):
            delay = insolvency.pick(plain, code, place, opened)
            if delay:
                chosen |= found[plain.index(delay)]
        return chosen

    def _to_plain(self):
        return insolvency.Delay(
            self.code,
            self.count,
            self.unit,
            self.place or None,
            self.valid_from or None,
            self.valid_to or None,
        )

    def _get_last_day(self, start, region):
        """Last day of the delay (CPC art. 641 and 642)."""
        return procedural_calendar.deadline(start, self.count, self.unit, region)
