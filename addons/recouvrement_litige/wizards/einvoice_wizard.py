"""Statuses of e-invoices: entered by hand, or read from the platform's file."""

import base64

from odoo import fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..models.account_move_einvoice import STATUSES
from ..tools.einvoice_csv import CsvError, read_statuses

ERRORS_SHOWN = 50


class RecouvrementEinvoiceWizard(models.TransientModel):
    _name = "recouvrement.einvoice.wizard"
    _description = "Status of an E-invoice"

    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        required=True,
        domain="[('move_type', '=', 'out_invoice'), ('state', '=', 'posted')]",
    )
    currency_id = fields.Many2one(related="move_id.currency_id")
    status = fields.Selection(STATUSES, required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    code = fields.Char(string="Reason Code")
    text = fields.Char(string="Reason")
    amount = fields.Monetary(string="Amount Not Approved")

    def action_confirm(self):
        """Keep the status; show the dispute when it opened one."""
        self.ensure_one()
        self.move_id.check_access("read")
        dispute = self.move_id._take_einvoice_status(
            self.status, self.date, self.code, self.text, self.amount or None
        )
        if not dispute:
            return {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.act_window",
            "res_model": "recouvrement.dispute",
            "res_id": dispute.id,
            "views": [(False, "form")],
        }


class RecouvrementEinvoiceImport(models.TransientModel):
    """Statuses from a CSV file: each line on its own, with a report."""

    _name = "recouvrement.einvoice.import"
    _description = "Load E-invoice Statuses"

    data = fields.Binary(string="File", required=True, attachment=False)
    filename = fields.Char()
    state = fields.Selection([("file", "File"), ("done", "Done")], default="file")
    taken_count = fields.Integer(string="Statuses Kept", readonly=True)
    dispute_ids = fields.Many2many(
        "recouvrement.dispute",
        "recouvrement_einvoice_import_dispute_rel",
        string="Disputes Opened",
        readonly=True,
    )
    report = fields.Text(string="Remarks", readonly=True)

    def action_load(self):
        self.ensure_one()
        rows = self._read()
        moves = self._find_moves({row.invoice for row in rows})
        taken, remarks = 0, []
        disputes = self.env["recouvrement.dispute"]
        for row in rows:
            wrong = self._describe_error(row, moves)
            if wrong:
                remarks.append(wrong)
                continue
            try:
                with self.env.cr.savepoint():
                    disputes |= moves[row.invoice]._take_einvoice_status(
                        row.status,
                        row.day,
                        row.code,
                        row.reason,
                        float(row.amount) if row.amount else None,
                    )
                taken += 1
            except (UserError, AccessError, ValidationError) as error:
                remarks.append(self._say(row, str(error)))
        if len(remarks) > ERRORS_SHOWN:
            rest = len(remarks) - ERRORS_SHOWN
            remarks = [*remarks[:ERRORS_SHOWN], self.env._("… and %s more.", rest)]
        self.write(
            {
                "state": "done",
                "taken_count": taken,
                "dispute_ids": [fields.Command.set(disputes.ids)],
                "report": "\n".join(remarks),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def _read(self):
        texts = {
            "size": self.env._("The file is larger than 5 MB."),
            "empty": self.env._("The file is empty."),
            "rows": self.env._("The file has too many lines."),
        }
        try:
            return read_statuses(base64.b64decode(self.data))
        except CsvError as error:
            raise UserError(
                texts.get(error.code)
                or self.env._(
                    "These columns are missing: %s. The first line must name the "
                    "columns: invoice, status, date; and perhaps code, reason, amount.",
                    error.detail,
                )
            ) from None

    def _find_moves(self, names):
        """Invoices by number, among those the user may see; two of the same number in
        two companies are nobody's."""
        moves = self.env["account.move"].search(
            [
                ("name", "in", list(names)),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        return {
            name: found
            for name, found in moves.grouped("name").items()
            if len(found) == 1
        }

    def _describe_error(self, row, moves):
        columns = {
            "invoice": self.env._("no invoice number"),
            "status": self.env._("the status is no code of three digits"),
            "date": self.env._("the date cannot be read"),
            "amount": self.env._("the amount cannot be read"),
        }
        if row.error:
            return self._say(row, columns[row.error])
        if row.invoice not in moves:
            return self._say(row, self.env._("invoice %s not found", row.invoice))
        return False

    def _say(self, row, what):
        return self.env._("Line %(number)s: %(what)s", number=row.number, what=what)

    def action_view_disputes(self):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_litige.recouvrement_dispute_action"
        )
        action["domain"] = [("id", "in", self.dispute_ids._filtered_access("read").ids)]
        action["context"] = {}
        return action
