"""An amount of the whole company, shared out among its portfolios."""

from decimal import ROUND_DOWN, Decimal

ZERO = Decimal(0)


def shared_by(amount, weights, unit):
    """An amount in parts, to the smallest unit, that add up to it.

    :param Decimal amount: to share out.
    :param dict weights: of each key; those below zero get nothing. Without any weight
        the key None gets all.
    :param Decimal unit: smallest amount of the currency.
    :return: ``{key: Decimal}``; the largest weight takes what rounding leaves.
    """
    weights = {key: weight for key, weight in weights.items() if weight > 0}
    if not amount or not weights:
        return {None: amount} if amount else {}
    whole = sum(weights.values(), ZERO)
    parts = {
        key: (amount * weight / whole / unit).quantize(Decimal(1), ROUND_DOWN) * unit
        for key, weight in weights.items()
    }
    largest = max(weights, key=lambda key: (weights[key], -(key or 0)))
    parts[largest] += amount - sum(parts.values(), ZERO)
    return parts
