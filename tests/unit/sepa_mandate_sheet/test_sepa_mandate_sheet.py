"""Files of existing mandates, as people and programs write them."""

import io
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from recouvrement_sepa.tools import mandate_sheet
from recouvrement_sepa.tools.mandate_sheet import (
    KINDS_OF_PROBLEM,
    MAX_BYTES,
    read_mandates,
)

HEAD = "RUM;Client;Schéma;IBAN;Date de signature;Dernier prélèvement;Type;Nombre\n"
LINE = "RUM-1;C042;CORE;FR7630006000011234567890189;31/01/2025;2026-03-05;;4\n"


def _csv(*lines, head=HEAD, encoding="utf-8"):
    return (head + "".join(lines)).encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_line_is_read_whatever_the_encoding(encoding):
    [row], problems = read_mandates("m.csv", _csv(LINE, encoding=encoding))
    assert problems == []
    assert (row.line, row.rum, row.scheme, row.kind) == (
        2,
        "RUM-1",
        "CORE",
        "recurrent",
    )
    assert (row.signed, row.last, row.count) == (date(2025, 1, 31), date(2026, 3, 5), 4)
    assert (row.registered, row.ics, row.holder) == (None, "", "")


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_columns_may_be_cut_by_commas_or_tabs_and_stand_in_any_order(delimiter):
    text = (
        "IBAN;rum;type;SCHEMA;Client;date de signature\nFR1;A;ponctuel;b2b;X;2026-01-02"
    )
    [row], problems = read_mandates("m.csv", text.replace(";", delimiter).encode())
    assert problems == []
    assert (row.scheme, row.kind, row.iban) == ("B2B", "oneoff", "FR1")


def test_a_workbook_is_read_like_a_table():
    book = Workbook()
    sheet = book.active
    sheet.append(["RUM", "Client", "Schéma", "IBAN", "Date de signature", "Nombre"])
    sheet.append(["R1", 42, "CORE", "FR76", datetime(2025, 1, 31), 3.0])
    sheet.append([None] * 6)
    stream = io.BytesIO()
    book.save(stream)
    [row], problems = read_mandates("mandats.xlsx", stream.getvalue())
    assert problems == []
    assert (row.customer, row.signed, row.count) == ("42", date(2025, 1, 31), 3)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("RUM-1;;CORE;FR76;2025-01-31;;;\n", "missing"),
        ("RUM-1;C;COR1;FR76;2025-01-31;;;\n", "scheme"),
        ("RUM-1;C;CORE;FR76;31.01.2025;;;\n", "day"),
        ("RUM-1;C;CORE;FR76;2025-02-30;;;\n", "day"),
        ("RUM-1;C;CORE;FR76;2025-01-31;;X;\n", "kind"),
        ("RUM-1;C;CORE;FR76;2025-01-31;;;x\n", "count"),
        ("RUM-1\n", "missing"),
    ],
)
def test_a_wrong_line_is_named_and_left_out(line, kind):
    rows, problems = read_mandates("m.csv", _csv(line, LINE.replace("RUM-1", "R2")))
    assert [row.rum for row in rows] == ["R2"]
    assert {(p.line, p.kind) for p in problems} == {(2, kind)}


def test_a_reference_twice_is_told_whatever_its_case_and_spaces():
    rows, problems = read_mandates("m.csv", _csv(LINE, LINE.replace("RUM-1", "rum -1")))
    assert len(rows) == 1
    assert [(p.line, p.kind, p.text) for p in problems] == [(3, "duplicate", "2")]


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("m.csv", b"", "empty"),
        ("m.csv", HEAD.encode(), "empty"),
        ("m.csv", b"a;b\n1;2\n", "header"),
        ("m.csv", b"RUM\0;x", "not_a_table"),
        ("m.xlsx", b"PK\x03\x04 nothing", "not_a_table"),
        ("m.xlsx", b"%PDF-1.4", "not_a_table"),
        ("m.csv", b"x" * (MAX_BYTES + 1), "too_large"),
    ],
)
def test_a_file_that_is_no_list_is_refused(name, data, kind):
    rows, problems = read_mandates(name, data)
    assert rows == []
    assert [p.kind for p in problems] == [kind]


def test_a_file_that_unpacks_to_too_much_is_not_opened():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(11):
            archive.writestr(f"x{number}", b"0" * 10_000_000)
    assert len(stream.getvalue()) < MAX_BYTES
    _rows, [problem] = read_mandates("bomb.xlsx", stream.getvalue())
    assert problem.kind == "too_large"


def test_a_long_list_ends_where_a_list_may(monkeypatch):
    monkeypatch.setattr(mandate_sheet, "MAX_LINES", 3)
    lines = [LINE.replace("RUM-1", f"R{n}") for n in range(5)]
    rows, problems = read_mandates("m.csv", _csv(*lines))
    assert len(rows) == 2
    assert [p.kind for p in problems] == ["too_many_lines"]


@given(st.sampled_from(["m.csv", "m.xlsx"]), st.binary(max_size=300))
def test_no_bytes_break_the_reader(name, data):
    rows, problems = read_mandates(name, data)
    assert rows or problems
    assert {problem.kind for problem in problems} <= set(KINDS_OF_PROBLEM)


@given(st.lists(st.text(max_size=12), min_size=8, max_size=8))
def test_no_cells_break_the_reader(cells):
    line = ";".join(cells) + "\n"
    rows, problems = read_mandates("m.csv", _csv(line))
    assert rows or problems
