"""Points of priority: which rule of each criterion counts for a measure. No Odoo here.

A rule says from which threshold a measure is worth how many points. The rule with the
highest threshold that the measure reaches counts alone; for a criterion that counts
down (days left before a limit date), the one with the lowest threshold not passed.
"""

from dataclasses import dataclass
from itertools import pairwise

INFINITE = float("inf")


@dataclass(frozen=True)
class Rule:
    """From ``threshold`` on, the measure of a criterion is worth ``points``.

    :ivar company_id: the company the rule is for; None: every company without a rule
        of its own on the criterion.
    """

    criterion: str
    threshold: float
    points: int
    company_id: int | None = None


@dataclass(frozen=True)
class Band:
    """Measures with ``low <= measure < high`` are worth ``points``."""

    company_id: int
    criterion: str
    low: float
    high: float
    points: int


def rules_of(rules, company_id):
    """Rules that count in a company: its own ones on a criterion replace the common
    ones on that criterion.

    :return: ``{criterion: [Rule, ...]}``, thresholds rising.
    """
    own, common = {}, {}
    for rule in rules:
        if rule.company_id is None:
            common.setdefault(rule.criterion, []).append(rule)
        elif rule.company_id == company_id:
            own.setdefault(rule.criterion, []).append(rule)
    return {
        criterion: sorted(found, key=lambda rule: rule.threshold)
        for criterion, found in {**common, **own}.items()
    }


def bands(rules, company_id, falling=()):
    """Bands of measures of a company, none overlapping another of its criterion.

    :param falling: criteria where a smaller measure is worse: a rule counts up to
        its threshold included. Their measures are whole numbers.
    """
    found = []
    for criterion, ladder in rules_of(rules, company_id).items():
        thresholds = [rule.threshold for rule in ladder]
        if criterion in falling:
            edges = [-INFINITE, *(threshold + 1 for threshold in thresholds)]
        else:
            edges = [*thresholds, INFINITE]
        found += [
            Band(company_id, criterion, low, high, rule.points)
            for rule, (low, high) in zip(ladder, pairwise(edges), strict=True)
            if low < high
        ]
    return found


def score(measures, company_bands):
    """Points of the measures of one debtor: ``{criterion: points}`` of those that
    count; a measure of None counts for nothing."""
    return {
        band.criterion: band.points
        for band in company_bands
        if measures.get(band.criterion) is not None
        and band.low <= measures[band.criterion] < band.high
    }
