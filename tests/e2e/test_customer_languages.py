"""The pages of a customer in English and in Dutch, one after the other, and its
agreement: nothing of them is left in another language, nothing is cut."""

import io
import re
from datetime import timedelta

import pytest
from days import today
from documents import squeezed
from invoicing import bill, give_to, open_items
from page360 import Page360
from phone import address_of
from playwright.sync_api import expect
from pypdf import PdfReader

PLAN = "recouvrement.payment.plan"
KINDS = (
    "promise",
    "payment_check",
    "dispute",
    "plan",
    "duplicate",
    "contact_change",
    "message",
)
AMOUNTS = (1290.5, 310.0, 88.25)
CUSTOMERS = {"en_GB": "Harlow Lighting Ltd", "nl_NL": "Lichthuis De Vries BV"}
# Written the same in both languages, or no text of ours.
SAME = {
    "document",
    "iban",
    "bic",
    "fr",
    "en",
    "nl",
    "de",
    "e-mail",
    "contact",
    "demo",
    "total",
    "(eur)",
    "cheque",
    "contract",
}
# Each says that a text of the other language was printed.
ENGLISH = ("The debtor", "Instalment", "To be paid by", "Read and approved", "Due date")
FRENCH = ("Le débiteur", "Échéance", "Montant", "Lu et approuvé", "reconnaît")


READ = """() => {
    const texts = [];
    const root = document.querySelector("#wrap");
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const {parentElement, textContent} = walker.currentNode;
        if (!parentElement.closest("script, style, nav, a[href^=mailto]")) {
            texts.push(textContent);
        }
    }
    for (const name of ["placeholder", "title", "aria-label"]) {
        for (const node of root.querySelectorAll(`[${name}]:not(nav a)`)) {
            texts.push(node.getAttribute(name));
        }
    }
    return texts;
}"""


@pytest.fixture
def customers(admin, connect):
    """A customer of each language, with three invoices a week overdue."""
    return {
        lang: give_to(connect, bill(admin, name, AMOUNTS, lang=lang), "collector")
        for lang, name in CUSTOMERS.items()
    }


def test_the_pages_speak_one_language(desk_of, phone_of, connect, customers):
    desk = desk_of("collector")
    said = {}
    for lang, debtor in customers.items():
        plan = offer(desk, debtor)
        path = address_of(connect("collector"), debtor["id"])
        phone = phone_of(lang)
        said[lang] = walk(phone, path, plan, lang)
        agreement(phone, path, plan, lang)
        answers(phone, path, lang)
    assert said["en_GB"].keys() == said["nl_NL"].keys()
    for page, texts in said["nl_NL"].items():
        left = {
            text
            for text in texts & said["en_GB"][page]
            if text.lower() not in SAME and re.search(r"[a-z]{3}", text.lower())
        }
        assert not left, page


def offer(desk, debtor):
    """A plan on the first of the invoices."""
    view = Page360(desk)
    view.open(debtor["id"])
    view.tick_item(open_items(desk.rpc, debtor["id"])[0]["id"])
    desk.press("action_plan")
    desk.press("action_offer", desk.wizard())
    desk.wait_view("form")
    expect(desk.page.locator(".modal")).to_have_count(0)
    return desk.record_id()


def walk(phone, path, plan, lang):
    """Texts of every page by its name; each page fits the telephone."""
    pages = {"account": "", "overdue": "?tab=overdue", "paid": "?tab=paid"}
    pages |= {"pay": "/pay", "requests": "/requests", "plan": f"/plan/{plan}"}
    pages |= {kind: f"/ask/{kind}" for kind in KINDS}
    said = {}
    for name, end in pages.items():
        assert phone.open(f"{path}{end}") == 200, name
        assert phone.lang() == lang[:2], name
        assert phone.overflow() <= 0, name
        said[name] = texts(phone)
    return said


def texts(phone):
    """What is to be read on the page, without names, numbers, amounts and days."""
    for details in phone.page.locator("details").all():
        details.evaluate("node => { node.open = true; }")
    found = phone.page.evaluate(READ)
    names = ("Lumen", "Claire Fontaine", "FAC/", "ECH/", *CUSTOMERS.values())
    lines = {re.sub(r"\s+", " ", text).strip(" :–.") for text in found}
    return {
        line
        for line in lines
        if re.search(r"[^\W\d_]{2}", line) and not any(name in line for name in names)
    }


def agreement(phone, path, plan, lang):
    """The document to sign, from the page of the plan."""
    phone.open(f"{path}/plan/{plan}")
    with phone.page.expect_download() as waiting:
        phone.page.locator('a[href$="/agreement.pdf"]').click()
    with open(waiting.value.path(), "rb") as handle:
        reader = PdfReader(io.BytesIO(handle.read()))
    text = " ".join(" ".join(page.extract_text().split()) for page in reader.pages)
    others = FRENCH if lang == "en_GB" else (*FRENCH, *ENGLISH)
    assert not [words for words in others if words in text]
    assert squeezed(CUSTOMERS[lang]) in squeezed(text)


def answers(phone, path, lang):
    """Promise the second invoice: the page thanks in its language."""
    phone.open(path)
    phone.page.locator(".o_receivable_tick").nth(1).check()
    phone.answer("promise")
    phone.page.fill("#day", f"{today() + timedelta(days=6)}")
    phone.send()
    phone.page.wait_for_url("**/requests?sent=promise")
    expect(phone.page.locator(".alert-success[role=status]")).to_be_visible()
    assert phone.lang() == lang[:2]
    assert phone.overflow() <= 0
