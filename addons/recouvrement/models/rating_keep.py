"""The ratings of many debtors kept at once, by three statements, and told to who
follows them."""

import json

from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL

# Fields of the account that follow its current rating.
CARRIED = [
    "rating_id",
    "rating_ids",
    "rating_explanation",
    "rating_grade_id",
    "rating_level",
    "rating_score",
    "rating_date",
    "rating_change",
]


class RecouvrementRating(models.Model):
    _inherit = "recouvrement.rating"

    # ------------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------------

    @api.model
    def _withdraw(self, debtors):
        """Leave debtors without a current rating."""
        if not debtors:
            return
        self.env.cr.execute(
            SQL(
                """UPDATE recouvrement_rating SET is_current = FALSE
                    WHERE is_current AND debtor_id = ANY(%s)""",
                debtors.ids,
            )
        )
        self._copy_to_debtors(debtors.ids)

    @api.model
    def _replace(self, rows, today):
        """Make these the current ratings of their debtors.

        :param rows: list of values, at most one per debtor.
        :return: the new ratings.
        """
        if not rows:
            return self.browse()
        self.flush_model()
        ids = [row["debtor_id"] for row in rows]
        before = dict(
            self.env.execute_query(
                SQL(
                    """
                    UPDATE recouvrement_rating r SET is_current = FALSE
                     WHERE r.debtor_id = ANY(%s) AND r.is_current
                 RETURNING r.debtor_id, r.grade_id
                    """,
                    ids,
                )
            )
        )
        new = self.env.execute_query(
            SQL(
                """
                INSERT INTO recouvrement_rating
                       (debtor_id, company_id, date, grade_id, previous_grade_id,
                        change, score, known_share, model_id, knockout, source, parts,
                        reason, date_expiry, author_id, is_current, create_uid,
                        create_date, write_uid, write_date)
                SELECT x.debtor_id, x.company_id, %(today)s, x.grade_id, old.id,
                       COALESCE(old.rank - g.rank, 0), x.score, x.known_share,
                       x.model_id, x.knockout, x.source, x.parts, x.reason,
                       x.date_expiry, x.author_id, TRUE, %(uid)s, %(now)s, %(uid)s,
                       %(now)s
                  FROM (%(given)s) x
                  JOIN recouvrement_rating_grade g ON g.id = x.grade_id
             LEFT JOIN jsonb_each_text(%(before)s::jsonb) b
                    ON b.key = x.debtor_id::text
             LEFT JOIN recouvrement_rating_grade old ON old.id = b.value::int
             RETURNING id, change
                """,
                today=today,
                uid=self.env.uid,
                now=fields.Datetime.now(),
                given=self._given_sql(rows),
                before=json.dumps(before),
            )
        )
        self._copy_to_debtors(ids)
        self.browse(rating_id for rating_id, change in new if change)._tell()
        return self.browse(rating_id for rating_id, _change in new)

    @api.model
    def _given_sql(self, rows):
        return SQL(
            """
            SELECT * FROM jsonb_to_recordset(%s::jsonb) AS x(
                debtor_id int, company_id int, grade_id int, score numeric,
                known_share numeric, model_id int, knockout text, source text,
                parts jsonb, reason text, date_expiry date, author_id int)
            """,
            json.dumps(rows, default=str),
        )

    @api.model
    def _copy_to_debtors(self, debtor_ids):
        """The current rating on the account, for lists and filters."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_debtor d
                   SET rating_grade_id = r.grade_id,
                       rating_score = r.score, rating_date = r.date,
                       rating_change = r.change
                  FROM UNNEST(%s) AS t(id)
             LEFT JOIN recouvrement_rating r ON r.debtor_id = t.id AND r.is_current
                 WHERE d.id = t.id
                """,
                debtor_ids,
            )
        )
        self.invalidate_model()
        self.env["recouvrement.debtor"].invalidate_model(CARRIED, flush=False)

    # ------------------------------------------------------------------
    # TELLING
    # ------------------------------------------------------------------

    def _tell(self):
        """An event for each of these changes of grade; an activity for who follows a
        debtor that fell by as many grades as the company sets."""
        for (before, after, reason), moved in self.grouped(
            lambda rating: (rating.previous_grade_id, rating.grade_id, rating.reason)
        ).items():
            moved.debtor_id._log_event(
                "rating",
                self.env._(
                    "Rating %(before)s → %(after)s",
                    before=before.code,
                    after=after.code,
                ),
                detail=reason or False,
            )
        fallen = self.filtered(
            lambda r: (
                r.source == "computed"
                and 0 < r.company_id.recouvrement_rating_alert <= -r.change
            )
        )
        self.env["mail.activity"].sudo().with_context(
            mail_activity_quick_update=True
        ).create([rating._prepare_alert() for rating in fallen])

    def _prepare_alert(self):
        debtor = self.debtor_id
        assignee = debtor.substitute_id or debtor.collector_id
        return {
            "res_model_id": self.env["ir.model"]._get_id("recouvrement.debtor"),
            "res_id": debtor.id,
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(
                "mail.mail_activity_data_todo"
            ),
            "user_id": assignee.id or self.env.uid,
            "date_deadline": fields.Date.context_today(self),
            "summary": self.env._(
                "Rating fallen from %(before)s to %(after)s",
                before=self.previous_grade_id.code,
                after=self.grade_id.code,
            ),
            "note": Markup("%s") % self.explanation,
        }
