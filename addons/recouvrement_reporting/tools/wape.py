"""How wrong forecasts were: weighted absolute percentage error, and the choice of what
was least wrong before."""

from collections import defaultdict
from dataclasses import dataclass

HORIZONS = (4, 8, 12)
CLEARLY = 0.05


@dataclass(frozen=True)
class Outcome:
    """A forecast of one method at a cut-off, week by week, and what came in.

    :param cut: day of the forecast.
    :param expected: amounts per week, ``HORIZONS[-1]`` of them.
    :param actual: the same, as received.
    """

    cut: object
    method: str
    expected: tuple
    actual: tuple

    def error(self, weeks):
        """Sum of the absolute errors of the first weeks."""
        pairs = zip(self.expected[:weeks], self.actual[:weeks], strict=True)
        return sum(abs(expected - actual) for expected, actual in pairs)

    def received(self, weeks):
        return sum(self.actual[:weeks])


def wape(outcomes, weeks):
    """Sum of the errors over the sum of what came in; None when nothing did."""
    received = sum(one.received(weeks) for one in outcomes)
    if received <= 0:
        return None
    return sum(one.error(weeks) for one in outcomes) / received


def best_method(outcomes, methods, until, usual):
    """The method that was least wrong in the forecasts whose outcome was known.

    :param date until: day up to which cut-offs count.
    :param usual: method kept unless another one was clearly less wrong (by ``CLEARLY``)
        on three cut-offs or more: small differences are luck.
    """
    errors, counts = defaultdict(float), defaultdict(int)
    for one in outcomes:
        if one.method in methods and one.cut <= until:
            errors[one.method] += one.error(HORIZONS[-1])
            counts[one.method] += 1
    known = [one for one in methods if counts[one] >= 3]
    if usual not in known:
        return usual
    means = {one: errors[one] / counts[one] for one in known}
    best = min(known, key=means.get)
    return best if means[best] < (1 - CLEARLY) * means[usual] else usual
