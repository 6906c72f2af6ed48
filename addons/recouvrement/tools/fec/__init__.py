"""Read the *Fichier des écritures comptables* (FEC, LPF art. A47 A-1).

``analyse([FecSource.from_path("123456789FEC20251231.txt")])`` gives the customers,
their open items, the history of payments and a control report.
"""

from .analyse import analyse
from .issues import CODES, FecError, FecInternalError, FecIssue, Level
from .model import (
    BUCKETS,
    Analysis,
    Customer,
    FecLine,
    FecReport,
    FecSource,
    FileReport,
    JournalReport,
    Kind,
    Match,
    OpenItem,
    Options,
    PaidItem,
    Side,
    Step,
)
from .reader import FecReader
from .report import bucket_of

__all__ = [
    "BUCKETS",
    "CODES",
    "Analysis",
    "Customer",
    "FecError",
    "FecInternalError",
    "FecIssue",
    "FecLine",
    "FecReader",
    "FecReport",
    "FecSource",
    "FileReport",
    "JournalReport",
    "Kind",
    "Level",
    "Match",
    "OpenItem",
    "Options",
    "PaidItem",
    "Side",
    "Step",
    "analyse",
    "bucket_of",
]
