"""The receipts of the day: who paid, which invoices it settled, what is left to
allocate; on the screen and on a telephone."""

import time
from datetime import timedelta
from decimal import Decimal

import pytest
from days import today
from desk import amount
from invoicing import bill, give_to, open_items, pay, receive
from playwright.sync_api import expect

RECEIPT = "recouvrement.receipt"
FAMILY = f"Cristallerie {time.time_ns() % 10**6:06}"
AMOUNTS = (610.0, 720.5, 340.25)
TOGETHER = Decimal("1500.00")
ALONE = Decimal("88.80")


@pytest.fixture(scope="module")
def payers(admin, connect):
    """One pays two invoices and a part of the third, one says not for what."""
    one, other = (
        give_to(connect, bill(admin, f"{FAMILY}-{place}", AMOUNTS, 20), "collector")
        for place in ("Est", "Ouest")
    )
    items = open_items(connect("collector"), one["id"])
    pay(admin, items, float(TOGETHER))
    yesterday = today() - timedelta(days=1)
    receive(
        admin, other["partner_id"][0], float(ALONE), yesterday, "VIR sans référence"
    )
    return one, other


def test_the_receipts_lead_to_what_they_settled(desk_of, payers):
    one, other = payers
    desk = desk_of("collector")
    desk.enter_app()
    desk.choose_menu("menu_recouvrement_desk", "menu_recouvrement_receipts")
    the_days_add_up(desk)
    desk.search(FAMILY)
    paid, loose = (desk.row(payer["partner_id"][1]) for payer in (one, other))
    assert figures(desk, paid) == (TOGETHER, TOGETHER, 0, 3)
    assert figures(desk, loose) == (ALONE, 0, ALONE, 0)
    assert desk.overflow() <= 0

    name = desk.cell(paid, "name").inner_text().strip()
    desk.cell(paid, "customer_id").click()
    desk.wait_view("list")
    expect(desk.page.locator(".o_last_breadcrumb_item")).to_contain_text(name)
    the_items_make_the_receipt(desk, one)
    the_invoice_opens(desk)


def test_only_what_is_left_to_allocate(desk_of, payers):
    one, other = payers
    desk = desk_of("collector")
    desk.open("receipts-of-the-day")
    desk.filter(RECEIPT, "unallocated")
    desk.search(FAMILY)
    expect(desk.row(other["partner_id"][1])).to_be_visible()
    expect(desk.rows().filter(has_text=one["partner_id"][1])).to_have_count(0)


def test_the_receipts_fit_a_telephone(desk_of, payers):
    one, other = payers
    desk = desk_of("collector", 390, 844)
    desk.open("receipts-of-the-day")
    cards = desk.page.locator(".o_kanban_record:not(.o_kanban_ghost)")
    card = cards.filter(has_text=other["partner_id"][1])
    expect(card).to_contain_text("88,80")
    assert desk.overflow() <= 0
    cards.filter(has_text=one["partner_id"][1]).click()
    desk.wait_view("kanban")
    partly = cards.filter(has_text="170,75")
    expect(partly).to_contain_text("439,25")
    expect(cards).to_have_count(len(AMOUNTS))
    assert desk.overflow() <= 0


def the_days_add_up(desk):
    """Today and yesterday, with the sums of all their receipts."""
    days = [today(), today() - timedelta(days=1)]
    rows = desk.rpc.search_read(
        RECEIPT, [("date", "in", [f"{day}" for day in days])], ["amount"]
    )
    received = sum(Decimal(str(row["amount"])) for row in rows)
    expect(desk.page.locator(".o_group_header")).to_have_count(2)
    footer = desk.page.locator("tfoot .o_list_number").first
    assert amount(footer.inner_text()) == received


def figures(desk, row):
    """Received, settled, left to allocate, number of items."""
    received, settled, left, count = (
        amount(desk.cell(row, name).inner_text())
        for name in ("amount", "settled_amount", "unallocated_amount", "item_count")
    )
    assert received == settled + left
    return received, settled, left, count


def the_items_make_the_receipt(desk, payer):
    """Each item with what it got; the last one is still open in part."""
    got = {
        name: (amount(settled), amount(left))
        for name, settled, left in zip(
            desk.column("name"),
            desk.column("amount"),
            desk.column("amount_residual"),
            strict=True,
        )
    }
    assert sum(settled for settled, _left in got.values()) == TOGETHER
    still_open = {
        item["name"]: Decimal(str(item["amount_residual_currency"]))
        for item in open_items(desk.rpc, payer["id"])
    }
    assert {name: left for name, (_got, left) in got.items() if left} == still_open
    assert sum(still_open.values()) == Decimal(str(sum(AMOUNTS))) - TOGETHER
    assert desk.overflow() <= 0


def the_invoice_opens(desk):
    row = desk.rows().first
    name = desk.cell(row, "name").inner_text().strip()
    desk.open_row(row, "name")
    expect(desk.page.locator(".o_last_breadcrumb_item")).to_contain_text(name)
