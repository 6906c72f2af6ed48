"""Reads ``versions.toml``, the one place where versions are pinned."""

import tomllib
from functools import cache

from .paths import DEVKIT

FILE = DEVKIT / "versions.toml"


@cache
def load():
    """The whole file as nested dictionaries."""
    return tomllib.loads(FILE.read_text("utf-8"))


def section(*keys):
    """One table or value, ``section("python", "runtime")``."""
    value = load()
    for key in keys:
        value = value[key]
    return value


def requirements(group):
    """Lines for pip: ``name==version`` for each package of a group."""
    return [f"{name}=={version}" for name, version in section("python", group).items()]
