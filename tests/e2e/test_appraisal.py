"""The one-page appraisal of a customer, for who sells to it."""

import re

from documents import pdf_pages
from playwright.sync_api import expect

DEBTOR = "recouvrement.debtor"


def test_a_salesperson_takes_the_appraisal_of_a_customer(desk_of, admin):
    desk = desk_of("salesperson")
    [row] = desk.rpc.search_read(
        DEBTOR,
        [("overdue_amount", ">", 0)],
        ["partner_id", "open_amount", "overdue_amount"],
        limit=1,
        order="overdue_amount desc",
    )
    desk.open(f"debtors/{row['id']}")
    with desk.download() as file:
        desk.press("action_appraisal")
    [page] = pdf_pages(file)
    assert row["partner_id"][1] in page
    digits = re.sub(r"\s", "", page)
    assert f"{int(row['overdue_amount'])}" in digits.replace(".", "")


def test_others_customers_are_not_appraised(desk_of, admin):
    desk = desk_of("salesperson")
    [other] = admin.search_read(
        DEBTOR,
        [("salesperson_id", "!=", desk.rpc.uid)],
        ["partner_id", "company_id"],
        limit=1,
    )
    partner, company = other["partner_id"][0], other["company_id"][0]
    reply = desk.page.request.get(
        f"{desk.url}/recouvrement/appraisal/{partner}.pdf?company={company}"
    )
    assert not reply.body().startswith(b"%PDF")
    assert reply.status in (403, 404)


def test_the_appraisal_is_reached_from_the_contact(desk_of, admin):
    desk = desk_of("manager", 390, 844)
    [row] = desk.rpc.search_read(DEBTOR, [("open_amount", ">", 0)], ["id"], limit=1)
    desk.open(f"debtors/{row['id']}")
    expect(desk.field("partner_id").first).to_be_visible()
    assert desk.overflow() <= 0
