"""Salesperson, auditor, and the manager who leaves test mode."""

import pytest
from playwright.sync_api import expect
from rpc import RpcError

DEBTOR = "recouvrement.debtor"
# Buttons that change something, on any screen of the addon.
CHANGING = (
    "action_hold",
    "action_release_hold",
    "action_mark_answer_read",
    "action_approve",
    "action_approve_all",
    "action_send",
    "action_send_now",
    "action_cancel",
    "action_propose",
    "action_retry",
    "action_letters_posted",
    "action_remove",
    "action_load",
    "action_undo",
    "action_analyse",
)


def refuses(rpc, model, method, *args):
    """Whether the server refuses a call of this user for want of rights."""
    with pytest.raises(RpcError) as refusal:
        rpc.call(model, method, *args)
    return refusal.value.name == "odoo.exceptions.AccessError"


def test_a_salesperson_reads_and_comments_the_own_customers(desk_of, admin):
    desk = desk_of("salesperson")
    desk.enter_app()
    desk.choose_menu("menu_recouvrement_customers")
    own = admin.count(DEBTOR, [("salesperson_id", "=", desk.rpc.uid)])
    assert desk.total() == own > 0
    desk.clear_search()
    assert desk.total() == own < admin.count(DEBTOR)
    assert not any(
        name in menu
        for menu in desk.menus()
        for name in ("configuration", "runs", "fec", "approve")
    )

    desk.open_row(desk.rows().first, "partner_id")
    debtor = desk.record_id()
    for name in CHANGING:
        expect(desk.button(name)).to_have_count(0)
    comment(desk, "Vu avec le client : règlement lundi.")
    assert refuses(desk.rpc, DEBTOR, "write", [debtor], {"next_action": "x"})

    desk.press("action_open_items")
    desk.wait_view("list")
    expect(desk.rows().first).to_be_visible()
    [other] = admin.search_read(
        DEBTOR, [("salesperson_id", "!=", desk.rpc.uid)], ["id"], limit=1
    )
    assert refuses(desk.rpc, DEBTOR, "read", [other["id"]], ["open_amount"])


def comment(desk, text):
    """Log a note in the messages of the record."""
    desk.page.locator(".o-mail-Chatter-logNote").click()
    composer = desk.page.locator(
        ".o-mail-Composer-input:visible, .o-mail-Composer .odoo-editor-editable:visible"
    )
    composer.first.click()
    desk.page.keyboard.type(text)
    desk.page.locator(".o-mail-Composer-send:visible").click()
    expect(desk.page.locator(".o-mail-Message", has_text=text)).to_be_visible()


def test_an_auditor_reads_everything_and_changes_nothing(desk_of, admin):
    desk = desk_of("auditor")
    desk.enter_app()
    desk.choose_menu("menu_recouvrement_desk", "menu_recouvrement_debtors")
    desk.clear_search()
    companies = desk.rpc.context["allowed_company_ids"]
    assert desk.total() == admin.count(DEBTOR, [("company_id", "in", companies)])

    [debtor] = desk.rpc.search_read(
        DEBTOR, [("last_reminder_date", "!=", False)], ["id"], limit=1
    )
    [run] = desk.rpc.search_read(
        "recouvrement.dunning.run", [("state", "!=", "draft")], ["id"], limit=1
    )
    [reminder] = desk.rpc.search_read(
        "recouvrement.reminder", [], ["id"], limit=1, order="id desc"
    )
    [event] = desk.rpc.search_read("recouvrement.event", [], ["id"], limit=1)
    policy = admin.ref("recouvrement.policy_company")
    screens = (
        f"debtors/{debtor['id']}",
        f"dunning-campaigns/{run['id']}",
        f"reminders/{reminder['id']}",
        f"debtor-history/{event['id']}",
        f"dunning-policies/{policy}",
        "reminders",
        "open-items",
        "fec-takeovers",
    )
    for screen in screens:
        desk.open(screen)
        for name in CHANGING:
            expect(desk.button(name)).to_have_count(0)
        expect(
            desk.page.locator(
                ".o_list_button_add:visible, .o_form_button_create:visible"
            )
        ).to_have_count(0)

    attempts = (
        (DEBTOR, "write", [debtor["id"]], {"next_action": "x"}),
        (DEBTOR, "action_release_hold", [debtor["id"]]),
        ("recouvrement.reminder", "write", [reminder["id"]], {"subject": "x"}),
        ("recouvrement.reminder", "action_cancel", [reminder["id"]]),
        ("recouvrement.dunning.run", "action_cancel", [run["id"]]),
        ("recouvrement.dunning.run", "create", {"name": "x"}),
        ("recouvrement.dunning.policy", "write", [policy], {"tolerance": 9}),
        ("recouvrement.event", "write", [event["id"]], {"summary": "x"}),
        ("recouvrement.event", "unlink", [event["id"]]),
        ("recouvrement.fec.import", "create", {"name": "x"}),
    )
    allowed = [call[:2] for call in attempts if not refused_or_idle(desk.rpc, *call)]
    assert not allowed


def refused_or_idle(rpc, model, method, *args):
    """Whether a call is refused, for want of rights or as such."""
    try:
        rpc.call(model, method, *args)
    except RpcError as error:
        return error.name in (
            "odoo.exceptions.AccessError",
            "odoo.exceptions.UserError",
        )
    return False


def test_nobody_edits_the_history(desk_of, admin):
    desk = desk_of("manager")
    desk.enter_app()
    desk.choose_menu("menu_recouvrement_analysis", "menu_recouvrement_history")
    desk.clear_search()
    assert desk.total() > 0
    desk.open_row(desk.rows().first)
    form = desk.page.locator(".o_form_view")
    expect(
        form.locator(".o_field_widget input:visible, textarea:visible")
    ).to_have_count(0)
    expect(desk.page.locator(".o_form_button_create:visible")).to_have_count(0)
    with pytest.raises(RpcError):
        admin.call("recouvrement.event", "write", [desk.record_id()], {"summary": "x"})


def test_a_manager_leaves_test_mode(desk_of, admin, company):
    """By the own form: a credit manager is no administrator of Odoo."""
    [debtor] = admin.search_read(
        DEBTOR, [("company_id", "=", company)], ["id"], limit=1
    )
    desk = desk_of("manager")
    desk.open(f"debtors/{debtor['id']}")
    banner = desk.page.locator(".alert-warning .fa-flask:visible")
    expect(banner).to_be_visible()
    assert refuses(
        desk.rpc, "res.company", "write", [company], {"recouvrement_test_mode": False}
    )

    desk.enter_app()
    desk.choose_menu(
        "menu_recouvrement_configuration", "menu_recouvrement_company_settings"
    )
    settings = desk.wizard()
    switch = desk.field("recouvrement_test_mode", settings).locator("input")
    expect(switch).to_be_checked()
    address = desk.read("recouvrement_test_email", settings)
    assert address
    switch.uncheck()
    expect(settings.locator(".alert-warning")).to_be_visible()
    try:
        desk.confirm()
        desk.open(f"debtors/{debtor['id']}")
        expect(banner).to_have_count(0)
        assert in_test_mode(admin, company) is False

        desk.enter_app()
        desk.choose_menu(
            "menu_recouvrement_configuration", "menu_recouvrement_company_settings"
        )
        settings = desk.wizard()
        switch = desk.field("recouvrement_test_mode", settings).locator("input")
        switch.check()
        assert desk.read("recouvrement_test_email", settings) == address
        desk.confirm()
        assert in_test_mode(admin, company) is True
    finally:
        admin.call("res.company", "write", [company], {"recouvrement_test_mode": True})


def in_test_mode(admin, company):
    """Whether the company is in test mode."""
    [row] = admin.search_read(
        "res.company", [("id", "=", company)], ["recouvrement_test_mode"]
    )
    return row["recouvrement_test_mode"]
