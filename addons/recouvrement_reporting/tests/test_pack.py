"""The monthly pack: its figures are those of the parts, its files are kept as sent."""

import io
from collections import Counter
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from openpyxl import load_workbook
from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.service.model import call_kw
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.recouvrement.tests.rights import EDIT, READ

from ..tools.kpi import KPIS
from ..tools.period import Period
from .common_rights import ReportingRights
from .kpi_common import MARCH, KpiCommon
from .past import make_past

FEBRUARY = Period.month(MARCH.eve)
READERS = ("accountant", "auditor", "manager")
RIGHTS = {
    "recouvrement.pack": {"accountant": EDIT, "auditor": READ, "manager": EDIT},
    "recouvrement.pack.figure": dict.fromkeys(READERS, READ),
    "recouvrement.pack.delivery": dict.fromkeys(READERS, READ),
}
MENUS = {"packs": READERS}


class PackCommon(KpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.packs = cls.env["recouvrement.pack"]
        cls.reader = cls.env["res.partner"].create(
            {"name": "DAF", "email": "daf@example.com"}
        )

    @classmethod
    def _pack(cls, day=MARCH.start, prepare=True, **vals):
        pack = cls.packs.create(
            {
                "company_id": cls.company.id,
                "date_start": day,
                "recipient_ids": [Command.set(cls.reader.ids)],
                **vals,
            }
        )
        if prepare:
            pack.action_prepare()
        return pack

    @classmethod
    def _make_past(cls):
        make_past(
            cls.env,
            ("recouvrement_kpi_snapshot", "frozen_on"),
            ("recouvrement_pack", "prepared_on"),
        )

    def _figures_of(self, pack, section):
        found = pack.figure_ids.filtered(lambda one: one.section == section)
        return {one.label: one for one in found}

    def _total(self, figure, name):
        """Sum of what the button of a figure opens."""
        action = figure.action_open_source()
        model = self.env[action["res_model"]].with_context(**action["context"])
        [[total]] = model._read_group(action["domain"], [], [f"{name}:sum"])
        return Decimal(str(round(total or 0.0, 2)))

    def _sentences(self, pack):
        section = next(s for s in pack.data["sections"] if s["key"] == "facts")
        return [
            sentence
            for block in section["blocks"]
            for sentence in block.get("sentences", ())
        ]


@tagged("post_install", "-at_install")
class TestPackFigures(PackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_golden()
        cls._make_work()
        cls.pack = cls._pack()
        cls._make_past()

    def test_key_figures_are_those_of_the_registry_and_of_the_frozen_month(self):
        frozen = self.kpis._get_frozen(self.company, MARCH, KPIS)[None]
        computed = self._figures(*KPIS)[None]
        before = self._figures(*KPIS, period=FEBRUARY)[None]
        shown = self._figures_of(self.pack, "kpi")
        kpis = self.kpis.search([("code", "in", list(KPIS))])
        self.assertEqual(set(shown), set(kpis.mapped("name")))
        for kpi in kpis:
            figure = shown[kpi.name]
            with self.subTest(code=kpi.code):
                self.assertEqual(figure._get_value(), frozen[kpi.code].value)
                self.assertEqual(figure._get_value(), computed[kpi.code].value)
                earlier = figure._get_value("exact_before")
                self.assertEqual(earlier, before[kpi.code].value)

    def test_every_figure_opens_lines_that_add_up_to_it(self):
        sums = {
            "recouvrement.kpi.line": "value",
            "recouvrement.open.item": "amount_residual",
        }
        checked = set()
        single = ("synopsis", "trend", "measure", "balance", "facts", "disputes")
        for figure in self.pack.figure_ids:
            action = figure.action_open_source()
            name = sums.get(action["res_model"])
            source = figure.source
            is_sum = source["kind"] != "kpi" or (
                figure.section in ("measure", "disputes", "facts")
                or len(KPIS[source["code"]].measures) == 1
            )
            if not name or figure.section not in single or not is_sum:
                continue
            if figure.unit not in ("amount", "count"):
                continue
            with self.subTest(figure=figure.label):
                value = round(figure._get_value() or Decimal(0), 2)
                self.assertEqual(self._total(figure, name), value)
                checked.add(figure.section)
        self.assertEqual(checked, set(single))

    def test_every_change_opens_what_moved_and_adds_up_to_it(self):
        """Amounts open the lines that came, went or changed; rates, what they divide;
        the aged balance, both days side by side."""
        opened = Counter()
        for figure in self.pack.figure_ids.filtered("has_before"):
            action = figure.action_open_change()
            opened[action.get("res_model") or action["tag"]] += 1
            with self.subTest(figure=figure.label):
                if action.get("res_model") == "recouvrement.kpi.line":
                    self._check_moved(figure, action)
                elif action.get("res_model") == figure._name:
                    parts = figure.search(action["domain"])
                    self.assertGreater(len(parts), 1)
                else:
                    self._check_compared(figure, action["context"]["aged_options"])
        self.assertEqual(len(opened), 3)
        alone = self.pack.figure_ids.filtered(lambda one: not one.has_before)[0]
        with self.assertRaises(UserError):
            alone.action_open_change()

    def _check_moved(self, figure, action):
        change = figure._get_value() - figure._get_value("exact_before")
        lines = self.env["recouvrement.kpi.line"].with_context(**action["context"])
        moved = lines.search(action["domain"])
        if figure.unit not in ("amount", "count"):
            self.assertIn("worked out from", action["name"])
            return
        self.assertEqual(sum(self._cents(one.value) for one in moved), round(change, 2))
        self.assertFalse(moved.filtered(lambda one: not one.value))

    def _check_compared(self, figure, options):
        found = self.env["recouvrement.aged.balance"].get_balance(options)
        [total] = found["totals"]
        column = figure.source.get("column")
        now, before = total["total"], total["other"]
        if column is not None:
            place = [one["key"] for one in found["columns"]].index(column)
            now, before = total["amounts"][place], total["others"][place]
        self.assertEqual(self._cents(now), figure._get_value())
        self.assertEqual(self._cents(before), figure._get_value("exact_before"))

    def _cents(self, number):
        return Decimal(str(round(float(number), 2)))

    def test_the_aged_balance_is_the_one_of_the_screen(self):
        found = self.env["recouvrement.aged.balance"].get_balance(
            {"as_of": str(MARCH.end), "compare": str(MARCH.eve)}
        )
        shown = self._figures_of(self.pack, "balance")
        [total] = found["totals"]
        for column, amount, other in zip(
            found["columns"], total["amounts"], total["others"], strict=True
        ):
            figure = shown[column["label"]]
            self.assertEqual(figure._get_value(), Decimal(str(amount)))
            self.assertEqual(figure._get_value("exact_before"), Decimal(str(other)))
        whole = shown["Aged balance: total"]
        self.assertEqual(whole._get_value(), Decimal(str(total["total"])))

    def test_movements_of_customers_add_up_to_the_change_of_the_figure(self):
        scoped = self.pack.sudo()._with_scope()
        movers = scoped._get_movers()
        for measure, (added, taken) in movers.items():
            now = self._figures(measure)[None][measure].value
            before = self._figures(measure, period=FEBRUARY)[None][measure].value
            with self.subTest(measure=measure):
                self.assertTrue(added or taken)
                change = sum(one.change for one in (*added, *taken))
                self.assertEqual(change, now - before)
                for one in (*added, *taken):
                    self.assertLessEqual(one.entered, one.now)
                    self.assertLessEqual(one.left, one.before)

    def test_reading_movements_takes_the_same_queries_for_more_customers(self):
        scoped = self.pack.sudo()._with_scope()
        scoped._get_movers()  # fills what is read once
        counts = []
        for round_number in range(2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            scoped._get_movers()
            counts.append(self.env.cr.sql_log_count - before)
            if not round_number:
                for number in range(15):
                    partner = self._make_customer(f"More {number}")
                    self._invoice(partner, 1000 + number, "2025-03-05", "2025-03-20")
                self.env["recouvrement.debtor"].sudo()._process_dirty()
        self.assertEqual(counts[0], counts[1])

    def test_the_ten_biggest_movers_are_named_and_no_more(self):
        for number in range(12):
            partner = self._make_customer(f"Mover {number:02}")
            self._invoice(partner, 90000 + number, "2025-03-05", "2025-03-20")
        added, _taken = self.pack.sudo()._with_scope()._get_movers()["overdue"]
        self.assertEqual(
            [one.name for one in added], [f"Mover {n:02}" for n in range(11, 1, -1)]
        )
        self.assertEqual(added[0].entered, Decimal("90011"))

    def test_the_facts_are_those_of_the_month(self):
        debtor = self._debtor(self.one)
        self._promise(debtor, "broken", 900, 100, date(2025, 3, 12)).write(
            {"date_decided": date(2025, 3, 13)}
        )
        self._promise(debtor, "broken", 777, 0, date(2025, 2, 12)).write(
            {"date_decided": date(2025, 2, 13)}
        )
        self.pack.action_prepare()
        said = " ".join(self._sentences(self.pack)).replace("\N{NO-BREAK SPACE}", " ")
        self.assertIn("Golden One: $ 900.00 promised for", said)
        self.assertNotIn("777", said)
        self.assertIn("Golden Two: $ 61,000.00 received on", said)
        self.assertIn("No instalment plan ended in the month.", said)
        self.assertIn("Golden One", said)
        broken = self._figures_of(self.pack, "facts")["Promises not kept in the month"]
        self.assertEqual(broken._get_value(), 1)

    def test_disputes_are_those_that_began_and_ended_in_the_month(self):
        shown = self._figures_of(self.pack, "disputes")
        self.assertEqual(
            shown["Disputes begun in the month"]._get_value(), Decimal("9000")
        )
        self.assertEqual(shown["Disputes ended in the month"]._get_value(), 0)
        held = shown["Disputed at the end of the month"]
        self.assertEqual(held._get_value(), Decimal("9000"))

    def test_the_forecast_is_the_newest_one(self):
        forecast = self.env["recouvrement.forecast"]._make_forecast(self.company)
        last = Period.month(Period.month(self.today).eve)
        pack = self._pack(last.start)
        shown = self._figures_of(pack, "forecast")
        for row in forecast._get_weeks():
            label = forecast._label_period("week", row["whole"])
            figure = shown[f"{label}: expected"]
            self.assertEqual(figure._get_value(), row["expected"])
            if row["expected"]:
                action = figure.action_open_source()
                self.assertEqual(action["res_model"], "recouvrement.forecast.share")

    def test_targets_are_those_of_the_performance(self):
        user = self._make_user("collector")
        self.env["recouvrement.target"].create(
            {
                "company_id": self.company.id,
                "user_id": user.id,
                "period_kind": "month",
                "date_start": MARCH.start,
                "measure": "collected",
                "value": 50000,
            }
        )
        self.pack.action_prepare()
        shown = self._figures_of(self.pack, "targets")
        progress = self.env["recouvrement.target"]._get_progress(MARCH, users=user)
        [row] = [one for one in progress if one["target"] is not None]
        label = f"{user.name}: {self.kpis.search([('code', '=', 'collected')]).name}"
        self.assertEqual(shown[f"{label}, target"]._get_value(), row["target"])
        self.assertEqual(shown[f"{label}, reached"]._get_value(), row["actual"])

    def test_provisions_are_those_of_the_last_run_until_then(self):
        runs = self.env["recouvrement.impairment"]
        run = runs.create({"company_id": self.company.id, "date": MARCH.end})
        run.action_compute()
        late = runs.create({"company_id": self.company.id, "date": date(2025, 4, 30)})
        late.action_compute()
        self.pack.action_prepare()
        shown = self._figures_of(self.pack, "provisions")
        figure = shown["Provisions: Provision"]
        self.assertTrue(run.amount_provision)
        self.assertEqual(figure._get_value(), Decimal(str(run.amount_provision)))
        self.assertEqual(self._total(figure, "provision"), figure._get_value())


@tagged("post_install", "-at_install")
class TestPackLife(PackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._make_customer("=cmd|' /C calc'!A0")
        cls._invoice(cls.customer, 1200, "2025-03-01", "2025-03-21")
        cls.pack = cls._pack()

    def _send(self, pack):
        with self.mock_mail_gateway():
            pack.action_send()
        return self.env["mail.mail"].search(
            [("mail_message_id", "in", pack.delivery_ids.mail_message_id.ids)]
        )

    def test_one_click_prepares_the_last_month(self):
        # As the button of the list calls it, with nothing ticked.
        action = call_kw(self.packs, "action_prepare_month", [[]], {})
        pack = self.packs.browse(action["res_id"])
        self.assertEqual(pack.date_end, Period.month(self.today).eve)
        self.assertEqual(pack.state, "ready")
        self.assertEqual(self.packs.action_prepare_month()["res_id"], pack.id)

    def test_the_workbook_has_numbers_and_no_formula(self):
        content, name = self.pack._get_file("xlsx")
        self.assertTrue(name.endswith(".xlsx"))
        book = load_workbook(io.BytesIO(content))
        self.assertEqual(len(book.sheetnames), 10)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        self.assertFalse([cell for cell in cells if cell.data_type == "f"])
        texts = {cell.value for cell in cells if isinstance(cell.value, str)}
        self.assertIn(self.customer.name, texts)
        rows = [row for row in book["All figures"].iter_rows(min_row=2)]
        self.assertEqual(len(rows), len(self.pack.figure_ids))
        for row, figure in zip(rows, self.pack.figure_ids, strict=True):
            value = figure._get_value()
            shown = row[2].value
            self.assertEqual(shown, None if value is None else float(value))

    def test_the_same_files_leave_again_whatever_the_ledger_says_since(self):
        before = {kind: self.pack._get_file(kind)[0] for kind in ("pdf", "xlsx")}
        self._send(self.pack)
        figures = self.pack.figure_ids.mapped("exact")
        self._invoice(self.customer, 5000, "2025-03-02", "2025-03-03")
        for kind, content in before.items():
            self.assertEqual(self.pack._get_file(kind)[0], content)
        self.assertEqual(self.pack.figure_ids.mapped("exact"), figures)

    def test_a_file_that_was_changed_is_refused(self):
        self.pack.sudo().xlsx_id.raw = b"another"
        with self.assertRaises(UserError):
            self.pack._get_file("xlsx")
        with self.assertRaises(UserError):
            self.pack.action_send()

    def test_a_comment_is_in_the_files_until_they_are_sent(self):
        before = self.pack.pdf_sha256
        self.pack.note = "Careful with Dubois"
        self.assertNotEqual(self.pack.pdf_sha256, before)
        self.assertIn(b"Careful with Dubois", self.pack._get_file("pdf")[0])
        self._send(self.pack)
        with self.assertRaises(UserError):
            self.pack.note = "Too late"

    def test_it_is_mailed_once_to_each_recipient_with_the_files_that_are_kept(self):
        other = self.reader.copy({"name": "CEO", "email": "ceo@example.com"})
        self.pack.recipient_ids |= other
        mails = self._send(self.pack)
        self.assertEqual(mails.recipient_ids, self.reader | other)
        self.assertEqual(len(mails), 2)
        for mail in mails:
            self.assertEqual(mail.attachment_ids, self.pack.pdf_id | self.pack.xlsx_id)
        with self.assertRaises(UserError):
            self.pack.action_send()
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.pack.delivery_ids[0].sudo().copy()

    def test_in_test_mode_it_reaches_the_test_address_only(self):
        self.company.write(
            {
                "recouvrement_test_mode": True,
                "recouvrement_test_email": "test@example.com",
            }
        )
        mail = self._send(self.pack)
        self.assertEqual(mail.email_to, "test@example.com")
        self.assertFalse(mail.recipient_ids)
        self.assertIn("[TEST for DAF]", mail.subject)

    def test_nobody_or_no_address_is_told_before_anything_leaves(self):
        self.reader.email = False
        with self.assertRaises(UserError) as caught:
            self.pack.action_send()
        self.assertIn("DAF", str(caught.exception))
        self.pack.recipient_ids = False
        with self.assertRaises(UserError):
            self.pack.action_send()
        self.assertEqual(self.pack.state, "ready")

    def test_a_month_has_one_live_pack(self):
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._pack(prepare=False)

    def test_what_was_sent_is_replaced_never_changed(self):
        self._send(self.pack)
        for change in (
            lambda: self.pack.action_prepare(),
            lambda: self.pack.unlink(),
            lambda: self.pack.write({"date_start": date(2025, 2, 1)}),
        ):
            with self.assertRaises(UserError):
                change()
        again = self.packs.browse(self.pack.action_replace()["res_id"])
        self.assertEqual(self.pack.action_replace()["res_id"], again.id)
        again.action_prepare()
        self.assertEqual(self.pack.state, "sent")
        self._send(again)
        self.assertEqual((self.pack.state, again.state), ("replaced", "sent"))

    def test_a_month_is_over_and_of_a_legal_entity(self):
        with self.assertRaises(ValidationError):
            self._pack(self.today.replace(day=1), prepare=False)
        with self.assertRaises(ValidationError):
            self._pack(date(2025, 2, 3), prepare=False)

    def test_the_pdf_is_rendered(self):
        pack = self.pack.with_context(force_report_rendering=True)
        with self.allow_pdf_render():
            content, _kind = (
                self.env["ir.actions.report"]
                .with_context(force_report_rendering=True)
                ._render_qweb_pdf("recouvrement_reporting.report_pack", pack.ids)
            )
        self.assertTrue(content.startswith(b"%PDF"))


@tagged("post_install", "-at_install")
class TestPackSchedule(PackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_debtor("Dubois", items=((1000, -60),))
        cls.company.write(
            {
                "recouvrement_pack_scheduled": True,
                "recouvrement_pack_day": 1,
                "recouvrement_pack_recipient_ids": [Command.set(cls.reader.ids)],
                "recouvrement_pack_user_id": cls.env.user.id,
            }
        )
        cls.month = cls.packs._default_month()

    def _run(self):
        with (
            self.mock_mail_gateway(),
            patch.object(
                type(self.env["ir.cron"]), "_commit_progress", lambda *a, **k: 1
            ),
        ):
            self.packs._cron_monthly()
        return self.packs.search(
            [("company_id", "=", self.company.id), ("date_start", "=", self.month)]
        )

    def test_it_is_prepared_and_sent_once(self):
        pack = self._run()
        self.assertEqual(pack.state, "sent")
        self.assertEqual(pack.delivery_ids.partner_id, self.reader)
        self.assertEqual(self._run(), pack)
        self.assertEqual(len(pack.delivery_ids), 1)

    def test_a_failure_tells_the_responsible_once_and_is_tried_again(self):
        self.reader.email = False
        with mute_logger("odoo.addons.recouvrement_reporting.models.pack_schedule"):
            pack = self._run()
            self.assertEqual(self._run(), pack)
        self.assertIn("DAF", pack.failure)
        self.assertNotEqual(pack.state, "sent")
        self.assertEqual(pack.activity_ids.user_id, self.env.user)
        self.assertEqual(len(pack.activity_ids), 1)
        self.reader.email = "daf@example.com"
        self._run()
        self.assertEqual(pack.state, "sent")
        self.assertFalse(pack.failure)
        self.assertFalse(pack.activity_ids)

    def test_it_waits_for_its_day(self):
        self.company.recouvrement_pack_day = 28
        day = self.today.replace(day=27)
        with patch("odoo.fields.Date.context_today", return_value=day):
            self.assertNotIn(self.company, self.packs._get_scheduled())
        day = self.today.replace(day=28)
        with patch("odoo.fields.Date.context_today", return_value=day):
            self.assertIn(self.company, self.packs._get_scheduled())


@tagged("post_install", "-at_install")
class TestPackAccess(ReportingRights, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.packs = cls.env["recouvrement.pack"]
        cls.pack = cls.packs.create({"company_id": cls.company.id})
        cls.pack.action_prepare()

    def test_each_role_has_just_its_rights_and_menu(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def test_accountants_and_managers_prepare_auditors_read(self):
        for role in ("accountant", "manager"):
            self._as(self.pack, role).action_prepare()
            self.assertEqual(self.pack.prepared_by_id, self.users[role])
        pack = self._as(self.pack, "auditor")
        self.assertTrue(pack._get_file("xlsx")[0])
        self.assertTrue(pack.figure_ids[:1].action_open_source())
        with self.assertRaises(AccessError):
            pack.action_prepare()
        with self.assertRaises(AccessError):
            self._as(self.packs, "auditor").action_prepare_month()
        with self.assertRaises(AccessError):
            self._as(self.pack, "salesperson")._get_file("pdf")

    def test_what_is_read_only_on_screen_is_for_remote_calls_too(self):
        for vals in (
            {"state": "sent"},
            {"data": {}},
            {"pdf_sha256": "0"},
            {"commentary": "x"},
        ):
            with self.assertRaises(AccessError):
                self._rpc("manager", self.pack, "write", vals)
        with self.assertRaises(AccessError):
            self._rpc("manager", self.pack.figure_ids[:1], "write", {"exact": "1"})

    def test_another_company_keeps_its_own_packs(self):
        other = self.pack.sudo().create(
            {"company_id": self.other.id, "date_start": self.pack.date_start}
        )
        other.action_prepare()
        seen = self._as(self.packs, "manager").search([("id", "!=", False)])
        self.assertEqual(seen, self.pack)
        with self.assertRaises(AccessError):
            self._as(other, "manager")._get_file("pdf")
        values = other.figure_ids.filtered(lambda one: one.section == "synopsis")
        self.assertFalse([one for one in values if one._get_value()])

    def test_the_file_that_is_downloaded_is_the_one_that_is_kept(self):
        content, _name = self.pack._get_file("xlsx")
        for login, status in (("test_auditor", 200), ("test_salesperson", 403)):
            self.authenticate(login, login)
            answer = self.url_open(f"/recouvrement/pack/{self.pack.id}.xlsx")
            self.assertEqual(answer.status_code, status)
            if status == 200:
                self.assertEqual(answer.content, content)
                again = self.url_open(f"/recouvrement/pack/{self.pack.id}.xlsx")
                self.assertEqual(again.content, content)
