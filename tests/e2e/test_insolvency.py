"""A customer goes into liquidation: one click stops what must stop, the declaration
goes out with its pieces, a dividend comes in, the rest is written off with its VAT."""

import io
from datetime import timedelta

import pytest
from days import today
from desk import amount
from documents import pdf_pages
from invoicing import bill, give_to, open_items, pay
from page360 import Page360
from playwright.sync_api import expect
from pypdf import PdfWriter

FILE = "recouvrement.insolvency"
CLAIM = "recouvrement.insolvency.claim"
CUSTOMER = "Charpentes Vauclin"
LIQUIDATOR = "SELARL Vasseur"
JUDGED, PUBLISHED = (today() - timedelta(days=days) for days in (20, 12))


@pytest.fixture
def customer(admin, connect):
    """A customer with two invoices before the judgment and one after it."""
    partner = bill(admin, CUSTOMER, (1200.0, 700.0), days=50)
    [later] = admin.call(
        "account.move",
        "create",
        [
            {
                "move_type": "out_invoice",
                "partner_id": partner,
                "invoice_date": f"{today() - timedelta(days=5)}",
                "invoice_date_due": f"{today() - timedelta(days=5)}",
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    (0, 0, {"name": "Prestation", "price_unit": 90.0})
                ],
            }
        ],
    )
    admin.call("account.move", "action_post", [later])
    admin.call("res.partner", "create", {"name": LIQUIDATOR, "is_company": True})
    return give_to(connect, partner, "manager")


def test_a_liquidation_from_the_click_to_the_write_off(desk_of, admin, customer):
    desk = desk_of("manager")
    one = open_in_one_click(desk, customer)
    declare(desk, admin, one)
    admit(desk)
    dividend(desk, admin, customer, one)
    close(desk)
    write_off(desk, admin, customer, one)
    narrow(desk_of("manager", width=390), one)


def open_in_one_click(desk, customer):
    """The wizard shows both sides before; then nothing earlier is chased."""
    page = Page360(desk)
    page.open(customer["id"])
    page.choose("action_open_insolvency")
    wizard = desk.wizard()
    [kind] = desk.rpc.search_read(
        "recouvrement.insolvency.kind", [("code", "=", "liquidation")], ["name"]
    )
    desk.pick("kind_id", kind["name"], wizard)
    desk.pick_day("date_judgment", JUDGED, wizard)
    desk.pick_day("date_published", PUBLISHED, wizard)
    desk.pick("representative_id", LIQUIDATOR, wizard)
    desk.wait_idle()
    expect(desk.rows(wizard)).to_have_count(3)
    expect(desk.field("date_limit", wizard)).to_be_visible()
    prior = amount(desk.read("total_prior", wizard))
    items = open_items(desk.rpc, customer["id"])
    assert prior == sum(
        round_cents(item["amount_residual_currency"]) for item in items[:2]
    )
    desk.press("action_open", wizard)
    desk.wait_view("form")
    statuses = [
        item["collection_status"] for item in open_items(desk.rpc, customer["id"])
    ]
    assert statuses == ["insolvency", "insolvency", "to_chase"]
    assert amount(desk.read("amount_prior")) == prior
    page.open(customer["id"])
    expect(desk.page.locator(".o_recouvrement_warning")).to_have_count(1)
    [one] = desk.rpc.search_read(FILE, [("debtor_id", "=", customer["id"])], ["name"])
    return one["id"]


def round_cents(value):
    return amount(f"{value:.2f}".replace(".", ","))


def declare(desk, admin, one):
    """The PDF with its pieces, then the proof that it was sent."""
    desk.open(f"insolvency/{one}")
    with desk.download() as file:
        desk.press("action_make_declaration")
    pages = pdf_pages(file)
    assert CUSTOMER in pages[0] and LIQUIDATOR in pages[0]
    assert len(pages) >= 3  # the declaration and both invoices
    desk.reload()
    desk.press("action_declare")
    desk.type_in("tracking_number", "1A 123 456 7890 1", desk.wizard())
    desk.confirm()
    desk.wait_status("declared")
    [row] = admin.call(FILE, "read", [one], ["declaration_sha256", "date_declared"])
    assert row["declaration_sha256"] and row["date_declared"] == f"{today()}"
    expect(desk.button("action_undo")).to_have_count(0)


def admit(desk):
    desk.press("action_admit")
    desk.confirm()
    desk.wait_status("admitted")
    assert desk.read("amount_admitted") == desk.read("amount_declared")


def dividend(desk, admin, customer, one):
    """What the bank brings is a dividend, without anybody saying so."""
    [item, *_others] = open_items(admin, customer["id"])
    pay(admin, [item], 120.0)
    desk.reload()
    assert amount(desk.read("amount_received")) == 120


def close(desk):
    desk.press("action_close")
    wizard = desk.wizard()
    desk.choose("recouvrement.insolvency.decision", "outcome", "irrecoverable", wizard)
    desk.type_in("reason", "Certificat d'irrécouvrabilité du liquidateur", wizard)
    desk.confirm()
    desk.wait_status("closed")


def write_off(desk, admin, customer, one):
    """The wizard knows the items, the ground and the facts."""
    desk.press("action_write_off")
    wizard = desk.wizard()
    expect(desk.rows(wizard)).to_have_count(2)
    evidence = wizard.locator(".o_field_widget[name=attachment_ids] input[type=file]")
    evidence.set_input_files(
        {
            "name": "jugement.pdf",
            "mimeType": "application/pdf",
            "buffer": blank_page(),
        }
    )
    desk.wait_idle()
    desk.press("action_propose", wizard)
    desk.wait_view("form")
    [row] = admin.search_read(
        "recouvrement.write.off",
        [("debtor_id", "=", customer["id"])],
        ["recover_vat", "state", "ground_id"],
    )
    assert row["recover_vat"] and row["state"] == "draft"


def blank_page():
    """A PDF that a browser can show."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def narrow(desk, one):
    """On a telephone nothing sticks out."""
    desk.open(f"insolvency/{one}")
    sheet = desk.page.locator(".o_form_sheet")
    expect(sheet).to_be_visible()
    width = desk.page.evaluate("document.documentElement.scrollWidth")
    assert width <= 391
    desk.open("insolvency")
    expect(
        desk.page.locator(".o_kanban_record, .o_view_nocontent").first
    ).to_be_visible()
