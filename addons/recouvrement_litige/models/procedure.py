from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import procedures as rules
from .deadline import CONFIDENCES

DATES = ("commercial_until", "valid_from", "valid_to", "order_from", "order_to")
FLAGS = (
    "persons_only",
    "needs_title",
    "needs_notice",
    "needs_agreement",
    "needs_uncontested",
)
CATEGORIES = [
    ("notice", "Formal Notice"),
    ("amicable", "Without a Judge"),
    ("order", "Payment Order"),
    ("merits", "Proceedings"),
    ("measure", "Protective Measure"),
    ("enforcement", "Enforcement"),
]
COURTS = [
    ("none", "None"),
    ("nature", "By the Nature of the Claim"),
    ("jex", "Enforcement Judge"),
    ("bailiff", "Commissaire de justice"),
]
SCOPES = [
    ("any", "Any"),
    ("domestic", "Within France"),
    ("cross_border", "Across Borders in the EU"),
]


class RecouvrementProcedure(models.Model):
    """A way to collect: its conditions, costs and steps, dated and with their source.

    ``tools/procedures.py`` compares the conditions with the facts of a claim.
    """

    _name = "recouvrement.procedure"
    _description = "Procedure"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    category = fields.Selection(CATEGORIES, required=True)
    court = fields.Selection(COURTS, required=True, default="nature")
    source = fields.Char(help="Articles of law.")
    confidence = fields.Selection(
        CONFIDENCES,
        required=True,
        default="NV",
        help="Sure: official text or two sources. To verify: not to be relied on.",
    )
    note = fields.Text(string="What to Know", translate=True)
    valid_from = fields.Date()
    valid_to = fields.Date()

    # == Conditions ==
    scope = fields.Selection(SCOPES, required=True, default="any")
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.ref("base.EUR").id
    )
    max_amount = fields.Monetary(
        string="Highest Amount", help="Principal and interest; 0: no ceiling."
    )
    for_commercial = fields.Boolean(
        string="Between Merchants", default=True, help="Claims of a commercial court."
    )
    for_civil = fields.Boolean(string="Civil Debtor", default=True)
    for_consumer = fields.Boolean(default=True)
    for_public = fields.Boolean(string="Public Body")
    commercial_until = fields.Date(
        string="Between Merchants Until",
        help="Last day on which claims between merchants may take it; empty: no end.",
    )
    needs_title = fields.Boolean(string="Enforceable Title Needed")
    needs_notice = fields.Boolean(string="Formal Notice First")
    needs_agreement = fields.Boolean(string="Debtor's Agreement Needed")
    needs_uncontested = fields.Boolean(string="Claim Not Contested")
    persons_only = fields.Boolean(string="Natural Persons Only")
    excluded_country_ids = fields.Many2many(
        "res.country", string="Countries without It", help="Of the debtor."
    )
    conciliation_amount = fields.Monetary(
        string="Conciliation First up to",
        help="Up to it, an attempt at an agreement comes first before a civil court.",
    )
    lawyer_amount = fields.Monetary(
        string="Lawyer Needed Above", help="0: a lawyer is never needed."
    )

    # == Which of two regimes ==
    family = fields.Char(
        help="Procedures of one family follow one another: the date of the judge's "
        "order says which applies."
    )
    order_from = fields.Date(string="Orders From")
    order_to = fields.Date(string="Orders Until")

    step_ids = fields.One2many("recouvrement.procedure.step", "procedure_id")
    cost_ids = fields.One2many("recouvrement.procedure.cost", "procedure_id")

    _code_uniq = models.UniqueIndex("(code)", "The code of a procedure must be unique.")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if (
            self.env["recouvrement.litigation.step"]
            .sudo()
            .search_count([("procedure_id", "in", self.ids)], limit=1)
        ):
            raise UserError(
                self.env._("Litigation files use this procedure: archive it instead.")
            )

    def _get_rules(self):
        """This procedure as ``tools/procedures.py`` sees it."""
        self.ensure_one()
        natures = [n for n in rules.NATURES if self[f"for_{n}"]]
        return rules.Procedure(
            code=self.code,
            category=self.category,
            court=self.court,
            rank=self.sequence,
            natures=tuple(natures),
            scope=self.scope,
            excluded_countries=tuple(self.excluded_country_ids.mapped("code")),
            max_amount=Decimal(str(self.max_amount)),
            conciliation_amount=Decimal(str(self.conciliation_amount)),
            lawyer_amount=Decimal(str(self.lawyer_amount)),
            **{name: self[name] or None for name in DATES},
            **{name: self[name] for name in FLAGS},
            confidence=self.confidence,
        )

    def _get_regime(self, day):
        """The procedure of the same family whose regime covers an order of this day.

        :return: a procedure; this one when it has no family.
        """
        self.ensure_one()
        if not self.family or not day:
            return self
        siblings = self.search([("family", "=", self.family)])
        return (
            siblings.filtered(
                lambda one: (
                    (not one.order_from or one.order_from <= day)
                    and (not one.order_to or day <= one.order_to)
                )
            )[:1]
            or self
        )
