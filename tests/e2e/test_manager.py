"""The credit manager's story: a campaign from its simulation to the posted letters."""

import io

import pytest
from days import today
from documents import squeezed
from invoicing import bill
from playwright.sync_api import expect
from pypdf import PdfReader

CAMPAIGN = "Relance des entreprises"
SUBJECT = "Votre compte chez nous : un mot avant l'échéance"
SENTENCE = "Comme convenu mardi, merci de régler avant la fin du mois."


@pytest.fixture
def scope(admin, company):
    """Policy of the campaign; what waits in other campaigns is freed."""
    waiting = admin.search_read(
        "recouvrement.dunning.run", [("state", "=", "proposed")], ["id"]
    )
    for run in waiting:
        admin.call("recouvrement.dunning.run", "action_cancel", [run["id"]])
    policy = admin.ref("recouvrement.policy_company")
    [row] = admin.search_read(
        "recouvrement.dunning.policy", [("id", "=", policy)], ["name"]
    )
    return row


@pytest.fixture
def customers(admin, connect):
    """Three customers of the story: to write to, to leave alone, to send a letter."""
    names = ("Ateliers Dumoulin", "Bureau Castellan", "Cave des Remparts")
    ids = [bill(admin, name, [1200.5, 350.25]) for name in names]
    found = connect("manager").search_read(
        "recouvrement.debtor", [("partner_id", "in", ids)], ["partner_id"]
    )
    debtors = {row["partner_id"][0]: row["id"] for row in found}
    connect("manager").call(
        "recouvrement.debtor",
        "write",
        [debtors[ids[2]]],
        {"preferred_channel": "letter"},
    )
    return [debtors[partner] for partner in ids]


@pytest.fixture
def test_address(admin, company):
    [row] = admin.search_read(
        "res.company",
        [("id", "=", company)],
        ["recouvrement_test_mode", "recouvrement_test_email"],
    )
    assert row["recouvrement_test_mode"], "the demonstration starts in test mode"
    return row["recouvrement_test_email"]


def test_a_campaign_from_simulation_to_posted_letters(
    desk_of, admin, scope, customers, mailbox, test_address
):
    desk = desk_of("manager")
    run = make_campaign(desk, scope)
    expected = simulate(desk, admin, run, scope)
    propose(desk, admin, run, expected)

    reminders = admin.search_read(
        "recouvrement.reminder",
        [("run_id", "=", run)],
        ["debtor_id", "channel", "amount_net", "state"],
    )
    edited, removed = review(desk, admin, run, reminders, customers)
    approve_and_send(desk, run)
    mails_leave_for_the_test_address_only(
        desk, admin, run, mailbox, test_address, edited, removed
    )
    letters_are_printed_then_posted(desk, admin, run)
    the_debtor_tells_it(desk, admin, edited)


def make_campaign(desk, scope):
    desk.enter_app()
    desk.choose_menu("menu_recouvrement_desk", "menu_recouvrement_runs")
    create = desk.page.locator(".o_list_button_add")
    expect(create).to_have_text("Nouveau")
    create.click()
    desk.wait_view("form")
    desk.type_in("name", CAMPAIGN)
    desk.pick("policy_ids", scope["name"])
    desk.save()
    expect(desk.page.locator(".alert-warning .fa-flask")).to_be_visible()
    return desk.record_id()


def simulate(desk, admin, run, scope):
    """Who would be reminded; nothing at all is written."""
    before = trace(admin)
    desk.press("action_simulate")
    desk.wait_view("list")
    assert desk.total() > 0
    [row] = admin.search_read("recouvrement.dunning.run", [("id", "=", run)], [])
    decisions = desk.rpc.search_read(
        "recouvrement.dunning.decision",
        [("role", "=", "chase")],
        ["debtor_id", "amount_residual_currency"],
        context={
            "dunning_date": row["date"],
            "dunning_company_ids": row["company_ids"],
            "dunning_policy_ids": [scope["id"]],
        },
    )
    assert desk.total() == len(decisions)
    desk.clear_search()
    assert desk.total() > len(decisions), "items that stay out are explained too"
    assert trace(admin) == before
    desk.page.go_back()
    desk.wait_view("form")
    return {decision["debtor_id"][0] for decision in decisions}


def trace(admin):
    """What a write of the desk would change."""
    models = ("reminder", "reminder.line", "event", "dunning.run")
    counts = [admin.count(f"recouvrement.{model}") for model in models]
    newest = [
        admin.search_read(
            f"recouvrement.{model}",
            [],
            ["write_date"],
            order="write_date desc",
            limit=1,
        )
        for model in ("debtor", "dunning.run", "reminder")
    ]
    return counts, newest


def propose(desk, admin, run, expected):
    desk.press("action_propose")
    desk.wait_status("proposed")
    found = admin.search_read(
        "recouvrement.reminder", [("run_id", "=", run)], ["debtor_id"]
    )
    assert {reminder["debtor_id"][0] for reminder in found} == expected
    assert int(desk.read("debtor_done_count")) >= len(expected)
    assert int(desk.read("proposed_count")) == len(found)


def review(desk, admin, run, reminders, customers):
    """Take an item out, rewrite a text, remove a reminder."""
    by_debtor = {reminder["debtor_id"][0]: reminder for reminder in reminders}
    edited, removed, letter = (by_debtor[debtor] for debtor in customers)
    channels = [one["channel"] for one in (edited, removed, letter)]
    assert channels == ["email", "email", "letter"]

    desk.press("action_view_reminders")
    desk.wait_view("list")
    assert desk.total() == len(reminders)
    desk.search(edited["debtor_id"][1])
    desk.open_row(desk.row(edited["debtor_id"][1]), "debtor_id")
    take_out(desk, admin, edited)
    rewrite(desk)
    desk.press("action_preview")
    expect(desk.wizard()).to_contain_text(SENTENCE)
    expect(desk.wizard()).to_contain_text(SUBJECT)
    desk.wizard().locator("footer .btn-primary").click()

    desk.open(f"reminders/{removed['id']}")
    desk.press("action_cancel")
    desk.wait_status("cancelled")
    desk.open(f"dunning-campaigns/{run}")
    return edited, removed


def take_out(desk, admin, reminder):
    line, _other = admin.search_read(
        "recouvrement.reminder.line",
        [("reminder_id", "=", reminder["id"]), ("role", "=", "chase")],
        ["name", "amount_residual"],
    )
    row = desk.row(line["name"], desk.field("line_ids"))
    desk.press("action_remove", row)
    expect(desk.button("action_put_back", row)).to_be_visible()
    [now] = admin.search_read(
        "recouvrement.reminder", [("id", "=", reminder["id"])], ["amount_net"]
    )
    left = reminder["amount_net"] - line["amount_residual"]
    assert now["amount_net"] == pytest.approx(left, abs=0.001)


def rewrite(desk):
    desk.tab("text")
    desk.type_in("subject", SUBJECT)
    editor = desk.field("body").locator(".odoo-editor-editable")
    editor.click()
    desk.page.keyboard.type(SENTENCE)
    desk.save()


def approve_and_send(desk, run):
    desk.press("action_approve_all")
    expect(desk.button("action_send")).to_be_visible()
    assert desk.read("proposed_count") == "0"
    assert int(desk.read("approved_count")) > 0
    desk.press("action_send")
    desk.wait_status("done")
    assert desk.read("approved_count") == "0"


def mails_leave_for_the_test_address_only(
    desk, admin, run, mailbox, test_address, edited, removed
):
    sent = admin.search_read(
        "recouvrement.reminder",
        [("run_id", "=", run), ("channel", "=", "email"), ("state", "!=", "cancelled")],
        ["id", "state", "failure_reason", "is_test"],
    )
    assert sent and all(reminder["is_test"] for reminder in sent)
    assert [r["failure_reason"] for r in sent if r["state"] == "failed"] == []
    deliveries = mailbox.wait_for(len(sent))
    assert len(deliveries) == len(sent)
    assert {address for mail in deliveries for address in mail.recipients} == {
        test_address
    }
    assert all(mail.message["To"] == test_address for mail in deliveries)
    [own] = [mail for mail in deliveries if SUBJECT in mail.subject]
    assert SENTENCE in own.html
    assert edited["debtor_id"][1] in own.subject
    statements = [
        content
        for mail in deliveries
        for name, content in mail.attachments.items()
        if name.lower().endswith(".pdf")
    ]
    assert statements and all(content.startswith(b"%PDF") for content in statements)

    desk.open(f"reminders/{edited['id']}")
    desk.wait_status("sent")
    desk.tab("proof")
    assert desk.read("date_sent")
    desk.open(f"reminders/{removed['id']}")
    assert desk.status() == "cancelled"


def letters_are_printed_then_posted(desk, admin, run):
    domain = [
        ("run_id", "=", run),
        ("channel", "in", ("letter", "registered")),
        ("state", "=", "queued"),
    ]
    letters = admin.search_read(
        "recouvrement.reminder", domain, ["debtor_id", "channel"]
    )
    assert letters
    desk.open(f"dunning-campaigns/{run}")
    with desk.download() as printed:
        desk.button("action_print_letters").click()
    document = PdfReader(io.BytesIO(printed["content"]))
    assert len(document.pages) >= len(letters)
    text = squeezed("".join(page.extract_text() for page in document.pages))
    for letter in letters:
        assert squeezed(letter["debtor_id"][1]) in text

    desk.press("action_letters_posted")
    wizard = desk.wizard()
    registered = [one for one in letters if one["channel"] == "registered"]
    if registered:
        desk.press("action_confirm", wizard)
        assert desk.refused(), "a registered letter has a tracking number"
    for number in range(len(registered)):
        cell = wizard.locator('td[name="tracking_number"]').nth(number)
        cell.click()
        cell.locator("input").fill(f"1A {number:03} 456 7890 {number % 10}")
    wizard.locator(".o_form_sheet, .o_form_view").first.click(position={"x": 2, "y": 2})
    desk.confirm()
    left = admin.search_read(
        "recouvrement.reminder",
        [("id", "in", [one["id"] for one in letters])],
        ["state", "date_sent"],
    )
    assert {one["state"] for one in left} == {"sent"}
    assert {one["date_sent"] for one in left} == {f"{today()}"}


def the_debtor_tells_it(desk, admin, edited):
    debtor, name = edited["debtor_id"]
    desk.open(f"debtors/{debtor}")
    desk.tab("history")
    events = desk.field("event_ids")
    [event] = admin.search_read(
        "recouvrement.event", [("reminder_id", "=", edited["id"])], ["summary"]
    )
    expect(events.locator(".o_data_row").first).to_be_visible()
    expect(events).to_contain_text(event["summary"])
    [row] = admin.search_read(
        "recouvrement.debtor", [("id", "=", debtor)], ["last_reminder_date"]
    )
    assert row["last_reminder_date"] == f"{today()}"
