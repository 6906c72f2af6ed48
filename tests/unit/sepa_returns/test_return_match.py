"""Which debit the bank speaks of, and when nobody can tell."""

import doctest
from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_sepa.tools import return_match
from recouvrement_sepa.tools.return_match import Debit, Debits, Unknown, same_event

D = Decimal
DAY = date(2026, 3, 10)
IBAN = "FR7630006000011234567890189"
OTHER_IBAN = "FR1420041010050500013M02606"
ICS = "FR72ZZZ123456"

ONE = Debit(1, "E1", "RUM-1", IBAN, D("50.00"), DAY)
TWO = Debit(2, "E2", "RUM-1", IBAN, D("80.00"), DAY)
LATER = Debit(3, "E3", "RUM-1", IBAN, D("50.00"), DAY + timedelta(days=91))
ELSE = Debit(4, "E4", "RUM-4", OTHER_IBAN, D("50.00"), DAY)
DEBITS = [ONE, TWO, LATER, ELSE]


def event(**vals):
    values = {
        "kind": "return",
        "booked": True,
        "date": DAY + timedelta(days=2),
        "amount": D("50.00"),
        "currency": "EUR",
        "end_to_end_id": "",
        "rum": "",
        "iban": "",
        "ics": "",
        "reason": "AM04",
        "charges": D(0),
        "message_id": "X",
        "bank_reference": "",
        "document": "camt.054.001.02",
        "where": "entry 1",
        **vals,
    }
    return SimpleNamespace(**values)


def find(debits=DEBITS, creditors=(ICS,), **vals):
    match = Debits(debits).find(event(**vals), creditors)
    return match.line, match.how


def test_doctests():
    assert not doctest.testmod(return_match).failed


def test_our_own_reference_is_enough():
    assert find(end_to_end_id="E2", amount=D(80)) == (2, "end_to_end_id")


def test_our_reference_with_another_amount_is_for_a_person():
    assert find(end_to_end_id="E1", amount=D(49)) == (None, "amount")
    match = Debits(DEBITS).find(event(end_to_end_id="E1", amount=D(49)))
    assert match.candidates == (1,)
    assert match.difference == D(-1)


def test_the_charges_of_the_bank_may_be_in_the_amount():
    found = find(end_to_end_id="E1", amount=D(53), charges=D(3))
    assert found == (1, "end_to_end_id")
    assert find(end_to_end_id="E1", amount=D(53)) == (None, "amount")


def test_a_reject_without_amount_is_found_by_our_reference():
    assert find(end_to_end_id="E1", amount=None) == (1, "end_to_end_id")


def test_the_mandate_and_the_amount_name_a_debit():
    assert find(rum="RUM-1", amount=D(80)) == (2, "rum")
    assert find(rum=" rum-1 ", amount=D(80)) == (2, "rum")


def test_the_date_tells_two_debits_of_a_mandate_apart():
    assert find(rum="RUM-1") == (1, "rum")
    assert find(rum="RUM-1", date=LATER.date + timedelta(days=2)) == (3, "rum")


def test_two_debits_that_fit_are_for_a_person():
    twin = Debit(5, "E5", "RUM-1", IBAN, D("50.00"), DAY + timedelta(days=1))
    assert find([*DEBITS, twin], rum="RUM-1") == (None, "several")


def test_a_mandate_without_amount_is_not_enough():
    assert find(rum="RUM-4", amount=None) == (None, "several")


def test_the_account_the_amount_and_the_date_name_a_debit():
    assert find(iban=OTHER_IBAN) == (4, "iban")
    assert find(iban=OTHER_IBAN, amount=D(51)) == (None, "nothing")
    assert find(iban=OTHER_IBAN, date=None) == (None, "several")


def test_a_reference_of_somebody_else_is_nobodys():
    assert find(end_to_end_id="FOREIGN-9") == (None, "nothing")


def test_a_reference_that_we_do_not_know_does_not_hide_the_mandate():
    assert find(end_to_end_id="FOREIGN-9", rum="RUM-4") == (4, "rum")


def test_what_banks_write_without_reference_is_no_reference():
    empty = Debit(9, "NOTPROVIDED", "RUM-9", "", D(50), DAY)
    assert find([empty], end_to_end_id="NOTPROVIDED") == (None, "nothing")


def test_another_creditor_is_not_us():
    assert find(end_to_end_id="E1", ics="FR12ZZZ654321") == (None, "not_ours")
    assert find(end_to_end_id="E1", ics="FR72ABC123456") == (1, "end_to_end_id")


def test_another_currency_is_for_a_person():
    assert find(end_to_end_id="E1", currency="USD") == (None, "currency")


references = st.sampled_from(["", "NOTPROVIDED", "E1", "E2", "E3", "E4", "Z"])
events = st.builds(
    event,
    kind=st.sampled_from(["reject", "return", "refund", "unknown"]),
    date=st.none() | st.dates(DAY - timedelta(days=5), DAY + timedelta(days=120)),
    amount=st.none() | st.sampled_from([D(50), D(53), D(80), D(1)]),
    charges=st.sampled_from([D(0), D(3)]),
    end_to_end_id=references,
    rum=st.sampled_from(["", "RUM-1", "RUM-4", "Z"]),
    iban=st.sampled_from(["", IBAN, OTHER_IBAN]),
)


@given(events, st.permutations(DEBITS))
def test_the_order_of_the_debits_decides_nothing(found, debits):
    assert Debits(debits).find(found) == Debits(DEBITS).find(found)


@given(events)
def test_it_never_guesses(found):
    match = Debits(DEBITS).find(found)
    if match.line is None:
        assert match.how in ("currency", "amount", "several", "nothing", "not_ours")
        return
    [debit] = [debit for debit in DEBITS if debit.id == match.line]
    if found.amount is not None:
        assert found.amount - debit.amount in (0, found.charges)
    assert match.how == "end_to_end_id" or match.candidates == (debit.id,)
    named = {
        "end_to_end_id": debit.end_to_end_id == found.end_to_end_id,
        "rum": debit.rum == found.rum,
        "iban": debit.iban == found.iban,
    }
    assert named[match.how]


# ----------------------------------------------------------------------
# NOBODY'S
# ----------------------------------------------------------------------


def test_an_unknown_debit_told_by_two_messages_is_one():
    first = event(end_to_end_id="Z1", document="pain.002.001.03", booked=False)
    assert same_event(first, event(end_to_end_id="Z1", message_id="Y"))


def test_two_entries_of_one_message_are_two():
    assert not same_event(event(rum="Z"), event(rum="Z"))


@pytest.mark.parametrize(
    "change",
    [
        {"end_to_end_id": "Z2"},
        {"amount": D(51)},
        {"date": DAY + timedelta(days=30)},
        {"date": DAY + timedelta(days=3)},
    ],
)
def test_what_differs_is_another_event(change):
    first = event(end_to_end_id="Z1", rum="Z")
    values = {"end_to_end_id": "Z1", "rum": "Z", "message_id": "Y", **change}
    assert not same_event(first, event(**values))


def test_what_nobody_knows_is_found_again_by_any_of_its_names():
    unknown = Unknown()
    unknown.add(event(end_to_end_id="Z1", rum="Z"), "first")
    again = event(end_to_end_id="Z1", message_id="Y", document="pain.002.001.03")
    assert unknown.find(again) == "first"
    assert unknown.find(event(rum="Z", message_id="Y")) == "first"
    assert unknown.find(event(rum="Y", message_id="Y")) is None
    assert unknown.find(event(message_id="Y")) is None
