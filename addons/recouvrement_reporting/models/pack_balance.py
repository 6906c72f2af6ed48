"""Chapters of a pack on what is open: aged balance, disputes, provisions."""

from decimal import Decimal

from odoo import fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.pack import Section, cell, change_cell
from ..tools.period import Period

TOP = 10
LITIGATION = ("litigation", "insolvency")


class RecouvrementPack(models.Model):
    _inherit = "recouvrement.pack"

    def _amount(self, number):
        """An amount of a screen as an exact number of the currency."""
        return Decimal(repr(self.currency_id.round(float(number or 0))))

    def _aged_options(self, **more):
        period = self._get_period()
        return {
            "as_of": period.end.isoformat(),
            "compare": period.eve.isoformat(),
            **more,
        }

    def _aged_source(self, day=None, column=None, key=None, **options):
        as_of = (day or self.date_end).isoformat()
        source = {"kind": "aged", "options": {"as_of": as_of, **options}}
        if column is not None:
            source["column"] = column
        if key is not None:
            source["key"] = key
        return source

    # ------------------------------------------------------------------
    # AGED BALANCE
    # ------------------------------------------------------------------

    def _make_balance(self, section, known):
        balance = self.env["recouvrement.aged.balance"]
        options = self._aged_options(limit=TOP)
        found = balance.get_balance(options)
        columns = found["columns"]
        total = found["totals"][0] if found["totals"] else self._empty_row(columns)
        day, eve = self.date_end, self._get_period().eve
        rows = []
        for place, column in enumerate(columns):
            rows.append(
                self._balance_row(
                    section,
                    column["label"],
                    total["amounts"][place],
                    total["others"][place],
                    self._aged_source(column=column["key"]),
                    total["total"],
                )
            )
        last = self._balance_row(
            section,
            self.env._("Aged balance: total"),
            total["total"],
            total["other"],
            self._aged_source(),
            total["total"],
        )
        heads = [
            self.env._("Age"),
            balance._describe_day(day),
            balance._describe_day(eve),
            self.env._("Change"),
            self.env._("Share"),
        ]
        section.note = self._describe_tie(balance, options)
        section.table("", heads, rows, last)
        self._make_history(section, balance)
        self._make_biggest(section, found, columns)

    def _empty_row(self, columns):
        nothing = [Decimal(0)] * len(columns)
        return {"amounts": nothing, "others": nothing, "total": 0, "other": 0}

    def _balance_row(self, section, label, amount, before, source, whole):
        amount, before = self._amount(amount), self._amount(before)
        whole = self._amount(whole)
        share = amount * 100 / whole if whole else None
        return [
            label,
            section.number(label, amount, before, **source),
            cell(before),
            change_cell(amount, before),
            cell(share, "percent", 1),
        ]

    def _describe_tie(self, balance, options):
        """Whether the balance ties to the ledger, in words."""
        tie = balance._read_tie_out(balance._read_options(options))
        gap = sum((balance._get_difference(line) for line in tie), Decimal(0))
        if any(balance._get_difference(line) for line in tie):
            return self.env._(
                "The aged balance does not tie to the general ledger: difference of "
                "%s.",
                self._money(gap),
            )
        return self.env._("The aged balance ties to the general ledger.")

    def _make_history(self, section, balance):
        """The columns at the last twelve month-ends."""
        history = balance.get_history({"as_of": self.date_end.isoformat()})
        days = [fields.Date.to_date(day) for day in history["days"]]
        series = [
            (one["label"], [self._amount(amount) for amount in one["amounts"]])
            for one in history["series"]
        ]
        labels = [self._month_label(Period.month(day)) for day in days]
        section.chart(self.env._("Twelve month-ends"), labels, series)
        rows = []
        for place, day in enumerate(days):
            cells = [
                section.number(
                    f"{label}, {labels[place]}",
                    amounts[place],
                    **self._aged_source(day, column=one["key"]),
                )
                for one, (label, amounts) in zip(history["series"], series, strict=True)
            ]
            whole = sum((amounts[place] for _label, amounts in series), Decimal(0))
            label = self.env._("Total, %s", labels[place])
            cells.append(section.number(label, whole, **self._aged_source(day)))
            rows.append([labels[place], *cells])
        names = [label for label, _amounts in series]
        heads = [self.env._("Month-end"), *names, self.env._("Total")]
        section.table(self.env._("Evolution"), heads, rows)

    def _make_biggest(self, section, found, columns):
        """The customers who owe most."""
        rows = []
        for row in found["rows"][:TOP]:
            amount, before = self._amount(row["total"]), self._amount(row["other"])
            key = row["key"] or False
            number = section.number(
                row["label"],
                amount,
                before,
                **self._aged_source(key=key, group_by="debtor"),
            )
            cells = [
                section.number(
                    f"{row['label']}: {column['label']}",
                    self._amount(part),
                    **self._aged_source(
                        column=column["key"], key=key, group_by="debtor"
                    ),
                )
                for column, part in zip(columns, row["amounts"], strict=True)
            ]
            rows.append([row["label"], *cells, number])
        names = [column["label"] for column in columns]
        section.table(
            self.env._("Ten biggest customers"),
            [self.env._("Customer"), *names, self.env._("Total")],
            rows,
            empty=self.env._("Nothing is open."),
        )

    # ------------------------------------------------------------------
    # DISPUTES AND LITIGATION
    # ------------------------------------------------------------------

    def _make_disputes(self, section, known):
        self._make_dispute_figures(section, known)
        self._make_statuses(section)
        self._make_litigation(section)

    def _make_dispute_figures(self, section, known):
        """Disputed at both month-ends, begun and ended between."""
        period = self._get_period()
        now = known.now["dispute_ratio"].measures
        before = known.before["dispute_ratio"].measures
        label = self.env._("Disputed at the end of the month")
        rows = [
            [
                label,
                section.number(
                    label,
                    now["disputed"],
                    before["disputed"],
                    **self._kpi_source("dispute_ratio", period, measure="disputed"),
                ),
            ]
        ]
        begun, ended = self._read_disputes()
        for label, (amount, ids) in (
            (self.env._("Disputes begun in the month"), begun),
            (self.env._("Disputes ended in the month"), ended),
        ):
            source = {
                "kind": "records",
                "model": "recouvrement.dispute.period",
                "ids": ids,
            }
            rows += [
                [label, section.number(label, amount, **source)],
                [
                    self.env._("%s: number", label),
                    section.number(
                        self.env._("%s: number", label),
                        len(ids),
                        unit="count",
                        decimals=0,
                        **source,
                    ),
                ],
            ]
        section.table("", [self.env._("Figure"), ""], rows)

    def _read_disputes(self):
        """Disputes begun and ended in the month: amount of the items, ids."""
        period = self._get_period()
        disputes = self.env["recouvrement.dispute.period"]
        mine = Domain("company_id", "in", self.env.companies.ids)
        begun = disputes.search(
            mine
            & Domain("date_from", ">=", period.start)
            & Domain("date_from", "<=", period.end)
        )
        rows = self.env.execute_query(self._ended_disputes_sql(period))
        ended = sum((Decimal(str(amount)) for _id, amount in rows), Decimal(0))
        amounts = (Decimal(str(one)) for one in begun.move_line_id.mapped("balance"))
        return (
            (sum(amounts, Decimal(0)), begun.ids),
            (ended, [row_id for row_id, _amount in rows]),
        )

    def _ended_disputes_sql(self, period):
        """``id, amount`` of the disputes that ended in a month."""
        self.env.flush_all()
        return SQL(
            """
            SELECT c.id, c.amount FROM (%(closed)s) c
             WHERE c.company_id = ANY(%(companies)s)
               AND c.date_to BETWEEN %(start)s AND %(end)s
            """,
            closed=self.env["recouvrement.dispute.period"]._closed_sql(),
            companies=self.env.companies.ids,
            start=period.start,
            end=period.end,
        )

    def _make_statuses(self, section):
        """What is open by collection status, which is the one of today."""
        found = self.env["recouvrement.aged.balance"].get_balance(
            self._aged_options(group_by="status", credits="bucket")
        )
        rows = []
        for row in found["rows"]:
            amount, before = self._amount(row["total"]), self._amount(row["other"])
            number = section.number(
                self.env._("Open items: %s", row["label"]),
                amount,
                before,
                **self._aged_source(key=row["key"], group_by="status"),
            )
            rows.append(
                [
                    row["label"],
                    number,
                    cell(before),
                    change_cell(amount, before),
                ]
            )
        section.table(
            self.env._("By collection status"),
            [
                self.env._("Status"),
                self._month_label(self._get_period()),
                self._month_label(Period.month(self._get_period().eve)),
                self.env._("Change"),
            ],
            rows,
            note=self.env._("Statuses are those of the day of the pack."),
            empty=self.env._("Nothing is open."),
        )

    def _make_litigation(self, section):
        """The biggest customers in litigation or insolvency."""
        filters = {"status": list(LITIGATION)}
        found = self.env["recouvrement.aged.balance"].get_balance(
            self._aged_options(filters=filters, limit=TOP)
        )
        rows = []
        for row in found["rows"]:
            amount, before = self._amount(row["total"]), self._amount(row["other"])
            number = section.number(
                self.env._("Litigation: %s", row["label"]),
                amount,
                before,
                **self._aged_source(
                    key=row["key"] or False, group_by="debtor", filters=filters
                ),
            )
            rows.append(
                [
                    row["label"],
                    number,
                    row["oldest_label"] or "",
                    cell(row["items"], "count", 0),
                ]
            )
        section.table(
            self.env._("Litigation and insolvency: ten biggest"),
            [
                self.env._("Customer"),
                self._month_label(self._get_period()),
                self.env._("Oldest due date"),
                self.env._("Items"),
            ],
            rows,
            empty=self.env._("No customer is in litigation or insolvency."),
        )

    # ------------------------------------------------------------------
    # PROVISIONS
    # ------------------------------------------------------------------

    def _make_provisions(self, section, known):
        runs = self.env["recouvrement.impairment"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("date", "<=", self.date_end),
                ("state", "!=", "cancelled"),
            ],
            order="date desc, state desc, id desc",
            limit=2,
        )
        if not runs:
            section.text("", [self.env._("No provision was worked out until then.")])
            return
        run, before = runs[0], runs[1:]
        states = dict(run._fields["state"]._description_selection(self.env))
        section.note = f"{run.display_name} ({states[run.state]})"
        labels = {
            "amount_open": self.env._("Claims looked at"),
            "amount_provision": self.env._("Provision"),
            "amount_increase": self.env._("Increase"),
            "amount_decrease": self.env._("Decrease"),
        }
        rows = [
            [
                label,
                section.number(
                    self.env._("Provisions: %s", label),
                    self._amount(run[name]),
                    self._amount(before[name]) if before else None,
                    **self._provision_source(run),
                ),
                cell(self._amount(before[name]) if before else None),
            ]
            for name, label in labels.items()
        ]
        heads = [self.env._("Figure"), *self._describe_runs(run, before)]
        section.table("", heads, rows)
        self._make_provision_reasons(section, run)

    def _describe_runs(self, run, before):
        describe = self.env["recouvrement.aged.balance"]._describe_day
        return [describe(run.date), describe(before.date) if before else ""]

    def _provision_source(self, run, *domain):
        return {
            "kind": "records",
            "model": "recouvrement.impairment.line",
            "domain": [("impairment_id", "=", run.id), *domain],
        }

    def _make_provision_reasons(self, section, run):
        lines = self.env["recouvrement.impairment.line"]
        methods = dict(lines._fields["method"]._description_selection(self.env))
        groups = lines._read_group(
            [("impairment_id", "=", run.id)],
            ["method", "reason_id"],
            ["residual:sum", "provision:sum", "delta:sum"],
        )
        listed = Section("provisions", "")
        rows = []
        for method, reason, residual, provision, delta in groups:
            name = " · ".join(filter(None, (methods[method], reason.name)))
            domain = [("method", "=", method), ("reason_id", "=", reason.id)]
            cells = [
                listed.number(
                    f"{name}: {label}",
                    self._amount(amount),
                    **self._provision_source(run, *domain),
                )
                for label, amount in (
                    (self.env._("claims"), residual),
                    (self.env._("provision"), provision),
                    (self.env._("change"), delta),
                )
            ]
            rows.append([name, *cells])
        section.figures += listed.figures
        section.table(
            self.env._("By reason"),
            [
                self.env._("Reason"),
                self.env._("Claims"),
                self.env._("Provision"),
                self.env._("Change"),
            ],
            rows,
        )
