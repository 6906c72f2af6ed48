"""What each figure of the forecast is made of: items, receipts, targets."""

from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import formatLang

from ..tools.flows import ITEM_SOURCES, OUTSIDE
from ..tools.period import Period

QUANTILES = {"p50": "P50", "p80": "P80"}
# Figures of items as a whole: the rows behind them, besides those of the forecast.
WHOLE = {
    "open": Domain.TRUE,
    "later": Domain("later", "!=", 0),
    "outside": Domain("source", "=", OUTSIDE),
}


class RecouvrementForecast(models.Model):
    _inherit = "recouvrement.forecast"

    # ------------------------------------------------------------------
    # ITEMS
    # ------------------------------------------------------------------

    def action_open_cell(self, period_id=None, source=None, last_id=None):
        """Items behind a figure with the days they are expected on.

        :param int period_id: week or month; none: the whole forecast.
        :param str source: of items; none: all.
        :param int last_id: last week or month of a total; none: the same one.
        :raise UserError: for an older forecast, a week or month of another one, and
            for what is not made of items.
        """
        self._check_has_items()
        if source and source not in ITEM_SOURCES:
            raise UserError(self.env._("This figure is not made of open items."))
        first, last = self._read_span(period_id, last_id)
        wanted = Domain("source", "=", source) if source else Domain.TRUE
        return self._prepare_items_action(
            self._title_cell(first, last, source), wanted, first, last
        )

    def action_open_figure(self, name, period_id=None, last_id=None):
        """What any figure of the screen is made of.

        :param str name: a source, ``expected``, ``p50``, ``p80``, ``received``,
            ``before``, ``target``; of the whole forecast ``open``, ``later``,
            ``outside``.
        :param int period_id: week or month.
        :param int last_id: last week or month of a total.
        :raise UserError: when it is not a figure, or its items are not kept.
        """
        self.ensure_one()
        self.check_access("read")
        if name in ITEM_SOURCES or name == "expected":
            source = None if name == "expected" else name
            return self.action_open_cell(period_id, source, last_id)
        if name in WHOLE:
            return self._open_whole(name)
        first, last = self._read_span(period_id, last_id)
        if name in QUANTILES and first and first == last:
            return self._open_quantile(name, first)
        opener = {
            "received": self._open_received,
            "before": self._open_before,
            "target": self._open_target,
            "new": self._open_new,
            "rate": self._open_rate,
        }.get(name)
        if not opener or not first:
            raise UserError(self.env._("This is not a figure of the forecast."))
        return opener(first, last)

    def _check_has_items(self):
        """:raise UserError: when this is not the newest forecast."""
        self.ensure_one()
        self.check_access("read")
        if self != self._get_latest(self.company_id):
            raise UserError(
                self.env._("Only the newest forecast knows its items: open that one.")
            )

    def _read_span(self, period_id, last_id=None):
        """The first and the last week or month of a figure.

        :raise UserError: when they are not of this forecast, or not alike.
        """
        first = self.period_ids.filtered(lambda one: one.id == period_id)
        last = self.period_ids.filtered(lambda one: one.id == (last_id or period_id))
        if (period_id and not first) or (last_id and not last):
            raise UserError(self.env._("This week or month is not of this forecast."))
        if first.kind != last.kind or first.date_from > last.date_from:
            raise UserError(self.env._("This is not a figure of the forecast."))
        return first, last

    def _prepare_items_action(self, title, wanted, first=None, last=None):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_forecast_share_action"
        )
        title = title or action["name"]
        context = {"forecast_week_id": first.id if first else False}
        if first and first != last:
            context["forecast_last_week_id"] = last.id
        return {
            **action,
            "display_name": title,
            "name": title,
            "domain": list(Domain("forecast_id", "=", self.id) & wanted),
            "context": context,
        }

    def _title_cell(self, first, last, source=None):
        """What a figure is made of, with the amount that its items add up to."""
        titles = [self._label_sources()[source]] if source else []
        if not first:
            return "".join(titles)
        titles.append(self._label_span(first, last))
        items, new = self._sum_items(first, last, source)
        title = " · ".join(titles)
        if not new:
            return self._title_amount(title, items)
        return self.env._(
            "%(title)s: %(items)s, and %(new)s of invoices to come",
            title=title,
            items=self._format(items),
            new=self._format(new),
        )

    def _sum_items(self, first, last, source=None):
        """What the items bring from one week or month to another, and the invoices to
        come, which are not made of items."""
        rows = self.period_ids.filtered(
            lambda one: (
                one.kind == first.kind
                and first.date_from <= one.date_from <= last.date_from
            )
        )
        used = [source] if source else ITEM_SOURCES
        items = sum(self._exact(row[f"amount_{one}"]) for row in rows for one in used)
        new = 0 if source else sum(self._exact(row.amount_new) for row in rows)
        return items, new

    def _open_whole(self, name):
        """Items that add up to an amount of the forecast as a whole."""
        self._check_has_items()
        titles = {
            "open": self.env._("Open items, less credits"),
            "later": self.env._("Expected later"),
            "outside": self.env._("Not counted on"),
        }
        amount = self._exact(self[f"{name}_amount"])
        title = self._title_amount(titles[name], amount)
        action = self._prepare_items_action(title, WHOLE[name])
        action["context"]["forecast_later"] = name == "later"
        return action

    def _open_quantile(self, name, row):
        """A quantile adds up nothing: it is read from the chances of the items."""
        self._check_has_items()
        items, new = self._sum_items(row, row)
        values = {
            "quantile": QUANTILES[name],
            "period": self._label_span(row, row),
            "amount": self._format(self._exact(row[name])),
            "items": self._format(items),
            "new": self._format(new),
        }
        if new:
            title = self.env._(
                "%(quantile)s · %(period)s: %(amount)s, from the chances below "
                "(expected: %(items)s, and %(new)s of invoices to come)",
                **values,
            )
        else:
            title = self.env._(
                "%(quantile)s · %(period)s: %(amount)s, from the chances below "
                "(expected: %(items)s)",
                **values,
            )
        return self._prepare_items_action(title, Domain.TRUE, row, row)

    # ------------------------------------------------------------------
    # RECEIPTS AND SALES
    # ------------------------------------------------------------------

    def _open_received(self, first, last):
        """Receipts of the days that were still to come when the forecast was made."""
        title = f"{self.env._('Received')} · {self._label_span(first, last)}"
        return self._open_receipts(title, Period(first.date_from, last.date_end))

    def _open_before(self, first, last):
        """Receipts of the calendar period before those days."""
        title = f"{self.env._('Received before')} · {self._label_span(first, last)}"
        eve = first.date_from - timedelta(days=1)
        return self._open_receipts(title, Period(first.date_start, eve))

    def _open_rate(self, first, last):
        """Receipts of the weeks whose pace goes on."""
        title = self.env._(
            "%(kind)s · %(period)s: %(amount)s, at the pace of these receipts",
            kind=self._label_sources()["rate"],
            period=self._label_span(first, last),
            amount=self._format(self._sum_source("rate", first, last)),
        )
        return self._open_receipts(title, self._get_pace_period())

    def _open_new(self, first, last):
        """Invoices of the weeks whose pace goes on."""
        _root, companies = self._get_entity(self.company_id)
        mine = companies & self.env.user.company_ids
        kpis = self.env["recouvrement.kpi"].with_context(allowed_company_ids=mine.ids)
        pace = self._get_pace_period()
        action = kpis.action_open_lines("sales", "sales", pace.start, pace.end)
        title = self.env._(
            "%(kind)s · %(period)s: %(amount)s, at the pace of these invoices",
            kind=self._label_sources()["new"],
            period=self._label_span(first, last),
            amount=self._format(self._sum_source("new", first, last)),
        )
        context = {**action["context"], "allowed_company_ids": mine.ids}
        return {**action, "name": title, "display_name": title, "context": context}

    def _get_pace_period(self):
        """The last weeks, whose receipts and sales go on."""
        start = self._get_sales_start(self.as_of) + timedelta(days=1)
        return Period(start, self.as_of)

    def _sum_source(self, source, first, last):
        rows = self.period_ids.filtered(
            lambda one: (
                one.kind == first.kind
                and first.date_from <= one.date_from <= last.date_from
            )
        )
        return sum(self._exact(row[f"amount_{source}"]) for row in rows)

    def _open_receipts(self, title, period):
        return self._open_receipts_of(self.company_id, title, period)

    @api.model
    def _open_receipts_of(self, company, title, period):
        """Receipts of some days, their total in the title."""
        _root, companies = self._get_entity(company)
        domain = (
            Domain("company_id", "in", companies.ids)
            & Domain("date", ">=", period.start)
            & Domain("date", "<=", period.end)
        )
        [[total]] = self.env["recouvrement.receipt"]._read_group(
            domain, [], ["amount:sum"]
        )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_receipt_action"
        )
        # Another address would reopen the receipts of today.
        action.pop("path", None)
        shown = formatLang(self.env, total or 0.0, currency_obj=company.currency_id)
        title = self.env._("%(title)s: %(items)s", title=title, items=shown)
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": list(domain),
            "context": {},
        }

    # ------------------------------------------------------------------
    # TARGET
    # ------------------------------------------------------------------

    def _open_target(self, first, last):
        """The targets that the one of the week or month is read from."""
        if first != last:
            raise UserError(self.env._("This is not a figure of the forecast."))
        whole = first._get_whole()
        targets = self.env["recouvrement.target"]
        amount = self._get_target(self.company_id, whole)
        if amount is None:
            raise UserError(self.env._("No target was set for this period."))
        title = f"{self.env._('Target')} · {self._label_span(first, last)}"
        title = self._title_amount(title, amount)
        return targets._open_sources(title, self.company_id, whole)

    # ------------------------------------------------------------------
    # TEXTS
    # ------------------------------------------------------------------

    @api.model
    def _label_span(self, first, last):
        """« Week 12 · 17 Mar », or from one to another."""
        labels = [
            self._label_period(one.kind, one._get_whole()) for one in (first, last)
        ]
        return " – ".join(dict.fromkeys(labels))

    def _title_amount(self, title, amount):
        return self.env._(
            "%(title)s: %(items)s", title=title, items=self._format(amount)
        )

    def _format(self, amount):
        return formatLang(self.env, float(amount), currency_obj=self.currency_id)
