"""Each main screen opens on the demo company and is photographed.

The pictures of the documentation are these: ``RECOUVREMENT_DOCS=1`` puts them in
``docs/screenshots``; otherwise they go beside the pictures of failed tests.
"""

import io
import os
from datetime import timedelta

import pytest
from books import DIALECTS, a_year
from conftest import ROOT, SHOTS
from days import today
from page360 import Page360
from phone import SIZE
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


def test_the_collectors_desk(desk_of, photograph):
    """The two screens of the day, on a wide window and on a telephone."""
    desk = desk_of("collector")
    desk.open("my-portfolio")
    assert desk.rows().count() > 4
    assert not cut(desk.page.locator(".o_recouvrement_tabs button"))
    photograph(desk, "worklist")
    ids = desk.rpc.call("recouvrement.debtor", "get_work_queue", [("to_work", "=", 1)])
    desk.switch_view("kanban")
    expect(desk.page.locator(".o_kanban_record").first).to_be_visible()
    photograph(desk, "worklist-kanban")
    view = Page360(desk)
    view.open(ids[0])
    assert not cut(desk.page.locator(".o_recouvrement_tile .fs-4, .o_recouvrement_bar"))
    photograph(desk, "debtor-360")
    desk.page.set_viewport_size(SIZE)
    view.open(ids[0])
    assert desk.overflow() <= 0
    photograph(desk, "debtor-360-phone")


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
                ("channel", "in", ("email", "letter", "registered")),
                ("partner_id.lang", "=", lang),
            ],
            ["id", "lang"],
            order="id desc",
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
    day = today() + timedelta(days=21)
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
    keep_picture("letter", first_page(letter))


def first_page(file):
    """A picture of the first page of a PDF."""
    picture = io.BytesIO()
    page = PdfDocument(file["content"])[0]
    page.render(scale=LETTER_SCALE).to_pil().save(picture, "PNG")
    return picture.getvalue()


def test_late_interest(desk_of, photograph, keep_picture):
    """How it is made up, and the statement of the claim."""
    desk = desk_of("collector")
    debtor = a_late_payer(desk.rpc)
    desk.open(f"debtors/{debtor['id']}")
    desk.press("action_late_interest")
    assert desk.field("breakdown").locator("tbody tr").count() > 3
    photograph(desk, "late-interest")
    with desk.download() as statement:
        desk.button("action_print").click()
    keep_picture("statement-of-claim", first_page(statement))


def a_late_payer(rpc):
    """The company that owes most, of a screenful of items."""
    [debtor] = rpc.search_read(
        "recouvrement.debtor",
        [
            ("regime_id.kind", "=", "fr_b2b"),
            ("overdue_item_count", ">", 2),
            ("overdue_item_count", "<", 20),
        ],
        ["id", "partner_id"],
        order="overdue_amount desc",
        limit=1,
    )
    return debtor


def test_limit_dates(desk_of, photograph):
    desk = desk_of("collector")
    desk.enter_app()
    desk.choose_menu("menu_recouvrement_ledger", "menu_recouvrement_limit_dates")
    desk.clear_search()
    assert desk.rows().count() > 10
    assert all(desk.column("limit_date"))
    photograph(desk, "limit-dates")
    desk.search(paid_in_part(desk.rpc))
    desk.press("action_explain_limit", desk.rows().first)
    expect(desk.field("trail", desk.wizard())).to_be_visible()
    photograph(desk, "limit-date-explained")


def paid_in_part(rpc):
    """Number of an item whose second limit date is later than the first."""
    fields = ["name", "limit_date", "limit_date_possible"]
    rows = rpc.search_read(
        "recouvrement.open.item", [("limit_date", "!=", False)], fields
    )
    return next(
        row["name"] for row in rows if row["limit_date_possible"] > row["limit_date"]
    )


@pytest.fixture
def doubtful(admin, connect):
    """The debtor that owes most is doubtful during the test."""
    manager = connect("manager")
    debtor = a_late_payer(manager)
    facts = {
        "reason_id": admin.ref("recouvrement.doubtful_reason_insolvency"),
        "date": f"{today().replace(day=1) - timedelta(days=1)}",
        "rate": 60,
        "note": "Redressement judiciaire, dividende attendu de 40 %",
    }
    mark_doubtful(manager, debtor, facts)
    yield debtor
    mark_doubtful(manager, debtor, {"clear": True, "note": "Fin de la photographie"})


def mark_doubtful(rpc, debtor, facts):
    """Mark a debtor, or take the mark away."""
    selected = {"active_model": "recouvrement.debtor", "active_ids": [debtor["id"]]}
    wizard = "recouvrement.doubtful.wizard"
    created = rpc.call(wizard, "create", facts, context=selected)
    rpc.call(wizard, "action_confirm", [created], context=selected)


def test_provisions(desk_of, doubtful, photograph):
    """A run that is not booked and taken away again."""
    desk = desk_of("accountant")
    desk.open("provisions")
    desk.page.locator(".o_list_button_add").click()
    desk.wait_view("form")
    desk.press("action_compute")
    run = desk.record_id()
    photograph(desk, "provision-run")
    desk.press("action_view_lines")
    desk.wait_view("list")
    expect(desk.rows().first).to_contain_text(doubtful["partner_id"][1])
    photograph(desk, "provision-lines")
    desk.rpc.call("recouvrement.impairment", "unlink", [run])


def test_month_end_checks(desk_of, photograph):
    desk = desk_of("manager")
    closing = desk.rpc.call("recouvrement.closing", "create", {})
    desk.enter_app()
    desk.choose_menu("menu_recouvrement_ledger", "menu_recouvrement_closing")
    desk.open_row(desk.rows().first, "date")
    assert desk.record_id() == closing
    assert desk.rows(desk.field("line_ids")).count() > 8
    photograph(desk, "month-end-checks")
    desk.rpc.call("recouvrement.closing", "unlink", [closing])


def test_a_control_report(desk_of, photograph):
    desk = desk_of("accountant")
    desk.open("fec-takeovers")
    desk.page.locator(".o_list_button_add").click()
    desk.wait_view("form")
    books = a_year("Clientèle", today().year - 1)
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
