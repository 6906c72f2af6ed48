"""The contract of a customer as it was signed, compared with what the system holds."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..tools.agreement import fingerprint
from .identity_finding import CONTRACT

ADDRESS = ("street", "zip", "city", "country_id")
# Terms and prices cost money: accountants and credit managers only.
RESERVED = {"contract_terms", "contract_pricelist"}


class RecouvrementCreditFile(models.Model):
    _inherit = "recouvrement.credit.file"

    contract_date = fields.Date(string="Contract Signed On", tracking=True)
    contract_reference = fields.Char(string="Contract Number", tracking=True)
    contract_term_id = fields.Many2one(
        "account.payment.term", string="Terms of the Contract", tracking=True
    )
    contract_email = fields.Char(
        string="E-mail for Invoices of the Contract", tracking=True
    )
    contract_vat = fields.Char(string="VAT Number of the Contract", tracking=True)
    contract_street = fields.Char(
        string="Invoicing Address of the Contract", tracking=True
    )
    contract_zip = fields.Char(string="Zip Code of the Contract", tracking=True)
    contract_city = fields.Char(string="City of the Contract", tracking=True)
    contract_country_id = fields.Many2one(
        "res.country", string="Country of the Contract", tracking=True
    )
    contract_pricelist_id = fields.Many2one(
        "product.pricelist", string="Price List of the Contract", tracking=True
    )
    difference_count = fields.Integer(
        string="Differences with the Contract", compute="_compute_difference_count"
    )

    def _compute_difference_count(self):
        groups = self.env["recouvrement.identity.finding"]._read_group(
            [
                ("debtor_id", "in", self.debtor_id.ids),
                ("kind", "in", list(CONTRACT)),
                ("date_accepted", "=", False),
            ],
            ["debtor_id"],
            ["__count"],
        )
        counts = {debtor.id: count for debtor, count in groups}
        for file in self:
            file.difference_count = counts.get(file.debtor_id.id, 0)

    def write(self, vals):
        """What is written into the contract is compared at once."""
        result = super().write(vals)
        if any(name.startswith("contract_") for name in vals):
            self.env["recouvrement.identity.finding"]._refresh(self.debtor_id)
        return result

    def action_view_differences(self):
        """What the system holds otherwise than the contract says."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recouvrement.recouvrement_identity_finding_action"
        )
        action["domain"] = [
            ("debtor_id", "=", self.debtor_id.id),
            ("kind", "in", list(CONTRACT)),
        ]
        action["context"] = {}
        return action

    # ------------------------------------------------------------------
    # COMPARISON
    # ------------------------------------------------------------------

    def _get_customer(self):
        """The customer as the company of the file sees it, in sudo."""
        return self.debtor_id.sudo().partner_id.with_company(self.company_id)

    def _get_invoiced(self):
        """The contact that invoices go to, else the customer itself."""
        customer = self._get_customer()
        found = customer.address_get(["invoice"])["invoice"]
        return customer.browse(found) or customer

    def _get_contract_data(self):
        """What is compared: a hook.

        :return: ``{kind: (held, signed)}``, each a text or a record.
        """
        self.ensure_one()
        customer, invoiced = self._get_customer(), self._get_invoiced()
        data = {
            "contract_terms": (
                customer.property_payment_term_id,
                self.contract_term_id,
            ),
            "contract_email": (invoiced.email, self.contract_email),
            "contract_vat": (customer.vat, self.contract_vat),
            "contract_address": (
                self._tell_address(invoiced),
                self._tell_signed_address(),
            ),
        }
        if self.contract_pricelist_id and self._has_price_lists():
            data["contract_pricelist"] = (
                customer.property_product_pricelist,
                self.contract_pricelist_id,
            )
        return data

    @api.model
    def _has_price_lists(self):
        """Whether the database uses them: Odoo names none for a customer otherwise."""
        feature = "product.group_product_pricelist"
        return self.env["res.groups"]._is_feature_enabled(feature)

    def _get_signed_address(self):
        return (
            self.contract_street,
            self.contract_zip,
            self.contract_city,
            self.contract_country_id,
        )

    def _tell_address(self, contact):
        """Of a contact; its country only when the contract tells one."""
        street = " ".join(part for part in (contact.street, contact.street2) if part)
        country = self.contract_country_id and contact.country_id
        return self._join_address(street, contact.zip, contact.city, country)

    def _tell_signed_address(self):
        if not self.contract_street:
            return ""
        return self._join_address(*self._get_signed_address())

    @api.model
    def _join_address(self, street, code, city, country):
        town = " ".join(part for part in (code, city) if part)
        parts = (street, town, country and country.sudo().name)
        return ", ".join(part for part in parts if part)

    def _find_differences(self):
        """Values of the findings about this file, in sudo, in the language of the
        company: the same whoever changes something."""
        desk = self.with_context(lang=self.company_id.partner_id.lang)
        found = []
        for kind, (held, signed) in desk._get_contract_data().items():
            mark = fingerprint(kind, *(self._get_key(one) for one in (held, signed)))
            if mark:
                found.append(
                    {
                        "kind": kind,
                        "field_name": CONTRACT[kind],
                        "value": self._tell_value(held) or False,
                        "proposal": self._tell_value(signed),
                        "group_key": False,
                        "fingerprint": mark,
                    }
                )
        return found

    @api.model
    def _get_key(self, value):
        return value.id if isinstance(value, models.BaseModel) else value

    @api.model
    def _tell_value(self, value):
        return value.display_name if isinstance(value, models.BaseModel) else value

    # ------------------------------------------------------------------
    # CURE
    # ------------------------------------------------------------------

    def _apply_contract(self, kind):
        """Put what was signed into the system. The caller checked the rights to the
        account.

        :raise AccessError: terms and prices, for who does not decide on them.
        """
        self.ensure_one()
        if kind in RESERVED and not self._may_change_terms():
            raise AccessError(
                self.env._(
                    "Accountants and credit managers put payment terms and price "
                    "lists right."
                )
            )
        file = self.sudo()
        customer, invoiced = file._get_customer(), file._get_invoiced()
        if kind == "contract_terms":
            customer.property_payment_term_id = file.contract_term_id
        elif kind == "contract_pricelist":
            customer.property_product_pricelist = file.contract_pricelist_id
        elif kind == "contract_vat":
            customer.vat = file.contract_vat.strip()
        elif kind == "contract_email":
            invoiced.email = file.contract_email.strip()
        else:
            signed = dict(zip(ADDRESS, file._get_signed_address(), strict=True))
            invoiced.write(
                {
                    **signed,
                    "street2": False,
                    "country_id": (signed["country_id"] or invoiced.country_id).id,
                }
            )

    @api.model
    def _may_change_terms(self):
        return self.env.su or any(
            self.env.user.has_group(f"recouvrement.group_{name}")
            for name in ("accountant", "manager")
        )


class RecouvrementIdentityFinding(models.Model):
    _inherit = "recouvrement.identity.finding"

    # EXTENDS 'recouvrement'
    @api.model
    def _examine(self, debtor):
        key, found = super()._examine(debtor)
        if debtor.partner_id.active:
            for file in debtor.credit_file_ids:
                found += file._find_differences()
        return key, found

    # EXTENDS 'recouvrement'
    def _apply_proposal(self):
        if self.kind not in CONTRACT:
            return super()._apply_proposal()
        file = self.debtor_id.credit_file_ids
        now = {one["kind"]: one for one in file.sudo()._find_differences()}
        if now.get(self.kind, {}).get("fingerprint") != self.fingerprint:
            raise UserError(self._get_stale_text())
        self.debtor_id._log_event("note", self._get_trace())
        return file._apply_contract(self.kind)


class ResPartner(models.Model):
    _inherit = "res.partner"

    @api.model
    def _get_contract_fields(self):
        """Fields of customers and contacts that contracts are compared with."""
        return {
            *ADDRESS,
            "street2",
            "active",
            "email",
            "parent_id",
            "property_payment_term_id",
            "specific_property_product_pricelist",
            "type",
            "vat",
        }

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered("parent_id")._compare_contracts()
        return partners

    def write(self, vals):
        concerned = bool(vals.keys() & self._get_contract_fields())
        before = self.commercial_partner_id if concerned else self.browse()
        result = super().write(vals)
        if concerned:
            (self | before)._compare_contracts()
        return result

    def _compare_contracts(self):
        """Compare the contracts of these customers, if any, again."""
        files = (
            self.env["recouvrement.credit.file"]
            .sudo()
            .search([("debtor_id.partner_id", "in", self.commercial_partner_id.ids)])
        )
        if files:
            self.env["recouvrement.identity.finding"]._refresh(files.debtor_id)
