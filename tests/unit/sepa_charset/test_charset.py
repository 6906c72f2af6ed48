"""Texts of SEPA messages: converted, never lost in silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_sepa.tools.charset import is_sepa, to_sepa


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Café de l'Été", "Cafe de l'Ete"),
        ("Müller & Söhne", "Muller + Sohne"),
        ("facture n° 12", "facture no 12"),
        ("N°12", "No12"),
        ("a_b@c.fr", "a-b(at)c.fr"),
        ("100 €", "100 EUR"),
        ("Œuvre", "OEuvre"),
        ("Straße", "Strasse"),
        ("Αθήνα", "Athina"),
        ("София", "Sofiya"),
        ("Łódź", "Lodz"),
        ("a\tb\r\nc", "a b c"),
        ("L’Oréal – Paris", "L'Oreal - Paris"),
        ("ｆｕｌｌ", "full"),
        ("½", "1/2"),
    ],
)
def test_texts_become_readable(text, expected):
    found = to_sepa(text, 70)
    assert found.text == expected
    assert not found.lost
    assert not found.cut


def test_what_has_no_equivalent_is_reported():
    found = to_sepa("東京 SARL", 70)
    assert found.text == ".. SARL"
    assert found.lost == "東京"


def test_a_cut_is_reported():
    found = to_sepa("x" * 80, 70)
    assert found.text == "x" * 70
    assert found.cut


def test_decomposed_letters_are_the_same_as_composed_ones():
    assert to_sepa("e\N{COMBINING ACUTE ACCENT}", 70).text == "e"


def test_nothing_changes_in_an_allowed_text():
    text = "ABC abc 019 / - ? : ( ) . , ' +"
    assert to_sepa(text, 70) == (text, False, False, "")


@given(st.text(max_size=300), st.integers(1, 140))
def test_the_result_is_always_allowed_and_short(text, length):
    found = to_sepa(text, length)
    assert is_sepa(found.text)
    assert len(found.text) <= length
    assert found.text == found.text.strip()


@given(st.text(max_size=100), st.integers(1, 140))
def test_a_change_is_never_silent(text, length):
    found = to_sepa(text, length)
    if found.text != " ".join(text.split()):
        assert found.changed or found.cut


@given(st.text(max_size=100))
def test_converting_twice_changes_nothing_more(text):
    once = to_sepa(text, 140).text
    assert to_sepa(once, 140).text == once
