"""From the formal notice to the payment order, its service and the title: the collector
transfers and records, the manager closes."""

import time
from datetime import date, timedelta

import pytest
from days import today
from invoicing import bill, give_to, open_items
from page360 import Page360
from playwright.sync_api import expect
from waiting import wait_for

FILES = "recouvrement.litigation"
STEPS = "recouvrement.litigation.step"
EVENTS = "recouvrement.prescription.event"
ORDER = "payment_order_2026_09"
AMOUNTS = (1800.0, 640.0)


@pytest.fixture
def customer(admin, connect):
    """A customer of the collector with two invoices, long overdue."""
    name = f"Charpentes {time.time_ns() % 10**6}-Lemoine"
    partner = bill(admin, name, AMOUNTS, 95)
    return give_to(connect, partner, "collector")


def test_formal_notice_then_payment_order_then_title(desk_of, connect, customer):
    rpc = connect("collector")
    desk = desk_of("collector")
    litigation = transferred(desk, rpc, customer)
    assert standing(rpc, litigation) == ("formal_notice", "formal_notice")
    assert statuses(rpc, customer) == {"litigation"}

    record(desk, rpc, litigation, "send", days_ago=60)
    start_payment_order(desk, rpc, litigation)
    record(desk, rpc, litigation, "application", days_ago=50)
    record(desk, rpc, litigation, "order", days_ago=45)
    due = day_of(rpc, litigation, "serve", "date_due")
    assert 44 <= (due - today()).days <= 52, "three months from the order"
    record(desk, rpc, litigation, "serve", days_ago=40)
    assert kinds(rpc, customer) >= {"payment_order"}
    assert day_of(rpc, litigation, "enforceable", "date_due") > today()
    record(desk, rpc, litigation, "enforceable", days_ago=0, reference="2026IP0815")
    assert standing(rpc, litigation)[0] == "title"
    assert kinds(rpc, customer) >= {"payment_order", "title"}
    expect(desk.field("title_expiry")).to_be_visible()

    the_page_shows_it(desk, customer, litigation)
    the_phone_shows_it(desk_of, litigation)
    the_manager_settles_it(desk_of("manager"), connect("manager"), litigation)
    assert statuses(rpc, customer) == {"to_chase"}


def transferred(desk, rpc, customer):
    """All the overdue items, from the 360° page; the file is on screen."""
    view = Page360(desk)
    view.open(customer["id"])
    view.choose("action_desk_litigation")
    wizard = desk.wizard()
    expect(desk.field("proposals", wizard)).to_contain_text("1344")
    desk.press("action_confirm", wizard)
    expect(desk.page.locator(".modal")).to_have_count(0)
    desk.wait_view("form")
    [row] = rpc.search_read(
        FILES, [("debtor_id", "=", customer["id"])], ["amount_open"]
    )
    total = sum(item["amount_residual_currency"] for item in items(rpc, customer))
    assert row["amount_open"] == pytest.approx(total)
    return row["id"]


def items(rpc, customer):
    return open_items(rpc, customer["id"])


def statuses(rpc, customer):
    return {item["collection_status"] for item in items(rpc, customer)}


def standing(rpc, litigation):
    """Codes of the stage and of the procedure."""
    [row] = rpc.call(FILES, "read", [litigation], ["stage_id", "procedure_id"])
    return tuple(
        rpc.call(model, "read", [row[name][0]], ["code"])[0]["code"]
        for model, name in (
            ("recouvrement.litigation.stage", "stage_id"),
            ("recouvrement.procedure", "procedure_id"),
        )
    )


def kinds(rpc, customer):
    """Kinds of the prescription events of the customer."""
    rows = rpc.search_read(
        EVENTS, [("debtor_id", "=", customer["id"])], ["kind_id", "is_void"]
    )
    ids = [row["kind_id"][0] for row in rows if not row["is_void"]]
    found = rpc.call("recouvrement.prescription.kind", "read", ids, ["code"])
    return {row["code"] for row in found}


def step_of(rpc, litigation, code):
    own = [("litigation_id", "=", litigation), ("code", "=", code)]
    fields = ["name", "date_due", "date_done", "state"]
    return rpc.search_read(STEPS, own, fields, order="round desc", limit=1)[0]


def day_of(rpc, litigation, code, name):
    return date.fromisoformat(step_of(rpc, litigation, code)[name])


def record(desk, rpc, litigation, code, days_ago, reference=None):
    """Record a step on the file on screen."""
    step = step_of(rpc, litigation, code)
    rows = desk.rows(desk.field("step_ids")).filter(has_text=step["name"])
    desk.button("action_done", rows).last.click()
    wizard = desk.wizard()
    day = today() - timedelta(days=days_ago)
    expect(desk.field("date", wizard)).to_be_visible()
    desk.wait_idle()
    desk.pick_day("date", day, wizard)
    if reference:
        desk.type_in("reference", reference, wizard)
    desk.confirm()
    wait_for(lambda: step_of(rpc, litigation, code)["state"] == "done")
    assert day_of(rpc, litigation, code, "date_done") == day


def start_payment_order(desk, rpc, litigation):
    """The procedure proposed next is the payment order."""
    desk.press("action_start_procedure")
    wizard = desk.wizard()
    expect(desk.field("proposals", wizard)).to_contain_text("1405")
    desk.press("action_confirm", wizard)
    expect(desk.page.locator(".modal")).to_have_count(0)
    wait_for(lambda: standing(rpc, litigation)[1] == ORDER)
    desk.open(f"litigation/{litigation}")


def the_page_shows_it(desk, customer, litigation):
    """In its block and on the items."""
    view = Page360(desk)
    view.open(customer["id"])
    block = view.page.locator('.o_recouvrement_block[data-name="litigation"]')
    expect(block).to_be_visible()
    expect(view.event("litigation")).to_be_visible()
    block.locator(f'[data-model="{FILES}"]').first.click()
    desk.wait_view("form")
    assert desk.record_id() == litigation


def the_phone_shows_it(desk_of, litigation):
    """Nothing is wider than a telephone."""
    phone = desk_of("collector", 390, 844)
    phone.open(f"litigation/{litigation}")
    width = phone.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 391
    phone.open("litigation")
    phone.open("litigation-deadlines")


def the_manager_settles_it(desk, rpc, litigation):
    desk.open(f"litigation/{litigation}")
    desk.press("action_close")
    wizard = desk.wizard()
    desk.type_in("reason", "Accord signé, trois versements.", wizard)
    desk.confirm()
    wait_for(lambda: standing(rpc, litigation)[0] == "settled")
