"""What the texts of a reminder need to know: regime, legal figures, items, formats."""

from odoo import fields, models
from odoo.tools import format_date, formatLang


class RecouvrementReminder(models.Model):
    _inherit = "recouvrement.reminder"

    def _get_regime(self):
        """Wording of the demand: ``fr_b2b``, ``fr_public``, ``fr_consumer``,
        ``fr_non_professional``, or ``other``: no French article is quoted."""
        self.ensure_one()
        return self.debtor_id.sudo()._get_regime().kind or "other"

    def _get_legal_values(self):
        """Figures the law gives, formatted for the debtor: a hook.

        :return: ``{"fixed_indemnity": str | False, "penalty_rate": str | False}``;
            False leaves the sentence out of the text.
        """
        self.ensure_one()
        indemnity = False
        if self._get_regime() == "fr_b2b":
            indemnity = self.env["recouvrement.rate"]._get_value(
                "fr_fixed_indemnity", self._get_day()
            )
        return {
            "fixed_indemnity": indemnity and self._format_euros(indemnity),
            "penalty_rate": False,
        }

    def _get_day(self):
        """Day the demand is made: of its sending, else of its proposal."""
        return self.date_sent or self.date_proposed or fields.Date.context_today(self)

    def _format_euros(self, amount):
        env = self.with_context(lang=self.lang).env
        euro = self.env["ir.model.data"]._xmlid_to_res_id("base.EUR")
        currency = self.env["res.currency"].browse(euro)
        return formatLang(env, amount, currency_obj=currency)

    def _get_statement_lines(self):
        """What the text lists, reminded items first, then credits; the rest is in
        ``rest_count`` and ``rest_amount``.

        :return: dicts with ``name, kind, document_date, date_due, days_overdue, amount,
            residual, disputed, role``; amounts in the reminder's currency.
        """
        self.ensure_one()
        return [
            {
                "name": line.name,
                "kind": line.kind,
                "document_date": line.document_date,
                "date_due": line.date_due,
                "days_overdue": max(line.days_overdue, 0),
                "amount": line.amount,
                "residual": line.amount_residual,
                "disputed": line.amount_disputed,
                "role": line.role,
            }
            for line in self.listed_line_ids
        ]

    def _format_amount(self, amount):
        self.ensure_one()
        env = self.with_context(lang=self.lang).env
        return formatLang(env, amount, currency_obj=self.currency_id)

    def _format_date(self, day):
        self.ensure_one()
        return format_date(self.env, day, lang_code=self.lang) if day else ""
