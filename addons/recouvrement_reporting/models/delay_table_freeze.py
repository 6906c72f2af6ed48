"""A payment-delay table that was signed off: its files are kept as printed."""

import hashlib
from io import BytesIO

from odoo import fields, models
from odoo.exceptions import UserError

from .kept_files import keep_files

KINDS = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class RecouvrementDelayTable(models.Model):
    _inherit = "recouvrement.delay.table"

    def action_freeze(self):
        """Keep the table and its files; the one it replaces becomes a record.

        :raise UserError: it was not computed, or does not tie and nothing says why.
        """
        self.check_access("write")
        for table in self:
            table._check_freeze()
            table.sudo().with_context(lang=self._get_print_lang())._freeze(
                self.env.user
            )
        return True

    def _check_freeze(self):
        if self.state != "draft":
            raise UserError(self.env._("A frozen table no longer changes."))
        if not self.cells:
            raise UserError(self.env._("Compute the table first."))
        if not self.is_tied and not self.note:
            raise UserError(
                self.env._(
                    "The table does not tie to the ledger: say why in the comments."
                )
            )

    def _freeze(self, user):
        self.replaces_id.write({"state": "replaced"})
        # One frozen table for a closing, at any moment.
        self.replaces_id.flush_recordset(["state"])
        # Before the files are made: they say when and by whom.
        self.write(
            {
                "state": "frozen",
                "date_frozen": fields.Datetime.now(),
                "frozen_by_id": user.id,
            }
        )
        contents = {kind: self._make_file(kind) for kind in KINDS}
        self.write(keep_files(self, self._get_file_name(), contents, KINDS))

    def action_replace(self):
        """A new draft for the same closing; this one stays until that is frozen."""
        self.ensure_one()
        self.check_access("create")
        if self.state != "frozen":
            raise UserError(self.env._("Only a frozen table is replaced."))
        waiting = self.search(
            [("replaces_id", "=", self.id), ("state", "=", "draft")], limit=1
        )
        if not waiting:
            waiting = self.copy()
            waiting.sudo().replaces_id = self
            waiting.action_compute()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": waiting.id,
            "view_mode": "form",
        }

    # ------------------------------------------------------------------
    # FILES
    # ------------------------------------------------------------------

    def action_print(self):
        return self._get_download_action("pdf")

    def action_download(self):
        return self._get_download_action("xlsx")

    def _get_download_action(self, kind):
        self.ensure_one()
        company = self.company_id.id
        return {
            "type": "ir.actions.act_url",
            "url": f"/recouvrement/delay-table/{self.id}.{kind}?companies={company}",
            "target": "download",
        }

    def _get_file(self, kind):
        """``(content, name)``: as it was frozen, or made now for a draft.

        :raise UserError: what is kept is not what was frozen.
        """
        self.ensure_one()
        self.check_access("read")
        table = self.sudo().with_context(lang=self._get_print_lang())
        name = f"{table._get_file_name()}.{kind}"
        if self.state == "draft":
            if not self.cells:
                raise UserError(self.env._("Compute the table first."))
            return table._make_file(kind), name
        content = table[f"{kind}_id"].raw or b""
        if hashlib.sha256(content).hexdigest() != table[f"{kind}_sha256"]:
            raise UserError(
                self.env._("The file of this table is not the one that was frozen.")
            )
        return content, name

    def _get_file_name(self):
        part = "I" if self.part == "closing" else "II"
        return self.env._(
            "Payment delays %(part)s %(company)s %(date)s",
            part=part,
            company=" ".join(self.company_id.name.split()),
            date=fields.Date.to_string(self.date_to),
        ).replace("/", "-")

    def _make_file(self, kind):
        if kind == "pdf":
            report = self.env.ref("recouvrement_reporting.delay_table_report_action")
            content, _kind = self.env["ir.actions.report"]._render_qweb_pdf(
                report.report_name, self.ids
            )
            return content
        stream = BytesIO()
        self._write_workbook(stream)
        return stream.getvalue()
