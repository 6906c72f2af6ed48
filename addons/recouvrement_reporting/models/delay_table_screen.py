"""What the screen and the print show of a payment-delay table, and from each figure to
its lines."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from ..tools.delay_table import share, spans
from .delay_table import ISSUED, RECEIVED, SIDES, YEAR
from .delay_table_line import CATEGORIES

MONEY = ("amount", "untaxed", "ledger", "unexplained")


class RecouvrementDelayTable(models.Model):
    _inherit = "recouvrement.delay.table"

    figures = fields.Json(compute="_compute_figures")

    @api.depends("cells", "tie_out", "basis", "part", "bounds")
    @api.depends_context("lang")
    def _compute_figures(self):
        for table in self:
            table.figures = table.cells and table._get_figures()

    def _get_figures(self):
        """All that is shown, numbers as numbers."""
        self.ensure_one()
        return {
            "labels": self._label_columns(),
            "amount_label": self._label_amount(),
            "currency_id": self.currency_id.id,
            "sides": [self._get_side(side) for side, _label in SIDES],
        }

    def _get_side(self, side):
        cells = self.cells[side]
        base = Decimal(cells["base"]["amount"])
        number = cells["base"]["number"]
        columns = [cells["zero"], *cells["buckets"], cells["total"]]
        keys = [("zero", None)]
        keys += [("late", place + 1) for place in range(len(cells["buckets"]))]
        keys.append(("late", None))
        return {
            "side": side,
            "heading": self[f"heading_{side}"] or "",
            "columns": [
                {
                    "category": category,
                    "bucket": bucket,
                    "number": cell["number"],
                    "amount": float(cell["amount"]),
                    "share": self._share(Decimal(cell["amount"]), base),
                    "number_share": self._share(
                        Decimal(cell["number"]), Decimal(cells["base"]["number"])
                    ),
                }
                for (category, bucket), cell in zip(keys, columns, strict=True)
            ],
            "excluded": [
                {
                    "category": category,
                    "label": label,
                    "number": cells[category]["number"],
                    "amount": float(cells[category]["amount"]),
                }
                for category, label in self._label_excluded_kinds()
            ],
            "excluded_numbers": self._describe_excluded(cells, "number"),
            "excluded_amounts": self._describe_excluded(cells, "amount"),
            "base": {
                "label": self._label_base(side),
                "number": cells["base"]["number"],
                "count": self.env._("%s invoices", number),
                "amount": float(base),
            },
            "share_label": self._label_share(side),
            "reference": self._describe_reference(side),
            "tie_out": self._get_tie_blocks(side),
        }

    def _share(self, part, whole):
        found = share(part, whole)
        return None if found is None else float(found)

    # ------------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------------

    def _label(self, name):
        labels = dict(self._fields[name]._description_selection(self.env))
        return labels.get(self[name], "")

    def _label_categories(self):
        lines = self.env["recouvrement.delay.table.line"]
        labels = dict(lines._fields["category"]._description_selection(self.env))
        return [(code, labels[code]) for code, _label in CATEGORIES]

    def _label_columns(self):
        labels = [self.env._("0 day (indicative)")]
        for first, last in spans(self._get_bounds()):
            if last is None:
                labels.append(self.env._("%s days and more", first))
            else:
                labels.append(
                    self.env._("%(first)s to %(last)s days", first=first, last=last)
                )
        return [*labels, self.env._("Total (1 day and more)")]

    def _label_excluded_kinds(self):
        return [
            ("disputed", self.env._("Disputed")),
            ("unbooked", self.env._("Not booked")),
        ]

    def _describe_excluded(self, cells, name):
        """What was excluded in one line: the sum, then why."""
        values = [Decimal(cells[kind][name]) for kind in ("disputed", "unbooked")]
        texts = [
            self._format(one) if name == "amount" else str(int(one))
            for one in (sum(values), *values)
        ]
        return self.env._(
            "%(total)s (disputed %(disputed)s, not booked %(unbooked)s)",
            total=texts[0],
            disputed=texts[1],
            unbooked=texts[2],
        )

    def _label_base(self, side):
        if self.part == YEAR:
            return {
                RECEIVED: self.env._("Invoices received in the year"),
                ISSUED: self.env._("Invoices issued in the year"),
            }[side]
        return {
            RECEIVED: self.env._("Purchases of the year"),
            ISSUED: self.env._("Turnover of the year"),
        }[side]

    def _describe_reference(self, side):
        """Which delays count, in words: the user's own come first."""
        words = self[f"terms_{side}"]
        days = self[f"legal_days_{side}"]
        label = self._label(f"reference_{side}")
        if self[f"reference_{side}"] != "contractual":
            label = self.env._("%(label)s: %(days)s days", label=label, days=days)
        return f"{label}. {words}" if words else label

    def _describe_year(self):
        return self.env._(
            "Fiscal year from %(start)s to %(end)s. "
            "Amounts in %(currency)s, %(basis)s.",
            start=format_date(self.env, self.date_from),
            end=format_date(self.env, self.date_to),
            currency=self.currency_id.name,
            basis=self._label_basis(),
        )

    def _describe_frozen(self):
        moment = fields.Datetime.context_timestamp(self, self.date_frozen)
        return self.env._(
            "Frozen on %(day)s by %(user)s.",
            day=format_date(self.env, moment.date()),
            user=self.frozen_by_id.name,
        )

    def _describe_choices(self):
        """How the table was made: ``[(label, text)]``."""
        day = format_date(self.env, self.date_to)
        lines = [
            (self.env._("Company"), self.company_id.name),
            (
                self.env._("Fiscal year"),
                self.env._(
                    "%(start)s to %(end)s",
                    start=format_date(self.env, self.date_from),
                    end=day,
                ),
            ),
            (self.env._("Amounts"), self._label("basis")),
            (self.env._("Column “0 day”"), self._label("zero_day")),
            (self.env._("Credit notes not allocated"), self._label("credit_notes")),
            (self.env._("Percentages of"), self._label("denominator")),
        ]
        words = {True: self.env._("Yes"), False: self.env._("No")}
        for name in ("exclude_disputed", "with_penalties"):
            field = self._fields[name]
            lines.append((field._description_string(self.env), words[self[name]]))
        if self.part == YEAR:
            field = self._fields["with_unpaid"]
            lines.append((field._description_string(self.env), words[self.with_unpaid]))
        moment = fields.Datetime.context_timestamp(self, self.date_computed)
        text = f"{format_date(self.env, moment.date())} {moment:%H:%M}"
        lines.append((self.env._("Computed on"), text))
        return lines

    def _label_tie(self, block, key, side):
        if block == "balance":
            return dict(self._label_categories())[key]
        accounts = (
            self.env._("accounts of purchases")
            if side == RECEIVED
            else self.env._("accounts of turnover")
        )
        return {
            "invoices": self.env._("Invoices of the year, including taxes"),
            "credit_notes": self.env._("Credit notes of the year, including taxes"),
            "taxes": self.env._("Taxes of these documents"),
            "elsewhere": self.env._(
                "Lines of these documents outside the %s", accounts
            ),
            "penalties": self.env._("Penalty invoices, not counted above"),
            "details": self.env._(
                "Taxes, discounts and costs of these documents in the %s", accounts
            ),
            "entries": self.env._("Entries without a document in the %s", accounts),
        }[key]

    def _get_tie_blocks(self, side):
        titles = {
            ("balance", RECEIVED): self.env._("Accounts of suppliers at closing"),
            ("balance", ISSUED): self.env._("Accounts of customers at closing"),
            ("base", RECEIVED): self.env._("Purchases of the year"),
            ("base", ISSUED): self.env._("Turnover of the year"),
        }
        blocks = []
        for block in ("balance", "base"):
            found = self.tie_out[side].get(block)
            if not found:
                continue
            blocks.append(
                {
                    "block": block,
                    "title": titles[block, side],
                    "rows": [
                        self._numbers(row)
                        | {"label": self._label_tie(block, row["key"], side)}
                        for row in found["rows"]
                    ],
                    "accounts": [
                        self._numbers(row) for row in found.get("accounts", [])
                    ],
                    "ledger": float(found["ledger"]),
                    "unexplained": float(found["unexplained"]),
                }
            )
        return blocks

    def _numbers(self, row):
        return {
            name: float(value) if name in MONEY else value
            for name, value in row.items()
        }

    def _format(self, amount):
        digits = self.currency_id.decimal_places
        return formatLang(self.env, float(amount), digits=digits)

    def _format_share(self, percent):
        if percent is None:
            return "–"
        return f"{formatLang(self.env, percent, digits=2)} %"
