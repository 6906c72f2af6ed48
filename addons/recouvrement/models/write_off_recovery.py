from odoo import Command, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount

from .write_off_entry import ENTRY_CONTEXT


class RecouvrementRecovery(models.Model):
    """A receipt on a claim that had been written off: income, and the VAT that had been
    recovered or that is due on payment is due again."""

    _name = "recouvrement.recovery"
    _description = "Receipt on a Claim Written Off"
    _inherit = ["recouvrement.guarded"]
    _order = "date desc, id desc"
    _rec_name = "write_off_id"

    write_off_id = fields.Many2one(
        "recouvrement.write.off",
        string="Write-off",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    debtor_id = fields.Many2one(related="write_off_id.debtor_id", store=True)
    partner_id = fields.Many2one(related="write_off_id.partner_id", store=True)
    date = fields.Date(required=True, readonly=True)
    receipt_line_id = fields.Many2one(
        "account.move.line",
        string="Receipt",
        required=True,
        readonly=True,
        ondelete="restrict",
        index=True,
    )
    amount = fields.Monetary(required=True, readonly=True)
    vat = fields.Monetary(string="VAT", readonly=True)
    income = fields.Monetary(readonly=True)
    state = fields.Selection(
        [("posted", "Booked"), ("cancelled", "Cancelled")],
        default="posted",
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user
    )
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "What is recovered is a positive amount."
    )

    # ------------------------------------------------------------------
    # BOOKING
    # ------------------------------------------------------------------

    def _book(self):
        """Book the income and match it with the receipt."""
        self.ensure_one()
        shares = self._get_shares()
        taxes = [share for share in shares if "tax_id" in share]
        losses = [share for share in shares if "tax_id" not in share]
        lines = [
            *(self._prepare_vat(share) for share in taxes),
            *(self._prepare_income(share) for share in losses),
        ]
        lines.append(self._prepare_receivable())
        move = self.env["account.move"].with_context(**ENTRY_CONTEXT)
        move = move.create(self._prepare_entry_vals(lines))
        move._post(soft=False)
        own = move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        (own | self.receipt_line_id).with_context(**ENTRY_CONTEXT).reconcile()
        vat = self.currency_id.round(sum(share["amount"] for share in taxes))
        self.sudo().write(
            {
                "move_id": move.id,
                "vat": vat,
                "income": self.currency_id.round(self.amount - vat),
            }
        )

    def _get_shares(self):
        """Parts of the write-off that this receipt brings back, with ``amount``.

        Each is rounded on what was recovered so far, so that the receipts of a whole
        claim bring back exactly what its write-off booked.
        """
        write_off = self.write_off_id.sudo()
        total = write_off.amount
        before = (write_off.amount_recovered - self.amount) / total
        after = write_off.amount_recovered / total
        currency = self.currency_id
        shares = []
        for line in write_off.line_ids:
            split = line.taxes
            for part in [*split["taxes"], *split["losses"]]:
                amount = currency.round(
                    currency.round(part["amount"] * after)
                    - currency.round(part["amount"] * before)
                )
                shares.append({**part, "amount": amount, "document": line.name})
        rest = currency.round(self.amount - sum(share["amount"] for share in shares))
        losses = [share for share in shares if "tax_id" not in share]
        if rest and losses:
            losses[-1]["amount"] = currency.round(losses[-1]["amount"] + rest)
        return [share for share in shares if share["amount"]]

    def _prepare_entry_vals(self, lines):
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.company_id._get_closing_journal().id,
            "date": self.date,
            "ref": f"{self.write_off_id.name} {self.partner_id.name}",
            "line_ids": [Command.create(vals) for vals in lines],
        }

    def _prepare_income(self, share):
        account = self.company_id._get_closing_accounts("recovery")["recovery"]
        taxes = self.env["account.tax"].browse(share["tax_ids"])
        return {
            "name": share["document"],
            "partner_id": self.receipt_line_id.partner_id.id,
            "account_id": account.id,
            "balance": -share["amount"],
            "tax_ids": [Command.set(taxes.ids)],
            "tax_tag_ids": [Command.set(taxes.get_tax_tags(False, "base").ids)],
        }

    def _prepare_vat(self, share):
        return {
            "name": share["name"],
            "partner_id": self.receipt_line_id.partner_id.id,
            "account_id": share["final_account_id"],
            "balance": -share["amount"],
            "tax_repartition_line_id": share["invoice_id"],
            "tax_tag_ids": [Command.set(share["invoice_tag_ids"])],
        }

    def _prepare_receivable(self):
        """The credit of the receipt is used up, in its own currency."""
        receipt = self.receipt_line_id
        part = self.amount / -receipt.amount_residual
        return {
            "name": self.write_off_id.name,
            "partner_id": receipt.partner_id.id,
            "account_id": receipt.account_id.id,
            "currency_id": receipt.currency_id.id,
            "amount_currency": receipt.currency_id.round(
                -receipt.amount_residual_currency * part
            ),
            "balance": self.amount,
            "date_maturity": receipt.date_maturity,
        }

    # ------------------------------------------------------------------
    # UNDOING
    # ------------------------------------------------------------------

    def action_cancel(self):
        """Reverse the entry: the receipt is to be allocated again."""
        self.check_access("write")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(self.env._("Only an accountant cancels this."))
        for recovery in self:
            if recovery.state != "posted":
                raise UserError(self.env._("This is cancelled already."))
            recovery.write_off_id._lock()
            recovery.move_id.with_context(no_cash_basis=True)._reverse_moves(
                [{"date": recovery.date}], cancel=True
            )
            recovery.sudo().state = "cancelled"
            recovery._log(self.env._("Receipt on a claim written off: undone"))
        return True

    def _log(self, summary):
        for recovery in self:
            recovery.debtor_id._log_event(
                "write_off",
                summary,
                detail=self.env._(
                    "%(amount)s on %(write_off)s",
                    amount=format_amount(
                        self.env, recovery.amount, recovery.currency_id
                    ),
                    write_off=recovery.write_off_id.name,
                ),
                amount=recovery.amount,
                currency_id=recovery.currency_id.id,
            )
