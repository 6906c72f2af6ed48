"""Who sees key figures: not the salespeople; and whose lines."""

import io
import zipfile

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from odoo.addons.recouvrement.tests.rights import EDIT, READ, WITHOUT_SALES

from ..tools.period import Period
from .common_rights import ReportingRights

SEEN = dict.fromkeys(WITHOUT_SALES, READ)
RIGHTS = {
    "recouvrement.kpi": {**SEEN, "manager": (1, 1, 0, 0)},
    "recouvrement.kpi.line": SEEN,
    "recouvrement.kpi.snapshot": SEEN,
    "recouvrement.dispute.period": SEEN,
    "recouvrement.dispute.part": SEEN,
    "recouvrement.action.cost": {**SEEN, "manager": EDIT},
}
MENUS = {
    "kpi": WITHOUT_SALES,
    "kpi_snapshot": WITHOUT_SALES,
    "kpi_limits": ("auditor", "manager"),
    "action_cost": ("auditor", "manager"),
}


@tagged("post_install", "-at_install")
class TestKpiAccess(ReportingRights):
    def test_each_role_has_just_its_rights_and_menus(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def test_salespeople_see_no_figure_of_the_company(self):
        kpis = self._as(self.env["recouvrement.kpi"], "salesperson")
        snapshots = self._as(self.env["recouvrement.kpi.snapshot"], "salesperson")
        for call in (
            lambda: kpis.get_figures({}),
            lambda: kpis.get_trend({}),
            lambda: kpis.get_split("overdue", {"by": "collector"}),
            lambda: kpis.action_open_lines(
                "overdue", "overdue", str(self.today), str(self.today)
            ),
            lambda: snapshots.get_comparison(str(self.today)),
            lambda: snapshots.action_open_cause(str(self.today), "entered"),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_everybody_else_sees_the_same_figures_of_the_company(self):
        period = Period(self.today.replace(day=1), self.today)
        options = {"start": str(period.start), "end": str(period.end)}
        for role in WITHOUT_SALES:
            kpis = self._as(self.env["recouvrement.kpi"], role)
            with self.subTest(role=role):
                [overdue] = [
                    kpi["value"]
                    for family in kpis.get_figures(options)["families"]
                    for kpi in family["kpis"]
                    if kpi["code"] == "overdue"
                ]
                self.assertEqual(overdue, 6500.0)
                self.assertEqual(len(kpis.get_trend(options)["months"]), 12)

    def test_the_lines_are_those_that_a_role_may_see(self):
        seen = {"collector": 3500, "accountant": 6500, "auditor": 6500, "manager": 6500}
        day = str(self.today)
        for role, expected in seen.items():
            kpis = self._as(self.env["recouvrement.kpi"], role)
            action = kpis.action_open_lines("overdue", "overdue", day, day)
            lines = kpis.env[action["res_model"]].with_context(**action["context"])
            found = lines.search(action["domain"])
            with self.subTest(role=role):
                self.assertEqual(sum(found.mapped("value")), expected)
                self.assertEqual(
                    found[:1].action_open_record()["res_model"], "account.move"
                )

    def test_companies_are_those_the_user_works_in(self):
        kpis = self._as(self.env["recouvrement.kpi"], "manager")
        with self.assertRaises(AccessError):
            kpis.with_context(allowed_company_ids=self.other.ids).get_figures({})


@tagged("post_install", "-at_install")
class TestKpiFile(ReportingRights, HttpCase):
    def _download(self, login):
        self.authenticate(login, login)
        return self.url_open("/recouvrement/key-figures.xlsx?options={}")

    def test_the_figures_leave_as_a_spreadsheet(self):
        answer = self._download("test_auditor")
        self.assertEqual(answer.status_code, 200)
        with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
            self.assertEqual(
                sum(name.startswith("xl/worksheets/") for name in book.namelist()), 3
            )
            texts = (
                book.read("xl/sharedStrings.xml").decode()
                if ("xl/sharedStrings.xml" in book.namelist())
                else "".join(
                    book.read(name).decode()
                    for name in book.namelist()
                    if name.startswith("xl/worksheets/sheet")
                )
            )
        self.assertIn("Best Possible DSO", texts)

    def test_salespeople_get_none(self):
        self.assertEqual(self._download("test_salesperson").status_code, 403)
