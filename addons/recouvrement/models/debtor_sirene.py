"""What the Sirene directory said of customers, as far as their numbers are still the
same: anomalies, events and risks come from it."""

from odoo import api, fields, models
from odoo.tools import format_date

from ..tools import sirene
from ..tools.agreement import plain
from ..tools.company_numbers import read_siren, read_vat_siren, tidy

FOUND = ("company_ceased", "establishment_closed", "name_differs")


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    sirene_siren = fields.Char(string="SIREN Looked Up", readonly=True, copy=False)
    sirene_ceased = fields.Boolean(string="Company Ceased", readonly=True, copy=False)
    sirene_ceased_date = fields.Date(
        string="Company Ceased On", readonly=True, copy=False
    )
    sirene_name = fields.Char(string="Name in the Directory", readonly=True, copy=False)
    sirene_siret = fields.Char(string="SIRET Looked Up", readonly=True, copy=False)
    sirene_closed = fields.Boolean(
        string="Establishment Closed", readonly=True, copy=False
    )
    sirene_closed_date = fields.Date(
        string="Establishment Closed On", readonly=True, copy=False
    )

    def _get_sirene_numbers(self):
        """SIREN and SIRET of the customer, as far as they are right: what is looked
        for."""
        partner = self.partner_id
        if (partner.country_id.code or "FR") != "FR":
            return "", ""
        registry = partner.company_registry
        number = read_siren(registry)
        siret = tidy(registry) if number and len(tidy(registry)) == 14 else ""
        return number or read_vat_siren(partner.vat), siret

    def _take_sirene(self, extract):
        """Keep what an extract says of these accounts, in sudo.

        :return: accounts of which it says something, those that just ceased.
        """
        told, ceased = [], {}
        for debtor in self:
            siren, siret = debtor._get_sirene_numbers()
            number = siren if extract.kind == "company" else siret
            fact = extract.facts.get(number)
            if not fact:
                continue
            told.append(debtor.id)
            vals = self._prepare_sirene(extract.kind, fact)
            if debtor._is_news(extract.kind, fact):
                ceased[debtor] = fact
            changed = {k: v for k, v in vals.items() if debtor[k] != v}
            if changed:
                debtor.write(changed)
        self._log_sirene(extract.kind, ceased)
        return self.browse(told), self.browse(one.id for one in ceased)

    @api.model
    def _prepare_sirene(self, kind, fact):
        since = fact.ceased and fact.since
        if kind == "company":
            return {
                "sirene_siren": fact.number,
                "sirene_ceased": fact.ceased,
                "sirene_ceased_date": since or False,
                "sirene_name": fact.name or False,
            }
        return {
            "sirene_siret": fact.number,
            "sirene_closed": fact.ceased,
            "sirene_closed_date": since or False,
        }

    def _is_news(self, kind, fact):
        """Whether it ceased and was not known to have."""
        if kind == "company":
            known = self.sirene_ceased and self.sirene_siren == fact.number
        else:
            known = self.sirene_closed and self.sirene_siret == fact.number
        return fact.ceased and not known

    @api.model
    def _log_sirene(self, kind, ceased):
        """One event for each account that ceased, all in one go."""
        text = (
            self.env._("Sirene directory: the company ceased")
            if kind == "company"
            else self.env._("Sirene directory: the establishment closed")
        )
        self.env["recouvrement.event"].sudo().create(
            [
                {
                    "debtor_id": debtor.id,
                    "company_id": debtor.company_id.id,
                    "user_id": self.env.uid,
                    "kind": "note",
                    "summary": text,
                    "detail": " – ".join(
                        part
                        for part in (
                            fact.number,
                            fact.since and format_date(self.env, fact.since),
                        )
                        if part
                    ),
                }
                for debtor, fact in ceased.items()
            ]
        )

    def _find_sirene(self):
        """Values of the findings that the directory gives, in sudo."""
        siren, siret = self._get_sirene_numbers()
        found = []
        if siren and siren == self.sirene_siren:
            if self.sirene_ceased:
                found.append(
                    self._sirene_finding(
                        "company_ceased", siren, self.sirene_ceased_date
                    )
                )
            name = self.partner_id.name or ""
            if self.sirene_name and not sirene.same_name(name, self.sirene_name):
                mark = f"{plain(name)}|{plain(self.sirene_name)}"
                vals = self._sirene_finding("name_differs", name, False, mark)
                found.append({**vals, "detail": self.sirene_name})
        if siret and siret == self.sirene_siret and self.sirene_closed:
            found.append(
                self._sirene_finding(
                    "establishment_closed", siret, self.sirene_closed_date
                )
            )
        return found

    @api.model
    def _sirene_finding(self, kind, value, day, mark=None):
        return {
            "kind": kind,
            "field_name": "name" if kind == "name_differs" else "company_registry",
            "value": value,
            "proposal": False,
            "group_key": False,
            "fingerprint": mark or f"{value}|{day or ''}",
            "date": day,
            "detail": False,
        }


class RecouvrementIdentityFinding(models.Model):
    _inherit = "recouvrement.identity.finding"

    kind = fields.Selection(
        selection_add=[
            ("company_ceased", "Company Ceased"),
            ("establishment_closed", "Establishment Closed"),
            ("name_differs", "Another Name in the Sirene Directory"),
        ],
        ondelete=dict.fromkeys(FOUND, "cascade"),
    )
    field_name = fields.Selection(
        selection_add=[("name", "Name")], ondelete={"name": "set null"}
    )
    date = fields.Date(string="Since")
    detail = fields.Char(string="In the Sirene Directory")

    # EXTENDS 'recouvrement'
    @api.model
    def _get_acceptable(self):
        return super()._get_acceptable() | set(FOUND)

    # EXTENDS 'recouvrement'
    @api.model
    def _examine(self, debtor):
        key, found = super()._examine(debtor)
        if debtor.partner_id.active:
            found += debtor._find_sirene()
        return key, found


class ResPartner(models.Model):
    _inherit = "res.partner"

    # EXTENDS 'recouvrement'
    @api.model
    def _get_identity_fields(self):
        return super()._get_identity_fields() | {"name"}
