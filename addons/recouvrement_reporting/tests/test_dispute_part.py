"""The part of an item that is disputed counts as disputed, as of each day."""

from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from ..tools.period import Period
from .kpi_common import MARCH, KpiCommon


@tagged("post_install", "-at_install")
class TestDisputePart(KpiCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._make_customer("Parts")
        cls.move = cls._invoice(cls.partner, 1000, "2025-01-10", "2025-02-10")
        cls.item = cls._items(cls.move)
        cls._invoice(cls.partner, 600, "2025-01-10", "2025-02-10")

    def _tell(self, day, amount):
        with freeze_time(day):
            self.item._on_disputed_parts({self.item.id: amount})

    def _disputed(self, end="2025-03-31"):
        found = self._figures(
            "dispute_ratio", period=Period(MARCH.start, date.fromisoformat(end))
        )
        return found[None]["dispute_ratio"]

    def test_the_ratio_counts_the_part_only(self):
        self._tell("2025-02-01", 400.0)
        figure = self._disputed()
        self.assertEqual(figure.measures["disputed"], 400)
        self.assertEqual(figure.measures["receivables"], 1600)
        self.assertEqual(figure.value, 25)
        self.assertEqual(self._sum_lines("dispute_ratio", "disputed"), 400)

    def test_the_part_is_the_one_of_the_day(self):
        self._tell("2025-03-05", 400.0)
        self._tell("2025-03-10", 250.0)
        self._tell("2025-03-20", 0.0)
        for day, amount in (
            ("2025-03-04", 0),
            ("2025-03-05", 400),
            ("2025-03-09", 400),
            ("2025-03-10", 250),
            ("2025-03-19", 250),
            ("2025-03-20", 0),
        ):
            with self.subTest(day=day):
                self.assertEqual(self._disputed(day).measures["disputed"] or 0, amount)

    def test_what_is_told_twice_is_noted_once(self):
        for _twice in range(2):
            self._tell("2025-03-05", 400.0)
        parts = self.env["recouvrement.dispute.part"].search(
            [("move_line_id", "=", self.item.id)]
        )
        self.assertEqual(parts.mapped("amount"), [400])

    def test_a_part_is_never_more_than_what_is_open(self):
        self._tell("2025-02-01", 900.0)
        self._pay(self.move, 300, date(2025, 3, 10))
        self.assertEqual(self._disputed("2025-03-09").measures["disputed"], 900)
        self.assertEqual(self._disputed().measures["disputed"], 700)

    def test_an_item_that_is_only_marked_counts_whole(self):
        self._dispute(self.move, date(2025, 2, 1))
        self.assertEqual(self._disputed().measures["disputed"], 1000)

    def test_a_part_that_holds_the_whole_item_counts_as_a_part(self):
        self._dispute(self.move, date(2025, 2, 1))
        self._tell("2025-02-01", 300.0)
        self.assertEqual(self._disputed().measures["disputed"], 300)

    def test_the_past_is_kept_from_everybody(self):
        self._tell("2025-02-01", 400.0)
        part = self.env["recouvrement.dispute.part"].search([], limit=1)
        with self.assertRaises(AccessError):
            part.with_user(self._make_user("manager")).write({"amount": 1})
        with self.assertRaises(UserError):
            part.sudo().unlink()

    def test_disputes_tell_their_parts(self):
        if "recouvrement.dispute" not in self.env:
            self.skipTest("recouvrement_litige is not installed")
        debtor = self._debtor(self.partner)
        with freeze_time("2025-03-05"):
            dispute = debtor._open_dispute([(self.item, 400.0)], "price", "Too dear")
        with freeze_time("2025-03-10"):
            dispute._conclude("unfounded", "As agreed")
        self.assertEqual(self._disputed("2025-03-09").measures["disputed"], 400)
        self.assertFalse(self._disputed("2025-03-10").measures["disputed"])
