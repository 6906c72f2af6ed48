"""What was open on a past day, whatever was undone or re-dated since: matchings that
were undone and due dates that were changed count as they were on that day."""

from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.recouvrement.models.open_item import ALWAYS, RECEIVABLE

KNOWN_AT = "known_at"
PAST_KEYS = (KNOWN_AT, "open_items_as_of", "at_end_of_day", "raw_due_dates")


class RecouvrementOpenItem(models.Model):
    _inherit = "recouvrement.open.item"

    # EXTENDS 'recouvrement'
    @api.model
    def _open_lines_sql(self, as_of=None, condition=ALWAYS, account_type=RECEIVABLE):
        known_at = self._get_known_at()
        if known_at:
            condition = SQL("%s AND %s", condition, self._known_sql("l", known_at))
        lines = super()._open_lines_sql(as_of, condition, account_type)
        if self.env.context.get("raw_due_dates") or as_of is None:
            return lines
        if not self._was_redated_since(as_of):
            return lines
        return SQL(
            """
            SELECT o.id, o.account_id, o.move_id, o.company_id, o.partner_id,
                   o.currency_id, o.company_currency_id, o.date,
                   COALESCE(redated.date_due, o.date_due) AS date_due%(origin)s,
                   o.residual, o.residual_currency
              FROM (%(lines)s) o
         LEFT JOIN (%(redated)s) redated ON redated.line_id = o.id
               AND %(as_of)s >= redated.date_from AND %(as_of)s < redated.date_to
            """,
            lines=lines,
            origin=self._origin_sql("o"),
            redated=self._redated_sql(),
            as_of=as_of,
        )

    # EXTENDS 'recouvrement'
    @api.model
    def _is_present(self, as_of, account_type=RECEIVABLE):
        """Today's residuals also hold entries dated later. A balance that is to be the
        same when it is read again, context key ``at_end_of_day``, leaves them out."""
        if not super()._is_present(as_of, account_type) or self._get_known_at():
            return False
        return not (
            self.env.context.get("at_end_of_day")
            and as_of == fields.Date.context_today(self)
            and self._has_entries_after(as_of, account_type)
        )

    @api.model
    def _has_entries_after(self, as_of, account_type=RECEIVABLE):
        lines = self.env["account.move.line"].sudo()
        domain = [
            ("date", ">", as_of),
            ("parent_state", "=", "posted"),
            ("account_id.account_type", "=", account_type),
        ]
        return bool(lines.search(domain, limit=1, order="date DESC"))

    # EXTENDS 'recouvrement'
    @api.model
    def _later_matching_sql(self, as_of):
        later = super()._later_matching_sql(as_of)
        known_at = self._get_known_at()
        if known_at:
            later = self._with_learnt_sql(later, as_of, known_at)
        if not self._was_ever_undone():
            return later
        return SQL(
            """
            SELECT line_id, SUM(amount) AS amount,
                   SUM(amount_currency) AS amount_currency
              FROM (SELECT line_id, amount, amount_currency FROM (%(later)s) l
                 UNION ALL
                    SELECT line_id, amount, amount_currency FROM (%(remade)s) r
                     WHERE r.max_date <= %(as_of)s AND r.date > %(as_of)s
                 UNION ALL
                    SELECT line_id, -amount, -amount_currency FROM (%(undone)s) u
                     WHERE u.date_from <= %(as_of)s AND u.date_to > %(as_of)s) matched
          GROUP BY line_id
            """,
            later=later,
            remade=self._remade_sql(),
            undone=self._undone_sql(),
            as_of=as_of,
        )

    # EXTENDS 'recouvrement'
    @api.model
    def _sent_sql(self):
        """The level that was reached on the day in the context."""
        as_of = fields.Date.to_date(self.env.context.get("open_items_as_of"))
        if as_of is None:
            return super()._sent_sql()
        return SQL("%s AND r.date_sent <= %s", super()._sent_sql(), as_of)

    # ------------------------------------------------------------------
    # WHAT WAS KNOWN
    # ------------------------------------------------------------------

    @api.model
    def _get_known_at(self):
        """The moment in the context key ``known_at``: what was posted or matched after
        it is left out, whatever its date. None: everything counts.

        :raise UserError: when it is no moment.
        """
        try:
            return self._read_moment(self.env.context.get(KNOWN_AT))
        except (TypeError, ValueError) as error:
            raise UserError(self.env._("This is no moment.")) from error

    @api.model
    def _read_moment(self, value):
        """A moment in UTC, to the microsecond, which the ORM does not read."""
        if not value or isinstance(value, datetime):
            return value or None
        moment = datetime.fromisoformat(value)
        if moment.tzinfo:
            raise ValueError(value)
        return moment

    @api.model
    def _known_sql(self, alias, known_at):
        """Whether the entry of a row was posted by then."""
        return SQL(
            """NOT EXISTS (SELECT FROM account_move late WHERE late.id = %s
                AND COALESCE(late.posting_time, late.create_date) > %s)""",
            SQL.identifier(alias, "move_id"),
            known_at,
        )

    @api.model
    def _with_learnt_sql(self, later, as_of, known_at):
        """What was matched after a day, or for that day but after a moment."""
        return SQL(
            """
            SELECT line_id, SUM(amount) AS amount,
                   SUM(amount_currency) AS amount_currency
              FROM (SELECT line_id, amount, amount_currency FROM (%(later)s) known
                 UNION ALL
                    SELECT side.line_id, side.amount, side.amount_currency
                      FROM account_partial_reconcile r
                CROSS JOIN LATERAL (VALUES
                           (r.debit_move_id, r.amount, r.debit_amount_currency),
                           (r.credit_move_id, -r.amount, -r.credit_amount_currency)
                           ) AS side(line_id, amount, amount_currency)
                     WHERE r.max_date <= %(as_of)s AND r.create_date > %(known_at)s
                       AND r.id NOT IN (SELECT id FROM (%(remade)s) again
                                         WHERE again.date > %(as_of)s)) matched
          GROUP BY line_id
            """,
            later=later,
            as_of=as_of,
            known_at=known_at,
            remade=self._remade_sql(),
        )

    # ------------------------------------------------------------------
    # WHAT CHANGED SINCE
    # ------------------------------------------------------------------

    @api.model
    def _was_ever_undone(self):
        """Whether a past reading needs the log of matchings. What was made again after
        it was undone counts from then on, so that an old line of the log matters too.
        """
        return bool(
            self.env["recouvrement.matching.undone"]
            .sudo()
            .search([("id", "!=", False)], limit=1)
        )

    @api.model
    def _was_redated_since(self, as_of):
        """Whether a past reading needs the log of due dates."""
        changes = self.env["recouvrement.due.date.change"].sudo()
        return bool(changes.search([("date", ">", as_of)], limit=1))

    @api.model
    def _undone_sql(self):
        """Both sides of matchings that were undone: ``line_id, amount,
        amount_currency`` (negative for credits), ``date_from, date_to``.

        Entries that no longer are in the ledger on ``date_from`` take their matchings
        along: the balance follows the ledger.
        """
        return SQL(
            """
            SELECT side.line_id, side.amount, side.amount_currency,
                   GREATEST(u.date_from, d.date, c.date) AS date_from, u.date_to,
                   d.company_id <> c.company_id AS is_between
              FROM recouvrement_matching_undone u
              JOIN account_move_line d ON d.id = u.debit_move_id
               AND d.parent_state = 'posted'
              JOIN account_move_line c ON c.id = u.credit_move_id
               AND c.parent_state = 'posted' AND c.account_id = d.account_id
        CROSS JOIN LATERAL (VALUES
                       (u.debit_move_id, u.amount, u.debit_amount_currency),
                       (u.credit_move_id, -u.amount, -u.credit_amount_currency)
                   ) AS side(line_id, amount, amount_currency)
            """
        )

    @api.model
    def _remade_sql(self):
        """Both sides of the matchings made after another one of the item was undone:
        they count from the ``date`` they were made, not from their ``max_date``."""
        return SQL(
            """
            SELECT side.line_id, side.amount, side.amount_currency, r.id, r.max_date,
                   GREATEST(r.max_date, COALESCE(r.made_date, r.create_date::date))
                       AS date
              FROM account_partial_reconcile r
        CROSS JOIN LATERAL (VALUES
                       (r.debit_move_id, r.amount, r.debit_amount_currency),
                       (r.credit_move_id, -r.amount, -r.credit_amount_currency)
                   ) AS side(line_id, amount, amount_currency)
             WHERE r.id IN (
                   SELECT again.id FROM recouvrement_matching_undone u
                     JOIN account_partial_reconcile again
                       ON again.debit_move_id = u.debit_move_id
                      AND COALESCE(again.made_date, again.create_date::date)
                          >= u.date_to
                    UNION
                   SELECT again.id FROM recouvrement_matching_undone u
                     JOIN account_partial_reconcile again
                       ON again.credit_move_id = u.credit_move_id
                      AND COALESCE(again.made_date, again.create_date::date)
                          >= u.date_to)
            """
        )

    @api.model
    def _between_companies_sql(self, as_of):
        """What matchings with items of another company (a branch and its mother) take
        off the items of each: ``account_id, company_id, amount``, credits positive.

        Within a company the two sides of a matching are equal; between two they move
        what is open from one to the other, which no entry of the ledger does.
        """
        return SQL(
            """
            SELECT l.account_id, l.company_id, -SUM(side.amount) AS amount
              FROM (SELECT side.line_id, side.amount
                      FROM account_partial_reconcile r
                      JOIN account_move_line d ON d.id = r.debit_move_id
                      JOIN account_move_line c ON c.id = r.credit_move_id
                       AND c.company_id <> d.company_id
                CROSS JOIN LATERAL (VALUES (d.id, r.amount), (c.id, -r.amount))
                           AS side(line_id, amount)
                     WHERE r.max_date <= %(as_of)s
                       AND r.id NOT IN (SELECT m.id FROM (%(remade)s) m
                                         WHERE m.date > %(as_of)s)
                 UNION ALL
                    SELECT u.line_id, u.amount FROM (%(undone)s) u
                     WHERE u.is_between AND u.date_from <= %(as_of)s
                       AND u.date_to > %(as_of)s) side
              JOIN account_move_line l ON l.id = side.line_id
          GROUP BY l.account_id, l.company_id
            """,
            as_of=as_of,
            remade=self._remade_sql(),
            undone=self._undone_sql(),
        )

    @api.model
    def _redated_sql(self):
        """Due dates that items once had: ``line_id, date_due`` from ``date_from`` to
        the day before ``date_to``."""
        return SQL(
            """
            SELECT move_line_id AS line_id, date_old AS date_due,
                   COALESCE(LAG(date) OVER changes, '-infinity'::date) AS date_from,
                   date AS date_to
              FROM recouvrement_due_date_change
            WINDOW changes AS (PARTITION BY move_line_id ORDER BY date, id)
            """
        )


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # EXTENDS 'recouvrement'
    @api.model
    def _process_dirty(self):
        """Totals are those of today, also when a list of what was known before is the
        first to ask for them."""
        return super(
            RecouvrementDebtor, self.with_context(**dict.fromkeys(PAST_KEYS, False))
        )._process_dirty()
