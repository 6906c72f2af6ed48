"""What imports of tables share: read, controlled line by line, then taken over. A line
with a remark is left out and stays in the report."""

import base64

from odoo import Command, fields, models
from odoo.exceptions import UserError

from ..tools.table_file import MAX_LINES, TableError, read_table


class RecouvrementTableImport(models.AbstractModel):
    """Columns, required ones and what a line means are the heir's."""

    _name = "recouvrement.table.import"
    _description = "Import of a Table"

    _headings = {}
    _required = ()

    file = fields.Binary(attachment=False)
    filename = fields.Char()
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id
    )
    state = fields.Selection(
        [("file", "File"), ("preview", "Control"), ("done", "Loaded")],
        default="file",
        readonly=True,
    )
    error_text = fields.Text(readonly=True)
    ready_count = fields.Integer(readonly=True)
    refused_count = fields.Integer(readonly=True)

    # ------------------------------------------------------------------
    # CONTROL
    # ------------------------------------------------------------------

    def action_preview(self):
        """Read the file and say of each line whether it can be loaded."""
        self.ensure_one()
        if not self.file:
            raise UserError(self.env._("Choose a file."))
        error, lines = self._read_lines(base64.b64decode(self.file))
        refused = sum(line["status"] == "refused" for line in lines)
        self.write(
            {
                "error_text": error,
                "state": "file" if error else "preview",
                "ready_count": len(lines) - refused,
                "refused_count": refused,
                "line_ids": [
                    Command.clear(),
                    *map(Command.create, sorted(lines, key=lambda one: one["line"])),
                ],
            }
        )
        return self._reopen()

    def _read_lines(self, data):
        """:return: why the file is refused as a whole, or False; values of the lines of
        the report."""
        try:
            name = self.filename or ""
            rows = list(read_table(name, data, self._headings, self._required))
        except TableError as error:
            return self._explain(error), []
        return False, self._control(rows)

    def action_back(self):
        self.ensure_one()
        self.write({"state": "file", "line_ids": [Command.clear()]})
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self._get_title(),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_title(self):
        """Of the dialog."""
        raise NotImplementedError

    def _name_headings(self):
        """Names of the columns that a file must have, in words."""
        raise NotImplementedError

    def _control(self, rows):
        """Values of a line of the report for each row, in a constant number of
        queries."""
        sources = self._get_sources(rows)
        lines = []
        for line, row in rows:
            values = {"line": line, "customer": row["customer"]}
            remark = self._judge(row, values, sources)
            status = "refused" if remark else "ready"
            lines.append({**values, "remark": remark, "status": status})
        return lines

    def _get_sources(self, rows):
        """What the rows are judged by, read once for all of them."""
        raise NotImplementedError

    def _judge(self, row, values, sources):
        """Complete the values of a line; why it is left out, or False."""
        raise NotImplementedError

    def _explain(self, error):
        texts = {
            "too_large": self.env._("The file is too large."),
            "not_a_table": self.env._(
                "Line %s: the file is no CSV or xlsx table.", error.line
            ),
            "header": self.env._(
                "Line %(line)s, the headings, must name at least the columns "
                "%(columns)s.",
                line=error.line,
                columns=self._name_headings(),
            ),
            "too_many_lines": self.env._("At most %s lines a file.", MAX_LINES),
            "empty": self.env._("The file is empty."),
        }
        return texts[error.code]

    # ------------------------------------------------------------------
    # CUSTOMERS
    # ------------------------------------------------------------------

    def _key(self, text):
        """A number of a customer as it is compared: a SIRET counts by its SIREN."""
        bare = "".join(text.split()).casefold()
        return bare[:9] if len(bare) == 14 and bare.isdigit() else bare

    def _find_debtors(self, texts):
        """Debtor accounts that the user may write to, by number, SIREN or VAT."""
        wanted = {self._key(text) for text in texts}
        debtors = self.env["recouvrement.debtor"].search(
            [("company_id", "=", self.company_id.id)]
        )
        found = {}
        for name in ("ref", "company_registry", "vat"):
            by_key = {}
            for debtor in debtors:
                key = self._key(debtor.partner_id[name] or "")
                if key and key in wanted and key not in found:
                    by_key[key] = by_key.get(key, debtors.browse()) | debtor
            found.update(by_key)
        return found

    def _say_customer(self, found):
        """Why the customer of a line is not just one; False when it is."""
        if len(found) == 1:
            return False
        if found:
            return self.env._("Several debtor accounts have this number.")
        return self.env._("No debtor account has this number or SIREN.")


class RecouvrementTableImportLine(models.AbstractModel):
    _name = "recouvrement.table.import.line"
    _description = "Line of an Imported Table"

    line = fields.Integer(readonly=True, aggregator=None)
    status = fields.Selection(
        [("ready", "Ready"), ("refused", "Left Out"), ("loaded", "Loaded")],
        readonly=True,
    )
    remark = fields.Char(readonly=True)
    customer = fields.Char(string="In the File", readonly=True)
    debtor_id = fields.Many2one("recouvrement.debtor", readonly=True)
