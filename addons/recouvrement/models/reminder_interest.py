"""Late interest in the texts of reminders: to the day of the demand, beside the sum
asked, and only what the law gives the creditor."""

from decimal import Decimal

from odoo import models
from odoo.tools import SQL, formatLang

from ..tools.interest import InterestError

# Kinds of regime under which recovery costs may be asked from the debtor; asking them
# from a consumer is an offence (C. conso. art. L121-21).
COSTS_ALLOWED = ("fr_b2b", "fr_public", "other")


class RecouvrementReminder(models.Model):
    _inherit = "recouvrement.reminder"

    # EXTENDS recouvrement
    def _get_legal_values(self):
        """Adds ``penalty_rate`` of the day when the items have one, and when the level
        includes interest: ``interest``, ``indemnity_total``, ``interest_total``
        (formatted, or False), ``indemnity_count`` and ``interest_day``."""
        values = super()._get_legal_values()
        values["penalty_rate"] = self._get_penalty_rate()
        values.update(self._get_interest_values())
        return values

    # ------------------------------------------------------------------
    # RATE
    # ------------------------------------------------------------------

    def _get_penalty_rate(self):
        """The rate that all the items asked bear on the day of the demand, formatted;
        False when they differ, when each item has its own, or when it is not loaded."""
        combinations = self._read_item_terms()
        if len(combinations) != 1:
            return False
        [(regime_id, contractual)] = combinations
        regime = self.env["recouvrement.legal.regime"].sudo().browse(regime_id)
        if not regime or not regime.mention_interest:
            return False
        terms = regime._get_terms(contractual, self.company_id)
        if terms is None or getattr(terms.rate, "frozen", False):
            return False
        day = self._get_day().toordinal()
        try:
            percent = terms.rate.period(day, day).percent
        except InterestError:
            return False
        feed = self.env["recouvrement.interest"].with_context(lang=self.lang)
        return feed._format_rate(percent)

    def _read_item_terms(self):
        """Legal regime and contractual rate of the items asked, each once."""
        self.env["recouvrement.interest"]._flush_sources()
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT COALESCE(m.legal_regime_id, d.regime_id),
                       COALESCE(CASE WHEN m.legal_regime_id IS NULL
                                     THEN d.contractual_rate
                                     ELSE m.contractual_rate END, 0)
                  FROM recouvrement_reminder_line rl
                  JOIN account_move_line l ON l.id = rl.move_line_id
                  JOIN account_move m ON m.id = l.move_id
                  JOIN recouvrement_reminder r ON r.id = rl.reminder_id
                  JOIN recouvrement_debtor d ON d.id = r.debtor_id
                 WHERE rl.reminder_id = %s AND rl.role IN ('chase', 'recall')
                   AND m.penalty_statement_id IS NULL
                """,
                self.id,
            )
        )

    # ------------------------------------------------------------------
    # AMOUNTS
    # ------------------------------------------------------------------

    def _get_interest_values(self):
        """Interest and indemnities of the items asked, to the day of the demand.

        One item that cannot be computed leaves the whole figure out: a wrong total
        would be worse than none.
        """
        empty = {
            "interest": False,
            "indemnity_count": 0,
            "indemnity_total": False,
            "interest_total": False,
            "interest_day": self._format_date(self._get_day()),
        }
        if not self.level_id.include_interest or self.preventive:
            return empty
        interest, fees = Decimal(0), []
        for item in self._iter_interest():
            if item.error:
                return empty
            regime = self.env["recouvrement.legal.regime"].sudo().browse(item.regime_id)
            if not regime.mention_interest:
                continue
            interest += item.due
            if regime.kind in COSTS_ALLOWED and item.indemnity_due:
                fees.append(item.indemnity_due)
        total = sum(fees, Decimal(0))
        return {
            **empty,
            "interest": bool(interest) and self._format_sum(interest),
            "indemnity_count": len(fees),
            "indemnity_total": bool(total) and self._format_sum(total),
            "interest_total": bool(interest + total)
            and self._format_sum(interest + total),
        }

    def _iter_interest(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT move_line_id FROM recouvrement_reminder_line
                    WHERE reminder_id = %s AND role IN ('chase', 'recall')
                 ORDER BY move_line_id""",
                self.id,
            )
        )
        return self.env["recouvrement.interest"]._iter_items(
            [line_id for [line_id] in rows], until=self._get_day()
        )

    def _format_sum(self, amount):
        env = self.with_context(lang=self.lang).env
        return formatLang(env, float(amount), currency_obj=self.currency_id)
