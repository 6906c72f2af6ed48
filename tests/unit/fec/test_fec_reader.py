"""What real files do to their rows, and what is said about it."""

import io
import zipfile
from decimal import Decimal

import pytest
from fec_books import Books, Dialect, codes, lived_in_books, run, text_source

from recouvrement.tools.fec import CODES, FecError, FecReader, FecSource, Options
from recouvrement.tools.fec.dialect import MAX_LINE

HEADER = (
    "JournalCode|JournalLib|EcritureNum|EcritureDate|CompteNum|CompteLib|CompAuxNum"
    "|CompAuxLib|PieceRef|PieceDate|EcritureLib|Debit|Credit|EcritureLet|DateLet"
    "|ValidDate|Montantdevise|Idevise"
)


def row(
    number="1",
    day="20240110",
    account="411000",
    aux="C1",
    ref="F1",
    piece_date="20240110",
    label="Facture",
    debit="120,00",
    credit="0,00",
    tail="|||20240110||",
):
    return (
        f"VE|Ventes|{number}|{day}|{account}|Clients|{aux}|Client {aux}|{ref}"
        f"|{piece_date}|{label}|{debit}|{credit}{tail}"
    )


def read(*rows, header=HEADER):
    return run(text_source(header, *rows))


def fatal(data: bytes, **options) -> FecError:
    with pytest.raises(FecError) as error:
        run(FecSource("bad.txt", data=data), **options)
    return error.value


# -- rows ------------------------------------------------------------------------


def test_a_separator_in_the_label_is_put_back():
    analysis = read(row(label="Loyer | charges|T1"))
    (item,) = analysis.open_items
    assert (item.label, item.amount) == ("Loyer|charges|T1", Decimal("120.00"))
    (issue,) = [one for one in analysis.report.doubtful if one.code == "row_rebuilt"]
    assert issue.line == 2


def test_a_number_after_the_stray_separator_is_not_taken_for_the_debit():
    (item,) = read(row(label="Facture|120")).open_items
    assert (item.label, item.amount) == ("Facture|120", Decimal("120.00"))


def test_a_trailing_separator_is_not_taken_for_a_stray_one():
    (item,) = read(row(debit="0,00", credit="75,00") + "|").open_items
    assert (item.label, item.amount) == ("Facture", Decimal("-75.00"))


@pytest.mark.parametrize("place", range(10))
def test_a_separator_anywhere_else_refuses_the_row_by_number(place):
    fields = row(number="2").split("|")
    fields[place] = f"{fields[place][:1]}|{fields[place][1:]}"
    report = read(row(), "|".join(fields), row(number="3")).report
    (refused,) = report.refused
    assert (refused.line, report.lines) == (3, 3)
    assert report.balance_411 == 240


@pytest.mark.parametrize("place", range(10))
def test_an_empty_field_too_many_refuses_the_row(place):
    fields = row(number="2").split("|")
    shifted = "|".join([*fields[:place], "", *fields[place:]])
    report = read(row(), shifted).report
    assert [one.line for one in report.refused] == [3]


@pytest.mark.parametrize("validated", ["20240110", ""])
@pytest.mark.parametrize("sides", [("120,00", "0,00"), ("0,00", "120,00"), ("", "5")])
@pytest.mark.parametrize("place", [11, 12, 13])
def test_a_separator_among_the_amounts_never_changes_them(place, sides, validated):
    """Refused, or read with its amount: never zero, never the other side."""
    debit, credit = sides
    right = row(debit=debit, credit=credit, tail=f"|||{validated}||")
    fields = right.split("|")
    shifted = "|".join([*fields[:place], "", *fields[place:]])
    meant = read(row(), right).report.balance_411
    report = read(row(), shifted).report
    assert report.refused or report.balance_411 == meant


def test_a_short_row_is_refused():
    (refused,) = read(row(), "VE|Ventes|1|20240110").report.refused
    assert (refused.code, refused.line) == ("field_count", 3)
    assert refused.text == "4 fields instead of 18"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"day": "20240230"}, "bad_date"),
        ({"day": ""}, "no_date"),
        ({"day": "00000000"}, "no_date"),
        ({"account": "41"}, "bad_account"),
        ({"account": ""}, "bad_account"),
        ({"account": "CLIENT"}, "bad_account"),
        ({"debit": "douze"}, "bad_amount"),
        ({"credit": "1.234"}, "ambiguous_amount"),
    ],
)
def test_one_bad_row_does_not_lose_the_file(change, code):
    report = read(row(), row(**change), row()).report
    assert [(one.code, one.line) for one in report.refused] == [(code, 3)]
    assert report.balance_411 == 240


def test_line_numbers_are_those_of_the_file():
    report = read("", row(), "", "  ", row(debit="x"), "\x1a").report
    assert [one.line for one in report.refused] == [6]
    assert report.lines == 2


def test_a_second_header_is_no_line():
    assert read(row(), HEADER, row()).report.lines == 2


def test_rows_of_empty_fields_are_no_lines():
    assert read(row(), "|" * 17, row()).report.lines == 2


def test_a_missing_trailing_separator_is_no_fault():
    assert read(row(), header=HEADER + "|").report.balance_411 == 120
    assert read(row() + "|").report.balance_411 == 120


def test_ten_columns_are_enough():
    analysis = run(
        text_source(
            "journalcode;ECRITUREDATE;CompteNum;compteLIBELLE;Débit;Crédit",
            "VE;20240110;411DUPONT;Dupont;120,00;0",
        )
    )
    assert analysis.customers[0].name == "Dupont"
    assert analysis.report.balance_411 == 120


def test_quoted_fields_are_unquoted():
    quoted = [
        ";".join(f'"{field}"' for field in line.split("|"))
        for line in (HEADER, row(label="Pose; dépose"))
    ]
    analysis = run(text_source(*quoted))
    assert analysis.open_items[0].label == "Pose; dépose"


def test_padding_and_no_break_spaces_are_stripped():
    analysis = read(row(aux="  C1 \u00a0", debit="+000000120,00", label=" F  "))
    assert analysis.customers[0].key == ("411000", "C1")
    assert analysis.open_items[0].label == "F"


def test_nul_bytes_are_dropped_and_told():
    analysis = read(row(label="a\0b"))
    assert analysis.open_items[0].label == "ab"
    assert "nul_bytes" in codes(analysis)


def test_a_piece_date_that_is_none_is_told_and_not_fatal():
    analysis = read(row(piece_date="plus tard"))
    (item,) = analysis.open_items
    assert item.piece_date is None
    assert item.due_date.isoformat() == "2024-02-09"
    assert {"piece_date_invalid", "piece_date_missing"} <= codes(analysis)


@pytest.mark.parametrize("piece_date", ["20420110", "20040110"])
def test_a_mistyped_year_of_the_piece_is_told(piece_date):
    assert "piece_date_far" in codes(read(row(piece_date=piece_date)))
    assert "piece_date_far" not in codes(read(row(piece_date="20231231")))


def test_zero_lines_are_counted_and_dropped():
    analysis = read(row(), row(debit="0,00"))
    assert analysis.report.files[0].lines_411 == 2
    assert analysis.report.open_items == 1
    assert "zero_lines" in codes(analysis)


def test_debit_and_credit_on_one_line_are_netted():
    assert read(row(debit="120,00", credit="20,00")).report.balance_411 == 100


def test_a_line_that_never_ends_is_refused():
    report = read(row(), row(label="x" * (3 * MAX_LINE)), row()).report
    assert [(one.code, one.line) for one in report.refused] == [("line_too_long", 3)]
    assert (report.balance_411, report.lines) == (240, 3)


def test_foreign_currency_is_kept():
    (item,) = read(row(tail="|||20240110|150,25|USD")).open_items
    assert (item.currency_amount, item.currency) == (Decimal("150.25"), "USD")


def test_lines_are_streamed():
    reader = FecReader(lived_in_books().source())
    first = next(iter(reader))
    assert (first.line_no, reader.lines) == (2, 1)


# -- files -----------------------------------------------------------------------


def zipped(*names) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x" * 50)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "code", "word"),
    [
        (b"", "empty", "empty"),
        (b"\xef\xbb\xbf\r\n \n", "empty", "empty"),
        (zipped("123456789FEC20241231.txt"), "archive", "zip"),
        (zipped("[Content_Types].xml", "xl/workbook.xml"), "not_text", "xlsx"),
        (b"\x1f\x8b\x08\x00" + b"\0" * 40, "archive", "gzip"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not_text", "PNG"),
        (b"\xff\xd8\xff\xe0" + bytes(range(256)), "not_text", "JPEG"),
        (b"%PDF-1.7\n", "not_text", "PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "not_text", "xls"),
        (b"<!DOCTYPE html><html></html>", "not_text", "web page"),
        (b"J\0o\0u\0r\0n\0a\0l\0", "binary", "NUL"),
        (b"hello world\nfoo\n", "no_header", "hello world"),
        (b"\x1b[31mhello\n", "no_header", "?[31mhello"),
        (b"x" * 300_000, "no_header", "…"),
        (HEADER.encode(), "no_lines", "0 refused"),
        (HEADER.encode() + b"\na|b\n", "no_lines", "line 2"),
    ],
)
def test_what_is_no_fec_is_named(data, code, word):
    issue = fatal(data).issue
    assert (issue.code, issue.file) == (code, "bad.txt")
    assert word in str(issue)


@pytest.mark.parametrize("gone", ["EcritureDate", "CompteNum", "Debit", "Credit"])
def test_a_missing_column_is_named(gone):
    header = HEADER.replace(gone, "Autre")
    issue = fatal(header.encode()).issue
    assert (issue.code, issue.params["columns"]) == ("missing_columns", gone)


def test_montant_without_sens_is_refused():
    header = HEADER.replace("Debit|Credit", "Montant|Autre")
    assert fatal(header.encode()).issue.params["columns"] == "Sens"


def test_a_column_twice_is_refused():
    assert fatal((HEADER + "|Debit").encode()).issue.code == "duplicate_column"


def test_an_official_name_wins_over_another_one():
    source = text_source(
        "Journal;JournalCode;EcritureDate;CompteNum;Piece;PieceRef;Debit;Credit",
        "Ventes;VE;20240110;411X;p;F1;120;0",
    )
    (item,) = run(source).open_items
    assert (item.journal, item.ref) == ("VE", "F1")


def test_the_hint_of_a_spreadsheet_is_skipped():
    analysis = run(text_source("sep=|", HEADER, row()))
    assert analysis.open_items[0].line_no == 3


def test_a_damaged_file_is_given_up_early():
    data = "\n".join([HEADER, row(), *["damage"] * 5000]).encode()
    issue = fatal(data).issue
    assert issue.code == "too_many_refused"
    assert issue.params["lines"] < 2000


def test_a_file_over_the_limit_is_not_read():
    assert fatal(b"x" * 101, max_bytes=100).issue.code == "too_big"


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FecError, match="cannot be opened"):
        run(FecSource.from_path(tmp_path / "none.txt"))
    for no_file in (tmp_path, "/dev/zero"):
        with pytest.raises(FecError, match="cannot be opened"):
            run(FecSource.from_path(no_file))


def test_no_file_at_all():
    with pytest.raises(FecError, match="No file"):
        run()


# -- control report --------------------------------------------------------------


def test_unbalanced_books_are_told_and_read():
    books = Books()
    books.sale("C1", lived_in_books().rows[0].date, 120)
    data = Dialect().write(books.rows[:1])
    analysis = run(FecSource("one.txt", data=data))
    found = {
        issue.code: issue
        for issue in analysis.report.doubtful
        if "unbalanced" in issue.code
    }
    assert set(found) == {"journal_unbalanced", "entry_unbalanced", "file_unbalanced"}
    assert found["entry_unbalanced"].line == 2
    assert found["journal_unbalanced"].params["difference"] == 120
    assert analysis.report.balance_411 == 120


def test_balanced_books_raise_no_remark():
    assert not {code for code in codes(run(lived_in_books().source())) if "unb" in code}


def test_journals_are_summed():
    books = lived_in_books()
    journals = run(books.source()).report.journals
    assert {one.code for one in journals} == {"AN", "VE", "BQ"}
    assert sum(one.lines for one in journals) == len(books.rows)
    assert all(one.debit == one.credit > 0 for one in journals)


def test_entries_balanced_only_over_journals_are_not_blamed():
    """Numbers shared by two journals, as one farm package writes."""
    lines = []
    for number in range(1, 30):
        lines.append(row(number=str(number)))
        lines.append(
            f"OD|Divers|{number}|20240110|707000|Ventes|||F|20240110|x|0|120||||||"
        )
    analysis = read(*lines)
    assert "entry_unbalanced" not in codes(analysis)
    assert "journal_unbalanced" in codes(analysis)
    assert {item.kind for item in analysis.open_items} == {"invoice"}


def test_one_number_for_the_whole_file_is_no_entry():
    books = lived_in_books(customers=3)
    lines = books.source(separator="|").data.decode().splitlines()
    flat = [lines[0]]
    for line in lines[1:]:
        fields = line.split("|")
        fields[2] = "0"
        flat.append("|".join(fields))
    one, many = run(text_source(*flat)), run(books.source())
    assert one.report.balance_411 == many.report.balance_411
    assert "entry_unbalanced" not in codes(one)
    assert one.report.files[0].opening_411 == many.report.files[0].opening_411


def test_a_collective_account_cannot_be_chased():
    analysis = read(row(account="411000", aux=""))
    assert "no_customer" in codes(analysis)
    assert not analysis.customers[0].chaseable


def test_a_name_without_subsidiary_account_names_no_customer():
    """Cash books put the bank or the supplier there."""
    line = row(account="411DUPON", aux="").replace("|Client |", "|BANQUE|")
    assert read(line).customers[0].name == "Clients"


def test_passing_customers_are_flagged():
    line = row(aux="01200000").replace("Client 01200000", "CLIENT DIVERS")
    analysis = read(line)
    assert "passing_customers" in codes(analysis)


def test_a_file_without_receivables_says_so():
    analysis = read(row(account="401000"))
    assert "no_receivables" in codes(analysis)
    assert analysis.report.customers == 0


def test_more_accounts_on_demand():
    lines = (row(), row(account="416000"), row(account="413000"))
    assert read(*lines).report.balance_411 == 120
    source = text_source(HEADER, *lines)
    assert run(source, accounts=("411", "416")).report.balance_411 == 240


def test_the_name_may_lie_about_the_period():
    analysis = run(text_source(HEADER, row(), name="123456789FEC20230331.txt"))
    assert "name_period" in codes(analysis)


def test_progress_reaches_its_end():
    from recouvrement.tools.fec import analyse

    calls = []
    source = lived_in_books(customers=200).source()
    analyse([source], Options(), lambda done, total: calls.append((done, total)))
    assert calls[-1] == (source.size(), source.size())
    assert len(calls) > 2 and calls == sorted(calls)


def test_every_code_has_a_text_that_formats():
    import re
    from collections import defaultdict

    for code, (_level, text) in CODES.items():
        assert re.fullmatch(r"[a-z_0-9]+", code)
        assert text.format_map(defaultdict(lambda: "x"))
