"""Chapter of a pack on the aged balance."""

from decimal import Decimal

from odoo import fields, models

from ..tools.pack import cell, change_cell
from ..tools.period import Period

TOP = 10


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
