"""The lines of a provision run, written by one statement from the open items."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

LINE_COLUMNS = SQL(
    """impairment_id, company_id, currency_id, debtor_id, partner_id, segment_id,
       move_line_id, name, date_due, age_bucket, item_currency_id, residual_currency,
       residual, net_base, cover, method, reason_id, rate, note, provision, booked,
       delta, edited, create_uid, create_date, write_uid, write_date"""
)


class RecouvrementImpairment(models.Model):
    _inherit = "recouvrement.impairment"

    def action_compute(self):
        """Make the lines anew; cover, rate and justification set by hand are kept."""
        self.check_access("write")
        self._check_draft()
        for run in self.sudo():
            run._compute_lines()
        return True

    def _compute_lines(self):
        self.ensure_one()
        self._flush_impairment_sources()
        edited = self._take_edited_lines()
        self.env.cr.execute(
            SQL(
                "DELETE FROM recouvrement_impairment_line WHERE impairment_id = %s",
                self.id,
            )
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO recouvrement_impairment_line (%(columns)s)
                SELECT %(id)s, %(company)s, %(currency)s, debtor_id, partner_id,
                       segment_id, move_line_id, name, date_due, age_bucket,
                       item_currency_id, residual_currency, residual, net_base, cover,
                       method, reason_id, rate, note, provision, booked,
                       provision - booked, FALSE, %(uid)s, %(now)s, %(uid)s, %(now)s
                  FROM (%(lines)s) computed
                """,
                columns=LINE_COLUMNS,
                id=self.id,
                company=self.company_id.id,
                currency=self.currency_id.id,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                lines=self._lines_sql(),
            )
        )
        self._put_edited_lines_back(edited)
        self.env.invalidate_all(flush=False)
        self.date_computed = fields.Datetime.now()

    @api.model
    def _flush_impairment_sources(self):
        self.env["recouvrement.debtor"]._process_dirty()
        self.env.flush_all()

    # ------------------------------------------------------------------
    # WHAT THE USER CHANGED
    # ------------------------------------------------------------------

    def _take_edited_lines(self):
        return self.env.execute_query(
            SQL(
                """
                SELECT move_line_id, cover, rate, note
                  FROM recouvrement_impairment_line
                 WHERE impairment_id = %s AND edited AND move_line_id IS NOT NULL
                """,
                self.id,
            )
        )

    def _put_edited_lines_back(self, edited):
        if not edited:
            return
        columns = list(zip(*edited, strict=True))
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_impairment_line il
                   SET cover = LEAST(v.cover, il.net_base), rate = v.rate,
                       note = v.note, edited = TRUE, provision = v.provision,
                       delta = v.provision - il.booked
                  FROM (SELECT own.id, e.cover, e.rate, e.note,
                               ROUND((own.net_base - LEAST(e.cover, own.net_base))
                                     * e.rate / 100 / %(unit)s) * %(unit)s AS provision
                          FROM unnest(%(ids)s::integer[], %(covers)s::numeric[],
                                      %(rates)s::numeric[], %(notes)s::varchar[])
                               AS e(move_line_id, cover, rate, note)
                          JOIN recouvrement_impairment_line own
                            ON own.move_line_id = e.move_line_id
                           AND own.impairment_id = %(id)s
                           AND own.method <> 'closed') v
                 WHERE v.id = il.id
                """,
                id=self.id,
                unit=self._unit(),
                ids=list(columns[0]),
                covers=list(columns[1]),
                rates=list(columns[2]),
                notes=list(columns[3]),
            )
        )

    # ------------------------------------------------------------------
    # PROOF
    # ------------------------------------------------------------------

    def _check_still_true(self):
        """Refuse lines that no longer are what the ledger says.

        :raise UserError: when an item, its open amount or what was booked changed.
        """
        self.ensure_one()
        self._flush_impairment_sources()
        [[changed]] = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(*)
                  FROM (%(lines)s) fresh
             FULL JOIN (SELECT * FROM recouvrement_impairment_line
                         WHERE impairment_id = %(id)s) kept
                    ON COALESCE(kept.move_line_id, -kept.debtor_id, 0)
                     = COALESCE(fresh.move_line_id, -fresh.debtor_id, 0)
                 WHERE (kept.residual, kept.net_base, kept.booked)
                       IS DISTINCT FROM (fresh.residual, fresh.net_base, fresh.booked)
                """,
                lines=self._lines_sql(),
                id=self.id,
            )
        )
        if changed:
            raise UserError(
                self.env._(
                    "The ledger changed since the provisions were computed (%s items): "
                    "compute them again.",
                    changed,
                )
            )
