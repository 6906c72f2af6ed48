"""Every figure of a dashboard opens the lines that make it: with credit notes, part
payments, a second currency, disputed and litigious items, and two companies."""

from datetime import date
from decimal import Decimal

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_dashboard import IN_MARCH, DashboardCommon

SUMS = {
    "recouvrement.kpi.line": "value",
    "recouvrement.open.item": "amount_residual",
    "recouvrement.target": "value",
}


def cents(amount):
    return round(Decimal(str(amount or 0)), 2)


@tagged("post_install", "-at_install")
class TestDashboardOpened(DashboardCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        franc = cls.setup_other_currency("CHF", rates=[("2015-01-01", 2.0)])
        for partner in (cls.one, cls.two):
            part = cls._invoice(partner, 1200, "2025-01-10", "2025-02-10")
            cls._pay(part, 333.33, date(2025, 3, 12))
            cls._invoice(partner, 900, "2025-01-10", "2025-02-20", currency_id=franc.id)
            cls._invoice(
                partner, 250, "2025-03-02", "2025-03-02", move_type="out_refund"
            )
            sued = cls._invoice(partner, 640, "2024-10-01", "2024-11-01")
            cls._items(sued)._set_collection_status("litigation", "Before the court")
            cls._make_receipt(partner, 17.5, date(2025, 3, 20))
        cls.abroad = cls.setup_other_company(name="Second")["company"]
        cls.abroad.currency_id = cls.company.currency_id
        cls.env.user.company_ids |= cls.abroad
        for user in (cls.claire, cls.sophie):
            user.company_ids |= cls.abroad
        cls.env["account.move"].with_company(cls.abroad).create(
            {
                "move_type": "out_invoice",
                "company_id": cls.abroad.id,
                "partner_id": cls.one.id,
                "invoice_date": "2025-02-05",
                "date": "2025-02-05",
                "invoice_date_due": "2025-02-25",
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create({"name": "x", "price_unit": 81, "tax_ids": False})
                ],
            }
        ).action_post()
        cls.env["recouvrement.debtor"]._process_dirty()
        cls.env["recouvrement.debtor"].search(
            [("partner_id", "=", cls.one.id), ("company_id", "=", cls.abroad.id)]
        ).collector_id = cls.claire
        for company in (cls.company, cls.abroad):
            for user, value in ((None, 50000), (cls.claire, 7000)):
                cls.env["recouvrement.target"].create(
                    {
                        "company_id": company.id,
                        "user_id": user and user.id,
                        "date_start": "2025-03-01",
                        "value": value,
                    }
                )

    def _model(self, kind, companies):
        model = self.env["recouvrement.dashboard"].with_user(self.users[kind])
        return model.with_context(allowed_company_ids=companies.ids)

    def _check(self, model, action, amount, **label):
        records = model.env[action["res_model"]].with_context(**action["context"])
        name = SUMS[action["res_model"]]
        [[total]] = records._read_group(action["domain"], [], [f"{name}:sum"])
        with self.subTest(**label):
            self.assertEqual(cents(total), cents(amount))

    def _each(self):
        """``(kind, model, data)`` of each dashboard, of one company and of two."""
        for kind in self.users:
            for companies in (self.company, self.company | self.abroad):
                model = self._model(kind, companies)
                yield kind, model, model.get_dashboard(kind, IN_MARCH)

    def test_the_balance_opens_what_it_shows(self):
        checked = 0
        for kind, model, data in self._each():
            balance = data["balance"]
            balances = model.env["recouvrement.aged.balance"]
            options = balance["options"]
            before = {**options, "as_of": options["compare"]}
            for row in [*balance["rows"], {**balance["total"], "key": None}]:
                for name, asked, column in (
                    ("total", options, None),
                    ("late", options, "late"),
                    ("other", before, None),
                ):
                    action = balances.get_items_action(asked, row["key"], column)
                    label = {"kind": kind, "figure": name, "row": row["label"]}
                    self._check(model, action, row[name], **label)
                    checked += bool(row[name])
        self.assertGreater(checked, 30)

    def test_measures_of_tiles_and_of_the_team_add_up(self):
        for kind, model, data in self._each():
            kpis = model.env["recouvrement.kpi"]
            start, end = data["period"]["start"], data["period"]["end"]
            by, key = data["by"] or None, data["key"] or None
            shown = [(tile["code"], tile, by, key) for tile in data["tiles"]]
            for row in (data["team"] or {"rows": ()})["rows"]:
                shown += [
                    (code, figure, "collector", row["key"] or None)
                    for code, figure in row["figures"].items()
                ]
            for code, figure, group, one in shown:
                for measure in figure["measures"]:
                    name = measure["name"]
                    action = kpis.action_open_lines(code, name, start, end, group, one)
                    label = {"kind": kind, "code": code, "measure": name, "of": one}
                    self._check(model, action, measure["value"], **label)

    def test_what_was_reached_and_aimed_at_opens_in_its_company(self):
        checked = []
        for kind, model, data in self._each():
            for progress in data["targets"]["progress"]:
                company = progress.get("company_id")
                code = progress["code"]
                action = model.action_open_reached(kind, code, IN_MARCH, company)
                label = {"kind": kind, "company": company}
                self._check(model, action, progress["actual"], **label)
                action = model.action_open_target(kind, code, IN_MARCH, None, company)
                self._check(model, action, progress["target"], **label)
                checked.append((kind, company))
            for row in (data["team"] or {"rows": ()})["rows"]:
                if (row["progress"] or {}).get("target"):
                    action = model.action_open_target(
                        kind, "collected", IN_MARCH, row["key"]
                    )
                    self._check(model, action, row["progress"]["target"], of="team")
                    checked.append(("team", row["key"]))
        self.assertEqual(
            set(checked),
            {
                ("collector", self.company.id),
                ("collector", self.abroad.id),
                ("manager", None),
                ("director", None),
                ("team", self.claire.id),
            },
        )

    def test_the_targets_of_others_do_not_open(self):
        model = self._model("collector", self.company)
        action = model.action_open_target(
            "collector", "collected", IN_MARCH, self.sophie.id
        )
        targets = model.env["recouvrement.target"].search(action["domain"])
        self.assertEqual(targets.user_id, self.claire)
        with self.assertRaises(AccessError):
            model.action_open_target("manager", "collected", IN_MARCH)
        manager = self._model("manager", self.company)
        for code in ("weighted_age", "unknown"):
            with self.subTest(code=code), self.assertRaises(UserError):
                manager.action_open_target("manager", code, IN_MARCH)
        both = self._model("manager", self.company | self.abroad)
        with self.assertRaises(UserError):
            both.action_open_target("manager", "collected", IN_MARCH)
