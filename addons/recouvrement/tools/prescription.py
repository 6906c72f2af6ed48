"""The last day to act on a claim, from facts recorded with their dates; no Odoo here.

``limit_dates`` gives two days: the ``safe`` one counts only what is certain, the
``possible`` one also what a judge may or may not accept. It is arithmetic on facts, for
people to judge; it says of no claim that it is lost.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

INTERRUPT, SUSPEND, TITLE, NO_EFFECT = "interrupt", "suspend", "title", "none"
KINDS = (INTERRUPT, SUSPEND, TITLE, NO_EFFECT)
CEILING_YEARS = 20


@dataclass(frozen=True, slots=True)
class Term:
    """A delay and where it starts.

    :ivar count: how many
    :ivar unit: ``years`` or ``months``
    :ivar start: ``next_january`` counts from 1 January after the start and after each
        interruption (claims on public bodies, loi 68-1250 art. 1 and 2); ``due`` and
        ``document`` tell the caller which day to give
    """

    count: int
    unit: str = "years"
    start: str = "due"

    def __post_init__(self):
        if self.count <= 0 or self.unit not in ("years", "months"):
            raise ValueError(f"not a delay: {self.count} {self.unit}")
        if self.start not in ("due", "document", "next_january"):
            raise ValueError(f"unknown start {self.start!r}")

    def after(self, day: date) -> date:
        """Last day of the delay that starts on a day, which itself does not count."""
        if self.start == "next_january":
            day = day.replace(month=12, day=31)
        return add_months(day, self.count * (12 if self.unit == "years" else 1))


@dataclass(frozen=True, slots=True)
class Event:
    """A fact that may move the limit date.

    :ivar day: when it happened, or began
    :ivar kind: ``interrupt`` starts a new identical delay (C. civ. art. 2231);
        ``suspend`` stops the clock for a time (2230); ``title`` starts the delay of an
        enforceable title (CPCE art. L111-4); ``none`` is only told
    :ivar certain: False for what only a judge can tell, such as a part payment
    :ivar last: end of the proceedings, from which the new delay runs (2242), or of
        the suspension
    :ivar ongoing: not ended: what comes after is in time, the dates stay those of
        ``day`` until the end is known
    :ivar void: withdrawn, lapsed or dismissed: without effect (2243)
    :ivar floor_months: what is left at least after a suspension: 6 after a mediation
        or conciliation (2238)
    :ivar uncapped: escapes the twenty years of art. 2232, as claims in court (2241)
        and enforcement (2244) do
    :ivar key: whatever the caller wants to find in the trail
    """

    day: date
    kind: str = INTERRUPT
    certain: bool = True
    last: date | None = None
    ongoing: bool = False
    void: bool = False
    floor_months: int = 0
    uncapped: bool = False
    title_years: int = 10
    key: object = None

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind {self.kind!r}")
        if self.last and self.last < self.day:
            raise ValueError(f"ends on {self.last}, before {self.day}")

    @property
    def _order(self):
        """Same facts, same order, whatever the order they were given in.

        On one day what starts a delay comes first, then what stops it.
        """
        return (
            self.day,
            KINDS.index(self.kind) if self.kind != TITLE else -1,
            self.last or self.day,
            self.ongoing,
            self.floor_months,
            self.uncapped,
            self.title_years,
            self.certain,
            self.void,
        )


class Step(NamedTuple):
    """One line of the explanation.

    ``code``: ``start``; ``interrupt`` (from the day), ``interrupt_end`` (from the end
    of the proceedings), ``interrupt_ongoing``; ``suspend``, ``suspend_floor`` (the
    least delay left after it decided), ``suspend_ongoing``; ``title``; ``ceiling`` (the
    twenty years of art. 2232 cut it); ``no_change`` (in time, but the limit was later
    already); without effect: ``too_late`` (after the limit), ``void``, ``possible``
    (not counted in the safe date), ``none``.

    :ivar limit: the limit date after this step
    """

    code: str
    day: date
    limit: date
    key: object = None


class Limits(NamedTuple):
    """Both limit dates, each the last day on which acting is in time.

    :ivar ongoing: something certain and in time has stopped the clock and not ended
    :ivar trail: the steps to the safe date
    :ivar possible_trail: the steps to the possible date
    """

    safe: date
    possible: date
    ongoing: bool
    trail: tuple[Step, ...]
    possible_trail: tuple[Step, ...]


def limit_dates(
    start_day: date,
    term: Term,
    events: Iterable[Event] = (),
    ceiling_years: int = CEILING_YEARS,
) -> Limits:
    """The limit dates of a claim that can be demanded from ``start_day``.

    :param start_day: due date, or the day the regime says
    :param ceiling_years: from ``start_day``, however often delayed (C. civ. art. 2232)
    """
    ordered = sorted(events, key=lambda event: event._order)
    safe = _Clock(start_day, term, ceiling_years)
    possible = _Clock(start_day, term, ceiling_years)
    for event in ordered:
        possible.hear(event)
        if event.certain or event.void:
            safe.hear(event)
        else:
            safe.tell("possible", event)
    best = possible if possible.limit >= safe.limit else safe
    return Limits(
        safe.limit, best.limit, safe.open, tuple(safe.trail), tuple(best.trail)
    )


def add_months(day: date, months: int) -> date:
    """The same day some months later, else the last of that month (CPC art. 641)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


class _Clock:
    """The limit date as events come in, in order.

    Nothing in time ever brings the limit nearer: an event either moves it later or
    leaves it.
    """

    def __init__(self, start: date, term: Term, ceiling_years: int):
        self.term = term
        self.limit = term.after(start)
        self.ceiling = add_months(start, ceiling_years * 12)
        self.in_court_until = start
        self.suspended_until = start
        self.open = False
        self.trail = [Step("start", start, self.limit)]

    def hear(self, event: Event):
        """Take an event in, and say what it did."""
        if event.void:
            self.tell("void", event)
        elif event.kind == NO_EFFECT:
            self.tell("none", event)
        elif event.day > self.limit and not self.open:
            self.tell("too_late", event)
        else:
            self.open = self.open or event.ongoing
            act = self._suspend if event.kind == SUSPEND else self._restart
            self.tell(act(event), event)

    def tell(self, code: str, event: Event):
        """Add a line to the trail."""
        self.trail.append(Step(code, event.day, self.limit, event.key))

    def _restart(self, event: Event) -> str:
        """A new delay from the event, or from the end of the proceedings."""
        code = "interrupt_ongoing" if event.ongoing else "interrupt"
        if event.last and not event.ongoing:
            code = "interrupt_end"
        if event.kind == TITLE:
            code = "title"
            self._take_title(event)
        day = event.day if event.ongoing else event.last or event.day
        self.in_court_until = day = max(day, self.in_court_until)
        rest = max(self.suspended_until - day, timedelta(0))
        limit = _later(self.term.after(day), rest)
        return self._move(limit, code, event.uncapped or event.kind == TITLE)

    def _take_title(self, event: Event):
        """CPCE art. L111-4, if longer; on a public body the delay stays its own."""
        own = Term(event.title_years, "years", self.term.start)
        if self.term.start == "next_january":
            return
        if own.after(event.day) > self.term.after(event.day):
            self.term = own

    def _suspend(self, event: Event) -> str:
        """C. civ. art. 2230: the days of the suspension do not count.

        The day it ends counts again; days already stopped are not counted twice.
        """
        if event.ongoing or not event.last:
            return "suspend_ongoing" if event.ongoing else "no_change"
        begin = max(event.day, self.in_court_until, self.suspended_until)
        code, limit = "suspend", self.limit
        if event.last > begin:
            limit = _later(limit, event.last - begin)
            self.suspended_until = event.last
        if event.floor_months:
            floor = add_months(event.last, event.floor_months)
            if floor > limit:
                code, limit = "suspend_floor", floor
        return self._move(limit, code, event.uncapped)

    def _move(self, limit: date, code: str, uncapped: bool) -> str:
        if not uncapped and limit > self.ceiling:
            code, limit = "ceiling", self.ceiling
        if limit <= self.limit:
            return code if code == "interrupt_ongoing" else "no_change"
        self.limit = limit
        return code


def _later(day: date, delay: timedelta) -> date:
    return day + delay if delay < date.max - day else date.max
