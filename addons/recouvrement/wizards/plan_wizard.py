from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date, formatLang

from ..models.plan import INTEREST_MODES, INTERVALS
from ..models.plan_margin import PlanTerms
from ..tools.plan import months_of


class RecouvrementPlanWizard(models.TransientModel):
    """Negotiating an instalment plan: every change shows the schedule at once, and
    whether it needs the agreement of a manager."""

    _name = "recouvrement.plan.wizard"
    _description = "Negotiate an Instalment Plan"

    plan_id = fields.Many2one("recouvrement.payment.plan", readonly=True)
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        default=lambda self: self._default_debtor(),
    )
    customer_id = fields.Many2one(related="debtor_id.partner_id")
    move_line_ids = fields.Many2many(
        "account.move.line",
        "recouvrement_plan_wizard_line_rel",
        string="Items",
        compute="_compute_move_line_ids",
        store=True,
        readonly=False,
        precompute=True,
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency")
    total = fields.Monetary(compute="_compute_currency", string="Amount of the Plan")
    partner_id = fields.Many2one(
        "res.partner",
        string="Signatory",
        compute="_compute_partner",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('commercial_partner_id', '=', customer_id)]",
        help="The agreement is sent to this person.",
    )
    share_by = fields.Selection(
        [("number", "Number of Instalments"), ("each", "Amount of an Instalment")],
        required=True,
        default="number",
    )
    number = fields.Integer(string="Number of Instalments", default=3)
    each_amount = fields.Monetary(string="Amount of an Instalment")
    first_amount = fields.Monetary(
        string="First Payment", help="0: like the other instalments."
    )
    first_date = fields.Date(
        string="First Instalment",
        required=True,
        default=lambda self: self._default_first_date(),
    )
    interval = fields.Selection(INTERVALS, required=True, default="month")
    interest_mode = fields.Selection(
        INTEREST_MODES, string="Late Interest", required=True, default="keep"
    )
    waived_interest = fields.Monetary(
        compute="_compute_preview", string="Interest That Would Be Waived"
    )
    note = fields.Text(help="For the file; the customer does not see it.")
    preview = fields.Html(compute="_compute_preview", sanitize=False)
    error = fields.Char(compute="_compute_preview")
    excess = fields.Text(compute="_compute_preview", string="Above the Margin")

    # ------------------------------------------------------------------
    # DEFAULTS
    # ------------------------------------------------------------------

    @api.model
    def _default_debtor(self):
        model, ids = self._get_active()
        if model == "recouvrement.debtor":
            return ids[0]
        items = self.env["recouvrement.open.item"].browse(self._get_chosen_ids())
        return items.debtor_id[:1].id

    @api.model
    def _get_active(self):
        context = self.env.context
        return context.get("active_model"), context.get("active_ids") or [False]

    @api.model
    def _get_chosen_ids(self):
        """Items chosen on the screen that opened the form."""
        if self.env.context.get("plan_line_ids"):
            return self.env.context["plan_line_ids"]
        model, ids = self._get_active()
        return ids if model in ("recouvrement.open.item", "account.move.line") else []

    @api.model
    def _default_first_date(self):
        days = self.env.company._get_plan_days("offer")
        return fields.Date.add(fields.Date.context_today(self), days=days)

    @api.depends("debtor_id")
    def _compute_move_line_ids(self):
        plans = self.env["recouvrement.payment.plan"]
        chosen = self._get_chosen_ids()
        for wizard in self:
            lines = self.env["account.move.line"].browse(chosen)
            if wizard.plan_id:
                lines = wizard.plan_id.line_ids.move_line_id
            elif not chosen and wizard.debtor_id:
                lines = plans._get_default_lines(wizard.debtor_id._origin)
            wizard.move_line_ids = [Command.set(lines.ids)]

    @api.depends("debtor_id")
    def _compute_partner(self):
        for wizard in self:
            debtor = wizard.debtor_id
            wizard.partner_id = debtor.contact_id or debtor.partner_id

    @api.depends("move_line_ids")
    def _compute_currency(self):
        for wizard in self:
            lines = wizard.move_line_ids
            currency = lines.currency_id[:1] or wizard.debtor_id.currency_id
            wizard.currency_id = currency
            wizard.total = sum(lines.mapped("amount_residual_currency"))

    # ------------------------------------------------------------------
    # PREVIEW
    # ------------------------------------------------------------------

    @api.depends(
        "debtor_id",
        "move_line_ids",
        "share_by",
        "number",
        "each_amount",
        "first_amount",
        "first_date",
        "interval",
        "interest_mode",
    )
    def _compute_preview(self):
        for wizard in self:
            wizard.preview = wizard.excess = wizard.error = False
            wizard.waived_interest = 0.0
            try:
                instalments = wizard._get_instalments()
            except UserError as error:
                wizard.error = str(error)
                continue
            wizard.waived_interest = float(wizard._get_waived(instalments))
            wizard.excess = "\n".join(wizard._get_excess(instalments)) or False
            wizard.preview = self.env["ir.qweb"]._render(
                "recouvrement.plan_preview",
                {
                    "instalments": instalments,
                    "money": lambda amount, one=wizard: formatLang(
                        self.env, float(amount), currency_obj=one.currency_id
                    ),
                    "day": lambda day: format_date(self.env, day),
                },
            )

    def _get_instalments(self):
        plans = self.env["recouvrement.payment.plan"]
        lines = self.move_line_ids._origin
        plans._check_items(self.debtor_id._origin, lines)
        shares = self._get_shares()
        return plans._simulate(
            lines,
            self.first_date,
            shares["number"],
            shares["each"],
            shares["first"],
            self.interval,
        )

    def _get_shares(self):
        by_number = self.share_by == "number"
        return {
            "number": self.number if by_number else None,
            "each": None if by_number else self.each_amount,
            "first": self.first_amount or None,
        }

    def _get_waived(self, instalments):
        if self.interest_mode != "waive":
            return Decimal(0)
        return self.env["recouvrement.payment.plan"]._estimate_interest(
            self.debtor_id._origin, self.move_line_ids._origin, instalments
        )

    def _get_excess(self, instalments):
        """What of the terms needs the agreement of a manager."""
        company, today = self.debtor_id.company_id, fields.Date.context_today(self)
        days = [one.day for one in instalments]
        total = sum(one.amount for one in instalments)

        def convert(amount):
            return self.currency_id._convert(
                float(amount), company.currency_id, company, today
            )

        terms = PlanTerms(
            amount=convert(total),
            number=len(days),
            months=months_of(days, today),
            first_pct=float(100 * instalments[0].amount / total),
            waived=convert(self.waived_interest),
        )
        return self.env["recouvrement.plan.margin"]._get_excess(terms, company)

    # ------------------------------------------------------------------
    # CONFIRMING
    # ------------------------------------------------------------------

    def action_save(self):
        """Keep the plan as a draft."""
        return self._show(self._make_plan())

    def action_offer(self):
        """Send it to the customer, or submit it when it is above the margin."""
        plan = self._make_plan()
        plan.action_offer()
        return self._show(plan)

    def _make_plan(self):
        self.ensure_one()
        terms = {
            "first_date": self.first_date,
            "interval": self.interval,
            "interest_mode": self.interest_mode,
            "partner": self.partner_id,
            "note": self.note,
            **self._get_shares(),
        }
        if self.plan_id:
            self.plan_id._change_plan(self.move_line_ids, **terms)
            return self.plan_id
        return self.env["recouvrement.payment.plan"]._create_plan(
            self.debtor_id, self.move_line_ids, **terms
        )

    def _show(self, plan):
        return {
            "type": "ir.actions.act_window",
            "res_model": plan._name,
            "res_id": plan.id,
            "views": [(False, "form")],
            "view_mode": "form",
        }
