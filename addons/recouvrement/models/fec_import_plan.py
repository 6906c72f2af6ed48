"""What has to be posted: what the FEC leaves open, less what earlier takeovers posted.

The newest file is the truth (LPF art. A47 A-1, IX: it repeats the balances of the year
before). An item already here is kept, with its reminders, and only its change is
posted; so loading the same thing again posts nothing, and receivables always equal the
newest balance.
"""

from collections import defaultdict

from odoo import models
from odoo.tools import SQL


class RecouvrementFecImport(models.Model):
    _inherit = "recouvrement.fec.import"

    def _apply_steps(self):
        """Open what the refused steps of matching had closed, then plan anew."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_fec_item i
                   SET open_amount = i.matched_amount + COALESCE(back.amount, 0)
                  FROM recouvrement_fec_item own
             LEFT JOIN (
                       SELECT s.item_id, SUM(s.amount) AS amount
                         FROM recouvrement_fec_match m
                        CROSS JOIN LATERAL (VALUES (m.debit_item_id, m.amount),
                                                   (m.credit_item_id, -m.amount))
                              AS s(item_id, amount)
                        WHERE m.import_id = %(id)s AND m.in_newest
                          AND m.step = ANY(%(refused)s)
                     GROUP BY s.item_id) back ON back.item_id = own.id
                 WHERE own.id = i.id AND i.import_id = %(id)s
                """,
                id=self.id,
                refused=self._get_refused_steps(),
            )
        )
        self._plan()

    def _get_refused_steps(self):
        steps = ("piece", "amount", "oldest")
        return [step for step in steps if not self[f"accept_{step}"]]

    # ------------------------------------------------------------------
    # PLAN
    # ------------------------------------------------------------------

    def _plan(self):
        """Set what to post of each item, from what earlier takeovers posted."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM recouvrement_fec_item
                 WHERE import_id = %s AND file_name IS NULL AND role IS NULL
                """,
                self.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_fec_item
                   SET ledger_uid = uid, posted_amount = NULL, to_post = open_amount
                 WHERE import_id = %s AND role IS NULL
                """,
                self.id,
            )
        )
        if self._get_earlier():
            self._adopt_openings()
            self._plan_changes()
        self.env["recouvrement.fec.item"].invalidate_model()

    def _posted_sql(self):
        """What takeovers in force have posted, one row per item they posted.

        Columns: ledger_uid, customer account, amount, and the item first posted.
        """
        return SQL(
            """
            SELECT p.ledger_uid, c.account_code, c.aux_code,
                   SUM(l.balance) AS amount,
                   MIN(p.id) FILTER (WHERE p.role = 'open') AS item_id
              FROM recouvrement_fec_item p
              JOIN recouvrement_fec_import e ON e.id = p.import_id
               AND e.state = 'loaded' AND e.id <> %(id)s
              JOIN recouvrement_fec_customer c ON c.id = p.customer_id
              JOIN account_move_line l ON l.id = p.move_line_id
               AND l.parent_state = 'posted'
             WHERE p.company_id = %(company)s AND p.role IN ('open', 'adjust')
          GROUP BY p.ledger_uid, c.account_code, c.aux_code
            """,
            id=self.id,
            company=self.company_id.id,
        )

    def _plan_changes(self):
        """Post the differences; what an earlier takeover left open and the files
        no longer hold open is closed."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_fec_item i
                   SET posted_amount = p.amount, to_post = i.open_amount - p.amount
                  FROM (%s) p
                 WHERE i.import_id = %s AND i.role IS NULL
                   AND i.ledger_uid = p.ledger_uid
                """,
                self._posted_sql(),
                self.id,
            )
        )
        self._add_missing_customers()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO recouvrement_fec_item
                       (import_id, company_id, customer_id, uid, ledger_uid, ref, label,
                        date, piece_date, date_due, kind, original_amount,
                        matched_amount, open_amount, posted_amount, to_post,
                        age_certain, currency_amount, currency_name, paid_date)
                SELECT %(id)s, f.company_id, c.id, f.uid, p.ledger_uid, f.ref, f.label,
                       f.date, f.piece_date, f.date_due, 'other', f.original_amount,
                       0, 0, p.amount, -p.amount, f.age_certain, f.currency_amount,
                       f.currency_name, %(day)s::date
                  FROM (%(posted)s) p
                  JOIN recouvrement_fec_item f ON f.id = p.item_id
                  JOIN recouvrement_fec_customer c ON c.import_id = %(id)s
                   AND c.account_code = p.account_code AND c.aux_code = p.aux_code
                 WHERE p.amount <> 0
                   AND NOT EXISTS (SELECT 1 FROM recouvrement_fec_item i
                                    WHERE i.import_id = %(id)s
                                      AND i.ledger_uid = p.ledger_uid)
                """,
                id=self.id,
                posted=self._posted_sql(),
                day=self.takeover_date or None,
            )
        )

    def _add_missing_customers(self):
        """Customers of earlier takeovers that the files no longer name."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO recouvrement_fec_customer
                       (import_id, company_id, account_code, aux_code, name, line_count,
                        balance, chaseable, partner_id, matched_by)
                SELECT DISTINCT ON (p.account_code, p.aux_code)
                       %s, o.company_id, o.account_code, o.aux_code, o.name, 0, 0,
                       o.chaseable, o.partner_id, 'earlier'
                  FROM (%s) p
                  JOIN recouvrement_fec_item f ON f.id = p.item_id
                  JOIN recouvrement_fec_customer o ON o.id = f.customer_id
                    ON CONFLICT (import_id, account_code, aux_code) DO NOTHING
                """,
                self.id,
                self._posted_sql(),
            )
        )
        self.env["recouvrement.fec.customer"].invalidate_model()

    # ------------------------------------------------------------------
    # OPENINGS THAT REPEAT AN ITEM
    # ------------------------------------------------------------------

    def _adopt_openings(self):
        """Recognise the items of earlier takeovers in the openings that repeat them.

        The same customer, amount and reference, else the same customer, amount and
        date of the document, else the same customer and amount.
        """
        posted = self.env.execute_query(
            SQL(
                """
                SELECT c.account_code, c.aux_code, p.amount, f.ref, f.piece_date,
                       p.ledger_uid
                  FROM (%(posted)s) p
                  JOIN recouvrement_fec_item f ON f.id = p.item_id
                  JOIN recouvrement_fec_customer c ON c.id = f.customer_id
                 WHERE p.amount <> 0
                   AND NOT EXISTS (SELECT 1 FROM recouvrement_fec_item i
                                    WHERE i.import_id = %(id)s
                                      AND i.uid = p.ledger_uid)
                """,
                posted=self._posted_sql(),
                id=self.id,
            )
        )
        if not posted:
            return
        openings = self.env.execute_query(
            SQL(
                """
                SELECT c.account_code, c.aux_code, i.original_amount, i.ref,
                       i.piece_date, i.id
                  FROM recouvrement_fec_item i
                  JOIN recouvrement_fec_customer c ON c.id = i.customer_id
                 WHERE i.import_id = %(id)s AND i.kind = 'opening'
                   AND NOT EXISTS (SELECT 1 FROM (%(posted)s) p
                                    WHERE p.ledger_uid = i.uid)
              ORDER BY i.id
                """,
                id=self.id,
                posted=self._posted_sql(),
            )
        )
        self._write_adopted(self._pair_openings(posted, openings))

    def _pair_openings(self, posted, openings):
        """:return: ledger uid by item id."""
        pairs = {}
        keys = (
            lambda row: row[3] and (*row[:3], row[3]),
            lambda row: row[4] and (*row[:3], row[4]),
            lambda row: row[:3],
        )
        for key in keys:
            waiting = defaultdict(list)
            taken = set(pairs.values())
            for row in posted:
                if row[5] not in taken and key(row):
                    waiting[key(row)].append(row[5])
            for row in openings:
                if row[5] not in pairs and waiting.get(key(row)):
                    pairs[row[5]] = waiting[key(row)].pop(0)
        return pairs

    def _write_adopted(self, pairs):
        if not pairs:
            return
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_fec_item i SET ledger_uid = v.uid
                  FROM unnest(%s::integer[], %s::varchar[]) AS v(id, uid)
                 WHERE i.id = v.id
                """,
                list(pairs),
                list(pairs.values()),
            )
        )

    # ------------------------------------------------------------------
    # HISTORY
    # ------------------------------------------------------------------

    def _get_history_steps(self):
        return {
            "none": [],
            "lettering": ["lettering"],
            "piece": ["lettering", "piece"],
            "all": ["lettering", "piece", "amount", "oldest"],
        }[self.load_history]

    def _history_condition(self):
        """Paid items to take over that are not here yet in any way."""
        return SQL(
            """
            (paid_step = ANY(%s) AND open_amount = 0 AND posted_amount IS NULL
             AND role IS NULL
             AND NOT EXISTS (SELECT 1 FROM recouvrement_fec_item done
                              WHERE done.company_id = recouvrement_fec_item.company_id
                                AND done.uid = recouvrement_fec_item.uid
                                AND done.role IN ('history', 'open')))
            """,
            self._get_history_steps(),
        )

    # ------------------------------------------------------------------
    # FIGURES OF THE PLAN
    # ------------------------------------------------------------------

    def _get_figures(self):
        """Counts and sums of what the accepted steps leave, from one statement."""
        as_of = (self.report_data or {}).get("as_of")
        [figures] = self.env.execute_query_dict(
            SQL(
                """
                SELECT COUNT(*) FILTER (WHERE open_amount > 0) AS open_items,
                       COUNT(*) FILTER (WHERE open_amount < 0) AS open_credits,
                       COALESCE(SUM(open_amount) FILTER (WHERE open_amount > 0), 0)
                           AS debit,
                       COALESCE(SUM(open_amount) FILTER (WHERE open_amount < 0), 0)
                           AS credit,
                       COALESCE(SUM(open_amount), 0) AS balance,
                       COUNT(*) FILTER (WHERE open_amount <> 0 AND settled_later)
                           AS settled_later,
                       COALESCE(SUM(posted_amount), 0) AS already_here,
                       COUNT(*) FILTER (WHERE to_post <> 0) AS to_post_count,
                       COALESCE(SUM(to_post), 0) AS to_post,
                       COUNT(*) FILTER (WHERE %s) AS history
                  FROM recouvrement_fec_item WHERE import_id = %s
                """,
                self._history_condition(),
                self.id,
            )
        )
        figures["aged"] = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT %s AS bucket, SUM(open_amount) FROM recouvrement_fec_item
                     WHERE import_id = %s AND open_amount > 0 GROUP BY bucket
                    """,
                    self._bucket_sql(as_of),
                    self.id,
                )
            )
        )
        return figures

    def _bucket_sql(self, as_of):
        """Age of an open item; never over 180 days on a date that is only a bound."""
        return SQL(
            """
            CASE WHEN date_due IS NULL THEN 'unknown'
                 WHEN date_due >= %(day)s::date THEN 'not_due'
                 WHEN date_due >= %(day)s::date - 30 THEN '1_30'
                 WHEN date_due >= %(day)s::date - 60 THEN '31_60'
                 WHEN date_due >= %(day)s::date - 90 THEN '61_90'
                 WHEN date_due >= %(day)s::date - 180 THEN '91_180'
                 WHEN NOT age_certain THEN 'unknown'
                 ELSE 'over_180' END
            """,
            day=as_of,
        )

    def _count_to_load(self):
        figures = self._get_figures()
        return figures["to_post_count"] + figures["history"]
