"""What each mover of a pack shows opens the lines that make it, with credit notes, part
payments, a second currency, disputed and litigious items."""

from datetime import date
from decimal import Decimal

from odoo.tests import tagged

from .kpi_common import MARCH
from .test_pack import PackCommon


@tagged("post_install", "-at_install")
class TestPackMovers(PackCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_golden()
        cls._make_work()
        franc = cls.setup_other_currency("CHF", rates=[("2015-01-01", 2.0)])
        for partner in (cls.one, cls.two, cls._make_customer("Golden Three")):
            part = cls._invoice(partner, 1200, "2025-01-10", "2025-02-10")
            cls._pay(part, 333.33, date(2025, 3, 12))
            cls._invoice(partner, 900, "2025-02-10", "2025-03-10", currency_id=franc.id)
            cls._invoice(
                partner, 250, "2025-03-02", "2025-03-02", move_type="out_refund"
            )
            sued = cls._invoice(partner, 640, "2024-10-01", "2024-11-01")
            cls._items(sued)._set_collection_status("litigation", "Before the court")
            disputed = cls._invoice(partner, 77, "2025-02-01", "2025-02-28")
            cls._dispute(disputed, date(2025, 3, 5))
        cls.pack = cls._pack()
        cls._make_past()
        cls.accountant = cls._make_user("accountant", login="test_movers")

    def _sum(self, action, name):
        model = self.env[action["res_model"]].with_user(self.accountant)
        model = model.with_context(**action["context"])
        [[total]] = model._read_group(action["domain"], [], [f"{name}:sum"])
        return Decimal(str(round(total or 0.0, 2)))

    def test_every_amount_of_a_mover_opens_its_lines(self):
        figures = self.pack.figure_ids.with_user(self.accountant)
        movers = figures.filtered(lambda one: "partner" in (one.source or {}))
        before = movers.filtered("has_before")
        self.assertGreater(len(movers), 8)
        self.assertGreater(len(before), 3)
        for figure in movers:
            with self.subTest(figure=figure.label):
                total = self._sum(figure.action_open_source(), "value")
                self.assertEqual(total, round(figure._get_value(), 2))
        for figure in before:
            with self.subTest(before=figure.label):
                total = self._sum(figure.action_open_before(), "value")
                self.assertEqual(total, round(figure._get_value("exact_before"), 2))

    def test_what_a_provision_went_up_and_down_by_opens_its_lines(self):
        runs = self.env["recouvrement.impairment"]
        for day in (MARCH.eve, MARCH.end):
            runs.create({"company_id": self.company.id, "date": day}).action_compute()
        self.pack.action_prepare()
        shown = self._figures_of(self.pack, "provisions")
        moved = 0
        for label, sign in (("Increase", 1), ("Decrease", -1)):
            figure = shown[f"Provisions: {label}"]
            total = self._sum(figure.action_open_source(), "delta")
            with self.subTest(label=label):
                self.assertEqual(sign * total, figure._get_value())
            moved += total
        self.assertTrue(moved)
