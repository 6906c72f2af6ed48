"""How the customers of the demonstration buy and pay. No database here.

Everything is drawn from a ``random.Random`` given by the caller, so that the same
seed tells the same story, moved to today.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random

HISTORY_DAYS = 730
# A defaulting customer has paid nothing of what fell due since this many days.
DEFAULT_DAYS = 150
# What was forgotten longer ago than this was found and paid since.
FORGOTTEN_DAYS = 240
# More than 1: the sales of the last months weigh more than those of two years ago.
GROWTH = 1.6
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Behaviour:
    """How a customer pays.

    :ivar late: earliest and latest payment, in days after the due date.
    :ivar partial: share of the items paid in two parts.
    :ivar forgotten: share of the items never paid.
    """

    late: tuple[int, int]
    partial: float = 0.0
    forgotten: float = 0.0


BEHAVIOURS = {
    "prompt": Behaviour((-6, 2)),
    "standard": Behaviour((0, 12), partial=0.03, forgotten=0.06),
    "slow": Behaviour((14, 45), partial=0.08, forgotten=0.08),
    "very_slow": Behaviour((45, 120), partial=0.12, forgotten=0.04),
    "erratic": Behaviour((-2, 110), partial=0.30, forgotten=0.06),
    "instalments": Behaviour((0, 25), partial=0.05),
    "default": Behaviour((2, 30)),
    "bulk": Behaviour((10, 40)),
}


def invoice_dates(rng: Random, count: int, today: date) -> list[date]:
    """Days of ``count`` invoices over the whole history, oldest first: business
    grows, so that the last months have more of them."""
    ages = (
        HISTORY_DAYS * ((index + rng.random()) / count) ** GROWTH
        for index in range(count)
    )
    return sorted(today - timedelta(days=int(age)) for age in ages)


def invoice_lines(
    rng: Random, ticket: Decimal, products: list[dict]
) -> list[tuple[dict, int]]:
    """Products and quantities worth about ``ticket`` without tax."""
    chosen = rng.sample(products, rng.choice((1, 2, 2, 3)))
    share = ticket / len(chosen)
    return [
        (
            product,
            max(1, round(float(share / product["price"]) * rng.uniform(0.6, 1.4))),
        )
        for product in chosen
    ]


def payments(
    rng: Random, behaviour: str, due: date, amount: Decimal, today: date
) -> list[tuple[date, Decimal]]:
    """Receipts up to today for one item: day and amount.

    :param amount: what the item asks, in its currency.
    """
    habit = BEHAVIOURS[behaviour]
    chance, split = rng.random(), rng.random()
    first = due + timedelta(days=rng.randint(*habit.late))
    second = first + timedelta(days=rng.randint(20, 60))
    stopped = behaviour == "default" and due >= today - timedelta(days=DEFAULT_DAYS)
    recent = due >= today - timedelta(days=FORGOTTEN_DAYS)
    if stopped or (recent and chance < habit.forgotten):
        return []
    if split >= habit.partial:
        receipts = [(first, amount)]
    else:
        part = share_of(amount, rng.choice((30, 40, 50, 60)))
        receipts = [(first, part), (second, amount - part)]
    return [(day, paid) for day, paid in receipts if day <= today]


def share_of(amount: Decimal, percent: int) -> Decimal:
    """Percentage of an amount, rounded to the cent."""
    return (amount * percent / 100).quantize(CENT, ROUND_HALF_UP)
