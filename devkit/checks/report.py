"""How the checks tell what they found."""

import sys


def run(check, names):
    """Apply ``check(path) -> [(line, message)]`` to files; the exit code."""
    found = 0
    for name in names:
        for line, message in check(name):
            found += 1
            print(f"{name}:{line}: {message}")
    return 1 if found else 0


def main(check):
    """Check the files named on the command line and exit."""
    sys.exit(run(check, sys.argv[1:]))
