"""Online payments of the items that a customer ticked."""

from odoo import fields, models


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    collection_line_ids = fields.Many2many(
        "account.move.line",
        "recouvrement_transaction_line_rel",
        "transaction_id",
        "line_id",
        string="Items Ticked",
        readonly=True,
        copy=False,
        help="Items that the customer ticked to pay: they are what the payment is "
        "matched with.",
    )

    # EXTENDS 'account_payment'
    def _create_payment(self, **extra_create_values):
        """Match the payment with the ticked items only: the other instalments of
        their invoices, or the other lines of an opening entry, were not ticked."""
        self.ensure_one()
        ticked = self.collection_line_ids
        if not ticked:
            return super()._create_payment(**extra_create_values)
        invoices = self.invoice_ids
        self.invoice_ids = False
        payment = super()._create_payment(
            invoice_ids=invoices,
            destination_account_id=self._get_ticked_account().id,
            **extra_create_values,
        )
        self.invoice_ids = invoices
        account = payment.destination_account_id
        if payment.move_id:
            (payment.move_id.line_ids + ticked).filtered(
                lambda line: line.account_id == account and not line.reconciled
            ).reconcile()
        return payment

    def _get_ticked_account(self):
        """Receivable account of most of what is paid: a payment has only one."""
        groups = self.collection_line_ids.grouped("account_id")
        return max(
            groups, key=lambda account: sum(groups[account].mapped("amount_residual"))
        )
