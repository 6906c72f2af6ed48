"""Statuses of e-invoices from files that may be anything."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_litige.tools.einvoice_csv import (
    BYTES_MAX,
    ROWS_MAX,
    CsvError,
    read_statuses,
)


def test_a_file_of_a_platform():
    rows = read_statuses(
        "Facture;Statut;Date;Code motif;Motif;Montant\r\n"
        "FAC/2026/0001;207 En litige;2026-11-03;PU_ERR;Prix erroné;1 234,50\r\n"
        "FAC/2026/0002;210;04/11/2026;;;\r\n".encode()
    )
    assert [row.error for row in rows] == ["", ""]
    first, second = rows
    assert (first.number, first.invoice, first.status) == (2, "FAC/2026/0001", "207")
    assert (first.day, first.code) == (date(2026, 11, 3), "PU_ERR")
    assert (first.reason, first.amount) == ("Prix erroné", Decimal("1234.50"))
    assert (second.day, second.amount) == (date(2026, 11, 4), None)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (";207;2026-11-03;", "invoice"),
        ("F1;abc;2026-11-03;", "status"),
        ("F1;20;2026-11-03;", "status"),
        ("F1;207;2026-02-30;", "date"),
        ("F1;207;31/02/2026;", "date"),
        ("F1;207;;", "date"),
        ("F1;207;2026-11-03;x", "amount"),
        ("F1;207;2026-11-03;-5", "amount"),
        ("F1;207;2026-11-03;NaN", "amount"),
        ("F1;207;2026-11-03;1e400", "amount"),
        ("F1;²²²;2026-11-03;", "status"),
    ],
)
def test_what_is_wrong_is_named(line, error):
    [row] = read_statuses(f"invoice;status;date;amount\n{line}\n".encode())
    assert row.error == error


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf  ", "empty"),
        (b"a;b\n1;2\n", "columns"),
        (b"x" * (BYTES_MAX + 1), "size"),
        (b"invoice;status;date\n" + b"F;207;2026-01-01\n" * (ROWS_MAX + 2), "rows"),
    ],
)
def test_files_that_are_refused(content, code):
    with pytest.raises(CsvError) as caught:
        read_statuses(content)
    assert caught.value.code == code


def test_windows_letters_commas_and_empty_lines():
    rows = read_statuses(
        "facture,statut,date,motif\nF1,208,2026-01-02,\xe9t\xe9\n,,,\n".encode("cp1252")
    )
    assert [(row.invoice, row.reason) for row in rows] == [("F1", "été")]


@given(st.binary(max_size=500))
def test_no_file_crashes_the_reader(content):
    try:
        rows = read_statuses(b"invoice;status;date;amount\n" + content)
    except CsvError:
        return
    for row in rows:
        assert row.error or (row.invoice and row.status.isdigit() and row.day)
