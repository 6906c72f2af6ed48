"""Debian packages without root: a private apt state, then ``dpkg -x``.

Nothing of the machine's own apt is changed; its keyring, its proxy settings and,
where the keyring lacks Debian's keys, its list of servers are read. Packages are
checked by apt against Debian's signatures.
"""

import os
import platform
import re
import shutil
import threading
from dataclasses import dataclass, field
from pathlib import Path

from .errors import DevError
from .paths import APT, LOGS
from .shell import run
from .versions import section

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
KEYRING_PACKAGE = "debian-archive-keyring"
KEYRING_HINT = (
    "Ubuntu has them in its component universe. Add that to the apt sources, or\n"
    f"install the package by hand: sudo apt-get install {KEYRING_PACKAGE}"
)
SYSTEM_LIST = Path("/etc/apt/sources.list")
SYSTEM_PARTS = Path("/etc/apt/sources.list.d")
NETWORK_HINT = (
    "The packages come from Debian's servers. Check the network or the proxy, or\n"
    "name another mirror: DEBIAN_MIRROR=http://... DEBIAN_SECURITY_MIRROR=http://..."
)
OTHER_SYSTEM_HINT = (
    "This system has no apt. Use an existing Odoo 19 (ODOO_HOME=/folder) with\n"
    "wkhtmltopdf on the PATH, or the container: docker compose up."
)

CONFIGURATION = """\
Dir::State "{home}";
Dir::State::Lists "{home}/lists";
Dir::State::status "{home}/status";
Dir::Cache "{home}";
Dir::Cache::archives "{home}/archives";
Dir::Etc::SourceList "{sources}";
Dir::Etc::SourceParts "{parts}";
Dir::Etc::Preferences "/dev/null";
Dir::Etc::PreferencesParts "/dev/null";
Dir::Log "{home}/log";
APT::Architecture "{architecture}";
APT::Architectures "{architecture}";
APT::Install-Recommends "false";
APT::Sandbox::User "{user}";
Acquire::Languages "none";
Acquire::Retries "3";
Acquire::Check-Valid-Until "false";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
"""


@dataclass
class PrivateApt:
    """An apt state of its own for one Debian suite.

    :ivar sources: lines of ``sources.list``; none for the machine's own servers
    """

    name: str
    sources: list[str]
    never: frozenset[str] = field(default_factory=frozenset)

    @property
    def home(self):
        """Folder with lists, archives and configuration."""
        return APT / self.name

    def prepare(self):
        """Write the configuration and fetch the package lists."""
        require_tools()
        for folder in ("lists/partial", "archives/partial", "log"):
            (self.home / folder).mkdir(parents=True, exist_ok=True)
        (self.home / "status").touch()
        (self.home / "apt.conf").write_text(
            CONFIGURATION.format(
                home=self.home,
                architecture=architecture(),
                user="root" if os.geteuid() == 0 else "_apt",
                **self._servers(),
            ),
            "utf-8",
        )
        strict = ["--error-on=any"] if self.sources else []
        self._apt("apt-get", "update", "-q", *strict)

    def _servers(self):
        """Where apt reads its servers from."""
        if not self.sources:
            return {"sources": SYSTEM_LIST, "parts": SYSTEM_PARTS}
        path = self.home / "sources.list"
        keyring = find_keyring()
        path.write_text(
            "".join(f"deb [signed-by={keyring}] {line}\n" for line in self.sources),
            "utf-8",
        )
        return {"sources": path, "parts": "/dev/null"}

    def candidate(self, package):
        """Version that apt would take, or None when the suite lacks it."""
        text = self._apt("apt-cache", "policy", package)
        found = re.search(r"Candidate: (\S+)", text)
        return found and found[1] != "(none)" and found[1] or None

    def closure(self, packages):
        """``name=version`` of the packages and all they depend on."""
        text = self._apt("apt-get", "install", "--print-uris", "-q", "-y", *packages)
        names = re.findall(r"^'\S+' (\S+)_(\S+)_\S+\.deb ", text, re.MULTILINE)
        return [
            f"{name}={version.replace('%3a', ':')}"
            for name, version in names
            if name not in self.never
        ]

    def download(self, specs):
        """Fetch packages (no dependencies) and return the ``.deb`` files.

        :param specs: ``name`` or ``name=version``
        """
        wanted = [spec if "=" in spec else self._dated(spec) for spec in specs]
        missing = [spec for spec in wanted if not self._archive(spec).exists()]
        if missing:
            arriving = self.home / "arriving"
            shutil.rmtree(arriving, ignore_errors=True)
            arriving.mkdir()
            self._apt("apt-get", "download", "-q", *missing, cwd=arriving)
            for path in arriving.glob("*.deb"):
                path.replace(self._archive(_spec_of(path)))
        return [self._archive(spec) for spec in wanted]

    def _dated(self, package):
        version = self.candidate(package)
        if not version:
            raise DevError(
                f"The apt sources of {self.home} have no package {package}.",
                NETWORK_HINT,
            )
        return f"{package}={version}"

    def _archive(self, spec):
        """Where a package is kept."""
        return self.home / "archives" / (spec.replace("=", "_") + ".deb")

    def _apt(self, program, *arguments, **options):
        return run(
            [program, "-c", self.home / "apt.conf", *arguments],
            what=f"{program} {arguments[0]} ({self.name})",
            log=LOGS / f"apt-{self.name}.log",
            hint=NETWORK_HINT,
            env=os.environ | {"LC_ALL": "C", "DEBIAN_FRONTEND": "noninteractive"},
            **options,
        )


# Bookworm programs run on the machine's own C library; the rest is of no use to
# a program without screen, sound or init system.
NEVER_UNPACKED = frozenset(
    """
    adduser adwaita-icon-theme dbus dbus-bin dbus-daemon dbus-session-bus-common
    dbus-system-bus-common dbus-user-session dconf-service debconf dmsetup dpkg
    gtk-update-icon-cache init-system-helpers iso-codes libc6 libcap2-bin
    libcryptsetup12 libdevmapper1.02.1 libdrm-amdgpu1 libdrm-intel1
    libdrm-nouveau2 libdrm-radeon1 libfile-find-rule-perl libgl1-mesa-dri
    libllvm15 libnumber-compare-perl libpam-modules libpam-modules-bin
    libpam-runtime libpam-systemd libperl5.36 libsemanage2 libsensors-config
    libsensors5 libtext-glob-perl libz3-4 lsb-base mount passwd perl perl-base
    perl-modules-5.36 procps systemd systemd-sysv sysvinit-utils tar usrmerge
    x11-utils
    """.split()
)


def _spec_of(path):
    name, version, _architecture = path.name.removesuffix(".deb").split("_")
    return f"{name}={version.replace('%3a', ':')}"


def odoo_suite(name="odoo"):
    """The suite that carries Odoo.

    :param name: its folder; two that work at the same time need two
    """
    suite = section("debian", "odoo_suite")
    return PrivateApt(name, [f"{mirror()} {suite} main"])


def binary_suite():
    """The oldest supported suite: its programs run on every newer system."""
    suite = section("debian", "binary_suite")
    security = os.environ.get("DEBIAN_SECURITY_MIRROR") or section(
        "debian", "security_mirror"
    )
    return PrivateApt(
        "programs",
        [f"{mirror()} {suite} main", f"{security} {suite}-security main"],
        NEVER_UNPACKED,
    )


def mirror():
    """Address of the Debian archive."""
    return os.environ.get("DEBIAN_MIRROR") or section("debian", "mirror")


def unpack(archives, root):
    """Unpack ``.deb`` files below ``root``; nothing is executed."""
    root.mkdir(parents=True, exist_ok=True)
    for archive in archives:
        run(["dpkg", "-x", archive, root], what=f"unpacking {archive.name}")


def architecture():
    """Debian's name of this machine's processor."""
    return run(["dpkg", "--print-architecture"]).strip()


def require_tools():
    """Refuse systems where the unpacked programs could not run."""
    if not (shutil.which("apt-get") and shutil.which("dpkg")):
        raise DevError("apt-get and dpkg are not on this machine.", OTHER_SYSTEM_HINT)
    wanted = section("debian", "minimum_glibc")
    found = platform.libc_ver()[1]
    if found and _version_key(found) < _version_key(wanted):
        raise DevError(
            f"The C library is {found}, {wanted} or newer is needed.",
            "Use Debian 12 or newer, Ubuntu 24.04 or newer, or: docker compose up.",
        )


def _version_key(version):
    return [int(part) for part in re.findall(r"\d+", version)]


def find_keyring():
    """Debian's signing keys: the machine's, or fetched from its own servers.

    Several threads ask at the same time; one fetches.
    """
    if KEYRING.exists():
        return KEYRING
    root = APT / "keyring" / "root"
    private = root / KEYRING.relative_to("/")
    with _keyring_lock:
        if not private.exists():
            _fetch_keyring(root)
    return private


_keyring_lock = threading.Lock()


def _fetch_keyring(root):
    """Debian's keys as the machine's own system signs them, e.g. Ubuntu."""
    suite = PrivateApt("keyring", [])
    try:
        suite.prepare()
        archives = suite.download([KEYRING_PACKAGE])
    except DevError as error:
        raise DevError(
            f"Debian's signing keys (package {KEYRING_PACKAGE}) are missing.\n"
            f"{error.message}",
            KEYRING_HINT,
        ) from error
    unpack(archives, root)
