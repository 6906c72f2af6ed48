"""Days as the desk counts them."""

from datetime import datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def today():
    """The day of the users: theirs has begun an hour or two before that of the clock
    of a server."""
    return datetime.now(PARIS).date()
