"""A branch manager without a login answers the collector on a telephone."""

import io
import time
from datetime import timedelta

import pytest
from days import today
from desk import amount
from invoicing import bill, give_to, open_items
from page360 import Page360
from phone import address_in
from PIL import Image
from playwright.sync_api import expect

RELAY = "recouvrement.relay"
QUESTION = "Le client dit que le chantier n'est pas fini. Qu'en est-il ?"
ANSWER = "Il reste deux luminaires à poser : passage prévu lundi."


@pytest.fixture
def debtor(admin, connect):
    """A customer of the collector with three overdue invoices."""
    partner = bill(admin, "Hôtel des Voyageurs", [1500.0, 240.5, 99.99], days=20)
    return give_to(connect, partner, "collector")


@pytest.fixture
def person(admin):
    """Somebody of the company who has an e-mail address and no login."""
    name = f"Régis Aubrac {time.time_ns() % 10**6}"
    values = {"name": name, "email": "regis.aubrac@example.com", "lang": "fr_FR"}
    admin.call("res.partner", "create", values)
    return name


def test_a_relay_is_asked_and_answered(desk_of, phone_of, debtor, person, mailbox):
    desk = desk_of("collector")
    view = Page360(desk)
    items = open_items(desk.rpc, debtor["id"])[:2]
    relay = ask(view, debtor, person, items)
    [mail] = mailbox.wait_for(1)
    path = address_in(mail)

    phone = phone_of("branch-manager")
    assert phone.open(path) == 200
    assert phone.lang() == "fr"
    the_question_and_its_items(phone, debtor, items)
    answer(phone)
    the_collector_sees_it(view, debtor, relay)
    a_wrong_address_tells_nothing(phone, person)


def ask(view, debtor, person, items):
    """About two ticked items, from the menu of the 360° page."""
    desk = view.desk
    view.open(debtor["id"])
    for item in items:
        view.tick_item(item["id"])
    view.choose("action_relay")
    wizard = desk.wizard()
    desk.field("role", wizard).locator("input").last.check()
    desk.field("person_kind", wizard).locator("input").last.check()
    desk.pick("partner_id", person, wizard)
    desk.type_in("question", QUESTION, wizard)
    desk.confirm()
    expect(view.event("relay")).to_contain_text(person)
    block = view.page.locator('.o_recouvrement_block[data-name="relays"]')
    expect(block).to_contain_text(person)
    [relay] = desk.rpc.search_read(
        RELAY, [("debtor_id", "=", debtor["id"])], ["state"], limit=1, order="id desc"
    )
    assert relay["state"] == "asked"
    return relay["id"]


def the_question_and_its_items(phone, debtor, items):
    main = phone.page.locator("main")
    expect(main).to_contain_text(debtor["partner_id"][1])
    expect(main).to_contain_text(QUESTION)
    cells = phone.page.locator("table tbody td:last-child").all_inner_texts()
    owed = [item["amount_residual_currency"] for item in items]
    assert sorted(float(amount(cell)) for cell in cells) == sorted(owed)
    total = phone.page.locator("section strong").nth(2)
    assert float(amount(total.inner_text())) == sum(owed)
    assert phone.overflow() <= 0


def answer(phone):
    """First without what the answer needs, then with a picture."""
    page = phone.page
    page.check("#outcome_will_pay")
    phone.send()
    expect(page.locator(".alert-danger")).to_be_visible()
    expect(page.locator("#outcome_will_pay")).to_be_checked()
    assert phone.overflow() <= 0

    page.check("#outcome_technical")
    page.fill("#answer", ANSWER)
    page.fill("#answer_date", f"{today() + timedelta(days=8)}")
    page.set_input_files(
        "#files", {"name": "chantier.png", "mimeType": "image/png", "buffer": photo()}
    )
    phone.send()
    expect(page.locator(".alert-success")).to_be_visible()
    expect(page.locator("form")).to_have_count(0)
    expect(page.locator("main")).to_contain_text(ANSWER)
    assert phone.overflow() <= 0


def photo():
    """A small picture."""
    stream = io.BytesIO()
    Image.new("RGB", (40, 30), "grey").save(stream, "PNG")
    return stream.getvalue()


def the_collector_sees_it(view, debtor, relay):
    """On the worklist, on the 360° page and on the relay; handled, it is gone."""
    desk = view.desk
    desk.open("my-portfolio")
    desk.page.locator('.o_recouvrement_tabs [data-kind="relay"]').click()
    desk.wait_idle()
    name = debtor["partner_id"][1]
    desk.search(name)
    expect(desk.row(name)).to_be_visible()
    desk.cell(desk.row(name), "partner_id").click()
    view.wait()
    expect(view.event("relay")).to_contain_text(ANSWER)

    view.page.locator(f'.o_recouvrement_block_item[data-model="{RELAY}"]').click()
    desk.wait_view("form")
    assert desk.read("answer") == ANSWER
    files = desk.rpc.search_read(
        "ir.attachment", [("res_model", "=", RELAY), ("res_id", "=", relay)], ["name"]
    )
    assert [file["name"] for file in files] == ["chantier.png"]
    desk.press("action_handle")
    view.come_back(debtor["id"])
    [row] = desk.rpc.call("recouvrement.debtor", "read", [debtor["id"]], ["work_codes"])
    assert " relay " not in (row["work_codes"] or "")


def a_wrong_address_tells_nothing(phone, person):
    """The right one still shows the answer, without the form."""
    path = phone.page.url.removeprefix(phone.url)
    number, signature = path.rsplit("-", 1)
    assert phone.open(f"{number}-{'1' * len(signature)}") == 404
    polite = phone.page.locator("main").inner_text()
    assert polite and person not in polite
    assert phone.overflow() <= 0
    assert phone.open(path) == 200
    expect(phone.page.locator("main")).to_contain_text(ANSWER)
    expect(phone.page.locator("form")).to_have_count(0)
