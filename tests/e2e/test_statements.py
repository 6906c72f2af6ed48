"""One mailing of statements of account, from the screen to the customers."""

import re
from decimal import Decimal

import pytest
from desk import amount
from documents import pdf_pages, workbook
from invoicing import bill, give_to
from playwright.sync_api import expect
from rpc import RpcError
from waiting import wait_for

RUN = "recouvrement.statement.run"
LINE = "recouvrement.statement.run.line"
SEGMENT = "recouvrement.segment"
CUSTOMERS = {
    "Moulins de Vouvray": "compta@moulins.example.com",
    "Tuilerie Basse": False,
}


@pytest.fixture
def segment(admin, connect, company):
    """Two customers of a segment of their own, which takes no others: one without an
    address."""
    number = connect("manager").call(
        SEGMENT,
        "create",
        {
            "name": "Relevés",
            "code": "statements",
            "company_id": company,
            "partner_domain": "[('id', '=', 0)]",
        },
    )
    debtors = []
    for name, email in CUSTOMERS.items():
        partner = bill(admin, name, (1500.0, 240.5), email=email)
        debtor = give_to(connect, partner, "collector")
        connect("manager").call(
            "recouvrement.debtor", "write", [debtor["id"]], {"segment_id": number}
        )
        debtors.append(debtor["id"])
    return {"id": number, "debtors": debtors}


@pytest.fixture
def live(admin, company):
    """The company writes to its customers, not to the test address."""
    admin.call("res.company", "write", [company], {"recouvrement_test_mode": False})
    yield
    admin.call("res.company", "write", [company], {"recouvrement_test_mode": True})


def test_statements_leave_once_and_those_without_address_are_printed(
    desk_of, segment, live, mailbox
):
    desk = desk_of("manager")
    desk.open("account-statements")
    desk.page.locator(".o_list_button_add").click()
    desk.wait_view("form")
    desk.pick("segment_ids", "Relevés")
    desk.field("with_workbook").locator("input").check()
    desk.press("action_prepare")
    run = desk.record_id()
    rows = desk.rows(desk.field("line_ids"))
    expect(rows).to_have_count(2)
    balances = [
        amount(text) for text in rows.locator("td[name=balance]").all_inner_texts()
    ]
    assert balances == [Decimal("1740.5")] * 2
    desk.press("action_send")
    desk.wait_status("done")
    [mail] = wait_for(lambda: to_the_customer(mailbox))
    assert mail.recipients == (CUSTOMERS["Moulins de Vouvray"],)
    files = {name.rpartition(".")[2]: file for name, file in mail.attachments.items()}
    text = " ".join(pdf_pages({"name": "", "content": files["pdf"]}))
    assert "Moulins de Vouvray" in text
    assert "1740,50" in re.sub(r"\s", "", text)
    assert workbook({"content": files["xlsx"]}).sheetnames
    for name in ("with_workbook", "date_start"):
        with pytest.raises(RpcError):
            desk.rpc.call(RUN, "write", [run], {name: False})
    assert desk.field("with_workbook").locator("input:enabled").count() == 0
    with desk.download() as file:
        desk.press("action_print_unsent")
    assert "Tuilerie Basse" in " ".join(pdf_pages(file))
    states = desk.rpc.search_read(LINE, [("run_id", "=", run)], ["state"])
    assert [row["state"] for row in states] == ["sent", "skipped"]
    desk.button("action_open_debtor", rows.first).click()
    desk.wait_view("form")
    assert amount(desk.read("open_amount")) == Decimal("1740.5")


def to_the_customer(mailbox):
    """E-mails with the statement of the customer that has an address."""
    return [
        mail
        for mail in mailbox.deliveries
        if any("Moulins de Vouvray" in name for name in mail.attachments)
    ]


def test_the_mailing_fits_a_phone(desk_of):
    desk = desk_of("collector", 390, 844)
    desk.open("account-statements")
    assert desk.overflow() <= 0
