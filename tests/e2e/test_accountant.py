"""The accountant's story: the books of another software, taken over and taken back."""

import io
import re
import zipfile
from decimal import Decimal

import pytest
from books import DIALECTS, a_year
from days import today
from playwright.sync_api import expect

IMPORT = "recouvrement.fec.import"
ITEM = "recouvrement.open.item"
CLOSED_YEAR = today().year - 1


@pytest.fixture
def desk(desk_of):
    return desk_of("accountant")


@pytest.fixture(scope="module")
def siren(admin, company):
    """First nine digits of the company's number, which open the name of its FEC."""
    [row] = admin.search_read(
        "res.company", [("id", "=", company)], ["company_registry"]
    )
    return re.sub(r"\D", "", row["company_registry"])[:9]


def test_a_takeover_proven_to_the_cent_then_undone(desk, admin, siren):
    books = a_year("Reprise", CLOSED_YEAR)
    file = fec(siren, books.write(DIALECTS[0]))
    before = ledger(admin)

    desk.enter_app()
    desk.choose_menu("menu_recouvrement_items", "menu_recouvrement_fec_import")
    takeover = read_file(desk, file)
    assert desk.status() == "analysed"
    shown = [figure(desk, "balance"), figure(desk, "proof")]
    assert shown == [books.balance, books.balance]
    assert int(desk.read("customer_count").split()[0]) == len(books.balances)
    report = desk.field("control_report")
    for text in (file["name"], "VE", "BQ", "AN"):
        expect(report).to_contain_text(text)
    assert ledger(admin) == before, "the preview posts nothing"

    desk.press("action_load")
    desk.wait_status("loaded")
    expect(desk.page.locator(".alert-success")).to_be_visible()
    assert posted(admin, takeover) == {
        name: amount for name, amount in books.balances.items() if amount
    }
    the_items_are_listed(desk, books)
    loading_again_changes_nothing(desk, admin, file, takeover)

    desk.open(f"fec-takeovers/{takeover}")
    desk.press("action_undo")
    desk.wait_status("undone")
    assert ledger(admin) == before
    assert posted(admin, takeover) == {}


@pytest.mark.parametrize("dialect", DIALECTS[1:], ids=lambda dialect: dialect.name)
def test_each_dialect_gives_the_same_balance(desk, siren, dialect):
    books = a_year(f"Essai {dialect.name}", CLOSED_YEAR)
    desk.open("fec-takeovers")
    read_file(desk, fec(siren, books.write(dialect)))
    assert desk.status() == "analysed"
    assert figure(desk, "balance") == books.balance
    assert figure(desk, "proof") == books.balance
    desk.press("action_view_customers")
    desk.wait_view("list")
    assert set(desk.column("name")) == set(books.balances)


def test_a_file_that_is_no_fec_is_named_and_changes_nothing(desk, admin, siren):
    before = ledger(admin)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("fec.txt", a_year("Zip", CLOSED_YEAR).write(DIALECTS[0]))
    desk.open("fec-takeovers")
    read_file(desk, {"name": "livres.zip", "buffer": packed.getvalue()})
    message = desk.page.locator(".alert-danger")
    expect(message).to_be_visible()
    expect(message).to_contain_text("livres.zip")
    assert desk.rpc.search_read(IMPORT, [], ["state"], order="id desc", limit=1)[0][
        "state"
    ] in ("failed", "draft")
    assert ledger(admin) == before


def fec(siren, content):
    """A file to upload, named as the law says (LPF art. A47 A-1, XIII)."""
    return {"name": f"{siren}FEC{CLOSED_YEAR}1231.txt", "buffer": content}


def read_file(desk, file):
    """Give the file to a new takeover and have it read; returns its id."""
    desk.page.locator(".o_list_button_add").click()
    desk.wait_view("form")
    upload = desk.field("attachment_ids").locator("input[type=file]")
    upload.set_input_files({"mimeType": "text/plain", **file})
    expect(desk.field("attachment_ids")).to_contain_text(file["name"])
    desk.press("action_analyse")
    return desk.record_id()


def figure(desk, name):
    """An amount of the control report."""
    text = desk.field("control_report").locator(f'[name="{name}"]').inner_text()
    return Decimal(re.sub(r"[^\d,-]", "", text).replace(",", "."))


def ledger(admin):
    """What a load adds to: entries, customers, debtor accounts, open amount."""
    [totals] = admin.call(
        ITEM, "formatted_read_group", [], [], ["amount_residual:sum", "__count"]
    )
    return (
        admin.count("account.move", [("state", "=", "posted")]),
        admin.count("res.partner"),
        round(totals["amount_residual:sum"], 2),
        totals["__count"],
    )


def posted(admin, takeover):
    """Open amount by customer of what a takeover posted."""
    rows = admin.search_read(
        "account.move.line",
        [
            ("move_id.takeover_import_id", "=", takeover),
            ("account_id.account_type", "=", "asset_receivable"),
        ],
        ["partner_id", "amount_residual"],
    )
    sums = {}
    for row in rows:
        name = row["partner_id"][1]
        sums[name] = sums.get(name, Decimal(0)) + Decimal(
            f"{row['amount_residual']:.2f}"
        )
    return {name: amount for name, amount in sums.items() if amount}


def the_items_are_listed(desk, books):
    """The accountant finds them in the open items, with the right total."""
    desk.open("open-items")
    desk.search("Reprise")
    expect(desk.rows().first).to_be_visible()
    footer = desk.page.locator("tfoot td", has_text=re.compile(r"\d")).last.inner_text()
    assert Decimal(re.sub(r"[^\d,-]", "", footer).replace(",", ".")) == books.balance
    assert set(desk.column("commercial_partner_id")) == set(books.balances)


def loading_again_changes_nothing(desk, admin, file, takeover):
    before = ledger(admin)
    desk.open("fec-takeovers")
    again = read_file(desk, file)
    if desk.button("action_load").count():
        desk.press("action_load")
    assert ledger(admin) == before
    assert posted(admin, again) == {}
    assert posted(admin, takeover)
