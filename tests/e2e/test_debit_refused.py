"""The bank refuses a whole file: nothing was debited, no customer failed, and what was
in it can be collected again at once."""

import time
from datetime import timedelta
from decimal import Decimal

import pytest
from days import today
from debits import (
    COLLECTION,
    OLD_IBAN,
    RETURN,
    SENT,
    debits_of,
    load,
    new_collection,
    open_day,
    put_in_use,
    status_report,
)
from desk import amount
from invoicing import bill, give_to, open_items
from playwright.sync_api import expect

AMOUNT = 842.6
DAYS = 17


@pytest.fixture(scope="module")
def customer(admin, connect):
    name = f"Verrerie {time.time_ns() % 10**6}-Refus"
    debtor = give_to(connect, bill(admin, name, [AMOUNT], 21), "collector")
    put_in_use(admin, debtor, OLD_IBAN)
    return debtor


@pytest.fixture(scope="module")
def debit(admin, company, customer):
    """Its debit, in a file that was sent."""
    day = open_day(today() + timedelta(days=DAYS))
    admin.run(SENT, company=company, debtors=[customer["id"]], day=f"{day}")
    [found] = debits_of(admin, [customer["id"]])
    return found


def test_a_refused_file_frees_what_was_in_it(
    desk_of, connect, admin, company, customer, debit
):
    desk, rpc = desk_of("accountant"), connect("accountant")
    collection = debit["collection_id"][0]
    [sent] = rpc.call(COLLECTION, "read", [collection], ["message_id"])
    assert debit["state"] == "presented"
    refusal = the_bank_refuses_it(desk, sent["message_id"])

    [after] = debits_of(rpc, [customer["id"]])
    assert after["state"] == "rejected"
    owed = [i["amount_residual_currency"] for i in open_items(rpc, customer["id"])]
    assert owed == [AMOUNT], "the invoice was never touched"

    the_accountant_reads_why(desk, refusal)
    desk.open(f"direct-debit-collections/{collection}")
    expect(desk.row(customer["partner_id"][1], desk.field("line_ids"))).to_be_visible()
    assert desk.overflow() <= 0
    it_is_prepared_again(desk, admin, customer)


def the_bank_refuses_it(desk, message_id):
    """Told twice, counted once; returns the id of the refusal."""
    number = f"PSR-{time.time_ns() % 10**8}"
    for place in (1, 2):
        name = f"{number}-{place}"
        load(desk, f"{name}.xml", status_report(name, today(), message_id, "FF01"))
    [refusal] = desk.rpc.search_read(
        RETURN,
        [("collection_id.message_id", "=", message_id)],
        ["level", "action", "debtor_id", "code"],
    )
    assert (refusal["level"], refusal["code"]) == ("message", "FF01")
    assert refusal["action"] == "technical"
    assert not refusal["debtor_id"], "no customer failed"
    return refusal["id"]


def the_accountant_reads_why(desk, refusal):
    desk.open(f"debit-returns/{refusal}")
    assert desk.status() == "done"
    expect(desk.page.locator(".o_form_view")).to_contain_text("FF01")
    assert desk.overflow() <= 0
    desk.press("action_done")


def it_is_prepared_again(desk, admin, customer):
    day = open_day(today() + timedelta(days=DAYS))
    wizard = new_collection(desk, admin, day)
    desk.press("action_create", wizard)
    desk.wait_view("form")
    row = desk.row(customer["partner_id"][1], desk.field("line_ids"))
    assert amount(desk.cell(row, "amount").inner_text()) == Decimal(str(AMOUNT))
    desk.rpc.call(COLLECTION, "action_empty", [desk.record_id()])
