"""The lines behind a frozen pack: those of the day it was made, and what changed."""

from datetime import date, timedelta
from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from ..tools.kpi import KPIS
from ..tools.period import Period
from .kpi_common import MARCH
from .test_pack import PackCommon

SUMS = {
    "recouvrement.kpi.line": "value",
    "recouvrement.open.item": "amount_residual",
}
SECTIONS = ("synopsis", "trend", "measure", "balance", "facts", "disputes")


@tagged("post_install", "-at_install")
class TestPackFrozen(PackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_golden()
        cls._make_work()
        cls.pack = cls._pack()
        cls._make_past()

    def _shown(self, section, label):
        return self._figures_of(self.pack, section)[label]

    def _kpi(self, code, section="kpi"):
        name = self.kpis.search([("code", "=", code)]).name
        return self._shown(section, name)

    def _golden_invoice(self, amount):
        return self.env["account.move"].search(
            [
                ("partner_id", "=", self.one.id),
                ("amount_total", "=", amount),
                ("move_type", "=", "out_invoice"),
            ],
            limit=1,
        )

    def _sum(self, action):
        model = self.env[action["res_model"]].with_context(**action["context"])
        name = SUMS[action["res_model"]]
        [[total]] = model._read_group(action["domain"], [], [f"{name}:sum"])
        return Decimal(str(round(total or 0.0, 2)))

    def _is_sum(self, figure):
        source = figure.source
        if figure.section not in SECTIONS or figure.unit not in ("amount", "count"):
            return False
        if figure.section == "trend" and source["end"] != str(MARCH.end):
            return False
        if source["kind"] == "aged":
            return True
        return source["kind"] == "kpi" and (
            figure._is_of_measure() or len(KPIS[source["code"]].measures) == 1
        )

    def _check_frozen_lines(self, skip=()):
        """The lines as frozen of every sum are the sum, whatever happened since."""
        checked = changed = 0
        for figure in self.pack.figure_ids.filtered(self._is_sum):
            if figure.label in skip:
                continue
            value = round(figure._get_value() or Decimal(0), 2)
            with self.subTest(section=figure.section, figure=figure.label):
                self.assertEqual(self._sum(figure.action_open_frozen_lines()), value)
            opened = figure.action_open_source()
            is_same = self._sum(figure.action_open_today_lines()) == value
            with self.subTest(section=figure.section, opened=figure.label):
                self.assertEqual(opened["res_model"] in SUMS, is_same)
            checked += 1
            changed += not is_same
        self.assertGreater(checked, 60)
        return changed

    def test_a_ledger_that_did_not_move_opens_the_lines_at_once(self):
        self.assertEqual(self._check_frozen_lines(), 0)
        figure = self._kpi("receivables")
        self.assertIn("as frozen on", figure.action_open_source()["name"])
        self.assertEqual(
            figure.explanation, "The ledger of today gives the same figure."
        )

    def test_a_pack_made_with_its_entries_opens_the_lines_that_add_up(self):
        """As a demonstration is: all in one transaction, whose time is its start."""
        self.env.cr.execute(
            "UPDATE account_move SET posting_time = posting_time + interval '1 day'"
        )
        self.env.invalidate_all()
        action = self._kpi("receivables").action_open_source()
        self.assertEqual(action["res_model"], "recouvrement.kpi.line")
        self.assertEqual(self._sum(action), self._kpi("receivables")._get_value())

    def test_a_back_dated_invoice_is_said_and_left_out_of_the_frozen_lines(self):
        late = self._invoice(self.one, 12000, "2025-03-30", "2025-03-30")
        figure = self._kpi("receivables")
        action = figure.action_open_source()
        self.assertEqual(action["res_model"], "recouvrement.pack.figure")
        self.assertEqual(action["res_id"], figure.id)
        self.assertEqual(figure._read_today() - figure._get_value(), 12000)
        self.assertIn("12,000.00", figure.difference_text)
        self.assertEqual(figure.entered_count, 1)
        self.assertIn("made since: 1.", figure.explanation)
        opened = figure.with_context(cause="entered").action_open_cause()
        self.assertEqual(self.env["account.move"].search(opened["domain"]), late)
        self.assertEqual(self._sum(figure.action_open_today_lines()), 195250)
        self.assertGreater(self._check_frozen_lines(), 5)

    def test_a_payment_booked_for_the_month_afterwards_is_left_out_too(self):
        """Its matching as well: the invoice it settled is open in the frozen lines."""
        invoice = self._golden_invoice(20000)
        receipt = self._make_receipt(self.one, 20000, date(2025, 3, 28))
        (self._items(invoice) + self._items(receipt.move_id)).reconcile()
        figure = self._kpi("receivables")
        self.assertEqual(figure._read_today() - figure._get_value(), -20000)
        self.assertGreaterEqual(figure.entered_count, 1)
        lines = figure.action_open_frozen_lines()
        items = self.env["recouvrement.kpi.line"].with_context(**lines["context"])
        found = items.search(lines["domain"]).filtered(
            lambda one: one.move_id == invoice
        )
        self.assertEqual(found.value, 20000)
        self.assertGreater(self._check_frozen_lines(), 5)

    def test_a_matching_made_for_the_month_afterwards_is_left_out(self):
        item = self._items(self._golden_invoice(15000))
        (item + self._items(self.receipt.move_id)).reconcile()
        figure = self._kpi("receivables")
        self.assertEqual(figure._get_value() - figure._read_today(), 5000)
        self.assertTrue(figure.matched_count)
        self.assertGreater(self._check_frozen_lines(), 1)

    def _set_moment(self, table, column, record, moment):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = ANY(%s)",
                SQL.identifier(table),
                SQL.identifier(column),
                moment,
                record.ids,
            )
        )
        self.env.invalidate_all()

    def _around_the_freeze(self, table, column, record):
        """What the lines as frozen add up to, with an event of the second of the
        freeze a tenth of a second before it, and after it."""
        figure = self._kpi("receivables")
        second = figure.known_on.replace(microsecond=0)
        frozen = second + timedelta(milliseconds=500)
        snapshots = self.env["recouvrement.kpi.snapshot"].sudo()
        snapshots = snapshots.search([("company_id", "=", self.company.id)])
        self._set_moment("recouvrement_pack", "prepared_on", self.pack, frozen)
        self._set_moment("recouvrement_kpi_snapshot", "frozen_on", snapshots, frozen)
        for tenths in (4, 6):
            moment = second + timedelta(milliseconds=100 * tenths)
            self._set_moment(table, column, record, moment)
            self.assertEqual(figure.known_on, frozen)
            yield self._sum(figure.action_open_frozen_lines())

    def test_entries_of_the_second_of_the_freeze_are_told_apart(self):
        late = self._invoice(self.one, 12000, "2025-03-30", "2025-03-30")
        value = self._kpi("receivables")._get_value()
        found = list(self._around_the_freeze("account_move", "posting_time", late))
        self.assertEqual(found, [value + 12000, value])

    def test_matchings_of_the_second_of_the_freeze_are_told_apart(self):
        item = self._items(self._golden_invoice(15000))
        before = item.matched_credit_ids
        (item + self._items(self.receipt.move_id)).reconcile()
        made = item.matched_credit_ids - before
        self.assertTrue(made)
        value = self._kpi("receivables")._get_value()
        table = "account_partial_reconcile"
        found = list(self._around_the_freeze(table, "create_date", made))
        self.assertEqual(found, [value - 5000, value])

    def test_moments_are_noted_to_the_microsecond(self):
        late = self._invoice(self.one, 12000, "2025-03-30", "2025-03-30")
        late.flush_recordset()
        self.env.cr.execute(
            "SELECT EXTRACT(microseconds FROM posting_time)::int %% 1000000 <> 0 "
            "FROM account_move WHERE id = %s",
            [late.id],
        )
        self.assertEqual(self.env.cr.fetchall(), [(True,)])

    def test_an_entry_taken_back_is_named_though_its_lines_are_gone(self):
        invoice = self._golden_invoice(20000)
        invoice.button_draft()
        figure = self._kpi("sales")
        action = figure.action_open_source()
        self.assertEqual(action["res_model"], "recouvrement.pack.figure")
        self.assertEqual(figure.withdrawn_count, 1)
        self.assertIn("taken back", figure.explanation)
        self.assertIn("more or less than the frozen figure", figure.explanation)

    def test_causes_are_those_of_the_customer_that_the_figure_is_about(self):
        self._invoice(self.two, 500, "2025-03-30", "2025-03-30")
        own = {
            figure.source["key"]: figure
            for figure in self._figures_of(self.pack, "balance").values()
            if figure.source.get("key") and not figure.source.get("column")
        }
        self.assertEqual(own[self.two.id].entered_count, 1)
        self.assertEqual(own[self.one.id].entered_count, 0)
        self.assertEqual(
            own[self.one.id].action_open_source()["res_model"],
            "recouvrement.open.item",
        )

    def test_the_month_before_opens_its_lines(self):
        february = Period.month(MARCH.eve)
        figure = self._kpi("receivables")
        self.assertTrue(figure.has_before)
        total = self._sum(figure.action_open_before())
        self.assertEqual(total, figure._get_value("exact_before"))
        whole = self._shown("balance", "Aged balance: total")
        action = whole.action_open_before()
        self.assertEqual(action["context"]["open_items_as_of"], str(february.end))
        self.assertEqual(self._sum(action), whole._get_value("exact_before"))
        with self.assertRaises(UserError):
            self._figures_of(self.pack, "trend").popitem()[1].action_open_before()

    def test_a_rate_opens_what_it_divides(self):
        figure = self._kpi("overdue_pct")
        action = figure.action_open_source()
        parts = self.pack.figure_ids.search(action["domain"])
        self.assertEqual(
            [one.source["measure"] for one in parts], ["overdue", "receivables"]
        )
        overdue, receivables = (one._get_value() for one in parts)
        self.assertEqual(overdue * 100 / receivables, figure._get_value())

    def test_an_amount_aimed_at_opens_its_targets_only(self):
        users = [self._make_user("collector"), self._make_user("manager")]
        targets = self.env["recouvrement.target"].create(
            [
                {
                    "company_id": self.company.id,
                    "user_id": user.id,
                    "date_start": MARCH.start,
                    "measure": "collected",
                    "value": 50000,
                }
                for user in users
            ]
        )
        self.pack.action_prepare()
        shown = self._figures_of(self.pack, "targets")
        for user, target in zip(users, targets, strict=True):
            label = next(one for one in shown if one.startswith(user.name))
            name = label.rpartition(",")[0]
            action = shown[f"{name}, target"].action_open_source()
            self.assertEqual(targets.search(action["domain"]), target)
        whole = next(one for one in shown if one.startswith(self.company.name))
        name = whole.rpartition(",")[0]
        action = shown[f"{name}, target"].action_open_source()
        self.assertEqual(targets.search(action["domain"]), targets)

    def test_a_pack_made_again_is_frozen_again(self):
        """But its key figures stay those that were frozen with the month."""
        self._invoice(self.one, 12000, "2025-03-30", "2025-03-30")
        self.pack.action_prepare()
        self.assertTrue(self._kpi("receivables")._has_changed())
        self.assertFalse(self._shown("balance", "Aged balance: total")._has_changed())

    def test_who_reads_packs_reads_what_changed(self):
        self._invoice(self.one, 12000, "2025-03-30", "2025-03-30")
        figure = self._kpi("receivables")
        for role in ("accountant", "auditor", "manager"):
            user = self._make_user(role)
            user.write(
                {
                    "company_ids": [Command.link(self.company.id)],
                    "company_id": self.company.id,
                }
            )
            own = figure.with_user(user)
            with self.subTest(role=role):
                action = own.action_open_source()
                self.assertEqual(action["res_model"], "recouvrement.pack.figure")
                self.assertEqual(own.entered_count, 1)
                self.assertTrue(own.action_open_frozen_lines())
        with self.assertRaises(UserError):
            figure.with_context(cause="x").action_open_cause()
