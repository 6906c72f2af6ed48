"""What a collection debits: one statement writes it, from the candidates."""

from psycopg2.errors import UniqueViolation
from pytz import timezone

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from ..tools import target_calendar
from .collection_candidate import TAKEN
from .collection_line import FAILED


class RecouvrementSepaCollection(models.Model):
    _inherit = "recouvrement.sepa.collection"

    @api.model
    def _propose(self, journal, scheme, until, date):
        """A new collection of all that may be debited.

        :param journal: bank that collects.
        :param str scheme: ``CORE`` or ``B2B``.
        :param date until: items due until this day.
        :param date date: collection date, an open day of TARGET.
        :return: the collection, or none when there is nothing to debit.
        :raise UserError: when the bank needs more time, or somebody else is taking
            the same items.
        """
        collection = self.create(
            {
                "company_id": journal.company_id.root_id.id,
                "journal_id": journal.id,
                "scheme": scheme,
                "date_until": until,
                "date": date,
            }
        )
        if collection._fill():
            return collection
        collection.unlink()
        return self.browse()

    def action_propose(self):
        """Propose again: what was removed by hand comes back."""
        self.check_access("write")
        for collection in self:
            collection._fill()

    def action_empty(self):
        """Let all items go, so that the terms can be changed."""
        self.check_access("write")
        self._lock()
        self._check_state("draft")
        self.sudo()._empty()

    def _empty(self):
        self.line_ids.unlink()
        self.refusal_ids.unlink()
        self._refresh_totals()

    def _fill(self):
        """Write the debits of a draft.

        :return: their number.
        :raise UserError: see ``_propose``.
        """
        self.ensure_one()
        self._lock()
        self._check_state("draft")
        self._check_earliest()
        collection = self.sudo()
        collection._empty()
        candidates = self.env["recouvrement.sepa.candidate"].sudo()
        candidates._flush_candidates()
        collection._lock_debtors()
        try:
            with self.env.cr.savepoint(flush=False):
                self.env.cr.execute(collection._insert_sql())
        except UniqueViolation as error:
            raise UserError(
                self.env._(
                    "Somebody else has just taken some of these items into another "
                    "collection. Propose again."
                )
            ) from error
        self.env["recouvrement.sepa.collection.line"].invalidate_model()
        self.env["recouvrement.sepa.collection.item"].invalidate_model()
        collection._link_attempts()
        collection._refresh_totals()
        return collection.count

    def _lock_debtors(self):
        """Two proposals on the same customers follow each other."""
        candidates = self.env["recouvrement.sepa.candidate"]
        self.env.cr.execute(
            SQL(
                """SELECT d.id FROM recouvrement_debtor d
                    WHERE d.id IN (SELECT s.id FROM (%s) s)
                 ORDER BY d.id FOR NO KEY UPDATE""",
                candidates._scope_sql(self.company_id),
            )
        )

    # ------------------------------------------------------------------
    # DAYS
    # ------------------------------------------------------------------

    @api.model
    def _get_earliest_date(self, journal, scheme):
        """First collection date that the bank still takes, at the hour it is there."""
        now = fields.Datetime.context_timestamp(
            self.with_context(tz=self._get_bank_tz(journal)), fields.Datetime.now()
        )
        return target_calendar.earliest_collection(
            now.date(),
            now.hour + now.minute / 60,
            journal.sepa_cutoff_hour,
            journal._get_sepa_lead_days(scheme),
        )

    @api.model
    def _get_bank_tz(self, journal):
        """Time zone in which the bank reads its clock: that of the company."""
        name = journal.company_id.root_id.sudo().partner_id.tz or "Europe/Paris"
        return str(timezone(name))

    def _check_earliest(self):
        """:raise UserError: when the bank needs more time."""
        earliest = self._get_earliest_date(self.journal_id, self.scheme)
        if self.date < earliest:
            raise UserError(
                self.env._(
                    "%(bank)s takes no %(scheme)s collection before %(day)s any more.",
                    bank=self.journal_id.display_name,
                    scheme=self.scheme,
                    day=format_date(self.env, earliest),
                )
            )

    # ------------------------------------------------------------------
    # STATEMENTS
    # ------------------------------------------------------------------

    def _get_message_id(self):
        """The scheme is part of it: identifiers of both never meet."""
        return f"{self.name}-{self.scheme}"

    def _insert_sql(self):
        """Debits and their items, from the candidates."""
        sequence_first = self.journal_id.sepa_sequence_mode == "first"
        return SQL(
            """
            WITH candidate AS MATERIALIZED (%(candidates)s),
            chosen AS (SELECT * FROM candidate WHERE reason = ANY(%(taken)s)),
            debit AS MATERIALIZED (
                SELECT nextval('recouvrement_sepa_collection_line_id_seq') AS id, g.*
                  FROM (SELECT mandate_id, debtor_id, SUM(amount) AS amount,
                               MAX(notified_on) FILTER (WHERE amount > 0) AS told,
                               STRING_AGG(name, ', ' ORDER BY date_due, move_line_id)
                                   FILTER (WHERE amount > 0) AS remittance
                          FROM chosen
                      GROUP BY mandate_id, debtor_id
                        HAVING SUM(amount) > 0 AND SUM(amount) <= 999999999.99
                      ORDER BY debtor_id, mandate_id) g
            ), line AS (
                INSERT INTO recouvrement_sepa_collection_line
                       (id, collection_id, company_id, currency_id, debtor_id,
                        mandate_id, amount, date, state, live, end_to_end_id,
                        payment_info_id, scheme, sequence_type, rum,
                        creditor_identifier, signed_on, iban, bic, debtor_name,
                        remittance, prenotified_on, attempt)
                SELECT d.id, %(collection)s, %(company)s, %(euro)s, d.debtor_id, k.id,
                       d.amount, %(day)s::date, 'planned', TRUE,
                       %(prefix)s || '-' || d.id, %(prefix)s || '-' || q.sequence,
                       k.scheme, q.sequence,
                       k.name, k.creditor_identifier, k.date_signed, k.iban, k.bic,
                       COALESCE(NULLIF(k.account_holder, ''), p.name), d.remittance,
                       d.told, 1
                  FROM debit d
                  JOIN recouvrement_sepa_mandate k ON k.id = d.mandate_id
                  JOIN res_partner p ON p.id = k.partner_id
            CROSS JOIN LATERAL (
                       SELECT CASE WHEN k.kind = 'oneoff' THEN 'OOFF'
                                   WHEN %(first)s AND k.collection_count = 0
                                    AND NOT EXISTS (
                                        SELECT FROM recouvrement_sepa_collection_line y
                                         WHERE y.mandate_id = k.id AND y.live)
                                   THEN 'FRST' ELSE 'RCUR' END AS sequence) q
             RETURNING id, mandate_id
            )
            INSERT INTO recouvrement_sepa_collection_item
                   (line_id, move_line_id, installment_id, name, date_due, amount,
                    live)
            SELECT x.id, c.move_line_id, c.installment_id, c.name, c.date_due,
                   c.amount, TRUE
              FROM chosen c
              JOIN line x ON x.mandate_id = c.mandate_id
            """,
            candidates=self.env["recouvrement.sepa.candidate"]._candidate_sql(
                self.company_id,
                self.journal_id,
                self.scheme,
                self.date_until,
                self.date,
            ),
            taken=list(TAKEN),
            collection=self.id,
            company=self.company_id.id,
            euro=self.currency_id.id,
            day=self.date,
            prefix=self._get_message_id(),
            first=sequence_first,
        )

    def _link_attempts(self):
        """Which debits present again what came back: the last one that carried one of
        the same items."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_sepa_collection_line x
                   SET previous_line_id = b.id, attempt = b.attempt + 1
                  FROM (SELECT DISTINCT ON (i.line_id) i.line_id, y.id, y.attempt
                          FROM recouvrement_sepa_collection_item i
                          JOIN recouvrement_sepa_collection_item j
                            ON j.move_line_id = i.move_line_id
                           AND j.installment_id IS NOT DISTINCT FROM i.installment_id
                          JOIN recouvrement_sepa_collection_line y
                            ON y.id = j.line_id AND y.id <> i.line_id
                         WHERE i.line_id IN (
                               SELECT id FROM recouvrement_sepa_collection_line
                                WHERE collection_id = %s)
                           AND i.amount > 0 AND j.amount > 0
                           AND NOT j.live AND y.state = ANY(%s)
                      ORDER BY i.line_id, y.attempt DESC, y.id DESC) b
                 WHERE x.id = b.line_id
                """,
                self.id,
                list(FAILED),
            )
        )
        self.env["recouvrement.sepa.collection.line"].invalidate_model()


class RecouvrementSepaCollectionLine(models.Model):
    _inherit = "recouvrement.sepa.collection.line"

    def action_remove(self):
        """Take debits out of collections that have no file yet."""
        collections = self.collection_id
        collections.check_access("write")
        collections._lock()
        collections._check_state("draft", "to_approve", "approved")
        self.sudo().unlink()
        collections.sudo()._refresh_totals()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        if any(line.state != "planned" for line in self):
            raise UserError(
                self.env._("A debit that was presented stays: it has a history.")
            )
