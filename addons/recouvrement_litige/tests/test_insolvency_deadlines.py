"""Deadlines from the publication: worked cases, month ends, leap years, places."""

from datetime import date

from odoo.tests import tagged

from .insolvency_common import InsolvencyCommon

# judgment, published, place, then the last day of: declaration, relief, retention.
CASES = [
    # Plain months.
    ("2025-03-03", "2025-03-12", "metropole", "2025-05-12", "2025-09-12", "2025-06-12"),
    # The last day of a shorter month; 30 June is a Monday.
    ("2025-04-01", "2025-04-30", "metropole", "2025-06-30", "2025-10-30", "2025-07-30"),
    # 31 December: no 31 in February, June; 28 February 2026 is a Saturday.
    ("2025-12-20", "2025-12-31", "metropole", "2026-03-02", "2026-06-30", "2026-03-31"),
    # Leap year: 29 February 2024 exists.
    ("2023-12-20", "2023-12-29", "metropole", "2024-02-29", "2024-07-01", "2024-03-29"),
    # 31 August: six months later is the end of February; 31 October is a Friday.
    ("2025-08-20", "2025-08-31", "metropole", "2025-10-31", "2026-03-02", "2025-12-01"),
    # Overseas and abroad: four months; the other delays are the same.
    ("2025-03-03", "2025-03-12", "overseas", "2025-07-15", "2025-09-12", "2025-06-12"),
    ("2025-03-03", "2025-03-12", "abroad", "2025-07-15", "2025-09-12", "2025-06-12"),
    # The last day is a holiday: 1 May 2026 is a Friday, the next working day Monday.
    ("2026-02-20", "2026-03-01", "metropole", "2026-05-04", "2026-09-01", "2026-06-01"),
    # 25 December 2025 is a Thursday.
    ("2025-10-10", "2025-10-25", "metropole", "2025-12-26", "2026-04-27", "2026-01-26"),
    # Easter Monday: 6 April 2026.
    ("2026-01-20", "2026-02-06", "metropole", "2026-04-07", "2026-08-06", "2026-05-06"),
]


@tagged("post_install", "-at_install")
class TestInsolvencyDeadlines(InsolvencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._make_debtor(items=((1000, -400),))

    def _file(self, judged, published, place="metropole", **vals):
        return self._open(
            self.debtor,
            judged=date.fromisoformat(judged),
            date_published=published,
            place=place,
            has_retention=True,
            **vals,
        )

    def test_worked_cases(self):
        for judged, published, place, declaration, relief, retention in CASES:
            with self.subTest(published=published, place=place):
                one = self._file(judged, published, place)
                days = {code: str(day) for code, day in self._deadlines(one).items()}
                self.assertEqual(days["declaration"], declaration)
                self.assertEqual(days["relief"], relief)
                self.assertEqual(days["retention"], retention)
                one._undo("next case")

    def test_the_answer_runs_from_the_letter(self):
        one = self._declared(self._file("2025-03-03", "2025-03-12"))
        one._contest(date(2025, 11, 1), {})
        # 30 days after 1 November: 1 December 2025, a Monday.
        self.assertEqual(self._deadlines(one)["answer"], date(2025, 12, 1))

    def test_later_claims_of_a_liquidation_are_reported_in_six_months(self):
        one = self._file("2025-03-03", "2025-03-12")
        self.assertEqual(self._deadlines(one)["report"], date(2025, 9, 12))
        one._undo("older proceedings")
        old = self._file("2023-10-20", "2023-11-02")
        self.assertNotIn("report", self._deadlines(old))

    def test_in_a_reorganisation_they_are_reported_after_the_observation(self):
        one = self._file("2025-03-03", "2025-03-12", kind="reorganisation")
        self.assertNotIn("report", self._deadlines(one))
        one.date_observation_end = "2025-09-03"
        self.assertEqual(self._deadlines(one)["report"], date(2026, 9, 3))

    def test_without_a_publication_nothing_runs_yet(self):
        one = self._open(self.debtor, judged=date(2025, 3, 3))
        self.assertNotIn("declaration", self._deadlines(one))
        one.date_published = "2025-03-12"
        self.assertEqual(self._deadlines(one)["declaration"], date(2025, 5, 12))
        one.place = "overseas"
        self.assertEqual(self._deadlines(one)["declaration"], date(2025, 7, 15))

    def test_without_retention_of_title_no_goods_are_claimed(self):
        one = self._open(
            self.debtor, judged=date(2025, 3, 3), date_published="2025-03-12"
        )
        self.assertNotIn("retention", self._deadlines(one))

    def test_what_is_not_verified_says_so(self):
        one = self._open(
            self.debtor,
            judged=date(2025, 3, 3),
            kind="association_administrator",
            date_published="2025-03-12",
        )
        deadline = one.deadline_ids.filtered(
            lambda d: d.code == "association_declaration"
        )
        self.assertEqual(deadline.confidence, "NV")

    def test_every_delay_has_a_source_and_a_confidence(self):
        delays = self.env["recouvrement.legal.delay"].search([("count", ">", 0)])
        self.assertGreater(len(delays), 12)
        for delay in delays:
            self.assertTrue(delay.source and delay.confidence and delay.kind_ids)

    def test_the_holidays_are_those_of_the_court(self):
        court = self.env["recouvrement.jurisdiction"].create(
            {
                "name": "TJ Strasbourg",
                "kind": "tj",
                "zip": "67000",
                "city": "Strasbourg",
            }
        )
        one = self._file("2025-10-10", "2025-10-26", jurisdiction_id=court.id)
        # 26 December is a holiday in Alsace; 27 and 28 are a weekend.
        self.assertEqual(self._deadlines(one)["declaration"], date(2025, 12, 29))
