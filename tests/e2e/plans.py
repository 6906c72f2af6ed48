"""Instalment plans of the stories: offered at the desk, signed, seen by both sides."""

from invoicing import open_items
from page360 import Page360
from playwright.sync_api import expect

PLAN = "recouvrement.payment.plan"
DECISION = "recouvrement.dunning.decision"
SIGN = """
plan = env["recouvrement.payment.plan"].browse(plan)
plan.sudo()._accept("Anselme Garric", "192.0.2.44", "Firefox")
"""


def negotiate(desk, customer):
    """The form of a plan for all that is open, from the 360° page."""
    view = Page360(desk)
    view.open(customer["id"])
    for item in open_items(desk.rpc, customer["id"]):
        view.tick_item(item["id"])
    desk.press("action_plan")
    return desk.wizard()


def offered(desk, customer):
    """All that is open, in three instalments, within the margin; returns the plan."""
    conclude(desk, negotiate(desk, customer))
    assert desk.status() == "offered"
    return desk.record_id()


def conclude(desk, wizard):
    """Offer the plan of the form, or submit it; it opens."""
    desk.press("action_offer", wizard)
    desk.wait_view("form")
    expect(desk.page.locator(".modal")).to_have_count(0)


def state(rpc, model, number):
    """State of a record."""
    [row] = rpc.call(model, "read", [number], ["state"])
    return row["state"]


def decisions(rpc, customer, day=None):
    """What a campaign of a day would do: reasons and levels of the items."""
    context = {"dunning_date": f"{day}"} if day else {}
    own = [("debtor_id", "=", customer["id"])]
    rows = rpc.search_read(
        DECISION, own, ["reason", "rank", "level_id"], context=context
    )
    return {
        (row["reason"], row["rank"] if row["reason"] == "chase" else None)
        for row in rows
    }
