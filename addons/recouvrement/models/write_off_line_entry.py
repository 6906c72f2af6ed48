"""The journal items of one item written off."""

from odoo import Command, models
from odoo.exceptions import UserError


class RecouvrementWriteOffLine(models.Model):
    _inherit = "recouvrement.write.off.line"

    def _check_open(self):
        for line in self.sudo():
            item = line.move_line_id
            open_amount = item.amount_residual_currency
            if (
                item.parent_state != "posted"
                or item.reconciled
                or line.item_currency_id.compare_amounts(
                    open_amount, line.amount_currency
                )
                < 0
            ):
                raise UserError(
                    self.env._(
                        "%(item)s is not open for %(amount)s any more: make a new "
                        "proposal.",
                        item=line.name,
                        amount=line.item_currency_id.format(line.amount_currency),
                    )
                )

    def _settle(self, booked, year_start):
        """Amounts from the ledger, VAT and provision of one line.

        :param float booked: provision in force for the item.
        :param date year_start: claims of documents before it are of earlier years.
        """
        self.ensure_one()
        item = self.move_line_id
        part = self.amount_currency / item.amount_residual_currency
        whole = not self.item_currency_id.compare_amounts(
            self.amount_currency, item.amount_residual_currency
        )
        self.amount = (
            item.amount_residual
            if whole
            else self.currency_id.round(item.amount_residual * part)
        )
        losses, taxes = self._split()
        vat = self.currency_id.round(sum(tax["amount"] for tax in taxes))
        self.write(
            {
                "vat": vat,
                "vat_paid": self.currency_id.round(
                    sum(tax["amount"] for tax in taxes if not tax["on_payment"])
                ),
                "loss": self.currency_id.round(self.amount - vat),
                "taxes": {"losses": losses, "taxes": taxes},
                "released": booked if whole else self.currency_id.round(booked * part),
                "prior_year": (self.document_date or item.date) < year_start,
            }
        )

    # ------------------------------------------------------------------
    # JOURNAL ITEMS
    # ------------------------------------------------------------------

    def _prepare_entry_lines(self):
        """Values of the journal items; the receivable comes last."""
        self.ensure_one()
        kind = "loss_prior" if self.prior_year else "loss"
        account = self.company_id._get_closing_accounts(kind)[kind]
        split = self.taxes
        return [
            *(self._prepare_loss(loss, account) for loss in split["losses"]),
            *(self._prepare_vat(tax) for tax in split["taxes"]),
            self._prepare_receivable(),
        ]

    def _prepare_loss(self, loss, account):
        taxes = self.env["account.tax"].browse(loss["tax_ids"])
        exigible = taxes.filtered(lambda tax: tax.tax_exigibility != "on_payment")
        return {
            "name": self.name,
            "partner_id": self.move_line_id.partner_id.id,
            "account_id": account.id,
            "balance": loss["amount"],
            "tax_ids": [Command.set(exigible.ids)],
            "tax_tag_ids": [Command.set(exigible.get_tax_tags(True, "base").ids)],
        }

    def _prepare_vat(self, tax):
        vals = {
            "name": tax["name"],
            "partner_id": self.move_line_id.partner_id.id,
            "account_id": tax["account_id"],
            "currency_id": tax["currency_id"],
            "amount_currency": tax["amount_currency"],
            "balance": tax["amount"],
        }
        if not tax["on_payment"] and tax["refund_id"]:
            vals.update(
                {
                    "tax_repartition_line_id": tax["refund_id"],
                    "tax_tag_ids": [Command.set(tax["tag_ids"])],
                    "tax_base_amount": tax["base"],
                }
            )
        return vals

    def _prepare_receivable(self):
        item = self.move_line_id
        return {
            "name": self.name,
            "partner_id": item.partner_id.id,
            "account_id": item.account_id.id,
            "currency_id": item.currency_id.id,
            "amount_currency": -self.amount_currency,
            "balance": -self.amount,
            "date_maturity": item.date_maturity,
        }

    def _get_pending_pairs(self, candidates):
        """Pairs of pending VAT: of the invoice, and of the write-off entry.

        :param candidates: journal items of the entry that are not matched yet.
        """
        pairs = []
        for tax in self.taxes["taxes"]:
            pending = candidates.browse(tax["pending_line_id"] or [])
            if not pending.account_id.reconcile or pending.reconciled:
                continue
            own = candidates.filtered(
                lambda line, pending=pending, amount=tax["amount"]: (
                    line.account_id == pending.account_id
                    and not line.currency_id.compare_amounts(line.balance, amount)
                )
            )[:1]
            if own:
                pairs.append(pending | own)
                candidates -= own
        return pairs
