"""Relays inside the company: a salesperson answers in Odoo what an activity asks; one
that nobody answered in time comes back to the collector."""

import time
from datetime import timedelta

import pytest
from days import today
from invoicing import bill, give_to
from page360 import Page360
from playwright.sync_api import expect

RELAY = "recouvrement.relay"
ACTIVITY = "mail.activity"
CRON = "recouvrement.ir_cron_relays"
QUESTION = "Le gérant ne répond plus : peux-tu passer le voir ?"
ANSWER = "Vu hier : il attend un avoir sur la dernière livraison."
PERSON = "Julie Moreau"


@pytest.fixture
def customer(admin, connect):
    """A customer of the collector that the salesperson knows."""
    name = f"Miroiterie {time.time_ns() % 10**6:06}-Vernet"
    debtor = give_to(connect, bill(admin, name, [1350.0], 30), "collector")
    known = {"salesperson_id": connect("salesperson").uid}
    connect("manager").call("recouvrement.debtor", "write", [debtor["id"]], known)
    return debtor


def test_a_salesperson_answers_in_odoo(desk_of, customer):
    desk, hers = desk_of("collector"), desk_of("salesperson")
    relay = asked(desk, customer)
    she_finds_the_activity(hers, customer)
    she_answers(hers, relay)
    it_came_back(desk, customer, ANSWER)
    handled(desk, customer, relay, "answered")


def test_marking_the_activity_done_answers_too(desk_of, customer):
    desk, hers = desk_of("collector"), desk_of("salesperson")
    relay = asked(desk, customer)
    hers.open(f"debtors/{customer['id']}")
    activity = hers.page.locator(".o-mail-Activity", has_text=QUESTION)
    activity.locator(".o-mail-Activity-markDone").click()
    popover = hers.page.locator(".o-mail-ActivityMarkAsDone")
    popover.locator("textarea").fill(ANSWER)
    popover.locator("button[aria-label=Done], .btn-primary").last.click()
    expect(activity).to_have_count(0)
    hers.wait_idle()
    it_came_back(desk, customer, ANSWER)
    handled(desk, customer, relay, "answered")


def test_a_relay_that_nobody_answers_comes_back(desk_of, admin, customer):
    desk = desk_of("collector")
    relay = asked(desk, customer)
    desk.open("my-portfolio")
    desk.search(customer["partner_id"][1])
    tab = desk.page.locator('.o_recouvrement_tabs [data-kind="relay"]')
    expect(tab).to_have_count(0)
    yesterday = today() - timedelta(days=1)
    admin.run(
        "env['recouvrement.relay'].sudo().browse(relay).write({'date_due': day})",
        relay=relay,
        day=f"{yesterday}",
    )
    admin.run_cron(CRON)
    it_came_back(desk, customer, f"Relais sans réponse de {PERSON}")
    the_collector_is_told(desk, customer)
    handled(desk, customer, relay, "returned")


def asked(desk, customer):
    """The salesperson of the customer is proposed; returns the relay."""
    view = Page360(desk)
    view.open(customer["id"])
    view.choose("action_relay")
    wizard = desk.wizard()
    assert desk.read("user_id", wizard) == PERSON
    desk.type_in("question", QUESTION, wizard)
    desk.confirm()
    expect(view.event("relay")).to_contain_text(PERSON)
    own = [("debtor_id", "=", customer["id"])]
    [row] = desk.rpc.search_read(RELAY, own, ["state"])
    assert row["state"] == "asked"
    return row["id"]


def she_finds_the_activity(desk, customer):
    """On the account of the customer, with the question."""
    own = [("res_id", "=", customer["id"]), ("user_id", "=", desk.rpc.uid)]
    assert desk.rpc.count(ACTIVITY, [*own, ("res_model", "=", "recouvrement.debtor")])
    desk.open(f"debtors/{customer['id']}")
    expect(desk.page.locator(".o-mail-Activity")).to_contain_text(QUESTION)
    assert desk.overflow() <= 0


def she_answers(desk, relay):
    """In the list of what she was asked."""
    desk.enter_app()
    desk.choose_menu("menu_recouvrement_relays_to_me")
    desk.filter(RELAY, "to_me")
    desk.open(f"relays/{relay}")
    desk.press("action_answer")
    wizard = desk.wizard()
    expect(desk.field("question", wizard)).to_contain_text(QUESTION)
    desk.field("outcome", wizard).locator('input[data-value="dispute"]').check()
    desk.type_in("answer", ANSWER, wizard)
    desk.confirm()
    desk.wait_status("answered")
    expect(desk.button("action_handle")).to_have_count(0)
    assert desk.overflow() <= 0


def it_came_back(desk, customer, words):
    """The customer is in the tab of the relays, its page says what came back."""
    desk.open("my-portfolio")
    desk.search(customer["partner_id"][1])
    desk.page.locator('.o_recouvrement_tabs [data-kind="relay"]').click()
    desk.wait_idle()
    expect(desk.rows()).to_have_count(1)
    desk.cell(desk.row(customer["partner_id"][1]), "partner_id").click()
    view = Page360(desk)
    view.wait()
    expect(view.event("relay")).to_contain_text(words)
    assert desk.overflow() <= 0


def the_collector_is_told(desk, customer):
    """By an activity of the own."""
    own = [
        ("res_model", "=", "recouvrement.debtor"),
        ("res_id", "=", customer["id"]),
        ("user_id", "=", desk.rpc.uid),
    ]
    [activity] = desk.rpc.search_read(ACTIVITY, own, ["summary", "date_deadline"])
    summary = " ".join(activity["summary"].split())
    assert summary == f"Pas de réponse de {PERSON}"
    assert activity["date_deadline"] == f"{today()}"


def handled(desk, customer, relay, state):
    """The collector deals with it: it leaves the worklist."""
    desk.page.locator(f'.o_recouvrement_block_item[data-model="{RELAY}"]').click()
    desk.wait_view("form")
    assert desk.record_id() == relay
    assert desk.status() == state
    desk.press("action_handle")
    Page360(desk).come_back(customer["id"])
    [row] = desk.rpc.call(
        "recouvrement.debtor", "read", [customer["id"]], ["work_codes"]
    )
    assert " relay " not in (row["work_codes"] or "")
    left = [("res_id", "=", customer["id"]), ("user_id", "=", desk.rpc.uid)]
    assert not desk.rpc.count(ACTIVITY, left)
