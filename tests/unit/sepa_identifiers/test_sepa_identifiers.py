"""Identifiers of creditors and mandates: what is one, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_sepa.tools.identifiers import (
    IdentifierError,
    check_id,
    is_own_rum,
    read_ics,
    read_rum,
    rum_key,
)
from stdnum.eu import at_02


@pytest.mark.parametrize(
    ("text", "ics"),
    [
        ("FR72ZZZ123456", "FR72ZZZ123456"),
        (" fr72 zzz 123456 ", "FR72ZZZ123456"),
        ("FR72ABC123456", "FR72ABC123456"),
        ("DE98ZZZ09999999999", "DE98ZZZ09999999999"),
    ],
)
def test_an_identifier_is_read_in_capitals(text, ics):
    assert read_ics(text) == ics


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        (None, "empty"),
        ("FR12ZZZ123456", "key"),
        # Both are valid for stdnum, which looks at the check digits alone.
        ("FR49ZZZ1", "structure"),
        ("QQ50ZZZ1", "country"),
        ("FR72ZZZ12345é", "characters"),
        ("FR72ZZZ1234-6", "characters"),
        ("DE" + "9" * 40, "length"),
        ("FR", "structure"),
    ],
)
def test_what_is_no_identifier_is_refused_with_the_reason(text, reason):
    with pytest.raises(IdentifierError) as caught:
        read_ics(text)
    assert caught.value.reason == reason


def test_the_library_alone_is_not_enough():
    assert at_02.is_valid("FR49ZZZ1")
    assert at_02.is_valid("QQ50ZZZ1")


@given(st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=6, max_size=6))
def test_any_french_number_with_its_key_is_one(number):
    bare = f"FR00ZZZ{number}"
    ics = f"FR{at_02.calc_check_digits(bare)}ZZZ{number}"
    assert read_ics(ics.lower()) == ics
    wrong = f"FR{(int(ics[2:4]) + 1) % 97:02d}ZZZ{number}"
    with pytest.raises(IdentifierError):
        read_ics(wrong)


@given(st.text(max_size=50))
def test_no_text_breaks_the_readers(text):
    for read in (read_ics, read_rum):
        try:
            value = read(text)
        except IdentifierError:
            continue
        assert 0 < len(value) <= 35
        assert value.isascii()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("/A", "slash"),
        ("A/", "slash"),
        ("A//B", "slash"),
        ("A" * 36, "length"),
        ("N°1", "characters"),
        ("A_B", "characters"),
        ("A\nB", "characters"),
    ],
)
def test_an_identifier_of_a_message_keeps_to_the_set(text, reason):
    with pytest.raises(IdentifierError) as caught:
        check_id(text)
    assert caught.value.reason == reason


@pytest.mark.parametrize("text", ["++MIGR 001", "a/b", "R(1).,'+-?:"])
def test_references_of_others_are_taken_in_the_full_set(text):
    assert read_rum(text) == text


@pytest.mark.parametrize(
    ("text", "is_own"),
    [
        ("RUM-2026-000001", True),
        ("A", True),
        ("A" * 35, True),
        ("A" * 36, False),
        ("rum-1", False),
        ("A B", False),
        ("-A", False),
        ("A-", False),
        ("", False),
        (None, False),
        ("A\n", False),
    ],
)
def test_our_references_are_capitals_digits_and_hyphens(text, is_own):
    assert is_own_rum(text) is is_own


def test_banks_drop_spaces_and_case():
    assert rum_key("rum 1-a") == rum_key("RUM1-A")
