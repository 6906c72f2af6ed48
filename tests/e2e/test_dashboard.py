"""The dashboards of each role: figures that open their lines, charts, a phone."""

import pytest
from desk import amount
from playwright.sync_api import expect

ROLES = [("collector", "collector"), ("manager", "manager"), ("auditor", "director")]
DRAWN = "canvas => Boolean(window.Chart && window.Chart.getChart(canvas))"


def open_dashboard(desk):
    """Go to the dashboard of the role and wait for its charts."""
    desk.page.goto(f"{desk.url}/odoo/tableau-de-bord", wait_until="domcontentloaded")
    expect(desk.page.locator(".o_rec_dashboard_tile[data-code]").first).to_be_visible(
        timeout=60_000
    )
    expect(desk.page.locator("canvas").first).to_be_visible(timeout=60_000)
    desk.wait_idle()
    return desk.page


def title_amount(page):
    title = page.locator(".o_last_breadcrumb_item, .o_breadcrumb .active").first
    return amount(title.inner_text().rpartition(":")[2])


@pytest.mark.parametrize(("login", "kind"), ROLES)
def test_each_role_gets_its_dashboard_with_its_charts(desk_of, login, kind):
    page = open_dashboard(desk_of(login))
    chosen = page.locator("[data-kind][aria-pressed=true]")
    if login != "collector":
        assert chosen.get_attribute("data-kind") == kind
    canvases = page.locator("canvas")
    assert canvases.count() >= 3
    for place in range(canvases.count()):
        assert canvases.nth(place).evaluate(DRAWN)


def test_a_tile_opens_the_lines_that_make_it(desk_of):
    desk = desk_of("manager")
    page = open_dashboard(desk)
    value = page.locator("[data-code=overdue] .o_rec_dashboard_value")
    shown = amount(value.inner_text())
    value.click()
    desk.wait_view("list")
    assert title_amount(page) == shown
    page.locator(".o_breadcrumb a, .o_back_button").first.click()
    expect(page.locator("[data-code=overdue]")).to_be_visible(timeout=60_000)


def test_a_ratio_lets_choose_among_its_measures(desk_of):
    desk = desk_of("manager")
    page = open_dashboard(desk)
    page.locator("[data-code=cei] .o_rec_dashboard_value").click()
    measure = page.locator("[data-measure=receivables]")
    shown = amount(measure.locator(".float-end").inner_text())
    measure.click()
    desk.wait_view("list")
    assert title_amount(page) == shown


def test_the_period_and_the_comparison_are_chosen(desk_of):
    desk = desk_of("manager")
    page = open_dashboard(desk)
    expect(page.locator("button[name=next]")).to_be_disabled()
    label = page.locator(".o_rec_dashboard_period").inner_text()
    page.locator("button[name=previous]").click()
    expect(page.locator(".o_rec_dashboard_period")).not_to_have_text(label)
    expect(page.locator(".o_rec_dashboard_period .fa-lock")).to_be_visible()
    page.locator("[data-compare=year]").click()
    expect(page.locator("[data-compare=year]")).to_have_attribute(
        "aria-pressed", "true"
    )
    page.locator("button[name=current]").click()
    expect(page.locator(".o_rec_dashboard_period")).to_have_text(label)


def test_what_waits_opens_its_list(desk_of):
    desk = desk_of("collector")
    page = open_dashboard(desk)
    tile = page.locator("[data-work=work_all] .o_rec_dashboard_value")
    shown = int(amount(tile.inner_text()))
    tile.click()
    desk.wait_view("list")
    assert desk.total() == shown


def test_the_definition_of_a_tile_is_a_tap_away(desk_of):
    desk = desk_of("collector", 390, 844)
    page = open_dashboard(desk)
    tile = page.locator("[data-code=overdue]")
    tile.locator(".o_rec_dashboard_explain").click()
    expect(tile.locator(".o_rec_dashboard_definition")).to_be_visible()


@pytest.mark.parametrize(("login", "kind"), ROLES)
def test_the_dashboards_fit_a_phone(desk_of, login, kind):
    desk = desk_of(login, 390, 844)
    page = open_dashboard(desk)
    assert desk.overflow() <= 0
    lefts = page.locator("[name=figures] .o_rec_dashboard_tile").evaluate_all(
        "tiles => [...new Set(tiles.map(tile => tile.getBoundingClientRect().left))]"
    )
    assert len(lefts) == 1
