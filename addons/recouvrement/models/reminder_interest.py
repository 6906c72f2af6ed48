"""Late interest in the texts of reminders: to the day of the demand, beside the sum
asked, and only what the law gives the creditor."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL, formatLang

from ..tools.interest import InterestError

ONE = Decimal(1)
# Kinds of regime under which recovery costs may be asked from the debtor; asking them
# from a consumer is an offence (C. conso. art. L121-21).
COSTS_ALLOWED = ("fr_b2b", "fr_public", "other")


class RecouvrementReminder(models.Model):
    _inherit = "recouvrement.reminder"

    # Computed for all the reminders that are written together.
    asked_terms = fields.Json(
        compute="_compute_asked_terms",
        compute_sudo=True,
        help="Legal regime and contractual rate of the items asked, each pair once.",
    )
    asked_interest = fields.Json(
        compute="_compute_asked_interest",
        compute_sudo=True,
        help="Interest and number and total of the indemnities of the items asked; "
        "empty when one of them cannot be computed.",
    )

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
        combinations = self.asked_terms
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

    @api.depends("line_ids.role", "debtor_id.regime_id", "debtor_id.contractual_rate")
    def _compute_asked_terms(self):
        self.env["recouvrement.interest"]._flush_sources()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT rl.reminder_id,
                       COALESCE(m.legal_regime_id, d.regime_id),
                       COALESCE(CASE WHEN m.legal_regime_id IS NULL
                                     THEN d.contractual_rate
                                     ELSE m.contractual_rate END, 0)::float
                  FROM recouvrement_reminder_line rl
                  JOIN account_move_line l ON l.id = rl.move_line_id
                  JOIN account_move m ON m.id = l.move_id
                  JOIN recouvrement_reminder r ON r.id = rl.reminder_id
                  JOIN recouvrement_debtor d ON d.id = r.debtor_id
                 WHERE rl.reminder_id = ANY(%s) AND rl.role IN ('chase', 'recall')
                   AND m.penalty_statement_id IS NULL
                """,
                self._origin.ids,
            )
        )
        terms = defaultdict(list)
        for reminder_id, *pair in rows:
            terms[reminder_id].append(pair)
        for reminder in self:
            reminder.asked_terms = terms[reminder._origin.id]

    # ------------------------------------------------------------------
    # AMOUNTS
    # ------------------------------------------------------------------

    def _get_interest_values(self):
        """Interest and indemnities of the items asked, to the day of the demand."""
        empty = {
            "interest": False,
            "indemnity_count": 0,
            "indemnity_total": False,
            "interest_total": False,
            "interest_day": self._format_date(self._get_day()),
        }
        if not self.level_id.include_interest or self.preventive:
            return empty
        asked = self.asked_interest
        if not asked:
            return empty
        interest, total = Decimal(asked["interest"]), Decimal(asked["indemnities"])
        return {
            **empty,
            "interest": bool(interest) and self._format_sum(interest),
            "indemnity_count": asked["count"],
            "indemnity_total": bool(total) and self._format_sum(total),
            "interest_total": bool(interest + total)
            and self._format_sum(interest + total),
        }

    @api.depends(
        "line_ids.role",
        "line_ids.amount_residual",
        "level_id.include_interest",
        "date_sent",
    )
    def _compute_asked_interest(self):
        """The items of all reminders of a day are computed together."""
        self.asked_interest = False
        wanted = self.filtered(lambda r: r.level_id.include_interest)
        for day, reminders in wanted.grouped(lambda r: r._get_day()).items():
            lines = reminders._read_asked_lines()
            ids = sorted({line for found in lines.values() for line in found})
            feed = self.env["recouvrement.interest"]._iter_items(ids, until=day)
            items = {item.line_id: item for item in feed}
            for reminder in reminders:
                found = lines.get(reminder._origin.id, {})
                reminder.asked_interest = self._sum_asked(
                    [items[line] for line in found if line in items], found
                )

    def _read_asked_lines(self):
        """Journal items asked by each reminder, and the share that is asked of them,
        what is disputed apart: ``{reminder_id: {line_id: Decimal}}``."""
        lines = defaultdict(dict)
        for reminder_id, line_id, residual, disputed in self.env.execute_query(
            SQL(
                """SELECT reminder_id, move_line_id, amount_residual::text,
                          COALESCE(amount_disputed, 0)::text
                     FROM recouvrement_reminder_line
                    WHERE reminder_id = ANY(%s) AND role IN ('chase', 'recall')""",
                self._origin.ids,
            )
        ):
            asked, aside = Decimal(residual), Decimal(disputed)
            lines[reminder_id][line_id] = asked / (asked + aside) if aside else ONE
        return lines

    def _sum_asked(self, items, shares):
        """Sums of items; False when one cannot be computed: a wrong total would be
        worse than none.

        :param dict shares: what part of the interest of each item is mentioned.
        """
        if any(item.error for item in items):
            return False
        regimes = self.env["recouvrement.legal.regime"].browse(
            {item.regime_id for item in items if item.regime_id}
        )
        mentioned = {regime.id: regime for regime in regimes if regime.mention_interest}
        items = [item for item in items if item.regime_id in mentioned]
        fees = [
            item.indemnity_due
            for item in items
            if mentioned[item.regime_id].kind in COSTS_ALLOWED and item.indemnity_due
        ]
        return {
            "interest": str(
                sum((self._take_share(item, shares) for item in items), Decimal(0))
            ),
            "count": len(fees),
            "indemnities": str(sum(fees, Decimal(0))),
        }

    def _take_share(self, item, shares):
        """Interest on what is asked of an item, to the cent of its currency."""
        share = shares[item.line_id]
        if share == ONE:
            return item.due
        unit = Decimal(1).scaleb(-self.currency_id.decimal_places)
        return (item.due * share).quantize(unit)

    def _format_sum(self, amount):
        env = self.with_context(lang=self.lang).env
        return formatLang(env, float(amount), currency_obj=self.currency_id)
