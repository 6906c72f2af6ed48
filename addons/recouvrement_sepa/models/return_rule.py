"""The action table: what follows the nth failure of a direct debit for a reason."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.returns import MAX_PRESENTATIONS, Rule
from .mandate import SCHEMES

ACTIONS = [
    ("represent", "Collect Again"),
    ("ask_iban", "Ask for New Bank Details"),
    ("dispute", "Open a Dispute"),
    ("call", "Call the Customer"),
    ("stop", "Stop Collection"),
    ("technical", "Correct on Our Side"),
    ("none", "Nothing"),
]
MANDATE_EFFECTS = [
    ("keep", "Keep"),
    ("suspend", "Suspend"),
    ("cancel", "Cancel"),
]


class RecouvrementSepaReturnRule(models.Model):
    _name = "recouvrement.sepa.return.rule"
    _description = "Action after a Returned Direct Debit"
    _order = "reason_id, failures, sequence, id"
    _rec_name = "action"

    reason_id = fields.Many2one(
        "recouvrement.sepa.reason",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: any reason without a row of its own.",
    )
    code = fields.Char(related="reason_id.code")
    scheme = fields.Selection(SCHEMES, help="Empty: both.")
    failures = fields.Integer(
        string="From Failure",
        required=True,
        default=1,
        aggregator=None,
        help="1: the first time that these items fail; 3: from the third time on.",
    )
    action = fields.Selection(ACTIONS, required=True, default="call")
    mandate_effect = fields.Selection(
        MANDATE_EFFECTS, string="Mandate", required=True, default="keep"
    )
    delay_days = fields.Integer(
        string="After Days",
        aggregator=None,
        help="Days to let pass before it is collected again.",
    )
    pay_day = fields.Integer(
        string="Day of the Month",
        aggregator=None,
        help="Collect again on this day of the month, when customers were paid. 0: "
        "no such day.",
    )
    automatic = fields.Boolean(
        default=True,
        help="Done when the return is recorded. Otherwise proposed to the collector.",
    )
    company_id = fields.Many2one(
        "res.company",
        domain=[("parent_id", "=", False)],
        index="btree_not_null",
        help="Empty: all companies. The rows of a company come before the common ones.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    note = fields.Char()

    _case_uniq = models.UniqueIndex(
        "(COALESCE(reason_id, 0), failures, COALESCE(scheme, ''), "
        "COALESCE(company_id, 0)) WHERE active IS TRUE",
        "The table has a row for this reason, scheme and number of failures.",
    )
    _numbers = models.Constraint(
        "CHECK (failures > 0 AND delay_days >= 0 AND pay_day BETWEEN 0 AND 31)",
        "Failures count from 1, days are not negative, a month has 31 days at most.",
    )

    @api.constrains("action", "failures")
    def _check_represent(self):
        for rule in self:
            if rule.action == "represent" and rule.failures >= MAX_PRESENTATIONS:
                raise ValidationError(
                    self.env._(
                        "A debit is collected again twice at most: from the third "
                        "failure on, choose another action."
                    )
                )

    @api.model
    def _get_rules(self):
        """The table as ``tools.returns.pick_rule`` reads it."""
        return [
            Rule(
                rule.id,
                rule.code or "",
                rule.scheme or "",
                rule.failures,
                rule.company_id.id or None,
                rule.sequence,
            )
            for rule in self.sudo().search([("active", "=", True)])
        ]
