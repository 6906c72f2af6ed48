"""The rules that one claim follows."""

from dataclasses import dataclass

from .errors import InterestError
from .rates import FixedRate, HalfYearRate

FIXED_BASIS = "365"
ACTUAL_BASIS = "actual"
PRINCIPAL_FIRST = "principal_first"
INTEREST_FIRST = "interest_first"


@dataclass(frozen=True, slots=True)
class Terms:
    """Rate and conventions; make one for each regime and use it for all its claims.

    :ivar rate: where the yearly percentage comes from
    :ivar basis: ``365`` days in every year, leap years too, or ``actual``: the days of
        each calendar year over 365 or 366
    :ivar imputation: what a payment pays first; ``interest_first`` is C. civ. art.
        1343-1, from which commercial terms may depart
    :ivar capitalise: unpaid interest of a full year bears interest (C. civ. art.
        1343-2: only if the contract or a judge says so)
    """

    rate: HalfYearRate | FixedRate
    basis: str = FIXED_BASIS
    imputation: str = PRINCIPAL_FIRST
    capitalise: bool = False

    def __post_init__(self):
        if self.basis not in (FIXED_BASIS, ACTUAL_BASIS):
            raise InterestError(f"unknown basis {self.basis!r}")
        if self.imputation not in (PRINCIPAL_FIRST, INTEREST_FIRST):
            raise InterestError(f"unknown imputation {self.imputation!r}")
