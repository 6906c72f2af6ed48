"""Answers of insurers from the file that they hand out."""

from collections import namedtuple

from odoo import fields, models

from ..models.cover import STATES
from ..tools.table_file import plain, read_day, read_number

COLUMNS = {
    "customer": (
        "client",
        "customer",
        "code client",
        "siren",
        "siret",
        "numéro de client",
        "acheteur",
        "buyer",
    ),
    "provider": ("assureur", "insurer", "organisme", "fournisseur"),
    "kind": ("type", "type de garantie", "kind", "garantie"),
    "state": ("réponse", "décision", "answer", "decision", "statut", "state"),
    "amount": ("montant", "amount", "montant accordé", "agrément", "encours garanti"),
    "currency": ("devise", "currency"),
    "share": ("quotité", "quotité garantie", "share", "quotité %"),
    "days": ("durée maximale de crédit", "durée", "longest credit", "credit days"),
    "date_from": ("date", "date de réponse", "valable du", "valid from"),
    "date_to": ("valable jusqu'au", "échéance", "fin", "valid until"),
    "date_effect": ("date d'effet", "effective date"),
    "reference": ("référence", "reference", "numéro"),
}
ANSWERS = {
    "granted": ("accordee", "accorde", "accord", "maintenue", "granted", "approved"),
    "reduced": ("reduite", "reduit", "reduction", "reduced"),
    "cancelled": ("resiliee", "resilie", "resiliation", "cancelled", "terminated"),
    "refused": ("refusee", "refuse", "refus", "refused", "declined"),
}
ANSWER_OF = {text: state for state, texts in ANSWERS.items() for text in texts}
USUAL_KIND = "named"
NOTHING_LEFT = ("cancelled", "refused")

# What tells an answer from another: the same file twice changes nothing.
Answer = namedtuple(
    "Answer", "debtor provider kind state amount currency date_from reference"
)


class RecouvrementCoverImport(models.TransientModel):
    _name = "recouvrement.cover.import"
    _description = "Load Answers of Insurers"
    _inherit = ["recouvrement.table.import"]

    _headings = COLUMNS
    _required = ("customer", "provider", "state", "date_from")

    line_ids = fields.One2many(
        "recouvrement.cover.import.line", "import_id", readonly=True
    )

    # ------------------------------------------------------------------
    # CONTROL
    # ------------------------------------------------------------------

    def _get_title(self):
        return self.env._("Load Answers of Insurers")

    def _name_headings(self):
        return self.env._("Client (or SIREN), Assureur, Réponse and Date")

    def _get_sources(self, rows):
        debtors = self._find_debtors({row["customer"] for _line, row in rows})
        covers = self._find_covers(debtors)
        return {
            "debtors": debtors,
            "providers": self._find_providers({row["provider"] for _, row in rows}),
            "kinds": self._find_kinds(),
            "currencies": self._find_currencies(),
            "known": {self._describe(cover) for cover in covers},
            "current": self._find_current(covers),
        }

    def _judge(self, row, values, sources):
        return (
            self._judge_parties(row, values, sources)
            or self._judge_days(row, values)
            or self._judge_terms(row, values, sources)
            or self._judge_amount(row, values, sources)
            or self._judge_new(values, sources)
        )

    def _judge_parties(self, row, values, sources):
        debtor = sources["debtors"].get(self._key(row["customer"]), ())
        if said := self._say_customer(debtor):
            return said
        insurers = sources["providers"].get(plain(row["provider"]), ())
        if len(insurers) != 1:
            if insurers:
                return self.env._("Several contacts are called “%s”.", row["provider"])
            return self.env._("No contact is called “%s”.", row["provider"])
        kind = sources["kinds"].get(plain(row["kind"] or USUAL_KIND))
        if not kind:
            return self.env._("“%s” is no kind of insurance cover.", row["kind"])
        state = ANSWER_OF.get(plain(row["state"]))
        if not state:
            return self.env._(
                "“%s” is no answer: granted, reduced, terminated or refused.",
                row["state"],
            )
        values.update(
            debtor_id=debtor.id,
            provider_id=insurers.id,
            kind_id=kind.id,
            answer=state,
            reference=row["reference"],
        )
        return False

    def _judge_days(self, row, values):
        for name in ("date_from", "date_to", "date_effect"):
            text = row[name]
            day = read_day(text) if text else False
            if day is None or (name == "date_from" and not day):
                return self.env._(
                    "“%s” is no day such as 2027-01-31 or 31/01/2027.", text
                )
            values[name] = day
        if values["date_to"] and values["date_to"] < values["date_from"]:
            return self.env._("A cover ends on its first day or later.")
        if values["answer"] in ("reduced", "cancelled"):
            values["date_effect"] = values["date_effect"] or values["date_from"]
        else:
            values["date_effect"] = False
        return False

    def _judge_terms(self, row, values, sources):
        currency = self.company_id.currency_id
        if row["currency"]:
            currency = sources["currencies"].get(row["currency"].strip().upper())
        if not currency:
            return self.env._("“%s” is no active currency.", row["currency"])
        kind = self.env["recouvrement.cover.kind"].browse(values["kind_id"])
        share, days = kind.share, 0
        if row["share"]:
            share = read_number(row["share"].replace("%", ""))
            if share is None or not 0 <= share <= 100:
                return self.env._("“%s” is no share from 0 to 100 %%.", row["share"])
        if row["days"]:
            days = read_number(row["days"])
            if days is None or days < 0 or days != int(days):
                return self.env._("“%s” is no number of days.", row["days"])
        values.update(
            currency_id=currency.id, share=float(share), max_credit_days=int(days)
        )
        return False

    def _judge_amount(self, row, values, sources):
        """The amount that is left, and what it was before."""
        current = sources["current"].get((values["debtor_id"], values["provider_id"]))
        before = current and self._get_amount(current) or 0.0
        values["before"] = before
        values["before_currency_id"] = current and current.currency_id.id
        if values["answer"] in NOTHING_LEFT:
            values["amount"] = 0.0
            return False
        amount = read_number(row["amount"])
        if amount is None or amount <= 0:
            return self.env._("“%s” is no amount above zero.", row["amount"])
        values["amount"] = float(amount)
        if values["answer"] == "reduced" and not (
            before > values["amount"]
            and current.currency_id.id == values["currency_id"]
        ):
            return self.env._(
                "No larger cover of this insurer is known in this currency: what was "
                "reduced?"
            )
        return False

    def _judge_new(self, values, sources):
        answer = Answer(
            values["debtor_id"],
            values["provider_id"],
            values["kind_id"],
            values["answer"],
            round(values["amount"], 2),
            values["currency_id"],
            values["date_from"],
            values["reference"] or "",
        )
        if answer in sources["known"]:
            return self.env._("This answer is there already.")
        sources["known"].add(answer)
        return False

    # ------------------------------------------------------------------
    # WHAT IS KNOWN
    # ------------------------------------------------------------------

    def _find_providers(self, names):
        """Companies by their name or reference."""
        partners = self.env["res.partner"].search(
            [
                ("is_company", "=", True),
                "|",
                *("|" for _name in names),
                *(("name", "=ilike", self._escape(name)) for name in names),
                *(("ref", "in", list(names)),),
                ("id", "=", False),
            ]
        )
        found = {}
        for partner in partners:
            for text in {plain(partner.name or ""), plain(partner.ref or "")} - {""}:
                found[text] = found.get(text, partners.browse()) | partner
        return found

    def _escape(self, name):
        return "".join(f"\\{sign}" if sign in "\\%_" else sign for sign in name)

    def _find_kinds(self):
        kinds = self.env["recouvrement.cover.kind"].search(
            [("effect", "=", "insurance")]
        )
        by_name = {plain(kind.name): kind for kind in kinds}
        return {**by_name, **{plain(kind.code): kind for kind in kinds}}

    def _find_currencies(self):
        return {
            one.name: one
            for one in self.env["res.currency"].search([("active", "=", True)])
        }

    def _find_covers(self, debtors):
        ids = {debtor.id for found in debtors.values() for debtor in found}
        return self.env["recouvrement.cover"].search(
            [("debtor_id", "in", list(ids)), ("effect", "=", "insurance")],
            order="date_from, id",
        )

    def _find_current(self, covers):
        """The newest answer of each insurer about each customer."""
        return {(cover.debtor_id.id, cover.provider_id.id): cover for cover in covers}

    def _get_amount(self, cover):
        if cover.state in NOTHING_LEFT:
            return 0.0
        return cover.amount_reduced if cover.state == "reduced" else cover.amount

    def _describe(self, cover):
        return Answer(
            cover.debtor_id.id,
            cover.provider_id.id,
            cover.kind_id.id,
            cover.state,
            round(self._get_amount(cover), 2),
            cover.currency_id.id,
            cover.date_from,
            cover.reference or "",
        )

    # ------------------------------------------------------------------
    # LOADING
    # ------------------------------------------------------------------

    def action_load(self):
        """Load the lines that are ready; the file is controlled again, since covers
        may have been entered meanwhile."""
        self.ensure_one()
        self.action_preview()
        ready = self.line_ids.filtered(lambda line: line.status == "ready")
        if self.state != "preview" or not ready:
            return self._reopen()
        self.env["recouvrement.cover"].create([line._prepare_cover() for line in ready])
        ready.write({"status": "loaded"})
        self.state = "done"
        return self._reopen()


class RecouvrementCoverImportLine(models.TransientModel):
    _name = "recouvrement.cover.import.line"
    _description = "Answer of an Insurer to Load"
    _inherit = ["recouvrement.table.import.line"]
    _order = "line, id"

    import_id = fields.Many2one(
        "recouvrement.cover.import", required=True, index=True, ondelete="cascade"
    )
    provider_id = fields.Many2one("res.partner", readonly=True)
    kind_id = fields.Many2one("recouvrement.cover.kind", readonly=True)
    answer = fields.Selection(STATES, readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    before_currency_id = fields.Many2one("res.currency", readonly=True)
    before = fields.Monetary(
        currency_field="before_currency_id", readonly=True, aggregator=None
    )
    amount = fields.Monetary(readonly=True, aggregator=None)
    share = fields.Float(
        string="Share (%)", digits=(5, 2), readonly=True, aggregator=None
    )
    max_credit_days = fields.Integer(
        string="Longest Credit (Days)", readonly=True, aggregator=None
    )
    date_from = fields.Date(string="Valid From", readonly=True)
    date_to = fields.Date(string="Valid Until", readonly=True)
    date_effect = fields.Date(string="Takes Effect On", readonly=True)
    reference = fields.Char(readonly=True)

    def _prepare_cover(self):
        """Values of the cover; its key keeps two loaders from entering it twice."""
        self.ensure_one()
        reduced = self.answer == "reduced"
        known = (
            self.provider_id.id,
            self.kind_id.id,
            self.answer,
            round(self.amount, 2),
            self.currency_id.name,
            self.date_from,
            self.reference or "",
        )
        return {
            "debtor_id": self.debtor_id.id,
            "provider_id": self.provider_id.id,
            "kind_id": self.kind_id.id,
            "state": self.answer,
            "amount": self.amount if self.answer == "granted" else self.before,
            "amount_reduced": self.amount if reduced else 0.0,
            "currency_id": self.currency_id.id,
            "share": self.share,
            "max_credit_days": self.max_credit_days,
            "date_from": self.date_from,
            "date_to": self.date_to,
            "date_effect": self.date_effect,
            "reference": self.reference,
            "answer_key": "/".join(map(str, known)),
        }
