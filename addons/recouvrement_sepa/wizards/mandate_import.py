from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import mandate_sheet
from ..tools.identifiers import IdentifierError, read_rum, rum_key
from ..tools.mandate import lapse_day

ERRORS_SHOWN = 50


class RecouvrementSepaMandateImport(models.TransientModel):
    """Mandates signed before, from a file: controlled line by line, then taken over.

    A line with a remark is left out and stays in the report; the others are loaded.
    """

    _name = "recouvrement.sepa.mandate.import"
    _description = "Take Over Mandates"
    _inherit = ["recouvrement.table.import"]

    line_ids = fields.One2many(
        "recouvrement.sepa.mandate.import.line", "import_id", readonly=True
    )

    # ------------------------------------------------------------------
    # CONTROL
    # ------------------------------------------------------------------

    def _get_title(self):
        return self.env._("Take Over Mandates")

    def _read_lines(self, data):
        rows, problems = mandate_sheet.read_mandates(self.filename or "", data)
        of_file = [self._explain(p) for p in problems if not p.line or p.line == 1]
        lines = self._control(rows) + [
            {"line": p.line, "status": "refused", "remark": self._explain(p)}
            for p in problems
            if p.line > 1
        ]
        return "\n".join(of_file[:ERRORS_SHOWN]), lines

    def _explain(self, problem):
        texts = {
            "too_large": self.env._("The file is too large."),
            "not_a_table": self.env._("The file is no CSV or xlsx table."),
            "header": self.env._(
                "The first line must name at least the columns RUM, Client, Schéma, "
                "IBAN and Date de signature."
            ),
            "too_many_lines": self.env._(
                "At most %s mandates a file.", mandate_sheet.MAX_LINES
            ),
            "empty": self.env._("The file holds no mandate."),
            "missing": self.env._("“%s” is missing.", problem.text),
            "scheme": self.env._("“%s” is no scheme: CORE or B2B.", problem.text),
            "kind": self.env._("“%s” is no type: recurrent or one-off.", problem.text),
            "day": self.env._(
                "“%s” is no day such as 2027-01-31 or 31/01/2027.", problem.text
            ),
            "count": self.env._("“%s” is no number of collections.", problem.text),
            "duplicate": self.env._("Same reference as line %s.", problem.text),
        }
        return texts[problem.kind]

    def _control(self, rows):
        """Values of a line of the report for each row: a constant number of queries,
        whatever the number of rows."""
        debtors = self._find_debtors(rows)
        known = self._find_known(rows)
        today = fields.Date.context_today(self)
        return [self._control_row(row, debtors, known, today) for row in rows]

    def _control_row(self, row, debtors, known, today):
        values = {
            "line": row.line,
            "name": row.rum,
            "customer": row.customer,
            "scheme": row.scheme,
            "kind": row.kind,
            "date_signed": row.signed,
            "date_last_collection": row.last,
            "registered_on": row.registered,
            "collection_count": max(row.count, bool(row.last)),
            "account_holder": row.holder[:70],
            "status": "refused",
        }
        try:
            values["name"] = read_rum(row.rum)
            values["iban"] = (
                self.env["recouvrement.sepa.mandate"]._read_iban(row.iban).iban
            )
            values["creditor_identifier"] = self._read_creditor(row.ics)
        except IdentifierError:
            return {**values, "remark": self.env._("The reference is no RUM.")}
        except (UserError, ValidationError) as error:
            return {**values, "remark": str(error)}
        found = debtors.get(row.customer.casefold(), self.env["recouvrement.debtor"])
        remark = self._find_fault(row, found, values, known, today)
        if remark:
            return {**values, "remark": remark}
        lapse = lapse_day(row.signed, row.last)
        return {
            **values,
            "debtor_id": found.id,
            "status": "ready",
            "remark": self.env._("Lapsed: taken over as expired.")
            if lapse < today
            else self.env._("To be registered by the customer's bank.")
            if row.scheme == "B2B" and not row.registered
            else False,
        }

    def _find_fault(self, row, found, values, known, today):
        """Why a row cannot be taken over, or None."""
        if len(found) != 1:
            return (
                self.env._("Several customers have this reference.")
                if found
                else self.env._("No debtor account has this reference, VAT or SIREN.")
            )
        if (values["creditor_identifier"], rum_key(values["name"])) in known:
            return self.env._("This creditor has a mandate of this reference already.")
        if max(filter(None, (row.signed, row.registered))) > today:
            return self.env._("A day lies in the future.")
        if row.last and row.last < row.signed:
            return self.env._("The last collection is before the signature.")
        if row.registered and row.registered < row.signed:
            return self.env._("The registration is before the signature.")
        mandate = self.env["recouvrement.sepa.mandate"].new({"debtor_id": found.id})
        if row.scheme == "B2B" and mandate._is_consumer():
            return self.env._("B2B is for professionals: the customer is a consumer.")
        return None

    def _read_creditor(self, ics):
        company = self.company_id
        if not ics:
            return company._get_sepa_ics()
        return company._read_ics(ics)

    def _find_debtors(self, rows):
        """Debtor accounts that the user may write to, by the texts of the file: number
        of the customer, VAT, SIREN, else the exact name."""
        wanted = {row.customer.casefold() for row in rows}
        debtors = self.env["recouvrement.debtor"].search(
            [("company_id", "=", self.company_id.id)]
        )
        found = {}
        for key in ("ref", "vat", "company_registry", "name"):
            by_text = {}
            for debtor in debtors:
                text = (debtor.partner_id[key] or "").casefold()
                if text in wanted and text not in found:
                    by_text[text] = by_text.get(text, debtors.browse()) | debtor
            found.update(by_text)
        return found

    def _find_known(self, rows):
        """(creditor, reference) pairs of the mandates that exist, in sudo: a reference
        is unique whoever may read its mandate."""
        mandates = self.env["recouvrement.sepa.mandate"].sudo()
        named = mandates.search_fetch(
            [("name", "!=", False), ("company_id", "=", self.company_id.id)],
            ["name", "creditor_identifier"],
        )
        return {(m.creditor_identifier, rum_key(m.name)) for m in named}

    # ------------------------------------------------------------------
    # LOADING
    # ------------------------------------------------------------------

    def action_load(self):
        """Take over the lines that are ready; the file is controlled again, since the
        mandates may have changed meanwhile."""
        self.ensure_one()
        self.action_preview()
        ready = self.line_ids.filtered(lambda line: line.status == "ready")
        if self.state != "preview" or not ready:
            return self._reopen()
        mandates = self.env["recouvrement.sepa.mandate"]
        mandates.check_access("create")
        ready.debtor_id.check_access("write")
        today = fields.Date.context_today(self)
        creditor = self.company_id._get_sepa_creditor_name()
        made = mandates.sudo().create(
            [line._prepare_mandate_vals(creditor, today) for line in ready]
        )
        made._log(self.env._("taken over from %s", self.filename))
        for line, mandate in zip(ready, made, strict=True):
            line.write({"status": "loaded", "mandate_id": mandate.id})
        self.state = "done"
        return self._reopen()


class RecouvrementSepaMandateImportLine(models.TransientModel):
    _name = "recouvrement.sepa.mandate.import.line"
    _description = "Mandate to Take Over"
    _order = "line, id"

    import_id = fields.Many2one(
        "recouvrement.sepa.mandate.import",
        required=True,
        index=True,
        ondelete="cascade",
    )
    line = fields.Integer(readonly=True, aggregator=None)
    status = fields.Selection(
        [("ready", "Ready"), ("refused", "Left Out"), ("loaded", "Loaded")],
        readonly=True,
    )
    remark = fields.Char(readonly=True)
    name = fields.Char(string="Mandate Reference (RUM)", readonly=True)
    customer = fields.Char(string="In the File", readonly=True)
    debtor_id = fields.Many2one("recouvrement.debtor", readonly=True)
    mandate_id = fields.Many2one("recouvrement.sepa.mandate", readonly=True)
    scheme = fields.Char(readonly=True)
    kind = fields.Char(readonly=True)
    iban = fields.Char(string="IBAN", readonly=True)
    creditor_identifier = fields.Char(string="Creditor Identifier (ICS)", readonly=True)
    account_holder = fields.Char(readonly=True)
    date_signed = fields.Date(readonly=True)
    date_last_collection = fields.Date(string="Last Collection", readonly=True)
    registered_on = fields.Date(readonly=True)
    collection_count = fields.Integer(string="Collections", readonly=True)

    def _prepare_mandate_vals(self, creditor, today):
        """Values of the mandate that a line becomes."""
        self.ensure_one()
        state = "active"
        if lapse_day(self.date_signed, self.date_last_collection) < today:
            state = "expired"
        elif self.kind == "oneoff" and self.collection_count:
            state = "final"
        elif self.scheme == "B2B" and not self.registered_on:
            state = "signed"
        if state == "final" and self.scheme == "B2B" and not self.registered_on:
            state = "expired"
        return {
            "debtor_id": self.debtor_id.id,
            "name": self.name,
            "creditor_identifier": self.creditor_identifier,
            "creditor_name": creditor,
            "scheme": self.scheme,
            "kind": self.kind,
            "iban": self.iban,
            "account_holder": self.account_holder or self.debtor_id.partner_id.name,
            "date_signed": self.date_signed,
            "signed_as": "imported",
            "recorded_by_id": self.env.uid,
            "registered_on": self.registered_on,
            "date_last_collection": self.date_last_collection,
            "collection_count": self.collection_count,
            "state": state,
        }
