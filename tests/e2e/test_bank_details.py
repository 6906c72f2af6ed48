"""New bank details of a customer: asked by telephone, called back on a number known
before, approved by a second person, and only then written on the customer."""

import time

import pytest
from invoicing import bill, give_to
from page360 import Page360
from playwright.sync_api import expect
from rpc import RpcError

REQUEST = "recouvrement.request"
CHANGE = "recouvrement.bank.change"
BANK = "res.partner.bank"
OLD = "FR14 2004 1010 0505 0001 3M02 606"
WRONG = "FR76 3000 6000 0112 3456 7890 188"
FOREIGN = "BE68 5390 0754 7034"
WORDS = "Nouvelle banque, merci de rembourser sur ce compte."
PHONE, STRANGE = "+33 2 61 91 12 34", "+33 6 39 98 55 55"


@pytest.fixture
def customer(admin, connect):
    """A customer of the collector, with a telephone number and a bank account."""
    name = f"Verrerie du Faubourg {time.time_ns() % 10**6}"
    partner = bill(admin, name, [512.5], phone=PHONE)
    admin.call(BANK, "create", {"partner_id": partner, "acc_number": OLD})
    return give_to(connect, partner, "collector")


def test_two_persons_change_bank_details(desk_of, connect, admin, customer):
    desk = desk_of("collector")
    change = asked_by_telephone(desk, customer)
    the_form_says_what_to_look_at(desk)
    a_number_of_the_request_is_refused(desk)
    called_back(desk)
    the_first_person_cannot_confirm(desk, admin, customer, change)
    the_second_person_confirms(desk_of("manager"), customer, change)
    assert accounts(admin, customer) == {compact(OLD): False, compact(FOREIGN): True}
    the_collector_sees_it(desk, customer, change)


def compact(iban):
    return iban.replace(" ", "")


def accounts(admin, customer):
    """Accounts of the customer: whether each is in use."""
    rows = admin.search_read(
        BANK,
        [("partner_id", "=", customer["partner_id"][0])],
        ["acc_number", "active"],
        context={"active_test": False},
    )
    return {compact(row["acc_number"]): row["active"] for row in rows}


def asked_by_telephone(desk, customer):
    """The collector notes what the caller asks; accepting opens the check."""
    desk.open("customer-requests")
    desk.page.locator(".o_list_button_add, .o-kanban-button-new").first.click()
    desk.wait_view("form")
    desk.choose(REQUEST, "kind", "bank_change")
    desk.choose(REQUEST, "source", "call")
    desk.pick("debtor_id", customer["partner_id"][1])
    desk.type_in("text", WORDS)
    desk.type_in("iban", WRONG)
    desk.save()
    desk.press("action_accept")
    assert "Demandé par" in desk.refused(), "who asks is noted"
    desk.pick("partner_id", customer["partner_id"][1])
    desk.save()
    desk.press("action_accept")
    assert "clé" in desk.refused(), "a wrong key is refused, in French"
    desk.type_in("iban", FOREIGN)
    desk.save()
    desk.press("action_accept")
    expect(desk.button("action_call")).to_be_visible()
    return desk.record_id()


def the_form_says_what_to_look_at(desk):
    warning = desk.read("warning")
    assert "BE" in warning and "FR" in warning
    assert desk.read("known_phones") == PHONE
    assert compact(desk.read("iban")) == compact(FOREIGN)
    assert desk.read("reason") == WORDS
    expect(desk.button("action_approve")).to_have_count(0)
    assert desk.overflow() <= 0


def a_number_of_the_request_is_refused(desk):
    desk.press("action_call")
    wizard = desk.wizard()
    desk.type_in("phone", STRANGE, wizard)
    desk.type_in("person", "Monsieur Untel", wizard)
    desk.press("action_confirm", wizard)
    assert STRANGE in desk.refused()
    desk.page.locator(".modal footer .btn-secondary, .modal .btn-close").last.click()
    expect(desk.page.locator(".modal")).to_have_count(0)


def called_back(desk):
    desk.press("action_call")
    wizard = desk.wizard()
    assert desk.read("phone", wizard) == PHONE, "the only known number is proposed"
    desk.type_in("person", "Madame Garance Perrin", wizard)
    desk.type_in("note", "Confirme les quatre derniers chiffres et le motif.", wizard)
    desk.confirm()
    assert desk.status() == "to_approve"
    expect(desk.field("called_person")).to_have_text("Madame Garance Perrin")


def the_first_person_cannot_confirm(desk, admin, customer, change):
    expect(desk.button("action_approve")).to_have_count(0)
    with pytest.raises(RpcError):
        desk.rpc.call(CHANGE, "action_approve", [change])
    assert accounts(admin, customer) == {compact(OLD): True}


def the_second_person_confirms(desk, customer, change):
    desk.enter_app()
    desk.choose_menu("menu_recouvrement_desk", "menu_recouvrement_bank_changes")
    desk.search(customer["partner_id"][1])
    desk.open_row(desk.row(customer["partner_id"][1]))
    assert desk.record_id() == change
    assert desk.read("called_phone") == PHONE
    desk.press("action_approve")
    assert desk.status() == "approved"
    expect(desk.field("decided_by_id")).to_contain_text("Sophie Marchand")
    assert desk.overflow() <= 0


def the_collector_sees_it(desk, customer, change):
    """In the history of the debtor; the request is done."""
    view = Page360(desk)
    view.open(customer["id"])
    expect(view.event("bank")).to_contain_text("7034")
    expect(view.event("bank")).not_to_contain_text(compact(FOREIGN))
    [row] = desk.rpc.call(CHANGE, "read", [change], ["request_id"])
    desk.open(f"customer-requests/{row['request_id'][0]}")
    assert desk.status() == "done"
