"""Files of the bank that are not to be taken: loaded before, of someone else, broken.
The accountant reads why, in French, and nothing has changed."""

import time

import pytest
from days import today
from debits import (
    FILE,
    RETURN,
    Booking,
    bank_account,
    enter,
    is_french,
    load,
    notification,
    open_day,
    shown_bank_file,
    statement,
)
from playwright.sync_api import expect

STRANGER = "FR7617569000509234567890115"
LINE = "account.bank.statement.line"


@pytest.fixture
def account(admin, company):
    return bank_account(admin, company)


@pytest.fixture
def receipt(account):
    """A statement with one receipt, and its name."""
    number = f"REL-{time.time_ns() % 10**8}"
    booking = Booking(
        75.25, "<TxDtls><RmtInf><Ustrd>Divers</Ustrd></RmtInf></TxDtls>", "RCDT/ESCT"
    )
    day = open_day(today(), -1)
    return f"{number}.xml", statement(account, number, day, 500, [booking])


def counts(rpc):
    """What a refused file leaves as it was."""
    loaded = [("state", "=", "loaded")]
    return rpc.count(LINE), rpc.count(RETURN), rpc.count(FILE, loaded)


def refusal(desk):
    """Why the file on screen was not loaded, and what to do."""
    desk.wait_view("form")
    assert desk.status() == "failed"
    expect(desk.rows(desk.field("issue_ids"))).to_have_count(1)
    what, cure = desk.column("text")[0], desk.column("cure")[0]
    assert is_french(what), what
    assert is_french(cure), cure
    assert desk.overflow() <= 0
    return what


def test_a_file_is_loaded_once(desk_of, connect, receipt):
    desk, rpc = desk_of("accountant"), connect("accountant")
    name, content = receipt
    load(desk, name, content)
    before = counts(rpc)
    shown_bank_file(desk, f"copie-{name}", content)
    told = desk.refused()
    assert name in told and "Marc Lefèvre" in told
    assert is_french(told.replace(name, "")), told
    assert counts(rpc) == before
    desk.page.locator(".modal .btn-close, .modal footer .btn-secondary").last.click()
    enter(desk, "bank_files")
    assert name in " ".join(desk.column("name"))
    assert f"copie-{name}" not in desk.column("name")


def test_a_statement_of_another_account_is_refused(desk_of, connect, account):
    desk, rpc = desk_of("accountant"), connect("accountant")
    before = counts(rpc)
    number = f"AUTRE-{time.time_ns() % 10**8}"
    content = statement(STRANGER, number, today(), 10, [Booking(5, "")])
    shown_bank_file(desk, f"{number}.xml", content)
    assert STRANGER in refusal(desk).replace(" ", "")
    assert counts(rpc) == before


def test_a_return_of_another_creditor_is_not_ours(desk_of, connect, account):
    desk, rpc = desk_of("accountant"), connect("accountant")
    number = f"TIERS-{time.time_ns() % 10**8}"
    details = (
        f"<TxDtls><Refs><EndToEndId>{number}</EndToEndId><MndtId>AUTRE-1</MndtId></Refs>"
        '<Amt Ccy="EUR">41.00</Amt><CdtDbtInd>DBIT</CdtDbtInd>'
        "<RltdPties><Dbtr><Pty><Nm>Inconnu</Nm></Pty></Dbtr><Cdtr><Pty><Id><PrvtId>"
        "<Othr><Id>FR72ZZZ123456</Id></Othr></PrvtId></Id></Pty></Cdtr></RltdPties>"
        "<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf></TxDtls>"
    )
    booking = Booking(-41, details, "IDDT/UPDD")
    content = notification(account, number, today(), [booking])
    load(desk, f"{number}.xml", content)
    [found] = rpc.search_read(
        RETURN, [("end_to_end_id", "=", number)], ["state", "line_id", "move_id"]
    )
    assert found["state"] == "not_ours"
    assert not found["line_id"] and not found["move_id"]


@pytest.mark.parametrize("fault", ["truncated", "doctype", "nothing"])
def test_a_broken_file_says_what_is_wrong(desk_of, connect, receipt, fault):
    desk, rpc = desk_of("accountant"), connect("accountant")
    name, content = receipt
    broken = {
        "truncated": content[: len(content) * 2 // 3],
        "doctype": content.replace(b"?>", b'?><!DOCTYPE a [<!ENTITY b "b">]>', 1),
        "nothing": b"Bonjour,\nvoici le releve.\n",
    }[fault]
    before = counts(rpc)
    shown_bank_file(desk, f"{fault}-{name}", broken)
    refusal(desk)
    assert counts(rpc) == before
