"""Mandates: taken over from a file with faults, made for who lacks one, signed on
paper, registered by the customer's bank; and what the customer sees of them."""

import time
from datetime import timedelta

import pytest
from days import today
from debits import MANDATE, NEW_IBAN, OLD_IBAN, enter, put_in_use
from documents import pdf_pages
from invoicing import bill, give_to
from phone import address_of
from playwright.sync_api import expect
from test_customer_page import a_page

WIZARD = "recouvrement.sepa.mandate.decision"
SEPA = '[data-menu-xmlid="recouvrement_sepa.menu_recouvrement_sepa{}"]'


@pytest.fixture
def for_good(admin, company, outgoing_mail):
    """The company writes to its customers."""
    admin.call("res.company", "write", [company], {"recouvrement_test_mode": False})
    yield
    admin.call("res.company", "write", [company], {"recouvrement_test_mode": True})


@pytest.fixture
def customer(admin, connect):
    """A customer of the collector who is to pay by direct debit."""
    name = f"Imprimerie {time.time_ns() % 10**6}-Lumine"
    partner = bill(admin, name, [930.0], vat="FR23334175221")
    debtor = give_to(connect, partner, "collector")
    admin.call("recouvrement.debtor", "write", [debtor["id"]], {"sepa_mode": "yes"})
    return debtor


def mandates(rpc, customer, *names):
    return rpc.search_read(
        MANDATE, [("debtor_id", "=", customer["id"])], ["name", "state", *names]
    )


# Taking over


def test_a_file_with_faults_is_controlled_line_by_line(desk_of, connect, customer):
    desk, rpc = desk_of("accountant"), connect("accountant")
    signed = today() - timedelta(days=400)
    good = f"ANCIEN-{time.time_ns() % 10**7}"
    name = customer["partner_id"][1]
    lines = [
        "RUM;Client;Schéma;IBAN;Date de signature",
        f"{good};{name};CORE;{NEW_IBAN};{signed:%d/%m/%Y}",
        f"{good}-2;{name};CORE;FR7630006000011234567890188;{signed:%d/%m/%Y}",
        f"{good}-3;Personne de connu;CORE;{NEW_IBAN};{signed:%d/%m/%Y}",
        f"{good}-4;{name};SEPA;{NEW_IBAN};{signed:%d/%m/%Y}",
        f"{good}-5;{name};CORE;{NEW_IBAN};31/02/2026",
        f"{good};{name};CORE;{NEW_IBAN};{signed:%d/%m/%Y}",
    ]
    desk.enter_app()
    for entry in ("", "_mandate_import"):
        desk.page.locator(SEPA.format(entry)).locator("visible=true").first.click()
    wizard = desk.wizard()
    wizard.locator("input[type=file]").set_input_files(
        {
            "name": "mandats.csv",
            "mimeType": "text/csv",
            "buffer": "\r\n".join(lines).encode(),
        }
    )
    desk.wait_idle()
    desk.press("action_preview", wizard)
    wizard = desk.wizard()
    rows = desk.rows(wizard)
    expect(rows).to_have_count(len(lines) - 1)
    remarks = [
        text.strip() for text in rows.locator("td[name=remark]").all_inner_texts()
    ]
    assert not remarks[0] and all(remarks[1:]), remarks
    assert int(desk.read("ready_count", wizard)) == 1
    assert int(desk.read("refused_count", wizard)) == len(lines) - 2
    assert desk.overflow() <= 0
    desk.press("action_load", wizard)
    [found] = mandates(rpc, customer, "iban")
    assert (found["name"], found["state"]) == (good, "active")
    assert found["iban"] == NEW_IBAN


# On paper


def test_who_lacks_a_mandate_returns_it_on_paper(
    desk_of, connect, for_good, customer, mailbox
):
    desk, rpc = desk_of("collector"), connect("collector")
    name = customer["partner_id"][1]
    row = listed_without(desk, name)
    desk.press("action_new_mandate", row)
    desk.wait_view("form")
    desk.type_in("iban", OLD_IBAN)
    desk.field("scheme").locator("input[data-value=CORE]").check()
    desk.save()
    desk.press("action_send")
    desk.wait_status("sent")
    expect(listed_without(desk, name)).to_be_visible()

    [found] = mandates(rpc, customer)
    desk.open(f"direct-debit-mandates/{found['id']}")
    with desk.download() as file:
        desk.button("action_print").first.click()
    assert found["name"] in " ".join(pdf_pages(file))
    on_paper(desk)
    desk.wait_status("active")
    enter(desk, "sepa_without_mandate")
    desk.search(name)
    expect(desk.rows()).to_have_count(0)


def listed_without(desk, name):
    enter(desk, "sepa_without_mandate")
    desk.search(name)
    expect(desk.rows()).to_have_count(1)
    return desk.row(name)


def on_paper(desk):
    """The signed form came back by post and was scanned."""
    desk.press("action_sign_paper")
    wizard = desk.wizard()
    desk.type_in("name", "Paule Lumine", wizard)
    wizard.locator(".o_field_widget[name=document] input[type=file]").set_input_files(
        {"name": "mandat.pdf", "mimeType": "application/pdf", "buffer": a_page()}
    )
    desk.wait_idle()
    desk.confirm()


def test_a_mandate_between_companies_waits_for_the_bank(
    desk_of, connect, for_good, customer, mailbox
):
    desk, rpc = desk_of("collector"), connect("collector")
    enter(desk, "sepa_mandates")
    desk.page.locator(".o_list_button_add, .o-kanban-button-new").first.click()
    desk.wait_view("form")
    desk.pick("debtor_id", customer["partner_id"][1])
    desk.type_in("iban", OLD_IBAN)
    desk.field("scheme").locator("input[data-value=B2B]").check()
    desk.save()
    desk.press("action_send")
    desk.wait_status("sent")
    on_paper(desk)
    desk.wait_status("signed")
    expect(desk.page.locator(".o_form_view .alert-warning:visible")).to_have_count(1)
    [found] = mandates(rpc, customer, "can_collect")
    assert not found["can_collect"]
    desk.press("action_registered")
    desk.confirm()
    desk.wait_status("active")
    assert desk.overflow() <= 0


# The customer


def test_the_customer_sees_the_mandates(desk_of, phone_of, connect, admin, customer):
    """On a telephone: the account is not shown whole, and revoking stops at once."""
    put_in_use(admin, customer)
    rpc = connect("collector")
    [found] = mandates(rpc, customer)
    phone = phone_of("customer")
    path = address_of(rpc, customer["id"])
    assert phone.open(f"{path}/mandates") == 200
    assert phone.overflow() <= 0
    body = phone.page.locator("#wrap")
    expect(body).to_contain_text(found["name"])
    expect(body).to_contain_text(OLD_IBAN[-4:])
    expect(body).not_to_contain_text(OLD_IBAN)
    phone.page.locator(f'a[href$="/mandate/{found["id"]}"]').first.click()
    assert phone.overflow() <= 0
    revoke = phone.page.locator("details").filter(
        has=phone.page.locator("form[action$='/revoke']")
    )
    revoke.locator("summary").click()
    assert phone.overflow() <= 0
    revoke.locator("button[type=submit]").click()
    expect(phone.page.locator(".alert-success")).to_be_visible()
    assert mandates(rpc, customer)[0]["state"] == "suspended"
    desk = desk_of("collector")
    desk.open(f"direct-debit-mandates/{found['id']}")
    assert desk.status() == "suspended"
