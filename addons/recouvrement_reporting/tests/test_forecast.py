"""What is expected of each open item, and what the ledger's past says of it."""

from odoo.tests import tagged

from .forecast_common import ForecastCommon


@tagged("post_install", "-at_install")
class TestForecast(ForecastCommon):
    def test_a_customer_who_pays_ten_days_late_is_expected_ten_days_late(self):
        partner = self._make_payer("Toujours dix", delay=10, count=30)
        self._make_invoice(partner, 1000.0, due=9)
        forecast = self._forecast()
        share = self._shares(forecast, partner)
        self.assertEqual(share.date_expected, self._day(19))
        self.assertEqual(share.source, "delay")
        self._check_sums(forecast)
