"""The clock of a mandate, and how its collections are presented."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recouvrement_sepa.tools.mandate import (
    Amendment,
    add_months,
    lapse_day,
    sequence_type,
    warn_days,
)
from recouvrement_sepa.tools.mandate_texts import TEXTS, get_texts

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 36, date(2027, 2, 28)),
        (date(2026, 11, 22), 36, date(2029, 11, 22)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 3, 15), 0, date(2026, 3, 15)),
    ],
)
def test_months_end_on_the_last_day_of_a_shorter_one(day, months, expected):
    assert add_months(day, months) == expected


def test_the_clock_runs_from_the_last_collection_else_from_the_signature():
    signed = date(2023, 5, 10)
    assert lapse_day(None) is None
    assert lapse_day(signed) == date(2026, 5, 10)
    assert lapse_day(signed, date(2024, 6, 1)) == date(2027, 6, 1)


@given(DAYS, st.none() | DAYS)
def test_warnings_come_before_the_lapse_in_order(signed, last):
    first, second = warn_days(signed, last)
    lapse = lapse_day(signed, last)
    assert first < second < lapse
    assert timedelta(days=27) < lapse - second < timedelta(days=32)


def test_without_a_signature_nobody_is_warned():
    assert warn_days(None) == ()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("oneoff", "rcur", False), "OOFF"),
        (("oneoff", "first", True, True), "OOFF"),
        (("recurrent", "rcur", False), "RCUR"),
        (("recurrent", "rcur", True, True), "RCUR"),
        (("recurrent", "first", False), "FRST"),
        (("recurrent", "first", True), "RCUR"),
        (("recurrent", "first", True, True), "FNAL"),
    ],
)
def test_the_sequence_of_a_collection(arguments, expected):
    assert sequence_type(*arguments) == expected


def test_an_empty_amendment_says_nothing():
    assert not Amendment()
    assert not Amendment(same_mandate_new_account=True)
    assert Amendment(old_rum="A")


@pytest.mark.parametrize("lang", ["fr_FR", "en_GB", "nl_BE", "de", "it_IT", "", None])
def test_a_form_has_all_its_texts_filled(lang):
    texts = get_texts(lang, creditor="ACME", contact="x@example.com", days=14)
    assert set(texts) == set(TEXTS["en"])
    assert texts["authorise"].count("ACME") == 2
    assert not any("{" in text for text in texts.values())


@pytest.mark.parametrize("lang", TEXTS)
def test_only_the_core_form_tells_of_a_refund(lang):
    eight = {"fr": "8 semaines", "en": "8 weeks", "nl": "8 weken", "de": "acht Wochen"}
    texts = TEXTS[lang]
    assert eight[lang] in texts["rights_CORE"]
    assert eight[lang] not in texts["rights_B2B"] + texts["bank_B2B"]


def test_the_french_core_form_says_what_the_banque_de_france_asks():
    text = TEXTS["fr"]["rights_CORE"].replace("’", "'")
    assert (
        "Une demande de remboursement doit être présentée dans les 8 semaines suivant "
        "la date de débit de votre compte pour un prélèvement autorisé." in text
    )
