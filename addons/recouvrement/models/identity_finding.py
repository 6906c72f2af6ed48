"""Anomalies of company data: numbers that do not hold, customers entered twice."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.company_numbers import check_numbers, get_key

KINDS = [
    ("registry_missing", "SIREN Missing"),
    ("registry_wrong", "No SIREN and No SIRET"),
    ("vat_wrong", "Wrong VAT Number"),
    ("vat_of_another", "VAT Number of Another SIREN"),
    ("vat_country", "VAT Number of Another Country"),
    ("country_missing", "Country Missing"),
    ("duplicate", "Customer Entered Twice"),
    ("contract_terms", "Payment Terms Other Than Signed"),
    ("contract_email", "E-mail for Invoices Other Than Signed"),
    ("contract_vat", "VAT Number Other Than Signed"),
    ("contract_address", "Invoicing Address Other Than Signed"),
    ("contract_pricelist", "Price List Other Than Signed"),
]
# Differences with the contract, and the data that each is about.
CONTRACT = {
    "contract_terms": "payment_term",
    "contract_email": "invoice_email",
    "contract_vat": "vat",
    "contract_address": "invoice_address",
    "contract_pricelist": "pricelist",
}
BATCH = 2000


class RecouvrementIdentityFinding(models.Model):
    """Stored, so that the list filters and counts: written again when the customer
    changes, and nightly. Never entered by hand."""

    _name = "recouvrement.identity.finding"
    _description = "Anomaly of Company Data"
    _order = "kind, group_key, id"
    _rec_name = "debtor_id"

    debtor_id = fields.Many2one(
        "recouvrement.debtor", required=True, index=True, ondelete="cascade"
    )
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    company_id = fields.Many2one(
        related="debtor_id.company_id", store=True, index=True, precompute=True
    )
    kind = fields.Selection(KINDS, required=True, string="Anomaly")
    field_name = fields.Selection(
        [
            ("company_registry", "SIREN or SIRET"),
            ("vat", "VAT Number"),
            ("country_id", "Country"),
            ("payment_term", "Payment Terms"),
            ("invoice_email", "E-mail for Invoices"),
            ("invoice_address", "Invoicing Address"),
            ("pricelist", "Price List"),
        ],
        string="Data Concerned",
    )
    value = fields.Char(string="Entered")
    proposal = fields.Char(
        help="Filled in only when it is certain, or signed in the contract."
    )
    fingerprint = fields.Char(
        help="What the anomaly is made of: when it changes, it is no longer accepted."
    )
    group_key = fields.Char(
        string="Same SIREN or VAT Number",
        help="Customers with one number are one customer, or establishments of one.",
    )

    _kind_uniq = models.UniqueIndex("(debtor_id, kind)")
    _group_key_idx = models.Index("(group_key) WHERE group_key IS NOT NULL")

    # ------------------------------------------------------------------
    # REFRESH
    # ------------------------------------------------------------------

    @api.model
    def _cron_daily(self):
        """All accounts, in batches; what was archived or moved since goes."""
        accounts = self.env["recouvrement.debtor"].sudo()
        last = 0
        while debtors := accounts.search([("id", ">", last)], order="id", limit=BATCH):
            self._refresh(debtors)
            last = debtors[-1].id
            self.env["ir.cron"]._commit_progress(len(debtors))
            self.env.invalidate_all()

    @api.model
    def _refresh(self, debtors):
        """Check the numbers of these accounts again, and who shares them."""
        debtors = debtors.sudo()
        wanted, keys = {}, set(debtors.mapped("identity_key")) - {False}
        for debtor in debtors:
            key, found = self._examine(debtor)
            if debtor.identity_key != key:
                debtor.identity_key = key
            wanted |= {(debtor.id, vals["kind"]): vals for vals in found}
        keys |= set(debtors.mapped("identity_key")) - {False}
        wanted |= self._find_duplicates(debtors.company_id, keys)
        self._replace(debtors, keys, wanted)

    @api.model
    def _examine(self, debtor):
        """What is wrong with the customer of an account, in sudo: a hook.

        :return: what it shares with its duplicates, values of its anomalies; nothing
            for an archived one.
        """
        partner = debtor.partner_id
        if not partner.active:
            return False, []
        numbers = (
            partner.company_registry or "",
            partner.vat or "",
            partner.country_id.code or "",
        )
        found = [
            {
                "kind": finding.kind,
                "field_name": finding.field,
                "value": finding.value or False,
                "proposal": finding.proposal or False,
                "group_key": False,
                "fingerprint": False,
            }
            for finding in check_numbers(*numbers)
        ]
        return get_key(*numbers) or False, found

    @api.model
    def _find_duplicates(self, companies, keys):
        groups = (
            self.env["recouvrement.debtor"]
            .sudo()
            ._read_group(
                [
                    ("identity_key", "in", list(keys)),
                    ("company_id", "in", companies.ids),
                ],
                ["company_id", "identity_key"],
                ["id:array_agg"],
                having=[("__count", ">", 1)],
            )
        )
        return {
            (debtor_id, "duplicate"): {
                "kind": "duplicate",
                "field_name": False,
                "value": False,
                "proposal": False,
                "group_key": key,
                "fingerprint": False,
            }
            for _company, key, debtor_ids in groups
            for debtor_id in debtor_ids
        }

    @api.model
    def _replace(self, debtors, keys, wanted):
        """Write what is new or different, drop what is no longer so."""
        findings = self.sudo()
        known = findings.search(
            [
                "|",
                ("debtor_id", "in", debtors.ids),
                "&",
                ("group_key", "in", list(keys)),
                ("company_id", "in", debtors.company_id.ids),
            ]
        )
        gone = findings
        for finding in known:
            vals = wanted.pop((finding.debtor_id.id, finding.kind), None)
            if vals is None:
                gone |= finding
            elif any(finding[name] != value for name, value in vals.items()):
                finding.write(vals)
        gone.unlink()
        findings.create(
            [
                {"debtor_id": debtor_id, **vals}
                for (debtor_id, _), vals in wanted.items()
            ]
        )

    # ------------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------------

    def action_apply(self):
        """Put what is certain into the customer; its history says who did it.

        sudo: who may change the account puts the numbers of its customer right.

        :raise UserError: when there is no certain cure, or the customer has changed.
        """
        self.debtor_id.check_access("write")
        for finding in self:
            if not finding.exists():
                continue  # what was put right before cured it too
            if not finding.proposal:
                raise UserError(
                    self.env._("Nothing is certain here: correct the customer.")
                )
            finding._apply_proposal()
        return True

    def _apply_proposal(self):
        """Write the proposal into the customer: a hook. Rights were checked."""
        partner = self.sudo().customer_id
        if (partner[self.field_name] or False) != self.value:
            raise UserError(self._get_stale_text())
        self.debtor_id._log_event("note", self._get_trace())
        partner.write({self.field_name: self.proposal})

    def _get_stale_text(self):
        return self.env._("The customer has changed since: open the list again.")

    def _get_trace(self):
        fields_told = dict(self._fields["field_name"]._description_selection(self.env))
        return self.env._(
            "%(field)s put right: %(new)s (before: %(old)s)",
            field=fields_told[self.field_name],
            new=self.proposal,
            old=self.value or self.env._("empty"),
        )

    def action_open_customers(self):
        """The customer, or all those that share its number and that the user sees."""
        self.ensure_one()
        same = self
        if self.group_key:
            same = self.search(
                [
                    ("group_key", "=", self.group_key),
                    ("company_id", "=", self.company_id.id),
                ]
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customers"),
            "res_model": "res.partner",
            "view_mode": "list,form",
            "domain": [("id", "in", same.customer_id.ids)],
        }


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    identity_key = fields.Char(
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="SIREN, else VAT number, without spaces: what duplicates share.",
    )


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _get_identity_fields(self):
        """Fields of customers that anomalies are looked for in: a hook."""
        return {"active", "company_registry", "country_id", "vat"}

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & self._get_identity_fields():
            debtors = self.env["recouvrement.debtor"].sudo()
            found = debtors.search([("partner_id", "in", self.ids)])
            if found:
                self.env["recouvrement.identity.finding"]._refresh(found)
        return result
