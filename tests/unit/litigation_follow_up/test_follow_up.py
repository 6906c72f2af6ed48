"""The report of an agency, as it comes."""

import io
from datetime import date, datetime
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from recouvrement_litige.tools import follow_up
from recouvrement_litige.tools.follow_up import read_follow_up

HEAD = (
    "Dossier;Référence;Date;Statut;Montant encaissé;Encaissé par;Honoraires;Commentaire"
)


def read(*lines, encoding="utf-8"):
    return read_follow_up("\r\n".join((HEAD, *lines)).encode(encoding))


def test_a_french_report_is_read():
    [row], problems = read(
        "CTX/2026/0001;AG-77;15/11/2026;En cours;1 234,56 €;Cabinet;123,46;Versement"
    )
    assert not problems
    assert row[1:-1] == (
        "CTX/2026/0001",
        "AG-77",
        date(2026, 11, 15),
        "in_progress",
        D("1234.56"),
        "them",
        D("123.46"),
        "",
        "Versement",
    )
    assert row.line == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_encodings_of_usual_programs_are_read(encoding):
    [row], problems = read("C1;;;Soldé;;;;Réglé", encoding=encoding)
    assert (row.status, row.comment, problems) == ("paid", "Réglé", [])


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separators_and_english_headings_are_read(separator):
    text = "\n".join(
        separator.join(cells)
        for cells in (("file", "paid", "date"), ("C1", "12.50", "2026-11-15"))
    )
    [row], problems = read_follow_up(text.encode())
    assert (row.file, row.paid, row.date, problems) == (
        "C1",
        D("12.50"),
        date(2026, 11, 15),
        [],
    )


def test_a_workbook_is_read():
    book = Workbook()
    book.active.append(["N° dossier", "Date", "Montant encaissé", "Commission HT"])
    book.active.append(["C1", datetime(2026, 11, 15), 1234.56, "123,40"])
    book.active.append([None, None, None, None])
    book.active.append(["C2", date(2026, 11, 16), 10, None])
    stream = io.BytesIO()
    book.save(stream)
    rows, problems = read_follow_up(stream.getvalue())
    assert not problems
    assert [(row.line, row.file, row.date, row.paid, row.fees) for row in rows] == [
        (2, "C1", date(2026, 11, 15), D("1234.56"), D("123.40")),
        (4, "C2", date(2026, 11, 16), D(10), D(0)),
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (";;15/11/2026;En cours;;;;", "file"),
        ("C1;;31/02/2026;En cours;;;;", "date"),
        ("C1;;;En cours;10;;;", "date"),
        ("C1;;;Peut-être;;;;", "status"),
        ("C1;;15/11/2026;;dix;;;", "paid"),
        ("C1;;15/11/2026;;1,2,3;;;", "paid"),
        ("C1;;15/11/2026;;10;Mon cousin;;", "paid_to"),
        ("C1;;15/11/2026;;10;;1e9;", "fees"),
        ("C1;;15/11/2026;;;;;", "nothing"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_stops_no_other(line, kind):
    rows, problems = read(line, "C2;;;Clos;;;;")
    assert [row.file for row in rows] == ["C2"]
    assert [(one.line, one.kind) for one in problems] == [(2, kind)]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1 234,56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("-12,5", "-12.5"),
        ("12,34 EUR", "12.34"),
    ],
)
def test_amounts_are_read_as_people_write_them(text, amount):
    [row], _problems = read(f'C1;;15/11/2026;;"{text}";;;')
    assert row.paid == D(amount)


def test_the_same_row_counts_once():
    line = "C1;;15/11/2026;En cours;10;;;"
    rows, problems = read(line, line, line.replace("10", "10,00"))
    assert len(rows) == 1
    assert [(one.line, one.kind, one.text) for one in problems] == [
        (3, "repeated", "2"),
        (4, "repeated", "2"),
    ]
    assert len(rows[0].digest) == 64


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"),
        (b"\r\n;;\r\n", "empty"),
        (b"a;b\r\n1;2", "header"),
        (HEAD.encode(), "empty"),
        (b"PK\x03\x04 no workbook", "not_readable"),
        (b"dossier;x\0", "not_readable"),
        (b"x" * (follow_up.MAX_BYTES + 1), "too_large"),
        (b"dossier;date\n" + b"a;b\n" * (follow_up.MAX_ROWS + 1), "too_many_rows"),
    ],
)
def test_a_file_that_is_none_is_refused_whole(data, kind):
    rows, problems = read_follow_up(data)
    assert not rows
    assert [one.kind for one in problems] == [kind]
    assert kind in follow_up.BLOCKING


def test_a_workbook_that_unpacks_to_too_much_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(follow_up, "MAX_UNPACKED", 100)
    stream = io.BytesIO()
    Workbook().save(stream)
    _rows, [problem] = read_follow_up(stream.getvalue())
    assert problem.kind == "too_many_rows"


def test_a_formula_stays_a_text():
    [row], problems = read("C1;;;Clos;;;;\"=cmd|' /C calc'!A0\"")
    assert not problems and row.comment.startswith("=cmd")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300), st.text(max_size=200))
def test_any_file_is_read_or_refused(noise, text):
    for data in (noise, b"PK\x03\x04" + noise, f"{HEAD}\n{text}".encode()):
        rows, problems = read_follow_up(data)
        assert rows or problems
        assert {one.kind for one in problems} <= set(follow_up.KINDS)
