"""Seconds, SQL queries and peak memory of a piece of work; a table of results."""

import statistics
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass

from odoo import sql_db


@dataclass
class Sample:
    """What one piece of work took.

    :ivar seconds: wall clock
    :ivar queries: statements sent to PostgreSQL by this process, on any cursor
    :ivar memory: MB that this process grew by at its peak
    """

    seconds: float = 0.0
    queries: int = 0
    memory: float = 0.0


@contextmanager
def measured():
    """Measure what runs inside; the sample is complete at the end."""
    sample = Sample()
    before = _reset_peak()
    queries = sql_db.sql_counter
    began = time.perf_counter()
    try:
        yield sample
    finally:
        sample.seconds = time.perf_counter() - began
        sample.queries = sql_db.sql_counter - queries
        sample.memory = max(_status("VmHWM") - before, 0) / 1024


def _reset_peak():
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as handle:
            handle.write("5")
    except OSError:
        return _status("VmHWM")
    return _status("VmRSS")


def _status(key):
    """A value of /proc/self/status in kB, 0 where there is none."""
    try:
        with open("/proc/self/status", encoding="ascii") as handle:
            for line in handle:
                if line.startswith(key):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


@contextmanager
def fresh(env):
    """A request with nothing read before."""
    env.invalidate_all()
    yield


def repeated(times, work, around):
    """Median by seconds of several runs of ``work``.

    :param around: context manager around each run, outside the clock.
    """
    samples = []
    for _number in range(times):
        with around(), measured() as sample:
            work()
        samples.append(sample)
    middle = statistics.median_low([sample.seconds for sample in samples])
    return next(sample for sample in samples if sample.seconds == middle)


class Report:
    """The table, and which targets were met."""

    def __init__(self):
        self.failed = []
        self.passed = 0

    def head(self, title):
        """Start a block of rows."""
        self.say(f"\n{title}")
        self.say(
            f"  {'':<46}{'seconds':>9}{'queries':>9}{'peak MB':>9}"
            f"{'bare s':>9}{'ratio':>8}  target"
        )

    def row(self, label, sample, bare=None, limit=None):
        """One measurement beside its bare twin; a limit on the ratio judges it."""
        ratio = sample.seconds / bare.seconds if bare else None
        self.say(
            f"  {label:<46}{sample.seconds:>9.3f}{sample.queries:>9}"
            f"{sample.memory:>9.0f}"
            + (f"{bare.seconds:>9.3f}{ratio:>7.2f}x" if bare else f"{'-':>9}{'-':>8}")
            + (self._judge(label, ratio <= limit, f"<= {limit:g}x") if limit else "")
        )

    def judge(self, label, met, target):
        """One target that is not a ratio."""
        self.say(f"  {label:<90}{self._judge(label, met, target)}")

    def _judge(self, label, met, target):
        if met:
            self.passed += 1
        else:
            self.failed.append(label)
        return f"  {target}: {'PASS' if met else 'FAIL'}"

    def note(self, text):
        """A remark under a row."""
        self.say(f"    {text}")

    def conclude(self):
        """Closing line; returns the exit code."""
        self.say(f"\n{self.passed} targets met, {len(self.failed)} missed")
        for label in self.failed:
            self.say(f"  missed: {label.strip()}")
        return 1 if self.failed or not self.passed else 0

    @staticmethod
    def say(text):
        """Print at once."""
        print(text, file=sys.stdout, flush=True)
