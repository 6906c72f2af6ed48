"""The same business day, as each message and version tells it."""

from datetime import date
from decimal import Decimal

import pytest
from bank_files import IBAN, our_events, read_all, sample

CAMT = [
    f"{kind}_{version}"
    for kind in ("camt053", "camt054")
    for version in ("02", "04", "08")
]


@pytest.mark.parametrize("version", ["02", "04", "08"])
def test_a_statement_tells_its_account_balances_and_bookings(version):
    [(name, [(statement, entries)], _statuses, remarks)] = read_all(
        sample(f"camt053_{version}.xml")
    )
    assert name == f"camt.053.001.{version}"
    assert not remarks
    assert statement.account_iban == IBAN
    assert statement.currency == "EUR"
    assert (statement.opening, statement.closing) == (Decimal(1000), Decimal("2397.60"))
    assert (statement.date_start, statement.date_end) == (
        date(2026, 11, 16),
        date(2026, 11, 18),
    )
    booked = [entry for entry in entries if entry.status == "BOOK"]
    assert statement.opening + sum(e.amount for e in booked) == statement.closing
    assert statement.entry_count == len(entries) == 5


@pytest.mark.parametrize("name", CAMT)
def test_a_receipt_keeps_its_text_its_reference_and_who_paid(name):
    [(_name, [(_statement, entries)], _statuses, _remarks)] = read_all(
        sample(f"{name}.xml")
    )
    [detail] = entries[0].details
    assert detail.remittance == "Facture FAC/2026/00042 merci"
    assert detail.reference == "RF18539007547034"
    assert detail.name == "Boulangerie Moreau & Fils"
    assert detail.iban == "FR1420041010050500013M02606"
    assert detail.end_to_end_id == ""
    assert entries[1].batch.payment_info_id == "REM-2026-0007-CORE-RCUR"
    assert entries[1].batch.count == 3
    assert entries[3].details[0].name == "Energie SA"


@pytest.mark.parametrize("name", [*CAMT, "cfonb120"])
def test_one_return_is_ours_and_only_one(name):
    suffix = ".txt" if name == "cfonb120" else ".xml"
    [event] = our_events(sample(name + suffix))
    assert (event.kind, event.level, event.booked) == ("return", "transaction", True)
    assert event.end_to_end_id == "DD-0000001"
    assert event.rum == "RUM-000123"
    assert event.amount == Decimal("50.00")
    assert event.charges == (Decimal(0) if name == "cfonb120" else Decimal("3.00"))
    assert event.date == date(2026, 11, 18)
    assert event.reason == ("CFONB:20" if name == "cfonb120" else "AM04")
    assert event.iban == "FR7610107001011234567890129"
    assert event.account_iban == IBAN


@pytest.mark.parametrize("version", ["02", "04", "08"])
def test_an_intraday_report_is_for_information_only(version):
    assert our_events(sample(f"camt052_{version}.xml")) == []


@pytest.mark.parametrize("version", ["03", "08", "10", "12", "14"])
def test_a_status_report_names_the_debit_and_the_lot(version):
    single, lot = our_events(sample(f"pain002_{version}.xml"))
    assert (single.kind, single.level, single.booked) == (
        "reject",
        "transaction",
        False,
    )
    assert (single.end_to_end_id, single.rum) == ("DD-0000001", "RUM-000123")
    assert (single.reason, single.reason_text) == ("AC04", "Compte clos")
    assert single.debtor_name == "Garage du Lac"
    assert single.ics == "FR72ZZZ123456"
    assert single.collected == date(2026, 11, 17)
    assert single.date == date(2026, 11, 13)
    assert single.message_id == "REM-2026-0007"
    assert (lot.level, lot.payment_info_id) == ("group", "REM-2026-0007-CORE-OOFF")
    assert (lot.reason, lot.amount) == ("DT01", None)


def test_a_french_flat_statement_is_read_to_the_cent():
    [(name, [(statement, entries)], _statuses, _remarks)] = read_all(
        sample("cfonb120.txt")
    )
    assert name == "cfonb120"
    assert statement.account_iban == IBAN
    assert statement.account_number == "300060000112345678901"
    assert statement.opening + sum(e.amount for e in entries) == statement.closing
    [detail] = entries[0].details
    assert detail.name == "Boulangerie Moreau & Fils"
    assert detail.remittance == "Facture FAC/2026/00042 merci"
    assert detail.iban == "FR1420041010050500013M02606"
