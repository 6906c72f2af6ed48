"""What the texts of a reminder need to know: regime, legal figures, items, formats."""

from odoo import fields, models
from odoo.tools import format_date, formatLang

# France and the overseas departments where its commercial code applies in full.
FRENCH_LAW_COUNTRIES = {"FR", "GF", "GP", "MQ", "RE", "YT"}


class RecouvrementReminder(models.Model):
    _inherit = "recouvrement.reminder"

    def _get_regime(self):
        """Legal regime of the demand: ``fr_b2b``, ``fr_public``, ``fr_consumer``,
        ``fr_non_professional``, or ``other`` when the creditor or the debtor is
        outside France: no French article is quoted to them."""
        self.ensure_one()
        creditor = (
            self.company_id.account_fiscal_country_id or self.company_id.country_id
        )
        debtor = self.debtor_id.partner_id.country_id or creditor
        if not {creditor.code, debtor.code} <= FRENCH_LAW_COUNTRIES:
            return "other"
        regime = self.debtor_id.segment_id.regime or "b2b"
        return "fr_b2b" if regime == "intragroup" else f"fr_{regime}"

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
        """What the text lists, reminded items first, then credits.

        :return: dicts with ``name, kind, document_date, date_due, days_overdue, amount,
            residual, role``; amounts in the reminder's currency.
        """
        self.ensure_one()
        order = {"chase": 0, "recall": 0, "credit": 1}
        lines = self.line_ids.filtered(lambda line: line.role in order).sorted(
            lambda line: (order[line.role], line.date_due, line.id)
        )
        return [
            {
                "name": line.name,
                "kind": line.kind,
                "document_date": line.document_date,
                "date_due": line.date_due,
                "days_overdue": max(line.days_overdue, 0),
                "amount": line.amount,
                "residual": line.amount_residual,
                "role": line.role,
            }
            for line in lines
        ]

    def _format_amount(self, amount):
        self.ensure_one()
        env = self.with_context(lang=self.lang).env
        return formatLang(env, amount, currency_obj=self.currency_id)

    def _format_date(self, day):
        self.ensure_one()
        return format_date(self.env, day, lang_code=self.lang) if day else ""
