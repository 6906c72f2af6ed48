"""Key figures of receivables: what each is made of, and how it is worked out.

``MEASURES`` names the facts that are read from the ledger, ``KPIS`` the figures made
of them. A formula gets :class:`Facts` and gives an exact ``Decimal``, unrounded, or
None when the figure cannot be worked out (nothing was sold, nothing fell due…).
Percentages are in points: 33.33 is a third.
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from .period import Period

ZERO = Decimal(0)
HUNDRED = Decimal(100)
LEVELS = 5  # levels of reminders that have a recovery rate of their own
BUCKETS = 5  # not due, 1-30, 31-60, 61-90 days, more
COUNTBACK_MONTHS = 36
MONTHS_PREFIX = "sales:"

# ----------------------------------------------------------------------
# MEASURES
# ----------------------------------------------------------------------


@dataclass(frozen=True)
class Measure:
    """A sum over lines of the ledger or of the work.

    :param family: what one statement reads.
    :param column: which of its columns is added up.
    :param span: days it is about: ``end`` or ``eve`` (closing figures of the last day,
        of the day before the first), ``period``, ``quarter`` or ``year`` (the 3 or 12
        months up to the last day).
    :param unit: ``amount``, ``count`` or ``weighted`` (amount × days).
    """

    family: str
    column: str
    span: str
    unit: str = "amount"


def _open(column, unit="amount"):
    return {
        column: Measure("open", column, "end", unit),
        f"{column}_start": Measure("open", column, "eve", unit),
    }


MEASURES = {
    **_open("receivables"),
    **_open("not_due"),
    **_open("overdue"),
    **_open("overdue_weighted", "weighted"),
    **_open("over_90"),
    **_open("doubtful"),
    **_open("credits"),
    **_open("unallocated"),
    **_open("disputed"),
    **_open("disputed_overdue"),
    "due_start": Measure("open", "due", "eve"),
    **{f"bucket_{n}": Measure("open", f"bucket_{n}", "end") for n in range(BUCKETS)},
    **{
        f"bucket_{n}_start": Measure("open", f"bucket_{n}", "eve")
        for n in range(BUCKETS)
    },
    "bucket_91_120": Measure("open", "bucket_91_120", "end"),
    "falling_due": Measure("open", "falling_due", "eve"),
    "new_due": Measure("entered", "new_due", "period"),
    "sales": Measure("sales", "sales", "period"),
    "sales_quarter": Measure("sales", "sales", "quarter"),
    "sales_net_year": Measure("sales", "sales_net", "year"),
    "losses_year": Measure("losses", "losses", "year"),
    "written_off": Measure("written_off", "written_off", "period"),
    "collected": Measure("collected", "collected", "period"),
    "recovered": Measure("matched", "recovered", "period"),
    "paid_year": Measure("matched", "paid", "year"),
    "paid_days_year": Measure("matched", "paid_weighted", "year", "weighted"),
    "promises_due": Measure("promises", "due", "period", "count"),
    "promises_kept": Measure("promises", "kept", "period", "count"),
    "promised_amount": Measure("promises", "required", "period"),
    "promised_paid": Measure("promises", "paid", "period"),
    "promised_new": Measure("promised", "promised", "period"),
    "disputes_closed": Measure("disputes", "closed", "year", "count"),
    "dispute_days": Measure("disputes", "days", "year", "count"),
    "receipts": Measure("collected", "receipts", "period", "count"),
    "receipts_matched": Measure("collected", "matched", "period", "count"),
    "receipts_auto": Measure("collected", "auto", "period", "count"),
    "receipts_suggested": Measure("collected", "suggested", "period", "count"),
    "receipts_by_hand": Measure("collected", "hand", "period", "count"),
    "items_settled": Measure("settled", "settled", "period", "count"),
    "items_settled_auto": Measure("settled", "auto", "period", "count"),
    "actions": Measure("actions", "actions", "period", "count"),
    "action_cost": Measure("actions", "cost", "period"),
    "actions_priced": Measure("actions", "priced", "period", "count"),
    "contacts": Measure("actions", "contacts", "period", "count"),
    "collectors": Measure("collectors", "collectors", "period", "count"),
    "cohort": Measure("cohort", "billed", "period"),
    "cohort_unpaid": Measure("cohort", "unpaid", "period"),
    **{
        f"level_{n}_reached": Measure("levels", f"reached_{n}", "quarter")
        for n in range(1, LEVELS + 1)
    },
    **{
        f"level_{n}_recovered": Measure("levels", f"recovered_{n}", "quarter")
        for n in range(1, LEVELS + 1)
    },
    "levels_recovered": Measure("levels", "recovered", "quarter"),
}


@dataclass
class Facts:
    """What a formula works with.

    :param values: ``{measure: Decimal}``; a measure that is not there is zero.
    :param months: sales of the months up to the last day, newest first, as
        ``(Period, Decimal)``; the first may be the beginning of a month only.
    """

    period: Period
    values: dict[str, Decimal] = field(default_factory=dict)
    months: tuple[tuple[Period, Decimal], ...] = ()

    def __getitem__(self, name):
        return self.values.get(name, ZERO)


def window(end: date, months: int) -> Period:
    """The months up to a day: whole ones when it is the last of its month, else from
    the day after the same day ``months`` earlier."""
    number = end.year * 12 + end.month - 1 - months
    year, month = divmod(number, 12)
    last = monthrange(year, month + 1)[1]
    is_month_end = end.day == monthrange(end.year, end.month)[1]
    before = date(year, month + 1, last if is_month_end else min(end.day, last))
    return Period(before + timedelta(days=1), end)


def span_of(span: str, period: Period) -> Period:
    """Days that a span stands for; ``end`` and ``eve`` are one day."""
    if span == "end":
        return Period(period.end, period.end)
    if span == "eve":
        return Period(period.eve, period.eve)
    if span == "quarter":
        return window(period.end, 3)
    if span == "year":
        return window(period.end, 12)
    if span == "months":
        months = Period(period.end, period.end).last_months(COUNTBACK_MONTHS)
        return Period(months[0].start, period.end)
    return period


def sales_months(period: Period) -> tuple[Period, ...]:
    """Months that a countback may need, newest first, none beyond the last day."""
    months = Period(period.end, period.end).last_months(COUNTBACK_MONTHS)
    return tuple(
        Period(month.start, min(month.end, period.end)) for month in reversed(months)
    )


def month_measure(month: Period) -> str:
    """Name of the measure « sales of that month »."""
    return f"{MONTHS_PREFIX}{month.start.isoformat()}"


# ----------------------------------------------------------------------
# FORMULAS
# ----------------------------------------------------------------------


def divide(part: Decimal, whole: Decimal) -> Decimal | None:
    """A ratio; None when there is nothing to divide by."""
    return part / whole if whole > ZERO else None


def percent(part: Decimal, whole: Decimal) -> Decimal | None:
    """A part of a whole in points; None when there is no whole."""
    return part * HUNDRED / whole if whole > ZERO else None


def days_of_sales(receivables: Decimal, sales: Decimal, days: int) -> Decimal | None:
    """Receivables ÷ sales of a span × its days."""
    return receivables * days / sales if sales > ZERO else None


def countback(receivables, months):
    """Days of sales that the receivables are made of, the newest first.

    The sales of whole months are taken off the receivables and their days counted,
    the last month in proportion. A month with more credit notes than invoices adds to
    what is left to cover.

    :param months: ``(days, sales)``, newest first.
    :return: ``(days, number of months used)``; ``(None, all)`` when the months do not
        cover the receivables.
    """
    left, days = receivables, ZERO
    if left <= ZERO:
        return ZERO, 0
    for used, (length, sales) in enumerate(months, 1):
        if sales >= left:
            return days + left / sales * length, used
        left -= sales
        days += length
    return None, len(months)


def _countback_days(facts, name):
    months = [(month.days, sales) for month, sales in facts.months]
    return countback(facts[name], months)[0]


def _simple_days(facts, name):
    days = span_of("quarter", facts.period).days
    return days_of_sales(facts[name], facts["sales_quarter"], days)


def _less(one, other):
    return None if one is None or other is None else one - other


def dso_simple(facts):
    return _simple_days(facts, "receivables")


def dso_best(facts):
    return _simple_days(facts, "not_due")


def dso_countback(facts):
    return _countback_days(facts, "receivables")


def dso_best_countback(facts):
    return _countback_days(facts, "not_due")


def add(facts):
    return _less(dso_simple(facts), dso_best(facts))


def add_countback(facts):
    return _less(dso_countback(facts), dso_best_countback(facts))


def weighted_age(facts):
    return divide(facts["overdue_weighted"], facts["overdue"])


def days_beyond_terms(facts):
    return divide(facts["paid_days_year"], facts["paid_year"])


def cei(facts):
    begin = facts["receivables_start"] + facts["sales"]
    return percent(begin - facts["receivables"], begin - facts["not_due"])


def recovery_month(facts):
    to_collect = facts["due_start"] + facts["falling_due"] + facts["new_due"]
    return percent(facts["recovered"], to_collect)


def roll(facts, bucket):
    """Part of a bucket at the start that is one bucket older at the end; of the last
    one, the part that was written off.

    Only a whole month makes items one bucket older.
    """
    if facts.period != Period.month(facts.period.start):
        return None
    after = {BUCKETS - 2: "bucket_91_120", BUCKETS - 1: "written_off"}.get(
        bucket, f"bucket_{bucket + 1}"
    )
    return divide(facts[after], facts[f"bucket_{bucket}_start"])


def chain(rates):
    """Product of rates, in points; None when one of them is not known."""
    product = HUNDRED
    for rate in rates:
        if rate is None:
            return None
        product *= rate
    return product


def roll_rates(facts):
    """What is lost in the end of 100 that are not due."""
    return chain(roll(facts, bucket) for bucket in range(BUCKETS))


def _roll_percent(bucket):
    def rate(facts):
        found = roll(facts, bucket)
        return None if found is None else found * HUNDRED

    return rate


def _percent_of(part, whole):
    return lambda facts: percent(facts[part], facts[whole])


def _ratio_of(part, whole):
    return lambda facts: divide(facts[part], facts[whole])


def _plain(name):
    return lambda facts: facts[name]


# ----------------------------------------------------------------------
# REGISTRY
# ----------------------------------------------------------------------


@dataclass(frozen=True)
class Kpi:
    """A figure: the measures that are shown with it, and its formula.

    :param countback: the measure whose months of sales are shown too.
    """

    formula: Callable
    measures: tuple[str, ...]
    countback: str | None = None

    def used_months(self, facts):
        """Months of sales that the figure needed."""
        if self.countback is None:
            return ()
        lengths = [(month.days, sales) for month, sales in facts.months]
        return facts.months[: countback(facts[self.countback], lengths)[1]]


def _share(part, whole):
    """A part of a whole in points, shown with both."""
    return Kpi(_percent_of(part, whole), (part, whole))


def _mean(total, number):
    return Kpi(_ratio_of(total, number), (total, number))


def _buckets():
    found = {}
    for n in range(BUCKETS):
        after = {BUCKETS - 2: "bucket_91_120", BUCKETS - 1: "written_off"}.get(
            n, f"bucket_{n + 1}"
        )
        found[f"roll_rate_{n}"] = Kpi(_roll_percent(n), (f"bucket_{n}_start", after))
    return found


ROLLS = _buckets()
AMOUNTS = (
    "receivables",
    "not_due",
    "overdue",
    "doubtful",
    "credits",
    "collected",
    "sales",
    "action_cost",
    "contacts",
)
KPIS = {
    **{name: Kpi(_plain(name), (name,)) for name in AMOUNTS},
    "unallocated_receipts": Kpi(_plain("unallocated"), ("unallocated",)),
    "dso_simple": Kpi(dso_simple, ("receivables", "sales_quarter")),
    "dso_countback": Kpi(dso_countback, ("receivables",), "receivables"),
    "dso_best": Kpi(dso_best, ("not_due", "sales_quarter")),
    "dso_best_countback": Kpi(dso_best_countback, ("not_due",), "not_due"),
    "add": Kpi(add, ("receivables", "not_due", "sales_quarter")),
    "add_countback": Kpi(add_countback, ("receivables", "not_due"), "receivables"),
    "weighted_age": Kpi(weighted_age, ("overdue_weighted", "overdue")),
    "days_beyond_terms": Kpi(days_beyond_terms, ("paid_days_year", "paid_year")),
    "cei": Kpi(cei, ("receivables_start", "sales", "receivables", "not_due")),
    "overdue_pct": _share("overdue", "receivables"),
    "over_90_pct": _share("over_90", "receivables"),
    "bad_debt_ratio": _share("losses_year", "sales_net_year"),
    "at_risk_rate": _share("cohort_unpaid", "cohort"),
    "dispute_ratio": _share("disputed", "receivables"),
    "dispute_overdue_ratio": _share("disputed_overdue", "overdue"),
    "dispute_days": _mean("dispute_days", "disputes_closed"),
    "promise_kept_count": _share("promises_kept", "promises_due"),
    "promise_kept_amount": _share("promised_paid", "promised_amount"),
    "collection_progress": _share("promised_new", "due_start"),
    "recovery_month": Kpi(
        recovery_month, ("recovered", "due_start", "falling_due", "new_due")
    ),
    **{
        f"recovery_level_{n}": _share(f"level_{n}_recovered", f"level_{n}_reached")
        for n in range(1, LEVELS + 1)
    },
    "recovery_levels": _share("levels_recovered", "level_1_reached"),
    "roll_rates": Kpi(
        roll_rates,
        tuple(dict.fromkeys(name for kpi in ROLLS.values() for name in kpi.measures)),
    ),
    **ROLLS,
    "matching_rate": _share("receipts_matched", "receipts"),
    "matching_rate_auto": _share("receipts_auto", "receipts"),
    "matching_rate_suggested": _share("receipts_suggested", "receipts"),
    "matching_rate_hand": _share("receipts_by_hand", "receipts"),
    "matching_hit_rate": _share("items_settled_auto", "items_settled"),
    "cost_per_action": _mean("action_cost", "actions_priced"),
    "contacts_per_collector": _mean("contacts", "collectors"),
}


def needs_months(codes) -> bool:
    """Whether one of the figures needs the sales of each month."""
    return any(KPIS[code].countback for code in codes)


def needed_measures(codes) -> tuple[str, ...]:
    """Measures of figures, each once."""
    return tuple(dict.fromkeys(name for code in codes for name in KPIS[code].measures))


@dataclass(frozen=True)
class KpiValue:
    """A figure and the measures it is made of.

    :param value: exact and unrounded, or None when it cannot be worked out.
    :param measures: ``{name: Decimal}``; ``sales:2026-03-01`` is a month of sales.
    """

    value: Decimal | None
    measures: dict[str, Decimal]


def evaluate(code: str, facts: Facts) -> KpiValue:
    """A figure from its facts.

    :raise KeyError: when there is no such figure.
    """
    kpi = KPIS[code]
    measures = {name: facts[name] for name in kpi.measures}
    for month, sales in kpi.used_months(facts):
        measures[month_measure(month)] = sales
    return KpiValue(kpi.formula(facts), measures)
