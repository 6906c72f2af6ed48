"""Everybody through every screen of direct debits, wide and on a telephone: each opens
with its data, nothing sticks out, and what a role must not do is not offered."""

import pytest
from debits import COLLECTION, MANDATE, MODULE, RETURN
from playwright.sync_api import expect

EVERYBODY = {
    "menu_recouvrement_sepa_mandates",
    "menu_recouvrement_sepa_without_mandate",
    "menu_recouvrement_sepa_prenotifications",
}
FOLLOWERS = EVERYBODY | {
    "menu_recouvrement_sepa_collections",
    "menu_recouvrement_sepa_debits",
    "menu_recouvrement_sepa_returns",
}
MAKERS = FOLLOWERS | {
    "menu_recouvrement_sepa_return_entry",
    "menu_recouvrement_sepa_mandate_import",
    "menu_recouvrement_bank_files",
    "menu_recouvrement_sepa_return_rates",
}
MENUS = {
    "salesperson": EVERYBODY,
    "collector": FOLLOWERS,
    "auditor": FOLLOWERS
    | {"menu_recouvrement_bank_files", "menu_recouvrement_sepa_return_rates"},
    "accountant": MAKERS,
    "manager": MAKERS
    | {
        "menu_recouvrement_sepa_settings",
        "menu_recouvrement_sepa_reasons",
        "menu_recouvrement_sepa_return_rules",
    },
}
PATHS = {
    MANDATE: "direct-debit-mandates",
    COLLECTION: "direct-debit-collections",
    RETURN: "debit-returns",
}
# Buttons that change something, by who must not be offered them.
MANDATE_STEPS = (
    "action_send",
    "action_sign_paper",
    "action_suspend",
    "action_resume",
    "action_cancel",
    "action_amend",
    "action_bank_change",
)
COLLECTION_STEPS = (
    "action_submit",
    "action_approve",
    "action_generate",
    "action_download",
    "action_sent",
    "action_propose",
    "action_empty",
    "action_prenotify",
    "action_book",
    "action_cancel",
)
RETURN_STEPS = ("action_match", "action_set_aside", "action_take_up")
FOLLOW_UP = (
    "action_done",
    "action_represent_on",
    "action_ask_iban",
    "action_dispute",
    "action_undo",
)
FORBIDDEN = {
    "salesperson": {MANDATE: MANDATE_STEPS},
    "collector": {COLLECTION: COLLECTION_STEPS, RETURN: RETURN_STEPS},
    "auditor": {
        MANDATE: MANDATE_STEPS,
        COLLECTION: COLLECTION_STEPS,
        RETURN: RETURN_STEPS + FOLLOW_UP,
    },
}


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
@pytest.mark.parametrize("login", sorted(MENUS))
def test_each_screen_opens_and_fits(desk_of, login, width):
    desk = desk_of(login, width, 860)
    desk.open("debtors")
    offered = menus_of(desk)
    assert {name for name in offered if name != "menu_recouvrement_sepa"} == MENUS[
        login
    ]
    wide = {}
    for name, place in offered.items():
        path = place if isinstance(place, str) else f"action-{place}"
        desk.page.goto(f"{desk.url}/odoo/{path}", wait_until="domcontentloaded")
        shown = desk.page.locator(".o_action, .modal .o_form_view")
        expect(shown.first).to_be_visible(timeout=60_000)
        desk.wait_idle()
        expect(desk.page.locator(".o_error_dialog")).to_have_count(0)
        if (excess := desk.overflow()) > 0:
            wide[name] = excess
    assert not wide


@pytest.mark.parametrize("width", [1400, 390])
def test_each_state_has_its_form(desk_of, connect, width):
    """One mandate, one collection, one return of each state that there is."""
    desk, rpc = desk_of("accountant", width, 860), connect("accountant")
    wide = {}
    for model, path in PATHS.items():
        for record in of_each_state(rpc, model):
            desk.open(f"{path}/{record['id']}")
            expect(desk.page.locator(".o_form_view")).to_be_visible()
            if (excess := desk.overflow()) > 0:
                wide[model, record["state"]] = excess
    assert not wide


def of_each_state(rpc, model):
    rows = rpc.search_read(model, [], ["state"])
    return {row["state"]: row for row in rows}.values()


@pytest.mark.parametrize("login", sorted(FORBIDDEN))
def test_what_a_role_must_not_do_is_not_offered(desk_of, connect, login):
    desk, rpc = desk_of(login), connect(login)
    offered = {}
    for model, steps in FORBIDDEN[login].items():
        for record in of_each_state(rpc, model):
            desk.open(f"{PATHS[model]}/{record['id']}")
            shown = [step for step in steps if desk.button(step).count()]
            if shown:
                offered[model, record["state"]] = shown
    assert not offered
