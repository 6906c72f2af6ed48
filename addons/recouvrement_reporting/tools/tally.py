"""What many parts of items add up to, period by period, without keeping any of them."""

from collections import defaultdict
from decimal import Decimal

from .likely import payments

ZERO = Decimal(0)


class Tally:
    """Adds up the stakes of one customer after the other.

    :param list spans: slices of cells, one for each period.

    :ivar list paid: per period, the chance and the amount of what each customer pays in
        it, as ``likely.payments`` gives them.
    :ivar Decimal counted: sum of the stakes.
    """

    def __init__(self, spans):
        self.spans = spans
        self.paid = [[] for _span in spans]
        self.counted = ZERO
        self._cells = defaultdict(list)

    def add(self, stakes):
        """Take the stakes of one customer, all together."""
        for one in stakes:
            self.counted += one.amount
            sums = self._cells[one.source]
            if sums:
                sums[:] = [
                    old + cell for old, cell in zip(sums, one.cells, strict=True)
                ]
            else:
                sums += one.cells
        facts = [
            (one.customer, float(one.amount), (0.0, *one.chances)) for one in stakes
        ]
        for found, span in zip(self.paid, self.spans, strict=True):
            first, last = span.start, span.stop
            found += payments(
                (customer, amount, chances[first], chances[last])
                for customer, amount, chances in facts
            )

    @property
    def coming(self):
        """What comes in within all cells."""
        return sum(map(sum, self._cells.values()), ZERO)

    def amounts(self, span):
        """``{source: Decimal}`` of a slice of cells."""
        return {source: sum(cells[span], ZERO) for source, cells in self._cells.items()}
