from odoo import api, fields, models
from odoo.exceptions import UserError

ROLES = [
    ("sales", "Sales"),
    ("technical", "Technical"),
    ("quality", "Quality"),
    ("billing", "Billing"),
    ("logistics", "Logistics"),
]
PRIORITIES = [("0", "Normal"), ("1", "High"), ("2", "Very High"), ("3", "Urgent")]


class RecouvrementDisputeCategory(models.Model):
    """What a dispute is about, and what follows: who settles it, in how many days."""

    _name = "recouvrement.dispute.category"
    _description = "Dispute Category"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    role = fields.Selection(
        ROLES, required=True, default="sales", help="Who settles such disputes."
    )
    sla_days = fields.Integer(
        string="Working Days to Settle",
        default=10,
        help="Working days until the dispute must be settled.",
    )
    priority = fields.Selection(PRIORITIES, required=True, default="0")
    keeps_chasing_rest = fields.Boolean(
        string="The Rest Is Chased",
        default=True,
        help="When a part of an item is disputed, the rest of it goes on being asked "
        "for. Otherwise the whole item waits.",
    )
    on_portal = fields.Boolean(
        string="On the Customer Page",
        default=True,
        help="Customers may choose it on their page.",
    )
    portal_label = fields.Char(
        translate=True, help="What the customer reads; empty: the name."
    )
    reason_codes = fields.Char(
        string="E-invoice Reason Codes",
        help="Reason codes of e-invoice statuses that mean this, between spaces.",
    )

    _code_uniq = models.UniqueIndex("(code)", "A category has a code of its own.")
    _check_days = models.Constraint(
        "CHECK (sla_days >= 0)", "A number of days is not negative."
    )

    @api.model
    def _by_code(self, code):
        """The category of a code, else the one for everything else."""
        categories = self.sudo().with_context(active_test=False)
        found = categories.search([("code", "=", code)], limit=1) if code else self
        return found or self.env.ref("recouvrement_litige.dispute_category_other")

    @api.model
    def _by_reason_code(self, code):
        """The category that a reason code of an e-invoice status means."""
        code = (code or "").strip().upper()
        for category in self.sudo().search([("reason_codes", "!=", False)]):
            if code and code in category.reason_codes.upper().split():
                return category
        return self._by_code(None)

    def write(self, vals):
        result = super().write(vals)
        if "keeps_chasing_rest" in vals:
            disputes = self.env["recouvrement.dispute"].sudo()
            disputes.search(
                [("category_id", "in", self.ids), ("state", "=", "open")]
            )._judge()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_other(self):
        other = self.env.ref(
            "recouvrement_litige.dispute_category_other", raise_if_not_found=False
        )
        if other and other in self:
            raise UserError(
                self.env._("“%s” takes what fits nowhere else: keep it.", other.name)
            )
