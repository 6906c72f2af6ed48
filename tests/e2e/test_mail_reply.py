"""A customer answers a reminder by e-mail: the answer arrives at its account, stops the
next reminder until the collector has read it."""

import time
from email.message import EmailMessage

import pytest
from invoicing import bill, give_to
from page360 import Page360
from playwright.sync_api import expect
from waiting import wait_for

DEBTOR = "recouvrement.debtor"
RUN = "recouvrement.dunning.run"
REMINDER = "recouvrement.reminder"
DECISION = "recouvrement.dunning.decision"
WORDS = "Bonjour, la facture est au visa du directeur, nous revenons vers vous."
# A policy reminds again after so many days; these are past every delay.
LATE = 40


@pytest.fixture
def customer(admin, connect):
    """A customer of the collector with two invoices long overdue."""
    partner = bill(
        admin, f"Clinique Bonsecours-{time.time_ns() % 10**6}", [1240.0, 77.3], LATE
    )
    return give_to(connect, partner, "collector")


@pytest.fixture
def campaign(admin, connect, customer):
    """``campaign()``: what a new campaign proposes to send to the customer."""
    manager = connect("manager")
    runs = []

    def propose():
        run = manager.call(
            RUN,
            "create",
            {
                "name": "Relance d'un client qui répond",
                "policy_ids": [(6, 0, [admin.ref("recouvrement.policy_company")])],
                "collector_ids": [(6, 0, [connect("collector").uid])],
            },
        )
        runs.append(run)
        manager.call(RUN, "action_propose", [run])
        wait_for(lambda: state(manager, RUN, run) != "proposing")
        own = [("run_id", "=", run), ("debtor_id", "=", customer["id"])]
        return [row["id"] for row in manager.search_read(REMINDER, own, ["id"])]

    yield propose
    for run in runs:
        manager.call(RUN, "action_cancel", [run])


def state(rpc, model, number):
    """State of a record."""
    [row] = rpc.call(model, "read", [number], ["state"])
    return row["state"]


@pytest.fixture(scope="module")
def gateway(admin, company):
    """Address that the customers of the company write to."""
    known = admin.search_read("mail.alias.domain", [], ["name"], limit=1)
    if known:
        domain, name = known[0]["id"], known[0]["name"]
    else:
        name = "courrier.example.com"
        domain = admin.call("mail.alias.domain", "create", {"name": name})
    values = {"alias_domain_id": domain, "recouvrement_alias_name": "relances"}
    admin.call("res.company", "write", [company], values)
    return f"relances@{name}"


def test_an_answer_stops_the_next_reminder_until_it_is_read(
    desk_of, connect, admin, gateway, customer, campaign, mailbox
):
    manager = connect("manager")
    [reminder] = campaign()
    manager.call(REMINDER, "action_approve", [reminder])
    receive(admin, customer, gateway, "Facture en cours de visa")
    manager.call(REMINDER, "action_send_now", [reminder])
    wait_for(lambda: state(manager, REMINDER, reminder) != "queued")
    assert state(manager, REMINDER, reminder) == "cancelled"
    assert not mailbox.deliveries, "the reminder under way did not leave"
    assert reasons(connect("collector"), customer) == {"answered"}
    assert not campaign()

    desk = desk_of("collector")
    the_collector_reads_it(desk, customer, "Facture en cours de visa")
    assert reasons(connect("collector"), customer) == {"chase"}
    [reminder] = campaign()
    manager.call(REMINDER, "action_approve", [reminder])
    manager.call(REMINDER, "action_send_now", [reminder])
    [mail] = mailbox.wait_for(1)

    # This time the customer presses "reply".
    receive(admin, customer, mail.message["Reply-To"], f"Re : {mail.subject}", mail)
    assert reasons(connect("collector"), customer) == {"answered"}
    the_collector_reads_it(desk, customer, mail.subject)
    assert "answered" not in reasons(connect("collector"), customer)


def the_collector_reads_it(desk, customer, subject):
    the_worklist_shows_it(desk, customer)
    desk.cell(desk.row(customer["partner_id"][1]), "partner_id").click()
    view = Page360(desk)
    view.wait()
    expect(view.event("answer")).to_contain_text(subject)
    expect(view.page.locator(".o_recouvrement_desk_body")).to_contain_text(WORDS)
    assert desk.overflow() <= 0
    desk.press("action_mark_answer_read")
    expect(desk.button("action_mark_answer_read")).to_have_count(0)
    it_is_there_no_more(desk, customer)


def receive(admin, customer, to, subject, answered=None):
    """Hand a letter of the customer to Odoo's mail gateway, as the mail server does.

    :param answered: the e-mail of ours that the customer answers
    """
    [partner] = admin.call(
        "res.partner", "read", [customer["partner_id"][0]], ["email"]
    )
    letter = EmailMessage()
    letter["From"] = f"Service comptable <{partner['email']}>"
    letter["To"] = to
    letter["Subject"] = subject
    letter["Message-Id"] = f"<{time.time_ns()}@clinique.example.com>"
    if answered:
        letter["In-Reply-To"] = letter["References"] = answered.message["Message-Id"]
    letter.set_content(WORDS)
    admin.call("mail.thread", "message_process", False, letter.as_string())


def reasons(rpc, customer):
    """What a campaign of today would say of the items."""
    own = [("debtor_id", "=", customer["id"])]
    return {row["reason"] for row in rpc.search_read(DECISION, own, ["reason"])}


def the_worklist_shows_it(desk, customer):
    """In the tab of the replies."""
    desk.open("my-portfolio")
    desk.search(customer["partner_id"][1])
    tab = desk.page.locator('.o_recouvrement_tabs [data-kind="reply"]')
    expect(tab.locator(".badge")).to_have_text("1")
    tab.click()
    desk.wait_idle()
    expect(desk.rows()).to_have_count(1)
    expect(desk.row(customer["partner_id"][1])).to_be_visible()


def it_is_there_no_more(desk, customer):
    desk.open("my-portfolio")
    desk.search(customer["partner_id"][1])
    tab = desk.page.locator('.o_recouvrement_tabs [data-kind="reply"]')
    expect(tab).to_have_count(0)
