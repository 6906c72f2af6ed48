import io
from contextlib import contextmanager

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools import sirene


class RecouvrementSireneUpload(models.TransientModel):
    _name = "recouvrement.sirene.upload"
    _description = "Import an Extract of the Sirene Directory"

    company_id = fields.Many2one(
        "res.company",
        string="Legal Entity",
        required=True,
        default=lambda self: self.env.company.root_id,
    )
    content = fields.Binary(
        string="Extract",
        attachment=True,
        help="StockUniteLegale or StockEtablissement of the open data of INSEE, as CSV "
        "or as a zip archive.",
    )
    name = fields.Char(string="File")
    is_read = fields.Boolean(readonly=True)
    row_count = fields.Integer(string="Rows Read", readonly=True)
    refused_count = fields.Integer(string="Rows Refused", readonly=True)
    told_count = fields.Integer(string="Customers Found", readonly=True)
    ceased_count = fields.Integer(string="Newly Ceased or Closed", readonly=True)

    def action_import(self):
        """Read the file, mark the customers that ceased, and show what was found.

        sudo: the directory speaks of all customers of the legal entity, and findings
        are written by the system only.

        :raise UserError: when the file as a whole is not taken.
        """
        self.ensure_one()
        company = self.company_id.root_id
        if company not in self.env.companies.root_id:
            raise AccessError(self.env._("Choose a legal entity that you work in."))
        debtors = (
            self.env["recouvrement.debtor"]
            .sudo()
            .search([("company_id", "=", company.id)])
        )
        wanted = {
            number for one in debtors for number in one._get_sirene_numbers() if number
        }
        with self._open_content() as stream:
            extract = self._read(stream, wanted)
        told, ceased = debtors._take_sirene(extract)
        self.env["recouvrement.identity.finding"]._refresh(told)
        self.write(
            {
                "content": False,
                "is_read": True,
                "row_count": extract.rows,
                "refused_count": extract.refused,
                "told_count": len(told),
                "ceased_count": len(ceased),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sirene Directory"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    @contextmanager
    def _open_content(self):
        """The file as it lies on disk, so that it is never held in memory."""
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "=", self.id),
                    ("res_field", "=", "content"),
                ]
            )
        )
        if not attachment:
            raise UserError(self.env._("Choose a file."))
        if attachment.store_fname:
            with open(attachment._full_path(attachment.store_fname), "rb") as stream:
                yield stream
        else:
            yield io.BytesIO(attachment.raw)

    @api.model
    def _read(self, stream, wanted):
        try:
            return sirene.read(stream, wanted)
        except sirene.SireneError as error:
            sentence = self._get_file_errors()[error.code]
            raise UserError(sentence.replace("%s", error.detail)) from error

    @api.model
    def _get_file_errors(self):
        """Sentence per code of ``tools.sirene.SireneError``."""
        return {
            "empty": self.env._("The file is empty."),
            "size": self.env._(
                "The file is larger than %s MB: zip it, or keep the columns needed."
            ),
            "archive": self.env._(
                "The archive cannot be read: it must hold one CSV file, without a "
                "password."
            ),
            "unpacked": self.env._("The archive unpacks to more than %s MB."),
            "encoding": self.env._(
                "The file is not UTF-8 text, as INSEE publishes it."
            ),
            "columns": self.env._("The file has not the columns of Sirene: %s."),
            "line": self.env._("A line of the file is too long to be one of Sirene."),
            "rows": self.env._("The file has more than %s rows."),
        }

    def action_open_findings(self):
        """The anomalies that the directory gave."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recouvrement.recouvrement_identity_finding_action"
        )
        action["context"] = {"search_default_sirene": 1, "search_default_open": 1}
        return action
