from odoo import api, fields, models, tools
from odoo.fields import Domain

from ..tools.priority import Rule, bands

CRITERIA = [
    ("overdue_amount", "Overdue Amount"),
    ("days_overdue", "Days Overdue"),
    ("broken_promises", "Broken Promises (12 Months)"),
    ("plan_late", "Payment Plan Not Respected"),
    ("silence_days", "Days Without Contact"),
    ("limit_days", "Days Left Before a Limit Date"),
    ("doubtful", "Doubtful Debtor"),
    ("reached_rank", "Level Reached"),
    ("insured_share", "Insured Share (%)"),
    ("answered", "Unread Answer"),
]
# A smaller measure is worse.
FALLING = ("limit_days",)
# Yes or no: their threshold is 1.
FACTS = ("plan_late", "doubtful", "answered")


class RecouvrementPriorityRule(models.Model):
    """How many points of priority a measure of a debtor is worth from a threshold on.

    The sum of the points of all criteria, times the weight of the segment, is the
    priority of the debtor.
    """

    _name = "recouvrement.priority.rule"
    _description = "Priority Rule"
    _order = "sequence, threshold, id"
    _rec_name = "criterion"

    criterion = fields.Selection(CRITERIA, required=True)
    sequence = fields.Integer(compute="_compute_sequence", store=True)
    threshold = fields.Float(
        digits=(16, 2),
        default=1.0,
        aggregator=None,
        help="The rule counts from this measure on: an amount in the currency of the "
        "company, days, a number, a percentage, or 1 for yes. For the limit date: "
        "when so many days or fewer are left.",
    )
    points = fields.Integer(
        required=True,
        default=1,
        aggregator=None,
        help="Of the rules of a criterion that a debtor reaches, the one with the "
        "highest threshold counts alone. Negative points lower the priority.",
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        domain="[('parent_id', '=', False)]",
        help="Empty: every company without a rule of its own on the criterion.",
    )
    active = fields.Boolean(default=True)

    _threshold_uniq = models.UniqueIndex(
        "(criterion, threshold, COALESCE(company_id, 0)) WHERE active",
        "Two rules of a criterion cannot have the same threshold.",
    )

    @api.depends("criterion")
    def _compute_sequence(self):
        order = {code: index for index, (code, _label) in enumerate(CRITERIA)}
        for rule in self:
            rule.sequence = order.get(rule.criterion, len(order))

    @api.depends("criterion", "threshold", "points")
    def _compute_display_name(self):
        labels = dict(self._fields["criterion"]._description_selection(self.env))
        for rule in self:
            rule.display_name = self.env._(
                "%(criterion)s from %(threshold)s: %(points)s",
                criterion=labels.get(rule.criterion, ""),
                threshold=f"{rule.threshold:g}",
                points=rule.points,
            )

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self._judge_again()
        return rules

    def write(self, vals):
        result = super().write(vals)
        self._judge_again()
        return result

    def unlink(self):
        result = super().unlink()
        self._judge_again()
        return result

    @api.model
    def _judge_again(self):
        self.env.registry.clear_cache()
        self.env["recouvrement.debtor"]._mark_work_dirty()

    @api.model
    @tools.ormcache()
    def _get_bands(self):
        """Bands of points of every legal entity, for the statement that scores
        debtors; a new company clears the cache too."""
        companies = (
            self.env["res.company"].sudo().search(Domain("parent_id", "=", False))
        )
        rules = [
            Rule(
                rule.criterion, rule.threshold, rule.points, rule.company_id.id or None
            )
            for rule in self.sudo().search(
                Domain("company_id", "in", [False, *companies.ids])
            )
        ]
        return tuple(
            band
            for company in companies
            for band in bands(rules, company.id, falling=FALLING)
        )
