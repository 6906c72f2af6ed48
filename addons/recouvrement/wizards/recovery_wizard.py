from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount


class RecouvrementRecoveryWizard(models.TransientModel):
    """Allocates a receipt to a claim that was written off."""

    _name = "recouvrement.recovery.wizard"
    _description = "Receipt on a Claim Written Off"

    write_off_id = fields.Many2one(
        "recouvrement.write.off",
        string="Write-off",
        required=True,
        domain="[('state', '=', 'posted'), ('debtor_id', '=?', receipt_debtor_id)]",
    )
    receipt_debtor_id = fields.Many2one(
        related="receipt_id.debtor_id", string="Receipt Debtor"
    )
    debtor_id = fields.Many2one(related="write_off_id.debtor_id")
    currency_id = fields.Many2one(related="write_off_id.currency_id")
    written_off = fields.Monetary(related="write_off_id.amount")
    already = fields.Monetary(
        related="write_off_id.amount_recovered", string="Recovered So Far"
    )
    receipt_id = fields.Many2one(
        "recouvrement.open.item",
        required=True,
        domain="[('debtor_id', '=', debtor_id), ('amount_residual', '<', 0),"
        " ('kind', 'in', ('payment', 'other'))]",
        default=lambda self: self._default_receipt_id(),
    )
    available = fields.Monetary(compute="_compute_available")
    amount = fields.Monetary(compute="_compute_amount", store=True, readonly=False)
    date = fields.Date(required=True, default=fields.Date.context_today)

    @api.model
    def _default_receipt_id(self):
        if self.env.context.get("active_model") == "recouvrement.open.item":
            return self.env.context.get("active_id")
        return False

    @api.depends("receipt_id")
    def _compute_available(self):
        for wizard in self:
            wizard.available = -wizard.receipt_id.amount_residual

    @api.depends("receipt_id", "write_off_id")
    def _compute_amount(self):
        for wizard in self:
            left = wizard.written_off - wizard.already
            wizard.amount = max(0, min(wizard.available, left))

    def action_confirm(self):
        """Book the income; accountants only.

        :raise UserError: above the receipt, or above what is still written off.
        """
        self.ensure_one()
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(
                self.env._("Only an accountant books a receipt on a claim written off.")
            )
        write_off = self.write_off_id
        write_off.check_access("write")
        self.receipt_id.check_access("read")
        write_off._lock()
        self._check_amount()
        recovery = self.env["recouvrement.recovery"].sudo().create(self._prepare_vals())
        self.env.flush_all()
        recovery = recovery.with_env(self.env)
        recovery._book()
        recovery._log(self.env._("Receipt on a claim written off"))
        return {"type": "ir.actions.act_window_close"}

    def _check_amount(self):
        compare = self.currency_id.compare_amounts
        if self.write_off_id.state != "posted":
            raise UserError(self.env._("This write-off is not in force."))
        if self.receipt_id.debtor_id != self.write_off_id.debtor_id:
            raise UserError(self.env._("The receipt is another customer's."))
        if compare(self.amount, 0) <= 0 or compare(self.amount, self.available) > 0:
            raise UserError(
                self.env._(
                    "The receipt leaves %s to allocate.",
                    format_amount(self.env, self.available, self.currency_id),
                )
            )
        left = self.write_off_id.amount - self.write_off_id.amount_recovered
        if compare(self.amount, left) > 0:
            raise UserError(
                self.env._(
                    "Only %s of this write-off is not recovered yet.",
                    format_amount(self.env, left, self.currency_id),
                )
            )

    def _prepare_vals(self):
        return {
            "write_off_id": self.write_off_id.id,
            "company_id": self.receipt_id.company_id.id,
            "receipt_line_id": self.receipt_id.id,
            "date": self.date,
            "amount": self.amount,
            "user_id": self.env.uid,
        }
