"""The collector's story: the own portfolio, holds, disputes, what is not allowed."""

import re
from datetime import timedelta

import pytest
from days import today
from playwright.sync_api import expect
from rpc import RpcError

DEBTOR = "recouvrement.debtor"
REASON = "Rendez-vous avec leur comptable la semaine prochaine"
INVALID = re.compile("o_field_invalid")
DISPUTE = "Réserves sur le bon de livraison, avoir à établir"


@pytest.fixture
def desk(desk_of):
    return desk_of("collector")


@pytest.fixture
def debtor(desk):
    """A debtor of the own portfolio with overdue items to chase, not on hold."""
    set_aside = desk.rpc.search_read(
        "recouvrement.open.item",
        [("collection_status", "!=", "to_chase")],
        ["debtor_id"],
    )
    [row] = desk.rpc.search_read(
        DEBTOR,
        [
            ("collector_id", "=", desk.rpc.uid),
            ("overdue_item_count", ">", 0),
            ("hold_until", "=", False),
            ("id", "not in", [item["debtor_id"][0] for item in set_aside]),
        ],
        ["overdue_item_count", "partner_id"],
        limit=1,
    )
    return row


def test_the_portfolio_shows_the_own_debtors_only(desk, admin, connect):
    desk.enter_app()
    desk.choose_menu("menu_recouvrement_desk", "menu_recouvrement_portfolio")
    own = [("collector_id", "=", desk.rpc.uid), ("to_work", "=", True)]
    assert desk.total() == desk.rpc.count(DEBTOR, own) > 0
    assert all(reason.strip() for reason in desk.column("work_sentence"))

    desk.clear_search()
    visible = desk.rpc.search_read(DEBTOR, [], ["collector_id"])
    assert desk.total() == len(visible)
    assert {row["collector_id"] and row["collector_id"][0] for row in visible} <= {
        desk.rpc.uid,
        False,
    }
    assert admin.count(DEBTOR) > len(visible)


def test_a_colleagues_debtor_stays_closed(desk, connect):
    colleague = connect("collector2")
    [row] = colleague.search_read(
        DEBTOR, [("collector_id", "=", colleague.uid)], ["id"], limit=1
    )
    desk.page.goto(f"{desk.url}/odoo/debtors/{row['id']}")
    desk.wait_view("list")
    expect(desk.page.locator(".o_form_view")).to_have_count(0)
    with pytest.raises(RpcError):
        desk.rpc.call(DEBTOR, "read", [row["id"]], ["note"])


def test_filters_find_what_to_do(desk):
    desk.open("debtors")
    desk.clear_search()
    desk.filter(DEBTOR, "defect")
    assert desk.total() == desk.rpc.count(DEBTOR, [("has_defect", "=", True)]) > 0
    assert all(desk.column("defect_summary"))
    desk.clear_search()
    desk.filter(DEBTOR, "answered")
    assert desk.total() == desk.rpc.count(DEBTOR, [("answered", "=", True)]) > 0
    desk.clear_search()
    desk.filter(DEBTOR, "group_segment")
    groups = desk.page.locator(".o_group_header")
    expect(groups.first).to_be_visible()
    desk.switch_view("kanban")
    expect(desk.page.locator(".o_kanban_group").first).to_be_visible()


def test_a_hold_stops_and_a_release_resumes(desk, debtor):
    desk.open("debtors")
    desk.search(debtor["partner_id"][1])
    desk.open_row(desk.row(debtor["partner_id"][1]), "partner_id")
    until = today() + timedelta(days=10)

    desk.press("action_hold")
    wizard = desk.wizard()
    desk.pick_day("until", until, wizard)
    desk.press("action_confirm", wizard)
    expect(desk.field("reason", wizard)).to_have_class(INVALID)
    desk.type_in("reason", REASON, wizard)
    desk.confirm()
    expect(desk.page.locator(".ribbon, .o_widget_web_ribbon")).not_to_have_count(0)
    assert desk.read("hold_reason") == REASON
    desk.tab("history")
    expect(desk.field("event_ids")).to_contain_text(REASON)

    desk.press("action_explain")
    desk.wait_view("list")
    desk.clear_search()
    reasons = {
        row["reason"]
        for row in desk.rpc.search_read(
            "recouvrement.dunning.decision",
            [("debtor_id", "=", debtor["id"])],
            ["reason"],
        )
    }
    assert "held" in reasons and not reasons & {"chase", "other_run"}

    desk.page.go_back()
    desk.wait_view("form")
    desk.press("action_release_hold")
    expect(desk.button("action_hold")).to_be_visible()
    [row] = desk.rpc.search_read(DEBTOR, [("id", "=", debtor["id"])], ["hold_until"])
    assert row["hold_until"] is False


def test_a_dispute_needs_a_reason_and_leaves_a_trace(desk, debtor, admin):
    change_status = str(admin.ref("recouvrement.recouvrement_status_wizard_action"))
    items = "recouvrement.open.item"
    desk.open(f"debtors/{debtor['id']}")
    desk.press("action_overdue_items")
    desk.wait_view("list")
    assert desk.total() == debtor["overdue_item_count"]
    row = desk.rows().first
    name = desk.cell(row, "name").inner_text().strip()
    desk.tick(row)
    desk.press(change_status)
    wizard = desk.wizard()
    desk.choose("recouvrement.status.wizard", "status", "disputed", wizard)
    desk.press("action_confirm", wizard)
    expect(desk.field("reason", wizard)).to_have_class(INVALID)
    desk.type_in("reason", DISPUTE, wizard)
    desk.confirm()
    desk.reload()
    [item] = desk.rpc.search_read(
        items,
        [("debtor_id", "=", debtor["id"]), ("name", "=", name)],
        ["collection_status"],
        limit=1,
    )
    assert item["collection_status"] == "disputed"
    desk.open(f"debtors/{debtor['id']}")
    desk.tab("history")
    expect(desk.field("event_ids")).to_contain_text(DISPUTE)


def test_a_manager_level_waits_for_the_manager(desk):
    waiting = desk.rpc.search_read(
        "recouvrement.reminder",
        [("approval", "=", "manager"), ("state", "=", "proposed")],
        ["id"],
        limit=1,
    )
    assert waiting, "the demonstration has formal notices to approve"
    desk.open(f"reminders/{waiting[0]['id']}")
    assert desk.status() == "proposed"
    for name in ("action_approve", "action_send_now"):
        expect(desk.button(name)).to_have_count(0)
        with pytest.raises(RpcError) as refusal:
            desk.rpc.call("recouvrement.reminder", name, [waiting[0]["id"]])
        assert refusal.value.name == "odoo.exceptions.AccessError"
    desk.reload()
    assert desk.status() == "proposed"


def test_no_configuration_for_a_collector(desk, admin):
    desk.enter_app()
    menus = desk.menus()
    assert {"menu_recouvrement_portfolio", "menu_recouvrement_runs"} <= menus
    assert not any("configuration" in name for name in menus)
    assert "menu_recouvrement_policies" not in menus
    with pytest.raises(RpcError) as refusal:
        desk.rpc.call(
            "recouvrement.dunning.policy",
            "write",
            [admin.ref("recouvrement.policy_company")],
            {"tolerance": 1000},
        )
    assert refusal.value.name == "odoo.exceptions.AccessError"
