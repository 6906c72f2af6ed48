"""Each main screen opens on the demo company and is photographed.

The pictures of the documentation are these: ``RECOUVREMENT_DOCS=1`` puts them in
``docs/screenshots``; otherwise they go beside the pictures of failed tests.
"""

import io
import os
from datetime import date, timedelta

import pytest
from books import DIALECTS, a_year
from conftest import ROOT, SHOTS
from PIL import Image
from playwright.sync_api import expect
from pypdfium2 import PdfDocument

MAX_BYTES = 200_000
COLOURS = (256, 128, 64, 32)
LETTER_SCALE = 1.5  # 108 dots an inch
SALUTATIONS = {
    "nl_NL": "Geachte",
    "de_DE": "Sehr geehrte",
    "en_GB": "Dear",
    "fr_FR": "Madame, Monsieur",
}


@pytest.fixture
def keep_picture():
    """``keep_picture(name, png)``: where the pictures go."""
    to_docs = os.environ.get("RECOUVREMENT_DOCS")
    folder = ROOT / "docs" / "screenshots" if to_docs else SHOTS / "screens"
    folder.mkdir(parents=True, exist_ok=True)

    def keep(name, picture):
        (folder / f"{name}.png").write_bytes(shrink(picture))

    return keep


@pytest.fixture
def photograph(keep_picture):
    """``photograph(desk, name)``: keep what the window shows."""

    def take(desk, name):
        desk.page.mouse.move(0, 0)
        desk.page.evaluate("document.activeElement?.blur()")
        expect(
            desk.page.locator(".o_notification, .o_loading_indicator")
        ).to_have_count(0)
        desk.page.wait_for_function(
            "[...document.images].every(image => image.complete)"
        )
        keep_picture(name, desk.page.screenshot(animations="disabled"))

    return take


def shrink(picture):
    """A PNG with as many colours as the size allows."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in COLOURS:
        small = io.BytesIO()
        image.quantize(colours, dither=Image.Dither.NONE).save(
            small, "PNG", optimize=True
        )
        if small.tell() <= MAX_BYTES:
            break
    assert small.tell() <= MAX_BYTES
    return small.getvalue()


def cut(cells):
    """Texts that do not fit in their cells."""
    return cells.evaluate_all(
        "cells => cells.filter(cell => cell.scrollWidth > cell.clientWidth + 1)"
        ".map(cell => cell.innerText)"
    )


def test_debtors(desk_of, photograph):
    desk = desk_of("manager")
    desk.open("debtors")
    assert desk.rows().count() > 10
    photograph(desk, "debtor-list")
    desk.clear_search()
    desk.filter("recouvrement.debtor", "overdue", "group_segment")
    desk.switch_view("kanban")
    expect(desk.page.locator(".o_kanban_record").first).to_be_visible()
    photograph(desk, "debtor-kanban")


def test_one_debtor_and_the_open_items(desk_of, photograph):
    desk = desk_of("manager")
    [debtor] = desk.rpc.search_read(
        "recouvrement.debtor",
        [("reached_rank", ">", 1), ("credit_amount", ">", 0)],
        ["id"],
        order="overdue_amount desc",
        limit=1,
    )
    desk.open(f"debtors/{debtor['id']}")
    expect(desk.field("overdue_amount")).to_be_visible()
    photograph(desk, "debtor-form")
    desk.press("action_open_items")
    desk.wait_view("list")
    assert desk.rows().count() > 1
    desk.open("open-items")
    assert desk.total() > desk.rows().count()
    photograph(desk, "open-items")
    desk.open("aged-balance")
    expect(desk.page.locator(".o_pivot table")).to_be_visible()
    photograph(desk, "aged-balance")


def test_the_campaign_of_today(desk_of, photograph):
    desk = desk_of("manager")
    [run] = desk.rpc.search_read(
        "recouvrement.dunning.run", [("state", "=", "proposed")], ["id"], limit=1
    )
    desk.open(f"dunning-campaigns/{run['id']}")
    expect(desk.button("action_approve_all")).to_be_visible()
    expect(desk.field("other_company_names")).to_have_text("Lumen Services SARL")
    photograph(desk, "campaign")
    desk.press("action_view_reminders")
    desk.wait_view("list")
    photograph(desk, "campaign-reminders")
    [reminder] = desk.rpc.search_read(
        "recouvrement.reminder",
        [("run_id", "=", run["id"]), ("channel", "=", "email")],
        ["id"],
        order="amount_net desc",
        limit=1,
    )
    desk.open(f"reminders/{reminder['id']}")
    assert desk.rows(desk.field("line_ids")).count() > 1
    photograph(desk, "reminder")
    desk.press("action_preview")
    expect(desk.wizard()).to_be_visible()
    photograph(desk, "reminder-preview")


def test_foreign_customers_are_written_to_in_their_language(desk_of):
    desk = desk_of("manager")
    for lang, salutation in SALUTATIONS.items():
        [reminder] = desk.rpc.search_read(
            "recouvrement.reminder",
            [
                ("run_id.state", "=", "proposed"),
                ("channel", "in", ("email", "letter", "registered")),
                ("partner_id.lang", "=", lang),
            ],
            ["id", "lang"],
            limit=1,
        )
        assert reminder["lang"] == lang
        desk.open(f"reminders/{reminder['id']}")
        desk.press("action_preview")
        expect(desk.wizard()).to_contain_text(salutation)


def test_a_simulation_of_another_day(desk_of, photograph):
    """What a campaign would do in three weeks, each item with its reason."""
    desk = desk_of("manager")
    model = "recouvrement.dunning.run"
    day = date.today() + timedelta(days=21)
    run = desk.rpc.call(
        model, "create", {"name": "Dans trois semaines", "date": f"{day}"}
    )
    desk.open(f"dunning-campaigns/{run}")
    desk.press("action_simulate")
    desk.wait_view("list")
    assert desk.total() > 0
    photograph(desk, "simulation")
    chased = desk.total()
    desk.clear_search()
    assert desk.total() > chased
    assert not cut(desk.rows().locator('td[name="reason"]'))
    desk.rpc.call(model, "unlink", [run])


def test_a_policy(desk_of, admin, photograph):
    """From its row in the list; the names of its levels are read in full."""
    desk = desk_of("manager")
    policy = admin.ref("recouvrement.policy_company")
    [row] = desk.rpc.search_read(
        "recouvrement.dunning.policy", [("id", "=", policy)], ["name"]
    )
    desk.open("dunning-policies")
    desk.open_row(desk.row(row["name"]), "name")
    assert desk.record_id() == policy
    levels = desk.rows(desk.field("level_ids"))
    assert levels.count() >= 4
    assert not cut(levels.locator('td[name="name"], td[name="channel"]'))
    photograph(desk, "policy")


def test_a_letter(desk_of, keep_picture):
    """A letter to print; its first page as a picture."""
    desk = desk_of("manager")
    [reminder] = desk.rpc.search_read(
        "recouvrement.reminder",
        [("channel", "=", "registered"), ("state", "=", "proposed")],
        ["id"],
        order="amount_net desc",
        limit=1,
    )
    desk.open(f"reminders/{reminder['id']}")
    with desk.download() as letter:
        desk.button("action_print_letter").click()
    page = PdfDocument(letter["content"])[0]
    picture = io.BytesIO()
    page.render(scale=LETTER_SCALE).to_pil().save(picture, "PNG")
    keep_picture("letter", picture.getvalue())


def test_a_control_report(desk_of, photograph):
    desk = desk_of("accountant")
    desk.open("fec-takeovers")
    desk.page.locator(".o_list_button_add").click()
    desk.wait_view("form")
    books = a_year("Clientèle", date.today().year - 1)
    desk.field("attachment_ids").locator("input[type=file]").set_input_files(
        {
            "name": "FEC.txt",
            "mimeType": "text/plain",
            "buffer": books.write(DIALECTS[1]),
        }
    )
    expect(desk.field("attachment_ids")).to_contain_text("FEC.txt")
    desk.press("action_analyse")
    report = desk.field("control_report")
    expect(report).to_be_visible()
    photograph(desk, "fec-takeover")
    report.evaluate("node => node.scrollIntoView()")
    photograph(desk, "fec-control-report")
