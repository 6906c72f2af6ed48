"""``./dev fec``: the FEC reader alone, with nothing set up."""

import importlib

from .pure import import_pure


def main(arguments):
    """Run the reader of the addon; returns its exit code."""
    import_pure("recouvrement")
    return importlib.import_module("recouvrement.tools.fec.cli").main(arguments)
