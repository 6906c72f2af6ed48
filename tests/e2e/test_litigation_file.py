"""The credit manager completes a litigation file: the claim is computed, the pieces
are collected, a missing one is added, the court file is downloaded as PDF and ZIP."""

import io
import zipfile

from desk import amount
from playwright.sync_api import expect
from pypdf import PdfReader
from reportlab.pdfgen import canvas

FILE = "recouvrement.litigation"
PIECE = "recouvrement.litigation.piece"


def scan():
    """A scanned power of attorney."""
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream)
    sheet.drawString(72, 700, "Pouvoir du signataire")
    sheet.save()
    return stream.getvalue()


def test_the_claim_and_the_court_file_of_a_lawsuit(desk_of, admin, company):
    found = admin.search_read(
        FILE, [("company_id", "=", company), ("state", "=", "open")], ["name"]
    )
    file = found[0]
    desk = desk_of("manager")
    desk.open(f"litigation/{file['id']}")
    desk.tab("claim")
    desk.press("action_compute_claim")
    assert amount(desk.read("amount_total")) > 0
    desk.open(f"litigation/{file['id']}")
    desk.tab("pieces")
    desk.press("action_collect_pieces")
    desk.tab("pieces")
    [power] = admin.search_read(
        PIECE,
        [("litigation_id", "=", file["id"]), ("kind_id.code", "=", "power")],
        ["name", "state"],
    )
    rows = desk.field("piece_ids")
    if power["state"] == "missing":
        rows.locator("td[name=name]", has_text=power["name"]).click()
        desk.wait_idle()
        dialog = desk.page.locator(".modal")
        dialog.locator("[name=file] input[type=file]").set_input_files(
            {
                "name": "pouvoir.pdf",
                "mimeType": "application/pdf",
                "buffer": scan(),
            }
        )
        dialog.locator(".o_form_button_save").click()
        desk.wait_idle()
        desk.save()
        desk.tab("pieces")
    desk.press("action_make_court_file")
    desk.wait_idle()
    download = desk.page.locator("button[name=action_download_court_file]")
    for _attempt in range(60):
        if download.count() and download.is_visible():
            break
        desk.page.wait_for_timeout(2_000)
        desk.open(f"litigation/{file['id']}")
        desk.tab("pieces")
    expect(download).to_be_visible()
    with desk.download() as pdf:
        download.click()
    reader = PdfReader(io.BytesIO(pdf["content"]))
    texts = [page.extract_text() for page in reader.pages]
    assert f"1 / {len(texts)}" in texts[0]
    assert any("Pouvoir du signataire" in text for text in texts[2:])
    with desk.download() as archive:
        desk.page.locator("button[name=action_download_archive]").click()
    with zipfile.ZipFile(io.BytesIO(archive["content"])) as opened:
        assert "SHA256.txt" in opened.namelist()
        assert len(opened.namelist()) > 3
