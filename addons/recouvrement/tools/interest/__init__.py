"""Late interest of a claim, day by day, with its reasoning; no Odoo here.

``accrue(claim, terms, until)`` gives the segments and the total of the interest that a
claim earned up to a day, to the smallest unit of its currency.
"""

from .engine import accrue
from .errors import InterestError, MissingRate
from .late import is_late
from .model import CREDIT, INTEREST, PAYMENT, Accrual, Claim, Movement, Pause, Segment
from .rates import FixedRate, HalfYearRate, RateTable, half_year_label
from .terms import Terms

__all__ = [
    "CREDIT",
    "INTEREST",
    "PAYMENT",
    "Accrual",
    "Claim",
    "FixedRate",
    "HalfYearRate",
    "InterestError",
    "MissingRate",
    "Movement",
    "Pause",
    "RateTable",
    "Segment",
    "Terms",
    "accrue",
    "half_year_label",
    "is_late",
]
