from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("court", "Court Fee"),
    ("bailiff", "Act of a Commissaire de justice"),
    ("lawyer", "Lawyer"),
    ("agency", "Collection Agency"),
    ("expert", "Expert"),
    ("translation", "Translation"),
    ("postage", "Postage"),
    ("other", "Other"),
]


class RecouvrementLitigationCost(models.Model):
    """Money that a litigation file costs, and what of it may be claimed."""

    _name = "recouvrement.litigation.cost"
    _description = "Cost of a Litigation File"
    _inherit = ["recouvrement.guarded"]
    _order = "date desc, id desc"
    _rec_name = "name"
    _check_company_auto = True

    litigation_id = fields.Many2one(
        "recouvrement.litigation", required=True, index=True, ondelete="cascade"
    )
    debtor_id = fields.Many2one(
        related="litigation_id.debtor_id", store=True, index=True
    )
    customer_id = fields.Many2one(
        related="debtor_id.partner_id", string="Customer", store=True, index=True
    )
    company_id = fields.Many2one(
        related="litigation_id.company_id", store=True, index=True
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    name = fields.Char(string="Description", required=True)
    kind = fields.Selection(KINDS, required=True, default="court", index=True)
    date = fields.Date(required=True, default=fields.Date.context_today, index=True)
    counsel_id = fields.Many2one(
        "recouvrement.counsel",
        string="Paid To",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    amount = fields.Monetary(string="Amount (excl. VAT)", required=True)
    vat = fields.Monetary(string="VAT")
    total = fields.Monetary(compute="_compute_total", store=True, string="Incl. VAT")
    is_recoverable = fields.Boolean(
        string="Recoverable",
        help="The debtor is asked for it (dépens: CPC art. 695). Costs of amicable "
        "collection stay with the creditor (CPCE art. L111-8).",
    )
    amount_recoverable = fields.Monetary(
        string="Amount Claimed",
        compute="_compute_amount_recoverable",
        store=True,
        readonly=False,
        precompute=True,
        help="Default: without VAT, which the company deducts.",
    )
    amount_company = fields.Monetary(
        string="Amount (Company Currency)",
        currency_field="company_currency_id",
        compute="_compute_amount_company",
        store=True,
        help="Without VAT.",
    )
    recoverable_company = fields.Monetary(
        string="Claimed (Company Currency)",
        currency_field="company_currency_id",
        compute="_compute_amount_company",
        store=True,
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        index="btree_not_null",
        check_company=True,
        domain="[('move_type', 'in', ('in_invoice', 'in_refund', 'in_receipt')), "
        "('company_id', 'child_of', company_id)]",
        help="Vendor bill of this cost.",
    )
    assignment_id = fields.Many2one(
        "recouvrement.counsel.assignment",
        string="Mandate",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    @api.depends("amount", "vat")
    def _compute_total(self):
        for cost in self:
            cost.total = cost.amount + cost.vat

    @api.depends("amount", "is_recoverable")
    def _compute_amount_recoverable(self):
        for cost in self:
            cost.amount_recoverable = cost.amount if cost.is_recoverable else 0.0

    @api.depends(
        "amount",
        "amount_recoverable",
        "is_recoverable",
        "currency_id",
        "date",
        "company_id",
    )
    def _compute_amount_company(self):
        for cost in self:
            cost.amount_company = cost._to_company(cost.amount)
            cost.recoverable_company = (
                cost._to_company(cost.amount_recoverable)
                if cost.is_recoverable
                else 0.0
            )

    def _to_company(self, amount):
        company = self.company_id or self.env.company
        if not self.currency_id or self.currency_id == company.currency_id:
            return amount
        return self.currency_id._convert(
            amount,
            company.currency_id,
            company,
            self.date or fields.Date.context_today(self),
        )

    @api.constrains("amount", "vat", "amount_recoverable")
    def _check_amounts(self):
        for cost in self:
            if cost.is_recoverable and (
                cost.currency_id.compare_amounts(cost.amount_recoverable, cost.total)
                > 0
            ):
                raise ValidationError(
                    self.env._("What is claimed of a cost is not above what it cost.")
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        costs = super().create(vals_list)
        costs._check_file()
        costs._tell()
        return costs

    def write(self, vals):
        files = self.litigation_id
        result = super().write(vals)
        self._check_file()
        (files | self.litigation_id).sudo()._refresh_amounts()
        return result

    def unlink(self):
        files = self.litigation_id.sudo()
        result = super().unlink()
        files._refresh_amounts()
        return result

    def _check_file(self):
        """Whoever enters a cost may change its file."""
        if not self.env.su:
            self.litigation_id.check_access("write")

    def _tell(self):
        self.litigation_id.sudo()._refresh_amounts()

    def _prepare_claim_row(self):
        """The cost as a row of a claim."""
        self.ensure_one()
        return {
            "head": "costs",
            "name": self.name,
            "document_date": self.date,
            "currency_id": self.currency_id.id,
            "amount": Decimal(repr(self.amount_recoverable)),
        }
