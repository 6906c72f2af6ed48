"""What must hold for any books and any bytes."""

import random
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

from fec_books import Books, Dialect, balance_411, run
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from recouvrement.tools.fec import FecError, FecSource, Options, Step, analyse
from recouvrement.tools.fec.dialect import OFFICIAL

START = date(2024, 1, 1)
ANY_SPEED = settings(
    deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow]
)

movements = st.lists(
    st.tuples(
        st.sampled_from(("sale", "payment")),
        st.sampled_from(("C1", "C2", "C3")),
        st.integers(0, 300),
        st.integers(-5000, 50000).map(lambda cents: Decimal(cents) / 100),
        st.sampled_from(("", "", "A", "B", "AA")),
        st.sampled_from(("", "F1", "F2", "F3")),
    ),
    max_size=40,
)
dialects = st.builds(
    Dialect,
    separator=st.sampled_from("\t|;"),
    encoding=st.sampled_from(("utf-8", "utf-8-sig", "cp1252", "iso8859-15")),
    eol=st.sampled_from(("\n", "\r\n")),
    sides=st.sampled_from(("debit_credit", "letters", "signs")),
    decimal=st.sampled_from(",."),
    columns=st.sampled_from((18, 19, 21, 22)),
)


def books_of(moves, opening=()) -> Books:
    books = Books()
    if opening:
        books.opening(START, *opening)
    for kind, who, days, amount, code, ref in moves:
        extra = {"lettering": code, "ref": ref or f"P{books.number}"}
        getattr(books, kind)(who, START + timedelta(days=days), amount, **extra)
    return books


def read(books: Books, dialect=None, **options):
    data = (dialect or Dialect()).write(books.rows)
    return analyse([FecSource("p.txt", data=data)], Options(**options))


@ANY_SPEED
@given(movements.filter(bool), dialects)
def test_the_balance_is_what_was_meant_in_any_dialect(moves, dialect):
    books = books_of(moves)
    report = read(books, dialect).report
    assert report.balance_411 == balance_411(books.rows)
    assert report.debit.sum + report.credit.sum == report.balance_411
    assert sum(report.aged.values()) == report.debit.sum
    assert report.refused == ()


@ANY_SPEED
@given(movements.filter(bool))
def test_matching_neither_invents_nor_loses_a_cent(moves):
    books = books_of(moves)
    analysis = read(books, history_steps=tuple(Step))
    used: Counter = Counter()
    lines = {}
    for match in analysis.matches:
        assert match.amount > 0
        assert match.debit.customer_key == match.credit.customer_key
        for item in (match.debit, match.credit):
            used[item.uid] += match.amount
            lines[item.uid] = item
    for uid, item in lines.items():
        assert used[uid] + abs(item.amount) == abs(item.original_amount)
        assert item.amount * item.original_amount >= 0
    lines.update((item.uid, item) for item in analysis.open_items)
    total = sum(item.original_amount for item in lines.values())
    assert total == balance_411(books.rows)
    for paid in analysis.history:
        assert sum(one.amount for one in paid.matches) == paid.item.original_amount


@ANY_SPEED
@given(movements.filter(bool), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_does_not_change_what_is_open(moves, rng):
    books = books_of(moves)
    before = read(books)
    mixed = list(books.rows)
    rng.shuffle(mixed)
    books.rows = mixed
    after = read(books)
    assert {one.key: one.balance for one in before.customers} == {
        one.key: one.balance for one in after.customers
    }
    assert before.report.debit == after.report.debit
    assert before.report.credit == after.report.credit


@ANY_SPEED
@given(movements.filter(bool), movements, st.sampled_from(("totals", "detail", "one")))
def test_two_years_have_the_balance_of_the_newest(moves, later, shape):
    older = books_of(moves, opening=[("C9", 5, {})])
    state = Counter()
    for row in older.rows:
        if row.account.startswith("411"):
            state[row.aux] += row.amount
    opening = [(who, amount, {}) for who, amount in state.items() if amount]
    assume(opening)
    if shape == "detail":
        opening = [(who, part, {}) for who, a, _x in opening for part in (a - 1, 1)]
    elif shape == "one":
        opening = [("", sum(state.values()), {})]
        assume(opening[0][1])
    newer = Books()
    newer.opening(date(2025, 1, 1), *opening)
    for kind, who, days, amount, code, ref in later:
        day = date(2025, 1, 1) + timedelta(days=days)
        getattr(newer, kind)(who, day, amount, lettering=code, ref=ref)
    files = [older.source("2024.txt"), newer.source("2025.txt")]
    random.Random(len(moves)).shuffle(files)
    report = run(*files).report
    assert report.balance_411 == balance_411(newer.rows)
    assert report.debit.sum + report.credit.sum == report.balance_411


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=600))
def test_any_bytes_are_read_or_refused(data):
    try:
        run(FecSource("x", data=data))
    except FecError as error:
        assert str(error)


HEADER_NAMES = st.lists(
    st.sampled_from([*OFFICIAL.values(), "", "Autre"]), min_size=3, max_size=22
)
CELLS = st.one_of(
    st.sampled_from(
        ["", "0", "411", "41100", "707000", "20240105", "12,5", "-3", "D", "C", "AN"]
    ),
    st.text(max_size=8),
)


@settings(deadline=None, max_examples=300)
@given(
    HEADER_NAMES,
    st.lists(st.lists(CELLS, max_size=22), max_size=12),
    st.sampled_from("\t|;,"),
)
def test_any_table_is_read_or_refused(names, rows, separator):
    lines = [separator.join(row) for row in (names, *rows)]
    try:
        report = run(FecSource("x", data="\n".join(lines).encode())).report
    except FecError as error:
        assert str(error)
    else:
        assert report.lines >= len(report.refused)


@settings(deadline=None, max_examples=150)
@given(movements.filter(bool), st.data())
def test_a_damaged_file_never_crashes(moves, data):
    raw = bytearray(Dialect().write(books_of(moves).rows))
    for _hit in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        run(FecSource("x", data=bytes(raw)))
    except FecError as error:
        assert str(error)


@settings(deadline=None, max_examples=150)
@given(st.text(max_size=300))
def test_any_xml_is_read_or_refused(text):
    try:
        run(FecSource("x", data=f"<comptabilite>{text}</comptabilite>".encode()))
    except FecError as error:
        assert str(error)
