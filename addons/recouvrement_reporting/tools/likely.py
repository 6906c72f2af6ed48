"""The total of many uncertain payments: the amount that it reaches with a given chance.

What one customer pays in a period comes together: its items are paid in their order,
not each for itself, so that customers are independent and items of one are not. Each
customer becomes one payment that has the mean and the variance of its items. The
largest are convolved exactly on a grid; the many others are close to a normal law
(Lindeberg): simulation would add noise and nothing else.
"""

from bisect import bisect_left
from collections import defaultdict
from math import erf, sqrt

LARGE = 40
GRID = 400
STEPS = 60
SURE = 1.0 - 1e-9


def payments(stakes):
    """Per customer, the chance and the amount of what it pays in a period.

    :param stakes: ``(customer, amount, low, high)``: an item is paid in the period
        when the customer's luck is above ``low`` and not above ``high``.
    :return: list of ``(chance, amount)``.
    """
    by_customer = defaultdict(lambda: defaultdict(float))
    for customer, amount, low, high in stakes:
        if high > low and amount > 0:
            changes = by_customer[customer]
            changes[low] += amount
            changes[high] -= amount
    return [one for one in map(_payment, by_customer.values()) if one[1] > 0]


def _payment(changes):
    mean = square = level = 0.0
    before = None
    for place in sorted(changes):
        if before is not None:
            mean += level * (place - before)
            square += level * level * (place - before)
        level += changes[place]
        before = place
    return (min(mean * mean / square, 1.0), square / mean) if mean > 0 else (0.0, 0.0)


def variance(paid):
    """Variance of the total of independent payments."""
    return sum(chance * (1.0 - chance) * amount * amount for chance, amount in paid)


class Total:
    """The law of a total.

    :param paid: ``(chance, amount)`` of independent payments.
    :param float mean: of what comes besides.
    :param float spread: its variance.
    """

    def __init__(self, paid, mean=0.0, spread=0.0):
        paid = list(paid)
        self.mean = mean + sum(chance * amount for chance, amount in paid)
        mean += sum(amount for chance, amount in paid if chance >= SURE)
        paid = [one for one in paid if one[0] < SURE]
        paid.sort(key=lambda one: -one[0] * (1 - one[0]) * one[1] ** 2)
        large, small = paid[:LARGE], paid[LARGE:]
        self.variance = spread + variance(paid)
        self._rest = mean + sum(chance * amount for chance, amount in small)
        self._deviation = sqrt(spread + variance(small))
        self._most = sum(amount for _chance, amount in large)
        self._step = self._most / GRID if self._most else 1.0
        self._law = self._convolve(large)

    def _convolve(self, large):
        """Chances of the multiples of the step. An amount between two of them is
        shared between both, which keeps the mean."""
        law = [1.0]
        for chance, amount in large:
            place, rest = divmod(amount / self._step, 1.0)
            place = int(place)
            low, high = chance * (1.0 - rest), chance * rest
            fresh = [0.0] * (len(law) + place + 1)
            for start, one in enumerate(law):
                fresh[start] += one * (1.0 - chance)
                fresh[start + place] += one * low
                fresh[start + place + 1] += one * high
            law = fresh
        return [(n * self._step, one) for n, one in enumerate(law) if one > 1e-12]

    def below(self, amount):
        """Chance that the total is at most an amount."""
        if not self._deviation:
            return sum(one for value, one in self._law if value + self._rest <= amount)
        return sum(
            one * _normal((amount - value - self._rest) / self._deviation)
            for value, one in self._law
        )

    def reached_with(self, chance):
        """Largest amount that the total reaches with at least a chance, never below
        zero."""
        if not self._deviation:
            return self._exact(chance)
        low = self.mean - 9 * sqrt(self.variance)
        high = self.mean + 9 * sqrt(self.variance)
        for _step in range(STEPS):
            half = (low + high) / 2
            if 1.0 - self.below(half) >= chance:
                low = half
            else:
                high = half
        return max(low, 0.0)

    def _exact(self, chance):
        """Without a normal part the total takes the values of the grid only."""
        sums, left = [], 0.0
        for _value, one in self._law:
            left += one
            sums.append(left)
        # P(total >= value n) = 1 - sums[n - 1]
        place = bisect_left(sums, 1.0 - chance - 1e-9)
        if place < len(sums) and abs(sums[place] - (1.0 - chance)) < 1e-9:
            place += 1
        place = min(place, len(self._law) - 1)
        return max(min(self._law[place][0], self._most) + self._rest, 0.0)


def _normal(score):
    return 0.5 * (1.0 + erf(score / 1.4142135623730951))


def calibrated(total, chance, factor):
    """The amount reached with a chance when past periods were more (or less) spread
    than foreseen.

    :param float factor: measured variance over foreseen variance.
    """
    amount = total.reached_with(chance)
    return max(total.mean + sqrt(factor) * (amount - total.mean), 0.0)
