"""A customer pays ticked items on its page, on Odoo's payment form; the collector sees
the receipt, and no reminder chases what is paid or on its way."""

import time
from decimal import Decimal

import pytest
from desk import amount
from invoicing import bill, give_to, open_items
from page360 import Page360
from phone import address_of
from playwright.sync_api import expect
from waiting import wait_for

MODULE = "ir.module.module"
PROVIDER = "payment.provider"
METHOD = "payment.method"
RUN = "recouvrement.dunning.run"
REMINDER = "recouvrement.reminder"
DECISION = "recouvrement.dunning.decision"
AMOUNTS = (840.25, 310.4, 1999.99, 75.0, 460.8)
OWED = sum(map(Decimal, map(str, AMOUNTS)))


@pytest.fixture(scope="module")
def provider(admin, company):
    """Odoo's provider for demonstrations, of the company: it answers what the payer
    chose, where a bank would decide."""
    [module] = admin.search_read(MODULE, [("name", "=", "payment_demo")], ["state"])
    if module["state"] != "installed":
        admin.call(MODULE, "button_immediate_install", [module["id"]])
    [provider] = admin.search_read(
        PROVIDER, [("code", "=", "demo")], ["company_id", "payment_method_ids"]
    )
    assert provider["company_id"][0] == company
    admin.call(
        PROVIDER, "write", [provider["id"]], {"state": "test", "is_published": True}
    )
    admin.call(METHOD, "write", provider["payment_method_ids"], {"active": True})
    yield provider["id"]
    admin.call(PROVIDER, "write", [provider["id"]], {"state": "disabled"})


@pytest.fixture
def customer(admin, connect):
    """A customer of the collector with five invoices, a week overdue."""
    name = f"Menuiserie Tavernier {time.time_ns() % 10**6}"
    partner = bill(admin, name, AMOUNTS)
    return give_to(connect, partner, "collector")


@pytest.fixture
def campaign(admin, connect, customer):
    """A campaign that has just proposed to remind of all of it."""
    manager = connect("manager")
    run = manager.call(
        RUN,
        "create",
        {
            "name": "Relance d'un payeur",
            "policy_ids": [(6, 0, [admin.ref("recouvrement.policy_company")])],
            "collector_ids": [(6, 0, [connect("collector").uid])],
        },
    )
    manager.call(RUN, "action_propose", [run])
    wait_for(lambda: state(manager, RUN, run) != "proposing")
    own = [("run_id", "=", run), ("debtor_id", "=", customer["id"])]
    [reminder] = manager.search_read(REMINDER, own, ["amount_net"])
    assert Decimal(str(reminder["amount_net"])) == OWED
    yield reminder["id"]
    manager.call(RUN, "action_cancel", [run])


def state(rpc, model, number):
    """State of a record."""
    [row] = rpc.call(model, "read", [number], ["state"])
    return row["state"]


def test_a_customer_pays_on_line(
    desk_of, phone_of, connect, provider, customer, campaign, mailbox
):
    rpc = connect("collector")
    items = open_items(rpc, customer["id"])
    path = address_of(rpc, customer["id"])
    phone = phone_of("payer")
    assert phone.open(path) == 200

    paid, pending, failed = items[:2], items[2], items[3]
    pay(phone, path, paid, "done")
    the_page_knows_it(phone, path, paid)
    pay(phone, path, [failed], "error")
    pay(phone, path, [pending], "pending")
    it_is_on_its_way(phone, path, pending)

    desk = desk_of("collector")
    the_collector_sees_the_receipt(desk, customer, paid)
    the_simulation_says_why(rpc, customer, {pending["id"]: "under_payment"})
    the_reminder_asks_for_the_rest(connect, customer, campaign, mailbox, items)


def total(items):
    return sum(
        (Decimal(str(item["amount_residual_currency"])) for item in items), Decimal(0)
    )


def pay(phone, path, items, outcome):
    """Tick, choose to pay, pay; back on the page of the account."""
    phone.open(path)
    for item in items:
        phone.tick(item["id"])
    assert phone.total(len(items)) == total(items)
    phone.page.locator('button[formaction$="/pay"]').click()
    phone.page.wait_for_url("**/pay?items=*")
    shown = phone.page.locator(".o_receivable_pay_total")
    assert amount(shown.inner_text()) == total(items)
    assert phone.overflow() <= 0
    phone.pay(outcome)
    phone.page.wait_for_url("**/payment/status")
    if outcome == "pending":
        # Odoo's page waits with the customer, who need not.
        phone.page.locator(f'a[href*="{path}"]').click()
    phone.page.wait_for_url(f"**{path}?paid=1")
    expect(phone.page.locator(".alert-success[role=status]")).to_have_count(
        0 if outcome == "error" else 1
    )
    expect(phone.page.locator(".alert-danger[role=alert]")).to_have_count(
        1 if outcome == "error" else 0
    )
    assert phone.overflow() <= 0


def the_page_knows_it(phone, path, paid):
    """What was paid is settled, on the way, or gone; nothing of it is asked again."""
    phone.open(path)
    owed = OWED - total(paid)
    assert phone.totals() == [owed, 0, 0, owed]
    for item in paid:
        expect(tick(phone, item)).to_have_count(0)
    phone.open(f"{path}?tab=paid")
    for item in paid:
        expect(phone.page.locator("tbody")).to_contain_text(item["name"])
    assert phone.overflow() <= 0


def tick(phone, item):
    return phone.page.locator(f'.o_receivable_tick[value="{item["id"]}"]')


def it_is_on_its_way(phone, path, item):
    phone.open(path)
    row = phone.page.locator("tr").filter(has=tick(phone, item))
    expect(row.locator(".badge")).to_have_count(1)
    phone.open(f"{path}/pay?items={item['id']}")
    expect(phone.page.locator(".alert-warning, .alert-info")).to_be_visible()
    assert phone.overflow() <= 0


def the_collector_sees_the_receipt(desk, customer, paid):
    """On the 360° page, in its history, and among the receipts of the day."""
    view = Page360(desk)
    view.open(customer["id"])
    assert view.tile("open") == OWED - total(paid)
    expect(view.event("payment")).to_be_visible()
    expect(view.event("payment")).to_contain_text(f"{total(paid)}".replace(".", ","))
    name = customer["partner_id"][1]
    desk.open("receipts-of-the-day")
    desk.search(name)
    assert desk.total() == 1
    received = desk.cell(desk.row(name), "amount").inner_text()
    assert amount(received) == total(paid)
    left = desk.cell(desk.row(name), "unallocated_amount").inner_text()
    assert amount(left) == 0


def the_simulation_says_why(rpc, customer, reasons):
    rows = rpc.search_read(
        DECISION, [("debtor_id", "=", customer["id"])], ["reason"], order="id"
    )
    found = {row["id"]: row["reason"] for row in rows}
    assert {number: found[number] for number in reasons} == reasons


def the_reminder_asks_for_the_rest(connect, customer, campaign, mailbox, items):
    """It was proposed before the payments; it leaves after them."""
    manager = connect("manager")
    manager.call(REMINDER, "action_approve", [campaign])
    manager.call(REMINDER, "action_send_now", [campaign])
    [mail] = mailbox.wait_for(1)
    gone = items[:3]
    for item in gone:
        assert item["name"] not in mail.html
    for item in items[3:]:
        assert item["name"] in mail.html
    wait_for(lambda: state(manager, REMINDER, campaign) == "sent")
    [row] = manager.call(REMINDER, "read", [campaign], ["amount_net"])
    assert Decimal(str(row["amount_net"])) == total(items[3:])
