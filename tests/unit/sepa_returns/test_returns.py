"""What the bank's notices of a failed debit amount to, in any order."""

import doctest
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_sepa.tools import returns
from recouvrement_sepa.tools.returns import (
    Notice,
    Rule,
    effect,
    in_window,
    last_refund_day,
    may_represent,
    merge,
    notice_key,
    pick_rule,
    represent_day,
)

D = Decimal
DAY = date(2026, 3, 10)

ANNOUNCED = Notice(
    "pain.002.001.10", "P1", "1", "reject", False, DAY, None, D(0), "AM04"
)
NOTIFIED = Notice(
    "camt.054.001.02",
    "N1",
    "1",
    "return",
    True,
    DAY + timedelta(days=1),
    D("53.00"),
    D("3.00"),
    "MS03",
)
STATED = Notice(
    "camt.053.001.08",
    "S1",
    "4",
    "return",
    True,
    DAY + timedelta(days=1),
    D("50.00"),
    D(0),
    "",
    bank_reference="REF7",
)

notices = st.builds(
    Notice,
    document=st.sampled_from(
        ["pain.002.001.03", "camt.053.001.02", "camt.054.001.08", "CFONB 120"]
    ),
    message_id=st.sampled_from(["A", "B"]),
    where=st.sampled_from(["1", "2"]),
    kind=st.sampled_from(returns.KINDS),
    booked=st.booleans(),
    date=st.none() | st.dates(DAY, DAY + timedelta(days=3)),
    amount=st.none() | st.sampled_from([D(50), D(53)]),
    charges=st.sampled_from([D(0), D(3)]),
    reason=st.sampled_from(["", "AM04", "MS03", "AC04", "CFONB:20"]),
    reason_text=st.sampled_from(["", "compte clos"]),
)


def test_doctests():
    assert not doctest.testmod(returns).failed


def test_three_notices_of_one_return_are_one_return():
    facts = merge([ANNOUNCED, NOTIFIED, STATED])
    assert facts.kind == "return"
    assert facts.booked
    assert facts.date == DAY + timedelta(days=1)
    assert facts.amount == D("50.00"), "the statement is what was booked"
    assert facts.fee == D("3.00")
    assert facts.reason == "AM04", "the reason that says most"


def test_what_is_announced_only_moves_no_money():
    assert not merge([ANNOUNCED]).booked


@given(st.lists(notices, min_size=1, max_size=5), st.randoms())
def test_the_order_in_which_files_are_loaded_changes_nothing(found, random):
    shuffled = list(found)
    random.shuffle(shuffled)
    assert merge(shuffled) == merge(found)


def test_two_notices_that_differ_in_one_word_give_the_same_in_any_order():
    """Found by the test above: only their kind told them apart, and the first to come
    decided."""
    rejected = replace(ANNOUNCED, reason="MS03", reason_text="compte clos")
    returned = replace(ANNOUNCED, kind="return", reason="", reason_text="")
    assert merge([rejected, returned]) == merge([returned, rejected])


@given(st.lists(notices, min_size=1, max_size=4))
def test_a_notice_twice_counts_once(found):
    assert merge(found + found) == merge(found)


@given(st.lists(notices, min_size=1, max_size=5))
def test_once_booked_a_return_stays_booked(found):
    assert merge(found).booked == any(notice.booked for notice in found)


def event(**vals):
    values = {
        "kind": "return",
        "level": "transaction",
        "booked": True,
        "date": DAY,
        "amount": D(50),
        "currency": "EUR",
        "end_to_end_id": "R1",
        "rum": "M1",
        "iban": "FR7630006000011234567890189",
        "ics": "",
        "reason": "AM04",
        "charges": D(0),
        "message_id": "X",
        "payment_info_id": "",
        "bank_reference": "",
        "document": "camt.054.001.02",
        "where": "entry 1",
        **vals,
    }
    return SimpleNamespace(**values)


def test_the_same_file_again_has_the_same_keys():
    assert notice_key(event(), "FR1") == notice_key(event(), "FR1")


def test_a_statement_sent_again_under_another_number_is_known_by_the_banks_reference():
    first = event(bank_reference="B1", message_id="X")
    again = event(bank_reference="B1", message_id="Y", where="entry 9")
    assert notice_key(first) == notice_key(again)


@pytest.mark.parametrize(
    "change",
    [
        {"where": "entry 2"},
        {"amount": D(51)},
        {"end_to_end_id": "R2"},
        {"rum": "M2"},
        {"message_id": "Y"},
        {"document": "camt.053.001.02"},
    ],
)
def test_another_notice_has_another_key(change):
    assert notice_key(event()) != notice_key(event(**change))


@pytest.mark.parametrize(
    ("state", "booked", "expected"),
    [
        ("planned", False, "free"),
        ("presented", False, "free"),
        ("presented", True, "free"),
        ("booked", False, "wait"),
        ("booked", True, "undo"),
        ("settled", True, "undo"),
        ("settled", False, "wait"),
        ("returned", True, "none"),
        ("rejected", True, "none"),
        ("cancelled", True, "none"),
    ],
)
def test_the_state_of_the_debit_decides_what_a_return_does(state, booked, expected):
    assert effect(state, booked) == expected


def test_an_authorised_debit_is_refunded_within_eight_weeks():
    assert last_refund_day(DAY, "refund", "MD06") == date(2026, 5, 5)
    assert in_window(DAY, date(2026, 5, 5), "refund", "MD06")
    assert not in_window(DAY, date(2026, 6, 30), "refund", "MD06")


def test_an_unauthorised_debit_comes_back_within_thirteen_months():
    assert last_refund_day(DAY, "refund", "MD01") == date(2027, 4, 10)
    assert in_window(DAY, date(2027, 4, 10), "return", "MD01")
    assert not in_window(DAY, date(2027, 6, 10), "refund", "MD01")


def test_a_debit_does_not_come_back_before_it_left():
    assert not in_window(DAY, DAY - timedelta(days=1), "return", "AM04")
    assert in_window(DAY, DAY - timedelta(days=3), "reject", "AC01")


# ----------------------------------------------------------------------
# ACTION TABLE
# ----------------------------------------------------------------------

RULES = [
    Rule(1, "AM04", "", 1),
    Rule(2, "AM04", "", 3),
    Rule(3, "", "", 1),
    Rule(4, "AM04", "B2B", 1),
    Rule(5, "AM04", "", 1, company=7),
]


@pytest.mark.parametrize(
    ("reason", "scheme", "failures", "company", "expected"),
    [
        ("AM04", "CORE", 1, 9, 1),
        ("AM04", "CORE", 2, 9, 1),
        ("AM04", "CORE", 3, 9, 2),
        ("AM04", "CORE", 12, 9, 2),
        ("AM04", "B2B", 1, 9, 4),
        ("AM04", "CORE", 1, 7, 5),
        ("XX99", "CORE", 1, 9, 3),
        ("", "CORE", 1, 9, 3),
    ],
)
def test_the_nearest_row_of_the_table_applies(
    reason, scheme, failures, company, expected
):
    assert pick_rule(RULES, reason, scheme, failures, company).id == expected


def test_an_empty_table_decides_nothing():
    assert pick_rule([], "AM04", "CORE", 1) is None


@given(st.permutations(RULES), st.integers(1, 5))
def test_the_order_of_the_rows_does_not_matter(rules, failures):
    assert pick_rule(rules, "AM04", "CORE", failures) == pick_rule(
        RULES, "AM04", "CORE", failures
    )


class Weekdays:
    """A calendar that closes at week-ends."""

    @staticmethod
    def next_open(day):
        while day.weekday() > 4:
            day += timedelta(days=1)
        return day


SATURDAY = date(2026, 3, 14)


def test_a_debit_is_presented_again_on_an_open_day():
    day = represent_day(SATURDAY - timedelta(days=5), calendar=Weekdays, delay=5)
    assert day == date(2026, 3, 16)


def test_the_day_agreed_with_the_debtor_wins():
    agreed = date(2026, 4, 2)
    found = represent_day(DAY, calendar=Weekdays, delay=5, pay_day=28, agreed=agreed)
    assert found == agreed


def test_the_pay_day_is_the_next_one_after_the_delay():
    assert represent_day(DAY, calendar=Weekdays, delay=5, pay_day=5) == date(2026, 4, 6)
    assert represent_day(DAY, calendar=Weekdays, delay=5, pay_day=20) == date(
        2026, 3, 20
    )


def test_a_pay_day_that_the_month_has_not_is_its_last_day():
    found = represent_day(date(2026, 2, 10), calendar=Weekdays, pay_day=31)
    assert found == date(2026, 3, 2), "28 February is a Saturday"


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(0, 40),
    st.integers(0, 31),
    st.integers(0, 10),
)
def test_it_is_never_before_what_the_bank_takes(today, delay, pay_day, lead):
    earliest = today + timedelta(days=lead)
    day = represent_day(
        today, calendar=Weekdays, delay=delay, pay_day=pay_day, earliest=earliest
    )
    assert day >= earliest
    assert day >= today + timedelta(days=delay)
    assert day.weekday() < 5
    if pay_day:
        assert day <= today + timedelta(days=delay + 31 + 2 + lead)


def test_a_debit_is_presented_again_twice_at_most_unless_the_account_is_new():
    assert may_represent(1)
    assert may_represent(2)
    assert not may_represent(3)
    assert may_represent(3, new_account=True)


def test_the_announced_reject_of_a_replaced_notice_keeps_its_reason_text():
    told = replace(ANNOUNCED, reason="NARR", reason_text="opposition du client")
    assert merge([told, STATED]).reason_text == "opposition du client"
