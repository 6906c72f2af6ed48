"""Columns and shares of the payment-delay table: whole days, exact amounts."""

from decimal import ROUND_HALF_UP, Decimal

MOST_BOUNDS = 8
FURTHEST = 3650  # days
HUNDREDTH = Decimal("0.01")


class BoundsError(ValueError):
    """Bounds that make no table; the argument is what was read."""


def read_bounds(text):
    """Last day of each column of delays but the open one.

    :param str text: such as ``30 60 90``; spaces, commas or semicolons between.
    :return: increasing whole days, as a tuple.
    :raise BoundsError: no number, too many, too far, or not increasing.
    """
    words = (text or "").replace(",", " ").replace(";", " ").split()
    if not words or len(words) > MOST_BOUNDS:
        raise BoundsError(text or "")
    if not all(word.isascii() and word.isdecimal() for word in words):
        raise BoundsError(text)
    bounds = tuple(int(word) for word in words)
    steps = zip((0, *bounds), bounds, strict=False)
    if bounds[-1] > FURTHEST or not all(before < after for before, after in steps):
        raise BoundsError(text)
    return bounds


def spans(bounds):
    """``(first day, last day)`` of each column of delays; the last has no end."""
    firsts = [1, *(bound + 1 for bound in bounds)]
    return list(zip(firsts, [*bounds, None], strict=True))


def bucket_of(days, bounds):
    """Number of the column of a delay: 0 is no delay, 1 the shortest."""
    if days <= 0:
        return 0
    return 1 + sum(days > bound for bound in bounds)


def share(part, whole):
    """Percentage to the hundredth; None when there is nothing to compare with.

    :param Decimal part: and ``whole``, in the same currency.
    """
    if not whole:
        return None
    return (100 * part / whole).quantize(HUNDREDTH, ROUND_HALF_UP)
