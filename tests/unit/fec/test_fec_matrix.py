"""The same books in every dialect give the same receivables."""

import itertools

import pytest
from fec_books import Dialect, balance_411, lived_in_books

from recouvrement.tools.fec import FecSource, analyse

SEPARATORS = {"tab": "\t", "pipe": "|", "semicolon": ";"}
ENCODINGS = ("utf-8", "utf-8-sig", "iso8859-15", "cp1252")
EOLS = {"LF": "\n", "CRLF": "\r\n", "CR": "\r"}
SIDES = ("debit_credit", "letters", "signs")
DECIMALS = {"comma": ",", "point": "."}
COLUMNS = (18, 19, 21, 22)

MATRIX = list(itertools.product(SEPARATORS, ENCODINGS, EOLS, SIDES, DECIMALS, COLUMNS))
BOOKS = lived_in_books(customers=4)


@pytest.fixture(scope="module")
def expected():
    report = analyse([BOOKS.source()]).report
    assert report.balance_411 == balance_411(BOOKS.rows) != 0
    assert report.debit.count and report.open_items > 5
    return report


@pytest.mark.parametrize("sides", SIDES)
@pytest.mark.parametrize("separator", SEPARATORS)
def test_every_cell_has_the_same_balance(separator, sides, expected):
    cells = [cell for cell in MATRIX if (cell[0], cell[3]) == (separator, sides)]
    assert len(cells) == len(ENCODINGS) * len(EOLS) * len(DECIMALS) * len(COLUMNS)
    for _sep, encoding, eol, _sides, decimal, columns in cells:
        dialect = Dialect(
            SEPARATORS[separator],
            encoding,
            EOLS[eol],
            sides,
            DECIMALS[decimal],
            columns,
        )
        report = analyse([FecSource("m.txt", data=dialect.write(BOOKS.rows))]).report
        cell = (encoding, eol, decimal, columns)
        assert report.balance_411 == expected.balance_411, cell
        assert report.lines == len(BOOKS.rows), cell
        assert (report.refused, report.aged) == ((), expected.aged), cell
        assert report.matched_by == expected.matched_by, cell


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_accents_survive_every_encoding(encoding):
    analysis = analyse([BOOKS.source(encoding=encoding)])
    labels = {item.label for item in analysis.open_items}
    assert "Prestation d'été à Nîmes" in labels


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8-sig"),
        ("iso8859-15", "iso8859-15"),
        ("utf-16", "utf-16"),
    ],
)
def test_encoding_is_reported(encoding, found):
    assert analyse([BOOKS.source(encoding=encoding)]).report.files[0].encoding == found


def test_a_typographic_apostrophe_betrays_cp1252():
    books = lived_in_books(customers=2)
    data = books.source(encoding="cp1252").data.replace(b"d'", b"d\x92")
    analysis = analyse([FecSource("w.txt", data=data)])
    assert analysis.report.files[0].encoding == "cp1252"
    assert any("d\u2019été" in item.label for item in analysis.open_items)


def test_a_decimal_point_is_read_and_told():
    report = analyse([BOOKS.source(decimal=".")]).report
    assert "amount_format" in {issue.code for issue in report.doubtful}
