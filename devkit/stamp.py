"""Remembers what was done, so that a second run changes nothing."""

import hashlib
import json

from .paths import STAMPS


def fingerprint(value):
    """Short stable digest of any JSON-like value."""
    text = json.dumps(value, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_current(name, value, folder=STAMPS):
    """True when ``name`` was last done for exactly this ``value``."""
    path = folder / name
    return path.exists() and path.read_text("utf-8") == fingerprint(value)


def write(name, value, folder=STAMPS):
    """Record that ``name`` is done for ``value``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(fingerprint(value), "utf-8")
