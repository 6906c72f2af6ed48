"""Plans above the collector's margin: the manager finds them in what waits, agrees to
one, and sends the other back with a reason; the collector negotiates it again."""

import time
from html import unescape

import pytest
from desk import amount
from invoicing import bill, give_to
from page360 import Page360
from phone import address_of
from plans import PLAN, conclude, decisions, negotiate, state
from playwright.sync_api import expect
from rpc import RpcError
from waiting import wait_for

WAITING = '[data-work="plans"] .o_rec_dashboard_value'
REASON = "Six mois, c'est trop pour ce client : trois échéances au plus."
NUMBER = 6


@pytest.fixture
def customers(admin, connect):
    """Two customers of the collector, with more than the collector may grant."""
    family = f"Tréfilerie {time.time_ns() % 10**6:06}"
    return [
        give_to(connect, bill(admin, f"{family}-{place}", [3600.0], 20), "collector")
        for place in ("Nord", "Sud")
    ]


def test_a_manager_agrees_to_one_plan_and_sends_the_other_back(
    desk_of, phone_of, connect, customers, mailbox
):
    collector, manager = desk_of("collector"), desk_of("manager")
    phone = phone_of("customer")
    before = waiting(manager)
    agreed, refused = (submitted(collector, customer) for customer in customers)
    nobody_hears_of_it(phone, connect("collector"), customers[0], agreed)
    assert not offers(mailbox)
    assert waiting(manager) == before + 2

    the_manager_opens_it(manager, agreed)
    manager.press("action_approve")
    assert manager.status() == "offered"
    assert len(wait_for(lambda: offers(mailbox))) == 1
    manager.open(f"instalment-plans/{refused}")
    sent_back(manager)
    the_collector_sees_the_agreement(collector, phone, customers[0], agreed)
    wait_for(lambda: told(mailbox))
    the_collector_reads_why(collector, customers[1], refused)
    negotiated_again(collector, refused)
    wait_for(lambda: len(offers(mailbox)) == 2)


def offers(mailbox):
    """E-mails that bring a plan to a customer, as the test mode lets them leave."""
    return [
        mail
        for mail in mailbox.deliveries
        if any(name.endswith(".pdf") for name in mail.attachments)
    ]


def told(mailbox):
    """E-mails to the collector with the reason of the manager."""
    return [
        mail
        for mail in mailbox.deliveries
        if REASON in unescape(mail.html) and mail not in offers(mailbox)
    ]


def waiting(desk):
    """How many plans the manager's dashboard says wait for an agreement."""
    desk.page.goto(f"{desk.url}/odoo/tableau-de-bord", wait_until="domcontentloaded")
    tile = desk.page.locator(WAITING)
    expect(tile).to_be_visible(timeout=60_000)
    return int(amount(tile.inner_text()))


def submitted(desk, customer):
    """Six instalments: the form says what is too much and submits it."""
    wizard = negotiate(desk, customer)
    desk.type_in("number", f"{NUMBER}", wizard)
    excess = wizard.locator(".alert-warning:visible")
    expect(excess).to_contain_text(f"{NUMBER}")
    expect(wizard.locator("tbody tr td.text-end")).to_have_count(NUMBER)
    conclude(desk, wizard)
    assert desk.status() == "to_approve"
    assert f"{NUMBER}" in desk.read("excess")
    plan = desk.record_id()
    expect(desk.button("action_approve")).to_have_count(0)
    with pytest.raises(RpcError):
        desk.rpc.call(PLAN, "action_approve", [plan])
    return plan


def nobody_hears_of_it(phone, rpc, customer, plan):
    """The customer sees no plan, and its items are still chased."""
    path = address_of(rpc, customer["id"])
    phone.open(path)
    expect(phone.page.locator(f'a[href$="/plan/{plan}"]')).to_have_count(0)
    assert phone.open(f"{path}/plan/{plan}") == 404
    assert "plan" not in {reason for reason, _rank in decisions(rpc, customer)}


def the_manager_opens_it(desk, plan):
    """From the dashboard: the list of what waits, then the plan."""
    desk.page.locator(WAITING).click()
    desk.wait_view("list")
    [row] = desk.rpc.call(PLAN, "read", [plan], ["name"])
    desk.open_row(desk.row(row["name"]), "name")
    assert desk.record_id() == plan
    assert desk.status() == "to_approve"
    expect(desk.page.locator(".alert-warning:visible")).to_contain_text(f"{NUMBER}")
    assert desk.overflow() <= 0


def sent_back(desk):
    desk.press("action_send_back")
    wizard = desk.wizard()
    desk.type_in("reason", REASON, wizard)
    desk.confirm()
    expect(desk.button("action_approve")).to_have_count(0)
    assert desk.status() == "draft"


def the_collector_sees_the_agreement(desk, phone, customer, plan):
    """It is offered; the customer may sign it."""
    desk.open(f"instalment-plans/{plan}")
    assert desk.status() == "offered"
    expect(desk.field("approved_by_id")).to_contain_text("Sophie Marchand")
    assert {reason for reason, _rank in decisions(desk.rpc, customer)} == {"plan"}
    phone.open(address_of(desk.rpc, customer["id"]))
    phone.page.locator(f'a[href$="/plan/{plan}"]').first.click()
    phone.page.wait_for_url(f"**/plan/{plan}")
    expect(phone.page.locator(".o_receivable_sign")).to_be_visible()


def the_collector_reads_why(desk, customer, plan):
    """In the list of work, on the 360° page, and on the plan."""
    view = Page360(desk)
    view.open(customer["id"])
    expect(view.event("plan")).to_contain_text(REASON)
    block = view.page.locator(f'.o_recouvrement_block_item[data-model="{PLAN}"]')
    expect(block).to_contain_text(REASON)
    assert desk.overflow() <= 0
    block.click()
    desk.wait_view("form")
    assert desk.record_id() == plan
    assert desk.status() == "draft"
    expect(desk.page.locator(".alert-warning:visible")).to_contain_text(REASON)


def negotiated_again(desk, plan):
    """Three instalments: within the margin, it leaves at once."""
    desk.press("action_change")
    wizard = desk.wizard()
    assert desk.read("number", wizard) == f"{NUMBER}"
    desk.type_in("number", "3", wizard)
    expect(wizard.locator("tbody tr td.text-end")).to_have_count(3)
    expect(wizard.locator(".alert-warning:visible")).to_have_count(0)
    conclude(desk, wizard)
    assert desk.record_id() == plan
    desk.wait_status("offered")
    assert state(desk.rpc, PLAN, plan) == "offered"
    expect(desk.page.locator(".alert-warning:visible")).to_have_count(0)
