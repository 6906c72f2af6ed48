"""The life of a SEPA mandate: when it lapses, how it is presented, what an amendment
says. Pure; days are ``date`` objects."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

LAPSE_MONTHS = 36
WARN_MONTHS = (33, 35)


@dataclass(frozen=True)
class Amendment:
    """What changed in a mandate since the debtor's bank last knew it.

    Only what changed is set. ``old_iban`` is the account before; at another bank it is
    told by ``same_mandate_new_account`` (SMNDA), which is valid in any case.
    """

    old_rum: str = ""
    old_ics: str = ""
    old_creditor_name: str = ""
    old_iban: str = ""
    same_mandate_new_account: bool = False

    def __bool__(self):
        return any((self.old_rum, self.old_ics, self.old_creditor_name, self.old_iban))


def add_months(day, months):
    """The same day some months later, or the last one of a shorter month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def clock_day(signed, last_due=None):
    """From which day the 36 months run: the due date of the last collection presented,
    even one that came back (Banque de France), else the signature."""
    return last_due or signed


def lapse_day(signed, last_due=None):
    """Last day on which a collection may fall due; None without a signature."""
    start = clock_day(signed, last_due)
    return add_months(start, LAPSE_MONTHS) if start else None


def warn_days(signed, last_due=None):
    """Days on which somebody is told that the mandate will lapse: 33 and 35 months."""
    start = clock_day(signed, last_due)
    return tuple(add_months(start, months) for months in WARN_MONTHS) if start else ()


def sequence_type(kind, mode, collected_before, is_last=False):
    """Code of the sequence of a collection.

    :param str kind: ``recurrent`` or ``oneoff``.
    :param str mode: ``rcur`` (RCUR always, allowed since November 2016) or ``first``
        (FRST and FNAL as well, for the banks that want them).
    :param bool collected_before: a collection of the mandate was presented.
    :param bool is_last: no other one will follow.
    """
    if kind == "oneoff":
        return "OOFF"
    if mode == "first" and is_last:
        return "FNAL"
    return "FRST" if mode == "first" and not collected_before else "RCUR"
