"""Translations: readable, no duplicates, and the same placeholders as the source."""

import re
from collections import Counter

import polib

from . import report

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sdifr%]|\{\{.*?\}\}|\{\w*\}")
MARKUP = re.compile(r"</?\w+")


def check(path):
    """Problems of one file as ``(line, message)``."""
    try:
        entries = polib.pofile(path)
    except (OSError, UnicodeDecodeError) as error:
        return [(1, f"not readable: {error}")]
    found = list(_duplicates(entries))
    if not path.endswith(".pot"):
        for entry in entries:
            found += [(entry.linenum, text) for text in _problems(entry)]
    return found


def _duplicates(entries):
    keys = Counter((entry.msgid, entry.msgctxt) for entry in entries)
    for entry in entries:
        if keys[entry.msgid, entry.msgctxt] > 1:
            yield entry.linenum, f"given more than once: {entry.msgid[:60]!r}"


def _problems(entry):
    if "fuzzy" in entry.flags:
        yield f"marked fuzzy: {entry.msgid[:60]!r}"
    if entry.msgstr and not entry.obsolete:
        for pattern, what in ((PLACEHOLDER, "placeholders"), (MARKUP, "tags")):
            if _bag(pattern, entry.msgid) != _bag(pattern, entry.msgstr):
                yield f"other {what} than the source: {entry.msgid[:60]!r}"


def _bag(pattern, text):
    return Counter(pattern.findall(text))


if __name__ == "__main__":
    report.main(check)
