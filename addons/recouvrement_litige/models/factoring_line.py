from odoo import api, fields, models
from odoo.exceptions import UserError


class RecouvrementFactoringLine(models.Model):
    """An item assigned to a factor, until it is paid or given back."""

    _name = "recouvrement.factoring.line"
    _description = "Item Assigned to a Factor"
    _inherit = ["recouvrement.guarded"]
    _order = "date_assigned desc, id desc"
    _rec_name = "name"

    factoring_id = fields.Many2one(
        "recouvrement.factoring",
        string="Contract",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    factor_id = fields.Many2one(related="factoring_id.factor_id", store=True)
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
    company_id = fields.Many2one(related="debtor_id.company_id", store=True, index=True)
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    name = fields.Char(string="Document", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(string="Assigned", readonly=True)
    amount_open = fields.Monetary(
        related="move_line_id.amount_residual_currency", string="Open Amount"
    )
    date_assigned = fields.Date(string="Assigned On", required=True, readonly=True)
    date_returned = fields.Date(string="Given Back On", readonly=True)
    return_reason = fields.Char(string="Why It Came Back", readonly=True)
    is_live = fields.Boolean(string="Assigned Now", readonly=True, default=True)

    _one_live_factor = models.UniqueIndex(
        "(move_line_id) WHERE is_live", "This item is assigned to a factor already."
    )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._mark()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if {"is_live", "move_line_id", "factoring_id"} & vals.keys():
            self._mark()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_mark(self):
        self._mark()

    def _mark(self):
        """Have the exposure of the customers of these items recomputed."""
        self.env["recouvrement.debtor"]._mark_dirty_debtors(self.debtor_id.ids)

    # ------------------------------------------------------------------
    # TAKING BACK
    # ------------------------------------------------------------------

    def _take_back(self, day, reason):
        """The factor gives items back: the company chases them again.

        :raise UserError: without a reason, or for what is not assigned.
        """
        self.factoring_id.check_access("write")
        self.debtor_id.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the items come back."))
        if any(not line.is_live for line in self):
            raise UserError(self.env._("These items are not assigned any more."))
        rows = self.sudo()
        rows.write(
            {
                "is_live": False,
                "date_returned": day,
                "return_reason": reason.strip(),
            }
        )
        rows.move_line_id._release("factored", reason.strip())
        for debtor, found in rows.grouped("debtor_id").items():
            debtor._log_event(
                "insurance",
                self.env._("Given back by the factor: %s", reason.strip()),
                detail=", ".join(found.mapped("name")),
            )

    def action_take_back(self):
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Take Back"),
            "res_model": "recouvrement.factoring.wizard",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_kind": "return", "default_returned_ids": self.ids},
        }

    @api.model
    def _cron_nightly(self):
        self.sudo()._close_settled()

    @api.model
    def _close_settled(self):
        """Items paid are no longer assigned: at night, in sudo."""
        paid = self.search(
            [("is_live", "=", True), ("move_line_id.reconciled", "=", True)]
        )
        paid.write(
            {
                "is_live": False,
                "date_returned": fields.Date.context_today(self),
                "return_reason": self.env._("Paid Off"),
            }
        )
        return paid
