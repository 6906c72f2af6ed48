import base64

from odoo import Command, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.table_file import MAX_LINES, TableError, read_day, read_number, read_table

COLUMNS = {
    "customer": (
        "client",
        "customer",
        "code client",
        "siren",
        "siret",
        "numéro de client",
    ),
    "provider": ("fournisseur", "provider", "organisme", "source"),
    "value": ("note", "cotation", "score", "rating", "value", "valeur"),
    "date": ("date", "date de la note", "rating date"),
    "limit": ("encours conseillé", "limite conseillée", "limit", "limit advised"),
    "reference": ("référence", "reference", "numéro de rapport", "report"),
}
REQUIRED = ("customer", "provider", "value", "date")


class RecouvrementExternalRatingImport(models.TransientModel):
    """External ratings from a file: controlled line by line, then taken over. A line
    with a remark is left out and stays in the report."""

    _name = "recouvrement.external.rating.import"
    _description = "Load External Ratings"

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
    line_ids = fields.One2many(
        "recouvrement.external.rating.import.line", "import_id", readonly=True
    )
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
        try:
            data = base64.b64decode(self.file)
            rows = list(read_table(self.filename or "", data, COLUMNS, REQUIRED))
        except TableError as error:
            self.write({"state": "file", "error_text": self._explain(error)})
            return self._reopen()
        lines = self._control(rows)
        refused = sum(line["status"] == "refused" for line in lines)
        self.write(
            {
                "error_text": False,
                "state": "preview",
                "ready_count": len(lines) - refused,
                "refused_count": refused,
                "line_ids": [Command.clear(), *map(Command.create, lines)],
            }
        )
        return self._reopen()

    def action_back(self):
        self.ensure_one()
        self.write({"state": "file", "line_ids": [Command.clear()]})
        return self._reopen()

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Load External Ratings"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _explain(self, error):
        texts = {
            "too_large": self.env._("The file is too large."),
            "not_a_table": self.env._(
                "Line %s: the file is no CSV or xlsx table.", error.line
            ),
            "header": self.env._(
                "Line %s, the headings, must name at least the columns Client (or "
                "SIREN), Fournisseur, Note and Date.",
                error.line,
            ),
            "too_many_lines": self.env._("At most %s lines a file.", MAX_LINES),
            "empty": self.env._("The file is empty."),
        }
        return texts[error.code]

    def _control(self, rows):
        """Values of a line of the report for each row: a constant number of queries."""
        debtors = self._find_debtors({row["customer"] for _line, row in rows})
        providers = self._find_providers()
        known = self._find_known(debtors)
        lines = []
        for line, row in rows:
            values = {"line": line, "customer": row["customer"], "value": row["value"]}
            remark = self._judge(row, values, debtors, providers, known)
            status = "refused" if remark else "ready"
            lines.append({**values, "remark": remark, "status": status})
        return lines

    def _judge(self, row, values, debtors, providers, known):
        """Complete the values of a line; why it is left out, or False."""
        debtor = debtors.get(self._key(row["customer"]), ())
        if len(debtor) != 1:
            return (
                self.env._("Several debtor accounts have this number.")
                if debtor
                else self.env._("No debtor account has this number or SIREN.")
            )
        provider = providers.get(row["provider"].casefold())
        if not provider:
            return self.env._("“%s” is no active provider.", row["provider"])
        day = read_day(row["date"])
        if not day:
            return self.env._(
                "“%s” is no day such as 2027-01-31 or 31/01/2027.", row["date"]
            )
        if day > fields.Date.context_today(self):
            return self.env._("The day lies in the future.")
        limit = read_number(row["limit"]) if row["limit"] else 0
        if limit is None or limit < 0:
            return self.env._("“%s” is no amount.", row["limit"])
        try:
            score = provider._get_score(row["value"])
        except ValidationError as error:
            return str(error)
        key = (debtor.id, provider.id, day, row["value"])
        if key in known:
            return self.env._("This rating is there already.")
        known.add(key)
        values.update(
            debtor_id=debtor.id,
            provider_id=provider.id,
            date=day,
            score=score,
            limit_advised=float(limit),
            reference=row["reference"],
        )
        return False

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

    def _find_providers(self):
        providers = self.env["recouvrement.external.provider"].search(
            [("active", "=", True)]
        )
        by_name = {provider.name.casefold(): provider for provider in providers}
        return {**by_name, **{one.code.casefold(): one for one in providers}}

    def _find_known(self, debtors):
        ids = {debtor.id for found in debtors.values() for debtor in found}
        ratings = self.env["recouvrement.external.rating"].search_fetch(
            [("debtor_id", "in", list(ids))],
            ["debtor_id", "provider_id", "date", "value"],
        )
        return {(r.debtor_id.id, r.provider_id.id, r.date, r.value) for r in ratings}

    # ------------------------------------------------------------------
    # LOADING
    # ------------------------------------------------------------------

    def action_load(self):
        """Load the lines that are ready; the file is controlled again, since the
        accounts may have changed meanwhile."""
        self.ensure_one()
        self.action_preview()
        ready = self.line_ids.filtered(lambda line: line.status == "ready")
        if self.state != "preview" or not ready:
            return self._reopen()
        self.env["recouvrement.external.rating"].create(
            [
                {
                    "debtor_id": line.debtor_id.id,
                    "provider_id": line.provider_id.id,
                    "value": line.value,
                    "date": line.date,
                    "limit_advised": line.limit_advised,
                    "reference": line.reference,
                }
                for line in ready
            ]
        )
        ready.write({"status": "loaded"})
        self.state = "done"
        return self._reopen()


class RecouvrementExternalRatingImportLine(models.TransientModel):
    _name = "recouvrement.external.rating.import.line"
    _description = "External Rating to Load"
    _order = "line, id"

    import_id = fields.Many2one(
        "recouvrement.external.rating.import",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="import_id.company_id.currency_id")
    line = fields.Integer(readonly=True, aggregator=None)
    status = fields.Selection(
        [("ready", "Ready"), ("refused", "Left Out"), ("loaded", "Loaded")],
        readonly=True,
    )
    remark = fields.Char(readonly=True)
    customer = fields.Char(string="In the File", readonly=True)
    debtor_id = fields.Many2one("recouvrement.debtor", readonly=True)
    provider_id = fields.Many2one("recouvrement.external.provider", readonly=True)
    value = fields.Char(readonly=True)
    score = fields.Float(digits=(5, 1), readonly=True, aggregator=None)
    date = fields.Date(readonly=True)
    limit_advised = fields.Monetary(readonly=True, aggregator=None)
    reference = fields.Char(readonly=True)
