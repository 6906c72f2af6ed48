"""A collector goes away: a colleague stands in for some days, sees and works the
portfolio, and afterwards no longer; another debtor is handed over for good."""

import time
from datetime import timedelta

import pytest
from days import today
from invoicing import bill, give_to
from page360 import Page360
from playwright.sync_api import expect
from rpc import RpcError

DEBTOR = "recouvrement.debtor"
SUBSTITUTION = "recouvrement.substitution"
CRON = "recouvrement.ir_cron_substitutions"
NOTE = "Rappeler la gérante le matin ; ne pas promettre d'avoir."


@pytest.fixture
def customers(admin, connect):
    """Two customers of the collector that need a call."""
    family = f"Malaval{time.time_ns() % 10**6:06}"
    return [
        give_to(connect, bill(admin, f"{family}-{place}", [1800.0], 60), "collector")
        for place in (1, 2)
    ]


@pytest.fixture
def nobody_is_away(admin):
    """Absences of the demonstration would overlap those of the story."""
    planned = [row["id"] for row in admin.search_read(SUBSTITUTION, [], ["id"])]
    admin.call(SUBSTITUTION, "write", planned, {"active": False})
    yield
    own = admin.search_read(SUBSTITUTION, [], ["id"])
    admin.call(SUBSTITUTION, "unlink", [row["id"] for row in own])
    admin.call(SUBSTITUTION, "write", planned, {"active": True})


def test_a_colleague_stands_in_for_some_days(
    desk_of, admin, connect, customers, nobody_is_away
):
    one, _two = customers
    mine, colleague = desk_of("collector"), desk_of("collector2")
    assert not sees(colleague, one), "another portfolio"
    number = goes_away(mine)
    assert mine.status() == "running"
    works_it(colleague, one)
    cannot_keep_it(colleague, one)
    the_owner_reads_who_called(mine, one)

    # The days are over: the dates move into the past, then the night comes.
    yesterday = today() - timedelta(days=1)
    admin.call(
        SUBSTITUTION,
        "write",
        [number],
        {"date_from": f"{yesterday - timedelta(days=5)}", "date_to": f"{yesterday}"},
    )
    admin.run_cron(CRON)
    assert not sees(colleague, one)
    mine.open(f"substitutions/{number}")
    assert mine.status() == "over"


def test_a_debtor_is_handed_over(desk_of, customers):
    _one, two = customers
    mine, colleague = desk_of("collector"), desk_of("collector2")
    assert sees(mine, two)
    mine.tick(mine.row(two["partner_id"][1]))
    mine.press("action_hand_over")
    wizard = mine.wizard()
    mine.pick("collector_id", "Karim Benali", wizard)
    mine.type_in("note", NOTE, wizard)
    mine.confirm()
    assert not sees(mine, two)
    theirs = Page360(colleague)
    theirs.open(two["id"])
    expect(theirs.page.locator(".o_recouvrement_desk_body")).to_contain_text(NOTE)
    assert sees(colleague, two)
    assert colleague.overflow() <= 0


def sees(desk, debtor):
    """Whether the debtor is on the worklist of a collector."""
    desk.open("my-portfolio")
    desk.search(debtor["partner_id"][1])
    return desk.rows().filter(has_text=debtor["partner_id"][1]).count() > 0


def goes_away(desk):
    """From today on for a week; returns the substitution."""
    desk.open("substitutions")
    desk.page.locator(".o_list_button_add").first.click()
    desk.wait_view("form")
    desk.pick("substitute_id", "Karim Benali")
    desk.pick_day("date_to", today() + timedelta(days=7))
    desk.type_in("note", NOTE)
    desk.save()
    assert desk.overflow() <= 0
    return desk.record_id()


def works_it(desk, debtor):
    """The colleague finds it on the worklist and logs a call."""
    assert sees(desk, debtor)
    desk.cell(desk.row(debtor["partner_id"][1]), "partner_id").click()
    view = Page360(desk)
    view.wait()
    desk.page.keyboard.press("c")
    wizard = desk.wizard()
    desk.field("outcome_id", wizard).locator(".o_selection_badge").first.click()
    desk.type_in("note", "Appelé pendant l'absence", wizard)
    desk.button("action_save", wizard).first.click()
    desk.wait_idle()
    expect(desk.page.locator(".modal")).to_have_count(0)
    expect(view.event("contact")).to_be_visible()


def cannot_keep_it(desk, debtor):
    with pytest.raises(RpcError):
        desk.rpc.call(DEBTOR, "write", [debtor["id"]], {"collector_id": desk.rpc.uid})


def the_owner_reads_who_called(desk, debtor):
    view = Page360(desk)
    view.open(debtor["id"])
    expect(view.event("contact")).to_contain_text("Karim Benali")
