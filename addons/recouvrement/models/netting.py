"""Agreements to net what a customer owes us with what we owe it as a supplier."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class RecouvrementNetting(models.Model):
    """From when until when both sides may be set off; no entry is made by it."""

    _name = "recouvrement.netting"
    _description = "Netting Agreement"
    _inherit = ["recouvrement.guarded", "mail.thread"]
    _order = "date_from desc, id desc"

    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    company_id = fields.Many2one(
        related="debtor_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="Allowed From",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
    )
    date_to = fields.Date(
        string="Allowed Until", tracking=True, help="Empty: until it is ended."
    )
    reference = fields.Char(tracking=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Documents")
    note = fields.Text()
    is_valid = fields.Boolean(
        string="In Force", compute="_compute_is_valid", search="_search_is_valid"
    )
    open_amount = fields.Monetary(related="debtor_id.open_amount")
    payable_amount = fields.Monetary(related="debtor_id.payable_amount")
    exposure_netted = fields.Monetary(related="debtor_id.exposure_netted")

    _check_dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "An agreement ends on its first day or later.",
    )

    @api.depends("customer_id", "reference")
    def _compute_display_name(self):
        for one in self:
            names = (one.customer_id.display_name, one.reference)
            one.display_name = " · ".join(name for name in names if name)

    @api.depends("date_from", "date_to")
    def _compute_is_valid(self):
        valid = self.filtered_domain(self._valid_domain())
        for one in self:
            one.is_valid = one in valid

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._valid_domain()
        return domain if True in value else ~domain

    @api.model
    def _valid_domain(self):
        today = fields.Date.context_today(self)
        return Domain("date_from", "<=", today) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", today)
        )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        agreements = super().create(vals_list)
        agreements._mark()
        for one in agreements:
            one.debtor_id._log_event(
                "limit",
                self.env._("Netting agreed on"),
                detail=one.reference or False,
            )
        return agreements

    def write(self, vals):
        self._mark()
        result = super().write(vals)
        self._mark()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_mark(self):
        self._mark()

    def _mark(self):
        self.env["recouvrement.debtor"]._mark_dirty_debtors(self.debtor_id.ids)

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------

    @api.model
    def _in_force_sql(self, day):
        """``debtor_id`` of the accounts that may be netted on a day, once each."""
        return SQL(
            """
            SELECT DISTINCT n.debtor_id
              FROM recouvrement_netting n
             WHERE n.date_from <= %(day)s
               AND (n.date_to IS NULL OR n.date_to >= %(day)s)
            """,
            day=day,
        )

    def action_open_debtor(self):
        """The 360° page, with the customers of the rows as its queue."""
        return self.debtor_id.action_open_desk()
