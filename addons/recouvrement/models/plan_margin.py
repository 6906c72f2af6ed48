"""What a role may agree to alone when it negotiates an instalment plan."""

from dataclasses import dataclass

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import formatLang

from .authority import ROLES


@dataclass(frozen=True)
class PlanTerms:
    """What margins look at; amounts in company currency."""

    amount: float
    number: int
    months: int
    first_pct: float
    waived: float = 0.0


class RecouvrementPlanMargin(models.Model):
    """The margin of a role. These figures are the company's own, not the law's; a role
    without a line agrees to nothing alone."""

    _name = "recouvrement.plan.margin"
    _description = "Margin of Instalment Plans"
    _order = "company_id, role"
    _rec_name = "role"

    role = fields.Selection(ROLES, required=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every company without its own line."
    )
    unlimited = fields.Boolean()
    max_installments = fields.Integer(string="Instalments at Most", default=3)
    max_months = fields.Integer(string="Months at Most", default=3)
    min_first_payment_pct = fields.Float(
        string="First Payment at Least (%)", digits=(5, 2), default=20.0
    )
    max_amount = fields.Float(
        string="Amount at Most",
        digits=(16, 2),
        help="Highest amount of a plan and what remains of the debtor's others, in the "
        "currency of the company.",
    )
    max_waived_interest = fields.Float(
        string="Interest Waived at Most",
        digits=(16, 2),
        help="In the currency of the company; 0: none.",
    )

    _role_company_uniq = models.UniqueIndex(
        "(role, COALESCE(company_id, 0))", "This role already has a margin."
    )
    _check_positive = models.Constraint(
        "CHECK (max_installments >= 0 AND max_months >= 0 AND max_amount >= 0 "
        "AND max_waived_interest >= 0 AND min_first_payment_pct BETWEEN 0 AND 100)",
        "A margin is made of positive figures, and a share lies between 0 and 100 %.",
    )

    @api.model
    def _get_margins(self, company):
        """Margins of the user in a company; its own lines win over the common ones."""
        company = company.root_id
        roles = [
            role
            for role, _label in ROLES
            if self.env.user.has_group(f"recouvrement.group_{role}")
        ]
        found = self.sudo().search(
            Domain("role", "in", roles)
            & Domain("company_id", "in", [company.id, False])
        )
        by_role = {}
        for margin in found.sorted(lambda one: bool(one.company_id)):
            by_role[margin.role] = margin
        return self.sudo().union(*by_role.values())

    @api.model
    def _get_excess(self, terms, company):
        """What of the terms is above every margin of the user.

        :param PlanTerms terms: what is negotiated.
        :return: sentences; none when the user may agree alone.
        """
        margins = self._get_margins(company)
        if not margins:
            return [self.env._("Your role agrees to no instalment plan alone.")]
        return min((one._list_excess(terms, company) for one in margins), key=len)

    def _list_excess(self, terms, company):
        self.ensure_one()
        if self.unlimited:
            return []
        money = company.currency_id
        above = []
        if terms.number > self.max_installments:
            above.append(
                self.env._(
                    "%(found)s instalments, %(limit)s at most.",
                    found=terms.number,
                    limit=self.max_installments,
                )
            )
        if terms.months > self.max_months:
            above.append(
                self.env._(
                    "%(found)s months, %(limit)s at most.",
                    found=terms.months,
                    limit=self.max_months,
                )
            )
        if round(terms.first_pct, 2) < self.min_first_payment_pct:
            above.append(
                self.env._(
                    "First payment of %(found)s %%, %(limit)s %% at least.",
                    found=self._format_share(terms.first_pct),
                    limit=self._format_share(self.min_first_payment_pct),
                )
            )
        for found, limit, text in (
            (
                terms.amount,
                self.max_amount,
                self.env._("Amount of %(found)s, %(limit)s at most."),
            ),
            (
                terms.waived,
                self.max_waived_interest,
                self.env._("Interest of %(found)s waived, %(limit)s at most."),
            ),
        ):
            if money.compare_amounts(found, limit) > 0:
                found, limit = (
                    formatLang(self.env, value, currency_obj=money)
                    for value in (found, limit)
                )
                above.append(text % {"found": found, "limit": limit})
        return above

    def _format_share(self, share):
        digits = 0 if round(share, 2) == round(share) else 2
        return formatLang(self.env, share, digits=digits)

    def _allows(self, plan):
        """Whether the user agrees alone to the terms of a plan."""
        return not self._get_excess(plan._get_terms(), plan.company_id)
