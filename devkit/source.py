"""Odoo 19 itself: Debian's package unpacked in ``.dev``, or ``ODOO_HOME``."""

import os
from dataclasses import dataclass
from pathlib import Path

from . import apt, stamp
from .errors import DevError
from .paths import SYSROOT
from .ui import say
from .versions import section

ROOT = SYSROOT / "odoo"
STABLE_LIBRARIES = ["fonts-font-awesome"]  # newer suites have other paths
LIBRARIES = [
    "fonts-glyphicons-halflings",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
]
# Left out of Debian's package; the bundle that names it logs an error without it.
EMPTY_FILES = ["mail/static/lib/selfie_segmentation/selfie_segmentation.js"]
OTHER_WAYS = (
    "Other ways in: an existing Odoo 19 (ODOO_HOME=/folder/with/odoo-bin ./dev ...)\n"
    "or the container image odoo:19 (docker compose up)."
)


@dataclass(frozen=True)
class Source:
    """Where Odoo's code is.

    :ivar python_path: folder to put on ``PYTHONPATH``, holding ``odoo/``
    :ivar addons: Odoo's own addon folders
    """

    python_path: Path
    addons: tuple[Path, ...]


def ensure():
    """Make Odoo available; returns a word on what was found."""
    if os.environ.get("ODOO_HOME"):
        return f"using ODOO_HOME={locate().python_path}"
    identity = [section("odoo", "debian_package"), LIBRARIES, EMPTY_FILES]
    if stamp.is_current("odoo", identity) and (ROOT / "usr").exists():
        return "up to date"
    version = _unpack()
    stamp.write("odoo", identity)
    return version


def locate():
    """The :class:`Source` in use.

    :raise DevError: when nothing usable is there
    """
    home = os.environ.get("ODOO_HOME")
    source = _from_home(Path(home)) if home else _layout(_debian_folder())
    if source is None:
        raise DevError(
            f"No Odoo in ODOO_HOME={home}" if home else "Odoo is not there yet.",
            "ODOO_HOME must be a folder that holds odoo-bin or a package odoo/."
            if home
            else "Run first: ./dev setup",
        )
    return source


def _debian_folder():
    return ROOT / "usr/lib/python3/dist-packages"


def _from_home(home):
    home = home.expanduser().resolve()
    for folder in (home, home.parent if home.name == "odoo" else home):
        source = _layout(folder)
        if source:
            _check_series(folder)
            return source
    return None


def _layout(folder):
    if not (folder / "odoo" / "release.py").exists():
        return None
    addons = [folder / "odoo" / "addons", folder / "addons"]
    return Source(folder, tuple(path for path in addons if path.is_dir()))


def _check_series(folder):
    scope = {}
    exec((folder / "odoo" / "release.py").read_text("utf-8"), scope)
    if tuple(scope["version_info"][:2]) != (19, 0):
        raise DevError(
            f"{folder} holds Odoo {scope['version']}, version 19.0 is needed.",
            "Point ODOO_HOME to an Odoo 19.0.",
        )


def _unpack():
    package = section("odoo", "debian_package")
    tested = section("odoo", "debian_tested")
    suite = apt.odoo_suite()
    suite.prepare()
    version = suite.candidate(package)
    if not version:
        raise DevError(f"Debian no longer offers {package}.", OTHER_WAYS)
    if version != tested:
        say(f"      note: Debian offers Odoo {version}; last tested was {tested}.")
    archives = suite.download([f"{package}={version}", *LIBRARIES])
    apt.unpack(archives, ROOT)
    for archive in archives:
        archive.unlink()
    for name in EMPTY_FILES:
        path = _debian_folder() / "odoo/addons" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return f"Odoo {version}"


def unpack_libraries(suite):
    """What Debian's Odoo links to in its older form, into the same root."""
    apt.unpack(suite.download(STABLE_LIBRARIES), ROOT)
