"""Debian's signing keys on a system that does not bring them, such as Ubuntu."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from devkit import apt
from devkit.errors import DevError


@pytest.fixture
def calls(monkeypatch, tmp_path):
    """A machine without Debian's keys; the apt and dpkg calls it would make."""
    made = []

    def prepare(self):
        time.sleep(0.05)
        made.append((self.name, tuple(self.sources)))

    def unpack(archives, root):
        private = root / apt.KEYRING.relative_to("/")
        private.parent.mkdir(parents=True)
        private.write_text(" ".join(archives), "utf-8")

    monkeypatch.setattr(apt, "APT", tmp_path / "apt")
    monkeypatch.setattr(apt, "KEYRING", tmp_path / "usr/share/keyrings/debian.gpg")
    monkeypatch.setattr(apt.PrivateApt, "prepare", prepare)
    monkeypatch.setattr(apt.PrivateApt, "download", lambda self, specs: specs)
    monkeypatch.setattr(apt, "unpack", unpack)
    return made


def test_the_machines_own_keys_are_used_when_there(calls):
    apt.KEYRING.parent.mkdir(parents=True)
    apt.KEYRING.touch()
    assert apt.find_keyring() == apt.KEYRING
    assert not calls


def test_missing_keys_are_fetched_once_into_the_project(calls):
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda _: apt.find_keyring(), range(3)))
    assert len(set(found)) == 1
    assert found[0].is_relative_to(apt.APT)
    assert found[0].read_text("utf-8") == apt.KEYRING_PACKAGE
    assert calls == [("keyring", ())]


def test_keys_that_no_server_has_are_a_readable_error(calls, monkeypatch):
    def download(self, specs):
        raise DevError("no such package")

    monkeypatch.setattr(apt.PrivateApt, "download", download)
    with pytest.raises(DevError, match="signing keys") as error:
        apt.find_keyring()
    assert "no such package" in error.value.message
    assert "universe" in error.value.hint


@pytest.mark.parametrize(
    ("sources", "source_list"),
    [(["http://mirror.test/debian sid main"], "{home}/sources.list"), ([], None)],
)
def test_apt_keeps_its_state_in_the_project(
    sources, source_list, monkeypatch, tmp_path
):
    ran = []
    monkeypatch.setattr(apt, "APT", tmp_path)
    monkeypatch.setattr(apt, "KEYRING", tmp_path / "keys.gpg")
    apt.KEYRING.touch()
    monkeypatch.setattr(apt, "require_tools", lambda: None)
    monkeypatch.setattr(apt, "architecture", lambda: "amd64")
    monkeypatch.setattr(apt.PrivateApt, "_apt", lambda self, *words: ran.append(words))
    suite = apt.PrivateApt("mine", sources)
    suite.prepare()
    text = (suite.home / "apt.conf").read_text("utf-8")
    wanted = (source_list or str(apt.SYSTEM_LIST)).format(home=suite.home)
    assert f'Dir::Etc::SourceList "{wanted}";' in text
    for key in ("State::Lists", "State::status", "Cache", "Cache::archives", "Log"):
        assert f'Dir::{key} "{suite.home}' in text
    # third-party servers of the machine may be out of order; ours may not
    assert ("--error-on=any" in ran[0]) == bool(sources)
