"""What a customer asks for on its page, decided by two persons; and an association
that changes its property manager, from the entry to the letter of the next day."""

import time
from datetime import timedelta

import pytest
from days import today
from documents import pdf_pages
from invoicing import bill, give_to
from phone import address_of
from playwright.sync_api import expect
from test_customer_page import a_page

REQUEST = "recouvrement.request"
MUTATION = "recouvrement.mutation"
MENU = '[data-menu-xmlid="recouvrement_litige.menu_recouvrement_{}"]'
SIRET = "99900910300014"


@pytest.fixture
def customer(admin, connect):
    """A customer of the collector with an overdue invoice."""
    name = f"Ferronnerie {time.time_ns() % 10**6}-Rivoli"
    return give_to(connect, bill(admin, name, [640.0]), "collector")


@pytest.fixture
def association(admin, connect):
    """An owners' association with the manager it had for a year."""
    number = time.time_ns() % 10**6
    partner = bill(admin, f"SDC {number} avenue des Tilleuls", [910.0, 455.0])
    debtor = give_to(connect, partner, "collector")
    old = admin.call(
        "res.partner",
        "create",
        {
            "name": f"Cabinet Sortant {number}",
            "is_company": True,
            "street": "1 rue du Départ",
            "zip": "37000",
            "city": "Tours",
            "email": f"sortant{number}@example.com",
        },
    )
    since = today() - timedelta(days=365)
    admin.call(
        "recouvrement.representative",
        "create",
        {"debtor_id": debtor["id"], "partner_id": old, "date_from": f"{since}"},
    )
    return debtor


def choose(desk, entry):
    """Open an entry of the menu of disputes."""
    desk.enter_app()
    for name in ("disputes_root", entry):
        desk.page.locator(MENU.format(name)).locator("visible=true").first.click()
    desk.wait_view()


def pieces(desk, step):
    """Press a button on every required piece that has it."""
    desk.tab("pieces")
    while (buttons := desk.button(step)).count():
        before = buttons.count()
        buttons.first.click()
        desk.wait_idle()
        expect(desk.button(step)).to_have_count(before - 1)


# A request


def test_a_request_of_the_customer_page_is_decided_by_two_persons(
    desk_of, phone_of, connect, admin, customer
):
    phone = phone_of("customer")
    path = address_of(connect("collector"), customer["id"])
    asked_on_the_page(phone, path)
    [request] = admin.search_read(
        REQUEST, [("debtor_id", "=", customer["id"])], ["name", "state", "kind"]
    )
    assert (request["kind"], request["state"]) == ("address_change", "new")
    prepared_by_the_collector(desk_of("collector"), customer, request)
    approved_by_the_accountant(desk_of("accountant"), request)
    [partner] = admin.call(
        "res.partner", "read", [customer["partner_id"][0]], ["street", "city"]
    )
    assert (partner["street"], partner["city"]) == ("9 rue des Forges", "Angers")
    assert phone.open(f"{path}/requests") == 200
    expect(phone.page.locator(".list-group .text-bg-success")).to_have_count(1)
    expect(phone.page.locator("#wrap")).to_contain_text("nouvelle adresse")


def asked_on_the_page(phone, path):
    assert phone.open(path) == 200
    assert phone.overflow() <= 0
    others = phone.page.locator("details").filter(
        has=phone.page.locator("a[href$='/ask/address_change']")
    )
    others.locator("summary").click()
    others.locator("a[href$='/ask/address_change']").click()
    assert phone.overflow() <= 0
    page = phone.page
    page.select_option("select[name=use]", "main")
    for name, value in (
        ("street", "9 rue des Forges"),
        ("zip", "49000"),
        ("city", "Angers"),
    ):
        page.fill(f"input[name={name}]", value)
    page.set_input_files(
        "input[name=documents]",
        {"name": "kbis.pdf", "mimeType": "application/pdf", "buffer": a_page()},
    )
    phone.send()
    page.wait_for_url("**/requests?sent=address_change")
    expect(page.locator("[role=status]")).to_be_visible()
    assert phone.overflow() <= 0


def prepared_by_the_collector(desk, customer, request):
    choose(desk, "requests_by_type")
    desk.switch_view("list")
    desk.search(customer["partner_id"][1])
    desk.open_row(desk.row(customer["partner_id"][1]))
    assert desk.record_id() == request["id"]
    expect(desk.button("action_accept")).to_have_count(0)
    pieces(desk, "action_receive")
    desk.press("action_submit")
    expect(desk.button("action_accept")).to_have_count(0)
    assert desk.status() == "new"
    assert desk.overflow() <= 0


def approved_by_the_accountant(desk, request):
    choose(desk, "requests_by_type")
    desk.switch_view("list")
    desk.filter(REQUEST, "to_approve")
    desk.open_row(desk.row(request["name"]))
    pieces(desk, "action_check")
    desk.press("action_accept")
    desk.wait_status("done")
    expect(desk.field("approved_by_id")).to_contain_text("Marc Lefèvre")


# A change of manager


def test_an_association_changes_its_manager(desk_of, connect, admin, association):
    desk = desk_of("collector")
    mutation = entered_by_the_collector(desk, association)
    the_form_is_printed(desk, association)
    validated_by_the_accountant(desk_of("accountant"), association, mutation)
    [row] = admin.search_read(
        "recouvrement.debtor",
        [("id", "=", association["id"])],
        ["manager_id", "contact_id", "partner_id"],
    )
    assert row["manager_id"][1] == "Syndic Rive Gauche"
    assert row["partner_id"] == association["partner_id"], "the debtor stays"
    choose(desk, "associations")
    desk.search("Syndic Rive Gauche")
    group = desk.page.locator(".o_group_header").filter(has_text="Syndic Rive Gauche")
    expect(group).to_have_count(1)
    phone = desk_of("collector", 390, 844)
    phone.open(f"manager-changes/{mutation}")
    assert phone.overflow() <= 0
    phone.open("manager-changes")
    expect(phone.page.locator(".o_kanban_view")).to_be_visible()
    assert phone.overflow() <= 0


def entered_by_the_collector(desk, association):
    desk.open(f"debtors/{association['id']}")
    desk.press("action_new_mutation")
    desk.wait_view("form")
    for name, value in (
        ("manager_name", "Syndic Rive Gauche"),
        ("manager_siret", "99900910300015"),
        ("manager_street", "6 quai d’Orléans"),
        ("manager_zip", "37000"),
        ("manager_city", "Tours"),
        ("manager_email", "comptes@rive-gauche.example.com"),
    ):
        desk.type_in(name, value)
    desk.pick_day("date_decision", today() - timedelta(days=6))
    desk.pick_day("date_effect", today() - timedelta(days=2))
    desk.page.locator(".o_form_button_save").first.click()
    assert "99900910300015" in desk.refused(), "a wrong digit is told"
    desk.type_in("manager_siret", SIRET)
    desk.save()
    assert desk.status() == "draft"
    desk.press("action_submit")
    assert "Procès-verbal" in desk.refused(), "the minutes are needed"
    pieces(desk, "action_receive")
    desk.press("action_submit")
    desk.wait_status("to_validate")
    expect(desk.button("action_validate")).to_have_count(0)
    assert desk.overflow() <= 0
    return desk.record_id()


def the_form_is_printed(desk, association):
    with desk.download() as file:
        desk.button("action_print").first.click()
    text = " ".join(pdf_pages(file))
    for words in (
        association["partner_id"][1],
        "Cabinet Sortant",
        "Syndic Rive Gauche",
        "Claire Fontaine",
    ):
        assert words in text, text


def validated_by_the_accountant(desk, association, mutation):
    choose(desk, "mutations")
    desk.open_row(desk.row(association["partner_id"][1]))
    assert desk.record_id() == mutation
    desk.press("action_validate")
    assert "Procès-verbal" in desk.refused(), "received is not checked"
    pieces(desk, "action_check")
    desk.press("action_validate")
    desk.wait_status("validated")
    expect(desk.field("validated_by_id")).to_contain_text("Marc Lefèvre")
    assert desk.overflow() <= 0
