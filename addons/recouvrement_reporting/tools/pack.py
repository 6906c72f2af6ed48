"""The monthly pack before it is drawn: sections of tables and charts, whose numbers are
also listed one by one with where they come from.

Everything is plain JSON, numbers as exact texts: what was shown is kept, and the
workbook and the PDF say the same.
"""

from dataclasses import dataclass, field
from decimal import Decimal

AMOUNT, PERCENT, DAYS, COUNT, RATIO = "amount", "percent", "days", "count", "ratio"
POINTS = "points"  # what a percentage gains


@dataclass
class Section:
    """One chapter of the pack.

    :ivar str key: what it is, the same in every language.
    :ivar list blocks: ``{"kind": "table" | "chart" | "text", …}`` in their order.
    :ivar list figures: see :meth:`number`.
    """

    key: str
    title: str
    note: str = ""
    blocks: list = field(default_factory=list)
    figures: list = field(default_factory=list)

    def number(self, label, value, before=None, *, unit=AMOUNT, decimals=2, **source):
        """List a figure; the cell that shows it.

        :param value: exact ``Decimal`` or int, None when it cannot be worked out.
        :param before: the same a month earlier, None when there is none.
        :param source: what makes it up, for the button that opens its lines.
        """
        self.figures.append(
            {
                "section": self.key,
                "label": label,
                "exact": exact(value),
                "exact_before": exact(before),
                "unit": unit,
                "decimals": decimals,
                "source": source or False,
            }
        )
        return cell(value, unit, decimals)

    def table(
        self,
        title,
        heads,
        rows,
        total=None,
        note="",
        empty="",
        sentences=(),
        is_printed=True,
    ):
        """A table; rows are lists of cells, ``total`` is one row more.

        :param str empty: said instead of a table without rows.
        :param sentences: the rows in words, for the commentary.
        :param bool is_printed: False leaves it to the workbook.
        """
        self.blocks.append(
            {
                "kind": "table",
                "title": title,
                "heads": list(heads),
                "rows": [list(row) for row in rows],
                "total": list(total) if total else False,
                "note": note,
                "empty": empty,
                "sentences": list(sentences),
                "is_printed": is_printed,
            }
        )

    def chart(self, title, labels, series, unit=AMOUNT):
        """Stacked bars: ``series`` are ``(name, [number or None])``."""
        self.blocks.append(
            {
                "kind": "chart",
                "title": title,
                "labels": list(labels),
                "series": [
                    {"name": name, "values": [exact(value) for value in values]}
                    for name, values in series
                ],
                "unit": unit,
            }
        )

    def text(self, title, sentences):
        """A paragraph per sentence."""
        self.blocks.append(
            {"kind": "text", "title": title, "sentences": list(sentences)}
        )

    def to_json(self):
        """What is kept; the figures are records of their own."""
        return {
            "key": self.key,
            "title": self.title,
            "note": self.note,
            "blocks": self.blocks,
        }


def exact(value):
    """An exact number as text; None stays."""
    if value is None:
        return None
    return f"{Decimal(value):f}"


def cell(value, unit=AMOUNT, decimals=2):
    """A number in a table."""
    return {"v": exact(value), "u": unit, "d": decimals}


def change_cell(value, before, unit=AMOUNT, decimals=2):
    """What a figure gained, in a table: with its sign."""
    change = difference(value, before)
    return {**cell(change, change_unit(unit), decimals), "signed": True}


def change_unit(unit):
    """A percentage gains points."""
    return POINTS if unit == PERCENT else unit


def is_number(one):
    return isinstance(one, dict) and "v" in one


def difference(value, before):
    """What a figure gained; None when either cannot be worked out."""
    if value is None or before is None:
        return None
    return Decimal(value) - Decimal(before)
