"""A customer says that it has paid: the collector looks for it at the desk, and finds
the payment or does not."""

import time
from datetime import timedelta

import pytest
from days import today
from invoicing import bill, give_to, open_items, receive
from page360 import Page360
from phone import address_of
from playwright.sync_api import expect

REQUEST = "recouvrement.request"
PAID, UNPAID = 1240.0, 385.5
REASON = "Votre virement du 3 a soldé la facture précédente ; celle-ci reste due."


@pytest.fixture
def customer(admin, connect):
    """A customer of the collector with two invoices."""
    name = f"Serrurerie {time.time_ns() % 10**6:06}-Auban"
    partner = bill(admin, name, [PAID, UNPAID], 20)
    return give_to(connect, partner, "collector")


@pytest.fixture
def received(admin, customer):
    """The bank has one of the payments; nobody has allocated it yet."""
    return receive(admin, customer["partner_id"][0], PAID, memo="VIR AUBAN")


def test_a_claimed_payment_is_found_or_not(
    desk_of, phone_of, connect, customer, received, mailbox
):
    rpc, phone = connect("collector"), phone_of("customer")
    path = address_of(rpc, customer["id"])
    items = {
        item["amount_residual_currency"]: item["id"]
        for item in open_items(rpc, customer["id"])
    }
    for value in (PAID, UNPAID):
        claimed(phone, path, items[value])
    asked = {
        row["amount"]: row["id"]
        for row in rpc.search_read(
            REQUEST, [("debtor_id", "=", customer["id"])], ["amount"]
        )
    }
    assert set(asked) == {PAID, UNPAID}

    desk = desk_of("collector")
    the_worklist_shows_them(desk, customer)
    it_is_found(desk, asked[PAID], received)
    mailbox.clear()
    it_is_not_found(desk, asked[UNPAID], received)
    [mail] = mailbox.wait_for(1)
    assert REASON in mail.html
    the_items_follow(desk, customer, items)
    the_customer_reads_both(phone, path)


def claimed(phone, path, item):
    """On the customer's page."""
    phone.open(path)
    phone.tick(item)
    phone.answer("payment_check")
    phone.page.fill("#day", f"{today() - timedelta(days=1)}")
    phone.page.select_option("#means", "transfer")
    phone.page.fill("#reference", "VIR AUBAN")
    phone.send()
    phone.page.wait_for_url("**/requests?sent=payment_check")
    assert phone.overflow() <= 0


def the_worklist_shows_them(desk, customer):
    """In the tab of the requests; the 360° page leads to both."""
    desk.open("my-portfolio")
    desk.search(customer["partner_id"][1])
    desk.page.locator('.o_recouvrement_tabs [data-kind="request"]').click()
    desk.wait_idle()
    desk.cell(desk.row(customer["partner_id"][1]), "partner_id").click()
    view = Page360(desk)
    view.wait()
    claims = view.page.locator(f'.o_recouvrement_block_item[data-model="{REQUEST}"]')
    expect(claims).to_have_count(2)
    assert desk.overflow() <= 0


def it_is_found(desk, request, received):
    """A receipt of this amount is there: the item is left alone until it is matched."""
    desk.open(f"customer-requests/{request}")
    expect(desk.field("receipt_note")).to_contain_text(received)
    desk.tab("receipts")
    receipts = desk.rows(desk.field("receipt_ids"))
    expect(receipts).to_have_count(1)
    expect(receipts).to_contain_text(received)
    assert desk.overflow() <= 0
    desk.press("action_accept")
    desk.wait_status("done")


def it_is_not_found(desk, request, received):
    """No receipt of this amount: refused, in words that the customer reads."""
    desk.open(f"customer-requests/{request}")
    note = desk.field("receipt_note")
    expect(note).to_be_visible()
    expect(note).not_to_contain_text(received)
    desk.press("action_refuse")
    wizard = desk.wizard()
    desk.type_in("reason", REASON, wizard)
    desk.confirm()
    desk.wait_status("refused")


def the_items_follow(desk, customer, items):
    """One waits to be verified, the other is chased; nothing is left to decide."""
    view = Page360(desk)
    view.open(customer["id"])
    rows = view.data(customer["id"])["items"]["rows"]
    statuses = {row["id"]: row["status"] for row in rows}
    assert statuses[items[PAID]] == "to_verify"
    assert statuses[items[UNPAID]] == "to_chase"
    row = view.page.locator(f'.o_recouvrement_item[data-id="{items[PAID]}"]')
    expect(row.locator("td .badge:visible").first).to_be_visible()
    claims = view.page.locator(f'.o_recouvrement_block_item[data-model="{REQUEST}"]')
    expect(claims).to_have_count(0)
    expect(view.event("request")).to_contain_text(REASON)


def the_customer_reads_both(phone, path):
    phone.open(f"{path}/requests")
    assert len(phone.asked()) == 2
    expect(phone.page.locator(".text-bg-danger")).to_have_count(1)
    expect(phone.page.locator("#wrap")).to_contain_text(REASON)
    assert phone.overflow() <= 0
