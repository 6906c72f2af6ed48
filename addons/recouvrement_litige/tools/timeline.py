"""Days of the steps of a procedure, from the days of those that were done."""

from dataclasses import dataclass
from datetime import date

from . import procedural_calendar as calendar

DONE, PLANNED = "done", "planned"


@dataclass(frozen=True)
class Rule:
    """When a step falls due.

    :param after: key of the step the delay runs from; ``START``: the day the procedure
        was started; none: no delay, the day is entered.
    :param anchor: ``DONE`` runs from the day that step was done; ``PLANNED``, as long
        as it is not, from the day planned for it (a hearing, the end of a term).
    :param distance: whether months of distance are added (CPC 643).
    """

    key: str
    after: str | None = None
    count: int = 0
    unit: str = "day"
    frank: bool = False
    distance: bool = False
    anchor: str = DONE


@dataclass(frozen=True)
class Fact:
    """What is known of a step: the day it was done, the day fixed by a court or by
    hand, and that it has no object any more."""

    done: date | None = None
    fixed: date | None = None
    void: bool = False


START = "start"
NOTHING = Fact()


def due_days(rules, facts, start, region=calendar.METROPOLE, distance=0):
    """The day of each step, none when it is not known yet.

    :param rules: ``Rule``, in any order.
    :param dict facts: ``Fact`` by key.
    :param date start: day the procedure was started.
    :param str region: whose holidays count: that of the court.
    :param int distance: months of distance of the debtor.
    :return: ``{key: date or None}``.
    """
    return _Timeline(rules, facts, start, region, distance).solve()


class _Timeline:
    """The days of one procedure, each worked out once."""

    def __init__(self, rules, facts, start, region, distance):
        self.rules = {rule.key: rule for rule in rules}
        self.facts = facts
        self.start, self.region, self.distance = start, region, distance
        self.days = {}

    def solve(self):
        return {key: self.day(key) for key in self.rules}

    def day(self, key):
        """Day of a step; a step that waits for itself has none."""
        if key not in self.days:
            self.days[key] = None
            rule = self.rules[key]
            self.days[key] = self._fact(key).fixed or _due(
                rule, self._anchor(rule), self.region, self.distance
            )
        return self.days[key]

    def _fact(self, key):
        return self.facts.get(key, NOTHING)

    def _anchor(self, rule):
        """Day the delay of a step runs from."""
        if rule.after == START:
            return self.start
        fact = self._fact(rule.after)
        if fact.void or rule.after not in self.rules:
            return None
        planned = rule.anchor == PLANNED
        return fact.done or (self.day(rule.after) if planned else None)


def _due(rule, day, region, distance):
    if day is None or rule.after is None:
        return None
    if rule.distance and distance and rule.unit == "month":
        return calendar.deadline(
            day, rule.count + distance, "month", region, rule.frank
        )
    if rule.distance and distance:
        day = calendar.add_months(day, distance)
    return calendar.deadline(day, rule.count, rule.unit, region, rule.frank)


def state(fact, due, today, timing="latest"):
    """``void``, ``done``, ``late`` or ``todo``."""
    if fact.void:
        return "void"
    if fact.done:
        return "done"
    late = due and due < today and timing == "latest"
    return "late" if late else "todo"
