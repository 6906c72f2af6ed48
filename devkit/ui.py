"""What the user sees: steps with progress and elapsed time, and errors."""

import os
import re
import sys
import threading
import time

from .errors import DevError

_print_lock = threading.Lock()


def say(text="", *, stream=None):
    """Print one line at once, also from threads."""
    with _print_lock:
        print(text, file=stream or sys.stdout, flush=True)


def _colour(code, text):
    if os.environ.get("NO_COLOR") or not sys.stdout.isatty():
        return text
    return f"\033[{code}m{text}\033[0m"


def bold(text):
    """Text in bold on a terminal, unchanged elsewhere."""
    return _colour("1", text)


def red(text):
    """Text in red on a terminal, unchanged elsewhere."""
    return _colour("31", text)


class Steps:
    """Numbered steps ``[2/5] … done (3.1 s)``; safe to use from threads."""

    def __init__(self, total):
        self.total = total
        self.started = time.monotonic()
        self._number = 0
        self._lock = threading.Lock()

    def run(self, label, function, *args):
        """Announce, run and time one step; returns what it returns.

        The function may return a short text telling what it did.
        """
        with self._lock:
            self._number += 1
            number = self._number
        say(f"[{number}/{self.total}] {label} ...")
        began = time.monotonic()
        try:
            result = function(*args)
        except DevError:
            say(f"[{number}/{self.total}] {label}: FAILED, see below")
            raise
        note = f": {result}" if isinstance(result, str) and result else ""
        say(
            f"[{number}/{self.total}] {label}: done in"
            f" {time.monotonic() - began:.1f} s{note}"
        )
        return result

    @property
    def elapsed(self):
        """Seconds since the first step."""
        return time.monotonic() - self.started


class Ticker:
    """Shows that a long program is alive: what it does now, and since when.

    On a terminal one line is rewritten; elsewhere a line comes now and then.
    """

    def __init__(self, pattern, pause=20):
        self.pattern = re.compile(pattern)
        self.pause = pause
        self.started = self.last = time.monotonic()

    def __call__(self, line):
        found = self.pattern.search(line)
        if not found:
            return
        now = time.monotonic()
        words = " ".join(word for word in found.groups() if word)
        text = f"      {now - self.started:4.0f} s  {words}"
        if sys.stdout.isatty():
            print(f"\r\033[K{text[:78]}", end="", flush=True)
        elif now - self.last >= self.pause:
            say(text)
            self.last = now

    def done(self):
        """Clear the line."""
        if sys.stdout.isatty():
            print("\r\033[K", end="", flush=True)


def fail(error):
    """Print a ``DevError`` so that the reader knows what to do next."""
    say(red(f"\ndev: {error.message}"), stream=sys.stderr)
    if error.hint:
        say(error.hint, stream=sys.stderr)
