"""Where plans stand: decided by what the ledger matched with their items, never by
hand. Judged when a matching changes, and every night because days go by."""

from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models

from ..tools import plan as rules
from ..tools.matches import settled
from .plan import JUDGED


class RecouvrementPaymentPlan(models.Model):
    _inherit = "recouvrement.payment.plan"

    # ------------------------------------------------------------------
    # READING THE LEDGER
    # ------------------------------------------------------------------

    @api.model
    def _read_ledger(self, lines):
        """What is matched with items and what they still owe, in their currency.

        :param lines: ``account.move.line`` records, in sudo.
        :return: ``{line id: (Settled, Decimal)}``; a constant number of queries.
        """
        lines = lines.sudo()
        matches = self.env["recouvrement.open.item"].sudo()._get_matches(lines.ids)
        lines.fetch(["amount_residual_currency", "currency_id", "parent_state"])
        return {
            line.id: (settled(matches.get(line.id, ())), self._get_open(line))
            for line in lines
        }

    @api.model
    def _get_open(self, line):
        if line.parent_state != "posted":
            return Decimal(0)
        digits = line.currency_id.decimal_places
        return max(Decimal(f"{line.amount_residual_currency:.{digits}f}"), Decimal(0))

    def _allocate(self, facts):
        """The instalments of one plan as the ledger sees them today.

        :return: ``(items, judged)`` of ``tools/plan.py``, in the order of ``line_ids``
            and of the numbers.
        """
        items = [line._get_item(facts) for line in self.line_ids]
        received, remaining = rules.totals(items)
        agreed = [one._get_instalment() for one in self._get_instalments()]
        today = fields.Date.context_today(self)
        return items, rules.allocate(
            agreed, received, remaining, today, self.grace_days
        )

    def _get_instalments(self):
        return self.installment_ids.sorted("number")

    # ------------------------------------------------------------------
    # JUDGING
    # ------------------------------------------------------------------

    def _judge(self):
        """Write down where these plans stand and move them on.

        sudo: the ledger decides, whoever booked the payment.
        """
        plans = self.sudo().filtered(lambda plan: plan.state in JUDGED)
        if not plans:
            return
        facts = self._read_ledger(plans.line_ids.move_line_id)
        standings = {}
        for plan in plans:
            items, judged = plan._allocate(facts)
            plan._store(items, judged)
            standings[plan.id] = rules.standing(judged)
        plans._move_on(standings)
        plans._end_followed_warnings()

    def _store(self, items, judged):
        """Write what changed of one plan; the ORM groups the updates of a batch."""
        for line, item in zip(self.line_ids, items, strict=True):
            line._write_changes(
                amount_received=float(item.received),
                amount_remaining=float(item.remaining),
            )
        for installment, one in zip(self._get_instalments(), judged, strict=True):
            installment._write_changes(
                amount=float(one.amount),
                paid_amount=float(one.paid),
                missing_amount=float(one.missing),
                state=one.state,
            )
        received, remaining = rules.totals(items)
        late = float(rules.late_amount(judged))
        self._write_changes(
            amount_paid=float(received),
            amount_remaining=float(remaining),
            amount_otherwise=float(
                self._decimal(self.amount_total) - received - remaining
            ),
            amount_late=late,
            amount_late_company=self._to_company(late),
            next_date=rules.next_day(judged) or False,
        )

    def _to_company(self, amount):
        """An amount in company currency at today's rate."""
        return self.currency_id._convert(
            amount,
            self.company_id.currency_id,
            self.company_id,
            fields.Date.context_today(self),
        )

    # ------------------------------------------------------------------
    # MOVING ON
    # ------------------------------------------------------------------

    def _move_on(self, standings):
        """Change the state of plans whose standing changed.

        :param dict standings: by id: ``accepted``, ``late`` or ``done``.
        """
        running = self.filtered(lambda plan: plan.state in ("accepted", "late", "done"))
        for state in ("done", "late", "accepted"):
            moved = running.filtered(
                lambda plan, s=state: standings[plan.id] == s and plan.state != s
            )
            if moved:
                getattr(moved, f"_become_{state}")()
        settled_offers = self.filtered(
            lambda plan: plan.state == "offered" and standings[plan.id] == "done"
        )
        settled_offers._close(
            "cancelled", self.env._("Everything was settled before it was accepted.")
        )

    def _become_done(self):
        self._forget_warnings()
        self.write({"state": "done", "date_closed": fields.Date.context_today(self)})
        self._release_items(self.env._("Instalment plan completed"))
        self._log(self.env._("completed"), amount=0.0)

    def _become_late(self):
        self._reopen()
        self.write({"state": "late", "date_closed": False})
        for plan in self:
            plan._log(
                self.env._("instalment missed, %s late", plan._format(plan.amount_late))
            )

    def _become_accepted(self):
        late = self.filtered(lambda plan: plan.state == "late")
        self._forget_warnings()
        self._reopen()
        self.write({"state": "accepted", "date_closed": False})
        late._log(self.env._("what was late is paid"))

    def _reopen(self):
        """A payment was undone: the plan runs again and takes back what it waived."""
        done = self.filtered(lambda plan: plan.state == "done")
        if done:
            done._log(self.env._("a payment was undone, the plan is open again"))
            done._take_waivers_back()
            done._mark_items(self.env._("Instalment plan open again"))

    def _forget_warnings(self):
        warned = self.installment_ids.filtered("date_warned")
        warned.write({"date_warned": False, "warned_as_test": False})
        self.filtered("forfeit_date").write(
            {"forfeit_date": False, "warning_obstacle": False}
        )

    # ------------------------------------------------------------------
    # ITEMS
    # ------------------------------------------------------------------

    def _mark_items(self, reason, until=None):
        """Keep the items of these plans out of the reminders; a dispute or proceedings
        that came up meanwhile keep their own status.

        :param until: last day of it; None: as long as the plan runs.
        """
        for plan in self:
            lines = plan.line_ids.move_line_id.filtered(
                lambda line: (
                    line.collection_status
                    and line.collection_mark in (False, "promised", "plan")
                )
            )
            if lines:
                lines._set_collection_status("plan", plan._tell(reason), until)

    def _release_items(self, reason):
        """Items that these plans kept out of the reminders are chased again, from the
        level that they had reached."""
        for plan in self:
            lines = plan.line_ids.move_line_id
            marked = lines.filtered(lambda line: line.collection_mark == "plan")
            if marked:
                marked._set_collection_status("to_chase", plan._tell(reason))

    # ------------------------------------------------------------------
    # NIGHTLY
    # ------------------------------------------------------------------

    @api.model
    def _cron_nightly(self, batch=200):
        """Judge what days change, warn, and propose or pronounce the forfeiture."""
        domain = self._get_nightly_domain()
        ids = self.search(domain, order="id").ids
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(ids))
        for start in range(0, len(ids), batch):
            chunk = self.browse(ids[start : start + batch])
            taken = chunk.try_lock_for_update().filtered_domain(domain)
            for plans in taken._in_desk_languages():
                plans._work_nightly()
            if not cron._commit_progress(len(chunk)):
                break

    @api.model
    def _get_nightly_domain(self):
        return [
            "|",
            ("state", "in", ("offered", "accepted", "late")),
            "&",
            ("state", "=", "done"),
            ("waiver_due", "=", True),
        ]

    def _work_nightly(self):
        plans = self.sudo()
        plans._judge()
        plans._expire()
        plans._warn_late()
        plans._pronounce_due()
        plans._waive_due()

    def _expire(self):
        """Offers that nobody accepted in time."""
        today = fields.Date.context_today(self)
        expired = self.filtered(
            lambda plan: (
                plan.state == "offered" and plan.date_valid + timedelta(days=1) <= today
            )
        )
        expired._close("cancelled", self.env._("The offer was not accepted in time."))


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # EXTENDS 'recouvrement'
    @api.model
    def _on_items_matched(self, line_ids):
        """Plans on these items are judged again."""
        result = super()._on_items_matched(line_ids)
        lines = self.env["recouvrement.payment.plan.line"].sudo()
        found = lines.search(
            [
                ("move_line_id", "in", line_ids),
                ("plan_id.state", "in", JUDGED),
            ]
        )
        found.plan_id._judge()
        return result
