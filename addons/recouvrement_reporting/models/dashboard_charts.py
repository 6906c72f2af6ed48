"""The aged balance and the forecast of receipts on the dashboards."""

from odoo import api, fields, models

from ..tools.flows import ITEM_SOURCES

TOP = 10


class RecouvrementDashboard(models.AbstractModel):
    _inherit = "recouvrement.dashboard"

    # ------------------------------------------------------------------
    # AGED BALANCE
    # ------------------------------------------------------------------

    @api.model
    def _get_balance(self, scope):
        """The customers that owe most at the end of the period, with the whole balance
        by age that day and on the day compared with; of the finance director, on
        twelve month-ends.

        :return: ``options`` (of ``recouvrement.aged.balance``), ``columns``, ``rows``,
            ``total`` and ``history`` (as ``get_history`` gives it).
        """
        balances = self.env["recouvrement.aged.balance"]
        values = {
            "as_of": fields.Date.to_string(scope["period"].end),
            "compare": fields.Date.to_string(scope["before"].end),
            "group_by": "debtor",
            "sort": "total",
            "descending": True,
            "limit": TOP,
        }
        if scope["kind"] == "collector":
            values["filters"] = {"collector": [self.env.uid]}
        page = balances.get_balance(values)
        total = page["totals"][0] if page["totals"] else None
        history = None if scope["quick"] else self._get_history(scope)
        if history is None:
            history = self._describe_two_days(page, total)
            scope["is_late"] |= scope["quick"] and scope["kind"] == "director"
        return {
            "options": values,
            "columns": page["columns"],
            "rows": [
                self._describe_debtor(row, page["columns"]) for row in page["rows"]
            ],
            "total": total and self._describe_debtor(total, page["columns"]),
            "as_of_label": page["as_of_label"],
            "compare_label": page["compare_label"],
            "history": history,
        }

    @api.model
    def _get_history(self, scope):
        """Twelve month-ends, for the finance director; None for the others."""
        if scope["kind"] != "director":
            return None
        as_of = fields.Date.to_string(scope["period"].end)
        return self.env["recouvrement.aged.balance"].get_history({"as_of": as_of})

    @api.model
    def _describe_debtor(self, row, columns):
        late = [place for place, one in enumerate(columns) if one["kind"] == "late"]
        return {
            "key": row["key"],
            "label": row["label"],
            "total": row["total"],
            "other": row["other"],
            "late": sum(row["amounts"][place] for place in late),
            "oldest": row["oldest_label"] or "",
            "items": row["items"],
        }

    @api.model
    def _describe_two_days(self, page, total):
        """A balance and the one compared with, as a history of two days."""
        if not total:
            return {"days": [], "labels": [], "series": []}
        return {
            "days": [page["options"]["compare"], page["options"]["as_of"]],
            "labels": [page["compare_label"], page["as_of_label"]],
            "series": [
                {**column, "amounts": [other, amount]}
                for column, other, amount in zip(
                    page["columns"], total["others"], total["amounts"], strict=True
                )
            ],
        }

    # ------------------------------------------------------------------
    # FORECAST
    # ------------------------------------------------------------------

    @api.model
    def _get_forecast(self, scope):
        """The newest forecast, by week and by month; its ``label`` is False when there
        is none. None on the dashboard of a collector, and with several legal entities.
        """
        if scope["kind"] == "collector" or not scope["entity"]:
            return None
        forecasts = self.env["recouvrement.forecast"]
        forecast = forecasts._get_latest(scope["entity"])
        if not forecast:
            return {"label": False}
        return {
            "id": forecast.id,
            "label": forecast._describe_as_of(),
            "has_items": forecast._describe()["has_items"],
            "sources": [
                {"key": key, "label": label, "has_items": key in ITEM_SOURCES}
                for key, label in forecasts._label_sources().items()
            ],
            "weeks": forecast._describe_rows("week"),
            "months": forecast._describe_rows("month"),
        }
