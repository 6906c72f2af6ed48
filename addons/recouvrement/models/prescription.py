"""The limit date of each open claim: facts from the ledger and from the recorded
events, dates from ``tools/prescription.py``, stored on the journal item."""

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.prescription import Event, limit_dates

PARTNERS_PER_BATCH = 1000


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    first_limit_date = fields.Date(
        readonly=True,
        index="btree_not_null",
        help="Earliest limit date of the open items, certain events only.",
    )
    prescription_event_ids = fields.One2many(
        "recouvrement.prescription.event", "debtor_id"
    )

    @api.model
    def _refresh(self, condition, partners=None):
        """Limit dates of the debtors a transaction touched; first, because they are
        judged with the totals."""
        if partners is not None:
            refreshing = self.with_context(recouvrement_refreshing=True)
            refreshing._refresh_limit_dates(list(partners))
        return super()._refresh(condition, partners)

    @api.model
    def _refresh_all_limit_dates(self):
        """Recompute the limit dates of the whole ledger, in batches of customers."""
        after = 0
        while partners := self._next_partners(after):
            self._refresh_limit_dates(partners)
            after = partners[-1]
            yield len(partners)

    @api.model
    def _next_partners(self, after):
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT partner_id FROM recouvrement_debtor
                    WHERE partner_id > %s ORDER BY partner_id LIMIT %s""",
                after,
                PARTNERS_PER_BATCH,
            )
        )
        return [partner_id for [partner_id] in rows]

    @api.model
    def _refresh_limit_dates(self, partners):
        """Recompute the limit dates of the open items of commercial partners.

        A constant number of statements, whatever the number of items: one that reads,
        one for partial payments and one for recorded facts where there are some, and
        one that writes what changed.
        """
        rows = self._read_limit_rows(partners)
        items = [row for row in rows if row["id"]]
        self._write_limits(rows, self._compute_limits(items))

    # ------------------------------------------------------------------
    # FACTS
    # ------------------------------------------------------------------

    @api.model
    def _read_limit_rows(self, partners, line_ids=None):
        """Debtor accounts of commercial partners and their open claims, with what
        the delays depend on.

        :return: dicts with ``debtor_id, first_limit_date, has_events`` and, unless
            the account has none, the claim's ``id, regime_id, date_due,
            document_date, unknown_age, paid_in_part, limit_date,
            limit_date_possible``.
        """
        self._flush_limit_sources()
        condition = self._lines_of_partners_sql(partners)
        if line_ids is not None:
            condition = SQL("%s AND l.id = ANY(%s)", condition, list(line_ids))
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT d.id AS debtor_id, d.first_limit_date,
                       EXISTS (SELECT 1 FROM recouvrement_prescription_event e
                                WHERE e.debtor_id = d.id) AS has_events,
                       o.id, o.date_due, o.document_date, o.unknown_age,
                       o.paid_in_part, o.limit_date, o.limit_date_possible,
                       COALESCE(o.legal_regime_id, d.regime_id) AS regime_id
                  FROM recouvrement_debtor d
             LEFT JOIN (SELECT o.id, o.date_due, p.commercial_partner_id,
                               %(root)s AS company_id, m.legal_regime_id,
                               COALESCE(l.takeover_date, m.invoice_date, o.date)
                                   AS document_date,
                               COALESCE(l.takeover_age_unknown, FALSE)
                                   AS unknown_age,
                               o.residual <> l.balance AS paid_in_part,
                               l.limit_date, l.limit_date_possible
                          FROM (%(lines)s) o
                          JOIN account_move_line l ON l.id = o.id
                          JOIN account_move m ON m.id = o.move_id
                          JOIN res_company c ON c.id = o.company_id
                          JOIN res_partner p ON p.id = o.partner_id
                         WHERE l.balance > 0) o
                    ON o.commercial_partner_id = d.partner_id
                   AND o.company_id = d.company_id
                 WHERE d.partner_id = ANY(%(partners)s)
                """,
                lines=self.env["recouvrement.open.item"]._open_lines_sql(
                    condition=condition
                ),
                root=self.env["recouvrement.open.item"]._root_company_sql("c"),
                partners=list(partners),
            )
        )

    @api.model
    def _flush_limit_sources(self):
        self.env["account.move"].flush_model(["legal_regime_id", "invoice_date"])
        self.env["account.move.line"].flush_model()
        self.env["account.partial.reconcile"].flush_model()
        self.env["recouvrement.prescription.event"].flush_model()
        self.flush_model(["regime_id", "first_limit_date"])

    @api.model
    def _payment_days(self, line_ids):
        """Days of the partial payments of claims: ``{line_id: [date]}``.

        A credit note or a write-off is no act of the debtor.
        """
        days = defaultdict(list)
        if not line_ids:
            return days
        for line_id, day in self.env.execute_query(
            SQL(
                """
                SELECT r.debit_move_id, COALESCE(cl.takeover_date, cl.date)
                  FROM account_partial_reconcile r
                  JOIN account_move_line cl ON cl.id = r.credit_move_id
                 WHERE r.debit_move_id = ANY(%s)
                   AND (cl.payment_id IS NOT NULL
                        OR cl.statement_line_id IS NOT NULL
                        OR cl.takeover_kind = 'payment')
                """,
                line_ids,
            )
        ):
            days[line_id].append(day)
        return days

    @api.model
    def _recorded_events(self, debtor_ids):
        """Recorded facts with an effect, per debtor: ``{debtor_id: [dict]}``."""
        if not debtor_ids:
            return {}
        self.env.cr.execute(
            SQL(
                """
                SELECT e.debtor_id, e.date, e.date_end, e.certainty, k.code, k.effect,
                       k.has_end, k.written_demand, k.term_years, k.months_left,
                       k.beyond_ceiling,
                       ARRAY(SELECT rel.line_id
                               FROM recouvrement_prescription_event_line_rel rel
                              WHERE rel.event_id = e.id) AS line_ids
                  FROM recouvrement_prescription_event e
                  JOIN recouvrement_prescription_kind k ON k.id = e.kind_id
                 WHERE e.debtor_id = ANY(%s) AND e.is_void IS NOT TRUE
                   AND k.effect <> 'none'
                """,
                list(debtor_ids),
            )
        )
        events = defaultdict(list)
        for event in self.env.cr.dictfetchall():
            events[event["debtor_id"]].append(event)
        return events

    # ------------------------------------------------------------------
    # DATES
    # ------------------------------------------------------------------

    @api.model
    def _compute_limits(self, items):
        """Limits of claims: ``{line_id: tools.prescription.Limits or None}``.

        None when the age of the document or its regime is unknown.
        """
        payments = self._payment_days([i["id"] for i in items if i["paid_in_part"]])
        recorded = self._recorded_events(
            {item["debtor_id"] for item in items if item["has_events"]}
        )
        regimes = self.env["recouvrement.legal.regime"]
        limits = {}
        for item in items:
            term, written = regimes._get_period(item["regime_id"] or 0)
            if not term or item["unknown_age"] or not item["date_due"]:
                limits[item["id"]] = None
                continue
            start = item["document_date" if term.start == "document" else "date_due"]
            events = [
                Event(day, certain=False, key="partial_payment")
                for day in payments.get(item["id"], ())
            ]
            events += self._events_of_item(
                item, recorded.get(item["debtor_id"], ()), written
            )
            limits[item["id"]] = limit_dates(start, term, events)
        return limits

    @api.model
    def _events_of_item(self, item, recorded, written_demands):
        """Recorded facts that concern an item, as events of the pure tool."""
        return [
            Event(
                event["date"],
                event["effect"],
                certain=event["certainty"] == "certain",
                last=event["date_end"],
                ongoing=bool(event["has_end"] and not event["date_end"]),
                floor_months=event["months_left"] or 0,
                uncapped=bool(event["beyond_ceiling"]),
                title_years=event["term_years"] or 0,
                key=event["code"],
            )
            for event in recorded
            if self._concerns(event, item)
            and (written_demands or not event["written_demand"])
        ]

    @api.model
    def _concerns(self, event, item):
        if event["line_ids"]:
            return item["id"] in event["line_ids"]
        return item["document_date"] <= event["date"]

    @api.model
    def _write_limits(self, rows, limits):
        """Store the dates that changed; a moved date is announced again."""
        lines = self._get_changed_limits(rows, limits)
        firsts = self._get_changed_firsts(rows, limits)
        if not lines and not firsts:
            return
        self.env.cr.execute(
            SQL(
                """
                WITH line AS (
                    UPDATE account_move_line l
                       SET limit_date = new.safe, limit_date_possible = new.possible,
                           limit_alerted = CASE WHEN l.limit_date >= new.safe
                                                THEN l.limit_alerted END
                      FROM unnest(%s::integer[], %s::date[], %s::date[])
                           AS new(id, safe, possible)
                     WHERE l.id = new.id)
                UPDATE recouvrement_debtor d SET first_limit_date = new.day
                  FROM unnest(%s::integer[], %s::date[]) AS new(id, day)
                 WHERE d.id = new.id
                """,
                [line_id for line_id, _safe, _possible in lines],
                [safe for _id, safe, _possible in lines],
                [possible for _id, _safe, possible in lines],
                list(firsts),
                list(firsts.values()),
            )
        )
        self.env["account.move.line"].browse(
            line_id for line_id, _safe, _possible in lines
        ).invalidate_recordset(
            ["limit_date", "limit_date_possible", "limit_alerted"], flush=False
        )
        self.browse(firsts).invalidate_recordset(["first_limit_date"], flush=False)

    @api.model
    def _get_changed_limits(self, rows, limits):
        """``(line_id, safe, possible)`` of the claims whose dates are new."""
        changed = []
        for row in rows:
            if not row["id"]:
                continue
            found = limits[row["id"]]
            dates = (found.safe, found.possible) if found else (None, None)
            if dates != (row["limit_date"], row["limit_date_possible"]):
                changed.append((row["id"], *dates))
        return changed

    @api.model
    def _get_changed_firsts(self, rows, limits):
        """Earliest safe date of the accounts where it moved: ``{debtor_id: day}``."""
        known, first = {}, {}
        for row in rows:
            debtor_id = row["debtor_id"]
            known[debtor_id] = row["first_limit_date"]
            found = limits.get(row["id"])
            if found:
                first[debtor_id] = min(first.get(debtor_id, found.safe), found.safe)
        return {
            debtor_id: first.get(debtor_id)
            for debtor_id, day in known.items()
            if day != first.get(debtor_id)
        }
