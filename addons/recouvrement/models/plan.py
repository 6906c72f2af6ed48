"""What a customer and the company agree on: who, what, when, and where it stands."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, formatLang

STATES = [
    ("draft", "Draft"),
    ("to_approve", "To Approve"),
    ("offered", "Offered"),
    ("accepted", "Under Way"),
    ("late", "Late"),
    ("defaulted", "Forfeited"),
    ("done", "Completed"),
    ("refused", "Refused"),
    ("cancelled", "Cancelled"),
]
INTERVALS = [
    ("month", "Every Month"),
    ("fortnight", "Every Fortnight"),
    ("week", "Every Week"),
]
INTEREST_MODES = [
    ("keep", "Keeps Running"),
    ("waive", "Waived When the Plan Is Kept"),
]
# States whose items no other plan may take, and that the ledger judges.
LIVE = ("offered", "accepted", "late", "done")
JUDGED = (*LIVE, "defaulted")
BOUND = ("accepted", "late", "done", "defaulted")


class RecouvrementPaymentPlan(models.Model):
    """An instalment plan on open items of one debtor, in one currency.

    It re-dates the collection, never the invoices: the items keep their due dates and
    are marked « plan » as long as it runs. Where it stands is decided by what the
    ledger matched with its items: see ``plan_judge.py``.
    """

    _name = "recouvrement.payment.plan"
    _description = "Instalment Plan"
    _inherit = [
        "recouvrement.guarded",
        "recouvrement.stepped",
        "recouvrement.signed.document",
        "mail.thread",
    ]
    _order = "id desc"
    _rec_names_search = ["name", "debtor_id.partner_id.name"]

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
    state = fields.Selection(
        STATES, default="draft", required=True, readonly=True, index=True
    )
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    customer_id = fields.Many2one(
        related="debtor_id.partner_id", string="Customer", store=True
    )
    collector_id = fields.Many2one(related="debtor_id.collector_id", store=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Signatory",
        required=True,
        readonly=True,
        help="Person of the customer the agreement is sent to.",
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        compute="_compute_lang",
        string="Language",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Negotiated By",
        readonly=True,
        default=lambda self: self.env.user,
    )
    note = fields.Text(
        readonly=True, help="For the file; the customer does not see it."
    )

    # == Terms ==
    line_ids = fields.One2many(
        "recouvrement.payment.plan.line", "plan_id", string="Items", readonly=True
    )
    installment_ids = fields.One2many(
        "recouvrement.payment.plan.installment",
        "plan_id",
        string="Instalments",
        readonly=True,
    )
    interval = fields.Selection(INTERVALS, required=True, readonly=True)
    number = fields.Integer(string="Number of Instalments", readonly=True)
    months = fields.Integer(string="Duration in Months", readonly=True)
    first_date = fields.Date(string="First Instalment", readonly=True)
    last_date = fields.Date(string="Last Instalment", readonly=True)
    first_pct = fields.Float(
        string="First Payment (%)", digits=(5, 2), readonly=True, aggregator="avg"
    )
    interest_mode = fields.Selection(
        INTEREST_MODES, string="Late Interest", required=True, readonly=True
    )
    waived_interest = fields.Monetary(
        readonly=True,
        help="Interest that would be waived if the plan is kept, as estimated when it "
        "was made.",
    )
    grace_days = fields.Integer(
        string="Days of Grace",
        readonly=True,
        help="Days after the day of an instalment before it is late.",
    )
    forfeit_days = fields.Integer(
        string="Days to Pay after the Warning",
        readonly=True,
        help="Once they are over, the whole debt may be called in.",
    )
    excess = fields.Text(string="Above the Margin", readonly=True)

    # == Where it stands, from the ledger ==
    amount_total = fields.Monetary(string="Amount Agreed", readonly=True)
    amount_paid = fields.Monetary(string="Received", readonly=True)
    amount_remaining = fields.Monetary(string="Still to Pay", readonly=True)
    amount_otherwise = fields.Monetary(
        string="Settled Otherwise",
        readonly=True,
        help="Credit notes and write-offs: they shorten the plan from its end.",
    )
    amount_late = fields.Monetary(string="Late Amount", readonly=True)
    amount_late_company = fields.Monetary(
        string="Late in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
    )
    next_date = fields.Date(string="Next Instalment", readonly=True, index=True)

    # == What happened ==
    date_offered = fields.Date(readonly=True)
    date_valid = fields.Date(
        string="Offer Valid Until", readonly=True, help="Last day to accept it."
    )
    date_accepted = fields.Date(readonly=True)
    date_closed = fields.Date(readonly=True)
    approved_by_id = fields.Many2one("res.users", readonly=True)
    date_approved = fields.Datetime(readonly=True)
    close_reason = fields.Char(string="Reason", readonly=True)

    _live_debtor_idx = models.Index(
        "(debtor_id) WHERE state IN "
        "('to_approve', 'offered', 'accepted', 'late', 'defaulted')"
    )

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("partner_id.lang", "debtor_id.lang")
    def _compute_lang(self):
        """Language of the signatory when it is installed, else of the debtor."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        for plan in self:
            lang = plan.sudo().partner_id.lang
            plan.lang = lang if lang in installed else plan.debtor_id.lang

    @api.depends("name", "customer_id")
    def _compute_display_name(self):
        for plan in self:
            plan.display_name = " · ".join(
                filter(None, (plan.name, plan.customer_id.display_name))
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env.ref("recouvrement.sequence_payment_plan").sudo()
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = sequence._next()
        plans = super().create(vals_list)
        plans._mark_debtors()
        return plans

    def write(self, vals):
        result = super().write(vals)
        if {"state", "next_date", "amount_late_company"} & vals.keys():
            self._mark_debtors()
        return result

    def _mark_debtors(self):
        self.env["recouvrement.debtor"]._mark_dirty_debtors(self.debtor_id.ids)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(plan.state != "draft" for plan in self):
            raise UserError(
                self.env._("Only the draft of a plan can be deleted: cancel it.")
            )

    # ------------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------------

    def _get_quantum(self):
        """Smallest amount of the currency, as a Decimal."""
        return Decimal(1).scaleb(-self.currency_id.decimal_places)

    def _decimal(self, amount):
        """A monetary value as the Decimal it stands for."""
        return Decimal(str(amount or 0)).quantize(self._get_quantum())

    def _format(self, amount, lang=None):
        env = self.with_context(lang=lang).env if lang else self.env
        return formatLang(env, amount, currency_obj=self.currency_id)

    def _format_day(self, day, lang=None):
        return format_date(self.env, day, lang_code=lang) if day else ""

    def _tell(self, what):
        """What happened, after the name of the plan."""
        return self.env._("%(plan)s: %(what)s", plan=self.name, what=what)

    def _log(self, summary, detail=False, **vals):
        """One event per plan in the history of its debtor.

        :param str summary: follows the name of the plan.
        """
        for plan in self:
            plan.debtor_id._log_event(
                "plan",
                plan._tell(summary),
                detail=detail,
                currency_id=plan.currency_id.id,
                **{"amount": plan.amount_remaining, **vals},
            )
