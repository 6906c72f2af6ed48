"""IBANs, phone numbers and names that customers give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schwifty import IBAN

from recouvrement.tools.bank_account import (
    BankAccountError,
    email_domain,
    phone_key,
    read_iban,
    same_holder,
)

FRENCH = "FR7630006000011234567890189"


@pytest.mark.parametrize(
    "text",
    [
        FRENCH,
        "fr76 3000 6000 0112 3456 7890 189",
        "FR76 3000 6000 0112 3456 7890 189\n",
    ],
)
def test_one_account_whatever_its_writing(text):
    account = read_iban(text)
    assert account.iban == FRENCH
    assert account.country == "FR"
    assert account.formatted == "FR76 3000 6000 0112 3456 7890 189"
    assert account.bic.startswith("AGRIFR")


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "FR76",
        "FR7630006000011234567890188",  # check digits of the IBAN
        "FR1420041010050500013M02607",  # check digits right, national key wrong
        "XX7630006000011234567890189",
        "=HYPERLINK(1)",
        "<b>FR7630006000011234567890189</b>",
    ],
)
def test_anything_else_is_refused(text):
    with pytest.raises(BankAccountError):
        read_iban(text)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("FR7630006000011234567890188", "key"),
        ("FR76300060000112345678901", "length"),
        ("XX7630006000011234567890189", "country"),
        ("BE6853900754703O", "structure"),
        ("hello", "structure"),
        ("", "structure"),
    ],
)
def test_what_is_wrong_is_told(text, reason):
    with pytest.raises(BankAccountError) as caught:
        read_iban(text)
    assert caught.value.reason == reason


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text):
    try:
        account = read_iban(text)
    except BankAccountError:
        return
    assert IBAN(account.iban).is_valid


@given(st.integers(0, 20), st.integers(0, 9))
def test_one_wrong_digit_is_always_found(place, digit):
    wrong = FRENCH[: 4 + place] + str(digit) + FRENCH[5 + place :]
    if wrong != FRENCH:
        with pytest.raises(BankAccountError):
            read_iban(wrong)


def test_numbers_are_the_same_whatever_their_writing():
    same = {"+33 4 72 00 12 34", "04.72.00.12.34", "0033472001234", "(0)472001234"}
    assert len(set(map(phone_key, same))) == 1
    assert phone_key("04 72 00 12 35") != phone_key("04 72 00 12 34")


@pytest.mark.parametrize("number", [None, "", "abc", "3949", "12 34 56", "١٢٣٤٥٦٧٨٩"])
def test_what_is_too_short_is_no_number(number):
    assert phone_key(number) == ""


def test_domains():
    assert email_domain("Ana <ana@Sub.Example.COM>") == "sub.example.com"
    assert email_domain("ana") == ""
    assert email_domain(None) == ""


def test_holders_are_compared_without_accents_and_punctuation():
    assert same_holder("SARL BOULANGERIE DUBOIS", "Boulangerie Dubois")
    assert same_holder("Épicerie l'Étoile", "EPICERIE L ETOILE")
    assert not same_holder("Kevin Martin", "Boulangerie Dubois")
    assert not same_holder("", "Boulangerie Dubois")
    assert not same_holder("---", "Boulangerie Dubois")
