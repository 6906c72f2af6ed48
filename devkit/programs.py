"""wkhtmltopdf, Chromium and fonts, unpacked in ``.dev`` behind small wrappers."""

import os
import shutil
import stat

from . import apt, source, stamp
from .paths import BIN, CACHE, SYSROOT
from .shell import run

ROOT = SYSROOT / "programs"
FONTS = ["fonts-dejavu-core", "fonts-liberation", "fontconfig-config"]
PDF_PACKAGES = ["wkhtmltopdf", "fontconfig", *FONTS]
BROWSER_PACKAGES = ["chromium", *FONTS]

WRAPPER = """\
#!/bin/sh
# Written by ./dev: runs the unpacked program with its own libraries.
root='{root}'
export LD_LIBRARY_PATH="$root/usr/lib/{triplet}:$root/lib/{triplet}\
:$root/usr/lib/{triplet}/nss{more}"
export FONTCONFIG_FILE='{fonts}'
export XDG_DATA_DIRS="$root/usr/share"
export QT_QPA_PLATFORM=offscreen
export QT_PLUGIN_PATH="$root/usr/lib/{triplet}/qt5/plugins"
export XDG_RUNTIME_DIR='{home}' XDG_CACHE_HOME='{home}/cache' HOME='{home}'
exec "$root{program}" {arguments} "$@"
"""
FONT_CONFIGURATION = """\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
    <dir>{root}/usr/share/fonts</dir>
    <dir>{odoo}/usr/share/fonts</dir>
    <dir>/usr/share/fonts</dir>
    <cachedir>{cache}</cachedir>
    <include ignore_missing="yes">{root}/usr/share/fontconfig/conf.avail</include>
</fontconfig>
"""
_IDENTITY = [WRAPPER, FONT_CONFIGURATION, str(ROOT)]


def ensure_pdf():
    """wkhtmltopdf with its libraries, and what Debian's Odoo links to."""
    identity = [*_IDENTITY, PDF_PACKAGES, _odoo_libraries()]
    if stamp.is_current("pdf", identity) and (BIN / "wkhtmltopdf").exists():
        return "up to date"
    suite = apt.binary_suite()
    suite.prepare()
    if _odoo_libraries():
        source.unpack_libraries(suite)
    apt.unpack(suite.download(suite.closure(PDF_PACKAGES)), ROOT)
    _write_fonts()
    _wrap("wkhtmltopdf", "/usr/bin/wkhtmltopdf")
    version = run([BIN / "wkhtmltopdf", "--version"], what="wkhtmltopdf").strip()
    stamp.write("pdf", identity)
    return version


def ensure_browser():
    """Chromium, for the tests that drive a browser."""
    identity = [*_IDENTITY, BROWSER_PACKAGES]
    if stamp.is_current("browser", identity) and (BIN / "chromium").exists():
        return "up to date"
    suite = apt.binary_suite()
    suite.prepare()
    apt.unpack(suite.download(suite.closure(BROWSER_PACKAGES)), ROOT)
    _write_fonts()
    _wrap("chromium", "/usr/lib/chromium/chromium", "--no-sandbox --disable-gpu")
    version = run([BIN / "chromium", "--version"], what="chromium").strip()
    stamp.write("browser", identity)
    return version.splitlines()[-1]


def _odoo_libraries():
    """What Debian's Odoo needs from this suite; an existing Odoo has its own."""
    return [] if os.environ.get("ODOO_HOME") else source.STABLE_LIBRARIES


def browser():
    """Path of the browser to drive: ours, else one of the machine, else None."""
    ours = BIN / "chromium"
    if ours.exists():
        return str(ours)
    return shutil.which("chromium") or shutil.which("google-chrome")


def _write_fonts():
    path = ROOT / "fonts.conf"
    path.write_text(
        FONT_CONFIGURATION.format(
            root=ROOT, odoo=source.ROOT, cache=ROOT / "fontcache"
        ),
        "utf-8",
    )


def _triplet():
    found = sorted((ROOT / "usr/lib").glob("*-linux-gnu"))
    return found[0].name


def _wrap(name, program, arguments=""):
    BIN.mkdir(parents=True, exist_ok=True)
    home = CACHE / "home"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = BIN / name
    triplet = _triplet()
    subfolders = [
        f":$root/usr/lib/{triplet}/{folder}"
        for folder in ("pulseaudio", "blas", "lapack")
        if (ROOT / "usr/lib" / triplet / folder).is_dir()
    ]
    path.write_text(
        WRAPPER.format(
            root=ROOT,
            triplet=triplet,
            more="".join(subfolders),
            fonts=ROOT / "fonts.conf",
            home=home,
            program=program,
            arguments=arguments,
        ),
        "utf-8",
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
