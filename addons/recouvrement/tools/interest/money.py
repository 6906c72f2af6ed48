"""Amounts as whole numbers of the smallest unit of a currency, and back."""

from decimal import ROUND_HALF_UP, Decimal

ONE = Decimal(1)
ZEROS = tuple(Decimal(0).scaleb(-digits) for digits in range(7))


def to_minor(amount: Decimal, digits: int) -> int:
    """Amount × 10^digits; what is finer than the currency is rounded half up."""
    scaled = amount.scaleb(digits)
    whole = int(scaled)
    if whole != scaled:
        whole = int(scaled.quantize(ONE, ROUND_HALF_UP))
    return whole


def to_amount(minor: int, digits: int) -> Decimal:
    """The amount with exactly ``digits`` decimals."""
    if not minor and digits < len(ZEROS):
        return ZEROS[digits]
    return Decimal(minor).scaleb(-digits)
