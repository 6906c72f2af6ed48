"""A customer answers a reminder on a telephone, in French then in German; the collector
decides at the desk; the customer reads the decisions."""

import io
from datetime import timedelta
from decimal import Decimal

import pytest
from days import today
from desk import amount
from invoicing import ITEMS, bill, give_to, in_days, open_items
from page360 import Page360
from phone import address_in
from playwright.sync_api import expect
from pypdf import PdfWriter
from waiting import wait_for

RUN = "recouvrement.dunning.run"
REMINDER = "recouvrement.reminder"
REQUEST = "recouvrement.request"
PLAN = "recouvrement.payment.plan"
AMOUNTS = (1200.5, 350.25, 640.0, 88.4, 930.1, 410.0)
SIGNATORY = "Hélène Vasseur"
WRONG = "Deux palettes manquaient à la livraison, voir la photo du bon."


def a_page():
    """A small PDF."""
    stream = io.BytesIO()
    document = PdfWriter()
    document.add_blank_page(200, 200)
    document.write(stream)
    return stream.getvalue()


@pytest.fixture
def customer(admin, connect):
    """A customer of the collector with six invoices, a week overdue."""
    partner = bill(admin, "Pharmacie des Halles", AMOUNTS)
    return give_to(connect, partner, "collector")


@pytest.fixture
def reminder(admin, connect, customer, mailbox):
    """The e-mail that reminds the customer, as it leaves for the test address."""
    manager = connect("manager")
    run = manager.call(
        RUN,
        "create",
        {
            "name": "Relance d'un client",
            "policy_ids": [(6, 0, [admin.ref("recouvrement.policy_company")])],
            "collector_ids": [(6, 0, [connect("collector").uid])],
        },
    )
    manager.call(RUN, "action_propose", [run])
    own = [("run_id", "=", run), ("debtor_id", "=", customer["id"])]
    [found] = wait_for(lambda: manager.search_read(REMINDER, own, ["channel"]))
    assert found["channel"] == "email"
    manager.call(REMINDER, "action_approve", [found["id"]])
    manager.call(REMINDER, "action_send_now", [found["id"]])
    [mail] = mailbox.wait_for(1)
    yield mail
    wait_for(lambda: settled(manager, run))
    manager.call(RUN, "action_cancel", [run])


def settled(rpc, run):
    """Whether a campaign has finished proposing."""
    [row] = rpc.search_read(RUN, [("id", "=", run)], ["state"])
    return row["state"] != "proposing"


def test_a_customer_answers_a_reminder(
    desk_of, phone_of, connect, customer, reminder, mailbox
):
    rpc = connect("collector")
    items = open_items(rpc, customer["id"])
    path = address_in(reminder)
    phone = phone_of("customer")
    assert phone.open(path) == 200
    the_account_is_the_ledger(phone, rpc, customer, items)
    french = phone.heading()

    promises(phone, path, items[:2])
    disputes(phone, path, items[2])
    says_it_is_paid(phone, path, items[3])
    asks_for_a_copy(phone, path, items[4])
    assert not statuses(rpc, customer) - {"to_chase"}, "nothing is accepted yet"

    reads_it_in_german(phone, path, french, customer, rpc)
    desk = desk_of("collector")
    plan = the_collector_offers_a_plan(desk, customer, items[5])
    the_customer_signs_it(phone, path, rpc, plan)
    the_collector_decides(desk, customer, rpc, mailbox)
    the_customer_reads_the_decisions(phone, path, rpc, customer, items)
    the_address_is_withdrawn(desk, phone, path, customer)


def the_account_is_the_ledger(phone, rpc, customer, items):
    assert phone.lang() == "fr"
    owed = total(items)
    assert phone.totals() == [owed, 0, 0, owed]
    assert owed == Decimal(str(sum(AMOUNTS)))
    listed = phone.page.locator(".o_receivable_tick")
    expect(listed).to_have_count(len(items))
    assert phone.overflow() <= 0
    [visited] = rpc.search_read(
        "recouvrement.event",
        [("debtor_id", "=", customer["id"]), ("kind", "=", "portal")],
        ["summary"],
    )
    assert customer["partner_id"][1] in visited["summary"]


def total(items):
    return sum(
        (Decimal(str(item["amount_residual_currency"])) for item in items), Decimal(0)
    )


def statuses(rpc, customer):
    return {item["collection_status"] for item in open_items(rpc, customer["id"])}


def promises(phone, path, items):
    phone.open(path)
    for item in items:
        phone.tick(item["id"])
    assert phone.total(2) == total(items)
    phone.answer("promise")
    assert Decimal(phone.page.input_value("#amount")) == total(items)
    phone.page.fill("#day", f"{in_days(9)}")
    sent(phone, "promise")


def sent(phone, kind):
    """Send the form; the page says what was received and fits the telephone."""
    assert phone.overflow() <= 0
    phone.send()
    phone.page.wait_for_url(f"**/requests?sent={kind}")
    expect(phone.page.locator(".alert-success[role=status]")).to_be_visible()
    assert phone.overflow() <= 0


def disputes(phone, path, item):
    phone.open(path)
    phone.tick(item["id"])
    phone.answer("dispute")
    phone.page.select_option("#reason", index=1)
    phone.page.fill("#text", WRONG)
    phone.page.set_input_files(
        "#documents",
        {"name": "bon.pdf", "mimeType": "application/pdf", "buffer": a_page()},
    )
    sent(phone, "dispute")
    expect(phone.page.locator(".list-group-item").first).to_contain_text("bon.pdf")


def says_it_is_paid(phone, path, item):
    phone.open(path)
    phone.tick(item["id"])
    phone.answer("payment_check")
    phone.page.fill("#day", f"{today() - timedelta(days=2)}")
    phone.page.select_option("#means", "transfer")
    phone.page.fill("#reference", "VIR 4417")
    sent(phone, "payment_check")


def asks_for_a_copy(phone, path, item):
    phone.open(path)
    phone.tick(item["id"])
    phone.answer("duplicate")
    sent(phone, "duplicate")


def reads_it_in_german(phone, path, french, customer, rpc):
    phone.open(path)
    phone.page.locator("nav a[lang=de]").click()
    phone.page.wait_for_url("**lang=de*")
    assert phone.lang() == "de"
    assert phone.heading() != french
    owed = total(open_items(rpc, customer["id"]))
    assert phone.totals() == [owed, 0, 0, owed]
    assert phone.overflow() <= 0
    phone.open(f"{path}/requests")
    assert phone.lang() == "de", "the choice is remembered"
    assert len(phone.asked()) == 4


def the_collector_offers_a_plan(desk, customer, item):
    """From the 360° page, within the margin: it leaves at once."""
    view = Page360(desk)
    view.open(customer["id"])
    view.tick_item(item["id"])
    desk.press("action_plan")
    wizard = desk.wizard()
    shown = amount(desk.read("total", wizard))
    assert shown == Decimal(str(item["amount_residual_currency"]))
    expect(wizard.locator(".alert-warning:visible")).to_have_count(0)
    cells = wizard.locator("tbody td.text-end").all_inner_texts()
    assert sum(amount(cell) for cell in cells) == shown
    desk.press("action_offer", wizard)
    desk.wait_view("form")
    expect(desk.page.locator(".modal")).to_have_count(0)
    plan = desk.record_id()
    assert desk.status() == "offered"
    return plan


def the_customer_signs_it(phone, path, rpc, plan):
    phone.open(path)
    phone.page.locator(f'a[href$="/plan/{plan}"]').click()
    phone.page.wait_for_url(f"**/plan/{plan}")
    assert phone.lang() == "de"
    assert phone.overflow() <= 0
    with phone.page.expect_download() as agreement:
        phone.page.locator('a[href$="/agreement.pdf"]').click()
    with open(agreement.value.path(), "rb") as handle:
        assert handle.read(5) == b"%PDF-"
    form = phone.page.locator(".o_receivable_sign")
    form.locator("input[name=signer], input.o_web_sign_name_input").fill(SIGNATORY)
    phone.draw(form.locator("canvas"))
    form.locator("button.o_portal_sign_submit").click()
    signed = phone.page.locator(f'a[href$="/plan/{plan}/signed.pdf"]')
    expect(signed).to_be_visible(timeout=60_000)
    assert phone.overflow() <= 0
    [row] = rpc.search_read(
        PLAN, [("id", "=", plan)], ["state", "signed_name", "signed_hash"]
    )
    assert (row["state"], row["signed_name"]) == ("accepted", SIGNATORY)
    expect(phone.page.locator(".font-monospace").last).to_have_text(row["signed_hash"])


def the_collector_decides(desk, customer, rpc, mailbox):
    """Accepts the promise, the copy and the check; refuses the dispute."""
    [row] = rpc.search_read(
        "recouvrement.debtor",
        [("id", "=", customer["id"])],
        ["request_count", "work_codes", "to_work"],
    )
    assert row["request_count"] == 4
    assert row["to_work"] and " request " in row["work_codes"]
    mailbox.clear()
    asked = {
        request["kind"]: request["id"]
        for request in rpc.search_read(
            REQUEST, [("debtor_id", "=", customer["id"])], ["kind"]
        )
    }
    for kind in ("promise", "duplicate", "payment_check"):
        desk.open(f"customer-requests/{asked[kind]}")
        desk.press("action_accept")
        desk.open(f"customer-requests/{asked[kind]}")
        assert desk.status() == "done", kind
    desk.open(f"customer-requests/{asked['dispute']}")
    expect(desk.field("attachment_ids")).to_contain_text("bon")
    desk.press("action_refuse")
    wizard = desk.wizard()
    desk.type_in("reason", "Bon de livraison signé sans réserve.", wizard)
    desk.confirm()
    desk.open(f"customer-requests/{asked['dispute']}")
    assert desk.status() == "refused"


def the_customer_reads_the_decisions(phone, path, rpc, customer, items):
    states = {
        item["id"]: item["collection_status"]
        for item in rpc.search_read(
            ITEMS, [("debtor_id", "=", customer["id"])], ["collection_status"]
        )
    }
    expected = ["promised", "promised", "to_chase", "to_verify", "to_chase", "plan"]
    assert [states[item["id"]] for item in items] == expected

    phone.open(f"{path}?lang=fr_FR")
    assert phone.lang() == "fr"
    for item, status in zip(items, expected, strict=True):
        row = phone.page.locator("tr").filter(
            has=phone.page.locator(f'.o_receivable_tick[value="{item["id"]}"]')
        )
        badges = row.locator(".badge")
        expect(badges).to_have_count(0 if status == "to_chase" else 1)
    promise = phone.page.locator("p.alert strong")
    assert amount(promise.first.inner_text()) == total(items[:2])
    phone.open(f"{path}/requests")
    states = dict(phone.asked())
    assert len(states) == 4 and len(set(states.values())) == 2
    expect(phone.page.locator(".text-bg-danger")).to_have_count(1)
    expect(phone.page.locator("#wrap")).to_contain_text("signé sans réserve")
    assert phone.overflow() <= 0


def the_address_is_withdrawn(desk, phone, path, customer):
    """A wrong, a foreign and a withdrawn address look the same and say nothing."""
    number, signature = path.rsplit("-", 1)
    forged = f"{number}-{'0' * len(signature)}"
    assert phone.open(forged) == 404
    polite = phone.page.locator("#wrap").inner_text()
    assert phone.open(path) == 200

    Page360(desk).open(customer["id"])
    desk.page.locator(".o_recouvrement_menu").click()
    desk.page.locator('[data-name="action_portal_link"]').click()
    desk.press("action_revoke_all", desk.wizard())
    assert phone.open(path) == 404
    assert phone.page.locator("#wrap").inner_text() == polite
    assert customer["partner_id"][1] not in phone.page.content()
    assert phone.overflow() <= 0
    for page in ("/requests", "/ask/promise", "/pay", "/items.xlsx", "/statement.pdf"):
        assert phone.open(path + page) == 404, page
