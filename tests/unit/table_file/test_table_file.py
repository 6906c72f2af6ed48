"""Tables handed in: read whatever their form, refused whatever their malice."""

import io
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from recouvrement.tools import table_file
from recouvrement.tools.table_file import (
    TableError,
    plain,
    read_day,
    read_number,
    read_table,
)

COLUMNS = {"customer": ("Client", "Raison sociale"), "day": ("Date d'effet", "day")}


def read(data, name="t.csv", **options):
    return list(read_table(name, data, COLUMNS, ("customer",), **options))


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_any_form_of_csv(separator, encoding):
    text = separator.join(["RAISON  SOCIALE", "x", "date d’effet".replace("’", "'")])
    text += "\r\n\r\n" + separator.join(["Société Béal", "", "2027-01-31"])
    expected = [(3, {"customer": "Société Béal", "day": "2027-01-31"})]
    assert read(text.encode(encoding)) == expected


def test_a_workbook_gives_the_same():
    book = Workbook()
    book.active.append(["day", "Client"])
    book.active.append([date(2027, 1, 31), "Béal"])
    book.active.append([None, 12.0])
    stream = io.BytesIO()
    book.save(stream)
    assert read(stream.getvalue(), "t.xlsx") == [
        (2, {"customer": "Béal", "day": "2027-01-31"}),
        (3, {"customer": "12", "day": ""}),
    ]


def test_a_short_line_and_a_missing_column_are_empty_texts():
    assert read(b"Client;day\nA") == [(2, {"customer": "A", "day": ""})]
    assert read(b"Client\nA") == [(2, {"customer": "A", "day": ""})]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\n;;\n", "empty"),
        (b"day\n2027-01-31", "header"),
        (b"Client\n" + b"A\n" * 20, "too_many_lines"),
        (b"Client\n" + b"x" * 2000, "too_large"),
        (b"Client\n\0", "not_a_table"),
        (b"PK\x03\x04 nothing", "not_a_table"),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(data, code):
    with pytest.raises(TableError) as refused:
        read(data, max_lines=10, max_bytes=1000)
    assert refused.value.code == code


def test_an_archive_that_unpacks_to_gigabytes_is_not_opened(monkeypatch):
    monkeypatch.setattr(table_file, "MAX_UNPACKED", 2_000_000)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_001)
    with pytest.raises(TableError) as refused:
        read(stream.getvalue())
    assert refused.value.code == "too_large"


def test_what_was_read_before_the_fault_is_good():
    rows = read_table("t.csv", b"Client\nA\nB\nC", COLUMNS, max_lines=3)
    assert [next(rows)[1]["customer"], next(rows)[1]["customer"]] == ["A", "B"]
    with pytest.raises(TableError):
        next(rows)


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx"]))
def test_no_bytes_make_it_crash(data, name):
    for content in (data, b"Client;day\n" + data):
        try:
            for _line, values in read_table(name, content, COLUMNS, ("customer",)):
                assert set(values) == set(COLUMNS)
        except TableError:
            pass


def test_days():
    for text in ("2027-01-31", "31/01/2027", " 31.1.2027 ", "2027-01-31T10:00:00"):
        assert read_day(text) == date(2027, 1, 31)
    for text in ("", "31/02/2027", "01-31-2027", "2027", "31/01/27"):
        assert read_day(text) is None


def test_numbers():
    for text in ("1234.56", "1 234,56", "1\u202f234,56", "1'234.56"):
        assert read_number(text) == Decimal("1234.56")
    assert read_number("-3") == -3
    for text in ("", "1.234,56", "1e5", "12,3,4", "NaN", "1,234.5", "=1+1"):
        assert read_number(text) is None


def test_headings_without_case_accents_and_punctuation():
    assert plain("  N° de Dossier (réf.)") == "n de dossier ref"
