"""An instalment is missed: the customer is warned, does not pay, the collector ends the
plan, and the items go back to the reminders at the level they had reached."""

import time
from datetime import date, timedelta

import pytest
from days import today
from invoicing import bill, give_to, open_items
from page360 import Page360
from phone import address_of
from plans import PLAN, SIGN, decisions, offered, state
from playwright.sync_api import expect
from waiting import wait_for

RUN = "recouvrement.dunning.run"
REMINDER = "recouvrement.reminder"
CRON = "recouvrement.ir_cron_plans"
AMOUNTS = (900.0, 450.0)
LATE = 40
# What the story needs to have happened some days ago.
BACK = """
days = datetime.timedelta(days=days)
plan = env["recouvrement.payment.plan"].browse(plan).sudo()
names = ("first_date", "last_date", "date_offered", "date_accepted", "signed_on")
plan.write({name: plan[name] - days for name in names if plan[name]})
for installment in plan.installment_ids:
    installment.write({"date": installment.date - days})
    if installment.date_warned:
        installment.write({"date_warned": installment.date_warned - days})
if plan.forfeit_date:
    plan.write({"forfeit_date": plan.forfeit_date - days})
"""


@pytest.fixture
def for_good(admin, company, outgoing_mail):
    """The company writes to its customers: a warning in test mode starts no delay."""
    admin.call("res.company", "write", [company], {"recouvrement_test_mode": False})
    yield
    admin.call("res.company", "write", [company], {"recouvrement_test_mode": True})


@pytest.fixture
def customer(admin, connect):
    """A customer of the collector with two invoices, reminded once."""
    name = f"Brasserie {time.time_ns() % 10**6}-Garric"
    partner = bill(admin, name, AMOUNTS, LATE)
    return give_to(connect, partner, "collector")


@pytest.fixture
def reminded(admin, connect, customer, mailbox):
    """A first reminder has left, three weeks ago."""
    manager = connect("manager")
    run = manager.call(
        RUN,
        "create",
        {
            "name": "Première relance",
            "policy_ids": [(6, 0, [admin.ref("recouvrement.policy_company")])],
            "collector_ids": [(6, 0, [connect("collector").uid])],
        },
    )
    manager.call(RUN, "action_propose", [run])
    wait_for(lambda: state(manager, RUN, run) != "proposing")
    own = [("run_id", "=", run), ("debtor_id", "=", customer["id"])]
    [reminder] = manager.search_read(REMINDER, own, ["rank"])
    manager.call(REMINDER, "action_approve", [reminder["id"]])
    manager.call(REMINDER, "action_send_now", [reminder["id"]])
    wait_for(lambda: state(manager, REMINDER, reminder["id"]) == "sent")
    manager.call(RUN, "action_cancel", [run])
    mailbox.clear()
    return reminder["rank"]


def test_a_plan_is_missed_warned_and_ended(
    desk_of, phone_of, connect, admin, for_good, customer, reminded, mailbox
):
    rpc = connect("collector")
    desk = desk_of("collector")
    path = address_of(rpc, customer["id"])
    phone = phone_of("customer")
    plan = offered(desk, customer)
    admin.run(SIGN, plan=plan)
    assert decisions(rpc, customer) == {("plan", None)}
    wait_for(lambda: written(mailbox, "accord"))
    mailbox.clear()

    # The first instalment was due, and the days of grace are over.
    admin.run(BACK, plan=plan, days=days_to_first(rpc, plan) + 15)
    admin.run_cron(CRON)
    assert state(rpc, PLAN, plan) == "late"
    wait_for(lambda: written(mailbox, "450,00"))
    the_collector_sees_it(desk, customer, plan, "late", ends=False)
    the_customer_sees_it(phone, path, plan, late=True)

    # The days of the warning are over too.
    mailbox.clear()
    admin.run(BACK, plan=plan, days=30)
    admin.run_cron(CRON)
    assert state(rpc, PLAN, plan) == "late", "a person ends it"
    the_collector_sees_it(desk, customer, plan, "late", ends=True)
    desk.press("action_forfeit")
    assert desk.status() == "defaulted"
    wait_for(lambda: written(mailbox, "1 350,00"))

    back_to_the_reminders(rpc, customer, reminded)
    the_collector_sees_it(desk, customer, plan, "defaulted", ends=False)
    the_customer_sees_it(phone, path, plan, late=False)


def written(mailbox, words):
    """E-mails to the customer that hold some words."""
    return [
        mail
        for mail in mailbox.deliveries
        if "garric" in mail.recipients[0]
        and words in f"{mail.subject} {mail.html}".replace("\N{NO-BREAK SPACE}", " ")
    ]


def days_to_first(rpc, plan):
    [row] = rpc.call(PLAN, "read", [plan], ["first_date"])
    return (date.fromisoformat(row["first_date"]) - today()).days


def the_collector_sees_it(desk, customer, plan, standing, ends):
    """In the tab of the plans, on the 360° page, then on the plan."""
    desk.open("my-portfolio")
    desk.search(customer["partner_id"][1])
    desk.page.locator('.o_recouvrement_tabs [data-kind="plan_default"]').click()
    desk.wait_idle()
    expect(desk.rows()).to_have_count(1)
    desk.cell(desk.row(customer["partner_id"][1]), "partner_id").click()
    view = Page360(desk)
    view.wait()
    expect(view.event("plan")).to_be_visible()
    block = view.page.locator('.o_recouvrement_block[data-name="plans"]')
    if standing == "late":
        block.locator(f'[data-model="{PLAN}"]').first.click()
        desk.wait_view("form")
        assert desk.record_id() == plan
        assert desk.status() == "late"
        expect(desk.button("action_forfeit")).to_have_count(1 if ends else 0)
    assert desk.overflow() <= 0


def the_customer_sees_it(phone, path, plan, late):
    phone.open(path)
    alert = phone.page.locator(".alert-warning").filter(
        has=phone.page.locator(f'a[href$="/plan/{plan}"]')
    )
    expect(alert).to_be_visible()
    badges = phone.page.locator("tbody .badge")
    expect(badges).to_have_count(len(AMOUNTS) if late else 0)
    assert phone.overflow() <= 0
    alert.locator("a").click()
    phone.page.wait_for_url(f"**/plan/{plan}")
    expect(phone.page.locator("h1 + p .badge")).to_have_class("badge text-bg-warning")
    assert phone.overflow() <= 0


def back_to_the_reminders(rpc, customer, reached):
    """They wait for the days of the policy, then for the level after the one they
    had reached."""
    items = open_items(rpc, customer["id"])
    assert {item["collection_status"] for item in items} == {"to_chase"}
    assert decisions(rpc, customer, today() + timedelta(days=30)) == {
        ("chase", reached + 1)
    }
