"""Files that banks send, read into one model; nothing here knows Odoo."""

from .events import entry_events, events, is_collection, status_event
from .model import BankFileError, Event, Skipped
from .reader import SIZE_LIMIT, open_documents

__all__ = [
    "SIZE_LIMIT",
    "BankFileError",
    "Event",
    "Skipped",
    "entry_events",
    "events",
    "is_collection",
    "open_documents",
    "status_event",
]
