"""What each debtor account needs today, and how urgent it is: one statement after the
totals, on facts that the account already carries.

``debtor_work_kinds.py`` says from which day each kind of work is due.
"""

from odoo import api, fields, models
from odoo.tools import SQL

WORK_KINDS = [
    ("reply", "Answer to Read"),
    ("relay", "Relay to Handle"),
    ("promise_broken", "Promise Broken"),
    ("plan_default", "Plan Not Respected"),
    ("request", "Request to Handle"),
    ("callback", "Call-back Planned"),
    ("limit", "Limit Date Near"),
    ("call", "To Call"),
    ("promise_due", "Promise Due"),
    ("defect", "File to Complete"),
    ("none", "Nothing Today"),
]
WORK_FIELDS = [
    "priority_score",
    "priority",
    "collect_amount",
    "to_work",
    "work_kind",
    "work_codes",
    "work_date",
    "work_reasons",
    "work_badges",
    "work_sentence",
]
# Columns that the statement writes.
JUDGED = [
    "priority_score",
    "priority",
    "collect_amount",
    "work_kind",
    "to_work",
    "work_codes",
    "work_date",
    "work_reasons",
]
# Columns of the account that the statement reads and that people or code write.
SOURCES = {
    "active",
    "answered",
    "doubtful_reason_id",
    "hold_until",
    "insured_share",
    "next_action_date",
}


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    collect_amount = fields.Monetary(
        string="To Collect",
        readonly=True,
        help="Overdue items that are not promised, in a plan, disputed or otherwise "
        "set aside, less the credits to allocate.",
    )
    to_work = fields.Boolean(string="To Do Today", readonly=True)
    work_kind = fields.Selection(
        WORK_KINDS,
        string="What to Do",
        readonly=True,
        index=True,
        group_expand="_expand_work_kinds",
        help="The most urgent of what the debtor needs today.",
    )
    work_codes = fields.Char(
        readonly=True,
        help="Codes of all that the debtor needs today, between spaces.",
    )
    work_date = fields.Date(
        string="Due Since",
        readonly=True,
        help="Day since which the debtor needs something, or the next foreseen day.",
    )
    work_reasons = fields.Json(readonly=True)

    _to_work_idx = models.Index(
        "(company_id, priority_score DESC, overdue_amount DESC, id) "
        "WHERE to_work IS TRUE"
    )

    def write(self, vals):
        result = super().write(vals)
        if SOURCES & vals.keys():
            self._mark_work_dirty(self.ids)
        return result

    @api.model
    def _expand_work_kinds(self, kinds, _domain):
        """Columns in the order of urgency; only those that hold something."""
        return [kind for kind, _label in WORK_KINDS if kind in kinds]

    # ------------------------------------------------------------------
    # WHEN
    # ------------------------------------------------------------------

    @api.model
    def _mark_work_dirty(self, debtor_ids=None):
        """Have accounts judged again, once, before somebody looks or at commit; their
        totals did not change.

        :param debtor_ids: None: all, because the rules or settings changed.
        """
        precommit = self.env.cr.precommit
        marks = precommit.data.get("recouvrement.work")
        if marks is None:
            marks = precommit.data["recouvrement.work"] = {"all": False, "ids": set()}
            precommit.add(self.env["recouvrement.debtor"].sudo()._process_dirty)
        marks["all"] |= debtor_ids is None
        marks["ids"].update(debtor_ids or ())
        self.env["recouvrement.debtor"].invalidate_model(WORK_FIELDS, flush=False)

    @api.model
    def _get_total_fields(self):
        return [*super()._get_total_fields(), *WORK_FIELDS]

    @api.model
    def _process_dirty(self):
        result = super()._process_dirty()
        marks = self.env.cr.precommit.data.pop("recouvrement.work", None)
        if marks and marks["all"]:
            self._refresh_work(SQL("TRUE"))
        elif marks and marks["ids"]:
            self.browse(marks["ids"])._refresh_work_now()
        return result

    # EXTENDS recouvrement: in the statement of the totals, after limit dates,
    # promises and plans.
    @api.model
    def _refresh_steps(self, condition, lines_condition):
        self._flush_work_sources()
        steps, columns = super()._refresh_steps(condition, lines_condition)
        account = SQL.identifier("account")
        steps |= self._work_steps(condition, lines_condition, account)
        return steps, {**columns, "judged": JUDGED}

    # EXTENDS recouvrement: a limit date that moves outside a refresh.
    @api.model
    def _write_limits(self, rows, limits):
        moved = self._get_changed_firsts(rows, limits)
        result = super()._write_limits(rows, limits)
        if moved and not self.env.context.get("recouvrement_refreshing"):
            self._mark_work_dirty(list(moved))
        return result

    # EXTENDS recouvrement: a contact or a relay that came back.
    def _refresh_last_contacts(self):
        result = super()._refresh_last_contacts()
        self._mark_work_dirty(self.ids)
        return result

    def _refresh_relay_counts(self):
        result = super()._refresh_relay_counts()
        self._mark_work_dirty(self.ids)
        return result

    # ------------------------------------------------------------------
    # THE STATEMENT
    # ------------------------------------------------------------------

    @api.model
    def _refresh_work(self, condition, partners=None):
        """Judge accounts: points, stars, what they need today and since when.

        :param SQL condition: on ``recouvrement_debtor d``.
        :param partners: commercial partners whose items are enough to read.
        :return: number of accounts that changed.
        """
        self._flush_work_sources()
        lines_condition = SQL("TRUE")
        if partners is not None:
            lines_condition = self._lines_of_partners_sql(partners)
        debtors = SQL.identifier("recouvrement_debtor")
        steps = self._work_steps(condition, lines_condition, debtors)
        self.env.cr.execute(self._update_from_steps_sql(steps, {"judged": JUDGED}))
        changed = self.env.cr.rowcount
        self.invalidate_model(WORK_FIELDS, flush=False)
        return changed

    def _refresh_work_now(self):
        """Judge these accounts again, their totals unchanged."""
        return self._refresh_work(
            SQL("d.id = ANY(%s)", self.ids), self._partners_of_debtors(self.ids)
        )

    @api.model
    def _flush_work_sources(self):
        self._flush_sources()
        self.env["recouvrement.payment.plan.installment"].flush_model()
        self.env["recouvrement.relay"].flush_model(["date_due", "debtor_id", "state"])
        self.env["recouvrement.request"].flush_model(["debtor_id", "state"])
        self.env["recouvrement.reminder"].flush_model(
            ["channel", "date_proposed", "date_queued", "state"]
        )
        self.env["account.move.line"].flush_model(
            ["collection_status", "collection_until"]
        )

    @api.model
    def _work_steps(self, condition, lines_condition, debtors):
        """Steps of a statement, the last of which, ``judged``, has what the accounts of
        ``condition`` need.

        :param SQL debtors: where their columns are read.
        """
        return {
            "aside": self._aside_sql(lines_condition),
            "fact": self._work_facts_sql(condition, debtors),
            "band": self._bands_sql(),
            "point": self._points_sql(),
            "due": self._due_sql(),
            "judged": self._judged_sql(),
        }

    @api.model
    def _bands_sql(self):
        """Bands of points, their criterion also by its place among the measures."""
        places = {code: place for place, code in enumerate(self._get_work_measures())}
        bands = [
            band
            for band in self.env["recouvrement.priority.rule"]._get_bands()
            if band.criterion in places
        ]
        return SQL(
            """
            SELECT * FROM unnest(%s::integer[], %s::integer[], %s::varchar[],
                                 %s::float8[], %s::float8[], %s::integer[])
                AS t(company_id, place, criterion, low, high, points)
            """,
            [band.company_id for band in bands],
            [places[band.criterion] for band in bands],
            [band.criterion for band in bands],
            [band.low for band in bands],
            [band.high for band in bands],
            [band.points for band in bands],
        )

    @api.model
    def _points_sql(self):
        """Points of each account, and the measures that give them."""
        return SQL(
            """
            SELECT f.id, SUM(band.points) AS points,
                   JSONB_AGG(JSONB_BUILD_OBJECT('code', band.criterion,
                       'points', band.points, 'value', v.value)
                       ORDER BY v.place) AS reasons
              FROM fact f
        CROSS JOIN LATERAL (VALUES %s) v(place, value)
              JOIN band ON band.company_id = f.company_id AND band.place = v.place
               AND v.value >= band.low AND v.value < band.high
             WHERE v.value IS NOT NULL
          GROUP BY f.id
            """,
            SQL(", ").join(
                SQL("(%s, (%s)::float8)", place, measure)
                for place, measure in enumerate(self._get_work_measures().values())
            ),
        )

    @api.model
    def _due_sql(self):
        """First day on which each account needs something, and the kinds due today."""
        kinds = self._get_work_kinds()
        days = {code: SQL.identifier("f", f"from_{code}") for code in kinds}
        today = fields.Date.context_today(self)
        return SQL(
            """
            SELECT f.id, LEAST(%(days)s) AS work_date,
                   ARRAY_REMOVE(ARRAY[%(codes)s]::varchar[], NULL) AS codes
              FROM (SELECT f.*, %(kinds)s FROM fact f) f
            """,
            days=SQL(", ").join(days.values()),
            codes=SQL(", ").join(
                SQL("CASE WHEN %s <= %s::date THEN %s END", day, today, code)
                for code, day in days.items()
            ),
            kinds=SQL(", ").join(
                SQL("(%s)::date AS %s", day, SQL.identifier(f"from_{code}"))
                for code, day in kinds.items()
            ),
        )

    @api.model
    def _judged_sql(self):
        return SQL(
            """
            SELECT j.*, j.work_kind <> 'none' AS to_work,
                   CASE WHEN j.star_points > 0
                        THEN LEAST(3, FLOOR(j.priority_score / j.star_points)
                                   )::integer::varchar
                        ELSE '0' END AS priority
              FROM (SELECT f.id, ROUND(GREATEST(COALESCE(p.points, 0), 0)
                               * f.priority_weight::numeric, 1)::float8
                               AS priority_score,
                           f.star_points, p.reasons AS work_reasons, due.work_date,
                           GREATEST(f.collect_amount, 0) AS collect_amount,
                           COALESCE(due.codes[1], 'none') AS work_kind,
                           CASE WHEN due.codes <> '{}'
                                THEN ' ' || ARRAY_TO_STRING(due.codes, ' ') || ' '
                                END AS work_codes
                      FROM fact f
                      JOIN due ON due.id = f.id
                 LEFT JOIN point p ON p.id = f.id) j
            """
        )
