"""The CSV of legal figures: strict, whole or not at all, and round-tripping."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.tools import rate_csv
from recouvrement.tools.rate_csv import Problem, Row, read_rates

HEAD = "code;date_from;date_to;value;source\n"
LINE = "ecb_mro;2027-01-01;2027-06-30;2,40;ECB"


def read(text, encoding="utf-8"):
    return read_rates((HEAD + text).encode(encoding))


def kinds(text):
    return [(problem.line, problem.kind) for problem in read(text)[1]]


def test_a_good_line_is_read():
    rows, problems = read(LINE)
    assert problems == []
    assert rows == [
        Row(
            2,
            "ecb_mro",
            date(2027, 1, 1),
            date(2027, 6, 30),
            Decimal("2.40"),
            "ECB",
        )
    ]


@pytest.mark.parametrize("value", ["2,4", "2.4", "2.4000", "-0.5", "0"])
def test_comma_or_point(value):
    rows, problems = read(f"ecb_mro;01/01/2027;30/06/2027;{value};ECB")
    assert not problems
    assert rows[0].value == Decimal(value.replace(",", "."))
    assert rows[0].date_from == date(2027, 1, 1)


def test_no_last_day_and_a_quoted_source_and_blank_lines():
    rows, problems = read('\nfr_fixed_indemnity;2030-01-01;;50;"JO; page 3"\n;;;;\n')
    assert not problems
    assert rows[0].line == 3
    assert rows[0].date_to is None
    assert rows[0].source == "JO; page 3"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("ecb_mro;2027-01-01;2027-06-30;2,40", "columns"),
        ("ecb_mro;2027-01-01;2027-06-30;2,40;ECB;more", "columns"),
        ("ECB MRO;2027-01-01;2027-06-30;2,40;ECB", "code"),
        ("ecb_mro;2027-02-30;2027-06-30;2,40;ECB", "date_from"),
        ("ecb_mro;1/1/2027;2027-06-30;2,40;ECB", "date_from"),
        (";2027-01-01;2027-06-30;2,40;ECB", "code"),
        ("ecb_mro;2027-01-01;soon;2,40;ECB", "date_to"),
        ("ecb_mro;2027-01-01;2026-12-31;2,40;ECB", "order"),
        ("ecb_mro;2027-01-01;2027-06-30;2 40;ECB", "value"),
        ("ecb_mro;2027-01-01;2027-06-30;1e3;ECB", "value"),
        ("ecb_mro;2027-01-01;2027-06-30;;ECB", "value"),
        ("ecb_mro;2027-01-01;2027-06-30;2,12345;ECB", "value"),
        ("ecb_mro;2027-01-01;2027-06-30;٢;ECB", "value"),
        ("ecb_mro;2027-01-01;2027-06-30;2,40; ", "source"),
    ],
)
def test_a_wrong_line_is_named(line, kind):
    rows, problems = read(LINE.replace("2027", "2028") + "\n" + line)
    assert [(problem.line, problem.kind) for problem in problems] == [(3, kind)]
    assert len(rows) == 1


def test_the_same_figure_and_day_twice():
    assert kinds(f"{LINE}\n{LINE}") == [(3, "duplicate")]


def test_what_is_no_such_file():
    assert read_rates(b"")[1] == [Problem(1, "header")]
    assert read_rates(b"code,date_from\n")[1][0].kind == "header"
    assert kinds("") == [(0, "empty")]
    assert read(LINE.replace("ECB", "É"), "cp1252")[1] == [Problem(0, "not_utf8")]
    assert read_rates(b"x" * (rate_csv.MAX_BYTES + 1))[1][0].kind == "too_large"
    assert kinds('a;2027-01-01;;1;"open')[0][1] == "not_csv"
    many = "\n".join([LINE] * (rate_csv.MAX_LINES + 5))
    assert kinds(many)[-1][1] == "too_many_lines"


def test_every_problem_has_a_name():
    assert len(set(rate_csv.KINDS)) == len(rate_csv.KINDS)


rows_strategy = st.lists(
    st.tuples(
        st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True),
        st.dates(date(1900, 1, 1), date(2200, 1, 1)),
        st.integers(0, 900),
        st.decimals(-100, 100, places=4),
        st.text(
            st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=40
        ).filter(lambda text: text == text.strip() and text),
    ),
    max_size=20,
    unique_by=lambda row: (row[0], row[1]),
)


@given(rows_strategy)
def test_what_is_written_reads_back(rows):
    wanted = [
        (code, first, date.fromordinal(first.toordinal() + days), value, source)
        for code, first, days, value, source in rows
    ]
    read_back, problems = read_rates(rate_csv.write_rates(wanted))
    assert [problem.kind for problem in problems] == ([] if rows else ["empty"])
    assert [tuple(row)[1:] for row in read_back] == wanted


@given(st.binary(max_size=300))
def test_any_bytes_give_problems_or_rows_never_a_crash(data):
    for start in (b"", HEAD.encode()):
        rows, problems = read_rates(start + data)
        assert rows or problems
        assert all(problem.kind in rate_csv.KINDS for problem in problems)
