"""Targets and performance, and a bonus from frozen figures that a second person
approves."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from days import today
from desk import amount
from documents import pdf_pages
from playwright.sync_api import expect
from rpc import RpcError

TARGET = "recouvrement.target"
STATEMENT = "recouvrement.bonus.statement"
SNAPSHOT = "recouvrement.kpi.snapshot"


def test_a_target_opens_the_receipts_that_make_what_was_reached(desk_of):
    desk = desk_of("manager")
    desk.open("performance")
    cards = desk.page.locator(".o_kanban_record:not(.o_kanban_ghost)")
    expect(cards.first).to_be_visible()
    desk.open("collection-targets")
    [row] = desk.rpc.search_read(
        TARGET,
        [
            ("measure", "=", "collected"),
            ("period_kind", "=", "month"),
            ("user_id", "!=", False),
            ("amount_actual", ">", 0),
        ],
        ["amount_actual"],
        order="date_start desc",
        limit=1,
    )
    desk.open(f"collection-targets/{row['id']}")
    assert amount(desk.read("actual")) == Decimal(f"{row['amount_actual']:.2f}")
    desk.press("action_open_lines")
    desk.wait_view("list")
    assert desk.sum_of("value") == Decimal(f"{row['amount_actual']:.2f}")


def test_targets_are_set_from_the_month_before(desk_of, admin, company):
    desk = desk_of("manager")
    following = (today().replace(day=1) + timedelta(days=32)).replace(day=1)
    coming = [
        ("company_id", "=", company),
        ("period_kind", "=", "month"),
        ("date_start", "=", f"{following}"),
    ]
    assert not admin.count(TARGET, coming)
    desk.open("collection-targets")
    action = admin.ref("recouvrement_reporting.recouvrement_target_wizard_action")
    desk.press(f"{action}")
    wizard = desk.wizard()
    expect(desk.rows(wizard).first).to_be_visible()
    desk.pick_day("date_start", following, wizard)
    desk.wait_idle()
    lines = desk.rows(wizard).count()
    desk.confirm()
    assert admin.count(TARGET, coming) == lines > 0


@pytest.fixture
def month(admin, company):
    """The last frozen month whose bonuses are not worked out yet."""
    made = admin.search_read(
        STATEMENT,
        [("company_id", "=", company), ("state", "!=", "cancelled")],
        ["date_start"],
    )
    taken = {row["date_start"] for row in made}
    frozen = admin.search_read(
        SNAPSHOT,
        [
            ("company_id", "=", company),
            ("code", "=", "collected"),
            ("dimension", "=", "collector"),
        ],
        ["date_start"],
    )
    return date.fromisoformat(max({row["date_start"] for row in frozen} - taken))


def test_a_bonus_is_worked_out_explained_and_approved_by_a_second_person(
    desk_of, admin, company, month
):
    desk = desk_of("manager")
    desk.open("collection-bonuses")
    desk.press(
        f"{admin.ref('recouvrement_reporting.recouvrement_bonus_wizard_action')}"
    )
    wizard = desk.wizard()
    desk.pick_day("date", month, wizard)
    desk.wait_idle()
    desk.confirm()
    desk.wait_view("list")
    made = desk.total()
    assert made == admin.count(
        STATEMENT, [("company_id", "=", company), ("date_start", "=", f"{month}")]
    )
    [statement] = admin.search_read(
        STATEMENT,
        [("company_id", "=", company), ("date_start", "=", f"{month}")],
        ["total", "user_id"],
        order="total desc, id",
        limit=1,
    )
    desk.open(f"collection-bonuses/{statement['id']}")
    assert desk.status() == "draft"
    explained_line_by_line(desk, Decimal(f"{statement['total']:.2f}"))
    figure_opens_its_lines(desk)
    desk.open(f"collection-bonuses/{statement['id']}")
    expect(desk.button("action_approve")).to_have_count(0)
    with pytest.raises(RpcError):
        desk.rpc.call(STATEMENT, "action_approve", [statement["id"]])

    second = desk_of("accountant")
    second.open(f"collection-bonuses/{statement['id']}")
    expect(second.button("action_approve")).to_have_count(0)
    allow_to_approve(admin, company)
    second.reload()
    second.press("action_approve")
    second.wait_status("approved")
    second.tab("trace")
    assert second.read("approved_by_id") != second.read("computed_by_id")
    with second.download() as file:
        second.press("action_print")
    text = " ".join(pdf_pages(file))
    assert statement["user_id"][1] in text


def allow_to_approve(admin, company):
    """The accountant is given a limit of authority, as the manager may give one."""
    values = {"subject": "bonus", "role": "accountant", "limit": 600}
    admin.call("recouvrement.authority", "create", {**values, "company_id": company})


def explained_line_by_line(desk, total):
    rows = desk.rows(desk.field("line_ids"))
    expect(rows.first).to_be_visible()
    amounts = [
        amount(text)
        for text in rows.locator("td[name=amount]").all_inner_texts()
        if re.search(r"\d", text)
    ]
    assert sum(amounts) == total
    assert all(
        text.strip() for text in rows.locator("td[name=explanation]").all_inner_texts()
    )


def figure_opens_its_lines(desk):
    """What was collected, as the explanation says it, is the sum of its receipts."""
    [row] = desk.rpc.search_read(
        "recouvrement.bonus.line",
        [
            ("statement_id", "=", desk.record_id()),
            ("measure", "=", "collected"),
            ("scope", "=", "user"),
        ],
        ["name", "value_text"],
        limit=1,
    )
    line = desk.row(row["name"], desk.field("line_ids"))
    shown = amount(desk.cell(line, "value_text").inner_text())
    assert shown == amount(row["value_text"])
    desk.button("action_open_lines", line).click()
    desk.wait_view("list")
    assert desk.sum_of("amount") == shown


@pytest.mark.parametrize(
    "path", ["performance", "collection-targets", "collection-bonuses"]
)
def test_targets_and_bonuses_fit_a_phone(desk_of, path):
    desk = desk_of("collector", 390, 844)
    desk.open(path)
    assert desk.overflow() <= 0
