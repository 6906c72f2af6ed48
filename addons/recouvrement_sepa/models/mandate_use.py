"""Which mandate collects what: the usable ones of a day, the rule that picks among
several, and what collections write back."""

from odoo import api, fields, models
from odoo.tools import SQL

CLOSED = ("final", "cancelled", "expired")


class RecouvrementSepaMandate(models.Model):
    _inherit = "recouvrement.sepa.mandate"

    def init(self):
        """Room in each page: a collection writes on most mandates at once."""
        self.env.cr.execute(
            SQL("ALTER TABLE %s SET (fillfactor = 60)", SQL.identifier(self._table))
        )

    # ------------------------------------------------------------------
    # USABLE
    # ------------------------------------------------------------------

    @api.model
    def _usable_sql(self, day):
        """Mandates under which a collection due on a day may be presented.

        :param day: a date, or an ``SQL`` of one.
        :return: statement of (id, debtor_id, company_id, scheme, kind, priority, name,
            creditor_identifier, creditor_name, iban, bic, date_signed, date_expiry,
            prenotification_days, journal_id, collection_count, any_journal).
        """
        self.flush_model()
        return SQL(
            """
            SELECT m.id, m.debtor_id, m.company_id, m.scheme, m.kind, m.priority,
                   m.name, m.creditor_identifier, m.creditor_name, m.iban, m.bic,
                   m.date_signed, m.date_expiry, m.prenotification_days, m.journal_id,
                   m.collection_count,
                   NOT EXISTS (SELECT FROM recouvrement_sepa_mandate_sale_journal_rel r
                                WHERE r.mandate_id = m.id) AS any_journal
              FROM recouvrement_sepa_mandate m
             WHERE m.state = 'active'
               AND m.date_signed <= %(day)s
               AND m.date_expiry >= %(day)s
               AND (m.scheme = 'CORE' OR m.registered_on <= %(day)s)
               AND (m.kind = 'recurrent' OR m.collection_count = 0)
            """,
            day=day,
        )

    @api.model
    def _pick_sql(self, day, debtor, sale_journal, chosen):
        """Id of the mandate that collects a document: a scalar subquery.

        The one chosen on the document, as long as it is not ended (suspended: none,
        nothing else is debited instead); else, of the usable ones that serve its
        journal, one bound to that journal first, then by priority, then the newest.

        :param SQL debtor: column of the debtor account.
        :param SQL sale_journal: column of the journal of the document.
        :param SQL chosen: column of the mandate chosen on the document, or NULL.
        """
        return SQL(
            """
            (SELECT u.id FROM (%(usable)s) u
          LEFT JOIN recouvrement_sepa_mandate c ON c.id = %(chosen)s
              WHERE u.debtor_id = %(debtor)s
                AND CASE WHEN c.id IS NULL OR c.state IN %(closed)s
                          OR c.debtor_id <> u.debtor_id
                         THEN u.any_journal OR EXISTS (
                              SELECT FROM recouvrement_sepa_mandate_sale_journal_rel r
                               WHERE r.mandate_id = u.id
                                 AND r.journal_id = %(journal)s)
                         ELSE u.id = c.id END
           ORDER BY u.any_journal, u.priority, u.id DESC LIMIT 1)
            """,
            usable=self._usable_sql(day),
            chosen=chosen,
            debtor=debtor,
            journal=sale_journal,
            closed=CLOSED,
        )

    @api.model
    def _picks_cte(self, day, debtors):
        """The same rule for many documents at once: CTEs ``usable``, of the usable
        mandates of some debtors; ``pick_bound`` (debtor_id, journal_id, id), the first
        of those bound to a journal; ``pick_any`` (debtor_id, id), of the others.

        :param SQL debtors: statement of their ids.
        """
        return SQL(
            """
            usable AS MATERIALIZED (
                SELECT u.id, u.debtor_id, u.priority, u.any_journal
                  FROM (%(usable)s) u WHERE u.debtor_id IN (%(debtors)s)
            ), pick_bound AS (
                SELECT DISTINCT ON (u.debtor_id, r.journal_id)
                       u.debtor_id, r.journal_id, u.id
                  FROM recouvrement_sepa_mandate_sale_journal_rel r
                  JOIN usable u ON u.id = r.mandate_id
              ORDER BY u.debtor_id, r.journal_id, u.priority, u.id DESC
            ), pick_any AS (
                SELECT DISTINCT ON (u.debtor_id) u.debtor_id, u.id
                  FROM usable u WHERE u.any_journal
              ORDER BY u.debtor_id, u.priority, u.id DESC
            )
            """,
            usable=self._usable_sql(day),
            debtors=debtors,
        )

    @api.model
    def _get_usable(self, mandate_ids, day=None):
        """Ids, among some mandates, of those usable on a day (today)."""
        day = day or fields.Date.context_today(self)
        rows = self.env.execute_query(
            SQL(
                "SELECT u.id FROM (%s) u WHERE u.id = ANY(%s)",
                self._usable_sql(day),
                list(mandate_ids),
            )
        )
        return {mandate_id for (mandate_id,) in rows}

    @api.model
    def _get_for_invoices(self, moves, day=None):
        """Mandate that collects each customer document: ``{move id: mandate}``.

        A constant number of queries; documents that none collects are left out.
        """
        moves = moves.filtered("id")
        if not moves:
            return {}
        moves.flush_recordset(
            ["sepa_mandate_id", "journal_id", "commercial_partner_id"]
        )
        self.env["recouvrement.debtor"].flush_model(["partner_id", "company_id"])
        roots = {company.id: company.root_id.id for company in moves.company_id}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.id, %(picked)s
                  FROM account_move move
                  JOIN unnest(%(companies)s, %(roots)s) AS root(company_id, root_id)
                    ON root.company_id = move.company_id
                  JOIN recouvrement_debtor d
                    ON d.partner_id = move.commercial_partner_id
                   AND d.company_id = root.root_id
                 WHERE move.id = ANY(%(ids)s)
                """,
                picked=self._pick_sql(
                    day or fields.Date.context_today(self),
                    SQL("d.id"),
                    SQL("move.journal_id"),
                    SQL("move.sepa_mandate_id"),
                ),
                companies=list(roots),
                roots=list(roots.values()),
                ids=moves.ids,
            )
        )
        return {move_id: self.browse(mandate) for move_id, mandate in rows if mandate}

    @api.model
    def _get_for_invoice(self, move, day=None):
        """Mandate that collects a customer document; empty when none does."""
        return self._get_for_invoices(move, day).get(move.id, self.browse())

    # ------------------------------------------------------------------
    # WHAT COLLECTIONS WRITE BACK
    # ------------------------------------------------------------------

    @api.model
    def _note_presented(self, rows):
        """Collections were presented: the 36 months start again, a one-off is used up.

        :param rows: pairs (mandate id, due date), one per collection; one statement.
        """
        rows = list(rows)
        if not rows:
            return
        self.flush_model()
        ids, days = (list(values) for values in zip(*rows, strict=True))
        self.env.cr.execute(
            SQL(
                """
                WITH presented AS (
                    SELECT p.id, MAX(p.day) AS day, COUNT(*) AS number
                      FROM unnest(%s::integer[], %s::date[]) AS p(id, day)
                  GROUP BY p.id
                )
                UPDATE recouvrement_sepa_mandate m
                   SET date_last_collection = GREATEST(m.date_last_collection, p.day),
                       date_expiry = (GREATEST(m.date_last_collection, p.day)
                                      + INTERVAL '36 months')::date,
                       collection_count = m.collection_count + p.number,
                       state = CASE WHEN m.kind = 'oneoff' THEN 'final'
                                    ELSE m.state END,
                       date_end = CASE WHEN m.kind = 'oneoff' THEN p.day
                                       ELSE m.date_end END
                  FROM presented p
                 WHERE m.id = p.id
                """,
                ids,
                days,
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _note_withdrawn(self, rows):
        """Collections did not leave after all: a one-off may be collected again.

        :param rows: (mandate id, due date of its last other collection or None), one
            per collection withdrawn; one statement.
        """
        rows = list(rows)
        if not rows:
            return
        self.flush_model()
        ids, days = (list(values) for values in zip(*rows, strict=True))
        self.env.cr.execute(
            SQL(
                """
                WITH withdrawn AS (
                    SELECT w.id, MAX(w.day) AS day, COUNT(*) AS number
                      FROM unnest(%s::integer[], %s::date[]) AS w(id, day)
                  GROUP BY w.id
                )
                UPDATE recouvrement_sepa_mandate m
                   SET date_last_collection = w.day,
                       date_expiry = (COALESCE(w.day, m.date_signed)
                                      + INTERVAL '36 months')::date,
                       collection_count = GREATEST(m.collection_count - w.number, 0),
                       state = CASE WHEN m.kind = 'oneoff' AND m.state = 'final'
                                    THEN 'active' ELSE m.state END,
                       date_end = CASE WHEN m.kind = 'oneoff' AND m.state = 'final'
                                       THEN NULL ELSE m.date_end END
                  FROM withdrawn w
                 WHERE m.id = w.id
                """,
                ids,
                days,
            )
        )
        self.invalidate_model(flush=False)
