"""SIREN, SIRET and VAT number: keys, agreement, and what is certain."""

import pytest

from recouvrement.tools.company_numbers import check_numbers, get_key, read_siren

SIREN, SIRET, VAT = "732829320", "73282932000074", "FR44732829320"
OTHER_VAT, BELGIAN = "FR83404833048", "BE0403019261"


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        (("732 829 320 00074", "FR 44 732829320", "FR"), {}),
        ((SIREN, "", "RE"), {}),
        (("", "", "FR"), {}),
        ((SIREN, "/", "FR"), {}),
        (("HRB 12345", "DE136695976", "DE"), {}),
        (("", VAT, "DE"), {}),
        (("HRB 12345", "", ""), {}),
        (("", VAT, "FR"), {"registry_missing": SIREN}),
        (("732829321", "", "FR"), {"registry_wrong": ""}),
        (("73282932000075", VAT, "FR"), {"registry_wrong": ""}),
        ((SIRET, "FR45732829320", "FR"), {"vat_wrong": VAT}),
        ((SIRET, "FR12", "FR"), {"vat_wrong": ""}),
        ((SIRET, OTHER_VAT, "FR"), {"vat_of_another": ""}),
        (("", "BE0403019262", "BE"), {"vat_wrong": ""}),
        (("", BELGIAN, "NL"), {"vat_country": ""}),
        (("", BELGIAN, "BE"), {}),
        ((SIREN, VAT, ""), {"country_missing": ""}),
    ],
)
def test_what_is_wrong_and_what_is_certain(numbers, expected):
    found = {one.kind: one.proposal for one in check_numbers(*numbers)}
    assert found == expected


def test_a_proposal_cures_its_anomaly():
    [finding] = check_numbers(SIRET, "FR45732829320", "FR")
    assert check_numbers(SIRET, finding.proposal, "FR") == []
    [finding] = check_numbers("", VAT, "FR")
    assert check_numbers(finding.proposal, VAT, "FR") == []


def test_a_company_has_one_key_however_it_was_entered():
    keys = {
        get_key(*numbers)
        for numbers in ((SIREN, "", "FR"), (SIRET, VAT, "FR"), ("", VAT, "FR"))
    }
    assert keys == {SIREN}
    assert get_key("", "be 0403.019.261", "BE") == BELGIAN
    assert get_key("123456789", "/", "FR") == ""


def test_monaco_has_french_vat_numbers_without_a_siren():
    assert check_numbers("", "FR53000004605", "MC") == []


def test_la_poste_numbers_its_establishments_by_a_rule_of_its_own():
    assert read_siren("35600000049837") == "356000000"
