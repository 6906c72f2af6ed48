"""Each rule of the checker: what it refuses, where, and what it lets through."""

import sys
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from schwifty import IBAN as SchwiftyIBAN
from schwifty.exceptions import SchwiftyException
from stdnum.eu import at_02

sys.path.insert(0, str(Path(__file__).parents[1] / "sepa_pain008"))

from orders import (  # noqa: E402
    CREDITOR,
    GERMAN_IBAN,
    ICS,
    SWISS_IBAN,
    debit,
    group,
    message,
)
from recouvrement_sepa.tools.epc_check import Limits, check, ics_fault  # noqa: E402
from recouvrement_sepa.tools.mandate import Amendment  # noqa: E402
from recouvrement_sepa.tools.pain008 import Address  # noqa: E402
from recouvrement_sepa.tools.sepa_area import iban_fault  # noqa: E402

TOWN = Address(town="Zurich", country="CH")


def codes(order, **limits):
    return [(one.code, one.field) for one in check(order, Limits(**limits))]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"amount": Decimal("0.00")}, ("amount", "InstdAmt")),
        ({"amount": Decimal("-5.00")}, ("amount", "InstdAmt")),
        ({"amount": Decimal("1000000000.00")}, ("amount", "InstdAmt")),
        ({"amount": Decimal("12.345")}, ("amount_decimals", "InstdAmt")),
        ({"rum": ""}, ("missing", "MndtId")),
        ({"rum": "R" * 36}, ("too_long", "MndtId")),
        ({"rum": "/RUM"}, ("slash", "MndtId")),
        ({"rum": "A//B"}, ("slash", "MndtId")),
        ({"rum": "RUM_1"}, ("charset", "MndtId")),
        ({"end_to_end_id": "A/"}, ("slash", "EndToEndId")),
        ({"instruction_id": "é"}, ("charset", "InstrId")),
        ({"debtor_name": ""}, ("missing", "Dbtr/Nm")),
        ({"debtor_name": " .. "}, ("missing", "Dbtr/Nm")),
        ({"debtor_name": "N" * 71}, ("too_long", "Dbtr/Nm")),
        ({"debtor_name": "Café"}, ("charset", "Dbtr/Nm")),
        ({"remittance": "x" * 141}, ("too_long", "RmtInf/Ustrd")),
        ({"remittance": "x;y"}, ("charset", "RmtInf/Ustrd")),
        ({"reference": "RF18539007547034"}, ("remittance_both", "RmtInf")),
        ({"remittance": "", "reference": "RF19539007547034"}, ("reference", None)),
        ({"iban": "FR7630006000011234567890188"}, ("iban_invalid", "DbtrAcct/IBAN")),
        ({"iban": "FR5430006000011234567890100"}, ("iban_national_key", None)),
        ({"iban": "BR1800360305000010009795493C1"}, ("iban_not_sepa", None)),
        ({"bic": "AGRIFRP"}, ("bic", "DbtrAgt/BIC")),
        ({"signed_on": None}, ("signature_missing", "DtOfSgntr")),
        ({"signed_on": date(2026, 11, 21)}, ("signature_future", "DtOfSgntr")),
        ({"address": Address(postcode="75001")}, ("address_town", "Dbtr/PstlAdr")),
        ({"address": Address(town="Paris", country="fr")}, ("country", None)),
        ({"address": Address(town="P" * 36, country="FR")}, ("too_long", None)),
        (
            {"address": Address(town="Paris", country="FR", lines=("a", "b", "c"))},
            ("address_lines", "Dbtr/PstlAdr"),
        ),
        ({"iban": SWISS_IBAN, "address": TOWN}, ("bic_needed", "DbtrAgt/BIC")),
        ({"iban": SWISS_IBAN, "bic": "UBSWCHZH"}, ("address_needed", None)),
        ({"amendment": Amendment()}, None),
        ({"amendment": Amendment(old_ics="FR12ZZZ123456")}, ("ics", None)),
        ({"amendment": Amendment(old_rum="LUM-000001")}, ("amendment_same", None)),
        ({"amendment": Amendment(old_iban="X")}, ("iban_invalid", None)),
        ({"prenotification_id": "a//b"}, ("slash", "PreNtfctnId")),
        ({"ultimate_debtor": "é"}, ("charset", "UltmtDbtr/Nm")),
    ],
)
def test_a_debit_is_refused_for_just_that(values, expected):
    found = check(message(group(debit(**values))))
    if expected is None:
        [refusal] = found
        assert refusal.code == "amendment_empty"
        return
    [refusal] = found
    code, field = expected
    assert refusal.code == code
    assert field is None or refusal.field == field
    assert refusal.level == "error"
    assert refusal.line == values.get("end_to_end_id", "C-00001-1")


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"payment_info_id": ""}, ("missing", "PmtInfId")),
        ({"scheme": "COR1"}, ("scheme", "LclInstrm")),
        ({"sequence": "NEXT"}, ("sequence", "SeqTp")),
        ({"date": date(2026, 12, 25)}, ("date_closed", "ReqdColltnDt")),
        ({"creditor": CREDITOR._replace(ics="FR12ZZZ123456")}, ("ics", None)),
        ({"creditor": CREDITOR._replace(iban="FR76")}, ("creditor_iban", None)),
        ({"creditor": CREDITOR._replace(name="")}, ("missing", "Cdtr/Nm")),
        ({"creditor": CREDITOR._replace(bic="X")}, ("bic", "CdtrAgt/BIC")),
        ({"count": 2}, ("count", "NbOfTxs")),
        ({"total": Decimal("1")}, ("total", "CtrlSum")),
    ],
)
def test_a_group_is_refused_for_just_that(values, expected):
    [(code, field)] = codes(message(group(**values)))
    assert code == expected[0]
    assert expected[1] in (None, field)


def test_the_days_of_the_bank_are_kept():
    order = message()
    assert codes(order, earliest=date(2026, 12, 2)) == [("date_early", "ReqdColltnDt")]
    assert codes(order, latest=date(2026, 11, 30)) == [("date_far", "ReqdColltnDt")]
    assert not codes(order, earliest=date(2026, 12, 1), latest=date(2026, 12, 1))


def test_a_closed_day_names_the_next_open_one():
    [refusal] = check(message(group(date=date(2026, 12, 25))))
    assert refusal.params == {"next": date(2026, 12, 28)}


def test_core_and_b2b_never_share_a_file():
    order = message(group(), group(debit(2), number=2, scheme="B2B"))
    assert codes(order) == [("scheme_mixed", "LclInstrm")]


def test_identifiers_stand_once_in_a_file():
    order = message(group(debit(1), debit(1)))
    assert codes(order) == [("id_twice", "EndToEndId")]
    order = message(group(debit(1)), group(debit(2)))
    assert codes(order) == [("id_twice", "PmtInfId")]


def test_a_mandate_collects_nothing_after_its_end():
    last = group(debit(1), sequence="FNAL")
    again = group(debit(2, rum="LUM-000001"), number=2)
    assert codes(message(last, again)) == [("mandate_ended", "MndtId")]
    twice = group(debit(1), debit(2, rum="LUM-000001"), sequence="OOFF")
    assert codes(message(twice)) == [("mandate_ended", "MndtId")]


def test_a_file_without_debits_is_refused():
    assert codes(message()._replace(groups=())) == [("empty", "PmtInf")]
    order = message(group(debits=(), count=0, total=Decimal(0)))
    assert codes(order) == [("empty", "DrctDbtTxInf")]


def test_good_foreign_accounts_pass():
    assert not codes(message(group(debit(iban=GERMAN_IBAN))))
    swiss = debit(iban=SWISS_IBAN, bic="UBSWCHZH80A", address=TOWN)
    assert not codes(message(group(swiss)))


@pytest.mark.parametrize(
    "ics", [ICS, "FR72ABC123456", "DE98ZZZ09999999999", "NL79ZZZ999999990000"]
)
def test_good_creditor_identifiers_pass(ics):
    assert not ics_fault(ics)
    assert at_02.is_valid(ics)


@pytest.mark.parametrize("ics", ["", "FR72ZZZ12345", "QQ50ZZZ1", "fr72ZZZ123456"])
def test_bad_creditor_identifiers_are_refused(ics):
    assert ics_fault(ics)


@given(st.randoms(use_true_random=False))
def test_french_accounts_are_judged_as_schwifty_does(random):
    good = SchwiftyIBAN.random(country_code="FR", random=random).compact
    assert not iban_fault(good)
    place = random.randrange(4, len(good))
    other = good[:place] + random.choice("0123456789A") + good[place + 1 :]
    try:
        SchwiftyIBAN(other, validate_bban=True)
        valid = True
    except SchwiftyException:
        valid = False
    assert (iban_fault(other) == "") == valid
