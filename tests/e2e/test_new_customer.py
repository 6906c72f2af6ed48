"""A new customer, from the opening form of its file to its first invoice, which is
above its limit: blocked, asked for, released; answers of insurers; wrong numbers."""

from datetime import timedelta

import pytest
from days import today
from documents import pdf_pages
from playwright.sync_api import expect

FILE = "recouvrement.credit.file"
PIECE = "recouvrement.credit.piece"
DEBTOR = "recouvrement.debtor"
NAME = "Menuiserie de la Vallée SARL"
SIREN = "732829320"
REASON = "Acompte annoncé pour vendredi, copie du virement reçue."


def action(admin, xmlid):
    """Address of a window action."""
    return f"action-{admin.ref(xmlid)}"


def test_a_new_customer_from_the_form_to_a_released_invoice(desk_of, admin):
    desk = desk_of("manager")
    number = open_the_file(desk, admin)
    [file] = admin.search_read(FILE, [("id", "=", number)], ["debtor_id"])
    receive_pieces(admin, number)
    grant(desk, number, admin)
    the_file_is_printed(desk)
    move = invoice(admin, file["debtor_id"][0])
    blocked_then_released(desk_of, desk, admin, move, file["debtor_id"][0])


def open_the_file(desk, admin):
    """By the form, from the list of files."""
    desk.open(action(admin, "recouvrement.recouvrement_credit_file_action"))
    label = "Ouvrir un dossier"
    desk.page.locator(".o_control_panel button", has_text=label).first.click()
    wizard = desk.wizard()
    desk.type_in("name", NAME, wizard)
    desk.type_in("company_registry", SIREN, wizard)
    desk.type_in("email", "compta@vallee.example.com", wizard)
    desk.type_in("street", "8 chemin du Moulin", wizard)
    desk.type_in("zip", "26100", wizard)
    desk.type_in("city", "Romans-sur-Isère", wizard)
    desk.press("action_open", wizard)
    desk.wait_view("form")
    assert NAME in desk.read("debtor_id")

    return desk.record_id()


def receive_pieces(admin, number):
    """All that is required came in and was looked at."""
    pieces = admin.search_read(
        PIECE, [("file_id", "=", number), ("is_required", "=", True)], ["id"]
    )
    assert pieces
    ids = [piece["id"] for piece in pieces]
    admin.call(
        PIECE,
        "write",
        ids,
        {
            "document": "UGnDqGNl",
            "document_name": "piece.pdf",
            "date_expiry": f"{today() + timedelta(days=300)}",
        },
    )
    admin.call(PIECE, "action_receive", ids)
    admin.call(PIECE, "action_check", ids)


def grant(desk, number, admin):
    """The proposal, then the decision of who has the authority."""
    admin.call(FILE, "write", [number], {"requested_amount": 1500})
    desk.reload()
    desk.press("action_propose")
    desk.press("action_decide")
    wizard = desk.wizard()
    entry = desk.field("amount", wizard).locator("input")
    entry.fill("1000")
    desk.type_in("reason", "Première affaire, limite prudente.", wizard)
    desk.press("action_grant", wizard)
    desk.wait_idle()
    [file] = admin.search_read(FILE, [("id", "=", number)], ["debtor_id"])
    [debtor] = admin.search_read(
        DEBTOR, [("id", "=", file["debtor_id"][0])], ["credit_limit"]
    )
    assert debtor["credit_limit"] == 1000


def the_file_is_printed(desk):
    with desk.download() as file:
        desk.press("action_print")
    text = " ".join(pdf_pages(file))
    assert NAME in text
    assert SIREN in text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")


def invoice(admin, debtor):
    """A draft above the limit, as billing enters it."""
    [row] = admin.search_read(DEBTOR, [("id", "=", debtor)], ["partner_id"])
    admin.call(DEBTOR, "write", [debtor], {"credit_control": "block"})
    return admin.call(
        "account.move",
        "create",
        {
            "move_type": "out_invoice",
            "partner_id": row["partner_id"][0],
            "invoice_date": f"{today()}",
            "invoice_line_ids": [
                (0, 0, {"name": "Escalier en chêne", "price_unit": 2500})
            ],
        },
    )


def blocked_then_released(desk_of, desk, admin, move, debtor):
    sales = desk_of("accountant")
    sales.open(f"{action(admin, 'account.action_move_out_invoice_type')}/{move}")
    expect(sales.page.locator(".alert", has_text=NAME).first).to_be_visible()
    sales.page.locator('button[name="action_post"]:visible').first.click()
    message = sales.page.locator(".modal .modal-content").last
    expect(message).to_contain_text(NAME)
    assert "1000,00" in "".join(message.inner_text().split())
    [row] = admin.search_read("account.move", [("id", "=", move)], ["state"])
    assert row["state"] == "draft"
    message.locator("footer button").last.click()
    sales.press("action_ask_release")
    wizard = sales.wizard()
    sales.type_in("reason", REASON, wizard)
    sales.confirm()
    desk.open(action(admin, "recouvrement.recouvrement_credit_release_action"))
    row = desk.row(NAME)
    desk.press("action_release", row)
    desk.wait_idle()
    [release] = admin.search_read(
        "recouvrement.credit.release", [("move_id", "=", move)], ["state"]
    )
    assert release["state"] == "released"
    sales.reload()
    sales.page.locator('button[name="action_post"]:visible').first.click()
    sales.wait_idle()
    [row] = admin.search_read("account.move", [("id", "=", move)], ["state"])
    assert row["state"] == "posted"
    events = admin.search_read(
        "recouvrement.event",
        [("debtor_id", "=", debtor), ("kind", "=", "limit")],
        ["detail", "summary", "user_id"],
    )
    [asked] = [event for event in events if REASON in (event["detail"] or "")]
    [released] = [event for event in events if "bloqué" in event["summary"].lower()]
    people = {
        login: admin.search_read("res.users", [("login", "=", login)], ["id"])[0]["id"]
        for login in ("accountant", "manager")
    }
    assert asked["user_id"][0] == people["accountant"]
    assert released["user_id"][0] == people["manager"]


def test_answers_of_insurers_are_loaded_once(desk_of, admin, company):
    desk = desk_of("accountant")
    [debtor] = admin.search_read(
        DEBTOR,
        [("partner_id.ref", "!=", False), ("company_id", "=", company)],
        ["partner_id"],
        limit=1,
    )
    [partner] = admin.search_read(
        "res.partner", [("id", "=", debtor["partner_id"][0])], ["ref", "name"]
    )
    admin.call("res.partner", "create", {"name": "Assur Essai", "is_company": True})
    day = today().strftime("%d/%m/%Y")
    text = (
        "Client;Assureur;Réponse;Date;Montant\n"
        f"{partner['ref']};Assur Essai;accordée;{day};12 345,60\n"
        f"INCONNU-1;Assur Essai;accordée;{day};500\n"
    )
    for ready in ("1", "0"):
        desk.open(action(admin, "recouvrement.recouvrement_cover_action"))
        label = "Charger les réponses"
        desk.page.locator(".o_control_panel button", has_text=label).first.click()
        wizard = desk.wizard()
        wizard.locator("input[type=file]").set_input_files(
            {
                "name": "reponses.csv",
                "mimeType": "text/csv",
                "buffer": text.encode(),
            }
        )
        desk.press("action_preview", wizard)
        wizard = desk.wizard()
        expect(desk.field("ready_count", wizard)).to_have_text(ready)
        refused = "1" if ready == "1" else "2"
        expect(desk.field("refused_count", wizard)).to_have_text(refused)
        expect(wizard).to_contain_text("Aucun compte débiteur")
        if ready == "1":
            desk.press("action_load", wizard)
            expect(desk.wizard()).to_contain_text("Chargé")
    covers = admin.search_read(
        "recouvrement.cover", [("provider_id.name", "=", "Assur Essai")], ["amount"]
    )
    assert [cover["amount"] for cover in covers] == [12345.6]


def test_an_anomaly_is_put_right_by_one_click_another_accepted(desk_of, admin):
    desk = desk_of("manager")
    desk.open(action(admin, "recouvrement.recouvrement_identity_finding_action"))
    before = desk.total()
    row = desk.rows().filter(has=desk.page.locator("button[name=action_apply]")).first
    wrong, right = (
        desk.cell(row, name).inner_text().strip() for name in ("value", "proposal")
    )
    assert wrong != right
    desk.press("action_apply", row)
    desk.wait_idle()
    desk.reload()
    assert desk.total() == before - 1
    assert right not in desk.column("proposal")
    row = desk.rows().filter(has=desk.page.locator("button[name=action_accept]")).first
    desk.press("action_accept", row)
    desk.type_in("reason", "Fermé, repris par le siège.", desk.wizard())
    desk.confirm()
    desk.reload()
    assert desk.total() == before - 2


@pytest.mark.parametrize(
    "xmlid",
    [
        "recouvrement_netting_action",
        "recouvrement_cover_action_documentary",
        "recouvrement_alert_action",
        "recouvrement_cover_action",
    ],
)
def test_the_new_lists_fit_a_phone(desk_of, admin, xmlid):
    desk = desk_of("manager", 390, 844)
    desk.open(action(admin, f"recouvrement.{xmlid}"))
    assert desk.overflow() <= 0
