"""A customer in the middle of an instalment plan pays all that is left at once: it is
over and was kept, and nobody asks for anything any more."""

import time
from decimal import Decimal

import pytest
from desk import amount
from invoicing import bill, give_to, open_items, pay
from page360 import Page360
from phone import address_of
from plans import PLAN, SIGN, decisions, offered, state
from playwright.sync_api import expect

CRONS = ("recouvrement.ir_cron_plans", "recouvrement.ir_cron_promises")
AMOUNTS = (900.0, 450.0)
FIRST = 450.0


@pytest.fixture
def customer(admin, connect):
    """A customer of the collector with two invoices."""
    name = f"Papeterie {time.time_ns() % 10**6:06}-Garric"
    return give_to(connect, bill(admin, name, AMOUNTS, 25), "collector")


def test_all_that_is_left_is_paid_at_once(
    desk_of, phone_of, connect, admin, customer, mailbox
):
    rpc, desk, phone = connect("collector"), desk_of("collector"), phone_of("customer")
    path = address_of(rpc, customer["id"])
    plan = offered(desk, customer)
    admin.run(SIGN, plan=plan)
    items = open_items(rpc, customer["id"])
    pay(admin, items, FIRST)
    assert state(rpc, PLAN, plan) == "accepted"
    the_first_instalment_is_paid(desk, plan)

    pay(admin, open_items(rpc, customer["id"]))
    assert state(rpc, PLAN, plan) == "done"
    the_plan_was_kept(desk, plan)
    nothing_is_left_on_the_desk(desk, customer)
    the_customer_reads_that_all_is_paid(phone, path, plan)

    mailbox.wait_for(2)  # the offer and the copy of the agreement
    mailbox.clear()
    for cron in CRONS:
        admin.run_cron(cron)
    admin.run_cron("mail.ir_cron_mail_scheduler_action")
    assert not mailbox.deliveries
    assert decisions(rpc, customer) == set()
    assert state(rpc, PLAN, plan) == "done"


def the_first_instalment_is_paid(desk, plan):
    desk.open(f"instalment-plans/{plan}")
    assert amount(desk.read("amount_paid")) == Decimal(FIRST)
    assert amount(desk.read("amount_remaining")) == Decimal(sum(AMOUNTS) - FIRST)
    assert desk.status() == "accepted"


def the_plan_was_kept(desk, plan):
    desk.reload()
    assert desk.record_id() == plan
    assert desk.status() == "done"
    assert amount(desk.read("amount_paid")) == Decimal(sum(AMOUNTS))
    assert amount(desk.read("amount_remaining")) == 0
    missing = desk.column("missing_amount")
    assert [amount(text) for text in missing] == [0, 0, 0]
    for name in ("action_forfeit", "action_warned", "action_cancel"):
        expect(desk.button(name)).to_have_count(0)
    assert desk.overflow() <= 0


def nothing_is_left_on_the_desk(desk, customer):
    """Not on the worklist; the history tells it."""
    desk.open("my-portfolio")
    desk.search(customer["partner_id"][1])
    expect(desk.rows()).to_have_count(0)
    view = Page360(desk)
    view.open(customer["id"])
    assert view.tile("open") == view.tile("overdue") == 0
    expect(view.page.locator('.o_recouvrement_block[data-name="plans"]')).to_have_count(
        0
    )
    expect(view.event("plan")).to_be_visible()
    expect(view.event("payment")).to_be_visible()


def the_customer_reads_that_all_is_paid(phone, path, plan):
    phone.open(path)
    assert phone.totals() == []
    expect(phone.page.locator(".alert-success[role=status]")).to_be_visible()
    expect(phone.page.locator(".alert-warning")).to_have_count(0)
    assert phone.overflow() <= 0
    assert phone.open(f"{path}/plan/{plan}") == 200
    expect(phone.page.locator("h1 + p .badge")).to_have_class("badge text-bg-success")
    assert phone.overflow() <= 0
