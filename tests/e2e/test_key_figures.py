"""The key figures on screen: a definition, a figure to its lines, a group, the frozen
month."""

from desk import amount
from playwright.sync_api import expect

ROWS = ".o_rec_kpi_row"


def open_figures(desk):
    """Go to the figures and wait for them and for their trend."""
    desk.page.goto(f"{desk.url}/odoo/indicateurs", wait_until="domcontentloaded")
    expect(desk.page.locator(ROWS).first).to_be_visible(timeout=60_000)
    expect(desk.page.locator(".o_rec_kpi_trend").first).to_be_visible(timeout=60_000)
    desk.wait_idle()
    return desk.page


def test_a_figure_opens_the_lines_that_make_it(desk_of):
    desk = desk_of("manager")
    page = open_figures(desk)
    value = page.locator("[data-code=overdue] .o_rec_kpi_value")
    shown = amount(value.inner_text())
    value.click()
    desk.wait_view("list")
    expect(page.locator(".o_list_view .o_data_row").first).to_be_visible()
    title = page.locator(".o_last_breadcrumb_item, .o_breadcrumb .active").first
    assert amount(title.inner_text().rpartition(":")[2]) == shown
    page.locator(".o_breadcrumb a, .o_back_button").first.click()
    expect(page.locator("[data-code=overdue]")).to_be_visible(timeout=60_000)


def test_a_figure_says_what_it_is_and_is_split(desk_of):
    desk = desk_of("auditor")
    page = open_figures(desk)
    row = page.locator("[data-code=cei]")
    row.locator(".o_rec_kpi_name").focus()
    page.keyboard.press("Enter")
    expect(row.locator("dl dd")).to_have_count(3)
    expect(row.locator("[data-measure]")).to_have_count(4)
    row.locator("[data-by=collector]").click()
    expect(row.locator(".o_rec_kpi_split tr").first).to_be_visible()
    name = row.locator(".o_rec_kpi_split button").first
    label = name.inner_text()
    name.click()
    expect(page.locator("button[name=all]")).to_contain_text(label)
    page.locator("button[name=all]").click()
    expect(page.locator("button[name=all]")).to_have_count(0)


def test_a_frozen_month_is_compared_with_the_ledger(desk_of):
    desk = desk_of("manager")
    page = open_figures(desk)
    page.locator("button[name=compare]").click()
    expect(page.locator(".o_rec_kpi_comparison")).to_be_visible()
    page.locator(".o_rec_kpi_comparison .btn-close").click()
    expect(page.locator(".o_rec_kpi_comparison")).to_have_count(0)
    page.locator("button[name=current]").click()
    expect(page.locator("button[name=compare]")).to_have_count(0)
    expect(page.locator("button[name=next]")).to_be_disabled()


def test_the_figures_fit_a_phone(desk_of):
    desk = desk_of("collector", 390, 844)
    page = open_figures(desk)
    page.locator("[data-code=dso_countback] .o_rec_kpi_name").click()
    expect(page.locator("[data-code=dso_countback] dl")).to_be_visible()
    assert desk.overflow() <= 0


def test_the_figures_leave_as_a_spreadsheet(desk_of):
    desk = desk_of("accountant")
    page = open_figures(desk)
    with page.expect_download() as download:
        page.locator("button[name=xlsx]").click()
    assert download.value.suggested_filename.endswith(".xlsx")
