"""Which lines of a bank's file speak of OUR direct debits."""

from decimal import Decimal

import pytest
from bank_files import (
    all_events,
    camt,
    cfonb,
    code,
    details,
    entry,
    lot,
    our_events,
    pain002,
    transaction,
)
from recouvrement_sepa.tools.bank import Skipped

RETURNED = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"
REFUNDED = "<RtrInf><Rsn><Cd>MD06</Cd></Rsn></RtrInf>"
REFERENCES = "<Refs><EndToEndId>E1</EndToEndId><MndtId>RUM</MndtId></Refs>"


def booked(sign, family, sub_family, inner="", own="", reversal=""):
    flag = f"<RvslInd>{reversal}</RvslInd>" if reversal else ""
    more = code(family, sub_family, own) + details(REFERENCES + inner)
    [item] = all_events(
        camt(entry("10.00", sign, more).replace("<Sts>", flag + "<Sts>"))
    )
    return item.why if isinstance(item, Skipped) else item.kind


def test_a_debit_of_the_family_of_issued_direct_debits_is_ours():
    assert booked("DBIT", "IDDT", "UPDD", RETURNED) == "return"
    assert booked("DBIT", "IDDT", "UPDD", REFUNDED) == "refund"
    assert booked("DBIT", "IDDT", "PRDD", RETURNED) == "refund"
    assert booked("DBIT", "IDDT", "PRDD") == "reversal"
    assert booked("DBIT", "IDDT", "ESDD", RETURNED) == "return"
    assert booked("DBIT", "IDDT", "OTHR") == "unknown"


def test_a_transfer_that_comes_back_is_none_of_them():
    assert booked("CRDT", "ICDT", "RRTN", RETURNED) == "no_direct_debit"
    assert booked("DBIT", "RCDT", "RRTN", RETURNED) == "no_direct_debit"


def test_a_direct_debit_that_we_pay_is_none_of_them():
    assert booked("DBIT", "RDDT", "ESDD") == "we_are_debtor"
    assert booked("CRDT", "RDDT", "UPDD", RETURNED) == "we_are_debtor"


def test_a_refund_under_the_wrong_family_is_taken_when_it_says_it_is_a_reversal():
    assert booked("DBIT", "RDDT", "PRDD", REFUNDED, reversal="true") == "refund"
    assert booked("DBIT", "RDDT", "PRDD", REFUNDED) == "we_are_debtor"


def test_money_that_comes_in_is_a_collection_not_a_return():
    assert booked("CRDT", "IDDT", "ESDD") == "collection"
    assert booked("CRDT", "IDDT", "UPDD", RETURNED) == "direction"


@pytest.mark.parametrize(
    ("own", "sign", "expected"),
    [
        ("B3/0811", "DBIT", "return"),
        ("B4", "DBIT", "return"),
        ("B3", "CRDT", "direction"),
        ("A5", "DBIT", "reversal"),
        ("A1/0801", "CRDT", "collection"),
        ("A3", "CRDT", "we_are_debtor"),
        ("B1", "DBIT", "we_are_debtor"),
        ("B6", "CRDT", "we_are_debtor"),
        ("B30", "DBIT", "no_direct_debit"),
    ],
)
def test_french_codes_speak_when_the_family_does_not(own, sign, expected):
    inner = "" if expected == "no_direct_debit" else RETURNED
    more = code("", "", own) + details("<Refs/>" + inner)
    [item] = all_events(camt(entry("10.00", sign, more)))
    assert (item.why if isinstance(item, Skipped) else item.kind) == expected


def test_the_family_wins_over_a_french_looking_code():
    assert booked("CRDT", "RCDT", "ESCT", own="B3") == "no_direct_debit"


def test_what_is_not_booked_moves_nothing():
    more = code("IDDT", "UPDD") + details(REFERENCES + RETURNED)
    for status in ("PDNG", "INFO"):
        xml = camt(entry("10.00", "DBIT", more, f"<Sts><Cd>{status}</Cd></Sts>"))
        assert [item.why for item in all_events(xml)] == ["pending"]


def test_returns_that_were_booked_together_are_told_one_by_one():
    transactions = [
        f"<Refs><EndToEndId>E{n}</EndToEndId></Refs>"
        f'<Amt Ccy="EUR">{n}.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>{RETURNED}'
        for n in (1, 2, 3)
    ]
    more = code("IDDT", "UPDD") + details(*transactions)
    found = our_events(camt(entry("6.00", "DBIT", more)))
    assert [event.end_to_end_id for event in found] == ["E1", "E2", "E3"]
    assert [event.amount for event in found] == [Decimal(n) for n in (1, 2, 3)]
    assert found[1].where == "document 1, entry 1, detail 2"


def test_returns_booked_in_one_amount_without_details_name_no_debit():
    batch = (
        "<NtryDtls><Btch><PmtInfId>LOT</PmtInfId><NbOfTxs>2</NbOfTxs></Btch></NtryDtls>"
    )
    [event] = our_events(camt(entry("6.00", "DBIT", code("IDDT", "UPDD") + batch)))
    assert (event.level, event.payment_info_id) == ("transaction", "LOT")
    assert (event.end_to_end_id, event.amount) == ("", Decimal(6))


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [
        (
            '<AmtDtls><InstdAmt><Amt Ccy="EUR">50</Amt></InstdAmt></AmtDtls>',
            ("50", "3"),
        ),
        (
            '<Amt Ccy="EUR">50</Amt><Chrgs><Rcrd><Amt Ccy="EUR">3</Amt></Rcrd></Chrgs>',
            ("50", "3"),
        ),
        ('<Amt Ccy="EUR">53</Amt>', ("53", "0")),
        (
            '<AmtDtls><InstdAmt><Amt Ccy="EUR">50</Amt></InstdAmt></AmtDtls>'
            '<Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">3</TtlChrgsAndTaxAmt></Chrgs>',
            ("50", "3"),
        ),
    ],
)
def test_the_banks_charges_stand_beside_the_debit(amounts, expected):
    more = code("IDDT", "UPDD") + details(REFERENCES + amounts + RETURNED)
    [event] = our_events(camt(entry("53.00", "DBIT", more)))
    assert (event.amount, event.charges) == tuple(map(Decimal, expected))


def test_good_news_in_a_status_report_makes_nothing():
    for status in ("ACCP", "ACSC", "ACTC", "ACWC", "ACSP", "PDNG"):
        found = all_events(pain002(lot(transaction("E1", status, ""))))
        assert [item.why for item in found] == ["positive"], status
    assert [i.why for i in all_events(pain002(group="ACCP"))] == ["positive"]
    found = all_events(pain002(lot(transaction("E1", "", "0000"))))
    assert [item.why for item in found] == ["positive"]


def test_a_report_on_transfers_is_not_ours():
    found = all_events(pain002(lot(transaction("E1")), name="pain.001.001.09"))
    assert [item.why for item in found] == ["other_message"]


def test_the_name_of_the_message_is_read_in_any_case():
    [event] = our_events(pain002(lot(transaction("E1")), name="PAIN.008.001.02"))
    assert event.kind == "reject"


def test_a_log_of_the_banks_server_is_not_a_status():
    found = all_events(pain002("", group="RJCT", name="EBICS", message="EBICS"))
    assert [item.why for item in found] == ["hac"]


def test_a_refused_file_is_one_event():
    [event] = our_events(pain002(group="RJCT"))
    assert (event.level, event.message_id, event.amount) == ("message", "REM-1", None)


def test_a_refused_lot_lists_what_it_wants():
    [event] = our_events(pain002(lot(status="RJCT")))
    assert (event.level, event.payment_info_id) == ("group", "LOT")
    assert [e.level for e in our_events(pain002(lot(transaction("E1"), "RJCT")))] == [
        "transaction"
    ]
    some = our_events(pain002(lot(transaction("E1"), "RJCT", count=9)))
    assert [e.level for e in some] == ["transaction", "group"]


def test_a_lot_refused_and_accepted_at_once_counts_line_by_line():
    lines = transaction("E1") + transaction("E2", "ACCP", "")
    found = our_events(pain002(lot(lines, "RJCT", count=9), group="RJCT"))
    assert [(e.level, e.end_to_end_id) for e in found] == [("transaction", "E1")]


def test_a_transaction_without_a_status_has_that_of_its_lot():
    found = our_events(pain002(lot(transaction("E1", "", "AM04"), "RJCT")))
    assert [(e.kind, e.reason) for e in found] == [("reject", "AM04")]


def test_french_flat_returns_name_reason_debit_and_mandate():
    texts = {"RUM": "R1", "RCN": "E1", "NPY": "Client", "IBE": "FR72ZZZ123456"}
    [event] = our_events(cfonb(("B3", -5000, "34", texts)))
    assert (event.reason, event.end_to_end_id, event.rum) == ("CFONB:34", "E1", "R1")
    assert (event.debtor_name, event.amount) == ("Client", Decimal(50))


@pytest.mark.parametrize("operation", ["A3", "A4", "B1", "B2", "B5", "B6"])
def test_french_codes_of_debits_that_we_pay_are_not_ours(operation):
    found = all_events(cfonb((operation, -5000, "20", {})))
    assert [item.why for item in found] == ["we_are_debtor"]
