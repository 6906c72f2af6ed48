"""Litigation files for tests."""

import base64
import io

from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen import canvas

from odoo.addons.recouvrement.tests.common import RecouvrementCommon

PNG = "PNG"


def make_pdf(*texts):
    """A PDF with a page for each text."""
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream)
    for text in texts or ("page",):
        sheet.drawString(72, 400, text)
        sheet.showPage()
    sheet.save()
    return stream.getvalue()


def make_locked_pdf():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(make_pdf("secret"))))
    writer.encrypt("password", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def make_picture():
    stream = io.BytesIO()
    Image.new("RGB", (40, 60), "blue").save(stream, PNG)
    return stream.getvalue()


class CourtFileCommon(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.regime = cls.env.ref("recouvrement.legal_regime_fr_b2b", False)

    @classmethod
    def _make_file(cls, debtor=None, moves=None, **vals):
        """An open litigation file on invoices; default: all those of the debtor."""
        debtor = debtor or cls._make_debtor()
        items = cls._items(moves) if moves else cls._open_items(debtor)
        litigation = (
            cls.env["recouvrement.litigation"]
            .sudo()
            .create({"debtor_id": debtor.id, "date_open": cls.today, **vals})
        )
        cls.env["recouvrement.litigation.line"].sudo().create(
            [
                {
                    "litigation_id": litigation.id,
                    "move_line_id": item.id,
                    "name": item.move_id.name,
                    "document_date": item.move_id.invoice_date or item.date,
                    "date_due": item.date_maturity,
                    "currency_id": item.currency_id.id,
                    "amount_transferred": item.amount_residual_currency,
                    "amount_company": item.amount_residual,
                }
                for item in items
            ]
        )
        litigation.invalidate_recordset()
        return litigation.sudo(False)

    @classmethod
    def _open_items(cls, debtor):
        return cls.env["account.move.line"].search(
            [
                ("partner_id", "=", debtor.partner_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("balance", ">", 0),
                ("reconciled", "=", False),
            ]
        )

    @classmethod
    def _attach_to(cls, record, name, content=None):
        return cls.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content if content is not None else make_pdf(name),
                "res_model": record._name,
                "res_id": record.id,
            }
        )

    @classmethod
    def _make_counsel(cls, kind="agency", **vals):
        partner = cls.env["res.partner"].create(
            {"name": f"Cabinet {kind}", "email": f"{kind}@example.com"}
        )
        return cls.env["recouvrement.counsel"].create(
            {"partner_id": partner.id, "kind": kind, **vals}
        )

    @classmethod
    def _entrust(cls, litigation, counsel, **vals):
        assignment = cls.env["recouvrement.counsel.assignment"].create(
            {"litigation_id": litigation.id, "counsel_id": counsel.id, **vals}
        )
        assignment.action_mark_sent()
        return assignment

    @staticmethod
    def _encode(content):
        return base64.b64encode(content)
