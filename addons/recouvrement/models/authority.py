from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import formatLang

ROLES = [
    ("collector", "Collector"),
    ("accountant", "Accountant"),
    ("manager", "Credit Manager"),
]
SUBJECTS = [
    ("waive_interest", "Waive Late Interest"),
    ("write_off", "Write Off Claims"),
    ("credit_limit", "Grant a Credit Limit"),
    ("credit_uninsured", "Grant a Credit Limit, Uninsured Part"),
    ("release_credit", "Release Above a Credit Limit"),
]


class RecouvrementAuthority(models.Model):
    """Up to which amount a role decides alone. No line: nothing."""

    _name = "recouvrement.authority"
    _description = "Authority Limit"
    _order = "subject, company_id, role"
    _rec_name = "subject"

    subject = fields.Selection(SUBJECTS, required=True)
    role = fields.Selection(ROLES, required=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every company without its own line."
    )
    unlimited = fields.Boolean()
    limit = fields.Float(
        digits=(16, 2),
        help="Highest amount per decision, in the currency of the company.",
    )

    _subject_role_company_uniq = models.UniqueIndex(
        "(subject, role, COALESCE(company_id, 0))",
        "This role already has a limit on this subject.",
    )
    _check_limit = models.Constraint(
        'CHECK ("limit" >= 0)', "A limit cannot be negative."
    )

    @api.depends("subject", "role")
    def _compute_display_name(self):
        subjects = dict(self._fields["subject"]._description_selection(self.env))
        roles = dict(self._fields["role"]._description_selection(self.env))
        for authority in self:
            authority.display_name = self.env._(
                "%(subject)s: %(role)s",
                subject=subjects.get(authority.subject, ""),
                role=roles.get(authority.role, ""),
            )

    @api.model
    def _get_limit(self, subject, company=None):
        """Highest amount the user decides alone, over all the roles of the user.

        :param str subject: a value of ``subject``.
        :param company: the company of the amount; its legal entity's lines win over
            the common ones.
        :return: the limit in company currency; None when there is none.
        """
        company = (company or self.env.company).root_id
        user = self.env.user
        roles = [
            role
            for role, _label in ROLES
            if user.has_group(f"recouvrement.group_{role}")
        ]
        found = self.sudo().search(
            Domain("subject", "=", subject)
            & Domain("role", "in", roles)
            & Domain("company_id", "in", [company.id, False])
        )
        by_role = {}
        for authority in found.sorted(lambda a: bool(a.company_id)):
            by_role[authority.role] = authority
        if any(authority.unlimited for authority in by_role.values()):
            return None
        return max((authority.limit for authority in by_role.values()), default=0.0)

    @api.model
    def _allows(self, subject, amount, company=None):
        """Whether the user decides alone on an amount in company currency."""
        company = company or self.env.company
        limit = self._get_limit(subject, company)
        return (
            limit is None
            or company.currency_id.compare_amounts(abs(amount), limit) <= 0
        )

    @api.model
    def _check(self, subject, amount, company=None):
        """Refuse what is above the limit of the user.

        :raise UserError: with the limit and the amount.
        """
        company = company or self.env.company
        if self._allows(subject, amount, company):
            return
        currency = company.currency_id
        limit = self._get_limit(subject, company)
        labels = dict(self._fields["subject"]._description_selection(self.env))
        raise UserError(
            self.env._(
                "%(subject)s: you decide up to %(limit)s and this is %(amount)s. Ask "
                "a credit manager.",
                subject=labels[subject],
                limit=formatLang(self.env, limit, currency_obj=currency),
                amount=formatLang(self.env, abs(amount), currency_obj=currency),
            )
        )
