"""A customer on the telephone wants to know what it owes: the statement of account goes
by e-mail from the desk, and the history keeps it."""

import io
import time

import pytest
from documents import squeezed
from invoicing import bill, give_to, open_items, receive
from page360 import Page360
from playwright.sync_api import expect
from pypdf import PdfReader

AMOUNTS = (1310.4, 455.25)
CREDIT = 120.15
WORDS = "Comme convenu à l'instant au téléphone."


@pytest.fixture
def customer(admin, connect):
    """A customer of the collector with two invoices and a payment not allocated."""
    name = f"Tannerie {time.time_ns() % 10**6:06}-Clermont"
    partner = bill(admin, name, AMOUNTS, 12)
    receive(admin, partner, CREDIT)
    return give_to(connect, partner, "collector")


def test_the_statement_goes_by_email(desk_of, customer, mailbox):
    desk = desk_of("collector")
    view = Page360(desk)
    view.open(customer["id"])
    desk.press("action_send")
    wizard = desk.wizard()
    expect(desk.field("with_statement", wizard).locator("input")).to_be_checked()
    expect(desk.field("with_duplicates", wizard).locator("input")).not_to_be_checked()
    assert "clermont@example.com" in desk.read("email", wizard)
    its_text_takes_a_word_more(desk, wizard)
    desk.press("action_send", wizard)
    expect(desk.page.locator(".modal")).to_have_count(0)

    [mail] = mailbox.wait_for(1)
    assert WORDS in mail.html
    [(name, content)] = mail.attachments.items()
    assert name.endswith(".pdf")
    it_says_what_is_owed(content, customer, open_items(desk.rpc, customer["id"]))
    desk.wait_idle()
    event = view.event("document")
    expect(event).to_contain_text(name)
    expect(event).to_contain_text(customer["partner_id"][1])
    assert desk.overflow() <= 0


def its_text_takes_a_word_more(desk, wizard):
    editor = desk.field("body", wizard).locator(".odoo-editor-editable")
    editor.click()
    desk.page.keyboard.press("Control+End")
    desk.page.keyboard.type(WORDS)


def it_says_what_is_owed(content, customer, items):
    """Each item and the balance, as the ledger has them."""
    pages = PdfReader(io.BytesIO(content)).pages
    text = squeezed(" ".join(page.extract_text() for page in pages))
    assert squeezed(customer["partner_id"][1]) in text
    for item in items:
        assert squeezed(item["name"]) in text
        assert money(abs(item["amount_residual_currency"])) in text
    assert money(sum(AMOUNTS) - CREDIT) in text


def money(value):
    """An amount as the French read it, without spaces."""
    return f"{value:.2f}".replace(".", ",")
