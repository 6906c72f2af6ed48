"""The collection status of items through disputes, promises, plans, payments and credit
notes in any order: never chased while it must not be, always chased again when it must.
"""

from random import Random

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged

from .dispute_common import DisputeCommon

SEEDS = (1, 2, 3, 4, 5)
STEPS = 25


@tagged("post_install", "-at_install")
class TestDisputePaths(DisputeCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.setup_other_currency("GBP", rates=[("2020-01-01", 2.0)])
        invoice = cls._make_invoice(
            cls.partner, 600, due=-15, currency_id=cls.foreign.id
        )
        cls.items = cls.big | cls.small | cls._items(invoice)
        cls.disputes = cls.env["recouvrement.dispute"]
        cls.debtor.company_id.recouvrement_promise_tolerance_amount = 0

    # ------------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------------

    def _pick(self, random, items=None):
        opened = (items or self.items).filtered(
            lambda item: not item.reconciled and item.amount_residual_currency > 0
        )
        return random.choice(opened) if opened else opened

    def _part(self, random, item):
        owed = item.amount_residual_currency
        return round(owed * random.choice((0.25, 0.5, 0.9)), 2) or owed

    def _step_dispute(self, random):
        item = self._pick(random)
        if item:
            amount = random.choice((None, self._part(random, item)))
            self._open((item, amount), code=random.choice(("price", "technical")))

    def _step_conclude(self, random):
        dispute = self._any_open(random)
        if not dispute:
            return
        outcome = random.choice(("unfounded", "abandoned", "founded", "partly"))
        accepted = {
            line.id: round(line.amount_open / 2, 2)
            for line in dispute.line_ids.filtered("is_live")
        }
        drafts = dispute._conclude(outcome, "Decided", accepted=accepted)
        if drafts and random.random() < 0.7:
            drafts.action_post()

    def _any_open(self, random):
        opened = self._disputes().filtered(lambda d: d.state == "open")
        return random.choice(opened) if opened else opened

    def _disputes(self):
        return self.disputes.search([("debtor_id", "=", self.debtor.id)])

    def _step_take_back(self, random):
        decided = self._disputes().filtered(lambda d: d.state == "open" and d.outcome)
        if decided:
            random.choice(decided).action_undo_decision()

    def _step_open_again(self, random):
        closed = self._disputes().filtered(
            lambda d: d.state == "closed" and not d.closed_by_ledger
        )
        if closed:
            random.choice(closed).action_open_again()

    def _step_promise(self, random):
        item = self._pick(random)
        if item:
            day = self._day(self.now + random.randint(0, 5))
            self.debtor._make_promise(self._part(random, item), day, item)

    def _step_plan(self, random):
        item = self._pick(random)
        if item:
            plans = self.env["recouvrement.payment.plan"]
            plan = plans._create_plan(
                self.debtor, item, number=2, first_date=self._day(self.now + 5)
            )
            plan.action_offer()
            plan._accept("Anne Roy", "192.0.2.7", "Firefox")

    def _step_end_plan(self, random):
        plans = self.env["recouvrement.payment.plan"].search(
            [
                ("debtor_id", "=", self.debtor.id),
                ("state", "in", ("offered", "accepted", "late")),
            ]
        )
        if plans:
            random.choice(plans).sudo()._close("cancelled", "Given up")

    def _step_pay(self, random):
        item = self._pick(random)
        if item:
            amount = random.choice(
                (item.amount_residual_currency, self._part(random, item))
            )
            receipt = self._make_receipt_in(item.currency_id, amount)
            (item | self._items(receipt.move_id)).reconcile()

    def _make_receipt_in(self, currency, amount):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner.id,
                "amount": amount,
                "currency_id": currency.id,
                "date": self._day(self.now),
                "journal_id": self.company_data["default_journal_bank"].id,
                "payment_method_line_id": self.inbound_payment_method_line.id,
            }
        )
        payment.action_post()
        return payment

    def _step_credit(self, random):
        item = self._pick(random)
        if item:
            self._credit(item.move_id, self._part(random, item))

    def _step_undo(self, random):
        random.choice(self.items).remove_move_reconcile()

    def _step_night(self, random):
        self.now += random.randint(1, 4)

    # ------------------------------------------------------------------
    # WHAT MUST HOLD
    # ------------------------------------------------------------------

    def _assert_all(self, trace):
        self.env.invalidate_all()
        today = fields.Date.context_today(self.debtor)
        live = self._disputes().line_ids.filtered("is_live")
        self.assertLessEqual(set(live.dispute_id.mapped("state")), {"open"}, trace)
        for dispute in self._disputes():
            self.assertEqual(
                dispute.state == "open",
                bool(dispute.line_ids.filtered("is_live")),
                (trace, dispute.name),
            )
        decisions = {one.id: one for one in self._decisions(self.debtor, self.now)}
        for item in self.items.filtered(lambda one: not one.reconciled):
            self._assert_item(item, decisions[item.id], live, today, trace)

    def _assert_item(self, item, decision, live, today, trace):
        told = (trace, item.move_id.name, decision.reason, item.collection_mark)
        mine = live.filtered(lambda line: line.move_line_id == item)
        part = sum(mine.mapped("amount_open"))
        owed = item.amount_residual_currency
        self.assertLessEqual(round(part, 2), owed, told)
        whole = any(line.is_whole for line in mine) or (
            mine and item.currency_id.compare_amounts(part, owed) >= 0
        )
        promised = self.env["recouvrement.promise"].search_count(
            [
                ("line_ids.move_line_id", "=", item.id),
                ("state", "=", "open"),
                ("deadline", ">=", today),
            ]
        )
        planned = self.env["recouvrement.payment.plan"].search_count(
            [
                ("line_ids.move_line_id", "=", item.id),
                ("line_ids.is_live", "=", True),
                ("state", "in", ("accepted", "late")),
            ]
        )
        # Never chased while it must not be.
        if whole:
            self.assertEqual(item.collection_mark, "disputed", told)
            self.assertEqual(decision.role, "out", told)
        elif planned or promised:
            self.assertEqual(decision.role, "out", told)
        # Always chased again when it must, without what is in dispute.
        else:
            self.assertFalse(item.collection_mark, told)
            self.assertNotIn(decision.reason, ("disputed", "promised", "plan"), told)
            asked = decision.amount_residual_currency
            self.assertEqual(
                item.currency_id.compare_amounts(asked, owed - part), 0, told
            )
            self.assertGreater(asked, 0, told)

    def _play(self, seed):
        random = Random(seed)
        steps = {
            self._step_dispute: 5,
            self._step_conclude: 4,
            self._step_pay: 3,
            self._step_credit: 2,
            self._step_undo: 2,
            self._step_promise: 2,
            self._step_night: 2,
            self._step_plan: 1,
            self._step_end_plan: 1,
            self._step_take_back: 1,
            self._step_open_again: 1,
        }
        self.now, trace, done = 0, [seed], set()
        for _number in range(STEPS):
            step = random.choices(list(steps), weights=steps.values())[0]
            trace.append(step.__name__)
            with freeze_time(self._day(self.now)):
                try:
                    with self.env.cr.savepoint():
                        step(random)
                        self._process()
                    done.add(step.__name__)
                except UserError as error:
                    trace[-1] += f" refused ({str(error)[:60]})"
                    self.env.invalidate_all()
            with freeze_time(self._day(self.now)):  # a night moved it
                if step == self._step_night:
                    self.env["recouvrement.promise"]._cron_judge()
                    self.env["recouvrement.dispute"].sudo()._judge_stale()
                    self._process()
                self._assert_all(trace)
        return done

    def test_never_chased_when_it_must_not_be_and_chased_again_when_it_must(self):
        done = set()
        for seed in SEEDS:
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                done |= self._play(seed)
                savepoint.rollback()
        self.assertGreaterEqual(len(done), 10, "Nearly every step was taken")
