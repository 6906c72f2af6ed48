"""A customer disputes a part of an invoice on the own page; who delivered answers by a
link; the credit note that is posted closes the dispute."""

import time
from urllib.parse import urlsplit

import pytest
from conftest import SHOTS
from invoicing import bill, give_to, open_items
from page360 import Page360
from phone import address_in
from playwright.sync_api import expect

DISPUTE = "recouvrement.dispute"
REQUEST = "recouvrement.request"
WORDS = "Il manquait deux cartons, voir les réserves du bon."
QUESTION = "Qu'avez-vous livré chez ce client ?"
ANSWER = "Un carton est resté au dépôt."
PART = 300.0


@pytest.fixture
def debtor(admin, connect):
    """A customer of the collector with two overdue invoices."""
    partner = bill(admin, "Menuiserie Roy", [1000.0, 450.0], days=20)
    return give_to(connect, partner, "collector")


@pytest.fixture
def driver(admin):
    """Somebody who delivers, without a login."""
    name = f"Paul Livreur {time.time_ns() % 10**6}"
    values = {"name": name, "email": "paul@example.com", "lang": "fr_FR"}
    admin.call("res.partner", "create", values)
    return name


@pytest.fixture
def shots():
    """``shots(page, name)``: a picture to look at."""
    SHOTS.mkdir(parents=True, exist_ok=True)

    def take(page, name):
        page.screenshot(path=SHOTS / f"disputes-{name}.png")

    return take


def test_a_dispute_goes_from_the_portal_to_the_credit_note(
    desk_of, phone_of, connect, debtor, driver, mailbox, shots
):
    desk = desk_of("collector")
    item = max(
        open_items(desk.rpc, debtor["id"]),
        key=lambda one: one["amount_residual_currency"],
    )
    phone = phone_of("customer")
    the_customer_disputes_a_part(phone, desk, debtor, item, shots)
    dispute = the_collector_accepts(desk, debtor)
    the_rest_is_still_asked_for(desk, debtor, item, shots)
    path = the_collector_asks_the_driver(desk, dispute, driver, mailbox, shots)
    the_driver_answers(phone_of("driver"), path, shots)
    the_collector_decides(desk, dispute, shots)
    the_accountant_posts_and_it_closes(desk_of("accountant"), desk, dispute, shots)
    the_screens_hold_on_a_telephone(desk_of, shots)


def the_customer_disputes_a_part(phone, desk, debtor, item, shots):
    action = desk.rpc.call("recouvrement.debtor", "action_portal_link", [debtor["id"]])
    [wizard] = desk.rpc.call(action["res_model"], "read", [action["res_id"]], ["url"])
    base = urlsplit(wizard["url"]).path
    assert phone.open(f"{base}/ask/dispute?items={item['id']}") == 200
    page = phone.page
    page.select_option("#reason", "quantity")
    page.fill("#part", f"{PART:.2f}")
    page.fill("textarea[name=text]", WORDS)
    shots(page, "portal")
    assert phone.overflow() <= 0
    page.locator("form[method=post] button[type=submit]").click()
    page.wait_for_url("**/requests?sent=dispute")


def the_collector_accepts(desk, debtor):
    [request] = desk.rpc.search_read(
        REQUEST,
        [("debtor_id", "=", debtor["id"]), ("kind", "=", "dispute")],
        ["amount", "reason_code", "state"],
    )
    assert (request["amount"], request["reason_code"]) == (PART, "quantity")
    desk.open(f"{REQUEST}/{request['id']}")
    desk.wait_view("form")
    desk.press("action_accept")
    expect(desk.button("action_view_dispute")).to_be_visible()
    [dispute] = desk.rpc.search_read(
        DISPUTE,
        [("request_id", "=", request["id"])],
        ["name", "amount_company", "source", "state"],
    )
    assert (dispute["amount_company"], dispute["source"]) == (PART, "portal")
    return dispute


def the_rest_is_still_asked_for(desk, debtor, item, shots):
    view = Page360(desk)
    view.open(debtor["id"])
    block = view.page.locator('.o_recouvrement_block[data-name="disputes"]')
    expect(block).to_be_visible()
    badge = view.page.locator(".badge.text-bg-warning").filter(has_text="300")
    expect(badge.first).to_be_visible()
    shots(desk.page, "desk")
    [now] = desk.rpc.search_read(
        "recouvrement.open.item",
        [("id", "=", item["id"])],
        ["collection_status", "amount_disputed"],
    )
    assert (now["collection_status"], now["amount_disputed"]) == ("to_chase", PART)


def the_collector_asks_the_driver(desk, dispute, driver, mailbox, shots):
    desk.open(f"disputes/{dispute['id']}")
    desk.wait_view("form")
    shots(desk.page, "form")
    desk.press("action_ask")
    wizard = desk.wizard()
    desk.pick("partner_id", driver, wizard)
    desk.type_in("question", QUESTION, wizard)
    desk.confirm()
    # The answer to the customer's request, then the question.
    mails = mailbox.wait_for(2)
    return next(address_in(mail) for mail in mails if "/dispute/" in mail.html)


def the_driver_answers(phone, path, shots):
    assert phone.open(path) == 200
    assert phone.lang() == "fr"
    page = phone.page
    expect(page.locator("main")).to_contain_text(WORDS)
    expect(page.locator("main")).to_contain_text(QUESTION)
    shots(page, "link")
    assert phone.overflow() <= 0
    page.check("#proposal_partly")
    page.fill("#answer", ANSWER)
    page.fill("#amount", "150")
    phone.send()
    expect(page.locator(".alert-success")).to_be_visible()
    assert phone.overflow() <= 0


def the_collector_decides(desk, dispute, shots):
    desk.reload()
    desk.wait_view("form")
    expect(desk.page.locator(".o_form_view")).to_contain_text(ANSWER)
    desk.press("action_conclude")
    wizard = desk.wizard()
    desk.field("outcome", wizard).locator("input[data-value=founded]").check()
    desk.type_in("reason", "Bon de livraison incomplet", wizard)
    shots(desk.page, "conclude")
    desk.confirm()
    row = read(desk, dispute)
    assert (row["state"], row["outcome"]) == ("open", "founded")
    assert len(row["credit_move_ids"]) == 1


def the_accountant_posts_and_it_closes(accountant, desk, dispute, shots):
    [credit] = read(accountant, dispute)["credit_move_ids"]
    [before] = accountant.rpc.search_read(
        "account.move", [("id", "=", credit)], ["state", "amount_total"]
    )
    assert (before["state"], before["amount_total"]) == ("draft", PART)
    accountant.open(f"account.move/{credit}")
    accountant.wait_view("form")
    accountant.press("action_post")
    accountant.wait_idle()
    for _try in range(20):
        row = read(desk, dispute)
        if row["state"] == "closed":
            break
        time.sleep(0.5)
    assert (row["state"], row["outcome"]) == ("closed", "founded")
    desk.open("disputes")
    desk.wait_view("kanban")
    shots(desk.page, "kanban")


def the_screens_hold_on_a_telephone(desk_of, shots):
    phone = desk_of("collector", width=390, height=844)
    for path, kind in (
        ("disputes", "kanban"),
        ("my-disputes", "kanban"),
        ("short-payments", "kanban"),
    ):
        phone.open(path)
        phone.wait_view(kind)
        shots(phone.page, f"phone-{path}")
        assert phone.overflow() <= 0


def read(desk, dispute):
    [row] = desk.rpc.search_read(
        DISPUTE,
        [("id", "=", dispute["id"])],
        ["state", "outcome", "credit_move_ids"],
    )
    return row
