"""Files that banks send, read into one model; nothing here knows Odoo."""

from .events import entry_events, events, is_collection
from .model import BankFileError, Event, Skipped
from .reader import SIZE_LIMIT, open_documents
