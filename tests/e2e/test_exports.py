"""Exports for auditors: a figure, its lines, the file; and nothing is changed."""

import csv
import io
import re
from decimal import Decimal

import pytest
from desk import amount
from documents import workbook
from invoicing import bill
from playwright.sync_api import expect
from rpc import RpcError

FORMULA = '=HYPERLINK("http://x.example";"A")'
# What an auditor has no button for.
CHANGING = (
    "action_prepare",
    "action_send",
    "action_approve",
    "action_cancel",
    "action_compute",
    "action_freeze",
    "action_replace",
    "action_prepare_month",
    "action_held",
    "action_next",
    "action_sign",
    "action_refresh",
)
NUMBER = re.compile(r"-?\d+,\d\d")
SCREENS = {
    "monthly-packs": "recouvrement.pack",
    "account-reviews": "recouvrement.review",
    "collection-targets": "recouvrement.target",
    "collection-bonuses": "recouvrement.bonus.statement",
    "delais-de-paiement": "recouvrement.delay.table",
    "account-statements": "recouvrement.statement.run",
    "reconciliations": "recouvrement.reconciliation",
}


@pytest.fixture(scope="module")
def dangerous(admin):
    """A customer whose name a spreadsheet would take for a formula."""
    return bill(admin, FORMULA, (77.0,), ref="=1+1")


def open_lines(desk):
    """The overdue amount of the key figures, and its lines."""
    desk.page.goto(f"{desk.url}/odoo/indicateurs", wait_until="domcontentloaded")
    value = desk.page.locator("[data-code=overdue] .o_rec_kpi_value")
    expect(value).to_be_visible(timeout=60_000)
    desk.page.locator("button[name=current]").click()
    expect(desk.page.locator("button[name=compare]")).to_have_count(0)
    desk.wait_idle()
    shown = amount(value.inner_text())
    value.click()
    desk.wait_view("list")
    assert desk.sum_of("value") == shown
    return shown


def export(desk, kind):
    """The lines of the list, by the menu of the screen."""
    gear = desk.page.locator(".o_control_panel .o_cp_action_menus .fa-cog")
    gear.locator("visible=true").first.click()
    with desk.download() as file:
        desk.page.locator(f".o_recouvrement_export_{kind}").click()
    return file


def test_lines_leave_as_a_spreadsheet_with_their_total(desk_of, dangerous):
    desk = desk_of("auditor")
    shown = open_lines(desk)
    book = workbook(export(desk, "xlsx"))
    sheet = book.worksheets[-1]
    texts = {
        cell.value: cell.data_type
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
    }
    assert all(kind == "s" for kind in texts.values()), "a formula"
    assert any(text.endswith(FORMULA) for text in texts)
    assert shown in sums_of(sheet.values)


def sums_of(rows):
    """What each column of numbers adds up to, without and with a line of totals."""
    found = set()
    for column in zip(*list(rows)[1:], strict=True):
        numbers = [Decimal(str(one)) for one in column if isinstance(one, int | float)]
        found |= {round(sum(numbers), 2), round(sum(numbers[:-1]), 2)}
    return found


def test_lines_leave_as_csv_and_formulas_stay_text(desk_of, dangerous):
    desk = desk_of("auditor")
    shown = open_lines(desk)
    file = export(desk, "csv")
    text = file["content"].decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert any(cell == f"'{FORMULA}" for row in rows for cell in row)
    assert not any(cell.startswith(("=", "@", "+")) for row in rows for cell in row)
    numbers = [
        [
            float(cell.replace(",", ".")) if NUMBER.fullmatch(cell) else cell
            for cell in row
        ]
        for row in rows
    ]
    assert shown in sums_of(numbers)


@pytest.mark.parametrize(("path", "model"), SCREENS.items())
def test_an_auditor_reads_each_screen_and_changes_nothing(desk_of, admin, path, model):
    desk = desk_of("auditor")
    desk.open(path)
    expect(desk.page.locator(".o_list_button_add, .o-kanban-button-new")).to_have_count(
        0
    )
    [row] = desk.rpc.search_read(model, [], ["id"], limit=1)
    desk.open(f"{path}/{row['id']}")
    for name in CHANGING:
        expect(desk.button(name)).to_have_count(0)
    expect(desk.page.locator(".o_form_button_create:visible")).to_have_count(0)
    for method, args in (("write", [{"active": False}]), ("unlink", [])):
        with pytest.raises(RpcError):
            desk.rpc.call(model, method, [row["id"]], *args)
    assert admin.count(model, [("id", "=", row["id"])]) == 1
