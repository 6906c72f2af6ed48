"""The workbook and the PDF of a pack: made once, kept with their fingerprints."""

import hashlib
from io import BytesIO

from odoo import fields, models
from odoo.exceptions import UserError

from .delay_table_freeze import KINDS
from .kept_files import keep_files

REPORT = "recouvrement_reporting.report_pack"


class RecouvrementPack(models.Model):
    _inherit = "recouvrement.pack"

    def _make_files(self):
        """Make both files from what was frozen, never from the ledger. In sudo."""
        self.ensure_one()
        pack = self._with_scope().with_context(lang=self.lang)
        self.env.flush_all()
        old = self.pdf_id | self.xlsx_id
        contents = {kind: pack._make_file(kind) for kind in KINDS}
        self.write(keep_files(self, pack._get_file_name(), contents, KINDS))
        old.unlink()

    def _make_file(self, kind):
        if kind == "pdf":
            content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
                REPORT, self.ids
            )
            return content
        stream = BytesIO()
        self._write_workbook(stream)
        return stream.getvalue()

    def _get_file_name(self):
        return self.env._(
            "Monthly pack %(month)s %(company)s",
            month=fields.Date.to_string(self.date_start)[:7],
            company=" ".join(self.company_id.name.split()),
        ).replace("/", "-")

    def _get_file(self, kind):
        """``(content, name)`` as it was made.

        :raise UserError: there is none yet, or it is not the one that was made.
        """
        self.ensure_one()
        self.check_access("read")
        attachment = self.sudo()[f"{kind}_id"]
        if not attachment:
            raise UserError(self.env._("Prepare the pack first."))
        content = attachment.raw or b""
        if hashlib.sha256(content).hexdigest() != self[f"{kind}_sha256"]:
            raise UserError(
                self.env._("The file of this pack is not the one that was made.")
            )
        return content, attachment.name

    def action_print(self):
        return self._get_download_action("pdf")

    def action_download(self):
        return self._get_download_action("xlsx")

    def _get_download_action(self, kind):
        self.ensure_one()
        company = self.company_id.id
        return {
            "type": "ir.actions.act_url",
            "url": f"/recouvrement/pack/{self.id}.{kind}?companies={company}",
            "target": "download",
        }
