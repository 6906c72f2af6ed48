"""Hand-over of files to an agency or a lawyer: what they hold is listed in a workbook
or in CSV, with the court files that are ready."""

import csv
import io
import tempfile

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.recouvrement.tools.workbook import Workbook

from ..tools.bundle import piece_name, write_zip
from ..tools.handover import CONTACTS, FILES, ITEMS, plain

SPOOLED = 8 * 1024 * 1024


class RecouvrementCounselHandover(models.TransientModel):
    _name = "recouvrement.counsel.handover"
    _description = "Hand Files Over"

    counsel_id = fields.Many2one("recouvrement.counsel", required=True)
    litigation_ids = fields.Many2many(
        "recouvrement.litigation",
        "recouvrement_counsel_handover_rel",
        string="Litigation Files",
        required=True,
        default=lambda self: self._default_litigation_ids(),
    )
    count = fields.Integer(compute="_compute_summary", string="Files")
    currency_id = fields.Many2one(related="counsel_id.currency_id")
    format = fields.Selection(
        [("xlsx", "Workbook (.xlsx)"), ("csv", "CSV")], required=True, default="xlsx"
    )
    with_files = fields.Boolean(string="With the Court Files", default=True)
    with_contacts = fields.Boolean(
        string="With the Contacts", default=True, help="Persons of the customers."
    )
    remarks = fields.Text(compute="_compute_summary", string="To Check")

    @api.model
    def _default_litigation_ids(self):
        if self.env.context.get("active_model") != "recouvrement.litigation":
            return []
        return [Command.set(self.env.context.get("active_ids", []))]

    @api.depends("counsel_id", "litigation_ids", "with_files")
    def _compute_summary(self):
        for wizard in self:
            wizard.count = len(wizard.litigation_ids)
            found = (wizard.counsel_id.obstacles or "").splitlines()
            unclaimed = wizard.litigation_ids.filtered(lambda one: not one.claim_id)
            if unclaimed:
                found.append(
                    self.env._("Without a claim: %s", wizard._join_names(unclaimed))
                )
            unmade = wizard.litigation_ids.filtered(
                lambda one: one.bundle_id.state != "ready"
            )
            if wizard.with_files and unmade:
                found.append(
                    self.env._("Without a court file: %s", wizard._join_names(unmade))
                )
            wizard.remarks = "\n".join(found) or False

    @api.model
    def _join_names(self, litigations, most=10):
        names = ", ".join(litigations[:most].mapped("name"))
        return f"{names}…" if len(litigations) > most else names

    # ------------------------------------------------------------------
    # EXPORT
    # ------------------------------------------------------------------

    def action_export(self):
        """The files are entrusted, and what was handed over is kept.

        :return: action that downloads the archive.
        """
        self.ensure_one()
        litigations = self.litigation_ids
        litigations.check_access("write")
        closed = litigations.filtered(lambda one: one.state == "closed")
        if closed:
            raise UserError(self.env._("Closed already: %s", self._join_names(closed)))
        self._entrust()
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": self._get_file_name(),
                    "raw": self._make_archive(),
                    "mimetype": "application/zip",
                    "res_model": self.counsel_id._name,
                    "res_id": self.counsel_id.id,
                }
            )
        )
        self.counsel_id.sudo()._message_log(
            body=self.env._(
                "%(count)s file(s) handed over: %(files)s",
                count=len(litigations),
                files=self._join_names(litigations),
            ),
            attachment_ids=attachment.ids,
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "download",
        }

    def _entrust(self):
        """An assignment for each file that has none with them yet."""
        assignments = self.env["recouvrement.counsel.assignment"]
        held = assignments.search(
            [
                ("litigation_id", "in", self.litigation_ids.ids),
                ("counsel_id", "=", self.counsel_id.id),
                ("state", "in", ("draft", "sent", "accepted")),
            ]
        )
        made = assignments.create(
            [
                {"litigation_id": litigation.id, "counsel_id": self.counsel_id.id}
                for litigation in self.litigation_ids - held.litigation_id
            ]
        )
        waiting = held.filtered(lambda one: one.state == "draft") | made
        waiting._mark_sent()

    def _get_file_name(self):
        day = fields.Date.context_today(self)
        return f"{self.counsel_id.name} {day}.zip".replace("/", "-")

    def _make_archive(self):
        with tempfile.SpooledTemporaryFile(max_size=SPOOLED) as stream:
            write_zip(stream, self._list_files(), "SHA256.txt")
            stream.seek(0)
            return stream.read()

    def _list_files(self):
        """Names and contents of the archive, one after another."""
        if self.format == "csv":
            for title, columns, rows in self._list_sheets():
                yield f"{title}.csv", self._write_csv(columns, rows)
        else:
            yield f"{self.env._('Litigation Files')}.xlsx", self._write_workbook()
        for number, litigation in enumerate(self.litigation_ids, 1):
            bundle = litigation.bundle_id
            if self.with_files and bundle.state == "ready":
                name = f"{litigation.name} {litigation.customer_id.name}"
                pdf = bundle.sudo().pdf_id
                yield piece_name(number, name, "pdf", 3), bundle._get_kept("pdf")
                pdf.invalidate_recordset(["raw", "datas"])

    def _list_sheets(self):
        """``(title, columns, rows)`` of each list."""
        sheets = [
            (
                self.env._("Litigation Files"),
                self._label(FILES),
                self._list_file_rows(),
            ),
            (self.env._("Items"), self._label(ITEMS), self._list_item_rows()),
        ]
        if self.with_contacts:
            sheets.append(
                (
                    self.env._("Contacts"),
                    self._label(CONTACTS),
                    self._list_contact_rows(),
                )
            )
        return sheets

    def _write_workbook(self):
        stream = io.BytesIO()
        book = Workbook(stream, self._get_file_name())
        for title, columns, rows in self._list_sheets():
            sheet = book.sheet(title, columns)
            for row in rows:
                sheet.row(row)
        book.close()
        return stream.getvalue()

    @api.model
    def _write_csv(self, columns, rows):
        """CSV that spreadsheets open, where no text becomes a formula."""
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, delimiter=";", lineterminator="\r\n")
        writer.writerow([label for label, _kind in columns])
        for row in rows:
            writer.writerow([plain(value) for value in row])
        return stream.getvalue().encode("utf-8-sig")

    def _label(self, columns):
        """Headings in the user's language, with the kinds of their cells."""
        texts = self._get_headings()
        return [(texts[name], kind) for name, kind in columns]

    @api.model
    def _get_headings(self):
        env = self.env
        return {
            "file": env._("Litigation File"),
            "customer": env._("Customer"),
            "customer_ref": env._("Customer Number"),
            "siren": env._("SIREN"),
            "vat": env._("VAT Number"),
            "street": env._("Street"),
            "zip": env._("Postal Code"),
            "city": env._("City"),
            "country": env._("Country"),
            "phone": env._("Phone"),
            "email": env._("E-mail"),
            "date": env._("Claimed As Of"),
            "currency": env._("Currency"),
            "principal": env._("Principal"),
            "interest": env._("Late Interest"),
            "indemnity": env._("Indemnities"),
            "other": env._("Other Amounts"),
            "total": env._("Total"),
            "document": env._("Document"),
            "document_date": env._("Document Date"),
            "date_due": env._("Due Date"),
            "amount": env._("Original Amount"),
            "open": env._("Open Amount"),
            "limit_date": env._("Limit Date"),
            "name": env._("Name"),
            "function": env._("Job Position"),
        }

    # ------------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------------

    def _list_file_rows(self):
        company = self.env["recouvrement.reminder"]
        for litigation in self.litigation_ids:
            partner, claim = litigation.customer_id, litigation.claim_id
            head = (claim.amount_principal, claim.amount_interest,
                    claim.amount_indemnity)  # fmt: skip
            other = litigation.currency_id.round(claim.amount_total - sum(head))
            yield [
                litigation.name,
                partner.name,
                partner.ref or None,
                company._get_siren(partner) or None,
                partner.vat or None,
                ", ".join(filter(None, (partner.street, partner.street2))) or None,
                partner.zip or None,
                partner.city or None,
                partner.country_id.name or None,
                partner.phone or None,
                partner.email or None,
                claim.date or None,
                litigation.currency_id.name,
                *(head if claim else (litigation.amount_remaining, 0.0, 0.0)),
                other if claim else 0.0,
                claim.amount_total if claim else litigation.amount_remaining,
            ]

    def _list_item_rows(self):
        for line in self.litigation_ids.line_ids:
            item = line.move_line_id
            yield [
                line.litigation_id.name,
                line.litigation_id.customer_id.name,
                line.name,
                line.document_date or None,
                line.date_due or None,
                line.currency_id.name,
                item.amount_currency,
                item.amount_residual_currency,
                item.limit_date or None,
            ]

    def _list_contact_rows(self):
        for litigation in self.litigation_ids:
            partner = litigation.customer_id
            for person in partner | partner.child_ids:
                if person.phone or person.email:
                    yield [
                        litigation.name,
                        partner.name,
                        person.name or partner.name,
                        person.function or None,
                        person.phone or None,
                        person.email or None,
                    ]
