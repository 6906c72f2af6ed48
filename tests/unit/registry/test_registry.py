"""Numbers of French registers, as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_litige.tools.registry import is_rnc, is_siren, is_siret, tidy

SIRET = "99900910300014"


@pytest.mark.parametrize(
    "text", [SIRET, "999 009 103 00014", "999.009.103-00014", " 99900910300014 "]
)
def test_a_siret_is_known_however_it_is_typed(text):
    assert is_siret(text)
    assert tidy(text) == SIRET


@pytest.mark.parametrize("text", ["", None, "99900910300015", "999009103", "A" * 14])
def test_what_is_no_siret_is_refused(text):
    assert not is_siret(text)


@given(st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(place, shift):
    digit = str((int(SIRET[place]) + shift) % 10)
    assert not is_siret(SIRET[:place] + digit + SIRET[place + 1 :])


def test_a_siren_is_the_start_of_its_siret():
    assert is_siren(SIRET[:9])
    assert not is_siren(SIRET)
    assert not is_siren("999009104")


@pytest.mark.parametrize("text", ["AB1234567", "ab-123-4567", "AB 1234567"])
def test_numbers_of_condominiums(text):
    assert is_rnc(text)


@pytest.mark.parametrize("text", ["", None, "AB123456", "A12345678", "AB12345678"])
def test_what_is_no_number_of_a_condominium(text):
    assert not is_rnc(text)
