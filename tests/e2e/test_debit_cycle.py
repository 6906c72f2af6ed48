"""A mandate is signed on a telephone, its invoice is collected, the debit comes back
from a closed account, the customer gives another one, and it is collected again."""

import re
import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
from days import today
from debits import (
    COLLECTION,
    DEBIT,
    LEDGER,
    MANDATE,
    NEW_IBAN,
    OLD_IBAN,
    RETURN,
    bank_account,
    checked,
    download_file,
    enter,
    load,
    lot,
    move_back,
    new_collection,
    notification,
    open_day,
    returned,
    statement,
    texts,
    transaction_of,
)
from desk import amount
from documents import pdf_pages
from invoicing import bill, give_to, open_items
from page360 import Page360
from phone import address_in
from plans import decisions
from playwright.sync_api import expect
from rpc import RpcError
from waiting import wait_for

CHANGE = "recouvrement.bank.change"
AMOUNTS = (6240.5, 380.0)
PHONE = "+33 2 61 91 45 67"
SIGNATORY = "Odile Marchadier"
DAYS = 17
ACCOUNT_CLOSED = re.compile("clos|clôtur|fermé", re.IGNORECASE)


@pytest.fixture
def for_good(admin, company, outgoing_mail):
    """The company writes to its customers: a message in test mode announces nothing."""
    admin.call("res.company", "write", [company], {"recouvrement_test_mode": False})
    yield
    admin.call("res.company", "write", [company], {"recouvrement_test_mode": True})


@pytest.fixture
def customer(admin, connect):
    """A customer of the collector with two invoices; the second one is disputed."""
    name = f"Menuiserie {time.time_ns() % 10**6}-Bocage"
    partner = bill(admin, name, AMOUNTS, phone=PHONE)
    debtor = give_to(connect, partner, "collector")
    rpc = connect("collector")
    [item] = [
        item
        for item in open_items(rpc, debtor["id"])
        if item["amount_residual_currency"] == AMOUNTS[1]
    ]
    wizard = rpc.call(
        "recouvrement.status.wizard",
        "create",
        {
            "move_line_ids": [(6, 0, [item["id"]])],
            "status": "disputed",
            "reason": "Pose refusée à la réception.",
        },
    )
    rpc.call("recouvrement.status.wizard", "action_confirm", [wizard])
    return debtor


@pytest.fixture
def account(admin, company):
    """Account number of the bank that collects."""
    return bank_account(admin, company)


def test_signed_collected_returned_changed_collected_again(
    desk_of, phone_of, connect, admin, for_good, customer, account, mailbox
):
    rpc = connect("accountant")
    collector, accountant = desk_of("collector"), desk_of("accountant")
    manager, phone = desk_of("manager"), phone_of("customer")

    mandate = the_collector_sends_a_mandate(collector, customer)
    [mail] = letters(mailbox, 1)
    path = address_in(mail)
    the_customer_gives_the_account_and_signs(phone, path, mandate, rpc)

    first = the_accountant_prepares(accountant, admin, customer, mailbox)
    a_second_person_approves(accountant, manager, first)
    content = the_file_is_made_once(accountant, first)
    debit = the_debit(rpc, first, mandate)
    the_first_file_is_right(content, debit)
    the_invoice_is_left_alone(accountant, rpc, customer)

    day = the_day_comes(accountant, admin, rpc, first)
    the_bank_credits_it(accountant, admin, rpc, first, account, day)
    mailbox.clear()
    the_account_is_closed(accountant, rpc, debit, account, customer)
    the_collector_reads_why(collector, customer, mandate)
    [mail] = letters(mailbox, 1)
    the_customer_gives_another_account(phone, address_in(mail), mandate)
    two_people_check_it(collector, manager, customer, mandate, rpc)

    second = it_is_collected_again(accountant, manager, admin, customer, mandate, rpc)
    the_second_file_tells_the_change(accountant, rpc, second, mandate)


def letters(mailbox, count):
    """E-mails to the customer, once there are so many."""

    def found():
        mails = [m for m in mailbox.deliveries if "bocage" in m.recipients[0]]
        return mails if len(mails) >= count else None

    return wait_for(found)


# The mandate


def the_collector_sends_a_mandate(desk, customer):
    enter(desk, "sepa_mandates")
    desk.page.locator(".o_list_button_add, .o-kanban-button-new").first.click()
    desk.wait_view("form")
    desk.pick("debtor_id", customer["partner_id"][1])
    desk.field("scheme").locator("input[data-value=CORE]").check()
    desk.save()
    desk.press("action_send")
    desk.wait_status("sent")
    assert re.fullmatch(r"[A-Z0-9-]+", desk.read("name"))
    assert desk.overflow() <= 0
    return desk.record_id()


def the_customer_gives_the_account_and_signs(phone, path, mandate, rpc):
    assert phone.open(path) == 200
    assert phone.overflow() <= 0
    phone.page.locator(f'a[href$="/mandate/{mandate}"]').first.click()
    phone.page.wait_for_url(f"**/mandate/{mandate}")
    phone.page.fill("#iban_account", "FR14 2004 1010 0505 0001 3M02 600")
    phone.page.locator("form[action$='/account'] button[type=submit]").click()
    expect(phone.page.locator(".alert-danger")).to_be_visible()
    phone.page.fill("#iban_account", OLD_IBAN.lower())
    phone.page.fill("#holder_account", "Menuiserie du Bocage")
    phone.page.locator("form[action$='/account'] button[type=submit]").click()
    expect(phone.page.locator(".alert-success")).to_be_visible()
    expect(phone.page.locator("#wrap")).not_to_contain_text(OLD_IBAN)
    assert phone.overflow() <= 0
    form = downloaded(phone, "form.pdf")
    [row] = rpc.call(MANDATE, "read", [mandate], ["name", "creditor_identifier"])
    for words in (row["name"], row["creditor_identifier"], "Menuiserie du Bocage"):
        assert words in form
    assert "huit semaines" in form or "8 semaines" in form, "what the scheme demands"

    sign = phone.page.locator(".o_receivable_sign")
    sign.locator("input[name=signer], input.o_web_sign_name_input").fill(SIGNATORY)
    phone.draw(sign.locator("canvas"))
    sign.locator("button.o_portal_sign_submit").click()
    copy = phone.page.locator('a[href$="/signed.pdf"]')
    expect(copy).to_be_visible(timeout=60_000)
    assert SIGNATORY in downloaded(phone, "signed.pdf")
    assert phone.overflow() <= 0
    [row] = rpc.call(MANDATE, "read", [mandate], ["state", "iban", "signed_name"])
    assert (row["state"], row["iban"]) == ("active", OLD_IBAN)
    assert row["signed_name"] == SIGNATORY


def downloaded(phone, name):
    with phone.page.expect_download() as waiting:
        phone.page.locator(f'a[href$="/{name}"]').first.click()
    with open(waiting.value.path(), "rb") as handle:
        return " ".join(pdf_pages({"content": handle.read(), "name": name}))


# The first collection


def the_accountant_prepares(desk, admin, customer, mailbox):
    """Who is in, who is out and why; customers are told before the file is made."""
    day = open_day(today() + timedelta(days=DAYS))
    wizard = new_collection(desk, admin, day)
    assert int(desk.read("count", wizard)) > 0
    desk.press("action_show_candidates", wizard)
    desk.wait_view("list")
    verdicts = the_verdicts(desk, customer)
    assert verdicts == {AMOUNTS[0]: "collect", AMOUNTS[1]: "disputed"}

    wizard = new_collection(desk, admin, day)
    desk.press("action_create", wizard)
    desk.wait_view("form")
    collection = desk.record_id()
    row = desk.row(customer["partner_id"][1], desk.field("line_ids"))
    assert amount(desk.cell(row, "amount").inner_text()) == Decimal(str(AMOUNTS[0]))
    assert desk.overflow() <= 0

    mailbox.clear()
    desk.press("action_prenotify")
    desk.wait_view("list")
    [mail] = letters(mailbox, 1)
    text = mail.html.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\xa0", " ")
    assert "6 240,50" in text and "2606" in text
    assert OLD_IBAN not in text
    desk.open(f"direct-debit-collections/{collection}")
    expect(desk.button("action_prenotify")).to_have_count(0)
    return collection


def the_verdicts(desk, customer):
    """Verdict on each item of the customer, in the list on screen."""
    desk.search(customer["partner_id"][1])
    heads = desk.page.locator(".o_action_manager .o_group_header")
    for index in range(heads.count()):
        heads.nth(index).click()
        desk.wait_idle()
    labels = desk.rpc.call(
        "recouvrement.sepa.candidate", "fields_get", ["reason"], ["selection"]
    )["reason"]["selection"]
    names = {label: value for value, label in labels}
    return {
        float(amount(total)): names[reason]
        for total, reason in zip(
            desk.column("amount"), desk.column("reason"), strict=True
        )
    }


def a_second_person_approves(accountant, manager, collection):
    accountant.press("action_submit")
    accountant.wait_status("to_approve")
    expect(accountant.button("action_generate")).to_have_count(0)
    with pytest.raises(RpcError):
        accountant.rpc.call(COLLECTION, "action_approve", [collection])
    manager.open(f"direct-debit-collections/{collection}")
    manager.press("action_approve")
    manager.wait_status("approved")
    expect(manager.field("approved_by_id")).to_contain_text("Sophie Marchand")


def the_file_is_made_once(desk, collection):
    desk.open(f"direct-debit-collections/{collection}")
    desk.press("action_generate")
    if desk.status() == "approved":
        desk.reload()
        desk.tab("refusals")
        desk.press("action_remove_refused")
        desk.press("action_generate")
    desk.wait_status("generated")
    content = download_file(desk)
    assert download_file(desk) == content
    desk.press("action_sent")
    desk.wait_status("sent")
    assert download_file(desk) == content
    with pytest.raises(RpcError):
        desk.rpc.call(COLLECTION, "action_generate", [collection])
    return content


def the_debit(rpc, collection, mandate):
    """The debit of the mandate, as the collection has it."""
    [debit] = rpc.search_read(
        DEBIT,
        [("collection_id", "=", collection), ("mandate_id", "=", mandate)],
        [
            "end_to_end_id",
            "rum",
            "iban",
            "amount",
            "debtor_name",
            "payment_info_id",
            "state",
            "sequence_type",
        ],
    )
    return debit


def the_first_file_is_right(content, debit):
    """For the schema, and for the transaction of the customer."""
    transaction = transaction_of(checked(content), debit["end_to_end_id"])
    assert texts(transaction, "InstdAmt") == ["6240.50"]
    assert texts(transaction, "MndtId") == [debit["rum"]]
    assert texts(transaction, "DbtrAcct", "Id", "IBAN") == [OLD_IBAN]
    assert texts(transaction, "AmdmntInd") in ([], ["false"])
    assert debit["state"] == "presented"


def the_invoice_is_left_alone(desk, rpc, customer):
    """It says that its debit is under way, and a campaign leaves it out."""
    assert ("under_payment", None) in decisions(rpc, customer)
    assert not {reason for reason, _rank in decisions(rpc, customer)} & {"chase"}
    invoice = the_invoice(rpc, customer)
    desk.open(f"action-account.action_move_out_invoice_type/{invoice['id']}")
    note = desk.field("sepa_debit_note")
    expect(note).to_be_visible()
    expect(desk.page.locator(".o_form_view .alert-info")).to_contain_text("REM-")


def the_invoice(rpc, customer):
    [invoice] = rpc.search_read(
        "account.move",
        [
            ("partner_id", "=", customer["partner_id"][0]),
            ("move_type", "=", "out_invoice"),
            ("amount_total", "=", AMOUNTS[0]),
        ],
        ["payment_state", "amount_residual", "invoice_date_due", "sepa_debit_state"],
    )
    return invoice


# The bank


def the_day_comes(desk, admin, rpc, collection):
    """The scheduled action books the collection on its day, once."""
    day = move_back(admin, collection)
    admin.run_cron(LEDGER)
    admin.run_cron(LEDGER)
    desk.open(f"direct-debit-collections/{collection}")
    assert desk.status() == "booked"
    [row] = rpc.call(
        COLLECTION, "read", [collection], ["entry_id", "date_booked", "amount"]
    )
    assert row["date_booked"] == f"{day}"
    entries = rpc.count("account.move", [("sepa_collection_id", "=", collection)])
    assert row["entry_id"] and entries == 1
    assert amount(desk.read("unsettled_amount")) == Decimal(str(row["amount"]))
    return day


def the_bank_credits_it(desk, admin, rpc, collection, account, day):
    """Lot by lot, in a statement: the collection is settled by itself."""
    lots = rpc.call(
        DEBIT,
        "formatted_read_group",
        [("collection_id", "=", collection), ("state", "=", "booked")],
        ["payment_info_id"],
        ["amount:sum"],
    )
    number = f"REL-{time.time_ns() % 10**8}"
    bookings = [lot(row["payment_info_id"], row["amount:sum"]) for row in lots]
    content = statement(account, number, day, 1000, bookings)
    file = load(desk, f"{number}.xml", content)
    [row] = rpc.call(
        "recouvrement.bank.file", "read", [file], ["settled_count", "line_count"]
    )
    assert row["settled_count"] == row["line_count"] == len(lots)
    assert desk.overflow() <= 0
    desk.open(f"direct-debit-collections/{collection}")
    assert desk.status() == "settled"
    assert amount(desk.read("unsettled_amount")) == 0


def the_account_is_closed(desk, rpc, debit, account, customer):
    """A notification tells AC04: the invoice is owed again, as of its own due date."""
    before = the_invoice(rpc, customer)
    assert before["amount_residual"] == 0
    number = f"AVIS-{time.time_ns() % 10**8}"
    booking = returned(debit, "AC04")
    load(desk, f"{number}.xml", notification(account, number, today(), [booking]))
    desk.press("action_open_returns")
    desk.wait_view()
    desk.open_row(desk.row(customer["partner_id"][1]), "date")
    assert desk.status() == "done"
    assert ACCOUNT_CLOSED.search(desk.read("plain_words"))
    after = the_invoice(rpc, customer)
    assert after["amount_residual"] == AMOUNTS[0]
    assert after["invoice_date_due"] == before["invoice_date_due"]
    [item] = [
        item
        for item in open_items(rpc, customer["id"])
        if item["amount_residual_currency"] == AMOUNTS[0]
    ]
    due = date.fromisoformat(after["invoice_date_due"])
    assert item["days_overdue"] == (today() - due).days
    assert desk.overflow() <= 0


def the_collector_reads_why(desk, customer, mandate):
    """In the history, in plain words; the mandate waits for another account."""
    view = Page360(desk)
    view.open(customer["id"])
    expect(view.event("debit")).to_contain_text(ACCOUNT_CLOSED)
    desk.open(f"direct-debit-mandates/{mandate}")
    assert desk.status() == "suspended"
    expect(desk.field("suspended_reason")).to_contain_text(ACCOUNT_CLOSED)
    [found] = desk.rpc.search_read(
        RETURN, [("debtor_id", "=", customer["id"])], ["action", "action_state"]
    )
    assert (found["action"], found["action_state"]) == ("ask_iban", "planned")


# The other account


def the_customer_gives_another_account(phone, path, mandate):
    phone.open(f"{path}/mandate/{mandate}")
    assert phone.overflow() <= 0
    expect(phone.page.locator(".alert-warning")).to_be_visible()
    details = phone.page.locator("details[open]").filter(
        has=phone.page.locator("#iban_change")
    )
    phone.page.fill("#iban_change", NEW_IBAN)
    details.locator("button[type=submit]").click()
    expect(phone.page.locator(".alert-success")).to_be_visible()
    assert phone.overflow() <= 0


def two_people_check_it(collector, manager, customer, mandate, rpc):
    """The collector calls back on a known number, the manager approves."""
    [request] = rpc.search_read(
        "recouvrement.request",
        [("debtor_id", "=", customer["id"]), ("kind", "=", "bank_change")],
        ["state"],
    )
    collector.open(f"customer-requests/{request['id']}")
    collector.press("action_accept")
    change = collector.record_id()
    collector.press("action_call")
    wizard = collector.wizard()
    assert collector.read("phone", wizard) == PHONE
    collector.type_in("person", SIGNATORY, wizard)
    collector.type_in("note", "Confirme la fermeture de l'ancien compte.", wizard)
    collector.confirm()
    assert collector.status() == "to_approve"
    expect(collector.button("action_approve")).to_have_count(0)
    [row] = rpc.call(MANDATE, "read", [mandate], ["iban", "state"])
    assert (row["iban"], row["state"]) == (OLD_IBAN, "suspended")

    [row] = manager.rpc.search_read(
        CHANGE, [("debtor_id", "=", customer["id"])], ["state"]
    )
    assert row["id"] == change
    manager.enter_app()
    manager.choose_menu("menu_recouvrement_desk", "menu_recouvrement_bank_changes")
    manager.search(customer["partner_id"][1])
    manager.open_row(manager.row(customer["partner_id"][1]))
    manager.press("action_approve")
    assert manager.status() == "approved"
    [row] = rpc.call(MANDATE, "read", [mandate], ["iban", "state"])
    assert (row["iban"], row["state"]) == (NEW_IBAN, "active")
    assert amendments(rpc, mandate) == ["to_send"]


def amendments(rpc, mandate):
    """Where the changes of account of a mandate stand."""
    rows = rpc.search_read(
        "recouvrement.sepa.amendment",
        [("mandate_id", "=", mandate), ("kind", "=", "account")],
        ["state"],
    )
    return [row["state"] for row in rows]


# The second collection


def it_is_collected_again(accountant, manager, admin, customer, mandate, rpc):
    day = open_day(today() + timedelta(days=DAYS))
    wizard = new_collection(accountant, admin, day)
    accountant.press("action_create", wizard)
    accountant.wait_view("form")
    collection = accountant.record_id()
    debit = the_debit(rpc, collection, mandate)
    assert (debit["iban"], debit["amount"]) == (NEW_IBAN, AMOUNTS[0])
    expect(
        accountant.row(customer["partner_id"][1], accountant.field("line_ids"))
    ).to_be_visible()
    a_second_person_approves(accountant, manager, collection)
    return collection


def the_second_file_tells_the_change(desk, rpc, collection, mandate):
    content = the_file_is_made_once(desk, collection)
    debit = the_debit(rpc, collection, mandate)
    transaction = transaction_of(checked(content), debit["end_to_end_id"])
    assert texts(transaction, "AmdmntInd") == ["true"]
    original = texts(transaction, "OrgnlDbtrAcct", "Id", "Othr", "Id")
    assert original == ["SMNDA"]
    assert texts(transaction, "DbtrAcct", "Id", "IBAN") == [NEW_IBAN]
    assert texts(transaction, "MndtId") == [debit["rum"]]
    assert amendments(rpc, mandate) == ["sent"]
    desk.open(f"direct-debit-mandates/{mandate}")
    assert desk.status() == "active"
    assert desk.overflow() <= 0
