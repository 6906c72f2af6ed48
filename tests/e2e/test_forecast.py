"""The forecast on screen: weeks, months, the target, the measured error, and the items
behind each figure."""

import re
from decimal import Decimal

import pytest
from desk import amount
from documents import cells, workbook
from playwright.sync_api import expect

PERIODS = "table[name=periods]"
ROWS = f"{PERIODS} tbody tr"
ITEM_SOURCES = ("delay", "promise", "plan", "dispute", "transit")


def open_forecast(desk):
    """Go to the forecast and wait for its weeks and its chart."""
    desk.page.goto(f"{desk.url}/odoo/receipt-forecast", wait_until="domcontentloaded")
    expect(desk.page.locator(ROWS).first).to_be_visible(timeout=60_000)
    expect(desk.page.locator(".o_rec_forecast_chart canvas")).to_be_visible()
    desk.wait_idle()
    return desk.page


def shown_rows(desk, kind="week"):
    """What the server gives the screen."""
    return desk.rpc.call("recouvrement.forecast", "get_forecast", {"kind": kind})


def opens_its_items(desk, figure):
    """Click a figure, add up the items, come back."""
    shown = amount(figure.inner_text())
    figure.click()
    desk.wait_view("list")
    expect(desk.rows().first).to_be_visible()
    assert abs(desk.sum_of("expected") - shown) <= Decimal("0.5")
    desk.go_back()
    expect(desk.page.locator(ROWS).first).to_be_visible(timeout=60_000)


def test_each_figure_of_a_week_opens_the_items_that_make_it(desk_of):
    desk = desk_of("manager")
    page = open_forecast(desk)
    opened = set()
    for source in ITEM_SOURCES:
        figure = page.locator(f"{ROWS} [data-source={source}]")
        if figure.count():
            opens_its_items(desk, figure.first)
            opened.add(source)
    assert {"delay", "promise"} <= opened


def test_what_is_expected_is_its_items_and_the_invoices_to_come(desk_of):
    desk = desk_of("manager")
    page = open_forecast(desk)
    week = shown_rows(desk)["rows"][1]
    page.locator(ROWS).nth(1).locator("[data-source=all]").click()
    desk.wait_view("list")
    items = desk.sum_of("expected")
    assert abs(items + Decimal(week["new"]) - Decimal(week["expected"])) < 1
    title = page.locator(".o_last_breadcrumb_item, .o_breadcrumb .active").first
    assert f"{items:.2f}".replace(".", ",") in re.sub(r"\s", "", title.inner_text())


def test_tiles_and_totals_open_the_items_that_add_up_to_them(desk_of):
    desk = desk_of("manager")
    page = open_forecast(desk)
    columns = {"open": "amount", "month": "expected", "later": "later"}
    if amount(page.locator("[data-tile=outside] .fs-4").inner_text()):
        columns["outside"] = "amount"
    for tile, column in columns.items():
        figure = page.locator(f"[data-tile={tile}]")
        shown = amount(figure.locator(".fs-4").inner_text())
        assert shown, tile
        figure.click()
        desk.wait_view("list")
        new = 0
        if tile == "month":
            weeks = shown_rows(desk)["rows"][:4]
            new = sum(Decimal(str(row["new"])) for row in weeks)
        assert abs(desk.sum_of(column) + new - shown) <= 1, tile
        desk.go_back()
        expect(page.locator(ROWS).first).to_be_visible(timeout=60_000)


def test_a_quantile_opens_its_items_and_says_that_they_do_not_add_up_to_it(desk_of):
    desk = desk_of("collector")
    page = open_forecast(desk)
    week = shown_rows(desk)["rows"][1]
    page.locator(ROWS).nth(1).locator("[data-figure=p80]").click()
    desk.wait_view("list")
    title = page.locator(".o_last_breadcrumb_item, .o_breadcrumb .active").first
    text = re.sub(r"\s", "", title.inner_text())
    assert text.startswith("P80")
    assert f"{week['p80']:.2f}".replace(".", ",") in text
    expect(desk.rows().first).to_be_visible()


def test_what_was_received_and_aimed_at_opens_receipts_and_targets(desk_of):
    desk = desk_of("manager")
    page = open_forecast(desk)
    page.locator("button[name=month]").click()
    desk.wait_idle()
    row = shown_rows(desk, "month")["rows"][0]
    for name, column in (("before", "amount"), ("received", "amount")):
        if not row[name]:
            continue
        page.locator(ROWS).first.locator(f"[data-figure={name}]").click()
        desk.wait_view("list")
        desk.show_all()
        assert abs(desk.sum_of(column) - Decimal(str(row[name]))) < Decimal("0.01")
        desk.go_back()
        expect(page.locator(ROWS).first).to_be_visible(timeout=60_000)
    page.locator(ROWS).first.locator("[data-figure=target]").click()
    desk.wait_view("list")
    expect(desk.rows().first).to_be_visible()


def test_months_are_shown_with_the_target_and_what_came_in(desk_of):
    desk = desk_of("manager")
    page = open_forecast(desk)
    weeks = page.locator(ROWS).count()
    page.locator("button[name=month]").click()
    expect(page.locator("button[name=month]")).to_have_attribute("aria-pressed", "true")
    desk.wait_idle()
    data = shown_rows(desk, "month")
    expect(page.locator(ROWS)).to_have_count(len(data["rows"]))
    assert len(data["rows"]) < weeks == 13
    first = page.locator(ROWS).first
    row = data["rows"][0]
    assert row["target"], "the demonstration has a target for the month"
    assert amount(first.locator("[name=target]").inner_text()) == round(row["target"])
    gap = amount(first.locator("[name=gap]").inner_text())
    assert abs(gap - Decimal(row["before"] + row["expected"] - row["target"])) <= 1
    for name in ("expected", "p50", "p80"):
        shown = amount(first.locator(f"[name={name}]").inner_text())
        assert abs(shown - Decimal(row[name])) <= Decimal("0.5")
    assert row["p80"] < row["p50"]
    opens_its_items(desk, first.locator("[data-source=delay]"))


def test_the_measured_error_is_shown_at_each_horizon(desk_of):
    desk = desk_of("auditor")
    page = open_forecast(desk)
    errors = page.locator("table[name=errors]")
    expect(errors.locator("thead th")).to_have_count(4)
    percents = errors.locator("tbody tr[data-method=curve] td").all_inner_texts()
    assert len(percents) == 3
    assert all(re.fullmatch(r"\d+\s%", text) for text in percents)
    expect(page.locator("button[name=refresh]")).to_have_count(0)


def test_a_measured_error_and_a_past_forecast_open_their_weeks(desk_of):
    desk = desk_of("auditor")
    page = open_forecast(desk)
    page.locator("table[name=errors] tr[data-method=due] button").first.click()
    desk.wait_view("list")
    desk.show_all()
    shown = desk.sum_of("error") / desk.sum_of("received")
    title = page.locator(".o_last_breadcrumb_item, .o_breadcrumb .active").first
    text = re.sub(r"\s", "", title.inner_text())
    assert f"{100 * shown:.1f}".replace(".", ",") in text
    desk.rows().first.click()
    desk.wait_view("list")
    desk.go_back()
    desk.go_back()
    expect(page.locator(ROWS).first).to_be_visible(timeout=60_000)
    past = page.locator("table[name=past] tbody tr").first
    received = amount(past.locator("[data-figure=received]").inner_text())
    past.locator("[data-figure=received]").click()
    desk.wait_view("list")
    assert abs(desk.sum_of("received") - received) <= Decimal("0.5")


def test_a_frozen_forecast_is_read_again(desk_of):
    desk = desk_of("manager")
    page = open_forecast(desk)
    past = page.locator("table[name=past] tbody tr")
    expect(past.first).to_be_visible()
    past.first.locator("th button").click()
    expect(page.locator(f"{ROWS} [data-source]")).to_have_count(0)
    expect(page.locator(f"{PERIODS} [name=received]").first).to_be_visible()


def test_the_forecast_is_made_again_and_leaves_as_a_spreadsheet(desk_of):
    desk = desk_of("manager")
    page = open_forecast(desk)
    page.locator("button[name=refresh]").click()
    expect(page.locator(".o_notification")).to_be_visible(timeout=60_000)
    desk.wait_idle()
    with desk.download() as file:
        page.locator("button[name=xlsx]").click()
    book = workbook(file)
    assert len(book.sheetnames) == 4
    data = shown_rows(desk)
    numbers = {
        round(value, 2)
        for value in cells(book.worksheets[0])
        if isinstance(value, int | float)
    }
    assert {round(row["expected"], 2) for row in data["rows"]} <= numbers


@pytest.mark.parametrize("kind", ["week", "month"])
def test_the_forecast_fits_a_phone(desk_of, kind):
    desk = desk_of("collector", 390, 844)
    page = open_forecast(desk)
    page.locator(f"button[name={kind}]").click()
    desk.wait_idle()
    assert desk.overflow() <= 0
    assert not desk.cut(PERIODS)
    assert not desk.cut("table[name=errors]")
    row = page.locator(ROWS).first
    box = row.locator("[name=gap], [name=p80]").last.bounding_box()
    assert box["x"] + box["width"] <= 390, "a figure is beside the screen"
