"""Who had a debtor account when: a receipt counts for the collector of its day."""

from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementAssignment(models.Model):
    """A collector had a debtor account for some days. The first one holds for all the
    days before it, the last one until further notice."""

    _name = "recouvrement.assignment"
    _inherit = ["recouvrement.guarded"]
    _description = "Time of a Debtor in a Portfolio"
    _order = "debtor_id, date_to desc, id desc"
    _log_access = False
    _rec_name = "collector_id"

    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True, index="btree_not_null")
    date_from = fields.Date(
        string="From", readonly=True, help="Empty: as far back as the ledger goes."
    )
    date_to = fields.Date(string="Until", readonly=True)
    made_on = fields.Date(required=True, readonly=True)

    _one_current = models.UniqueIndex("(debtor_id) WHERE date_to IS NULL")
    # Ranges of one number, because whole numbers need an extension in such an index.
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(debtor_id, debtor_id, '[]') WITH &&, "
        "daterange(date_from, date_to, '[]') WITH &&)",
        "A debtor account is in one portfolio at a time.",
    )

    def init(self):
        """Who has the accounts that are there already had them all along."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO recouvrement_assignment
                       (debtor_id, company_id, collector_id, made_on)
                SELECT d.id, d.company_id, d.collector_id, %s
                  FROM recouvrement_debtor d
                 WHERE NOT EXISTS (SELECT FROM recouvrement_assignment a
                                    WHERE a.debtor_id = d.id)
                """,
                fields.Date.context_today(self),
            )
        )

    @api.model
    def _collector_sql(self, debtor, day):
        """Who had an account on a day, as a scalar.

        :param SQL debtor: id of the debtor account.
        :param SQL day: the day.
        """
        return SQL(
            """(SELECT assigned.collector_id
                  FROM recouvrement_assignment assigned WHERE %s)""",
            self._assigned_sql(debtor, day),
        )

    @api.model
    def _join_collector_sql(self, debtor, day):
        """``(join, collector)``: the same for many rows at once. An account is in one
        portfolio at a time, so that no row is there twice."""
        join = SQL(
            "LEFT JOIN recouvrement_assignment assigned ON %s",
            self._assigned_sql(debtor, day),
        )
        return join, SQL("assigned.collector_id")

    @api.model
    def _assigned_sql(self, debtor, day):
        return SQL(
            """assigned.debtor_id = %(debtor)s
               AND (assigned.date_from IS NULL OR assigned.date_from <= %(day)s)
               AND (assigned.date_to IS NULL OR assigned.date_to >= %(day)s)""",
            debtor=debtor,
            day=day,
        )

    @api.model
    def _follow(self, condition):
        """Write down who has these accounts from today on. A change of the same day
        replaces the one before: the day belongs to who has the account at its end.

        :param SQL condition: on ``recouvrement_debtor d``.
        :return: number of accounts that changed hands.
        """
        self.env["recouvrement.debtor"].flush_model(["collector_id", "company_id"])
        self.flush_model()
        today = fields.Date.context_today(self)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT d.id
                  FROM recouvrement_debtor d
             LEFT JOIN recouvrement_assignment a
                    ON a.debtor_id = d.id AND a.date_to IS NULL
                 WHERE %s
                   AND (a.id IS NULL OR a.collector_id IS DISTINCT FROM d.collector_id)
                """,
                condition,
            )
        )
        if rows:
            ids = [debtor_id for (debtor_id,) in rows]
            for statement in self._follow_statements(ids, today):
                self.env.cr.execute(statement)
            self.invalidate_model(flush=False)
        return len(rows)

    @api.model
    def _follow_statements(self, debtor_ids, today):
        values = {"ids": debtor_ids, "today": today}
        return [
            SQL(
                """
                UPDATE recouvrement_assignment a SET collector_id = d.collector_id
                  FROM recouvrement_debtor d
                 WHERE d.id = a.debtor_id AND d.id = ANY(%(ids)s)
                   AND a.date_to IS NULL AND a.made_on >= %(today)s
                """,
                **values,
            ),
            SQL(
                """
                UPDATE recouvrement_assignment a
                   SET date_to = %(today)s::date - 1
                  FROM recouvrement_debtor d
                 WHERE d.id = a.debtor_id AND d.id = ANY(%(ids)s)
                   AND a.date_to IS NULL AND a.made_on < %(today)s
                """,
                **values,
            ),
            SQL(
                """
                INSERT INTO recouvrement_assignment
                       (debtor_id, company_id, collector_id, date_from, made_on)
                SELECT d.id, d.company_id, d.collector_id,
                       CASE WHEN EXISTS (SELECT FROM recouvrement_assignment a
                                          WHERE a.debtor_id = d.id)
                            THEN %(today)s::date END,
                       %(today)s
                  FROM recouvrement_debtor d
                 WHERE d.id = ANY(%(ids)s)
                   AND NOT EXISTS (SELECT FROM recouvrement_assignment a
                                    WHERE a.debtor_id = d.id AND a.date_to IS NULL)
                """,
                **values,
            ),
        ]
