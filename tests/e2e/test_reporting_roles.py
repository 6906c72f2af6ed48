"""The accountant, then everybody, through every screen of the figures, wide and on a
telephone: each opens with its data, nothing sticks out."""

import pytest
from playwright.sync_api import expect

MODULE = "recouvrement_reporting"
MENUS = (
    "menu_recouvrement_aged_balance",
    "menu_recouvrement_dashboard",
    "menu_recouvrement_forecast",
    "menu_recouvrement_kpi",
    "menu_recouvrement_performance",
    "menu_recouvrement_reviews",
    "menu_recouvrement_statement_runs",
)


def menus_of(desk):
    """What the role is offered of this addon, with the action behind it."""
    tree = desk.page.evaluate(
        "() => fetch(`${location.origin}/web/webclient/load_menus`)"
        ".then(reply => reply.json())"
    )
    return {
        entry["xmlid"].partition(".")[2]: entry["actionPath"] or entry["actionID"]
        for entry in tree.values()
        if (entry.get("xmlid") or "").startswith(f"{MODULE}.") and entry["actionID"]
    }


@pytest.mark.parametrize("width", [1400, 390])
@pytest.mark.parametrize("login", ["accountant", "collector", "auditor"])
def test_each_screen_opens_and_fits(desk_of, login, width):
    desk = desk_of(login, width, 860)
    desk.open("debtors")
    offered = menus_of(desk)
    assert set(MENUS) <= set(offered)
    assert ("menu_recouvrement_packs" in offered) == (login != "collector")
    wide = {}
    for name, place in offered.items():
        path = place if isinstance(place, str) else f"action-{place}"
        desk.page.goto(f"{desk.url}/odoo/{path}", wait_until="domcontentloaded")
        expect(desk.page.locator(".o_action").first).to_be_visible(timeout=60_000)
        desk.wait_idle()
        expect(desk.page.locator(".o_error_dialog")).to_have_count(0)
        if (excess := desk.overflow()) > 0:
            wide[name] = excess
    assert not wide
