"""The forecast as the screen and the spreadsheet show it."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.recouvrement.tools.workbook import Workbook

from ..tools.flows import ITEM_SOURCES, SOURCES
from ..tools.wape import HORIZONS

SHOWN_METHODS = ("curve", "due", "all", "rate")
PAST_WEEKS = 52


class RecouvrementForecast(models.Model):
    _inherit = "recouvrement.forecast"

    # ------------------------------------------------------------------
    # SCREEN
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    def get_forecast(self, options=None):
        """All that the screen shows, in one request.

        :param dict options: ``company_id`` (default: the current one), ``kind``
            (``week`` or ``month``), ``forecast_id`` (default: the newest).
        """
        self.check_access("read")
        options = options or {}
        kind = options.get("kind", "week")
        if kind not in ("week", "month"):
            raise UserError(self.env._("A forecast is by week or by month."))
        company = self._get_company(options.get("company_id"))
        forecast = self._get_latest(company)
        if options.get("forecast_id"):
            forecast = self.search(
                [
                    ("id", "=", int(options["forecast_id"])),
                    ("company_id", "=", company.id),
                ]
            )
        return {
            "company_id": company.id,
            "companies": [
                {"id": one.id, "name": one.name} for one in self.env.companies.root_id
            ],
            "currency_id": company.currency_id.id,
            "kind": kind,
            "sources": [
                {"key": key, "label": label, "has_items": key in ITEM_SOURCES}
                for key, label in self._label_sources().items()
            ],
            "may_refresh": self.has_access("create"),
            "forecast": forecast._describe() if forecast else None,
            "rows": forecast._describe_rows(kind) if forecast else [],
            "errors": self._describe_errors(company),
            "past": self._describe_past(company),
            "forecasts": [
                {"id": one.id, "label": one._describe_as_of()}
                for one in self.search([("company_id", "=", company.id)], limit=60)
            ],
        }

    @api.model
    def _get_company(self, company_id=None):
        """A legal entity among the companies of the user."""
        roots = self.env.companies.root_id
        company = self.env.company.root_id
        if company_id:
            company = roots.filtered(lambda one: one.id == int(company_id))
        if not company:
            raise UserError(self.env._("Choose one of your companies."))
        return company

    def _describe_as_of(self):
        day = format_date(self.env, self.as_of)
        if self.state == "frozen":
            return self.env._("%s (frozen)", day)
        return day

    def _describe(self):
        self.ensure_one()
        newest = self._get_latest(self.company_id)
        return {
            "id": self.id,
            "as_of": fields.Date.to_string(self.as_of),
            "label": self._describe_as_of(),
            "state": self.state,
            "method": self.method,
            "has_items": self == newest and self.method == "curve",
            "matched_share": self.matched_share,
            "pool_weight": self.pool_weight,
            "spread_factor": round(self.spread_factor, 2),
            "history_count": self.history_count,
            "open_amount": self.open_amount,
            "outside_amount": self.outside_amount,
            "later_amount": self.later_amount,
        }

    def _describe_rows(self, kind):
        return [
            {
                "id": row["id"],
                "label": self._label_period(kind, row["whole"]),
                "date_from": fields.Date.to_string(row["period"].start),
                "date_end": fields.Date.to_string(row["period"].end),
                "is_partial": row["period"] != row["whole"],
                **{
                    name: None if row[name] is None else float(row[name])
                    for name in (
                        *SOURCES,
                        *("expected", "p50", "p80", "received", "before", "target"),
                    )
                },
            }
            for row in self._get_periods(kind)
        ]

    @api.model
    def _label_period(self, kind, period):
        if kind == "month":
            return format_date(self.env, period.start, date_format="LLLL y")
        return self.env._(
            "Week %(number)s · %(day)s",
            number=period.start.isocalendar().week,
            day=format_date(self.env, period.start, date_format="d MMM"),
        )

    # ------------------------------------------------------------------
    # ERRORS
    # ------------------------------------------------------------------

    @api.model
    def _label_methods(self):
        return {
            "curve": self.env._("Open items: this forecast"),
            "due": self.env._("Open items: due dates"),
            "all": self.env._("All receipts: this forecast"),
            "rate": self.env._("All receipts: run rate"),
        }

    @api.model
    def _describe_errors(self, company):
        """Measured errors on past days, and how often P50 and P80 were reached."""
        errors = self.env["recouvrement.forecast.error"]
        known = errors._get_known(company, fields.Date.context_today(self))
        wapes = errors._sum_up(known._get_outcomes())
        labels = self._label_methods()
        dates = sorted(set(known.mapped("date")))
        return {
            "horizons": list(HORIZONS),
            "count": len(dates),
            "first": fields.Date.to_string(dates[0]) if dates else None,
            "last": fields.Date.to_string(dates[-1]) if dates else None,
            "methods": [
                {
                    "key": method,
                    "label": labels[method],
                    "values": [wapes[method][weeks] for weeks in HORIZONS],
                }
                for method in SHOWN_METHODS
            ],
        }

    @api.model
    def _describe_past(self, company):
        """Frozen forecasts of the last year against what came in since."""
        today = fields.Date.context_today(self)
        frozen = self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "frozen"),
                ("as_of", ">=", today - timedelta(weeks=PAST_WEEKS)),
            ]
        )
        rows = frozen.period_ids.filtered(
            lambda row: row.kind == "week" and row.date_end < today
        )
        received = frozen[:1]._get_received(rows) if rows else {}
        return [
            summary
            for forecast in frozen
            for summary in forecast._compare(
                rows.filtered(lambda row, one=forecast: row.forecast_id == one),
                received,
            )
        ]

    def _compare(self, rows, received):
        """Expected against received over the weeks that are over."""
        if not rows:
            return []
        expected = sum(self._exact(row.expected) for row in rows)
        p80 = sum(
            self._exact(row.p80) <= self._exact(float(received[row.id][0]))
            for row in rows
        )
        actual = sum(self._exact(float(received[row.id][0])) for row in rows)
        errors = sum(
            abs(self._exact(row.expected) - self._exact(float(received[row.id][0])))
            for row in rows
        )
        return [
            {
                "id": self.id,
                "label": format_date(self.env, self.as_of),
                "weeks": len(rows),
                "expected": float(expected),
                "received": float(actual),
                "wape": float(errors / actual) if actual > 0 else None,
                "p80_reached": p80,
            }
        ]

    # ------------------------------------------------------------------
    # SPREADSHEET
    # ------------------------------------------------------------------

    def _write_workbook(self, stream):
        """Weeks, months, items and measured errors; returns the name of the file."""
        self.ensure_one()
        self.check_access("read")
        name = self.env._(
            "Forecast of receipts %(company)s %(date)s",
            company=" ".join(self.company_id.name.split()),
            date=fields.Date.to_string(self.as_of),
        ).replace("/", "-")
        book = Workbook(stream, name)
        self._write_periods(book, "week", self.env._("Weeks"))
        self._write_periods(book, "month", self.env._("Months"))
        self._write_items(book)
        self._write_errors(book)
        book.close()
        return f"{name}.xlsx"

    def _write_periods(self, book, kind, title):
        rows = self._get_periods(kind)
        used = [one for one in SOURCES if any(row[one] for row in rows)]
        labels = self._label_sources()
        heads = [
            (self.env._("From"), "date"),
            (self.env._("To"), "date"),
            *((labels[one], "amount") for one in used),
            (self.env._("Expected"), "amount"),
            (self.env._("P50"), "amount"),
            (self.env._("P80"), "amount"),
            (self.env._("Received before"), "amount"),
            (self.env._("Received"), "amount"),
            (self.env._("Target"), "amount"),
        ]
        sheet = book.sheet(title, heads)
        for row in rows:
            sheet.row(
                [
                    row["period"].start,
                    row["period"].end,
                    *(row[one] for one in used),
                    *(row[one] for one in ("expected", "p50", "p80", "before")),
                    row["received"],
                    row["target"],
                ],
                decimals=self.currency_id.decimal_places,
            )
        sheet.row(
            [
                None,
                None,
                *(sum(row[one] for row in rows) for one in (*used, "expected")),
            ],
            "total",
            self.currency_id.decimal_places,
        )

    def _write_items(self, book):
        """Items that the user may see, with what they bring within the horizon."""
        heads = [
            (self.env._("Customer"), "text"),
            (self.env._("Document"), "short"),
            (self.env._("Due date"), "date"),
            (self.env._("Source"), "short"),
            (self.env._("Open amount"), "amount"),
            (self.env._("Expected within the horizon"), "amount"),
            (self.env._("Expected on"), "date"),
        ]
        sheet = book.sheet(self.env._("Items"), heads)
        shares = self.env["recouvrement.forecast.share"]
        items = shares.search([("forecast_id", "=", self.id)], order="date_due, id")
        labels = dict(shares._fields["source"]._description_selection(self.env))
        for one in items:
            sheet.row(
                [
                    one.customer_id.display_name,
                    one.name,
                    one.date_due or None,
                    labels[one.source],
                    one.amount,
                    one.expected,
                    one.date_expected or None,
                ],
                decimals=self.currency_id.decimal_places,
            )

    def _write_errors(self, book):
        heads = [(self.env._("Method"), "text")]
        heads += [(self.env._("WAPE at %s weeks", one), "amount") for one in HORIZONS]
        sheet = book.sheet(self.env._("Measured errors"), heads)
        for method in self._describe_errors(self.company_id)["methods"]:
            sheet.row([method["label"], *method["values"]], decimals=3)
