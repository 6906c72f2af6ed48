"""Lets two ``./dev`` commands of one checkout wait for each other."""

import fcntl
from contextlib import contextmanager

from .paths import RUN


@contextmanager
def exclusive(name):
    """Hold the named lock; a second process waits."""
    RUN.mkdir(parents=True, exist_ok=True)
    with open(RUN / f"{name}.lock", "w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
