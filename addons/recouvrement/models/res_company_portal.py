"""Settings of the customer page, and the account that customers are asked to pay to."""

from odoo import fields, models

BLOCK = 4  # an IBAN is printed in groups of four characters


class ResCompany(models.Model):
    _inherit = "res.company"

    recouvrement_portal_link = fields.Boolean(
        string="Customer Page in Reminders",
        default=True,
        help="Each e-mail and letter carries a link to the page where the customer "
        "sees the account, pays, answers and asks.",
    )
    recouvrement_portal_days = fields.Integer(
        string="Days of the Link",
        default=60,
        help="How long the link of a reminder opens the page of the customer.",
    )

    def _get_portal_days(self):
        """How long a new link lasts: a day at least."""
        return max(self.sudo().recouvrement_portal_days, 1)

    def _get_collection_account(self, currency):
        """Account to pay to: the company's first one in a currency, or without a
        currency.

        :return: dict ``holder, number, bic``, empty when the company has none.
        """
        self.ensure_one()
        banks = self.sudo().partner_id.bank_ids
        bank = banks.filtered(
            lambda b: b.currency_id in (currency, b.currency_id.browse())
        )[:1]
        if not bank:
            return {}
        return {
            "holder": bank.acc_holder_name or self.name,
            "number": _format_account_number(bank.acc_number),
            "bic": bank.bank_bic or "",
        }


def _format_account_number(number):
    compact = "".join((number or "").split())
    if not (compact[:2].isalpha() and compact[2:4].isdigit()):
        return number
    return " ".join(
        compact[i : i + BLOCK] for i in range(0, len(compact), BLOCK)
    ).upper()
