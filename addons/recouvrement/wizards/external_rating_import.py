"""External ratings from a file of their provider."""

from odoo import fields, models
from odoo.exceptions import ValidationError

from ..tools.table_file import read_day, read_number

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


class RecouvrementExternalRatingImport(models.TransientModel):
    _name = "recouvrement.external.rating.import"
    _description = "Load External Ratings"
    _inherit = ["recouvrement.table.import"]

    _headings = COLUMNS
    _required = ("customer", "provider", "value", "date")

    line_ids = fields.One2many(
        "recouvrement.external.rating.import.line", "import_id", readonly=True
    )

    # ------------------------------------------------------------------
    # CONTROL
    # ------------------------------------------------------------------

    def _get_title(self):
        return self.env._("Load External Ratings")

    def _name_headings(self):
        return self.env._("Client (or SIREN), Fournisseur, Note and Date")

    def _get_sources(self, rows):
        debtors = self._find_debtors({row["customer"] for _line, row in rows})
        return debtors, self._find_providers(), self._find_known(debtors)

    def _judge(self, row, values, sources):
        debtors, providers, known = sources
        values["value"] = row["value"]
        debtor = debtors.get(self._key(row["customer"]), ())
        if said := self._say_customer(debtor):
            return said
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
    _inherit = ["recouvrement.table.import.line"]
    _order = "line, id"

    import_id = fields.Many2one(
        "recouvrement.external.rating.import",
        required=True,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="import_id.company_id.currency_id")
    provider_id = fields.Many2one("recouvrement.external.provider", readonly=True)
    value = fields.Char(readonly=True)
    score = fields.Float(digits=(5, 1), readonly=True, aggregator=None)
    date = fields.Date(readonly=True)
    limit_advised = fields.Monetary(readonly=True, aggregator=None)
    reference = fields.Char(readonly=True)
