"""What a user asked of the aged balance, checked: nothing unknown goes further."""

from dataclasses import dataclass, field, replace
from datetime import date

from .ageing import DOCUMENT, DUE, AgeingError, BucketPlan

GROUPINGS = (
    "debtor",
    "parent",
    "collector",
    "salesperson",
    "segment",
    "country",
    "account",
    "currency",
    "company",
    "policy",
    "level",
    "status",
)
# Choice -> column of the items that it filters, all by whole numbers but the status.
FILTERS = {
    "company": "company_id",
    "account": "account_id",
    "collector": "collector_id",
    "salesperson": "salesperson_id",
    "segment": "segment_id",
    "country": "country_id",
    "policy": "policy_id",
    "currency": "currency_id",
    "partner": "commercial_partner_id",
    "level": "reached_rank",
    "status": "collection_status",
}
COMPANY_CURRENCY, TRANSACTION = "company", "transaction"
RATES = ("document", "as_of")
CREDITS = ("column", "bucket")
MOST_ROWS = 500
CONTEXT_KEY = "aged_balance"


class OptionError(AgeingError):
    """An option that cannot be followed; ``code`` and ``params`` say which."""


@dataclass(frozen=True)
class AgedOptions:
    """One way to look at the aged balance; every field has a plain default.

    :ivar date as_of: the ledger is read as it was at the end of this day.
    :ivar date compare: a second day, or None.
    :ivar currency: ``company``, ``transaction`` or the id of a currency.
    :ivar str rate: rate of the ``document`` or of the ``as_of`` day.
    :ivar str credits: credits in a ``column`` of their own or netted in a ``bucket``.
    :ivar bool apart: disputed and doubtful items in columns of their own.
    :ivar dict filters: ``{choice: tuple of values}``.
    :ivar key: of the one row that is looked at, as ``(value,)``; None: all rows.
    """

    as_of: date
    compare: date | None = None
    plan: BucketPlan = field(default_factory=BucketPlan.of)
    group_by: str = "debtor"
    currency: str | int = COMPANY_CURRENCY
    rate: str = "document"
    credits: str = "column"
    apart: bool = False
    filters: dict = field(default_factory=dict)
    search: str = ""
    sort: str = "total"
    descending: bool = True
    offset: int = 0
    limit: int = 80

    def on(self, day):
        """The same look at another day."""
        return replace(self, as_of=day)

    def to_dict(self):
        """What ``read_options`` reads again; also what a saved view keeps."""
        return {
            "as_of": self.as_of.isoformat(),
            "compare": self.compare and self.compare.isoformat(),
            "bounds": list(self.plan.bounds),
            "unit": self.plan.unit,
            "base": self.plan.base,
            "group_by": self.group_by,
            "currency": self.currency,
            "rate": self.rate,
            "credits": self.credits,
            "apart": self.apart,
            "filters": {name: list(values) for name, values in self.filters.items()},
            "search": self.search,
            "sort": self.sort,
            "descending": self.descending,
            "offset": self.offset,
            "limit": self.limit,
        }


def read_options(values, today):
    """Checked options from what a client sent.

    :param dict values: may be incomplete; unknown keys are left out.
    :param date today: nothing after it can be asked.
    :raise AgeingError: an :class:`OptionError`, or what is wrong with the ages.
    """
    values = values or {}
    as_of = _date(values.get("as_of"), "as_of") or today
    compare = _date(values.get("compare"), "compare")
    if max(as_of, compare or as_of) > today:
        raise OptionError("future")
    plan = BucketPlan.of(
        values.get("bounds") or None,
        values.get("unit") or "days",
        values.get("base") or DUE,
    )
    return AgedOptions(
        as_of=as_of,
        compare=compare,
        plan=plan,
        group_by=_choice(values, "group_by", GROUPINGS),
        currency=_currency(values.get("currency")),
        rate=_choice(values, "rate", RATES),
        credits=_choice(values, "credits", CREDITS),
        apart=bool(values.get("apart")),
        filters=_filters(values.get("filters") or {}),
        search=str(values.get("search") or "").strip()[:100],
        sort=_sort(values.get("sort")),
        descending=bool(values.get("descending", True)),
        offset=_number(values.get("offset"), 0, 10**9),
        limit=_number(values.get("limit"), 80, MOST_ROWS) or MOST_ROWS,
    )


def _date(value, name):
    if not value:
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise OptionError("date", name=name, value=value) from None


def _choice(values, name, choices):
    value = values.get(name) or choices[0]
    if value not in choices:
        raise OptionError("choice", name=name, value=value)
    return value


def _currency(value):
    if value in (None, "", False, COMPANY_CURRENCY):
        return COMPANY_CURRENCY
    if value == TRANSACTION or (type(value) is int and value > 0):
        return value
    raise OptionError("choice", name="currency", value=value)


def _sort(value):
    """``name``, ``total``, ``other``, ``change``, ``oldest`` or a number of column."""
    value = str(value if value not in (None, "", False) else "total")
    if value in ("name", "total", "other", "change", "oldest") or value.isdecimal():
        return value
    raise OptionError("choice", name="sort", value=value)


def _number(value, default, most):
    if value in (None, False, ""):
        return default
    if type(value) is not int or value < 0:
        raise OptionError("choice", name="number", value=value)
    return min(value, most)


def _filters(values):
    found = {}
    for name, wanted in values.items():
        if name not in FILTERS or not isinstance(wanted, list | tuple):
            raise OptionError("choice", name="filters", value=name)
        kind = str if name == "status" else int
        # False: items without any; a bool is no id.
        if any(one is not False and type(one) is not kind for one in wanted):
            raise OptionError("choice", name=name, value=wanted)
        if wanted:
            found[name] = tuple(wanted)
    return found


def columns_of(options, unknown=False):
    """Codes of the columns of amounts, in their order.

    :param bool unknown: whether overdue items of unknown age can be there.
    :return: ``["0", "1", …]``, then ``unknown``, ``disputed``, ``doubtful`` and
        ``credit`` where they are.
    """
    codes = [str(number) for number in range(len(options.plan.buckets))]
    if unknown and options.plan.base != DOCUMENT:
        codes.append("unknown")
    if options.apart:
        codes += ["disputed", "doubtful"]
    if options.credits == "column":
        codes.append("credit")
    return codes
