"""``./dev fec``: text, JSON, exit codes."""

import json
from datetime import date

import pytest
from fec_books import Books, balance_411, lived_in_books

from recouvrement.tools.fec.cli import main


@pytest.fixture
def path(tmp_path):
    target = tmp_path / "123456789FEC20241231.txt"
    target.write_bytes(lived_in_books().source().data)
    return str(target)


def test_json_has_exactly_the_agreed_form(path, capsys):
    assert main(["--json", path]) == 0
    report = json.loads(capsys.readouterr().out)
    assert list(report) == [
        "files",
        "lines",
        "refused",
        "balance_411",
        "customers",
        "debit",
        "credit",
        "open_items",
        "aged",
        "matched_by",
    ]
    assert list(report["aged"]) == [
        "not_due",
        "1_30",
        "31_60",
        "61_90",
        "91_180",
        "over_180",
        "unknown",
    ]
    assert list(report["matched_by"]) == ["lettering", "piece", "amount", "oldest"]
    assert set(report["debit"]) == set(report["credit"]) == {"count", "sum"}
    assert report["files"] == [path]
    assert report["balance_411"] == f"{balance_411(lived_in_books().rows):.2f}"


def test_json_names_the_refused_rows(tmp_path, capsys):
    target = tmp_path / "a.txt"
    target.write_bytes(lived_in_books().source().data + b"VE\tx\n")
    assert main([str(target), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    (refused,) = report["refused"]
    assert refused["file"] == str(target)
    assert refused["line"] == report["lines"] + 1
    assert refused["reason"] == "2 fields instead of 18"


def test_dates_and_terms_are_options(tmp_path, capsys):
    books = Books()
    books.sale("C1", date(2024, 1, 1), 100)
    target = tmp_path / "a.txt"
    target.write_bytes(books.source().data)
    options = ["--json", "--as-of", "2024-03-01", "--terms-days", "50"]
    assert main([str(target), *options]) == 0
    assert json.loads(capsys.readouterr().out)["aged"]["1_30"] == "100.00"


def test_text_shows_the_totals_and_the_doubts(path, capsys):
    assert main([path]) == 0
    text = capsys.readouterr().out
    assert f"{balance_411(lived_in_books().rows):.2f}" in text
    assert "To check" in text and f"{path}, line 2" in text


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04zip", b"\x89PNG\r\n", b"hello\n"])
def test_a_broken_file_is_exit_1_and_one_clear_line(tmp_path, capsys, data):
    target = tmp_path / "broken.txt"
    target.write_bytes(data)
    assert main(["--json", str(target)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"fec: {target}") and shown.err.count("\n") == 1


def test_one_broken_file_among_good_ones_changes_nothing(path, tmp_path, capsys):
    assert main([path, str(tmp_path / "absent.txt")]) == 1
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["--json"],
        ["a", "--as-of", "31/12/2024"],
        ["a", "--terms-days", "-3"],
        ["a", "--terms-days", "x"],
        ["a", "--no-such-option"],
    ],
)
def test_usage_is_exit_2(argv, capsys):
    assert main(argv) == 2
    assert "usage" in capsys.readouterr().err


def test_help_is_exit_0(capsys):
    assert main(["--help"]) == 0
