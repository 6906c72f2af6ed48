from odoo import fields, models


class RecouvrementInsurancePolicy(models.Model):
    """A credit insurance policy: its delays are parameters, its deadlines follow.

    The guarantee and its limit per customer are the credit file's.
    """

    _name = "recouvrement.insurance.policy"
    _description = "Credit Insurance Policy"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id"

    name = fields.Char(string="Number", required=True, tracking=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        string="Legal Entity",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    insurer_id = fields.Many2one(
        "res.partner", required=True, tracking=True, index=True
    )
    date_from = fields.Date(
        string="In Force From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="In Force Until", tracking=True)
    share = fields.Float(
        string="Insured Share (%)", digits=(5, 2), default=90.0, tracking=True
    )
    min_amount = fields.Monetary(
        string="Smallest Claim", help="Below it nothing is declared."
    )
    max_credit_days = fields.Integer(
        string="Longest Credit in France",
        default=120,
        tracking=True,
        help="Days from the invoice; the delay to declare runs from its end.",
    )
    max_credit_days_export = fields.Integer(
        string="Longest Credit Abroad", default=180, tracking=True
    )
    declare_days = fields.Integer(
        string="To Declare the Default",
        default=30,
        tracking=True,
        help="Days after the longest credit to declare the default (DMS) or ask for an "
        "extension.",
    )
    claim_days = fields.Integer(
        string="To Hand Over",
        default=60,
        tracking=True,
        help="Days after the declaration to hand the claim over (DI).",
    )
    insolvency_days = fields.Integer(
        string="To Declare Proceedings",
        default=10,
        tracking=True,
        help="Days after proceedings were entered to tell the insurer.",
    )
    waiting_days = fields.Integer(
        string="Waiting Period",
        default=150,
        tracking=True,
        help="Days from the hand-over to the indemnity.",
    )
    alert_days = fields.Integer(
        default=10, help="Days before a deadline to be reminded."
    )
    confidence_note = fields.Text(
        string="To Check in the Policy",
        help="The delays are those of the contract: copy them from it.",
    )
    debtor_ids = fields.One2many(
        "recouvrement.debtor", "insurance_policy_id", string="Customers Covered"
    )
    debtor_count = fields.Integer(compute="_compute_debtor_count")
    event_ids = fields.One2many("recouvrement.insurance.event", "policy_id")

    _name_uniq = models.UniqueIndex(
        "(company_id, insurer_id, name)", "This policy exists already."
    )
    _days_positive = models.Constraint(
        "CHECK (max_credit_days >= 0 AND max_credit_days_export >= 0 "
        "AND declare_days >= 0 AND claim_days >= 0 AND insolvency_days >= 0 "
        "AND waiting_days >= 0 AND alert_days >= 0)",
        "A delay is not negative.",
    )
    _share_range = models.Constraint(
        "CHECK (share BETWEEN 0 AND 100)", "A share lies between 0 and 100 %."
    )
    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A policy ends on its first day or later.",
    )

    def _compute_debtor_count(self):
        counts = dict(
            self.env["recouvrement.debtor"]._read_group(
                [("insurance_policy_id", "in", self.ids)],
                ["insurance_policy_id"],
                ["__count"],
            )
        )
        for policy in self:
            policy.debtor_count = counts.get(policy, 0)

    def action_view_debtors(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers Covered"),
            "res_model": "recouvrement.debtor",
            "view_mode": "list,kanban,form",
            "domain": [("insurance_policy_id", "=", self.id)],
        }


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    insurance_policy_id = fields.Many2one(
        "recouvrement.insurance.policy",
        string="Credit Insurance",
        index="btree_not_null",
        tracking=True,
        domain="[('company_id', '=', company_id)]",
        ondelete="set null",
    )
