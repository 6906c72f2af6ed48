"""Draft credit notes and new invoices, for whoever posts them."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

ROUNDS = 3


class AccountMove(models.Model):
    _inherit = "account.move"

    def _recouvrement_draft_credit(self, lines=None, amount=None, reason=False):
        """Draft a credit note of an invoice; who calls has checked the rights.

        Posted, it is matched with the invoice by Odoo.

        :param lines: invoice lines to credit, as they were invoiced; None: by amount.
        :param amount: with taxes, in the currency of the invoice, spread over its
            lines so that each tax gets its share; None: the whole invoice.
        :param str reason: in the reference of the credit note.
        :return: the draft, in sudo.
        :raise UserError: on what is no posted invoice, or an amount above it.
        """
        self.ensure_one()
        move = self.sudo()
        move._check_creditable(lines, amount)
        credit = move._reverse_moves([move._prepare_credit_vals(reason)])
        if lines:
            credit._keep_credited(move, lines)
        elif amount is not None and move.currency_id.compare_amounts(
            amount, move.amount_total
        ):
            credit._scale_credit(amount / move.amount_total, amount)
        return credit

    def _check_creditable(self, lines, amount):
        if self.move_type not in ("out_invoice", "out_receipt") or (
            self.state != "posted"
        ):
            raise UserError(
                self.env._(
                    "%s is no posted invoice: make its credit note by hand.",
                    self.display_name,
                )
            )
        if lines and lines.move_id != self:
            raise UserError(self.env._("These lines are of another invoice."))
        if amount is not None and not (
            0 < amount
            and self.currency_id.compare_amounts(amount, self.amount_total) <= 0
        ):
            raise UserError(
                self.env._(
                    "A credit note of %(invoice)s is between 0 and its total.",
                    invoice=self.name,
                )
            )

    def _prepare_credit_vals(self, reason):
        """Values of a draft credit note: a hook."""
        today = fields.Date.context_today(self)
        env = self.with_context(lang=self.partner_id.lang or self.env.lang).env
        ref = env._("Credit on %s", self.name)
        return {
            "ref": f"{ref}: {reason}" if reason else ref,
            "date": today,
            "invoice_date": today,
            "invoice_date_due": today,
            "invoice_payment_term_id": False,
            "invoice_user_id": self.invoice_user_id.id,
            "invoice_origin": self.name,
            "auto_post": "no",
        }

    def _get_product_lines(self):
        return self.invoice_line_ids.filtered(lambda one: one.display_type == "product")

    def _keep_credited(self, move, lines):
        """Leave only some of the lines that were copied from the invoice."""
        pairs = zip(move._get_product_lines(), self._get_product_lines(), strict=True)
        kept = self.env["account.move.line"].union(
            *(copied for line, copied in pairs if line in lines)
        )
        dropped = self.invoice_line_ids - kept
        self.write({"invoice_line_ids": [Command.delete(one.id) for one in dropped]})

    def _scale_credit(self, ratio, amount):
        """Lower every line in proportion, to the cent of the total."""
        texts = self.invoice_line_ids - self._get_product_lines()
        commands = [Command.delete(one.id) for one in texts]
        for line in self._get_product_lines():
            included = any(tax.price_include for tax in line.tax_ids)
            base = line.price_total if included else line.price_subtotal
            price = self.currency_id.round(base * ratio)
            commands.append(
                Command.update(
                    line.id, {"quantity": 1, "discount": 0, "price_unit": price}
                )
            )
        self.write({"invoice_cash_rounding_id": False, "invoice_line_ids": commands})
        self._adjust_credit(amount)

    def _adjust_credit(self, amount):
        """Put what rounding left on the largest line, then on a line without tax: not
        every total exists with its taxes."""
        currency = self.currency_id
        lines = self._get_product_lines()
        largest = max(lines, key=lambda line: line.price_total)
        for _round in range(ROUNDS):
            gap = currency.round(amount - self.amount_total)
            if not gap:
                return
            share = largest.price_unit / (largest.price_total or 1)
            step = currency.round(gap * share)
            if not step:
                break
            self.write(
                {
                    "invoice_line_ids": [
                        Command.update(
                            largest.id, {"price_unit": largest.price_unit + step}
                        )
                    ]
                }
            )
        gap = currency.round(amount - self.amount_total)
        if gap:
            self.write(
                {
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": self.env._("Rounding"),
                                "account_id": largest.account_id.id,
                                "quantity": 1,
                                "price_unit": gap,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ]
                }
            )

    def _recouvrement_reinvoice(self, reason=False):
        """Draft the whole credit note of an invoice and a copy of it to correct.

        :return: ``(credit note, new invoice)``, drafts in sudo.
        """
        credit = self._recouvrement_draft_credit(reason=reason)
        copied = self.sudo().copy({"invoice_origin": self.sudo().name})
        return credit, copied
