"""The VAT inside a part of an invoice, tax line by tax line."""

from collections import defaultdict

from odoo import models


class RecouvrementWriteOffLine(models.Model):
    _inherit = "recouvrement.write.off.line"

    def _split(self):
        """Split the amount into the loss per set of taxes and the VAT per tax line.

        Both in proportion to the invoice, in company currency; the roundings of the
        VAT stay with each tax, those of the loss go to its largest part.

        :return: ``(losses, taxes)``: dicts with ``amount, tax_ids`` and as in
            ``_prepare_tax_share``.
        """
        self.ensure_one()
        move = self.move_line_id.move_id
        taxes = self._get_tax_shares() if move.is_invoice(include_receipts=True) else []
        if not taxes and self.write_off_id.recover_vat and self.entered_vat:
            taxes = [self._prepare_entered_vat()]
        vat = sum(tax["amount"] for tax in taxes)
        net = self.currency_id.round(self.amount - vat)
        return self._get_losses(net, taxes), taxes

    # ------------------------------------------------------------------
    # VAT
    # ------------------------------------------------------------------

    def _get_tax_shares(self):
        """VAT of the part written off that is no loss: recovered on this ground, or
        due on payment only, so that it never becomes due."""
        move = self.move_line_id.move_id
        tax_lines = move.line_ids.filtered("tax_repartition_line_id").filtered(
            lambda line: self._is_no_loss(line.tax_line_id)
        )
        shares = [self._prepare_tax_share(line) for line in tax_lines]
        return [share for share in shares if share["amount"]]

    def _is_no_loss(self, tax):
        return tax.tax_exigibility == "on_payment" or self.write_off_id.recover_vat

    def _prepare_tax_share(self, tax_line):
        move = tax_line.move_id
        on_payment = tax_line.tax_line_id.tax_exigibility == "on_payment"
        amount = self._share_of(-tax_line.balance)
        amount_currency = tax_line.currency_id.round(
            -tax_line.amount_currency * self._get_ratio()
        )
        if on_payment and self._settles(move):
            amount = -tax_line.amount_residual or amount
            amount_currency = -tax_line.amount_residual_currency or amount_currency
        refund = self._get_refund_repartition(tax_line.tax_repartition_line_id)
        account = tax_line.account_id if on_payment else refund.account_id
        return {
            "amount": amount,
            "amount_currency": amount_currency,
            "currency_id": tax_line.currency_id.id,
            "base": self._share_of(tax_line.tax_base_amount),
            "name": tax_line.name or tax_line.tax_line_id.name,
            "tax_id": tax_line.tax_line_id.id,
            "on_payment": on_payment,
            "invoice_id": tax_line.tax_repartition_line_id.id,
            "refund_id": refund.id,
            "account_id": (account or tax_line.account_id).id,
            "final_account_id": tax_line.tax_repartition_line_id.account_id.id
            or tax_line.account_id.id,
            "tag_ids": [] if on_payment else refund.tag_ids.ids,
            "invoice_tag_ids": tax_line.tax_repartition_line_id.tag_ids.ids,
            "pending_line_id": tax_line.id if on_payment else False,
        }

    def _prepare_entered_vat(self):
        account = self.company_id._get_closing_accounts("vat")["vat"]
        return {
            "amount": self.entered_vat,
            "amount_currency": self.entered_vat,
            "currency_id": self.currency_id.id,
            "base": self.amount - self.entered_vat,
            "name": self.env._("VAT of %s", self.name),
            "tax_id": False,
            "on_payment": False,
            "invoice_id": False,
            "refund_id": False,
            "account_id": account.id,
            "final_account_id": account.id,
            "tag_ids": [],
            "invoice_tag_ids": [],
            "pending_line_id": False,
        }

    def _get_refund_repartition(self, repartition):
        """Line of the credit notes of a tax that answers to one of its invoices."""
        tax = repartition.tax_id
        lines = tax.invoice_repartition_line_ids.filtered(
            lambda line: line.repartition_type == "tax"
        )
        refunds = tax.refund_repartition_line_ids.filtered(
            lambda line: line.repartition_type == "tax"
        )
        position = lines.ids.index(repartition.id) if repartition in lines else 0
        return refunds[position : position + 1]

    # ------------------------------------------------------------------
    # LOSS
    # ------------------------------------------------------------------

    def _get_losses(self, net, taxes):
        """The loss, by set of the taxes that are no loss."""
        wanted = {tax["tax_id"] for tax in taxes if tax["refund_id"]}
        base_lines = self.move_line_id.move_id.line_ids.filtered("tax_ids")
        bases = defaultdict(float)
        for line in base_lines if wanted else ():
            found = line.tax_ids.flatten_taxes_hierarchy()
            bases[found.filtered(lambda tax: tax.id in wanted)] += -line.balance
        untaxed = bases.pop(self.env["account.tax"], 0)
        amounts = {found: self._share_of(base) for found, base in bases.items()}
        self._add_rest(amounts, net, untaxed)
        return [
            {"amount": amount, "tax_ids": found.ids}
            for found, amount in amounts.items()
            if amount
        ]

    def _add_rest(self, amounts, net, untaxed):
        """What is not the base of such a tax; a mere rounding goes to the largest."""
        rest = self.currency_id.round(net - sum(amounts.values()))
        tolerance = self.currency_id.rounding * (len(amounts) + 1)
        if not amounts or untaxed or abs(rest) > tolerance:
            amounts[self.env["account.tax"]] = rest
            return
        largest = max(amounts, key=lambda found: abs(amounts[found]))
        amounts[largest] = self.currency_id.round(amounts[largest] + rest)

    # ------------------------------------------------------------------
    # PROPORTION
    # ------------------------------------------------------------------

    def _get_ratio(self):
        """Part of the invoice that is written off."""
        total = self.move_line_id.move_id.amount_total
        return self.amount_currency / total if total else 0.0

    def _share_of(self, amount):
        return self.currency_id.round(amount * self._get_ratio())

    def _settles(self, move):
        """Whether nothing of the invoice stays open after this write-off."""
        others = move.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and line != self.move_line_id
                and not line.reconciled
            )
        )
        open_amount = self.move_line_id.amount_residual_currency
        return not others and not self.item_currency_id.compare_amounts(
            open_amount, self.amount_currency
        )
