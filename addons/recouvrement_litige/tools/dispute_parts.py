"""What is still disputed of an item, from the ledger.

Several disputes may be about one item, each about a part of it. A credit note lowers
the dispute it was made for, another one the oldest; a payment goes on what nobody
disputes first, because that is what was asked for.
"""

from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


@dataclass(frozen=True)
class Claim:
    """What one dispute says of an item, in the item's currency.

    :param int key: what the answer is found by; the order of the disputes.
    :param amount: disputed; None: the item as a whole, whatever it becomes.
    :param base: matched with credit notes of no dispute when it was opened.
    :param own: matched with the credit notes made for this dispute.
    """

    key: int
    amount: Decimal | None
    base: Decimal = ZERO
    own: Decimal = ZERO


def open_parts(residual, credited, claims):
    """Part that each dispute still holds of an item.

    :param Decimal residual: what is open of the item.
    :param Decimal credited: matched with credit notes of no dispute, in all.
    :param claims: :class:`Claim` objects.
    :return: ``{key: Decimal}``; never negative, together never more than ``residual``.
    """
    left, used = max(residual, ZERO), ZERO
    parts = {}
    for claim in sorted(claims, key=lambda one: one.key):
        part = left
        if claim.amount is not None:
            needed = max(claim.amount - claim.own, ZERO)
            taken = min(max(credited - claim.base - used, ZERO), needed)
            used += taken
            part = min(needed - taken, left)
        parts[claim.key] = part
        left -= part
    return parts
