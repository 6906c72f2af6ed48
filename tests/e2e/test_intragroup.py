"""What two companies of the database claim from each other, on screen."""

from decimal import Decimal

from desk import amount
from documents import cells, workbook
from playwright.sync_api import expect

PAIRS = ".o_rec_intragroup_pair"
ROWS = ".o_rec_intragroup_row:not(.o_rec_intragroup_head)"


def open_pairs(desk):
    desk.page.goto(f"{desk.url}/odoo/intragroupe", wait_until="domcontentloaded")
    expect(desk.page.locator(PAIRS).first).to_be_visible(timeout=60_000)
    desk.wait_idle()
    return desk.page


def open_pair(desk, place=0):
    """The documents of a pair, and its three sums."""
    page = open_pairs(desk)
    pair = page.locator(PAIRS).nth(place)
    shown = [
        amount(pair.locator(f"td[name={name}]").inner_text())
        for name in ("claimed", "owed", "difference")
    ]
    pair.locator("button").click()
    expect(page.locator(ROWS).first).to_be_visible()
    desk.wait_idle()
    return page, shown


def side(page, name):
    """Total of the documents of one side."""
    texts = page.locator(f"{ROWS} [data-side={name}] b").all_inner_texts()
    return sum((amount(text) for text in texts), Decimal(0))


def test_a_pair_opens_the_documents_that_make_both_sides(desk_of):
    desk = desk_of("accountant")
    page, (claimed, owed, difference) = open_pair(desk)
    assert claimed - owed == difference != 0
    page.locator("button[name=only_differences]").click()
    expect(page.locator("button[name=only_differences]")).to_have_attribute(
        "aria-pressed", "false"
    )
    assert side(page, "ours") == claimed
    booked = page.locator(f"{ROWS}:not([data-kind=draft]) [data-side=theirs] b")
    assert sum(amount(text) for text in booked.all_inner_texts()) == owed


def test_differences_are_sorted_by_their_kind_and_explain_the_difference(desk_of):
    desk = desk_of("accountant")
    page, (_claimed, _owed, difference) = open_pair(desk)
    kinds = page.locator("[data-kind].btn")
    parts = [amount(text) for text in kinds.locator("b").all_inner_texts()]
    assert sum(parts) == difference
    kind = kinds.first.get_attribute("data-kind")
    kinds.first.click()
    desk.wait_idle()
    rows = page.locator(ROWS)
    assert {row.get_attribute("data-kind") for row in rows.all()} == {kind}
    shown = rows.locator(".o_rec_intragroup_kind .fw-bold").all_inner_texts()
    assert sum(amount(text) for text in shown) == parts[0]


def test_each_sum_of_a_pair_shows_the_documents_that_make_it(desk_of):
    """Of all pairs, in both directions."""
    desk = desk_of("accountant")
    count = open_pairs(desk).locator(PAIRS).count()
    walked = 0
    for place in range(count):
        page, (claimed, owed, difference) = open_pair(desk, place)
        for name, shown, column in (
            ("claimed", claimed, "[data-side=ours] b"),
            ("owed", owed, "[data-side=theirs] b"),
            ("difference", difference, ".o_rec_intragroup_kind .fw-bold"),
        ):
            part = page.locator(f"[data-part={name}]")
            part.first.click()
            expect(part.first).to_have_attribute("aria-pressed", "true")
            texts = page.locator(f"{ROWS} {column}").all_inner_texts()
            assert sum((amount(text) for text in texts), Decimal(0)) == shown, name
            walked += bool(shown)
            part.first.click()
            expect(part.first).to_have_attribute("aria-pressed", "false")
    assert count > 1 and walked > 2


def test_somebody_looks_after_a_difference(desk_of):
    desk = desk_of("accountant")
    page, _sums = open_pair(desk)
    row = page.locator(f"{ROWS}:has(button[name=note] .fa-pencil)").first
    key = row.get_attribute("data-key")
    row.locator("button[name=note]").click()
    wizard = desk.wizard()
    desk.type_in("comment", "Demandé au service achats.", wizard)
    wizard.locator("footer button.btn-primary, .o_form_button_save").first.click()
    expect(page.locator(f'{ROWS}[data-key="{key}"]')).to_contain_text(
        "Demandé au service achats."
    )


def test_a_document_opens(desk_of):
    desk = desk_of("accountant")
    page, _sums = open_pair(desk)
    page.locator(f"{ROWS} [data-side=ours] button").first.click()
    desk.wait_view("form")
    expect(desk.field("invoice_line_ids")).to_be_visible()


def test_the_reconciliation_leaves_as_a_spreadsheet(desk_of):
    desk = desk_of("auditor")
    page, (claimed, owed, difference) = open_pair(desk)
    expect(page.locator("button[name=note] .fa-pencil")).to_have_count(0)
    with desk.download() as file:
        page.locator("button[name=xlsx]").click()
    numbers = {
        Decimal(f"{value:.2f}")
        for sheet in workbook(file)
        for value in cells(sheet)
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    assert {claimed, owed, difference} <= numbers


def test_both_companies_fit_a_phone(desk_of):
    desk = desk_of("accountant", 390, 844)
    page = open_pairs(desk)
    assert desk.overflow() <= 0
    assert not desk.cut(".o_rec_intragroup_content")
    for name in ("claimed", "owed", "difference"):
        box = page.locator(f"{PAIRS} td[name={name}]").first.bounding_box()
        assert box["x"] + box["width"] <= 390, "a figure is beside the screen"
    page.locator(f"{PAIRS} button").first.click()
    expect(page.locator(ROWS).first).to_be_visible()
    assert desk.overflow() <= 0
