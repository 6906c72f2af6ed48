"""Any text file: Unix line ends, a final newline, no conflict marks.

Samples of what others send us (``samples/``) stay as those would write them."""

import re
from pathlib import Path

from . import report

CONFLICT = re.compile(rb"^(<<<<<<< |>>>>>>> )", re.MULTILINE)
TRAILING = re.compile(rb"[ \t]+$", re.MULTILINE)


def check(path):
    """Problems of one file as ``(line, message)``."""
    if "samples" in Path(path).parts:
        return []
    content = Path(path).read_bytes()
    found = []
    if b"\r\n" in content:
        found.append((_line(content, content.index(b"\r\n")), "Windows line end"))
    if content and not content.endswith(b"\n"):
        found.append((_line(content, len(content)), "no newline at the end"))
    for match in CONFLICT.finditer(content):
        found.append((_line(content, match.start()), "conflict mark"))
    if not path.endswith((".po", ".pot", ".md")):
        for match in TRAILING.finditer(content):
            found.append((_line(content, match.start()), "spaces at the line's end"))
    return found


def _line(content, position):
    return content.count(b"\n", 0, position) + 1


if __name__ == "__main__":
    report.main(check)
