"""The commands: same answer twice, and clear words on bad input."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from devkit import (
    cli,
    demo,
    linting,
    odoo,
    owner,
    postgres,
    server,
    source,
    stamp,
    testing,
    ui,
)
from devkit.errors import DevError
from devkit.odoolog import Outcome
from devkit.paths import DEV, ROOT
from devkit.pure import import_pure


def test_a_stamp_is_current_only_for_the_same_value(tmp_path):
    assert not stamp.is_current("x", [1], tmp_path)
    stamp.write("x", [1], tmp_path)
    assert stamp.is_current("x", [1], tmp_path)
    assert not stamp.is_current("x", [2], tmp_path)


def test_a_folder_reached_from_two_checkouts_serves_the_first_only(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir(), second.mkdir()
    owner.claim(first / ".dev", first)
    (second / ".dev").symlink_to(first / ".dev")
    with pytest.raises(DevError, match="in use by the checkout"):
        owner.claim(second / ".dev", second)
    owner.claim(first / ".dev", first)


def test_a_folder_that_moved_with_its_checkout_is_taken_over(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    owner.claim(first / ".dev", first)
    first.rename(second)
    owner.claim(second / ".dev", second)
    assert (second / ".dev" / "owner").read_text("utf-8") == str(second)


@pytest.mark.parametrize("name", ["", "1db", "a b", "x;drop", "a-b", "Ä", "../x"])
def test_bad_database_names_are_refused(name):
    with pytest.raises(DevError, match="cannot be the name"):
        odoo.check_name(name)


def test_good_database_names_are_accepted():
    odoo.check_name("h1_test2")


def odoo_home(folder, version):
    package = folder / "odoo"
    (package / "addons").mkdir(parents=True)
    (folder / "addons").mkdir()
    (package / "release.py").write_text(
        f"version_info = {version!r}\nversion = '.'.join(map(str, {version[:2]!r}))\n"
    )
    return folder


def test_odoo_home_may_be_the_checkout_or_its_package(tmp_path, monkeypatch):
    home = odoo_home(tmp_path / "odoo19", (19, 0, 0, "final", 0, ""))
    for given in (home, home / "odoo"):
        monkeypatch.setenv("ODOO_HOME", str(given))
        found = source.locate()
        assert found.python_path == home
        assert found.addons == (home / "odoo/addons", home / "addons")


def test_odoo_home_of_another_series_is_refused(tmp_path, monkeypatch):
    home = odoo_home(tmp_path / "odoo17", (17, 0, 0, "final", 0, ""))
    monkeypatch.setenv("ODOO_HOME", str(home))
    with pytest.raises(DevError, match="17.0"):
        source.locate()


def test_odoo_home_without_odoo_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    with pytest.raises(DevError, match="No Odoo in ODOO_HOME") as error:
        source.locate()
    assert "odoo-bin" in error.value.hint


def test_a_wrong_odoo_home_is_said_before_anything_is_fetched(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setenv("ODOO_HOME", str(tmp_path))
    assert cli.main(["setup"]) == 2
    output = capsys.readouterr()
    assert "No Odoo in ODOO_HOME" in output.err
    assert output.out == ""


def test_a_step_that_fails_says_so_at_once(capsys):
    def fail():
        raise DevError("no network")

    with pytest.raises(DevError, match="no network"):
        ui.Steps(2).run("Odoo 19", fail)
    assert "[1/2] Odoo 19: FAILED" in capsys.readouterr().out


def test_an_existing_postgresql_is_used_when_named(monkeypatch):
    for name, value in {
        "PGHOST": "db.example",
        "PGPORT": "5544",
        "PGUSER": "me",
        "PGPASSWORD": "secret",
    }.items():
        monkeypatch.setenv(name, value)
    assert postgres.external() == postgres.Server("db.example", "5544", "me", "secret")
    monkeypatch.delenv("PGHOST")
    monkeypatch.delenv("PGPORT")
    assert postgres.external() is None


def test_an_existing_postgresql_that_is_silent_is_named(monkeypatch):
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", str(server.free_port()))
    with pytest.raises(DevError, match="does not answer") as error:
        postgres.ensure("test")
    assert "PGHOST" in error.value.hint


def test_a_socket_path_that_unix_would_refuse_is_moved(tmp_path):
    deep = tmp_path / ("d" * 120)
    short = postgres.Cluster("test", deep).sockets
    assert len(str(short)) < 60
    assert postgres.Cluster("test", deep).sockets == short
    assert postgres.Cluster("test", tmp_path / "other" / ("d" * 120)).sockets != short


def test_a_busy_port_gives_the_next_one():
    import socket

    with socket.socket() as busy:
        busy.bind((server.HOST, 0))
        busy.listen()
        port = busy.getsockname()[1]
        assert port < server.free_port(port) < port + 50


def test_a_recycled_process_id_is_not_our_server():
    assert not server.Running("recouvrement_demo", 8069, os.getpid()).is_alive()


def test_hooks_are_counted_one_by_one():
    lines = [
        "ruff check.........................................................Passed",
        "XML is well-formed.............................(no files to check)Skipped",
        "pylint-odoo........................................................Failed",
        "- hook id: pylint-odoo",
    ]
    outcome = linting.read(lines, 1)
    assert (outcome.passed, outcome.failed) == (1, 1)
    assert outcome.failures == ["pylint-odoo"]
    assert outcome.skipped == ["XML is well-formed"]


def test_a_hook_runner_that_breaks_is_a_failure():
    assert linting.read(["An error has occurred: InvalidConfigError"], 1).failed == 1


def test_a_stage_without_tests_fails(capsys):
    outcome = testing.judged(Outcome(), "e2e")
    assert outcome.failed == 1
    assert testing.conclude(outcome, []) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed"


def test_a_stage_whose_browser_is_missing_fails():
    skipped = ["TestTour.test_a: Chrome executable not found"]
    assert testing.judged(Outcome(3, 0, skipped), "odoo").failed == 1


def test_the_last_line_stands_alone(capsys):
    assert testing.conclude(Outcome(7), ["unit: 7 passed, 0 failed in 1 s"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == "7 passed, 0 failed"
    assert not any("passed, " in line for line in lines[:-1])


def test_pytest_results_are_read():
    outcome = testing.read_junit(
        "<testsuites><testsuite>"
        '<testcase classname="a" name="ok"/>'
        '<testcase classname="a" name="bad"><failure message="m">x</failure></testcase>'
        '<testcase classname="a" name="broken"><error message="m">x</error></testcase>'
        '<testcase classname="a" name="no"><skipped message="why"/></testcase>'
        "</testsuite></testsuites>"
    )
    assert (outcome.passed, outcome.failed) == (1, 2)
    assert outcome.failures == ["a.bad", "a.broken"]
    assert outcome.skipped == ["a.no: why"]


def test_a_table_is_aligned():
    lines = demo.table([["a", "bb"], ["ccc", "d"]], ["x", "y"])
    assert lines == ["x    y ", "a    bb", "ccc  d "]


def test_an_addon_is_imported_without_its_init(tmp_path):
    addon = tmp_path / "some_addon"
    (addon / "tools").mkdir(parents=True)
    (addon / "__init__.py").write_text("raise RuntimeError('models need Odoo')")
    (addon / "tools" / "__init__.py").write_text("")
    (addon / "tools" / "sums.py").write_text("ANSWER = 42")
    try:
        assert import_pure("some_addon", tmp_path) is import_pure(
            "some_addon", tmp_path
        )
        from some_addon.tools.sums import ANSWER

        assert ANSWER == 42
    finally:
        for name in [name for name in sys.modules if name.startswith("some_addon")]:
            del sys.modules[name]


def test_an_unknown_addon_is_named(tmp_path):
    with pytest.raises(DevError, match="no addon nowhere"):
        import_pure("nowhere", tmp_path)


def test_an_unknown_measurement_lists_the_known_ones(capsys):
    assert cli.main(["bench", "nonsense"]) == 2
    assert "no measurement 'nonsense'" in capsys.readouterr().err


def test_clean_does_not_remove_without_a_word(monkeypatch, capsys, tmp_path):
    from devkit import clean

    monkeypatch.setattr(clean, "DEV", tmp_path)
    monkeypatch.setenv("CI", "true")
    assert cli.main(["clean"]) == 2
    assert "--yes" in capsys.readouterr().err
    assert tmp_path.exists()


def test_help_names_every_command():
    done = subprocess.run(
        [sys.executable, ROOT / "dev", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    for name, *_rest in [*cli.COMMANDS, *cli.PASS_THROUGH_HELP.items()]:
        assert f"\n    {name} " in done.stdout


def test_nodes_compiled_code_is_kept_in_the_project(monkeypatch, capsys):
    monkeypatch.setenv("NODE_COMPILE_CACHE", "")
    monkeypatch.delenv("NODE_COMPILE_CACHE")
    assert cli.main(["fec", str(ROOT / "README.md")])
    assert Path(os.environ["NODE_COMPILE_CACHE"]).is_relative_to(DEV)


def test_browser_tests_use_a_node_that_runs_on_a_bare_system():
    running = server.Running("recouvrement_e2e", 8069, 1)
    path = testing.e2e_environment(running)["PLAYWRIGHT_NODEJS_PATH"]
    linked = subprocess.run(["ldd", path], capture_output=True, text=True, check=True)
    names = {line.split()[0].split(".so")[0] for line in linked.stdout.splitlines()}
    names -= {"linux-vdso", "/lib64/ld-linux-x86-64", "/lib/ld-linux-aarch64"}
    assert "libc" in names
    assert names <= {"libc", "libdl", "libm", "libpthread", "libstdc++", "libgcc_s"}
