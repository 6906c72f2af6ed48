"""A payment that the customer says to have made: what the ledger has of it."""

from odoo import fields, models
from odoo.exceptions import UserError

# A receipt within this share of the amount, or of these days, may be the payment.
NEAR_SHARE = 0.01
NEAR_DAYS = 10


class RecouvrementRequest(models.Model):
    _inherit = "recouvrement.request"

    receipt_ids = fields.Many2many(
        "recouvrement.receipt",
        string="Receipts That May Be This Payment",
        compute="_compute_receipts",
        help="Receipts of this customer that are not allocated, or of the days around "
        "the one given.",
    )
    receipt_note = fields.Char(
        string="What the Ledger Has", compute="_compute_receipts"
    )

    def _compute_receipts(self):
        checks = self.filtered(lambda r: r.kind == "payment_check" and r.debtor_id)
        (self - checks).update({"receipt_ids": False, "receipt_note": False})
        for request in checks:
            receipts = request._find_receipts()
            request.receipt_ids = receipts
            request.receipt_note = request._describe_receipts(receipts)

    def _find_receipts(self):
        """Receipts of the debtor that may be the payment, the nearest amount first."""
        self.ensure_one()
        receipts = self.env["recouvrement.receipt"]
        domain = [("debtor_id", "=", self.debtor_id.id)]
        day = self.date_promised
        if day:
            domain += [
                "|",
                ("is_unallocated", "=", True),
                "&",
                ("date", ">=", fields.Date.subtract(day, days=NEAR_DAYS)),
                ("date", "<=", fields.Date.add(day, days=NEAR_DAYS)),
            ]
        else:
            domain.append(("is_unallocated", "=", True))
        found = receipts.search(domain, limit=200)
        return found.sorted(lambda receipt: abs(receipt.amount_currency - self.amount))[
            :20
        ]

    def _describe_receipts(self, receipts):
        """What was found: a receipt of this amount, others, or none; and bank lines of
        this amount that nobody is the customer of yet."""
        found = self._describe_own_receipts(receipts)
        waiting = self._find_bank_lines()
        if not waiting:
            return found
        return (
            found
            + " "
            + self.env._(
                "Bank lines of this amount wait to be allocated: %s.",
                ", ".join(line.payment_ref or line.display_name for line in waiting),
            )
        )

    def _find_bank_lines(self):
        """Unreconciled bank lines of the amount, without a customer or of this one,
        in sudo: a collector may not read all of them."""
        if not self.amount:
            return self.env["account.bank.statement.line"]
        lines = self.env["account.bank.statement.line"].sudo()
        return lines.search(
            [
                ("is_reconciled", "=", False),
                ("company_id", "child_of", self.company_id.ids),
                ("amount", "=", self.amount),
                "|",
                ("partner_id", "=", False),
                (
                    "partner_id.commercial_partner_id",
                    "=",
                    self.debtor_id.sudo().partner_id.id,
                ),
            ],
            limit=5,
        )

    def _describe_own_receipts(self, receipts):
        near = receipts.filtered(self._is_near)
        free = near.filtered("is_unallocated")
        if free:
            return self.env._(
                "A receipt of this amount is there and not allocated: %s.",
                ", ".join(free.mapped("name")),
            )
        if near:
            return self.env._(
                "A receipt of this amount is there, allocated already: %s.",
                ", ".join(near.mapped("name")),
            )
        if receipts:
            return self.env._("No receipt of this amount; others of this customer are.")
        return self.env._("Nothing was received from this customer around this day.")

    def _is_near(self, receipt):
        return (
            self.amount > 0
            and receipt.currency_id == self.currency_id
            and abs(receipt.amount_currency - self.amount) <= NEAR_SHARE * self.amount
        )

    def _accept_payment_check(self):
        """Leave these items alone while the payment is looked for; the rest of the
        debtor goes on being chased, and so do these after the delay."""
        self._get_debtor()
        lines = self._get_open_lines().filtered(
            lambda line: line.collection_status == "to_chase"
        )
        if not lines:
            raise UserError(
                self.env._("None of these items is being chased: nothing to hold.")
            )
        company = self.sudo().company_id
        until = fields.Date.add(
            fields.Date.context_today(self), days=company.recouvrement_verify_days
        )
        lines._set_collection_status("to_verify", self._get_hold_reason(), until)
        self._close("done")

    def _get_hold_reason(self):
        means = dict(self._fields["payment_means"]._description_selection(self.env))
        parts = [
            self.env._("Paid according to the customer"),
            means.get(self.payment_means),
            self.date_promised and fields.Date.to_string(self.date_promised),
            self.payment_reference,
            self.name,
        ]
        return ", ".join(filter(None, parts))
