"""The law and the ledger: interest, limit dates, month-end, provisions, losses."""

import io
import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from types import SimpleNamespace

import pytest
from days import today
from desk import amount
from playwright.sync_api import expect
from pypdf import PdfReader
from rpc import RpcError

DEBTOR = "recouvrement.debtor"
STATEMENT = "recouvrement.interest.statement"
PROVISION = "recouvrement.impairment"
WRITE_OFF = "recouvrement.write.off"
CLAIM = "recouvrement.recouvrement_claim_wizard_action"
INVALID = re.compile("o_field_invalid")
TODAY = today()
MONTH_END = TODAY.replace(day=1) - timedelta(days=1)
LATE_DAYS = 200
INDEMNITY = Decimal(40)
MARGIN = 10  # points above the rate of the ECB (C. com. art. L441-10, II)
# What makes, decides or takes back on the screens of these stories.
WRITING = (
    "action_confirm",
    "action_post_invoice",
    "action_credit_difference",
    "action_cancel",
    "action_void",
    "action_add_event",
    "action_check",
    "action_sign",
    "action_unsign",
    "action_compute",
    "action_post",
    "action_propose",
    "action_use_proposal",
    "action_approve",
    "action_send_duplicate",
    "action_duplicate_posted",
    "action_recover",
)


@pytest.fixture(scope="module")
def vat(admin, company):
    """The standard VAT of the company, to put on invoice lines."""
    [row] = admin.search_read(
        "res.company", [("id", "=", company)], ["account_sale_tax_id"]
    )
    return [(6, 0, [row["account_sale_tax_id"][0]])]


@pytest.fixture
def owe(admin, connect, vat):
    """``owe(name, net)``: a company of the collector's with one invoice paid late."""

    def make(name, net):
        partner = admin.call(
            "res.partner",
            "create",
            {
                "name": name,
                "is_company": True,
                "street": "12 quai des Bateliers",
                "zip": "67000",
                "city": "Strasbourg",
                "country_id": admin.ref("base.fr"),
                "email": "compta@example.com",
            },
        )
        due = TODAY - timedelta(days=LATE_DAYS)
        move = invoice(admin, partner, net, vat, due - timedelta(days=30), due)
        admin.call("account.move", "action_post", [move])
        [row] = admin.search_read(
            "account.move", [("id", "=", move)], ["name", "amount_total", "amount_tax"]
        )
        assert row["amount_tax"] == pytest.approx(net * 0.2)
        debtor = debtor_of(connect, partner)
        return SimpleNamespace(
            name=name,
            debtor=debtor,
            partner=partner,
            move=move,
            document=row["name"],
            total=exact(row["amount_total"]),
            tax=exact(row["amount_tax"]),
            due=due,
        )

    return make


def invoice(admin, partner, net, vat, day, due):
    return admin.call(
        "account.move",
        "create",
        {
            "move_type": "out_invoice",
            "partner_id": partner,
            "invoice_date": f"{day}",
            "invoice_date_due": f"{due}",
            "invoice_payment_term_id": False,
            "invoice_line_ids": [
                (0, 0, {"name": "Prestation", "price_unit": net, "tax_ids": vat})
            ],
        },
    )


def debtor_of(connect, partner):
    """Debtor account of a new customer, in the collector's portfolio."""
    manager = connect("manager")
    [row] = manager.search_read(DEBTOR, [("partner_id", "=", partner)], ["id"])
    collector = {"collector_id": connect("collector").uid}
    manager.call(DEBTOR, "write", [row["id"]], collector)
    return row["id"]


def exact(number):
    return Decimal(f"{number:.2f}")


def interest_of(admin, customer, until=TODAY):
    """What the law gives, day by day, from the rates in the database alone."""
    rates = admin.search_read(
        "recouvrement.rate",
        [("code", "=", "ecb_mro")],
        ["date_from", "date_to", "value"],
    )
    total, day = Fraction(0), customer.due
    while day < until:
        day += timedelta(days=1)
        [value] = {
            row["value"]
            for row in rates
            if row["date_from"] <= f"{day}" <= row["date_to"]
        }
        percent = Fraction(f"{value:.4f}") + MARGIN
        total += Fraction(customer.total) * percent / 100 / 365
    cents = Decimal(total.numerator * 100) / Decimal(total.denominator)
    return cents.quantize(Decimal(1), ROUND_HALF_UP) / 100


def pdf_text(file):
    """Text of a PDF, with plain spaces."""
    assert file["content"].startswith(b"%PDF"), file["name"]
    pages = PdfReader(io.BytesIO(file["content"])).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def money(value):
    """An amount as the French read it."""
    return f"{value:,.2f}".replace(",", " ").replace(".", ",") + " €"


def label(admin, xmlid):
    """Name of a record, in French."""
    module, name = xmlid.split(".")
    [row] = admin.search_read(
        "ir.model.data",
        [("module", "=", module), ("name", "=", name)],
        ["model", "res_id"],
    )
    [record] = admin.call(row["model"], "read", [row["res_id"]], ["display_name"])
    return record["display_name"]


# The collector


def test_late_interest_is_explained_and_printed(desk_of, admin, owe):
    customer = owe("Brasserie du Quai", 1200)
    interest = interest_of(admin, customer)
    desk = desk_of("collector")
    desk.open("debtors")
    desk.clear_search()
    desk.search(customer.name)
    desk.open_row(desk.row(customer.name), "partner_id")
    assert amount(desk.read("late_interest")) == interest
    assert amount(desk.read("late_indemnity")) == INDEMNITY

    desk.press("action_late_interest")
    breakdown = desk.field("breakdown")
    expect(breakdown).to_contain_text(customer.document)
    segments = breakdown.locator("tbody tr")
    assert segments.count() >= 2, "more than half a year: two rates"
    parts = segments.locator("td:last-child").all_inner_texts()
    assert sum(map(amount, parts)) == interest
    days = segments.locator("td:nth-child(3)").all_inner_texts()
    assert sum(map(int, days)) == LATE_DAYS
    shown = {
        name: amount(breakdown.locator(f'[name="{name}"]').inner_text())
        for name in ("interest", "total")
    }
    total = customer.total + interest + INDEMNITY
    assert shown == {"interest": interest, "total": total}

    with desk.download() as statement:
        desk.button("action_print").click()
    text = pdf_text(statement)
    for value in (customer.total, interest, INDEMNITY, total):
        assert money(value) in text
    assert customer.name in text and customer.document in text
    assert "L. 441-10" in text and "prescri" not in text.lower()


def test_an_acknowledgement_gives_a_second_limit_date(desk_of, admin, owe):
    customer = owe("Atelier Kieffer", 800)
    desk = desk_of("collector")
    limit = years_after(customer.due, 5)
    desk.enter_app()
    desk.choose_menu("menu_recouvrement_ledger", "menu_recouvrement_limit_dates")
    desk.clear_search()
    desk.search(customer.name)
    assert desk.total() == 1
    assert limits(desk, customer) == (f"{limit}", f"{limit}")

    desk.press("action_explain_limit", desk.row(customer.document))
    explanation = desk.wizard()
    facts = desk.field("trail", explanation).locator("tbody tr")
    expect(facts).to_have_count(1)
    assert days_of(facts.first) == [customer.due, limit, limit]

    kind = label(admin, "recouvrement.prescription_kind_acknowledgement")
    desk.press("action_add_event", explanation)
    event = desk.wizard()
    expect(desk.field("line_ids", event)).to_contain_text(customer.document)
    desk.pick("kind_id", kind, event)
    desk.type_in("note", "Courriel du gérant : « je vous réglerai »", event)
    event.locator(".o_form_button_save").click()
    expect(desk.page.locator(".modal .o_form_view")).to_have_count(0)
    second = years_after(TODAY, 5)
    assert limits(desk, customer) == (f"{limit}", f"{second}")

    desk.reload()
    desk.clear_search()
    desk.search(customer.name)
    desk.press("action_explain_limit", desk.row(customer.document))
    trail = desk.field("trail", desk.wizard())
    fact = trail.locator("tbody tr", has_text=kind)
    assert days_of(fact) == [TODAY, limit, second]


def days_of(row):
    """Dates in a row, as the French write them."""
    found = re.findall(r"\d\d/\d\d/\d{4}", row.inner_text())
    return [datetime.strptime(text, "%d/%m/%Y").date() for text in found]


def limits(desk, customer):
    """Both limit dates of the customer's item."""
    [row] = desk.rpc.search_read(
        "recouvrement.open.item",
        [("debtor_id", "=", customer.debtor)],
        ["limit_date", "limit_date_possible"],
    )
    return row["limit_date"], row["limit_date_possible"]


def years_after(day, years):
    """Same day some years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


# The accountant


def test_interest_is_invoiced_once(desk_of, admin, owe):
    customer = owe("Imprimerie Vauban", 3400)
    interest = interest_of(admin, customer)
    desk = desk_of("accountant")
    wizard = claim(desk, admin, customer)
    amounts = desk.field("preview", wizard).locator("tbody tr td").all_inner_texts()
    assert [amount(text) for text in amounts[-3:]] == [
        interest,
        INDEMNITY,
        interest + INDEMNITY,
    ]
    desk.field("post", wizard).locator("input").check()
    desk.confirm()
    desk.wait_view("form")
    assert desk.status() == "done"
    assert amount(desk.read("total")) == interest + INDEMNITY
    [row] = desk.rpc.search_read(
        STATEMENT, [("debtor_id", "=", customer.debtor)], ["move_id", "line_ids"]
    )
    [move] = desk.rpc.search_read(
        "account.move",
        [("id", "=", row["move_id"][0])],
        ["state", "amount_total", "amount_tax", "invoice_date_due"],
    )
    assert move["state"] == "posted" and not move["amount_tax"]
    assert exact(move["amount_total"]) == interest + INDEMNITY
    desk.press("action_view_invoice")
    desk.wait_view("form")
    expect(desk.field("penalty_statement_id")).to_be_visible()

    wizard = claim(desk, admin, customer)
    assert not desk.field("preview", wizard).locator("tbody tr").count()
    desk.press("action_confirm", wizard)
    assert desk.refused()
    assert desk.rpc.count(STATEMENT, [("debtor_id", "=", customer.debtor)]) == 1


def claim(desk, admin, customer):
    """The wizard that claims the late interest of a customer."""
    desk.open(f"debtors/{customer.debtor}")
    desk.choose_action(label(admin, CLAIM))
    return desk.wizard()


def test_a_month_end_is_checked_and_signed_off(desk_of, admin, owe, vat):
    customer = owe("Menuiserie Haas", 450)
    invoice(admin, customer.partner, 75, vat, MONTH_END, MONTH_END)
    desk = desk_of("accountant")
    desk.enter_app()
    desk.choose_menu("menu_recouvrement_ledger", "menu_recouvrement_closing")
    desk.page.locator(".o_list_button_add").click()
    desk.wait_view("form")
    desk.save()
    closing = desk.record_id()
    [row] = desk.rpc.search_read(
        "recouvrement.closing", [("id", "=", closing)], ["date"]
    )
    assert row["date"] == f"{MONTH_END}"
    checks = checks_of(desk, closing)
    assert checks["drafts"]["count"] > 0
    to_look_at = [code for code, row in checks.items() if row["count"]]
    assert int(desk.read("to_look_at")) == len(to_look_at)
    for code in to_look_at:
        desk.press("action_open", check_row(desk, checks, code))
        desk.wait_view()
        assert desk.total() == checks[code]["count"], code
        desk.page.go_back()
        desk.wait_view("form")

    desk.press("action_sign", check_row(desk, checks, "drafts"))
    assert desk.refused()
    comment = desk.cell(check_row(desk, checks, "drafts"), "comment")
    comment.click()
    comment.locator("input").fill("Facturée le mois prochain, accord du client")
    desk.save()
    desk.press("action_sign", check_row(desk, checks, "drafts"))
    assert checks_of(desk, closing)["drafts"]["state"] == "signed"
    assert int(desk.read("to_look_at")) == len(to_look_at) - 1
    with desk.download() as report:
        desk.button("action_print").click()
    assert "accord du client" in pdf_text(report)


def checks_of(desk, closing):
    """Checks of a list by their codes, in order."""
    rows = desk.rpc.search_read(
        "recouvrement.closing.line",
        [("closing_id", "=", closing)],
        ["code", "count", "state"],
        order="sequence",
    )
    return {row["code"]: row for row in rows}


def check_row(desk, checks, code):
    return desk.rows(desk.field("line_ids")).nth(list(checks).index(code))


# The credit manager


def test_a_waiver_above_the_limit_waits_for_the_manager(desk_of, admin, owe):
    customer = owe("Transports Ostermann", 6000)
    total = interest_of(admin, customer) + INDEMNITY
    collector = desk_of("collector")
    waive(collector, admin, customer)
    assert collector.status() == "to_approve"
    statement = collector.record_id()
    expect(collector.button("action_confirm")).to_have_count(0)
    with pytest.raises(RpcError):
        collector.rpc.call(STATEMENT, "action_confirm", [statement])
    assert days_taken(admin, statement) == 0

    manager = desk_of("manager")
    manager.enter_app()
    manager.choose_menu("menu_recouvrement_ledger", "menu_recouvrement_waivers")
    manager.open_row(manager.row(customer.name))
    assert amount(manager.read("total")) == total
    manager.press("action_confirm")
    manager.wait_status("done")
    expect(manager.field("approver_id")).to_be_visible()
    assert days_taken(admin, statement) == 1
    manager.open(f"debtors/{customer.debtor}")
    assert not amount(manager.read("late_interest"))
    manager.tab("history")
    expect(manager.field("event_ids")).to_contain_text(money(total))


def test_a_manager_waives_with_a_reason(desk_of, admin, owe):
    customer = owe("Hôtel des Vosges", 9000)
    desk = desk_of("manager")
    waive(desk, admin, customer)
    assert desk.status() == "done"
    assert days_taken(admin, desk.record_id()) == 1


def waive(desk, admin, customer):
    """Waive all late interest of a customer; both reasons are asked for."""
    wizard = claim(desk, admin, customer)
    desk.field("outcome", wizard).locator('input[data-value="waived"]').check()
    desk.wait_idle()
    desk.press("action_confirm", wizard)
    expect(desk.field("reason", wizard)).to_have_class(INVALID)
    expect(desk.field("reason_id", wizard)).to_have_class(INVALID)
    reason = label(admin, "recouvrement.waiver_reason_goodwill")
    desk.pick("reason_id", reason, wizard)
    desk.type_in("reason", "Accord du 3 avec leur directrice", wizard)
    desk.confirm()
    desk.wait_view("form")


def days_taken(admin, statement):
    """Lines of a statement whose days nobody may claim again."""
    return admin.count(
        "recouvrement.interest.statement.line",
        [("statement_id", "=", statement), ("claimed", "=", True)],
    )


# The accountant and the credit manager


def test_a_doubtful_claim_is_provided_for_then_lost(desk_of, admin, owe):
    customer = owe("Confiserie Lambrecht", 2500)
    net = customer.total - customer.tax
    accountant, manager = desk_of("accountant"), desk_of("manager")
    mark_doubtful(manager, admin, customer)
    provide(accountant, customer, net)
    lose(accountant, manager, admin, customer, net)


def mark_doubtful(desk, admin, customer):
    button = admin.ref("recouvrement.recouvrement_doubtful_wizard_action")
    tick_item(desk, customer)
    desk.press(str(button))
    wizard = desk.wizard()
    reason = label(admin, "recouvrement.doubtful_reason_insolvency")
    desk.pick("reason_id", reason, wizard)
    desk.pick_day("date", MONTH_END, wizard)
    desk.type_in("rate", "60", wizard)
    desk.type_in("note", "Redressement judiciaire publié", wizard)
    desk.confirm()


def tick_item(desk, customer):
    """Select the customer's invoice in the open items."""
    desk.open("open-items")
    desk.clear_search()
    desk.search(customer.name)
    row = desk.row(customer.document)
    desk.tick(row)


def provide(desk, customer, net):
    """A provision run of the last month-end, computed and booked."""
    desk.enter_app()
    desk.choose_menu("menu_recouvrement_ledger", "menu_recouvrement_provisions")
    desk.page.locator(".o_list_button_add").click()
    desk.wait_view("form")
    desk.press("action_compute")
    run = desk.record_id()
    desk.press("action_view_lines")
    desk.wait_view("list")
    line = desk.row(customer.document)
    expected = net * 60 / 100
    assert amount(desk.cell(line, "net_base").inner_text()) == net
    assert amount(desk.cell(line, "provision").inner_text()) == expected
    desk.page.go_back()
    desk.wait_view("form")
    desk.press("action_post")
    desk.wait_status("posted")
    [row] = desk.rpc.search_read(
        PROVISION,
        [("id", "=", run)],
        ["date", "amount_provision", "ledger_balance", "ledger_difference", "move_id"],
    )
    assert row["date"] == f"{MONTH_END}"
    assert row["ledger_balance"] == row["amount_provision"] >= expected
    assert not row["ledger_difference"]
    [entry] = desk.rpc.search_read(
        "account.move", [("id", "=", row["move_id"][0])], ["date", "state"]
    )
    assert entry == {"id": entry["id"], "date": f"{MONTH_END}", "state": "posted"}


def lose(accountant, manager, admin, customer, net):
    """Written off above the accountant's limit, its duplicate printed, then undone."""
    tick_item(accountant, customer)
    button = admin.ref("recouvrement.recouvrement_write_off_wizard_action")
    accountant.press(str(button))
    fill_write_off(accountant, admin)
    accountant.confirm("action_propose")
    accountant.wait_view("form")
    write_off = accountant.record_id()
    accountant.press("action_post")
    assert accountant.refused(), "above the limit of the accountant"

    manager.open(f"write-offs/{write_off}")
    manager.press("action_approve")
    accountant.reload()
    accountant.press("action_post")
    accountant.wait_status("posted")
    figures = {
        name: amount(accountant.read(name))
        for name in ("amount", "amount_vat", "amount_loss", "amount_released")
    }
    assert figures == {
        "amount": customer.total,
        "amount_vat": customer.tax,
        "amount_loss": net,
        "amount_released": net * 60 / 100,
    }
    assert residual(admin, customer) == 0
    with accountant.download() as duplicate:
        accountant.button("action_print_duplicate").click()
    text = pdf_text(duplicate)
    assert "Facture demeurée impayée pour la somme de" in text
    for value in (net, customer.tax):
        assert money(value) in text

    accountant.press("action_cancel")
    accountant.wait_status("cancelled")
    assert residual(admin, customer) == customer.total


def fill_write_off(desk, admin):
    wizard = desk.wizard()
    ground = label(admin, "recouvrement.write_off_ground_liquidation")
    desk.pick("ground_id", ground, wizard)
    desk.wait_idle()
    expect(desk.field("recover_vat", wizard).locator("input")).to_be_checked()
    desk.type_in("note", "Liquidation du 12, certificat d'irrécouvrabilité", wizard)
    desk.field("attachment_ids", wizard).locator("input[type=file]").set_input_files(
        {"name": "jugement.txt", "mimeType": "text/plain", "buffer": b"Jugement"}
    )
    expect(desk.field("attachment_ids", wizard)).to_contain_text("jugement")


def residual(admin, customer):
    [row] = admin.search_read(
        "account.move", [("id", "=", customer.move)], ["amount_residual"]
    )
    return exact(row["amount_residual"])


# The auditor


def test_an_auditor_reads_all_of_it(desk_of, admin, connect, owe):
    customer = owe("Verrerie du Nord", 1500)
    records = make_records(admin, connect("accountant"), customer)
    desk = desk_of("auditor")
    desk.enter_app()
    for menu in (
        "menu_recouvrement_interest_statements",
        "menu_recouvrement_limit_dates",
        "menu_recouvrement_prescription_events",
        "menu_recouvrement_provisions",
        "menu_recouvrement_matrix",
        "menu_recouvrement_write_offs",
        "menu_recouvrement_closing",
    ):
        desk.choose_menu("menu_recouvrement_ledger", menu)
        nothing_to_press(desk)
        if desk.total():
            desk.tick(desk.rows().first)
            nothing_to_press(desk)
    for model, record in records.items():
        action = {
            STATEMENT: f"penalty-statements/{record}",
            PROVISION: f"provisions/{record}",
            WRITE_OFF: f"write-offs/{record}",
        }.get(model, f"m-{model}/{record}")
        desk.open(action)
        nothing_to_press(desk)
        text = "reason" if model == STATEMENT else "note"
        with pytest.raises(RpcError) as refusal:
            desk.rpc.call(model, "write", [record], {text: "x"})
        assert refusal.value.name == "odoo.exceptions.AccessError"

    desk.open(f"debtors/{customer.debtor}")
    desk.press("action_late_interest")
    expect(desk.field("breakdown")).to_contain_text(customer.document)
    with desk.download() as statement:
        desk.button("action_print").click()
    assert customer.document in pdf_text(statement)


def nothing_to_press(desk):
    for name in WRITING:
        expect(desk.button(name)).to_have_count(0)
    adding = ".o_list_button_add:visible, .o_form_button_create:visible"
    expect(desk.page.locator(adding)).to_have_count(0)


def make_records(admin, accountant, customer):
    """One record of each screen, by its model."""
    [item] = admin.search_read(
        "recouvrement.open.item", [("debtor_id", "=", customer.debtor)], ["id"]
    )
    selected = {"active_model": "recouvrement.open.item", "active_ids": [item["id"]]}
    claimed = accountant.call(
        "recouvrement.claim.wizard",
        "create",
        {"outcome": "mentioned"},
        context=selected,
    )
    claimed = accountant.call("recouvrement.claim.wizard", "action_confirm", [claimed])
    ground = admin.ref("recouvrement.write_off_ground_liquidation")
    lost = accountant.call(
        "recouvrement.write.off.wizard",
        "create",
        {"ground_id": ground, "note": "Liquidation"},
        context=selected,
    )
    lost = accountant.call("recouvrement.write.off.wizard", "action_propose", [lost])
    day = MONTH_END.replace(day=1) - timedelta(days=1)
    run = accountant.call(PROVISION, "create", {"date": f"{day}"})
    accountant.call(PROVISION, "action_compute", [run])
    return {
        STATEMENT: claimed["res_id"],
        WRITE_OFF: lost["res_id"],
        PROVISION: run,
        "recouvrement.closing": accountant.call(
            "recouvrement.closing", "create", {"date": f"{day}"}
        ),
        "recouvrement.prescription.event": accountant.call(
            "recouvrement.prescription.event",
            "create",
            {
                "debtor_id": customer.debtor,
                "kind_id": admin.ref("recouvrement.prescription_kind_court_claim"),
            },
        ),
    }
