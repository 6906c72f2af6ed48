"""A promise that the ledger does not keep comes back to the worklist once its days of
tolerance are over, with the number of promises this customer broke."""

import time
from datetime import date

import pytest
from days import today
from invoicing import bill, give_to
from page360 import Page360
from plans import decisions
from playwright.sync_api import expect

PROMISE = "recouvrement.promise"
CRON = "recouvrement.ir_cron_promises"
TAB = '.o_recouvrement_tabs [data-kind="promise_broken"]'
# The promise was made, and the customer spoken to, some days ago.
BACK = """
days = datetime.timedelta(days=days)
promise = env["recouvrement.promise"].browse(promise).sudo()
promise.write({
    name: promise[name] - days for name in ("date", "deadline", "date_made")
})
for contact in promise.debtor_id.interaction_ids:
    contact.write({"date": contact.date - days})
promise.debtor_id._refresh_last_contacts()
"""


@pytest.fixture
def customer(admin, connect):
    """A customer of the collector with two overdue invoices."""
    name = f"Chapellerie {time.time_ns() % 10**6:06}-Solignac"
    return give_to(connect, bill(admin, name, [980.0, 240.0], 25), "collector")


def test_broken_promises_come_back_with_their_count(desk_of, admin, customer):
    desk = desk_of("collector")
    view = Page360(desk)
    for count in (1, 2):
        promise = promised(view, customer)
        assert decisions(desk.rpc, customer) == {("promised", None)}
        assert not broken(desk, customer), "it waits for the payment"

        # The last day counts still; the day after, the promise is broken.
        goes_by(admin, promise, days_to(desk.rpc, promise))
        assert state(desk.rpc, promise) == "open"
        goes_by(admin, promise, 1)
        assert state(desk.rpc, promise) == "broken"
        the_worklist_counts_it(desk, customer, count)
        the_page_says_it(view, customer, count)
        spoken_to(view)
    assert not broken(desk, customer), "it was spoken about"


def promised(view, customer):
    """All that is due, for the second of the days offered; returns the promise."""
    view.open(customer["id"])
    view.desk.button("action_promise_all").click()
    view.page.locator(".o-dropdown--menu .o-dropdown-item").nth(1).click()
    expect(
        view.page.locator('.o_recouvrement_block[data-name="promises"]')
    ).to_be_visible()
    view.desk.wait_idle()
    own = [("debtor_id", "=", customer["id"]), ("state", "=", "open")]
    [row] = view.rpc.search_read(PROMISE, own, ["id"])
    return row["id"]


def days_to(rpc, promise):
    """Days until the last one that counts."""
    [row] = rpc.call(PROMISE, "read", [promise], ["date", "deadline"])
    assert row["deadline"] > row["date"], "there is a tolerance"
    return (date.fromisoformat(row["deadline"]) - today()).days


def goes_by(admin, promise, days):
    """So many days, then the night."""
    admin.run(BACK, promise=promise, days=days)
    admin.run_cron(CRON)


def state(rpc, promise):
    [row] = rpc.call(PROMISE, "read", [promise], ["state"])
    return row["state"]


def broken(desk, customer):
    """Whether the customer is in the tab of broken promises."""
    desk.open("my-portfolio")
    desk.search(customer["partner_id"][1])
    tab = desk.page.locator(TAB)
    if not tab.count():
        return False
    tab.click()
    desk.wait_idle()
    return desk.rows().filter(has_text=customer["partner_id"][1]).count() > 0


def the_worklist_counts_it(desk, customer, count):
    assert broken(desk, customer)
    row = desk.row(customer["partner_id"][1])
    expect(desk.cell(row, "promise_broken_count")).to_have_text(f"{count}")
    words = "1 promesse rompue" if count == 1 else f"{count} promesses rompues"
    expect(desk.cell(row, "work_sentence")).to_contain_text(words)
    assert decisions(desk.rpc, customer) != {("promised", None)}
    assert desk.overflow() <= 0
    desk.cell(row, "partner_id").click()


def the_page_says_it(view, customer, count):
    view.wait()
    assert view.debtor_id() == customer["id"]
    badge = view.page.locator(
        f'.o_recouvrement_block_item[data-model="{PROMISE}"] .text-bg-danger'
    )
    expect(badge).to_have_count(count)
    # The night writes in the language of the company.
    expect(view.event("promise")).to_contain_text("Promesse rompue")
    assert view.desk.overflow() <= 0


def spoken_to(view):
    """A contact after it deals with the broken promise."""
    view.page.keyboard.press("c")
    wizard = view.desk.wizard()
    view.desk.field("outcome_id", wizard).locator(".o_selection_badge").first.click()
    view.desk.wait_idle()
    view.desk.type_in("note", "Relancée sur sa promesse", wizard)
    view.desk.button("action_save", wizard).first.click()
    view.desk.wait_idle()
    expect(view.page.locator(".modal")).to_have_count(0)
