"""Procedural delays of French law: which days are worked, on which day a delay ends.

Code of civil procedure (CPC), articles 641 to 644; legal holidays of the Labour code.
"""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

UNITS = ("day", "month", "year")
METROPOLE = "metropole"
ALSACE_MOSELLE = "alsace_moselle"
# Somewhere overseas when the territory is not known: the legal holidays only.
OVERSEAS = "overseas"
ABROAD = "abroad"
SATURDAY = 5

# Postal prefixes of French places that have holidays of their own.
PREFIXES = {
    "57": ALSACE_MOSELLE,
    "67": ALSACE_MOSELLE,
    "68": ALSACE_MOSELLE,
    "97133": "saint_barthelemy",
    "97150": "saint_martin",
    "971": "guadeloupe",
    "972": "martinique",
    "973": "guyane",
    "974": "reunion",
    "975": "saint_pierre_et_miquelon",
    "976": "mayotte",
    "977": "saint_barthelemy",
    "978": "saint_martin",
    "984": "terres_australes",
    "986": "wallis_et_futuna",
    "987": "polynesie",
    "988": "nouvelle_caledonie",
}
COUNTRIES = {
    "BL": "saint_barthelemy",
    "GF": "guyane",
    "GP": "guadeloupe",
    "MF": "saint_martin",
    "MQ": "martinique",
    "NC": "nouvelle_caledonie",
    "PF": "polynesie",
    "PM": "saint_pierre_et_miquelon",
    "RE": "reunion",
    "TF": "terres_australes",
    "WF": "wallis_et_futuna",
    "YT": "mayotte",
}
REGIONS = (
    METROPOLE,
    ALSACE_MOSELLE,
    OVERSEAS,
    *sorted(set(COUNTRIES.values())),
    ABROAD,
)


@dataclass(frozen=True)
class Holiday:
    """A day off that the law gives: a fixed day, or a number of days after Easter.

    :param confidence: S text read, L likely, NV not verified.
    """

    code: str
    month: int = 0
    day: int = 0
    easter: int | None = None
    regions: tuple = ()
    source: str = "C. trav. L3133-1"
    confidence: str = "S"
    since: int = 1983

    def on(self, year):
        """The day of this holiday in a year."""
        if self.easter is not None:
            return easter_sunday(year) + timedelta(days=self.easter)
        return date(year, self.month, self.day)


_LOCAL = {"source": "C. trav. L3134-13", "confidence": "L"}
_ABOLITION = {"source": "C. trav. L3422-2", "confidence": "L"}

HOLIDAYS = (
    Holiday("new_year", 1, 1),
    Holiday("easter_monday", easter=1),
    Holiday("labour_day", 5, 1),
    Holiday("victory_1945", 5, 8),
    Holiday("ascension", easter=39),
    Holiday("whit_monday", easter=50),
    Holiday("national_day", 7, 14),
    Holiday("assumption", 8, 15),
    Holiday("all_saints", 11, 1),
    Holiday("armistice_1918", 11, 11),
    Holiday("christmas", 12, 25),
    # Good Friday: in the municipalities with a Protestant church or a mixed one.
    Holiday("good_friday", easter=-2, regions=(ALSACE_MOSELLE,), **_LOCAL),
    Holiday("second_christmas_day", 12, 26, regions=(ALSACE_MOSELLE,), **_LOCAL),
    Holiday("abolition_mayotte", 4, 27, regions=("mayotte",), **_ABOLITION),
    Holiday("abolition_martinique", 5, 22, regions=("martinique",), **_ABOLITION),
    Holiday("abolition_guadeloupe", 5, 27, regions=("guadeloupe",), **_ABOLITION),
    Holiday("abolition_saint_martin", 5, 28, regions=("saint_martin",), **_ABOLITION),
    Holiday("abolition_guyane", 6, 10, regions=("guyane",), **_ABOLITION),
    Holiday(
        "abolition_saint_barthelemy",
        10,
        9,
        regions=("saint_barthelemy",),
        **_ABOLITION,
    ),
    Holiday("abolition_reunion", 12, 20, regions=("reunion",), **_ABOLITION),
)


def easter_sunday(year):
    """Easter Sunday of the Gregorian calendar (Butcher's computus)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year, region=METROPOLE):
    """Days off of a year in a region.

    :return: ``{day: code}``.
    :raise ValueError: on a region that is not in ``REGIONS``.
    """
    if region not in REGIONS:
        raise ValueError(f"unknown region: {region}")
    return {
        holiday.on(year): holiday.code
        for holiday in HOLIDAYS
        if year >= holiday.since and (not holiday.regions or region in holiday.regions)
    }


def is_working(day, region=METROPOLE):
    """Neither a Saturday, a Sunday nor a holiday (CPC 642)."""
    return day.weekday() < SATURDAY and day not in holidays(day.year, region)


def next_working(day, region=METROPOLE):
    """The day itself, or the first working day after it (CPC 642)."""
    while not is_working(day, region):
        day += timedelta(days=1)
    return day


def previous_working(day, region=METROPOLE):
    """The day itself, or the last working day before it."""
    while not is_working(day, region):
        day -= timedelta(days=1)
    return day


def add_working_days(day, count, region=METROPOLE):
    """The working day that comes a number of working days after a day."""
    for _number in range(count):
        day = next_working(day + timedelta(days=1), region)
    return day


def add_months(day, count):
    """Same day of the month, else the last day of the month (CPC 641)."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def deadline(start, count, unit, region=METROPOLE, frank=False):
    """Last day of a delay (CPC 641 and 642).

    The day of the act is not counted; a last day that is a Saturday, a Sunday or a
    holiday moves to the next working day. A negative count goes back from a date (a
    hearing): the last day to act, on a working day.

    :param str unit: one of ``UNITS``.
    :param frank: a clear delay: the last day is not counted either.
    :raise ValueError: on a unit that is not in ``UNITS``.
    """
    if unit not in UNITS:
        raise ValueError(f"unknown unit of a delay: {unit}")
    step = (count > 0) - (count < 0)
    if unit == "day":
        end = start + timedelta(days=count)
    else:
        end = add_months(start, count * (12 if unit == "year" else 1))
    if frank:
        end += timedelta(days=step)
    return previous_working(end, region) if count < 0 else next_working(end, region)


def extend(day, months, region=METROPOLE):
    """A last day moved by the months of distance, then to a working day (CPC 643)."""
    return next_working(add_months(day, months), region)


def place_of(country_code, zip_code=""):
    """Region of an address.

    :param str country_code: two letters; none: France.
    """
    code = (country_code or "FR").upper()
    if code in COUNTRIES:
        return COUNTRIES[code]
    if code != "FR":
        return ABROAD
    zip_code = (zip_code or "").replace(" ", "")
    for length in (5, 3, 2):
        if zip_code[:length] in PREFIXES:
            return PREFIXES[zip_code[:length]]
    return METROPOLE


def distance(court, person):
    """Months that are added to the delays to appear, object or appeal (CPC 643, 644).

    :param court: region of the court; ``person``: region of who must act.
    """
    if person == ABROAD:
        return 0 if court == ABROAD else 2
    mainland = (METROPOLE, ALSACE_MOSELLE)
    if person == court or (person in mainland and court in mainland):
        return 0
    return 1
