"""How likely an invoice is paid late, learnt from a company's own past. No Odoo here.

Plain logistic regression by Newton's method on a few features, standardised, with a
small ridge: on real ledgers nothing heavier did better. What it says is only worth
showing with its error: ``auc``, ``brier`` and ``calibration`` are computed on invoices
that were not learnt from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, sqrt

STEPS = 25
SMALL = 1e-9


@dataclass(frozen=True, slots=True)
class Model:
    """Weights of standardised features; the first is the constant."""

    means: tuple[float, ...]
    scales: tuple[float, ...]
    weights: tuple[float, ...]

    def probability(self, row: Sequence[float]) -> float:
        """Chance between 0 and 1 that the invoice with these features is late."""
        return _sigmoid(_dot(self.weights, _standard(row, self.means, self.scales)))


def fit(
    rows: Sequence[Sequence[float]], late: Sequence[bool], ridge: float = 1.0
) -> Model:
    """Learn from invoices whose outcome is known.

    :param rows: features of each invoice, all of one length
    :param late: whether it was paid late
    :param ridge: pull of the weights towards zero, in invoices
    :raise ValueError: without invoices, or with rows of different lengths
    """
    if not rows or len(rows) != len(late) or len({len(row) for row in rows}) != 1:
        raise ValueError("as many outcomes as rows, all of one length")
    means, scales = _moments(rows)
    points = [_standard(row, means, scales) for row in rows]
    weights = [0.0] * (len(rows[0]) + 1)
    for _step in range(STEPS):
        move = _solve(*_newton(points, late, weights, ridge))
        weights = [w + m for w, m in zip(weights, move, strict=True)]
        if max(map(abs, move)) < SMALL:
            break
    return Model(tuple(means), tuple(scales), tuple(weights))


def auc(chances: Sequence[float], late: Sequence[bool]) -> float | None:
    """Chance that a late invoice was given more than one paid in time (ties: half);
    None when all had one outcome."""
    order = sorted(range(len(chances)), key=chances.__getitem__)
    positives = sum(map(bool, late))
    negatives = len(late) - positives
    if not positives or not negatives:
        return None
    ranks, start = 0.0, 0
    while start < len(order):
        end = start
        while end < len(order) and chances[order[end]] == chances[order[start]]:
            end += 1
        middle = (start + 1 + end) / 2
        ranks += middle * sum(bool(late[order[at]]) for at in range(start, end))
        start = end
    return (ranks - positives * (positives + 1) / 2) / (positives * negatives)


def brier(chances: Sequence[float], late: Sequence[bool]) -> float:
    """Mean squared error of the chances: 0 is perfect."""
    errors = [(p - bool(y)) ** 2 for p, y in zip(chances, late, strict=True)]
    return sum(errors) / len(errors)


@dataclass(frozen=True, slots=True)
class Bin:
    """Invoices that were given about the same chance.

    :ivar said: their mean chance, 0 to 1
    :ivar came: share that was late, 0 to 1
    """

    number: int
    said: float
    came: float


def calibration(
    chances: Sequence[float], late: Sequence[bool], bins: int = 5
) -> list[Bin]:
    """What was said against what came, in groups of equal size, the lowest first."""
    pairs = sorted(zip(chances, map(bool, late), strict=True))
    edges = [round(len(pairs) * at / bins) for at in range(bins + 1)]
    groups = [pairs[a:b] for a, b in zip(edges, edges[1:], strict=False) if b > a]
    return [
        Bin(
            len(group),
            sum(chance for chance, _late in group) / len(group),
            sum(was_late for _chance, was_late in group) / len(group),
        )
        for group in groups
    ]


def _moments(rows):
    number = len(rows)
    columns = list(zip(*rows, strict=True))
    means = [sum(column) / number for column in columns]
    scales = [
        sqrt(sum((x - mean) ** 2 for x in column) / number) or 1.0
        for column, mean in zip(columns, means, strict=True)
    ]
    return means, scales


def _standard(row, means, scales):
    return [1.0] + [(x - m) / s for x, m, s in zip(row, means, scales, strict=True)]


def _dot(left, right):
    return sum(a * b for a, b in zip(left, right, strict=True))


def _sigmoid(x):
    if x >= 0:
        return 1 / (1 + exp(-min(x, 700)))
    power = exp(max(x, -700))
    return power / (1 + power)


def _newton(points, late, weights, ridge):
    """Curvature and slope of the likelihood; the constant is not pulled to zero."""
    size = len(weights)
    curve = [[0.0] * size for _row in range(size)]
    slope = [0.0] * size
    for point, was_late in zip(points, late, strict=True):
        chance = _sigmoid(_dot(weights, point))
        miss, spread = bool(was_late) - chance, chance * (1 - chance)
        for i in range(size):
            slope[i] += miss * point[i]
            weighted = spread * point[i]
            for j in range(i + 1):
                curve[i][j] += weighted * point[j]
    for i in range(size):
        for j in range(i):
            curve[j][i] = curve[i][j]
        curve[i][i] += ridge if i else SMALL
        slope[i] -= (ridge if i else 0.0) * weights[i]
    return curve, slope


def _solve(matrix, vector):
    """Gauss with pivots; the matrix is positive definite."""
    size = len(vector)
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    for at in range(size):
        best = max(range(at, size), key=lambda i: abs(rows[i][at]))
        rows[at], rows[best] = rows[best], rows[at]
        pivot = rows[at][at]
        for below in range(at + 1, size):
            factor = rows[below][at] / pivot
            rows[below] = [
                b - factor * a for a, b in zip(rows[at], rows[below], strict=True)
            ]
    found = [0.0] * size
    for at in reversed(range(size)):
        rest = sum(rows[at][j] * found[j] for j in range(at + 1, size))
        found[at] = (rows[at][size] - rest) / rows[at][at]
    return found
