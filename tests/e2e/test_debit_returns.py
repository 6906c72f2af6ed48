"""Returns that a person finds the debit of, or enters from the bank's letter; and what
they cost, by reason."""

import time
from decimal import Decimal

import pytest
from days import today
from debits import (
    NEW_IBAN,
    OLD_IBAN,
    RETURN,
    bank_account,
    booked_debits,
    enter,
    load,
    notification,
    put_in_use,
    returned,
)
from desk import amount
from invoicing import bill, give_to, open_items
from page360 import Page360
from playwright.sync_api import expect

AMOUNTS = (715.3, 268.9)
FEE = "11,50"
STRANGER = "DE89370400440532013000"


@pytest.fixture(scope="module")
def account(admin, company):
    return bank_account(admin, company)


@pytest.fixture(scope="module")
def customers(admin, connect):
    """Two customers of the collector with a mandate and an invoice each."""
    found = []
    for place, total, iban in zip(
        ("Sud", "Nord"), AMOUNTS, (OLD_IBAN, NEW_IBAN), strict=True
    ):
        name = f"Transports {time.time_ns() % 10**6}-{place}"
        debtor = give_to(connect, bill(admin, name, [total], 21), "collector")
        put_in_use(admin, debtor, iban)
        found.append(debtor)
    return found


@pytest.fixture(scope="module")
def debits(admin, company, customers):
    """Their debits, booked."""
    return booked_debits(admin, company, customers)


def owed(rpc, customer):
    return [
        item["amount_residual_currency"] for item in open_items(rpc, customer["id"])
    ]


def test_a_person_finds_the_debit(desk_of, connect, customers, debits, account):
    """The bank names nothing that is ours: nobody guesses, a person chooses."""
    desk, rpc = desk_of("accountant"), connect("accountant")
    customer, debit = customers[0], debits[0]
    assert debit["state"] == "booked" and not owed(rpc, customer)
    number = f"MUET-{time.time_ns() % 10**8}"
    booking = returned(
        debit,
        "MS03",
        end_to_end_id="NOTPROVIDED",
        rum=number,
        iban=STRANGER,
        debtor_name=f"TRSP {number}",
    )
    content = notification(account, number, today(), [booking])
    load(desk, f"{number}.xml", content)
    assert not owed(rpc, customer), "nothing moves before somebody decides"

    enter(desk, "sepa_returns")
    desk.filter(RETURN, "to_match")
    desk.search(number)
    expect(desk.rows()).to_have_count(1)
    desk.open_row(desk.rows().first, "date")
    assert desk.status() == "to_match"
    expect(desk.page.locator(".o_form_view .alert-warning")).to_be_visible()
    desk.press("action_match")
    wizard = desk.wizard()
    desk.pick("line_id", debit["end_to_end_id"], wizard)
    desk.type_in("note", "Confirmé par la banque au téléphone.", wizard)
    assert desk.overflow() <= 0
    desk.confirm()
    desk.wait_status("done")
    expect(desk.field("matched_by_id")).to_contain_text("Marc Lefèvre")
    assert owed(rpc, customer) == [AMOUNTS[0]]
    view = Page360(desk_of("collector"))
    view.open(customer["id"])
    expect(view.event("debit")).to_be_visible()


def test_a_letter_of_the_bank_is_entered(desk_of, connect, customers, debits, account):
    """By hand, with the bank's fee; the statement that follows tells nothing new."""
    desk, rpc = desk_of("accountant"), connect("accountant")
    customer, debit = customers[1], debits[1]
    enter_dialog(desk)
    wizard = desk.wizard()
    desk.pick("line_id", debit["end_to_end_id"], wizard)
    desk.pick("reason_id", "AM04", wizard)
    assert amount(desk.read("amount", wizard)) == Decimal(str(AMOUNTS[1]))
    desk.type_in("fee", FEE, wizard)
    desk.type_in("reference", "Courrier 4471", wizard)
    desk.press("action_confirm", wizard)
    desk.wait_view("form")
    expect(desk.page.locator(".modal")).to_have_count(0)
    assert desk.status() == "done"
    assert amount(desk.read("fee")) == amount(FEE)
    assert owed(rpc, customer) == [AMOUNTS[1]]
    assert returns(rpc, customer) == [("AM04", "represent")]

    number = f"SUITE-{time.time_ns() % 10**8}"
    booking = returned(debit, "AM04")
    content = notification(account, number, today(), [booking])
    load(desk, f"{number}.xml", content)
    assert returns(rpc, customer) == [("AM04", "represent")]
    assert owed(rpc, customer) == [AMOUNTS[1]]


def enter_dialog(desk):
    desk.enter_app()
    for name in ("menu_recouvrement_sepa", "menu_recouvrement_sepa_return_entry"):
        menu = desk.page.locator(f'[data-menu-xmlid="recouvrement_sepa.{name}"]')
        menu.locator("visible=true").first.click()
    desk.wait_idle()


def returns(rpc, customer):
    rows = rpc.search_read(
        RETURN, [("debtor_id", "=", customer["id"])], ["code", "action"]
    )
    return [(row["code"], row["action"]) for row in rows]


@pytest.mark.parametrize("width", [1400, 390])
def test_returns_are_followed_by_reason(desk_of, debits, width):
    desk = desk_of("manager", width, 860)
    desk.open("debit-returns")
    assert desk.page.locator(".o_data_row, .o_kanban_record").count() > 0
    if width > 600:
        desk.switch_view("graph")
        expect(desk.page.locator(".o_graph_canvas_container canvas")).to_be_visible()
        desk.switch_view("pivot")
        expect(desk.page.locator(".o_pivot table tbody tr").nth(1)).to_be_visible()
        expect(desk.page.locator(".o_pivot table")).to_contain_text("AM04")
    assert desk.overflow() <= 0
