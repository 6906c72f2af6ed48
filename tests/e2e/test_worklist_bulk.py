"""What is done with several debtors of the worklist at once: called without an answer,
put on hold, planned for a day, answers read, given to somebody else."""

import time
from email.message import EmailMessage

import pytest
from invoicing import bill, give_to, in_days
from playwright.sync_api import expect

DEBTOR = "recouvrement.debtor"
REASON = "Congés annuels du chantier"
STEP = "Rappeler la comptable"


@pytest.fixture
def customers(admin, connect):
    """Three customers of the collector that need a call; two are dealt with."""
    family = f"Marbrerie {time.time_ns() % 10**6:06}"
    return [
        give_to(connect, bill(admin, f"{family}-{place}", [1900.0], 60), "collector")
        for place in ("Aude", "Tarn", "Gers")
    ]


@pytest.fixture
def desk(desk_of, customers):
    """The worklist of the collector, with these three."""
    desk = desk_of("collector")
    shown(desk, customers)
    expect(desk.rows()).to_have_count(len(customers))
    return desk


def shown(desk, customers):
    """Search for the customers on the worklist."""
    desk.open("my-portfolio")
    desk.search(customers[0]["partner_id"][1].rpartition("-")[0])


def ticked(desk, customers):
    """Select lines."""
    for customer in customers:
        desk.tick(desk.row(customer["partner_id"][1]))
    expect(desk.page.locator(".o_selection_box, .o_list_selection_box")).to_be_visible()


def read(rpc, customers, *names):
    """Values of fields, customer by customer."""
    rows = rpc.call(DEBTOR, "read", [one["id"] for one in customers], list(names))
    return [tuple(row[name] for name in names) for row in rows]


def events(rpc, customers, kind):
    """Events of a kind in the histories, and who made them."""
    own = [("debtor_id", "in", [one["id"] for one in customers]), ("kind", "=", kind)]
    rows = rpc.search_read("recouvrement.event", own, ["debtor_id", "user_id"])
    assert all(row["user_id"][0] == rpc.uid for row in rows)
    return sorted(row["debtor_id"][0] for row in rows)


def only_is_left(desk, left):
    """The worklist holds the others no more, and counts so."""
    expect(desk.rows()).to_have_count(1)
    expect(desk.rows()).to_contain_text(left["partner_id"][1])
    for kind in ("all", "call"):
        tab = desk.page.locator(f'.o_recouvrement_tabs [data-kind="{kind}"] .badge')
        expect(tab).to_have_text("1")
    assert desk.overflow() <= 0


def test_two_did_not_answer(desk, customers):
    *two, left = customers
    ticked(desk, two)
    desk.press("action_log_attempt")
    only_is_left(desk, left)
    assert events(desk.rpc, customers, "contact") == sorted(one["id"] for one in two)


def test_two_are_put_on_hold(desk, customers):
    *two, left = customers
    until = in_days(12)
    ticked(desk, two)
    desk.press("action_hold")
    wizard = desk.wizard()
    expect(desk.field("debtor_ids", wizard).locator(".o_tag")).to_have_count(2)
    desk.pick_day("until", until, wizard)
    desk.type_in("reason", REASON, wizard)
    desk.confirm()
    only_is_left(desk, left)
    values = read(desk.rpc, two, "hold_until", "hold_reason")
    assert values == [(f"{until}", REASON)] * 2
    assert read(desk.rpc, [left], "hold_until") == [(False,)]
    assert events(desk.rpc, customers, "hold") == sorted(one["id"] for one in two)
    desk.page.locator('.o_recouvrement_tabs [data-kind="held"]').click()
    desk.wait_idle()
    expect(desk.rows()).to_have_count(2)


def test_a_call_is_planned_for_two(desk, customers):
    """By writing the day in the column of one of the selected lines."""
    *two, left = customers
    day = in_days(6)
    ticked(desk, two)
    row = desk.row(two[0]["partner_id"][1])
    desk.cell(row, "next_action_date").click()
    desk.pick_day("next_action_date", day, row)
    dialog = desk.wizard()
    expect(dialog).to_contain_text("2")
    dialog.locator("footer .btn-primary").click()
    desk.wait_idle()
    assert read(desk.rpc, two, "next_action_date") == [(f"{day}",)] * 2
    assert read(desk.rpc, [left], "next_action_date") == [(False,)]
    shown(desk, customers)
    only_is_left(desk, left)


def test_two_answers_are_read(desk, admin, customers):
    *two, _left = customers
    for customer in customers:
        writes(admin, customer)
    shown(desk, customers)
    desk.page.locator('.o_recouvrement_tabs [data-kind="reply"]').click()
    desk.wait_idle()
    expect(desk.rows()).to_have_count(3)
    ticked(desk, two)
    desk.press("action_mark_answer_read")
    expect(desk.rows()).to_have_count(1)
    answered = read(desk.rpc, customers, "answered")
    assert answered == [(False,), (False,), (True,)]


def test_two_go_to_a_colleague(desk, connect, customers):
    *two, left = customers
    colleague = connect("collector2")
    ticked(desk, two)
    desk.press("action_hand_over")
    wizard = desk.wizard()
    expect(desk.field("debtor_ids", wizard).locator(".o_tag")).to_have_count(2)
    desk.pick("collector_id", "Karim Benali", wizard)
    desk.type_in("note", "Préfèrent être appelés le soir", wizard)
    desk.confirm()
    only_is_left(desk, left)
    owners = read(colleague, two, "collector_id")
    assert [owner[0] for [owner] in owners] == [colleague.uid] * 2
    mine = [("res_id", "in", [one["id"] for one in two]), ("res_model", "=", DEBTOR)]
    assert (
        colleague.count("mail.activity", [*mine, ("user_id", "=", colleague.uid)]) == 2
    )


def test_the_manager_assigns_two(desk_of, admin, connect, customers):
    *two, left = customers
    action = f"{admin.ref('recouvrement.recouvrement_assign_wizard_action')}"
    desk = desk_of("manager")
    desk.open("my-portfolio")
    desk.clear_search()
    desk.search(customers[0]["partner_id"][1].rpartition("-")[0])
    ticked(desk, two)
    desk.press(action)
    wizard = desk.wizard()
    assert desk.read("debtor_count", wizard) == "2"
    desk.pick("collector_id", "Karim Benali", wizard)
    desk.pick("salesperson_id", "Julie Moreau", wizard)
    desk.confirm()
    values = read(desk.rpc, two, "collector_id", "salesperson_id")
    people = connect("collector2").uid, connect("salesperson").uid
    assert [(one[0], other[0]) for one, other in values] == [people] * 2
    [(owner,)] = read(desk.rpc, [left], "collector_id")
    assert owner[0] == connect("collector").uid
    assert desk.overflow() <= 0


def writes(admin, customer):
    """The customer answers by e-mail."""
    [partner] = admin.call(
        "res.partner", "read", [customer["partner_id"][0]], ["email"]
    )
    letter = EmailMessage()
    letter["From"] = partner["email"]
    letter["To"] = "recouvrement@example.com"
    letter["Subject"] = "Re : votre relance"
    letter["Message-Id"] = f"<{time.time_ns()}@example.com>"
    letter.set_content("Bonjour, nous revenons vers vous.")
    admin.call("mail.thread", "message_process", DEBTOR, letter.as_string())
