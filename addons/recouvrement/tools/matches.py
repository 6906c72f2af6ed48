"""What the ledger matched with receivable items, and what of it came after an
agreement with the customer (promise, instalment plan)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Match:
    """One partial reconciliation seen from an item.

    :param day: day from which it counts (the later of both entries).
    :param amount: what it takes off the item, in the item's currency.
    :param is_receipt: money received; otherwise a credit note, a write-off…
    """

    day: date
    amount: Decimal
    is_receipt: bool


@dataclass(frozen=True)
class Settled:
    """What takes an amount off items: money received, or anything else."""

    received: Decimal = ZERO
    otherwise: Decimal = ZERO

    def __add__(self, other):
        return Settled(self.received + other.received, self.otherwise + other.otherwise)

    def beyond(self, base):
        """What came on top of ``base``, never less than nothing.

        Matching that is undone and done again is not counted twice, because totals
        are compared, not entries.
        """
        return Settled(
            max(ZERO, self.received - base.received),
            max(ZERO, self.otherwise - base.otherwise),
        )


def settled(matches, until=None):
    """Total of matches, of those up to a day when one is given (inclusive)."""
    counted = [match for match in matches if until is None or match.day <= until]
    return Settled(
        sum((match.amount for match in counted if match.is_receipt), ZERO),
        sum((match.amount for match in counted if not match.is_receipt), ZERO),
    )
