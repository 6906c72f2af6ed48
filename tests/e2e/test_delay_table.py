"""The payment-delay table of the management report (D. 441-6): computed, tied out, each
cell opened, frozen, printed."""

from decimal import Decimal

import pytest
from desk import amount
from documents import cells, pdf_pages, workbook
from playwright.sync_api import expect

TABLE = "recouvrement.delay.table"
CELLS = ".o_rec_delays:not(.o_rec_delays_tie) [data-side] [data-cell]"
TIES = ".o_rec_delays_tie [data-side] [data-tie]"


@pytest.fixture
def desk(desk_of):
    return desk_of("accountant")


def test_the_table_is_made_tied_out_opened_and_frozen(desk):
    number = make(desk)
    ties_to_the_ledger(desk)
    each_cell_opens_its_lines(desk, number)
    desk.press("action_freeze")
    desk.agree()
    desk.wait_status("frozen")
    expect(desk.button("action_compute")).to_have_count(0)
    leaves_as_files(desk)


def make(desk):
    """The closing has its frozen table: another one replaces it."""
    [frozen] = desk.rpc.search_read(TABLE, [("state", "=", "frozen")], ["id"], limit=1)
    desk.open(f"delais-de-paiement/{frozen['id']}")
    first = desk.record_id()
    assert desk.status() == "frozen"
    desk.press("action_replace")
    desk.wait_status("draft")
    desk.tab("choices")
    desk.press("action_compute")
    # The form goes to the result by itself, from the page of the choices too.
    expect(desk.page.locator(CELLS).first).to_be_visible()
    assert desk.page.locator(".o_breadcrumb .breadcrumb-item").count() <= 2
    assert desk.record_id() != first
    return desk.record_id()


def ties_to_the_ledger(desk):
    desk.tab("tie_out")
    block = desk.page.locator(".o_rec_delays_tie")
    expect(block).to_be_visible()
    unexplained = block.locator("tr.text-success, tr.text-danger").all()
    assert unexplained
    assert all(amount(row.locator("td").last.inner_text()) == 0 for row in unexplained)
    ledger = block.locator("[data-tie=ledger]").first
    shown = amount(ledger.inner_text())
    ledger.click()
    desk.wait_view("list")
    assert desk.sum_of("amount") == shown
    desk.go_back()
    desk.wait_view("form")
    desk.tab("table")
    expect(desk.page.locator(CELLS).first).to_be_visible()


def each_cell_opens_its_lines(desk, number):
    """All cells: the amount above, without taxes, is the total of the lines below."""
    cells_shown = desk.page.locator(CELLS)
    opened = 0
    for place in range(cells_shown.count()):
        cell = cells_shown.nth(place)
        shown = amount(cell.inner_text())
        if not shown:
            continue
        cell.click()
        desk.wait_view("list")
        assert desk.sum_of("amount_untaxed") == shown, place
        opened += 1
        desk.go_back()
        desk.wait_view("form")
        expect(cells_shown.first).to_be_visible()
    assert opened >= 6


def leaves_as_files(desk):
    with desk.download() as file:
        desk.press("action_print")
    pages = pdf_pages(file)
    assert len(pages) <= 3
    assert "441-6" in pages[0]
    with desk.download() as file:
        desk.press("action_download")
    shown = {amount(text) for text in desk.page.locator(CELLS).all_inner_texts()}
    book = workbook(file)
    kept = {
        Decimal(f"{value:.2f}")
        for sheet in book
        for value in cells(sheet)
        if isinstance(value, int | float)
    }
    assert shown - {Decimal(0)} <= kept


def test_the_table_fits_a_phone(desk_of):
    desk = desk_of("auditor", 390, 844)
    desk.open("delais-de-paiement")
    desk.page.locator(".o_kanban_record").first.click()
    desk.wait_view("form")
    assert desk.overflow() <= 0
    assert not desk.cut(".o_rec_delays")
    desk.tab("tie_out")
    assert not desk.cut(".o_rec_delays_tie")
