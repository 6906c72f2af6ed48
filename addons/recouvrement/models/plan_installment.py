from odoo import api, fields, models

from ..tools.plan import Instalment


class RecouvrementPaymentPlanInstallment(models.Model):
    """What a plan asks for one day, and what of it came in."""

    _name = "recouvrement.payment.plan.installment"
    _description = "Instalment"
    _inherit = ["recouvrement.guarded"]
    _order = "date, plan_id, number"

    plan_id = fields.Many2one(
        "recouvrement.payment.plan",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    plan_state = fields.Selection(
        related="plan_id.state", string="State of the Plan", store=True
    )
    debtor_id = fields.Many2one(related="plan_id.debtor_id", store=True, index=True)
    customer_id = fields.Many2one(related="plan_id.customer_id", store=True)
    collector_id = fields.Many2one(related="plan_id.collector_id", store=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    number = fields.Integer(string="No.", required=True, readonly=True, aggregator=None)
    date = fields.Date(required=True, readonly=True, index=True)
    amount_agreed = fields.Monetary(readonly=True, help="As the customer signed it.")
    amount = fields.Monetary(
        readonly=True, help="Less than agreed when credit notes shortened the plan."
    )
    paid_amount = fields.Monetary(string="Received", readonly=True)
    missing_amount = fields.Monetary(string="Still to Pay", readonly=True)
    state = fields.Selection(
        [
            ("due", "To Come"),
            ("partly", "Partly Paid"),
            ("paid", "Paid"),
            ("late", "Late"),
            ("void", "Settled Otherwise"),
        ],
        default="due",
        required=True,
        readonly=True,
    )
    date_warned = fields.Date(string="Customer Warned On", readonly=True)
    warned_as_test = fields.Boolean(readonly=True)

    _number_uniq = models.UniqueIndex(
        "(plan_id, number)", "The instalments of a plan are numbered once."
    )

    @api.depends("customer_id.display_name", "plan_id.name", "number")
    def _compute_display_name(self):
        """The customer first: it is what a calendar has room for."""
        for one in self:
            customer = one.customer_id.display_name
            one.display_name = f"{customer} · {one.plan_id.name} · {one.number}"

    def _get_instalment(self):
        """The instalment as it was agreed, for ``tools/plan.py``."""
        return Instalment(
            self.number, self.date, self.plan_id._decimal(self.amount_agreed)
        )
