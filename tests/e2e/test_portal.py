"""A customer on the own page, on a telephone, without any password."""

from urllib.parse import urlsplit

import pytest
from conftest import _watch
from playwright.sync_api import expect

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def customer(chromium, url, connect):
    """The page of a debtor with overdue items, opened from the address that the
    collector copies."""
    rpc = connect("manager")
    [debtor] = rpc.search_read(
        "recouvrement.debtor",
        [("overdue_item_count", ">", 2)],
        ["partner_id"],
        limit=1,
        order="overdue_item_count desc",
    )
    action = rpc.call("recouvrement.debtor", "action_portal_link", [debtor["id"]])
    [wizard] = rpc.call(action["res_model"], "read", [action["res_id"]], ["url"])
    troubles = []
    context = chromium.new_context(locale="fr-FR", viewport=PHONE, has_touch=True)
    page = context.new_page()
    page.set_default_timeout(30_000)
    _watch(page, "customer", troubles)
    page.goto(url + urlsplit(wizard["url"]).path)
    yield page, rpc, debtor
    context.close()
    assert not troubles, "\n".join(troubles)


def _overflow(page):
    return page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def test_a_customer_ticks_promises_and_reads_the_state(customer):
    page, rpc, debtor = customer
    assert _overflow(page) <= 0
    ticks = page.locator("input.o_receivable_tick")
    ticks.nth(0).check()
    ticks.nth(1).check()
    expect(page.locator(".o_receivable_count")).to_have_text("2")
    expect(page.locator(".o_receivable_total")).not_to_be_empty()
    page.locator("button[formaction$='/ask/promise']").click()
    expect(page.locator("input[name=items]:checked")).to_have_count(2)
    assert _overflow(page) <= 0
    page.fill("input[name=day]", _next_week(page))
    page.locator("form[method=post] button[type=submit]").click()
    page.wait_for_url("**/requests?sent=promise")
    expect(page.locator("[role=status]")).to_be_visible()
    [request] = rpc.search_read(
        "recouvrement.request",
        [("debtor_id", "=", debtor["id"]), ("kind", "=", "promise")],
        ["name", "state", "source"],
        order="id desc",
        limit=1,
    )
    assert (request["state"], request["source"]) == ("new", "portal")
    expect(page.locator(".list-group")).to_contain_text(request["name"])


def test_a_customer_finds_how_to_pay(customer):
    page, _rpc, _debtor = customer
    page.locator("input.o_receivable_tick").first.check()
    page.locator("button[formaction$='/pay']").click()
    page.wait_for_url("**/pay?items=*")
    expect(page.locator(".o_receivable_pay_total")).to_be_visible()
    assert _overflow(page) <= 0


def _next_week(page):
    """A week from now, as the browser's calendar writes it."""
    return page.evaluate("new Date(Date.now() + 7 * 864e5).toISOString().slice(0, 10)")
