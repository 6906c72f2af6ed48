"""Reads what Odoo's test runner writes: counts, failures, skipped tests."""

import re
from dataclasses import dataclass, field

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) (?P<db>\S+)"
    r" (?P<logger>[^\s:]+): (?P<text>.*)$"
)
TOTAL = re.compile(
    r"(?P<failed>\d+) failed, (?P<errors>\d+) error\(s\) of (?P<run>\d+) tests when"
)
NO_BROWSER = re.compile(
    r"Chrome executable not found|websocket-client module is not installed"
)
FAILURE = re.compile(r"^(?:FAIL|ERROR): (?P<name>.+)$")
SKIPPED = re.compile(r"^skipped (?P<name>.+?) : (?P<reason>.*)$")


@dataclass
class Outcome:
    """Result of a set of tests."""

    passed: int = 0
    failed: int = 0
    skipped: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def total(self):
        """How many tests ran."""
        return self.passed + self.failed

    def __add__(self, other):
        return Outcome(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
            self.failures + other.failures,
        )

    def line(self):
        """The one line that closes a run."""
        return f"{self.passed} passed, {self.failed} failed"


def records(lines):
    """Group log lines with the lines that continue them.

    :return: iterator of ``(level, logger, text)``
    """
    current = None
    for line in lines:
        line = line.rstrip("\n")
        found = LINE.match(line)
        if found:
            if current:
                yield current
            current = (found["level"], found["logger"], found["text"])
        elif current:
            level, logger, text = current
            current = (level, logger, f"{text}\n{line}")
    if current:
        yield current


def parse(lines):
    """Outcome of an Odoo log.

    The counts are those of the runner's closing line. A log in which Odoo
    gave up (``CRITICAL``) counts that as one failed test, so that an
    installation that breaks is never a success. Skipped tests are not passed.
    """
    outcome = Outcome()
    run = bad = skipped_inside = 0
    failed, broken = set(), 0
    for level, logger, text in records(lines):
        head = text.partition("\n")[0]
        if total := TOTAL.search(head):
            run += int(total["run"])
            bad += int(total["failed"]) + int(total["errors"])
        elif skipped := SKIPPED.match(head):
            outcome.skipped.append(f"{skipped['name']}: {skipped['reason'].strip()}")
            skipped_inside += not _is_class_level(skipped["name"])
        elif failure := FAILURE.match(head):
            outcome.failures.append(text.rstrip())
            failed.add((logger, _test_name(failure["name"])))
        elif level == "CRITICAL":
            outcome.failures.append(text.rstrip())
            broken += 1
    inside = {key for key in failed if not _is_class_level(key[1])}
    hidden = bad if not failed else 0  # counted by Odoo, not found in the log
    outcome.failed = len(failed) + hidden + broken
    outcome.passed = max(run - len(inside) - hidden - skipped_inside, 0)
    return outcome


def _test_name(name):
    """The test that a failure belongs to: subtests are parts of one test."""
    return name.removeprefix("Subtest ").partition(" ")[0]


def _is_class_level(name):
    """True for what Odoo reports without counting it among the tests run."""
    return name.startswith(("setUpClass", "tearDownClass", "setUpModule"))
