"""Waiting for what the server does in the background."""

import time


def wait_for(read, seconds=60):
    """What a reading gives once it gives something."""
    for _attempt in range(seconds * 2):
        if found := read():
            return found
        time.sleep(0.5)
    raise AssertionError(f"nothing after {seconds} s")
