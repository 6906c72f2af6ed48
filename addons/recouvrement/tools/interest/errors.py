"""What stops a computation of interest: never a guess instead of a figure."""

from datetime import date


class InterestError(ValueError):
    """Interest that cannot be computed with what was given."""


class MissingRate(InterestError):
    """The table of a legal rate has no figure for a day that needs one.

    :ivar code: code of the rate, such as ``ecb_mro``
    :ivar half_year: the half-year without a figure, such as ``2027-S1``
    :ivar day: first day of that half-year
    """

    def __init__(self, code: str, half_year: str, day: date):
        super().__init__(f"{code}: no rate for {half_year}")
        self.code = code
        self.half_year = half_year
        self.day = day

    def __reduce__(self):
        return type(self), (self.code, self.half_year, self.day)
