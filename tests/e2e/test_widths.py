"""The desk on a telephone and on a wide screen: nothing sticks out, all is reached."""

import re

import pytest
from playwright.sync_api import expect

PHONE = (400, 860)
WIDE = (1600, 1000)
SCREENS = (
    "my-portfolio",
    "open-items",
    "reminders",
    "dunning-campaigns",
    "dunning-policies",
    "promises",
    "promises-to-follow",
    "instalment-plans",
    "instalments",
    "contacts-logged",
    "relays",
    "customer-requests",
    "receipts-of-the-day",
    "substitutions",
)
DESK_SCREENS = SCREENS[5:]
LONG_HEADS = [
    "recouvrement.credit.limit",
    "recouvrement.credit.file",
    "recouvrement.write.off",
    "recouvrement.impairment",
    "recouvrement.kpi",
    "recouvrement.sepa.return",
    "recouvrement.bank.file",
    "recouvrement.insurance.policy",
    "recouvrement.counsel.assignment",
]


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_nothing_sticks_out(desk_of, admin, size):
    desk = desk_of("manager", *size)
    records = {
        "debtors": "recouvrement.debtor",
        "reminders": "recouvrement.reminder",
        "dunning-campaigns": "recouvrement.dunning.run",
        "dunning-policies": "recouvrement.dunning.policy",
        "promises": "recouvrement.promise",
        "instalment-plans": "recouvrement.payment.plan",
        "contacts-logged": "recouvrement.interaction",
        "relays": "recouvrement.relay",
        "customer-requests": "recouvrement.request",
    }
    forms = [
        f"{path}/{desk.rpc.search_read(model, [], ['id'], limit=1)[0]['id']}"
        for path, model in records.items()
    ]
    wide = {}
    for path in (*SCREENS, *forms):
        desk.open(path)
        if excess := desk.overflow():
            wide[path] = excess
    assert not {path: excess for path, excess in wide.items() if excess > 0}


def test_every_view_of_the_desk_opens(desk_of):
    """List, cards, calendar, pivot, graph: a crash fails the test, like a screen that
    sticks out."""
    desk = desk_of("manager", *WIDE)
    wide = {}
    for path in ("my-portfolio", *DESK_SCREENS):
        desk.open(path)
        switches = desk.page.locator(".o_cp_switch_buttons .o_switch_view")
        for place in range(switches.count()):
            switches.nth(place).click()
            desk.wait_idle()
            expect(desk.page.locator(".o_error_dialog")).to_have_count(0)
            expect(switches.nth(place)).to_have_class(re.compile("active"))
            wide[path, place] = desk.overflow()
    assert len(wide) > len(DESK_SCREENS)
    assert not {view: excess for view, excess in wide.items() if excess > 0}


def test_a_debtor_is_worked_on_by_telephone(desk_of):
    desk = desk_of("collector", *PHONE)
    desk.open("debtors")
    cards = desk.page.locator(".o_kanban_record:not(.o_kanban_ghost)")
    expect(cards.first).to_be_visible()
    first = cards.first.bounding_box()
    assert first["x"] >= 0 and first["x"] + first["width"] <= PHONE[0]
    cards.first.click()
    desk.wait_view("form")
    assert desk.overflow() <= 0
    expect(desk.field("overdue_amount").first).to_be_visible()
    if not desk.button("action_hold").count():
        desk.page.locator(".o_statusbar_buttons button .oi-ellipsis-v").click()
    # Odoo's sheet of buttons slides in: a tap, not a scroll towards the button.
    desk.button("action_hold").first.dispatch_event("click")
    wizard = desk.wizard()
    box = wizard.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE[0] + 1
    expect(desk.button("action_confirm", wizard)).to_be_visible()


CUT_HEADS = """() => [...document.querySelectorAll(".o_list_table th[data-name]")]
    .map((head) => head.querySelector(".text-truncate"))
    .filter((text) => text && (text.scrollWidth > text.clientWidth + 1
                               || text.scrollHeight > text.clientHeight + 1))
    .map((text) => text.innerText)"""


def test_names_of_columns_are_whole(desk_of, admin):
    """French names are longer than Odoo's columns of figures: they take more lines."""
    desk = desk_of("manager")
    actions = admin.search_read(
        "ir.actions.act_window",
        [
            ("res_model", "in", LONG_HEADS),
            ("view_mode", "like", "list"),
            ("target", "=", "current"),
        ],
        ["path", "res_model"],
    )
    assert {action["res_model"] for action in actions} == set(LONG_HEADS)
    cut = {}
    for action in actions:
        desk.open(action["path"] or f"action-{action['id']}")
        switch = desk.page.locator(".o_switch_view.o_list")
        if switch.count():
            switch.first.click()
        expect(desk.page.locator(".o_list_table th[data-name]").first).to_be_visible()
        if heads := desk.page.evaluate(CUT_HEADS):
            cut[action["res_model"]] = heads
    assert not cut
