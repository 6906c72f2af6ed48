"""Legal figures: what is delivered, what is missing, who is asked, CSV files."""

import base64
from datetime import date
from decimal import Decimal

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..tools import rate_csv
from ..tools.interest import MissingRate
from .access_common import AccessCommon

HEAD = "code;date_from;date_to;value;source\n"


@tagged("post_install", "-at_install")
class TestRate(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rates = cls.env["recouvrement.rate"]

    def _half_years(self, first, last):
        return [(year, half) for year in range(first, last + 1) for half in (1, 2)]

    # ------------------------------------------------------------------
    # DELIVERED FIGURES
    # ------------------------------------------------------------------

    def test_every_half_year_is_delivered_with_its_source(self):
        for code, first in (
            ("ecb_mro", 2010),
            ("fr_legal_pro", 2015),
            ("fr_legal_individual", 2015),
        ):
            values = self.rates.search([("code", "=", code)], order="date_from")
            found = [(v.date_from.year, 1 + (v.date_from.month > 6)) for v in values]
            with self.subTest(code=code):
                self.assertEqual(found, self._half_years(first, 2026))
                self.assertTrue(all(values.mapped("source")))

    def test_values_that_people_get_wrong(self):
        for code, day, value in (
            ("ecb_mro", date(2011, 7, 1), 1.25),  # 1,50 took effect on 13 July
            ("ecb_mro", date(2016, 6, 30), 0.05),
            ("ecb_mro", date(2016, 7, 1), 0.0),
            ("ecb_mro", date(2024, 12, 31), 4.25),
            ("ecb_mro", date(2026, 7, 1), 2.40),
            ("fr_legal_pro", date(2024, 3, 1), 5.07),
            ("fr_legal_pro", date(2026, 12, 31), 2.75),
            ("fr_legal_individual", date(2026, 1, 1), 6.67),
        ):
            with self.subTest(code=code, day=day):
                self.assertEqual(self.rates._get_value(code, day), value)

    def test_a_missing_half_year_is_an_error_that_names_it(self):
        with self.assertRaisesRegex(UserError, "ECB.*2031-S2.*Configuration"):
            self.rates._get_required("ecb_mro", date(2031, 8, 1))
        table = self.rates._get_table("ecb_mro")
        self.assertEqual(table.on(date(2026, 9, 1)), Decimal("2.4"))
        with self.assertRaises(MissingRate) as caught:
            table.on(date(2031, 8, 1))
        self.assertEqual(caught.exception.half_year, "2031-S2")
        with self.assertRaises(MissingRate):
            table.on(date(2009, 12, 31))

    def test_the_table_follows_what_is_loaded(self):
        self.rates._get_table("ecb_mro")
        self._load("ecb_mro", 2031, 1, 9)
        table = self.rates._get_table("ecb_mro")
        self.assertEqual(table.on(date(2031, 1, 1)), Decimal(9))

    def _load(self, code, year, half, value):
        known = self.rates.search([("code", "=", code)], limit=1)
        first, last = known._get_half_year(date(year, 1 if half == 1 else 7, 1))
        return self.rates.create(
            {
                "code": code,
                "name": known.name,
                "unit": known.unit,
                "review_months": known.review_months,
                "value": value,
                "date_from": first,
                "date_to": last,
                "source": "Test",
            }
        )

    # ------------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------------

    def test_two_values_never_hold_on_the_same_day(self):
        indemnity = self.env.ref("recouvrement.rate_fr_fixed_indemnity_2013")
        values = {
            "code": indemnity.code,
            "name": indemnity.name,
            "unit": "eur",
            "value": 50,
            "date_from": date(2030, 1, 1),
            "source": "Test",
        }
        with self.assertRaises(ValidationError) as caught:
            self.rates.create(values)
        self.assertIn("two values", str(caught.exception))
        indemnity.date_to = date(2029, 12, 31)
        self.rates.create(values)
        self.assertEqual(self.rates._get_value(indemnity.code, date(2029, 12, 31)), 40)
        self.assertEqual(self.rates._get_value(indemnity.code, date(2030, 1, 1)), 50)
        with self.assertRaises(ValidationError):
            indemnity.date_to = False

    def test_a_half_yearly_figure_covers_a_half_year(self):
        rate = self._load("ecb_mro", 2031, 1, 3)
        for vals in (
            {"date_to": date(2031, 6, 29)},
            {"date_to": False},
            {"date_from": date(2031, 1, 2)},
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError):
                rate.write(vals)

    # ------------------------------------------------------------------
    # REMINDERS
    # ------------------------------------------------------------------

    def _activities(self):
        kind = self.env.ref("recouvrement.mail_activity_type_rate")
        return self.env["mail.activity"].search([("activity_type_id", "=", kind.id)])

    def _remind(self, day):
        with freeze_time(day):
            self.rates._cron_remind()

    def test_nothing_is_asked_before_the_last_two_weeks(self):
        self._remind("2026-12-17 10:00:00")
        self.assertFalse(self._activities())

    def test_one_activity_per_missing_figure_exactly_once(self):
        self._remind("2026-12-18 10:00:00")
        activities = self._activities()
        half_yearly = activities.filtered(
            lambda activity: activity.recouvrement_period == "2027-S1"
        )
        self.assertEqual(
            sorted(half_yearly.mapped("summary")),
            [
                "Load “ECB main refinancing rate” for 2027-S1",
                "Load “Legal interest rate, private individuals as creditors” for "
                "2027-S1",
                "Load “Legal interest rate, professional creditors” for 2027-S1",
            ],
        )
        self.assertEqual(set(half_yearly.mapped("date_deadline")), {date(2027, 1, 1)})
        yearly = activities - half_yearly
        self.assertEqual(set(yearly.mapped("recouvrement_period")), {"2027"})
        self.assertEqual(len(yearly), 2, "the indemnity and the VAT rate")
        manager = activities.user_id
        self.assertEqual(len(manager), 1)
        self.assertTrue(manager.has_group("recouvrement.group_manager"))
        self.assertNotIn(manager, self.env.ref("base.user_admin"))
        self._remind("2026-12-19 10:00:00")
        self._remind("2027-02-19 10:00:00")
        self.assertEqual(self._activities(), activities)
        half_yearly[0].unlink()
        self._remind("2026-12-20 10:00:00")
        self.assertEqual(len(self._activities()), len(activities) - 1)

    def test_loading_the_figure_closes_its_activity_only(self):
        self._remind("2026-12-20 10:00:00")
        before = len(self._activities())
        self._load("ecb_mro", 2027, 1, 2.4)
        left = self._activities()
        self.assertEqual(len(left), before - 1)
        self.assertNotIn("ECB", " ".join(left.mapped("summary")))
        self._remind("2027-06-20 10:00:00")
        asked = self._activities().filtered(
            lambda activity: activity.recouvrement_period == "2027-S2"
        )
        self.assertEqual(len(asked), 3)

    def test_the_banner_names_what_is_missing_now_and_soon(self):
        with freeze_time("2026-11-20 10:00:00"):
            self.assertEqual(self.rates.get_missing_texts(), [])
        with freeze_time("2026-12-28 10:00:00"):
            texts = self._as(self.rates, "auditor").get_missing_texts()
        self.assertEqual(len(texts), 3)
        self.assertTrue(all("2027-S1" in text for text in texts))
        with freeze_time("2027-06-25 10:00:00"):
            self.assertEqual(len(self.rates.get_missing_texts()), 6)

    # ------------------------------------------------------------------
    # FILES
    # ------------------------------------------------------------------

    def _import(self, text, role="manager", encoding="utf-8"):
        wizards = self._as(self.env["recouvrement.rate.import"], role)
        data = text if isinstance(text, bytes) else (HEAD + text).encode(encoding)
        wizard = wizards.create({"file": base64.b64encode(data)})
        wizard.action_preview()
        return wizard

    def test_the_preview_shows_what_changes_and_loads_it(self):
        wizard = self._import(
            "ecb_mro;2027-01-01;2027-06-30;2,65;ECB\n"
            "ecb_mro;2026-07-01;2026-12-31;2,45;ECB corrected\n"
            "fr_fixed_indemnity;01/01/2013;;40.0;C. com. art. L441-10 II et D441-5\n"
        )
        self.assertFalse(wizard.error_text)
        self.assertEqual(wizard.line_ids.mapped("change"), ["new", "changed", "same"])
        self.assertEqual(
            self.rates._get_value("ecb_mro", date(2026, 8, 1)), 2.40, "not yet"
        )
        wizard.action_load()
        self.assertEqual(self.rates._get_value("ecb_mro", date(2026, 8, 1)), 2.45)
        self.assertEqual(self.rates._get_value("ecb_mro", date(2027, 3, 1)), 2.65)
        new = self.rates.search([("code", "=", "ecb_mro")], limit=1)
        self.assertEqual(new.name, "ECB main refinancing rate")
        self.assertEqual(new.review_months, "6")
        changed = self.env.ref("recouvrement.rate_ecb_mro_2026_s2")
        self.assertFalse(changed.confidence)

    def test_a_wrong_file_changes_nothing_and_names_its_lines(self):
        before = self.rates.search_count([])
        for text, expected in (
            ("ecb_mro;2027-01-01;2027-06-30;2,65;ECB\nx;y;z\n", "Line 3: five"),
            ("unknown_rate;2027-01-01;;2;ECB\n", "Line 2: “unknown_rate”"),
            ("ecb_mro;2027-01-01;2027-05-31;2,65;ECB\n", "Line 2: “ecb_mro”"),
            ("ecb_mro;2027-01-01;2027-06-30;abc;ECB\n", "Line 2: “abc”"),
            ("fr_fixed_indemnity;2030-01-01;;50;JO\n", "Line 2: “fr_fixed"),
            (b"\xff\xfe\x00", "UTF-8"),
        ):
            wizard = self._import(text)
            with self.subTest(text=text):
                self.assertIn(expected, wizard.error_text)
                self.assertEqual(wizard.state, "file")
                wizard.action_load()
                self.assertEqual(self.rates.search_count([]), before)

    def test_a_figure_is_closed_and_followed_in_one_file(self):
        wizard = self._import(
            "fr_fixed_indemnity;2013-01-01;2029-12-31;40;C. com.\n"
            "fr_fixed_indemnity;2030-01-01;;50;C. com.\n"
        )
        wizard.action_load()
        self.assertEqual(
            self.rates._get_value("fr_fixed_indemnity", date(2030, 1, 1)), 50
        )

    def test_the_export_loads_again_without_a_change(self):
        wizard = self._as(self.env["recouvrement.rate.import"], "manager").create({})
        data = base64.b64decode(wizard.export_file)
        rows, problems = rate_csv.read_rates(data)
        self.assertFalse(problems)
        self.assertEqual(len(rows), self.rates.search_count([]))
        again = self._import(data)
        self.assertFalse(again.error_text)
        self.assertEqual(again.same_count, len(rows))
        self.assertIn("export_file", wizard.action_export()["url"])

    def test_only_a_credit_manager_loads_figures(self):
        for role in ("salesperson", "collector", "accountant", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._import("ecb_mro;2027-01-01;2027-06-30;2,65;ECB\n", role)
