"""What the agreement and the messages about a plan say, ready to print."""

from odoo import fields, models

# Rows of items on the first page of the agreement and on the next ones: an unpatched
# wkhtmltopdf cuts rows in two wherever it has to find the page break itself.
FIRST_ROWS, NEXT_ROWS = 36, 54
# Languages that write nouns with a capital, so that amounts in words keep theirs.
CAPITALS = ("de",)


class RecouvrementPaymentPlan(models.Model):
    _inherit = "recouvrement.payment.plan"

    def _get_writer(self):
        """A reminder that is never sent, for the texts that letters share: identity
        of both parties, bank account."""
        return (
            self.env["recouvrement.reminder"]
            .with_context(lang=self.lang)
            .new(
                {
                    "debtor_id": self.debtor_id.id,
                    "company_id": self.company_id.id,
                    "partner_id": self.partner_id.id,
                    "currency_id": self.currency_id.id,
                }
            )
        )

    def _get_document(self):
        """All that the agreement prints, in the language of the customer."""
        self.ensure_one()
        plan = self.sudo().with_context(lang=self.lang)
        writer = plan._get_writer()
        return {
            "plan": plan,
            "company": plan.company_id,
            "parties": plan._get_parties(writer),
            "bank": writer._get_bank_details(),
            "contact": plan._get_contact(),
            "total": plan._money(plan.amount_total),
            "words": plan._get_words(),
            "pages": plan._get_item_pages(),
            "instalments": plan._get_printed_instalments(),
            "day": plan._day(plan.date_offered or fields.Date.context_today(plan)),
            "valid": plan._day(plan.date_valid),
            "signed": plan._get_signed_text(),
        }

    def _get_parties(self, writer):
        """Creditor and debtor: ``name, address, siren, vat, ref``."""
        company, partner = self.company_id, self.debtor_id.partner_id
        return [
            {
                "name": who.name,
                "address": writer._get_address_lines(address),
                "siren": writer._get_siren(owner),
                "vat": who.vat or "",
                "ref": ref,
            }
            for who, address, owner, ref in (
                (company.partner_id, company.partner_id, company, ""),
                (partner, partner, partner, partner.ref or ""),
            )
        ]

    def _get_contact(self):
        """Who answers for the company: ``name, phone, email``."""
        sender = self._get_sender()
        company = self.company_id
        return {
            "name": company.recouvrement_signatory or self.user_id.name or company.name,
            "phone": sender.partner_id.phone or company.phone or "",
            "email": sender.email or company.email or "",
        }

    def _get_words(self):
        """The amount in words, as an act of debt states it (C. civ. art. 1376)."""
        words = self.currency_id.amount_to_text(self.amount_total)
        return words if (self.lang or "").startswith(CAPITALS) else words.lower()

    def _get_item_pages(self):
        """Items, page by page: lists of dicts ``name, dated, due, amount``."""
        rows = [
            {
                "name": line.name,
                "dated": self._day(line.document_date),
                "due": self._day(line.date_due),
                "amount": self._money(line.base_residual),
            }
            for line in self.line_ids
        ]
        pages, size = [], FIRST_ROWS
        while rows:
            pages.append(rows[:size])
            rows, size = rows[size:], NEXT_ROWS
        return pages

    def _get_printed_instalments(self):
        return [
            {
                "number": one.number,
                "day": self._day(one.date),
                "amount": self._money(one.amount_agreed),
            }
            for one in self._get_instalments()
        ]

    def _get_reference(self):
        """What to quote on a transfer."""
        customer = self.debtor_id.sudo().partner_id.ref
        return f"{customer}/{self.name}" if customer else self.name

    def _money(self, amount):
        return self._format(amount, self.lang)

    def _day(self, day):
        return self._format_day(day, self.lang)

    # == Messages ==

    def _get_late_day(self):
        """Day of the oldest missed instalment, formatted."""
        late = self._get_instalments().filtered(lambda one: one.state == "late")
        return self._day(late[:1].date)

    def _get_warning_day(self):
        """Last day to pay after a warning of today, formatted."""
        return self._day(
            fields.Date.add(fields.Date.context_today(self), days=self.forfeit_days)
        )

    def _get_first_instalment(self):
        return self._get_instalments()[:1]
