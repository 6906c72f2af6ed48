from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siren, siret

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

# What the form asks of a new customer, as the customer carries it.
CUSTOMER = (
    "name",
    "is_company",
    "company_registry",
    "vat",
    "street",
    "street2",
    "zip",
    "city",
    "country_id",
    "email",
    "phone",
)


class RecouvrementCreditFileWizard(models.TransientModel):
    """Opens the account and the file of a customer, new or known."""

    _name = "recouvrement.credit.file.wizard"
    _description = "Open a Customer File"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company.root_id
    )
    partner_id = fields.Many2one(
        "res.partner", string="Known Customer", help="Empty: a new one is entered."
    )
    name = fields.Char()
    is_company = fields.Boolean(string="Company", default=True)
    company_registry = fields.Char(string="SIREN or SIRET")
    vat = fields.Char(string="VAT Number")
    street = fields.Char()
    street2 = fields.Char()
    zip = fields.Char(string="ZIP")
    city = fields.Char()
    country_id = fields.Many2one(
        "res.country", default=lambda self: self.env.company.country_id
    )
    email = fields.Char(string="E-mail for Invoices")
    phone = fields.Char()
    salesperson_id = fields.Many2one("res.users")
    segment_id = fields.Many2one(
        "recouvrement.segment", help="Empty: by the rules of the segments."
    )
    same_ids = fields.Many2many(
        "res.partner", compute="_compute_same_ids", string="Same SIREN"
    )

    @api.depends("company_registry", "partner_id", "country_id")
    def _compute_same_ids(self):
        for wizard in self:
            wizard.same_ids = wizard._find_same()

    def _find_same(self):
        """Customers that the user may see and that have the SIREN entered."""
        number = siren.compact(self.company_registry or "")[:9]
        if self.partner_id or not siren.is_valid(number):
            return self.env["res.partner"]
        return self.env["res.partner"].search(
            [
                ("company_registry", "=like", f"{number}%"),
                ("parent_id", "=", False),
                ("company_id", "in", [False, self.company_id.id]),
            ],
            limit=5,
        )

    def action_open(self):
        """Open the file; a new customer is entered first.

        :raise UserError: on a number that does not exist, a SIREN that a customer has.
        """
        self.ensure_one()
        self._check_company()
        debtor = self._get_debtor()
        file = self.env["recouvrement.credit.file"]._open_file(debtor)
        return file._action_form()

    def _check_company(self):
        if self.company_id.root_id not in self.env.user.company_ids.root_id:
            raise AccessError(
                self.env._("You do not work for %s.", self.company_id.name)
            )

    def _get_debtor(self):
        """The account of the customer, opened when it has none.

        sudo: accounts are opened by rule for everybody; this form is the right of
        collectors, accountants and credit managers to do it before the first invoice.
        """
        partner = self.partner_id.commercial_partner_id or self._create_customer()
        partner.check_access("read")
        debtors = self.env["recouvrement.debtor"].sudo()
        company = self.company_id.root_id
        debtor = debtors.search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        )
        if not debtor:
            debtor = debtors.create(
                {"partner_id": partner.id, "company_id": company.id}
            )
            debtor._classify()
            debtors._mark_dirty_debtors(debtor.ids)
            debtor.write(self._prepare_account(debtor))
        debtor = debtor.with_env(self.env)
        debtor.check_access("write")
        return debtor

    def _prepare_account(self, debtor):
        return {
            "salesperson_id": (self.salesperson_id or debtor.partner_id.user_id).id,
            "segment_id": (self.segment_id or debtor.segment_id).id,
            "collector_id": (debtor.collector_id or self.env.user).id,
        }

    def _create_customer(self):
        if not (self.name or "").strip():
            raise UserError(self.env._("Choose a customer or enter the name of one."))
        self._check_number()
        if self.same_ids:
            raise UserError(
                self.env._(
                    "%s has this SIREN already: choose it as known customer.",
                    self.same_ids[0].display_name,
                )
            )
        values = {name: self[name] for name in CUSTOMER}
        values["country_id"] = self.country_id.id
        if self.company_registry:
            values["company_registry"] = siret.compact(self.company_registry)
        partner = self.env["res.partner"].sudo().create(values)
        return partner.with_env(self.env)

    def _check_number(self):
        """French numbers have a key; the VAT number carries the SIREN."""
        if not self.company_registry or self.country_id.code != "FR":
            return
        number = siret.compact(self.company_registry)
        try:
            (siret if len(number) > 9 else siren).validate(number)
        except NumberError as error:
            raise UserError(
                self.env._("%s is no SIREN and no SIRET.", self.company_registry)
            ) from error
        vat = siret.compact(self.vat or "").upper()
        if vat.startswith("FR") and vat[4:] != number[:9]:
            raise UserError(
                self.env._(
                    "The VAT number %(vat)s is not that of the SIREN %(siren)s.",
                    vat=self.vat,
                    siren=number[:9],
                )
            )
