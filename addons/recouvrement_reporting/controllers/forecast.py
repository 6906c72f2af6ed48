"""Download of a forecast."""

from odoo import http
from odoo.http import request

from .files import XLSX, Downloads


class Forecast(Downloads, http.Controller):
    @http.route(
        "/recouvrement/forecast/<int:forecast_id>.xlsx",
        type="http",
        auth="user",
        readonly=True,
    )
    def download_forecast(self, forecast_id, companies="", **_others):
        """A forecast with its items, as a spreadsheet."""
        forecasts = self._env(companies)["recouvrement.forecast"]
        forecast = forecasts.search([("id", "=", forecast_id)])
        if not forecast:
            raise request.not_found()
        stream = self._new_stream()
        name = forecast._write_workbook(stream)
        return self._answer(stream, name, XLSX)
