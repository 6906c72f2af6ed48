"""Promises on a real ledger that lives: random sequences, and many at once."""

from decimal import Decimal
from random import Random

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from ..models.promise_judge import COLUMNS
from .promise_common import PromiseCommon

STEPS = 35
SEEDS = (1, 2, 3, 4)
MANY = 500
FEW = 20


@tagged("post_install", "-at_install")
class TestPromiseSequences(PromiseCommon):
    """Whatever happened, and in whatever order it was looked at, what is stored is
    what the ledger says now."""

    def setUp(self):
        super().setUp()
        self.debtor.company_id.recouvrement_promise_tolerance_amount = 0
        self.third = self._make_invoice(self.partner, 300.0, due=-5)
        self.items = self.item | self.second_item | self._items(self.third)
        self.promises = self.env["recouvrement.promise"]

    # ------------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------------

    def _step_promise(self, random):
        lines = self.items.filtered(
            lambda i: not i.reconciled and random.random() < 0.6
        )
        if not lines:
            return
        owed = round(sum(lines.mapped("amount_residual_currency")))
        amount = random.choice((owed, random.randint(1, owed)))
        day = self._day(self.now + random.randint(0, 6))
        self.promises |= self.debtor._make_promise(amount, day, lines).sudo()

    def _step_pay(self, random):
        self._match(random, self._make_receipt)

    def _step_credit(self, random):
        def make(partner, amount, day):
            with freeze_time(self._day(day)):
                move = self._make_invoice(
                    partner, amount, due=day, move_type="out_refund", post=False
                )
                move.invoice_date = self._day(day)
                move.action_post()
            return move

        self._match(random, make)

    def _match(self, random, make):
        """A credit of a day near now, matched with an item at once."""
        opened = self.items.filtered(lambda i: not i.reconciled)
        if not opened:
            return
        item = random.choice(opened)
        left = item.amount_residual_currency
        amount = random.choice((left, round(left / 2, 2) or left))
        document = make(self.partner, amount, self.now - random.randint(0, 3))
        move = document.move_id if "move_id" in document._fields else document
        (item | self._items(move)).reconcile()

    def _step_undo(self, random):
        random.choice(self.items).remove_move_reconcile()

    def _step_rematch(self, random):
        """Open credits of the customer are put on an open item."""
        opened = self.items.filtered(lambda i: not i.reconciled)
        credits = self.env["account.move.line"].search(
            [
                ("partner_id", "=", self.partner.id),
                ("account_id", "=", self.item.account_id.id),
                ("parent_state", "=", "posted"),
                ("amount_residual", "<", 0),
            ]
        )
        if opened and credits:
            (random.choice(opened) | random.choice(credits)).reconcile()

    def _step_bounce(self, random):
        payments = self.env["account.payment"].search(
            [("partner_id", "=", self.partner.id), ("state", "!=", "canceled")]
        )
        if payments:
            self._bounce(random.choice(payments))

    def _step_cancel(self, random):
        opened = self.promises.filtered(lambda p: p.state == "open")
        if opened:
            random.choice(opened).action_cancel("Withdrawn")

    def _step_night(self, random):
        self.now += random.randint(1, 4)

    # ------------------------------------------------------------------
    # WHAT MUST HOLD
    # ------------------------------------------------------------------

    def _from_scratch(self, promises):
        """Columns as a judgement of these promises gives them, by id."""
        judged = promises.filtered(
            lambda p: p.state != "cancelled" and not p.replaced_by_id
        )
        return judged, judged._get_verdicts()

    def _assert_stored(self, trace):
        self.env.invalidate_all()
        judged, verdicts = self._from_scratch(self.promises)
        for promise in judged:
            stored = {
                name: promise[name] or (None if name == "date_decided" else 0)
                if name in COLUMNS[2:]
                else promise[name]
                for name in COLUMNS
            }
            expected = {
                name: float(value) if isinstance(value, Decimal) else value
                for name, value in verdicts[promise.id].items()
            }
            self.assertEqual(stored, expected, trace)
            [alone] = self._from_scratch(promise)[1].values()
            self.assertEqual(alone, verdicts[promise.id], trace)
        live = self.promises.line_ids.filtered("is_live")
        self.assertEqual(
            live.promise_id, self.promises.filtered(lambda p: p.state == "open"), trace
        )
        self.assertEqual(len(live), len(live.move_line_id), trace)
        for item in self.items:
            promised = item in live.move_line_id
            self.assertEqual(item.collection_mark == "promised", promised, trace)
        self._assert_debtor(trace)

    def _assert_debtor(self, trace):
        states = self.promises.mapped("state")
        opened = self.promises.filtered(lambda p: p.state == "open")
        self.assertRecordValues(
            self.debtor,
            [
                {
                    "promise_kept_count": states.count("kept"),
                    "promise_broken_count": states.count("broken")
                    + states.count("partly"),
                    "promise_postponed_count": states.count("replaced"),
                    "promise_next_date": min(opened.mapped("date"), default=False),
                }
            ],
        )
        self.assertAlmostEqual(
            self.debtor.promise_open_amount,
            sum(opened.mapped("missing_amount")),
            2,
            trace,
        )

    def _play(self, seed):
        random = Random(seed)
        steps = {
            self._step_promise: 4,
            self._step_pay: 4,
            self._step_night: 3,
            self._step_credit: 2,
            self._step_undo: 2,
            self._step_rematch: 2,
            self._step_bounce: 2,
            self._step_cancel: 1,
        }
        self.now = 0
        seen = set()
        trace = [seed]
        for _number in range(STEPS):
            step = random.choices(list(steps), weights=steps.values())[0]
            trace.append(step.__name__)
            with freeze_time(self._day(self.now)):
                step(random)
                self._settle()
            with freeze_time(self._day(self.now)):  # a night moved it
                if step == self._step_night:
                    self.env["recouvrement.promise"]._cron_judge()
                    self._settle()
                self._assert_stored(trace)
            seen |= set(self.promises.mapped("state"))
        return seen

    def test_what_is_stored_is_what_the_ledger_says(self):
        seen = set()
        for seed in SEEDS:
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                self.promises = self.env["recouvrement.promise"]
                seen |= self._play(seed)
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertLessEqual(
            {"open", "kept", "partly", "broken", "void", "replaced", "cancelled"}, seen
        )

    def test_judging_in_any_order_gives_the_same(self):
        """The same facts, judged one by one in two orders and all at once."""
        first = self._promise(400.0, day=3)
        payment = self._pay(self.invoice, amount=400.0)
        self._settle()
        second = self._promise(600.0, day=8)
        later = self._pay(self.invoice)
        self._settle()
        third = self._promise(800.0, day=4, lines=self.items - self.item)
        self._bounce(payment)
        self._bounce(later)
        promises = (first | second | third).sudo()
        results = []
        for order in (promises, promises[::-1], None):
            with self.env.cr.savepoint() as savepoint:
                if order is None:
                    promises._judge()
                else:
                    for promise in order:
                        promise._judge()
                self._settle()
                results.append(promises.mapped(lambda p: [p[name] for name in COLUMNS]))
                savepoint.rollback()
                self.env.invalidate_all()
        self.assertEqual(results[0], results[1])
        self.assertEqual(results[0], results[2])
        self.assertEqual(promises.mapped("id"), sorted(promises.ids))


@tagged("post_install", "-at_install")
class TestManyPromises(PromiseCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"].create(
            [{"name": f"Customer {number:03}"} for number in range(MANY)]
        )
        moves = cls.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": cls._day(-60),
                    "invoice_date_due": cls._day(-40),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Service", "price_unit": 100, "tax_ids": False}
                        )
                    ],
                }
                for partner in partners
            ]
        )
        moves.action_post()
        debtors = cls.env["recouvrement.debtor"].search(
            [("partner_id", "in", partners.ids)]
        )
        for debtor in debtors:
            cls.promises = (
                getattr(cls, "promises", cls.env["recouvrement.promise"].sudo())
                | debtor._make_promise(100.0, cls.today).sudo()
            )
        cls.env["recouvrement.debtor"].sudo()._process_dirty()
        cls.env.flush_all()

    def _count(self, promises, day):
        """Queries of a night on these promises, then put back."""
        self.env.invalidate_all()
        with self.env.cr.savepoint() as savepoint, freeze_time(self._day(day)):
            before = self.env.cr.sql_log_count
            promises._judge()
            self._settle()
            self.env.flush_all()
            count = self.env.cr.sql_log_count - before
            savepoint.rollback()
        self.env.invalidate_all()
        return count

    def test_many_are_judged_in_as_many_queries_as_a_few(self):
        self._count(self.promises[:FEW], 9)  # caches filled
        few = self._count(self.promises[:FEW], 9)
        many = self._count(self.promises, 9)
        # Odoo reads and writes records by batches: a handful more, never one each.
        self.assertLess(many - few, 40, f"{few} queries for {FEW}, {many} for {MANY}")

    def test_nothing_new_costs_a_handful_of_queries(self):
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            self.promises._judge()

    def test_all_broken_in_one_night(self):
        self._pass(9)
        self.assertEqual(set(self.promises.mapped("state")), {"broken"})
        self.assertEqual(
            set(self.promises.debtor_id.mapped("promise_broken_count")), {1}
        )
        self.assertEqual(
            set(self.promises.line_ids.move_line_id.mapped("collection_status")),
            {"to_chase"},
        )
        events = self.env["recouvrement.event"].search_count(
            [
                ("debtor_id", "in", self.promises.debtor_id.ids),
                ("kind", "=", "promise"),
                ("summary", "ilike", "broken"),
            ]
        )
        self.assertEqual(events, MANY)


@tagged("post_install", "-at_install")
class TestPromiseAtOnce(PromiseCommon):
    def test_an_item_is_not_promised_twice_at_the_same_time(self):
        """A promise that was taken meanwhile is postponed, never doubled."""
        first = self._promise(1000.0)
        second = self._promise(1000.0, day=6)
        live = self.env["recouvrement.promise.line"].search(
            [("move_line_id", "=", self.item.id), ("is_live", "=", True)]
        )
        self.assertEqual(live.promise_id, second)
        self.assertEqual(first.state, "replaced")
        with self.assertRaises(UserError):
            first.action_undo()
