"""Chapters of a pack on what is expected and aimed at: forecast, targets, reviews."""

from decimal import Decimal

from odoo import fields, models

from ..tools.pack import cell
from ..tools.period import Period

AIMED = "collected"


class RecouvrementPack(models.Model):
    _inherit = "recouvrement.pack"

    # ------------------------------------------------------------------
    # FORECAST
    # ------------------------------------------------------------------

    def _get_forecast(self):
        """The newest forecast until the end of the month that follows the pack's."""
        following = Period.month(fields.Date.add(self.date_end, days=1))
        day = min(following.end, fields.Date.context_today(self))
        return self.env["recouvrement.forecast"]._get_latest(self.company_id, day)

    def _make_forecast(self, section, known):
        forecast = self._get_forecast()
        if not forecast:
            section.text("", [self.env._("There is no forecast of receipts.")])
            return
        describe = self.env["recouvrement.aged.balance"]._describe_day
        section.note = self.env._(
            "Forecast made with what was known on %s.", describe(forecast.as_of)
        )
        self._make_forecast_past(section)
        titles = {"month": self.env._("By month"), "week": self.env._("By week")}
        for kind, title in titles.items():
            self._make_forecast_rows(section, forecast, kind, title)

    def _make_forecast_rows(self, section, forecast, kind, title):
        found = forecast._get_periods(kind)
        names = {
            "expected": self.env._("expected"),
            "p50": "P50",
            "p80": "P80",
            "target": self.env._("target"),
        }
        rows = []
        for one in found:
            label = forecast._label_period(kind, one["whole"])
            cells = [
                section.number(
                    f"{label}: {name}",
                    one[key],
                    **self._forecast_source(forecast, one, key),
                )
                for key, name in names.items()
                if one[key] is not None or key != "target"
            ]
            if one["target"] is None:
                cells.append(cell(None))
            rows.append([label, *cells])
        section.table(
            title,
            [
                self.env._("Period"),
                self.env._("Expected"),
                self.env._("P50"),
                self.env._("P80"),
                self.env._("Target"),
            ],
            rows,
        )
        if kind == "week":
            self._draw_forecast(section, forecast, found)

    def _forecast_source(self, forecast, row, name):
        return {
            "kind": "forecast",
            "forecast": forecast.id,
            "row": row["id"],
            "name": name,
        }

    def _draw_forecast(self, section, forecast, found):
        labels = [f"{one['period'].start:%d/%m}" for one in found]
        series = [
            (name, [one[source] for one in found])
            for source, name in forecast._label_sources().items()
            if any(one[source] for one in found)
        ]
        section.chart(self.env._("Expected by source"), labels, series)

    def _make_forecast_past(self, section):
        """What was foreseen for the month, against what came in."""
        period = self._get_period()
        earlier = self.env["recouvrement.forecast"]._get_latest(
            self.company_id, period.eve
        )
        row = next(
            (
                one
                for one in (earlier._get_months() if earlier else ())
                if one["whole"] == period
            ),
            None,
        )
        if not row or row["received"] is None:
            return
        describe = self.env["recouvrement.aged.balance"]._describe_day
        rows = []
        labels = {"expected": self.env._("Expected"), "p80": "P80"}
        for key, label in labels.items():
            name = self.env._("Foreseen for the month: %s", label)
            source = self._forecast_source(earlier, row, key)
            rows.append([label, section.number(name, row[key], **source)])
        received = row["received"] + row["before"]
        label = self.env._("Received in the month")
        rows.append(
            [
                label,
                section.number(label, received, **self._kpi_source(AIMED, period)),
            ]
        )
        section.table(
            self.env._(
                "What was foreseen for %(month)s on %(day)s",
                month=self._month_label(period),
                day=describe(earlier.as_of),
            ),
            [self.env._("Figure"), self.env._("Amount")],
            rows,
        )

    # ------------------------------------------------------------------
    # TARGETS
    # ------------------------------------------------------------------

    def _make_targets(self, section, known):
        """The target of the company and of each collector, and what was reached."""
        period, targets = self._get_period(), self.env["recouvrement.target"]
        kpis = self._get_shown_kpis()
        rows = [self._company_target_row(section, period, known)]
        for one in targets._get_progress(period):
            if one["target"] is None:
                continue
            code, user = one["measure"], one["user"]
            kpi = kpis.get(code)
            name = kpi.name if kpi else code
            rows.append(
                self._target_row(
                    section,
                    user.name,
                    name,
                    one,
                    kpi.decimals if kpi else 2,
                    {
                        "kind": "target",
                        "user": user.id,
                        "code": code,
                        **self._period_source(period),
                    },
                )
            )
        section.table(
            "",
            [
                self.env._("Who"),
                self.env._("Measure"),
                self.env._("Target"),
                self.env._("Reached"),
                self.env._("Achieved"),
            ],
            [row for row in rows if row],
            empty=self.env._("No target was set for this month."),
        )

    def _period_source(self, period):
        return {"start": period.start.isoformat(), "end": period.end.isoformat()}

    def _company_target_row(self, section, period, known):
        aimed = self.env["recouvrement.target"]._get_target(self.company_id, period)
        if aimed is None:
            return None
        reached = known.now[AIMED].value
        one = {
            "target": aimed,
            "actual": reached,
            "achievement": reached * 100 / aimed if aimed and reached else None,
            "unit": "amount",
            "measure": AIMED,
        }
        kpi = self.env["recouvrement.target"]._get_kpis([AIMED])[AIMED]
        source = self._kpi_source(AIMED, period)
        return self._target_row(
            section, self.company_id.name, kpi.name, one, kpi.decimals, source
        )

    def _aim_source(self, measure, user=None):
        """The targets that an amount aimed at is read from."""
        found = self.env["recouvrement.target"]._get_sources(
            self.company_id, self._get_period(), measure, user
        )
        return {"kind": "records", "model": found._name, "ids": found.ids}

    def _target_row(self, section, who, name, one, decimals, source):
        unit = one["unit"]
        label = f"{who}: {name}"
        aimed = section.number(
            self.env._("%s, target", label),
            one["target"],
            unit=unit,
            decimals=decimals,
            **self._aim_source(one["measure"], one.get("user")),
        )
        reached = section.number(
            self.env._("%s, reached", label),
            one["actual"],
            unit=unit,
            decimals=decimals,
            **source,
        )
        share = cell(one["achievement"], "percent", 1)
        return [who, name, aimed, reached, share]

    # ------------------------------------------------------------------
    # REVIEWS
    # ------------------------------------------------------------------

    def _make_reviews(self, section, known):
        found = self.env["recouvrement.review"]._get_summary(
            self.company_id, self._get_period()
        )
        reviews = self.env["recouvrement.review"].browse(
            [row["id"] for row in found["reviews"]]
        )
        self._make_meetings(section, found)
        labels = {
            "taken": self.env._("Decisions taken"),
            "open": self.env._("Decisions still open at the end of the month"),
            "late": self.env._("Of which late"),
            "done": self.env._("Decisions carried out"),
            "dropped": self.env._("Decisions dropped"),
        }
        if reviews:
            section.table(
                self.env._("Decisions"),
                [self.env._("Figure"), self.env._("How many")],
                [
                    [
                        label,
                        section.number(
                            label,
                            found["decisions"][key],
                            unit="count",
                            decimals=0,
                            **self._decisions_source(reviews, key),
                        ),
                    ]
                    for key, label in labels.items()
                ],
            )
        if found["next"]:
            day = self.env["recouvrement.aged.balance"]._describe_day(
                found["next"]["date"]
            )
            section.text(
                "",
                [
                    self.env._(
                        "Next meeting: %(name)s, %(day)s.",
                        name=found["next"]["name"],
                        day=day,
                    )
                ],
            )

    def _decisions_source(self, reviews, key):
        """Decisions that stood so at the end of the month."""
        decisions = reviews.sudo().decision_ids.filtered(
            lambda one: key in one._get_standing(self.date_end)
        )
        return {"kind": "records", "model": decisions._name, "ids": decisions.ids}

    def _make_meetings(self, section, found):
        describe = self.env["recouvrement.aged.balance"]._describe_day
        rows = []
        for row in found["reviews"]:
            source = {
                "kind": "records",
                "model": "recouvrement.review.item",
                "domain": [("review_id", "=", row["id"])],
            }
            cells = [
                section.number(
                    f"{row['name']}: {label}",
                    Decimal(row[key]),
                    unit=unit,
                    decimals=2 if unit == "amount" else 0,
                    **source,
                )
                for key, unit, label in (
                    ("debtors", "count", self.env._("debtors")),
                    ("decisions", "count", self.env._("decisions")),
                    ("overdue", "amount", self.env._("overdue")),
                    ("received", "amount", self.env._("received since")),
                )
            ]
            rows.append([row["name"], describe(row["date"]), *cells])
        section.table(
            "",
            [
                self.env._("Meeting"),
                self.env._("Date"),
                self.env._("Debtors"),
                self.env._("Decisions"),
                self.env._("Overdue"),
                self.env._("Received since"),
            ],
            rows,
            empty=self.env._("No review was held in the month."),
        )
