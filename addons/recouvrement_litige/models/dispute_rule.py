from odoo import api, fields, models

from .dispute_category import ROLES

OWNERS = [
    ("user", "This User"),
    ("salesperson", "Salesperson of the Customer"),
    ("technical_manager", "Technical Manager of the Customer"),
    ("branch_manager", "Branch Manager of the Customer"),
    ("collector", "Collector of the Customer"),
]
# Who settles, when no rule finds somebody.
DEFAULT_OWNERS = {
    "sales": ("salesperson",),
    "technical": ("technical_manager",),
    "quality": ("technical_manager",),
    "billing": (),
    "logistics": ("branch_manager",),
}


class RecouvrementDisputeRule(models.Model):
    """Who owns a dispute: the first rule that fits and names somebody."""

    _name = "recouvrement.dispute.rule"
    _description = "Dispute Owner Rule"
    _order = "sequence, id"

    name = fields.Char(compute="_compute_name")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: every company.")
    category_id = fields.Many2one("recouvrement.dispute.category", index=True)
    role = fields.Selection(ROLES, help="Empty: whoever settles it.")
    segment_id = fields.Many2one("recouvrement.segment", string="Customer Segment")
    salesperson_id = fields.Many2one("res.users", string="Salesperson of the Customer")
    owner = fields.Selection(OWNERS, required=True, default="user")
    user_id = fields.Many2one("res.users", domain="[('share', '=', False)]")

    _check_user = models.Constraint(
        "CHECK (owner <> 'user' OR user_id IS NOT NULL)", "Say which user."
    )

    @api.depends("category_id", "role", "owner", "user_id")
    def _compute_name(self):
        roles = dict(self._fields["role"]._description_selection(self.env))
        owners = dict(self._fields["owner"]._description_selection(self.env))
        everything = self.env._("All disputes")
        for rule in self:
            what = rule.category_id.name or roles.get(rule.role) or everything
            who = rule.user_id.name if rule.owner == "user" else owners[rule.owner]
            rule.name = f"{what} → {who or ''}"

    @api.model
    def _find_owners(self, wanted):
        """Owners of many disputes, the rules read once.

        :param wanted: list of ``(debtor, category, role)``, in sudo.
        :return: list of ``res.users``, perhaps empty, in the same order.
        """
        rules = self.sudo().search([("active", "=", True)])
        return [rules._find_owner(*one) for one in wanted]

    def _find_owner(self, debtor, category, role):
        for rule in self:
            if rule._fits(debtor, category, role):
                user = (
                    rule.user_id if rule.owner == "user" else debtor[f"{rule.owner}_id"]
                )
                if user.active:
                    return user
        for person in (*DEFAULT_OWNERS[role], "collector"):
            user = debtor[f"{person}_id"]
            if user.active:
                return user
        return self.env["res.users"]

    def _fits(self, debtor, category, role):
        return all(
            not mine or mine == theirs
            for mine, theirs in (
                (self.company_id, debtor.company_id),
                (self.category_id, category),
                (self.role, role),
                (self.segment_id, debtor.segment_id),
                (self.salesperson_id, debtor.salesperson_id),
            )
        )
