"""An item that only the customer has in its books."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date, formatLang

from ..tools.reconciliation import extra_amount

KINDS = [
    ("payment", "Payment"),
    ("credit_note", "Credit Note"),
    ("invoice", "Invoice"),
    ("other_debit", "Other Sum Owed"),
    ("other_credit", "Other Sum in Favour of the Customer"),
]
EXTRAS_MAX = 200


class RecouvrementReconciliationExtra(models.Model):
    _name = "recouvrement.reconciliation.extra"
    _description = "Item of the Customer in a Reconciliation"
    _inherit = ["recouvrement.reconciliation.difference"]
    _order = "reconciliation_id, id"

    kind = fields.Selection(KINDS, required=True, default="payment")
    name = fields.Char(string="Number or Reference", required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
    )
    amount = fields.Monetary(required=True, help="Positive, whatever its nature.")
    customer_amount = fields.Monetary(
        string="In the Balance of the Customer",
        compute="_compute_customer_amount",
        store=True,
    )
    text = fields.Char(string="Remark")

    _positive = models.Constraint(
        "CHECK (amount > 0)", "The amount of an item of the customer is positive."
    )

    @api.depends("reconciliation_id")
    def _compute_currency_id(self):
        for extra in self:
            minutes = extra.reconciliation_id
            extra.currency_id = extra.currency_id or minutes.company_currency_id

    @api.depends("kind", "amount")
    def _compute_customer_amount(self):
        for extra in self:
            amount = extra_amount(extra.kind, Decimal(str(extra.amount or 0)))
            extra.customer_amount = float(amount)

    @api.depends("name")
    def _compute_display_name(self):
        for extra in self:
            extra.display_name = extra.name

    @api.constrains("reconciliation_id")
    def _check_number(self):
        extras = self.env[self._name].sudo()
        counts = extras._read_group(
            [("reconciliation_id", "in", self.reconciliation_id.ids)],
            ["reconciliation_id"],
            ["__count"],
        )
        if any(count > EXTRAS_MAX for _minutes, count in counts):
            raise ValidationError(
                self.env._("At most %s items can be added.", EXTRAS_MAX)
            )

    # ------------------------------------------------------------------
    # CRUD: as long as the customer may answer
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        extras = super().create(vals_list)
        extras._check_open()
        return extras

    def write(self, vals):
        if {"kind", "name", "date", "currency_id", "amount", "text"} & vals.keys():
            self._check_open()
        if "reconciliation_id" in vals:
            raise UserError(self.env._("An item stays in its reconciliation."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        self._check_open()

    def _check_open(self):
        self.reconciliation_id._check_state("sent")

    def _describe(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        facts = [
            format_date(self.env, self.date),
            formatLang(self.env, self.amount, currency_obj=self.currency_id),
            self.text,
        ]
        return f"{kinds[self.kind]} {self.name}: {', '.join(filter(None, facts))}"

    # ------------------------------------------------------------------
    # WHAT IS MADE OF IT
    # ------------------------------------------------------------------

    def _make_payment_check(self, minutes):
        """A request for each payment that we do not have."""
        if any(extra.kind != "payment" for extra in self):
            raise UserError(self.env._("Only a payment can be looked for."))
        today = fields.Date.context_today(self)
        for extra in self:
            request = minutes.debtor_id._declare(
                "payment_check",
                source="other",
                text=f"{minutes.name}\n{extra._describe()}",
                amount=extra.amount,
                day=min(extra.date, today),
                partner=minutes.partner_id or None,
                payment_reference=extra.name,
                currency_id=extra.currency_id.id,
            )
            extra.sudo().request_id = request
