"""A customer reconciles its account on a telephone and signs; the collector deals with
the differences and signs for the company."""

from datetime import timedelta

import pytest
from days import today
from invoicing import bill, give_to, open_items
from phone import address_in
from playwright.sync_api import expect

MINUTES = "recouvrement.reconciliation"
LINE = "recouvrement.reconciliation.line"
SIGNATORY = "Hélène Vasseur"


@pytest.fixture
def customer(admin, connect):
    """A customer of the collector with three invoices, a week overdue."""
    partner = bill(admin, "Librairie des Remparts", (1200.5, 350.25, 640.0))
    return give_to(connect, partner, "collector")


@pytest.fixture
def minutes(connect, customer, mailbox):
    """Minutes of today, sent: their id and the path of the customer's page."""
    rpc = connect("collector")
    values = {"debtor_id": customer["id"], "as_of": f"{today()}"}
    number = rpc.call(MINUTES, "create", values)
    rpc.call(MINUTES, "action_send", [number])
    [mail] = mailbox.wait_for(1)
    assert f"/reconciliation/{number}" in mail.html
    return number, address_in(mail)


def test_a_customer_reconciles_its_account(
    desk_of, phone_of, connect, customer, minutes
):
    number, path = minutes
    rpc = connect("collector")
    items = open_items(rpc, customer["id"])
    phone = phone_of("customer")
    answers(phone, path, number, items)
    signs(phone, number)
    [row] = rpc.search_read(
        MINUTES, [("id", "=", number)], ["state", "signed_name", "difference_count"]
    )
    assert (row["state"], row["signed_name"]) == ("answered", SIGNATORY)
    assert row["difference_count"] == 3
    settles_and_signs(desk_of("collector"), rpc, number, items)
    assert phone.open(f"{path}/reconciliation/{number}") == 200
    expect(phone.page.locator(".alert-success")).to_be_visible()


def answers(phone, path, number, items):
    """One paid, one of another amount, the rest agreed, one item of its own."""
    phone.open(path)
    phone.page.locator(f'a[href$="/reconciliation/{number}"]').click()
    phone.page.wait_for_url(f"**/reconciliation/{number}")
    assert phone.lang() == "fr"
    rows = phone.page.locator(".o_reconcile_row")
    expect(rows).to_have_count(len(items))
    first, second = rows.nth(0), rows.nth(1)
    expect(first.locator("input[type=date]")).to_be_hidden()
    first.locator("select").select_option("paid")
    first.locator("input[type=date]").fill(f"{today() - timedelta(days=2)}")
    second.locator("select").select_option("differs")
    second.locator(".o_reconcile_differs input").fill("300,25")
    phone.page.select_option("#extra_kind", "credit_note")
    phone.page.fill("#extra_name", "AV 12")
    phone.page.fill("#extra_date", f"{today() - timedelta(days=5)}")
    phone.page.fill("#extra_amount", "40")
    assert phone.overflow() <= 0
    phone.page.locator("button[value=agree]").click()
    expect(phone.page.locator(".alert-success[role=status]")).to_be_visible()
    phone.page.locator("button[value=complete]").click()
    expect(phone.page.locator(".o_receivable_sign")).to_be_visible(timeout=60_000)
    assert phone.overflow() <= 0


def signs(phone, number):
    with phone.page.expect_download() as document:
        phone.page.locator('a[href$="/minutes.pdf"]').click()
    with open(document.value.path(), "rb") as handle:
        assert handle.read(5) == b"%PDF-"
    form = phone.page.locator(".o_receivable_sign")
    form.locator("input[name=signer], input.o_web_sign_name_input").fill(SIGNATORY)
    expect(form.locator("canvas")).to_be_visible()
    submit = form.locator("button.o_portal_sign_submit")
    expect(submit).to_be_enabled()
    submit.click()
    signed = phone.page.locator(f'a[href$="/reconciliation/{number}/signed.pdf"]')
    expect(signed).to_be_visible(timeout=60_000)


def settles_and_signs(desk, rpc, number, items):
    """From the form: a dispute of one item, a check of another, then the signature."""
    page = desk.page
    page.goto(f"{desk.url}/odoo/reconciliations/{number}", wait_until="commit")
    desk.wait_view("form")
    page.locator(".o_notebook a[name=differences]").click()
    rows = page.locator("[name=difference_line_ids] .o_data_row")
    expect(rows).to_have_count(2)
    rows.nth(1).locator("button[name=action_dispute]").click()
    desk.wait_idle()
    rows.nth(0).locator("button[name=action_payment_check]").click()
    desk.wait_idle()
    page.locator("button[name=action_sign]").click()
    expect(page.locator("button[name=action_sign]")).to_be_hidden(timeout=60_000)
    fields = ["treatment", "state", "move_line_id"]
    domain = [("reconciliation_id", "=", number), ("is_difference", "=", True)]
    lines = rpc.search_read(LINE, domain, fields)
    assert [line["treatment"] for line in lines] == ["payment_check", "dispute"]
    assert {line["state"] for line in lines} == {"signed"}
    [disputed] = rpc.search_read(
        "recouvrement.open.item",
        [("id", "=", lines[1]["move_line_id"][0])],
        ["collection_status"],
    )
    assert disputed["collection_status"] == "disputed"
    assert lines[1]["move_line_id"][0] in [item["id"] for item in items]
