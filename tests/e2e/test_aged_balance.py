"""The aged balance on screen: another day, other rows, a figure to its items, back."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

TABLE = ".o_rec_aged_table"
ROWS = f"{TABLE} tr.o_rec_aged_row"
TOTAL = f"{TABLE} tfoot td[name=total]"


def open_balance(desk, query=""):
    """Go to the balance and wait for its figures and for the ledger."""
    desk.page.goto(
        f"{desk.url}/odoo/balance-agee{query}", wait_until="domcontentloaded"
    )
    expect(desk.page.locator(ROWS).first).to_be_visible(timeout=60_000)
    expect(desk.page.locator(".o_rec_aged_tie")).to_be_visible(timeout=60_000)
    desk.wait_idle()
    return desk.page


def press(desk, name):
    """Press a button of the bar."""
    desk.page.locator(f"button[name={name}]").first.click()
    desk.wait_idle()


def choose(desk, button, key):
    """Choose an entry of a menu of the bar."""
    desk.page.locator(f"button[name={button}]").click()
    desk.page.locator(f".o-dropdown--menu [data-key={key}]").click()
    desk.wait_idle()


def test_the_balance_ties_today_and_at_last_month_end(desk_of):
    desk = desk_of("manager")
    page = open_balance(desk)
    expect(page.locator("[name=difference]")).to_have_text(re.compile(r"^0,00$"))
    today = page.locator(TOTAL).inner_text()
    press(desk, "month_end")
    expect(page.locator(TOTAL)).not_to_have_text(today)
    expect(page.locator("[name=difference]")).to_have_text(re.compile(r"^0,00$"))
    expect(page.locator(".o_rec_aged_chart canvas")).to_be_visible()


def test_choices_stay_in_the_address_and_on_the_way_back(desk_of):
    desk = desk_of("manager")
    page = open_balance(desk)
    choose(desk, "group_by", "country")
    press(desk, "compare")
    rows = page.locator(ROWS).count()
    page.reload()
    expect(page.locator(ROWS)).to_have_count(rows, timeout=60_000)
    desk.wait_idle()
    shown = page.locator(f"{ROWS} .o_rec_aged_amount").first.inner_text()
    page.locator(f"{ROWS} .o_rec_aged_amount").first.click()
    desk.wait_view("list")
    expect(page.locator(".o_list_view .o_data_row").first).to_be_visible()
    page.locator(".o_breadcrumb a, .o_back_button").first.click()
    expect(page.locator(ROWS)).to_have_count(rows, timeout=60_000)
    assert page.locator(f"{ROWS} .o_rec_aged_amount").first.inner_text() == shown


def test_a_row_unfolds_by_keyboard_and_columns_sort(desk_of):
    desk = desk_of("accountant")
    page = open_balance(desk)
    page.locator(f"{ROWS} th button").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".o_rec_aged_item").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator(".o_rec_aged_item")).to_have_count(0)
    press(desk, "sort_name")
    expect(page.locator(f"{TABLE} th[aria-sort=ascending]")).to_have_count(1)


def test_wrong_limits_are_said_and_right_ones_are_columns(desk_of):
    desk = desk_of("manager")
    page = open_balance(desk)
    page.locator("button[name=buckets]").click()
    page.fill("#aged_bounds", "15 x")
    page.locator("button[name=apply]").click()
    expect(page.locator(".o_rec_aged_buckets [role=alert]")).to_be_visible()
    page.fill("#aged_bounds", "15 45")
    page.locator("button[name=apply]").click()
    desk.wait_idle()
    # Not due, 1-15, 16-45, over 45, credits, total and the name; "age unknown" too
    # once a FEC was taken over.
    columns = page.locator(f"{TABLE} thead th").filter(has_not_text="inconnu")
    expect(columns).to_have_count(7)


def test_nothing_found_says_so(desk_of):
    desk = desk_of("manager")
    page = open_balance(desk)
    page.fill("input[name=search]", "nobody of this name")
    expect(page.locator(".o_rec_aged_empty")).to_be_visible()
    page.locator(".o_rec_aged_empty button").click()
    expect(page.locator(ROWS).first).to_be_visible()


@pytest.mark.parametrize("width", [390, 1400])
def test_nothing_sticks_out_of_the_balance(desk_of, width):
    desk = desk_of("auditor", width, 860)
    day = quote('{"apart":true}')
    page = open_balance(desk, f"?aged={day}")
    assert desk.overflow() <= 0
    bar = page.locator(".o_rec_aged_bar").bounding_box()
    assert bar["x"] >= 0 and bar["x"] + bar["width"] <= width
    expect(page.locator(TOTAL)).to_be_visible()


def test_files_are_downloaded(desk_of):
    desk = desk_of("auditor")
    page = open_balance(desk)
    for kind in ("xlsx", "pdf"):
        with page.expect_download(timeout=120_000) as waiting:
            page.locator(f"button[name={kind}]").click()
        assert waiting.value.suggested_filename.endswith(kind)
