"""Online payments of the items that a customer ticked."""

from odoo import api, fields, models
from odoo.tools import SQL

from .account_partial_reconcile import BY_MACHINE


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

    @api.model
    def _paying_sql(self):
        """Whether item ``l`` of entry ``m`` is being paid on line, without a payment
        in the ledger yet.

        What the provider took counts until the payment is written; what it has not
        decided, for as many days as a payment is looked for. A transfer that the
        customer only announces (Odoo's ``custom`` providers) does not count: nobody
        but the customer knows of it.
        """
        self.flush_model()
        return SQL(
            """(l.id IN (SELECT ticked.line_id
                           FROM recouvrement_transaction_line_rel ticked
                           JOIN (%(waiting)s) tx ON tx.id = ticked.transaction_id)
                OR m.id IN (SELECT paid.invoice_id
                              FROM account_invoice_transaction_rel paid
                              JOIN (%(waiting)s) tx ON tx.id = paid.transaction_id
                             WHERE NOT EXISTS (
                                   SELECT 1 FROM recouvrement_transaction_line_rel x
                                    WHERE x.transaction_id = tx.id)))""",
            waiting=SQL(
                """SELECT t.id FROM payment_transaction t
                     JOIN payment_provider p ON p.id = t.provider_id
                     JOIN res_company company ON company.id = t.company_id
                    WHERE t.payment_id IS NULL AND t.amount > 0
                      AND COALESCE(t.operation, '') NOT IN ('validation', 'refund')
                      AND (t.state = 'done'
                           OR t.state IN ('pending', 'authorized')
                          AND p.code <> 'custom'
                          AND t.last_state_change >= %(now)s::timestamp
                              - make_interval(
                                    days => company.recouvrement_verify_days))""",
                now=fields.Datetime.now(),
            ),
        )

    # EXTENDS 'account_payment'
    def _create_payment(self, **extra_create_values):
        """Match the payment with the ticked items only: the other instalments of
        their invoices, or the other lines of an opening entry, were not ticked."""
        self.ensure_one()
        own = super(PaymentTransaction, self.with_context(**BY_MACHINE))
        ticked = self.collection_line_ids
        if not ticked:
            return own._create_payment(**extra_create_values)
        invoices = self.invoice_ids
        self.invoice_ids = False
        payment = own._create_payment(
            invoice_ids=invoices,
            destination_account_id=self._get_ticked_account().id,
            **extra_create_values,
        )
        self.invoice_ids = invoices
        account = payment.destination_account_id
        if payment.move_id:
            (payment.move_id.line_ids + ticked).filtered(
                lambda line: line.account_id == account and not line.reconciled
            ).with_context(**BY_MACHINE).reconcile()
        return payment

    def _get_ticked_account(self):
        """Receivable account of most of what is paid: a payment has only one."""
        groups = self.collection_line_ids.grouped("account_id")
        return max(
            groups, key=lambda account: sum(groups[account].mapped("amount_residual"))
        )
