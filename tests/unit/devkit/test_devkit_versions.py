"""One place for versions: nothing else may say something different."""

import json
import re

import compose_spec
import pytest

from devkit import apt, venv, versions
from devkit.errors import DevError
from devkit.paths import DEVKIT, ROOT

EXACT = re.compile(r"\d+(\.\d+)*([a-z]\w*)?")


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pins():
    groups = versions.section("python")
    return {
        normal(name): version
        for group in groups.values()
        for name, version in group.items()
    }


def test_every_python_package_has_one_exact_version():
    for group in versions.section("python").values():
        for name, version in group.items():
            assert isinstance(version, str), name
            assert EXACT.fullmatch(version), f"{name} {version}"
    counted = sum(len(group) for group in versions.section("python").values())
    assert counted == len(pins()), "a package is in two groups"


def test_the_lock_file_of_npm_has_the_pinned_versions_and_no_addresses():
    lock = json.loads((DEVKIT / "node/package-lock.json").read_text("utf-8"))
    assert lock["packages"][""]["dependencies"] == versions.section("npm")
    for name, package in lock["packages"].items():
        if name:
            assert package["integrity"].startswith("sha512-")
            assert "resolved" not in package


def test_the_container_has_the_same_python_packages():
    lines = (ROOT / "docker/requirements.txt").read_text("utf-8").split()
    assert lines
    for line in lines:
        name, version = line.split("==")
        assert pins()[normal(name)] == version, name


def test_the_container_images_are_the_pinned_ones():
    images = versions.section("images")
    dockerfile = (ROOT / "docker/Dockerfile").read_text("utf-8")
    assert f"FROM odoo:{images['odoo']}\n" in dockerfile
    services = compose()["services"]
    assert services["db"]["image"] == f"postgres:{images['postgres']}"


def compose():
    """The file as compose reads it where no variable is set."""
    text = (ROOT / "docker-compose.yml").read_text("utf-8")
    text = re.sub(r"\$\{\w+:-(.*?)\}", r"\1", text)
    assert "$" not in text
    parsed = compose_spec.PyCompose.from_yaml(text)
    parsed.to_spec()
    return parsed.to_dict()


def test_the_compose_file_is_valid_and_complete():
    services = compose()["services"]
    assert set(services) == {"db", "odoo"}
    for name, service in services.items():
        assert service["healthcheck"]["test"], name
    waits_for = services["odoo"]["depends_on"]["db"]
    assert waits_for["condition"] == "service_healthy"


def test_compose_mounts_named_volumes_and_folders_that_exist():
    parsed = compose()
    used = set()
    for service in parsed["services"].values():
        for volume in service["volumes"]:
            source = volume if isinstance(volume, str) else volume["source"]
            source = source.split(":")[0]
            if source.startswith("."):
                assert (ROOT / source).is_dir(), source
            else:
                used.add(source)
    assert used == set(parsed["volumes"])


def test_compose_builds_from_files_that_exist():
    build = compose()["services"]["odoo"]["build"]
    context = ROOT / (build if isinstance(build, str) else build["context"])
    dockerfile = (context / "Dockerfile").read_text("utf-8")
    copied = re.findall(r"^COPY (?:--\S+ )?(\S+)", dockerfile, re.MULTILINE)
    assert copied
    for name in copied:
        assert (context / name).is_file(), name


def test_a_compose_file_with_a_mistake_is_refused():
    with pytest.raises(Exception, match="(?i)service|unknown|invalid|missing"):
        compose_spec.PyCompose.from_yaml("services:\n  db:\n    imagee: postgres\n")


@pytest.mark.parametrize("version", [(3, 10, 13), (3, 14, 0), (2, 7, 18)])
def test_other_pythons_are_refused_with_advice(version):
    with pytest.raises(DevError, match="not supported") as error:
        venv.check_interpreter(version)
    assert "3.12" in error.value.hint


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 13, 9)])
def test_supported_pythons_are_accepted(version):
    venv.check_interpreter(version)


def test_an_old_c_library_is_refused_with_advice(monkeypatch):
    monkeypatch.setattr(apt.platform, "libc_ver", lambda: ("glibc", "2.31"))
    monkeypatch.setattr(apt.shutil, "which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(DevError, match="2.31") as error:
        apt.require_tools()
    assert "docker compose" in error.value.hint


def test_a_machine_without_apt_is_told_the_other_ways(monkeypatch):
    monkeypatch.setattr(apt.shutil, "which", lambda name: None)
    with pytest.raises(DevError) as error:
        apt.require_tools()
    assert "ODOO_HOME" in error.value.hint
