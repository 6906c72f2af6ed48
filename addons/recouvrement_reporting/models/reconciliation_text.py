"""What the minutes say, ready to print in the language of the customer."""

from collections import defaultdict
from decimal import Decimal

from odoo import fields, models

# Rows of items on the first page and on the next ones: an unpatched wkhtmltopdf cuts
# rows in two wherever it has to find the page break itself.
FIRST_ROWS, NEXT_ROWS = 20, 42
WIDE = 34  # characters of an answer on one line


class RecouvrementReconciliation(models.Model):
    _inherit = "recouvrement.reconciliation"

    def _get_document(self):
        """All that the document prints: a constant number of queries."""
        self.ensure_one()
        minutes = self.sudo().with_context(lang=self.lang)
        writer = (
            self.env["recouvrement.reminder"]
            .sudo()
            .with_context(lang=self.lang)
            .new(
                {
                    "debtor_id": self.debtor_id.id,
                    "company_id": self.company_id.id,
                    "partner_id": self.partner_id.id,
                    "currency_id": self.company_currency_id.id,
                }
            )
        )
        is_told = minutes.state not in ("draft", "sent")
        lines = minutes.line_ids
        return {
            "minutes": minutes,
            "company": minutes.company_id,
            "parties": minutes._get_parties(writer),
            "as_of": minutes._day(minutes.as_of),
            "day": minutes._day(
                minutes.date_sent or fields.Date.context_today(minutes)
            ),
            "before": minutes._day(minutes.answer_before),
            "is_told": is_told,
            "balances": minutes._get_printed_balances(),
            "pages": minutes._get_item_pages(lines, is_told),
            "extras": minutes._get_printed_extras() if is_told else [],
            "differences": minutes._get_printed_differences() if is_told else [],
            "agreed": minutes._get_agreed(lines) if is_told else "",
            "files": minutes.attachment_ids.mapped("name") if is_told else [],
            "signed": minutes._get_signed_text(),
            "countersigned": minutes._get_countersigned_text(),
        }

    def _get_parties(self, writer):
        """Both sides: ``name, address, siren, vat, ref``."""
        company, partner = self.company_id, self.customer_id
        return [
            {
                "name": who.name,
                "address": writer._get_address_lines(who),
                "siren": writer._get_siren(owner),
                "vat": who.vat or "",
                "ref": ref,
            }
            for who, owner, ref in (
                (company.partner_id, company, ""),
                (partner, partner, partner.ref or ""),
            )
        ]

    def _get_printed_balances(self):
        currencies = self.env["res.currency"]
        rows = []
        for row in self._read_balances().get(self.id, []):
            currency = currencies.browse(row["currency_id"])
            rows.append(
                {
                    "currency": currency.name,
                    "ours": self._money(row["ours"], currency),
                    "theirs": self._money(row["theirs"], currency),
                    "difference": self._money(row["ours"] - row["theirs"], currency),
                }
            )
        return rows

    def _get_item_pages(self, lines, is_told):
        """Items page by page; a long answer takes more room."""
        pages, page, room = [], [], FIRST_ROWS
        for line in lines:
            answer = line._get_answer_text() if is_told else ""
            size = 1 + len(answer) // WIDE
            if size > room:
                pages.append(page)
                page, room = [], NEXT_ROWS
            page.append(
                {
                    "name": line.name,
                    "dated": self._day(line.document_date),
                    "due": self._day(line.date_due) if line.residual > 0 else "",
                    "amount": self._money(line.residual, line.currency_id),
                    "answer": answer,
                    "is_difference": line.is_difference,
                }
            )
            room -= size
        return [*pages, page]

    def _get_printed_extras(self):
        kinds = self._get_extra_kinds()
        return [
            {
                "kind": kinds[extra.kind],
                "name": extra.name,
                "dated": self._day(extra.date),
                "amount": self._money(extra.customer_amount, extra.currency_id),
                "text": extra.text or "",
            }
            for extra in self.extra_ids
        ]

    def _get_printed_differences(self):
        rows = [
            {
                "name": line.name,
                "ours": self._money(line.residual, line.currency_id),
                "theirs": self._money(line.customer_amount, line.currency_id),
                "difference": self._money(line.difference, line.currency_id),
            }
            for line in self.line_ids.filtered("is_difference")
        ]
        return rows + [
            {
                "name": extra.name,
                "ours": "",
                "theirs": self._money(extra.customer_amount, extra.currency_id),
                "difference": self._money(-extra.customer_amount, extra.currency_id),
            }
            for extra in self.extra_ids
        ]

    def _get_agreed(self, lines):
        """What the customer admits to owe, per currency, in words of figures."""
        totals = defaultdict(Decimal)
        for line in lines.filtered(lambda one: one.answer == "agreed"):
            if line.residual > 0:
                totals[line.currency_id] += line._decimal(line.residual)
        return " + ".join(
            self._money(total, currency) for currency, total in totals.items()
        )

    def _get_countersigned_text(self):
        if not self.countersigned_on:
            return {}
        return {
            "name": self.countersigned_by_id.name,
            "moment": self._moment(self.countersigned_on),
        }

    def _get_answer_labels(self):
        env = self.env
        return {
            "agreed": env._("Agreed"),
            "unknown": env._("Unknown to us"),
            "paid": env._("Already paid"),
            "differs": env._("Another amount"),
        }

    def _get_extra_kinds(self):
        env = self.env
        return {
            "payment": env._("Payment"),
            "credit_note": env._("Credit note"),
            "invoice": env._("Invoice"),
            "other_debit": env._("Other sum owed"),
            "other_credit": env._("Other sum in our favour"),
        }

    def _get_contact(self):
        """Who answers for the company: ``name, phone, email``."""
        company, user = self.company_id, self.user_id
        return {
            "name": user.name or company.name,
            "phone": user.partner_id.phone or company.phone or "",
            "email": user.email or company.email or "",
        }
