from unittest.mock import patch

from odoo import fields
from odoo.tests import TransactionCase, freeze_time, tagged

NIGHT = "2026-03-10 23:30:00"  # Half past midnight in Paris, on the 11th.


@tagged("post_install", "-at_install")
class TestCronZone(TransactionCase):
    """A job at night works on the day of the company, not on the one in UTC."""

    def _day_of_a_job(self, **company):
        days = []
        model = self.registry["recouvrement.promise"]
        self.env.ref("base.user_root").tz = False
        self.env.company.partner_id.write({"country_id": False, "tz": False, **company})

        def note(promises):
            days.append(fields.Date.to_string(fields.Date.context_today(promises)))

        job = self.env.ref("recouvrement.ir_cron_promises")
        with (
            freeze_time(NIGHT),
            patch.object(model, "_cron_judge", note),
            self.enter_registry_test_mode(),
        ):
            job.method_direct_trigger()
        return days

    def test_the_day_is_that_of_the_country_of_the_company(self):
        france = self.env.ref("base.fr").id
        self.assertEqual(self._day_of_a_job(country_id=france), ["2026-03-11"])

    def test_the_zone_of_the_company_goes_before_that_of_its_country(self):
        france = self.env.ref("base.fr").id
        guadeloupe = {"country_id": france, "tz": "America/Guadeloupe"}
        self.assertEqual(self._day_of_a_job(**guadeloupe), ["2026-03-10"])

    def test_a_company_without_a_place_keeps_to_utc(self):
        self.assertEqual(self._day_of_a_job(), ["2026-03-10"])

    def test_a_country_of_several_zones_keeps_to_utc(self):
        spain = self.env.ref("base.es").id
        self.assertEqual(self._day_of_a_job(country_id=spain), ["2026-03-10"])
