"""The monthly pack: one click, its figures and their lines, its files, one e-mail."""

import re
from decimal import Decimal

import pytest
from desk import amount
from documents import cells, pdf_pages, workbook
from playwright.sync_api import expect

PACK = "recouvrement.pack"
FIGURE = "recouvrement.pack.figure"
ADDED_UP = ("value", "amount_residual", "amount", "provision_amount")
TITLES = ".o_last_breadcrumb_item, .o_breadcrumb .active"


@pytest.fixture
def desk(desk_of):
    return desk_of("manager")


def test_a_month_takes_one_click_and_leaves_once(desk, admin, company, mailbox):
    number = prepare(desk, admin, company)
    for section in ("synopsis", "kpi", "balance", "measure"):
        figures_open_their_lines(desk, number, section)
    a_change_opens_what_moved(desk, number)
    headings_stand_above_their_figures(desk, number)
    what_changed_is_said(desk, admin, number)
    desk.open(f"monthly-packs/{number}")
    files = downloaded(desk)
    the_document_is_complete(files["pdf"], desk.rpc, number)
    the_workbook_is_the_figures(files["xlsx"], desk.rpc, number)
    leaves_once(desk, number, mailbox, files)


def prepare(desk, admin, company):
    """The pack of the month, from the list, by one button."""
    ready = admin.search_read(
        PACK, [("company_id", "=", company), ("state", "=", "ready")], ["id"]
    )
    admin.call(PACK, "unlink", [row["id"] for row in ready])
    desk.open("monthly-packs")
    desk.press("action_prepare_month")
    desk.wait_view("form")
    desk.wait_status("ready")
    desk.tab("facts")
    expect(desk.field("commentary").locator("li, p").first).to_be_visible()
    assert not desk.read("note")
    return desk.record_id()


def figures_open_their_lines(desk, number, section):
    """A figure of a section that adds up: its lines are as much as it says."""
    rows = desk.rpc.search_read(
        FIGURE,
        [("pack_id", "=", number), ("section", "=", section), ("unit", "=", "amount")],
        ["label", "value_text", "has_source", "exact", "source"],
    )
    rows = [row for row in rows if row["has_source"] and amount(row["value_text"])]
    assert rows, section
    row = rows[0]
    desk.open(f"monthly-packs/{number}")
    desk.press("action_open_figures")
    desk.wait_view("list")
    desk.clear_search()
    desk.show_all()
    sections = desk.rpc.call(FIGURE, "fields_get", ["section"], ["selection"])
    label = dict(sections["section"]["selection"])[section]
    line = desk.rows().filter(has_text=label).filter(has_text=row["label"]).first
    shown = amount(desk.cell(line, "value_text").inner_text())
    assert shown == amount(row["value_text"])
    desk.button("action_open_source", line).click()
    expect(desk.page.locator(TITLES).first).not_to_contain_text("Chiffres du dossier")
    desk.wait_view("list")
    assert total(desk) == shown, row["label"]


def a_change_opens_what_moved(desk, number):
    """Lines that came and went, or the aged balance of both days."""
    for section in ("measure", "balance"):
        desk.open(f"monthly-packs/{number}")
        desk.press("action_open_figures")
        desk.wait_view("list")
        desk.clear_search()
        desk.show_all()
        rows = desk.rpc.search_read(
            FIGURE,
            [
                ("pack_id", "=", number),
                ("section", "=", section),
                ("unit", "=", "amount"),
            ],
            ["label", "change_text", "has_before", "section"],
        )
        row = next(
            one for one in rows if one["has_before"] and amount(one["change_text"])
        )
        sections = desk.rpc.call(FIGURE, "fields_get", ["section"], ["selection"])
        label = dict(sections["section"]["selection"])[section]
        line = desk.rows().filter(has_text=label).filter(has_text=row["label"]).first
        desk.button("action_open_change", line).click()
        if section == "balance":
            expect(desk.page.locator(".o_rec_aged")).to_be_visible(timeout=60_000)
            continue
        expect(desk.page.locator(TITLES).first).to_contain_text("évolution")
        desk.wait_view("list")
        assert total(desk) == amount(row["change_text"]), row["label"]


def total(desk):
    """The total of what is listed, whichever column adds up; the footer comes after
    the rows, and is awaited."""
    desk.show_all()
    expect(desk.page.locator(".o_list_table tfoot").first).to_contain_text(
        re.compile(r"\d"), timeout=30_000
    )
    for name in ADDED_UP:
        if desk.page.locator(f'.o_list_table th[data-name="{name}"]').count():
            found = desk.sum_of(name)
            if found:
                return found
    raise AssertionError(desk.page.locator(".o_list_table").first.inner_text())


def headings_stand_above_their_figures(desk, number):
    desk.open(f"monthly-packs/{number}")
    desk.tab("synopsis")
    table = desk.field("synopsis_ids").locator(".o_list_table")
    cell = table.locator("td[name=value_text]").first
    for name in ("value_text", "before_text", "change_text"):
        head = table.locator(f"th[data-name={name}] span").first.bounding_box()
        cell = table.locator(f"td[name={name}]").first
        side = cell.bounding_box()
        assert abs(head["x"] + head["width"] - side["x"] - side["width"]) < 24, name
        assert cell.evaluate("one => getComputedStyle(one).textAlign") in (
            "right",
            "end",
        )


def what_changed_is_said(desk, admin, number):
    """An invoice booked for the month after the pack was made: the figure says so, and
    its frozen lines leave it out."""
    [pack] = admin.search_read(PACK, [("id", "=", number)], ["date_end", "company_id"])
    [figure] = desk.rpc.search_read(
        FIGURE,
        [
            ("pack_id", "=", number),
            ("section", "=", "balance"),
            ("unit", "=", "amount"),
        ],
        ["label", "value_text"],
        order="sequence",
        limit=1,
    )
    partner = admin.call("res.partner", "create", {"name": "Facture tardive"})
    move = admin.call(
        "account.move",
        "create",
        {
            "move_type": "out_invoice",
            "company_id": pack["company_id"][0],
            "partner_id": partner,
            "invoice_date": pack["date_end"],
            "date": pack["date_end"],
            "invoice_date_due": pack["date_end"],
            "invoice_line_ids": [
                (0, 0, {"name": "Oubli", "price_unit": 432.1, "tax_ids": []})
            ],
        },
    )
    admin.call("account.move", "action_post", [move])
    try:
        the_difference_is_shown(desk, number, figure)
    finally:
        admin.call("account.move", "button_draft", [move])
        admin.call("account.move", "button_cancel", [move])


def the_difference_is_shown(desk, number, figure):
    desk.open(f"monthly-packs/{number}")
    desk.press("action_open_figures")
    desk.wait_view("list")
    desk.clear_search()
    desk.show_all()
    line = desk.rows().filter(has_text="Balance âgée").filter(has_text=figure["label"])
    desk.button("action_open_source", line.first).click()
    dialog = desk.wizard()
    expect(dialog).to_contain_text("432,10")
    expect(desk.button("action_open_cause", dialog)).to_have_count(1)
    desk.button("action_open_frozen_lines", dialog).click()
    desk.wait_view("list")
    assert total(desk) == amount(figure["value_text"])
    assert not desk.rows().filter(has_text="Facture tardive").count()


def downloaded(desk):
    files = {}
    for kind, method in (("pdf", "action_print"), ("xlsx", "action_download")):
        with desk.download() as files[kind]:
            desk.press(method)
        assert files[kind]["name"].endswith(kind)
    return files


def the_document_is_complete(file, rpc, number):
    pages = pdf_pages(file)
    assert 4 <= len(pages) <= 30
    assert all(page.strip() for page in pages)
    assert not re.search(r"\b(None|False|nan|undefined)\b", " ".join(pages))
    first = re.sub(r"\s", "", pages[0])
    for row in synopsis(rpc, number)[:4]:
        shown = row["value_text"]
        if row["unit"] == "amount":
            shown = f"{Decimal(row['exact']):.0f}"
        assert re.sub(r"\s", "", shown) in first, row["label"]


def the_workbook_is_the_figures(file, rpc, number):
    book = workbook(file)
    assert len(book.sheetnames) >= 5
    numbers = {
        Decimal(f"{value:.2f}")
        for sheet in book
        for value in cells(sheet)
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    for row in synopsis(rpc, number):
        if row["unit"] == "amount":
            assert Decimal(row["exact"]).quantize(Decimal("0.01")) in numbers
    texts = [str(value) for sheet in book for value in cells(sheet)]
    assert not [text for text in texts if text.startswith("=")]


def synopsis(rpc, number):
    return rpc.search_read(
        FIGURE,
        [("pack_id", "=", number), ("section", "=", "synopsis")],
        ["label", "value_text", "unit", "exact"],
    )


def leaves_once(desk, number, mailbox, files):
    [row] = desk.rpc.search_read(PACK, [("id", "=", number)], ["recipient_ids"])
    desk.press("action_send")
    desk.agree()
    desk.wait_status("sent")
    count = len(row["recipient_ids"])
    deliveries = mailbox.wait_for(count)
    attached = deliveries[0].attachments
    for kind, file in files.items():
        [content] = [body for name, body in attached.items() if name.endswith(kind)]
        assert content == file["content"]
    expect(desk.button("action_send")).to_have_count(0)
    expect(desk.button("action_prepare")).to_have_count(0)
    assert desk.field("note").locator("textarea").count() == 0
    desk.tab("files")
    expect(desk.rows(desk.field("delivery_ids"))).to_have_count(count)
    again = downloaded(desk)
    assert again["pdf"]["content"] == files["pdf"]["content"]
    assert again["xlsx"]["content"] == files["xlsx"]["content"]
    assert len(mailbox.deliveries) == count


def test_the_pack_fits_a_phone(desk_of, admin, company):
    desk = desk_of("auditor", 390, 844)
    [pack] = admin.search_read(
        PACK, [("company_id", "=", company)], ["id"], order="id desc", limit=1
    )
    desk.open("monthly-packs")
    expect(desk.page.locator(".o_kanban_view")).to_be_visible()
    desk.open(f"monthly-packs/{pack['id']}")
    assert desk.overflow() <= 0
    for tab in ("synopsis", "figures"):
        desk.tab(tab)
        assert not desk.cut(".o_form_sheet .tab-content")
    desk.page.locator(".o_kanban_record button[name=action_open_source]").first.click()
    desk.wait_idle()
    assert desk.overflow() <= 0
