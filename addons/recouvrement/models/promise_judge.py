"""The ledger decides whether promises were kept: read, judged and stored for many
promises in a constant number of statements."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from ..tools.matches import Match, Settled
from ..tools.promise import Item, Terms, judge
from .promise import JUDGED

COLUMNS = (
    "state",
    "reason",
    "required_amount",
    "paid_amount",
    "paid_in_time",
    "missing_amount",
    "date_decided",
)
FAILED = ("partly", "broken")


class RecouvrementPromise(models.Model):
    _inherit = "recouvrement.promise"

    # ------------------------------------------------------------------
    # WHEN
    # ------------------------------------------------------------------

    @api.model
    def _judge_items(self, line_ids):
        """Judge again what was promised on these items, decided or not: a payment
        that bounced opens or breaks a promise that was kept."""
        promised = self.env["recouvrement.promise.line"].search(
            [
                ("move_line_id", "in", list(line_ids)),
                ("promise_id.replaced_by_id", "=", False),
                ("promise_id.state", "!=", "cancelled"),
            ]
        )
        promised.promise_id._judge()

    @api.model
    def _judge_due(self):
        """Judge the open promises whose deadline has passed."""
        today = fields.Date.context_today(self)
        due = self.search([("state", "=", "open"), ("deadline", "<", today)])
        for promises in due._in_desk_languages():
            promises._judge()

    @api.model
    def _cron_judge(self):
        """Every night: promises whose deadline has passed return to the worklist, and
        what is agreed on is marked so when another status of it lapsed."""
        self.sudo()._judge_due()
        self.env["account.move.line"].sudo()._resume_lapsed()

    def _judge_covered(self):
        """Judge the other promises on the items of these ones."""
        self._judge_items(self.line_ids.move_line_id.ids)

    # ------------------------------------------------------------------
    # JUDGEMENT
    # ------------------------------------------------------------------

    def _judge(self):
        """Store what the ledger says now of these promises, and tell what changed.

        Called in sudo. The answer depends on the ledger and today only.
        """
        verdicts = self._get_verdicts()
        changed = self.filtered(lambda p: p._differs(verdicts[p.id]))
        if not changed:
            return
        before = {promise.id: promise.state for promise in changed}
        changed._store_verdicts(verdicts)
        moved = changed.filtered(lambda p: p.state != before[p.id])
        moved._set_live()
        moved._mark_items()
        moved._tell(before)
        self.env["recouvrement.debtor"]._mark_dirty_debtors(changed.debtor_id.ids)

    def _get_verdicts(self):
        """``{id: dict of COLUMNS}``, read from the ledger in a few queries."""
        found = self.env["recouvrement.open.item"]._get_matches(
            self.line_ids.move_line_id.ids
        )
        today = fields.Date.context_today(self)
        covered = self._get_covered_ids()
        verdicts = {}
        for promise in self:
            verdict = judge(promise._get_terms(), promise._get_items(found), today)
            state = verdict.state
            if promise.id in covered and state not in ("kept", "void"):
                state = "replaced"
            verdicts[promise.id] = {
                "state": state,
                "reason": verdict.reason,
                "required_amount": verdict.required,
                "paid_amount": verdict.paid,
                "paid_in_time": verdict.paid_in_time,
                "missing_amount": verdict.missing if state == "open" else Decimal(0),
                "date_decided": verdict.decided_on if state in JUDGED else None,
            }
        return verdicts

    def _get_terms(self):
        return Terms(
            self._exact(self.amount),
            self.date_made,
            self.deadline,
            self._exact(self.tolerance),
        )

    def _get_items(self, found):
        """Promised items for the judgement; ``found`` as ``_get_matches`` gives it."""
        return [
            Item(
                self._exact(line.base_residual),
                Settled(
                    self._exact(line.base_received), self._exact(line.base_otherwise)
                ),
                self._exact(line.base_later),
                tuple(found.get(line.move_line_id.id, ())) or self._get_fall(line),
            )
            for line in self.line_ids
        ]

    def _get_fall(self, line):
        """An entry that was cancelled or reset to draft owes nothing: as if it had
        been credited on the day of the promise."""
        if line.move_line_id.parent_state == "posted":
            return ()
        return (Match(self.date_made, self._exact(line.base_residual), False),)

    def _exact(self, amount):
        """Stored amount as the decimal number that the database holds."""
        return Decimal(str(self.currency_id.round(amount or 0.0)))

    def _differs(self, verdict):
        return any(
            self._exact(self[name]) != value
            if name.endswith(("_amount", "_time"))
            else (self[name] or None) != value
            for name, value in verdict.items()
        )

    def _get_covered_ids(self):
        """Promises on whose items a later one was made before their deadline: if they
        were not kept, they were postponed."""
        if not self:
            return set()
        self.flush_model()
        self.env["recouvrement.promise.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT p.id
                  FROM recouvrement_promise p
                  JOIN recouvrement_promise_line l ON l.promise_id = p.id
                  JOIN recouvrement_promise_line other
                    ON other.move_line_id = l.move_line_id
                   AND other.promise_id > p.id
                  JOIN recouvrement_promise later ON later.id = other.promise_id
                   AND later.date_made <= p.deadline
                   AND later.state <> 'cancelled'
                 WHERE p.id = ANY(%s)
                """,
                self.ids,
            )
        )
        return {promise_id for [promise_id] in rows}

    def _store_verdicts(self, verdicts):
        """One statement for all of them."""
        rows = [(promise.id, *verdicts[promise.id].values()) for promise in self]
        columns = list(zip(*rows, strict=True))
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_promise p
                   SET state = v.state, reason = v.reason,
                       required_amount = v.required_amount,
                       paid_amount = v.paid_amount, paid_in_time = v.paid_in_time,
                       missing_amount = v.missing_amount,
                       date_decided = v.date_decided,
                       write_uid = %(uid)s, write_date = %(now)s
                  FROM unnest(%(id)s::int[], %(state)s::varchar[],
                              %(reason)s::varchar[], %(required_amount)s::numeric[],
                              %(paid_amount)s::numeric[], %(paid_in_time)s::numeric[],
                              %(missing_amount)s::numeric[],
                              %(date_decided)s::date[])
                       v(id, state, reason, required_amount, paid_amount,
                         paid_in_time, missing_amount, date_decided)
                 WHERE v.id = p.id
                """,
                uid=self.env.uid,
                now=self.env.cr.now().replace(microsecond=0),
                **{
                    name: list(values)
                    for name, values in zip(("id", *COLUMNS), columns, strict=True)
                },
            )
        )
        self.invalidate_model([*COLUMNS, "explanation"], flush=False)

    def _set_live(self):
        """Items are taken by open promises only; freed before others take them."""
        opened = self.filtered(lambda promise: promise.state == "open")
        (self - opened).line_ids.filtered("is_live").write({"is_live": False})
        self.env.flush_all()
        opened.line_ids.write({"is_live": True})

    # ------------------------------------------------------------------
    # ITEMS
    # ------------------------------------------------------------------

    def _mark_items(self):
        """Items of open promises are not chased up to the deadline; those of the
        others are chased again at once."""
        opened = self.filtered(lambda promise: promise.state == "open")
        for deadline, promises in opened.grouped("deadline").items():
            promises._suspend_items(deadline)
        for state, promises in (self - opened).grouped("state").items():
            promises._release_items(self._get_state_label(state))

    def _suspend_items(self, deadline):
        today = fields.Date.context_today(self)
        items = self.line_ids.move_line_id.filtered(
            lambda item: (
                item.collection_mark in (False, "promised")
                or (item.collection_until and item.collection_until < today)
            )
        )
        self._change_status(items, "promised", self.env._("Promise to pay"), deadline)

    def _release_items(self, reason):
        """Only what is marked as promised and that no other open promise covers."""
        items = self.line_ids.move_line_id.filtered(
            lambda item: item.collection_mark == "promised"
        )
        covered = self.env["recouvrement.promise.line"].search(
            [("move_line_id", "in", items.ids), ("is_live", "=", True)]
        )
        self._change_status(items - covered.move_line_id, "to_chase", reason)

    def _change_status(self, items, status, reason, until=None):
        """The event of the promise tells it already."""
        if items:
            items.with_context(collection_status_told=True)._set_collection_status(
                status, reason, until
            )

    # ------------------------------------------------------------------
    # HISTORY
    # ------------------------------------------------------------------

    @api.model
    def _get_state_label(self, state):
        labels = dict(self._fields["state"]._description_selection(self.env))
        return self.env._("Promise: %s", labels[state])

    def _tell(self, before):
        """Write in the history what became of these promises.

        :param dict before: the state that each had.
        """
        told = self.sorted(lambda p: (p.deadline, p.id))
        ranks = told._get_failure_ranks()
        self.env["recouvrement.event"].create(
            [
                {
                    "debtor_id": promise.debtor_id.id,
                    "company_id": promise.company_id.id,
                    "user_id": self.env.uid,
                    "kind": "promise",
                    "summary": promise._get_summary(
                        before[promise.id], ranks.get(promise.id, 0)
                    ),
                    "detail": promise.explanation,
                    "amount": promise.paid_in_time or promise.amount,
                    "currency_id": promise.currency_id.id,
                }
                for promise in told
            ]
        )

    def _get_failure_ranks(self):
        """``{id: n}``: the promise is the n-th broken one of its debtor in 12
        months."""
        failed = self.filtered(lambda promise: promise.state in FAILED)
        if not failed:
            return {}
        since = fields.Date.subtract(fields.Date.context_today(self), months=12)
        ids_by_debtor = defaultdict(list)
        for promise in self.search(
            [
                ("debtor_id", "in", failed.debtor_id.ids),
                ("state", "in", FAILED),
                ("date_decided", ">=", since),
            ],
            order="date_decided, id",
        ):
            ids_by_debtor[promise.debtor_id.id].append(promise.id)
        return {
            promise_id: rank
            for ids in ids_by_debtor.values()
            for rank, promise_id in enumerate(ids, start=1)
        }

    def _get_summary(self, before, rank):
        values = {
            "amount": self._format(self.amount),
            "day": format_date(self.env, self.date),
            "paid": self._format(self.paid_in_time),
            "rank": rank,
        }
        summary = self._get_summaries()[self.state] % values
        if before in ("kept", "void") and self.state in ("open", "replaced", *FAILED):
            return self.env._("%s; a payment or credit note was undone", summary)
        if before in FAILED and self.state != before:
            return self.env._("%s after all: the matching changed", summary)
        return summary

    @api.model
    def _get_summaries(self):
        """Line of the history per new state."""
        return {
            "open": self.env._("Promise open again: %(amount)s for %(day)s"),
            "kept": self.env._("Promise kept: %(amount)s for %(day)s"),
            "partly": self.env._(
                "Promise partly kept: %(paid)s of %(amount)s for %(day)s (failed "
                "promise no. %(rank)s in 12 months)"
            ),
            "broken": self.env._(
                "Promise broken: %(amount)s for %(day)s (failed promise no. %(rank)s "
                "in 12 months)"
            ),
            "void": self.env._(
                "Promise without object, settled otherwise: %(amount)s for %(day)s"
            ),
            "replaced": self.env._("Promise postponed: %(amount)s for %(day)s"),
        }
