"""The collector's 360° page: opened from the account or by its address, items ticked,
a dispute, documents, the note, the way through a list."""

import re

import pytest
from invoicing import bill, give_to
from page360 import Page360
from playwright.sync_api import expect

DEBTOR = "recouvrement.debtor"
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def desk(desk_of):
    return desk_of("collector")


@pytest.fixture(scope="module")
def debtors(admin, connect):
    """Debtors of the own portfolio with several items late and nothing under way."""
    names = ("Imprimerie Vauquelin", "Papeterie Vauquelin", "Reliure Vauquelin")
    found = [
        give_to(connect, bill(admin, name, [900.5, 410.25, 75.0 + place]), "collector")
        for place, name in enumerate(names)
    ]
    return connect("collector").search_read(
        DEBTOR,
        [("id", "in", [debtor["id"] for debtor in found])],
        ["overdue_amount", "open_amount", "partner_id"],
    )


def test_the_page_opens_from_the_account_and_keeps_its_address(desk, debtors):
    debtor = debtors[0]
    desk.open(f"debtors/{debtor['id']}")
    desk.press("action_open_desk")
    view = Page360(desk)
    view.wait()
    expect(desk.page).to_have_url(re.compile(rf"/desk/{debtor['id']}$"))
    assert float(view.tile("overdue")) == debtor["overdue_amount"]
    assert float(view.tile("open")) == debtor["open_amount"]
    desk.page.reload(wait_until="domcontentloaded")
    view.wait()
    expect(desk.page.locator(".o_breadcrumb").first).to_contain_text(
        debtor["partner_id"][1]
    )


def test_ticked_items_add_up_and_open_the_dispute(desk, debtors):
    view = Page360(desk)
    debtor = debtors[1]
    view.open(debtor["id"])
    rows = view.data(debtor["id"])["items"]["rows"]
    first, second = rows[:2]
    view.tick(view.items.nth(0))
    view.tick(view.items.nth(1))
    assert float(view.total(2)) == round(first["residual"] + second["residual"], 2)
    view.items.nth(1).locator("input[type=checkbox]").uncheck()
    assert float(view.total(1)) == first["residual"]

    desk.press("action_desk_dispute")
    desk.pick("category_id", "Livraison", desk.wizard())
    desk.type_in("text", "Livraison incomplète, avoir attendu", desk.wizard())
    desk.confirm()
    badge = view.items.nth(0).locator("td .badge:visible")
    expect(badge).to_contain_text("litige")
    expect(desk.page.locator(".o_recouvrement_sum")).to_have_count(0)
    [row] = [
        row
        for row in view.data(debtor["id"])["items"]["rows"]
        if row["id"] == first["id"]
    ]
    assert (row["status"], row["reason"]) == (
        "disputed",
        "Livraison incomplète, avoir attendu",
    )
    title = desk.page.locator('.o_recouvrement_event[data-kind="dispute"]').first
    expect(title).to_contain_text(first["name"])


def test_the_aged_bar_and_the_search_show_what_they_name(desk, debtors):
    view = Page360(desk)
    view.open(debtors[0]["id"])
    tiles = view.data(debtors[0]["id"])["tiles"]
    late = [
        row for row in tiles["buckets"] if row["key"] not in ("0_not_due", "credit")
    ]
    desk.page.locator(f'.o_recouvrement_bucket[data-bucket="{late[0]["key"]}"]').click()
    desk.wait_idle()
    expect(view.items).to_have_count(late[0]["count"])
    desk.page.locator(".o_recouvrement_clear").click()
    desk.wait_idle()
    expect(view.items).to_have_count(tiles["count"])

    name = view.items.first.locator("td").nth(1).inner_text().split("\n")[0]
    desk.page.keyboard.press("/")
    search = desk.page.locator(".o_recouvrement_search input")
    expect(search).to_be_focused()
    search.fill(name)
    search.press("Enter")
    desk.wait_idle()
    expect(view.items).to_have_count(1)


def test_the_invoice_is_one_click_behind_its_item(desk, debtors):
    view = Page360(desk)
    view.open(debtors[0]["id"])
    name = view.data(debtors[0]["id"])["items"]["rows"][0]["name"]
    view.items.first.locator(".o_recouvrement_documents").click()
    popover = desk.page.locator(".o_recouvrement_documents_popover")
    expect(popover).to_contain_text(f"{name}.pdf")
    address = popover.locator("a.fa-download").first.get_attribute("href")
    assert address.startswith(("/report/pdf/", "/web/content/"))


def test_the_note_is_written_in_place(desk, debtors):
    view = Page360(desk)
    view.open(debtors[0]["id"])
    desk.page.locator(".o_recouvrement_edit_note").click()
    editor = desk.page.locator(".o_recouvrement_note [contenteditable=true]").first
    editor.click()
    desk.page.keyboard.type("Appeler le matin, demander le service règlements")
    desk.page.locator(".o_recouvrement_note .btn-primary").click()
    note = desk.page.locator(".o_recouvrement_note")
    expect(note).to_contain_text("service règlements")
    expect(desk.page.locator(".o_recouvrement_edit_note")).to_be_visible()
    [row] = desk.rpc.call(DEBTOR, "read", [debtors[0]["id"]], ["note"])
    assert "Appeler le matin" in row["note"]


def test_the_collector_goes_through_the_worklist(desk):
    desk.open("my-portfolio")
    desk.clear_search()
    desk.filter(DEBTOR, "overdue")
    ids = desk.rpc.call(DEBTOR, "get_work_queue", [("overdue_amount", ">", 0)])
    desk.cell(desk.rows().first, "partner_id").click()
    view = Page360(desk)
    view.wait()
    expect(desk.page).to_have_url(re.compile(rf"/desk/{ids[0]}$"))
    counter = desk.page.locator(".o_recouvrement_counter")
    expect(counter).to_have_text(re.compile(rf"^\s*1\D+{len(ids)}\s*$"))
    desk.page.keyboard.press("n")
    expect(desk.page).to_have_url(re.compile(rf"/desk/{ids[1]}$"))
    desk.page.keyboard.press("p")
    expect(desk.page).to_have_url(re.compile(rf"/desk/{ids[0]}$"))
    view.wait()
    desk.page.locator(".o_recouvrement_finish").click()
    expect(desk.page).to_have_url(re.compile(rf"/desk/{ids[1]}$"))
    view.wait()

    # A reload goes on where it was, and the breadcrumb leads back to the list.
    desk.page.reload(wait_until="domcontentloaded")
    view.wait()
    expect(counter).to_have_text(re.compile(rf"^\s*2\D+{len(ids)}\s*$"))
    desk.page.locator(".o_back_button, .breadcrumb-item a").first.click()
    desk.wait_view("list")


def test_the_end_of_the_list_leads_back(desk, debtors):
    ids = [row["id"] for row in debtors]
    desk.open("my-portfolio")
    desk.page.evaluate(
        "ids => sessionStorage.setItem('recouvrement.desk.queue',"
        " JSON.stringify({ids, done: []}))",
        ids,
    )
    view = Page360(desk)
    view.open(ids[0])
    for place in (1, 2):
        desk.page.locator(".o_recouvrement_finish").click()
        expect(desk.page).to_have_url(re.compile(rf"/desk/{ids[place]}$"))
        view.wait()
    desk.page.locator(".o_recouvrement_finish").click()
    expect(desk.page.locator(".o_recouvrement_desk")).to_have_count(0)


def test_a_call_and_a_promise_take_seconds(desk, debtors):
    view = Page360(desk)
    debtor = debtors[2]
    view.open(debtor["id"])
    desk.page.keyboard.press("c")
    expect(desk.wizard()).to_be_visible()
    desk.page.locator(".modal .btn-close").last.click()
    expect(desk.page.locator(".modal")).to_have_count(0)
    desk.button("action_promise_all").click()
    desk.page.locator(".o-dropdown--menu .o-dropdown-item").nth(1).click()
    block = desk.page.locator('.o_recouvrement_block[data-name="promises"]')
    expect(block).to_be_visible()
    event = desk.page.locator('.o_recouvrement_event[data-kind="promise"]')
    expect(event.first).to_be_visible()
    statuses = {
        row["status"]
        for row in view.data(debtor["id"])["items"]["rows"]
        if row["days"] > 0 and row["residual"] > 0
    }
    assert "to_chase" not in statuses
    assert desk.rpc.count(
        "recouvrement.promise",
        [("debtor_id", "=", debtor["id"]), ("state", "=", "open")],
    )


def test_a_colleagues_debtor_shows_why_it_does_not_open(desk, connect):
    colleague = connect("collector2")
    [row] = colleague.search_read(
        DEBTOR, [("collector_id", "=", colleague.uid)], ["id"], limit=1
    )
    desk.page.goto(f"{desk.url}/odoo/desk/{row['id']}")
    expect(desk.page.locator(".o_recouvrement_desk .alert-danger")).to_be_visible()
    expect(desk.page.locator(".o_recouvrement_desk_body")).to_have_count(0)


def test_the_page_fits_a_phone(desk, debtors):
    desk.page.set_viewport_size(PHONE)
    view = Page360(desk)
    view.open(debtors[0]["id"])
    assert desk.overflow() <= 0
    view.tick(view.items.first)
    assert view.total(1) > 0
    box = desk.page.locator(".o_recouvrement_items").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
