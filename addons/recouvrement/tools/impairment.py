"""Loss rates by age from a company's own past, and the provision of an item.

Roll rates are one way to the matrix of IFRS 9 (5.5.15); French accounts ask for a
probable and explained loss, so that a rate is a proposal for people to decide on.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

ZERO, HUNDRED = Decimal(0), Decimal(100)
PERCENT_STEP = Decimal("0.0001")
ENOUGH_MONTHS = 12


class Snapshot(NamedTuple):
    """The open items of one month-end by age.

    :ivar day: any day of the month, by convention its last
    :ivar amounts: per bucket: not due, then one for each month overdue, then all older
    :ivar lost: written off out of the last bucket in the month that ends there
    :ivar collected: paid out of the last bucket in that month
    """

    day: date
    amounts: tuple[Decimal, ...]
    lost: Decimal = ZERO
    collected: Decimal = ZERO


class RollRates(NamedTuple):
    """Percentages by bucket; None where the past does not say.

    :ivar rolls: part of the bucket that is one month older a month later; for the last
        one, part lost of what left it
    :ivar losses: part of the bucket that is lost in the end: the product of the rolls
        from there on
    :ivar months: pairs of consecutive months that were compared
    """

    rolls: tuple[Decimal | None, ...]
    losses: tuple[Decimal | None, ...]
    months: int


def roll_rates(
    history: Iterable[Snapshot], enough_months: int = ENOUGH_MONTHS
) -> RollRates:
    """Rates from month-end snapshots, in any order, months without one left out.

    Each roll is weighted by amounts over all pairs of consecutive months and never
    above 100: invoices that became overdue within the month enter a bucket without
    having been in the one before. With fewer pairs than ``enough_months``, or nothing
    ever in a bucket, the rate is None, and so is every rate that depends on it.

    :raises ValueError: snapshots with different buckets, or two of one month.
    """
    months = _by_month(history)
    pairs = [
        (months[number], months[number + 1])
        for number in sorted(months)
        if number + 1 in months
    ]
    width = len(next(iter(months.values())).amounts) if months else 0
    if len(pairs) < max(enough_months, 1):
        return RollRates((None,) * width, (None,) * width, len(pairs))
    rolls = [_roll(pairs, bucket) for bucket in range(width - 1)]
    rolls.append(_last_loss([after for _before, after in pairs]))
    return RollRates(_percents(rolls), _percents(_chain(rolls)), len(pairs))


def provision(base: Decimal, cover: Decimal, rate: Decimal, digits: int = 2) -> Decimal:
    """Loss expected on an item, rounded half up; never below zero.

    :param base: amount open without recoverable VAT
    :param cover: part of it that an insurer or a guarantee bears
    :param rate: percent
    :raises ValueError: a cover below zero, or a rate that is not 0 to 100.
    """
    if not ZERO <= rate <= HUNDRED:
        raise ValueError(f"not a loss rate: {rate}")
    if cover < 0:
        raise ValueError(f"a cover below zero: {cover}")
    at_risk = max(base - cover, ZERO)
    step = Decimal(1).scaleb(-digits)
    return (at_risk * rate / HUNDRED).quantize(step, ROUND_HALF_UP)


def _by_month(history: Iterable[Snapshot]) -> dict[int, Snapshot]:
    months: dict[int, Snapshot] = {}
    for snapshot in history:
        number = snapshot.day.year * 12 + snapshot.day.month
        if number in months:
            raise ValueError(f"two snapshots of {snapshot.day:%Y-%m}")
        months[number] = snapshot
    widths = {len(snapshot.amounts) for snapshot in months.values()}
    if len(widths) > 1 or 0 in widths:
        raise ValueError("snapshots with different buckets, or none")
    return months


def _roll(pairs: Sequence[tuple[Snapshot, Snapshot]], bucket: int) -> Decimal | None:
    before = sum(max(one.amounts[bucket], ZERO) for one, _next in pairs)
    after = sum(max(other.amounts[bucket + 1], ZERO) for _one, other in pairs)
    return min(after / before, Decimal(1)) if before else None


def _last_loss(snapshots: Sequence[Snapshot]) -> Decimal | None:
    """Part lost of what left the last bucket, lost or paid."""
    lost = sum(max(one.lost, ZERO) for one in snapshots)
    left = lost + sum(max(one.collected, ZERO) for one in snapshots)
    return lost / left if left else None


def _chain(rolls: Sequence[Decimal | None]) -> list[Decimal | None]:
    """Product of each rate with all that follow."""
    losses: list[Decimal | None] = []
    product: Decimal | None = Decimal(1)
    for roll in reversed(rolls):
        product = None if product is None or roll is None else product * roll
        losses.insert(0, product)
    return losses


def _percents(rates: Sequence[Decimal | None]) -> tuple[Decimal | None, ...]:
    return tuple(
        None if rate is None else (rate * HUNDRED).quantize(PERCENT_STEP, ROUND_HALF_UP)
        for rate in rates
    )
