"""The account review: prepared, held, decisions with owner and day that become
activities, minutes sent as they are kept, and what came of it the next time."""

from datetime import timedelta

import pytest
from days import today
from desk import amount
from documents import pdf_pages
from playwright.sync_api import expect

REVIEW = "recouvrement.review"
ITEM = "recouvrement.review.item"
DECISION = "recouvrement.review.decision"
SAID = "Le directeur financier conteste deux lignes, le reste part vendredi."
DAYS = 5
RESULT = "Virement reçu, avoir émis."


@pytest.fixture
def review(admin, company):
    """The review of the demonstration that is prepared."""
    [row] = admin.search_read(
        REVIEW,
        [
            ("company_id", "=", company),
            ("kind", "=", "accounts"),
            ("state", "=", "prepared"),
        ],
        ["participant_ids", "name"],
    )
    return row


def test_a_review_from_the_agenda_to_what_came_of_it(
    desk_of, connect, admin, review, mailbox
):
    desk = desk_of("manager")
    desk.open(f"account-reviews/{review['id']}")
    a_figure_opens_its_items(desk)
    desk.open(f"account-reviews/{review['id']}")
    desk.press("action_meeting")
    item = discuss(desk)
    decision = decide(desk, item, connect)
    move_on(desk, item)
    hold(desk, review, admin, decision)
    send(desk, review, mailbox)
    owner = decision["owner_id"][0]
    [user] = admin.search_read("res.users", [("id", "=", owner)], ["login"])
    follow_up(desk_of(user["login"]), item, decision)
    shown_next_time(desk, review, admin, item)


def a_figure_opens_its_items(desk):
    """What is overdue of a debtor now is the total of its overdue items."""
    desk.press("action_meeting")
    desk.wait_view("form")
    shown = amount(desk.read("open_now"))
    desk.press("action_open_items")
    desk.wait_view("list")
    desk.clear_search()
    assert desk.sum_of("amount_residual") == shown
    desk.go_back()
    desk.wait_view("form")
    frozen = amount(desk.read("overdue_amount"))
    desk.button("action_open_amount").first.click()
    desk.wait_view("list")
    assert desk.sum_of("amount_residual") == frozen


def discuss(desk):
    desk.wait_view("form")
    [item] = desk.rpc.search_read(ITEM, [("id", "=", desk.record_id())], ["debtor_id"])
    desk.type_in("discussion", SAID)
    return item


def decide(desk, item, connect):
    """One click takes the decision; its owner and day are then changed."""
    buttons = desk.page.locator(".o_recouvrement_review_decide button")
    expect(buttons.first).to_be_visible()
    buttons.first.click()
    row = desk.rows(desk.field("decision_ids")).first
    expect(row).to_be_visible()
    desk.wait_idle()
    [decision] = desk.rpc.search_read(
        DECISION, [("item_id", "=", item["id"])], ["owner_id", "date_due"]
    )
    assert decision["owner_id"] and decision["date_due"]
    day = today() + timedelta(days=DAYS)
    desk.cell(row, "date_due").click()
    desk.pick_day("date_due", day, row)
    desk.page.locator(".o_form_sheet .oe_title").click()
    desk.save()
    [decision] = desk.rpc.search_read(
        DECISION, [("item_id", "=", item["id"])], ["owner_id", "date_due"]
    )
    assert decision["date_due"] == f"{day}"
    return decision


def move_on(desk, item):
    """« Discussed » opens the next debtor."""
    position = desk.page.locator(".o_recouvrement_review_position")
    before = position.inner_text()
    desk.page.locator(".o_recouvrement_review_done .btn-primary").first.click()
    expect(position).not_to_have_text(before)
    desk.wait_idle()
    [row] = desk.rpc.search_read(
        ITEM, [("id", "=", item["id"])], ["state", "discussion"]
    )
    assert (row["state"], row["discussion"]) == ("discussed", SAID)


def hold(desk, review, admin, decision):
    desk.open(f"account-reviews/{review['id']}")
    desk.press("action_held")
    desk.wait_status("held")
    [row] = admin.search_read(DECISION, [("id", "=", decision["id"])], ["activity_id"])
    [activity] = admin.search_read(
        "mail.activity",
        [("id", "=", row["activity_id"][0])],
        ["user_id", "date_deadline"],
    )
    assert activity["user_id"][0] == decision["owner_id"][0]
    assert activity["date_deadline"] == decision["date_due"]
    with desk.download() as file:
        desk.press("action_preview")
    assert SAID in " ".join(pdf_pages(file))


def send(desk, review, mailbox):
    desk.press("action_send")
    desk.agree()
    desk.wait_status("sent")
    mails = mailbox.wait_for(len(review["participant_ids"]))
    assert all(len(mail.attachments) == 1 for mail in mails)
    sent = [content for mail in mails for content in mail.attachments.values()]
    assert any(SAID in text for content in sent for text in texts(content))
    desk.press("action_view_minutes")
    desk.wait_view("list")
    assert desk.total() == len(review["participant_ids"]) + 1
    with desk.download() as file:
        desk.button("action_download").first.click()
    assert file["content"] in sent


def texts(content):
    return pdf_pages({"name": "minutes", "content": content})


def follow_up(desk, item, decision):
    """The owner says what came of it, on the list of decisions."""
    desk.open("review-decisions")
    desk.clear_search()
    rows = desk.rows().filter(has_text=item["debtor_id"][1])
    row = rows.filter(has_text=f" {DAYS} jours").first
    desk.button("action_close_wizard", row).click()
    wizard = desk.wizard()
    desk.type_in("result", RESULT, wizard)
    desk.confirm()
    [row] = desk.rpc.search_read(
        DECISION, [("id", "=", decision["id"])], ["state", "result", "activity_id"]
    )
    assert (row["state"], row["result"]) == ("done", RESULT)


def shown_next_time(desk, review, admin, item):
    desk.open(f"account-reviews/{review['id']}")
    desk.press("action_next")
    desk.wait_status("prepared")
    following = desk.record_id()
    assert following != review["id"]
    rows = admin.search_read(
        ITEM,
        [("review_id", "=", following), ("debtor_id", "=", item["debtor_id"][0])],
        ["id"],
    )
    if not rows:
        add = {"review_id": following, "debtor_id": item["debtor_id"][0]}
        rows = [{"id": desk.rpc.call(ITEM, "create", add)}]
    desk.press("action_view_items")
    desk.wait_idle()
    desk.page.locator(".o_kanban_record", has_text=item["debtor_id"][1]).first.click()
    desk.wait_view("form")
    earlier = desk.field("earlier_decision_ids")
    expect(earlier).to_contain_text(RESULT)
    expect(desk.field("previous_discussion")).to_contain_text(SAID)


def test_a_credit_committee_opens_with_its_agenda(desk_of, admin, company):
    [row] = admin.search_read(
        REVIEW,
        [("company_id", "=", company), ("kind", "=", "committee")],
        ["id"],
        limit=1,
    )
    desk = desk_of("accountant")
    desk.open(f"account-reviews/{row['id']}")
    desk.press("action_meeting")
    desk.wait_view("form")
    expect(
        desk.page.locator(".o_recouvrement_review_decide button").first
    ).to_be_visible()
    with desk.download() as file:
        desk.open(f"account-reviews/{row['id']}")
        desk.press("action_preview")
    assert pdf_pages(file)


def test_a_meeting_is_held_on_a_phone(desk_of, admin, review):
    desk = desk_of("manager", 390, 844)
    desk.open("account-reviews")
    assert desk.overflow() <= 0
    [row] = admin.search_read(
        REVIEW,
        [("kind", "=", "committee"), ("state", "=", "prepared")],
        ["id"],
        limit=1,
    )
    desk.open(f"account-reviews/{row['id']}")
    assert desk.overflow() <= 0
    desk.page.locator(".o_statusbar_buttons button .oi-ellipsis-v").click()
    desk.button("action_meeting").first.dispatch_event("click")
    desk.wait_view("form")
    assert desk.overflow() <= 0
    expect(desk.page.locator(".o_recouvrement_review_done").last).to_be_visible()
