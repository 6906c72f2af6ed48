"""Requests that change the file of a customer: billing, address, contract."""

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_date


class RecouvrementRequest(models.Model):
    _inherit = "recouvrement.request"

    # ------------------------------------------------------------------
    # BILLING PARAMETERS
    # ------------------------------------------------------------------

    def _accept_billing_params(self):
        """Write how invoices are sent; billing is told the rest."""
        debtor = self._get_debtor()
        self._check_billing_params()
        customer = debtor.sudo().partner_id.with_company(debtor.company_id)
        methods = dict(
            customer._fields["invoice_sending_method"]._description_selection(self.env)
        )
        if self.billing_method in methods:
            customer.invoice_sending_method = self.billing_method
        if self.billing_email:
            contact = self._write_contact("invoice", {"email": self.billing_email})
            self._log(self.env._("contact written"), detail=contact.display_name)
        if self.billing_reference:
            debtor.sudo().billing_reference = self.billing_reference.strip()
        self._inform(
            self.env._("Billing parameters of %s", customer.name), self._get_facts()
        )
        self._close("done")

    def _check_billing_params(self):
        if not (self.billing_method or self.billing_email or self.billing_reference):
            raise UserError(
                self.env._("Write what changes: sending, e-mail or reference.")
            )
        email = self.billing_email and email_normalize(self.billing_email)
        if self.billing_email and not email:
            raise UserError(
                self.env._("“%s” is no e-mail address.", self.billing_email)
            )

    def _write_contact(self, use, vals):
        """The contact of the customer for a use, opened when there is none, in sudo:
        a collector has no right on contacts in general."""
        customer = self.sudo().debtor_id.partner_id
        contacts = customer.child_ids.filtered(
            lambda p: p.type == use and p.active and not p.user_ids
        )
        if contacts:
            contacts[:1].write(vals)
            return contacts[:1]
        address = ("street", "street2", "zip", "city")
        return customer.create(
            {
                "parent_id": customer.id,
                "type": use,
                "name": customer.name,
                "lang": customer.lang,
                "country_id": customer.country_id.id,
                **{name: customer[name] for name in address},
                **vals,
            }
        )

    # ------------------------------------------------------------------
    # ADDRESS
    # ------------------------------------------------------------------

    def _prepare_address_change(self):
        if not (self.new_street and self.new_zip and self.new_city):
            raise UserError(self.env._("Write the street, the ZIP and the city."))

    def _accept_address_change(self):
        """Write the address; the one before is kept in the history."""
        debtor = self._get_debtor()
        customer = debtor.sudo().partner_id
        vals = {
            "street": self.new_street,
            "street2": self.new_street2,
            "zip": self.new_zip,
            "city": self.new_city,
            "country_id": self.new_country_id.id or customer.country_id.id,
        }
        if self.address_use == "main":
            before = self._one_line(customer)
            customer.write(vals)
        else:
            contact = customer.child_ids.filtered(lambda p: p.type == "invoice")[:1]
            before = self._one_line(contact or customer)
            self._write_contact("invoice", vals)
        self._log(self.env._("address written"), self.env._("before: %s", before))
        self._close("done")

    def _one_line(self, partner):
        text = partner._display_address(without_company=True)
        return ", ".join(row.strip() for row in text.splitlines() if row.strip())

    # ------------------------------------------------------------------
    # CONTRACT
    # ------------------------------------------------------------------

    def _accept_contract_copy(self):
        """The e-mail with the contract is the answer."""
        debtor = self._get_debtor()
        files = self.sudo().answer_file_ids
        if not files:
            raise UserError(
                self.env._("Attach the contract under “Documents for the Customer”.")
            )
        partner = self._get_addressee()
        subject, body = self._render_answer(partner)
        debtor._send_documents(partner, files, subject, body)
        self._close("done", answered=True)

    def _accept_termination(self):
        """Note the end; billing prepares the last invoice. What is owed stays owed."""
        debtor = self._get_debtor()
        self._prepare_termination()
        debtor.sudo().terminated_on = self.date_effect
        self._inform(
            self.env._("Termination by %s", debtor.sudo().partner_id.name),
            self._get_facts(),
        )
        self._log(
            self.env._("ends on %s", format_date(self.env, self.date_effect)),
            detail=self.contract_reference,
        )
        self._close("done")

    def _prepare_termination(self):
        if not self.date_effect:
            raise UserError(self.env._("Write the day on which the contract ends."))

    # ------------------------------------------------------------------
    # FACTS
    # ------------------------------------------------------------------

    def _get_facts(self, *names):
        """What the request says, as a list for a colleague.

        :return: Markup.
        """
        self.ensure_one()
        request = self.sudo()
        names = names or request._get_fact_names()
        rows = [
            (request._fields[name]._description_string(self.env), request._show(name))
            for name in names
        ]
        rows = [(label, text) for label, text in rows if text]
        items = Markup().join(
            Markup("<li>%s: %s</li>") % (label, text) for label, text in rows
        )
        return Markup("<p>%s</p><ul>%s</ul>") % (request.name, items)

    def _get_fact_names(self):
        return (
            "customer_id",
            "billing_method",
            "billing_email",
            "billing_reference",
            "contract_reference",
            "date_effect",
            "novation_kind",
            "party_name",
            "party_registry",
            "amount_granted",
            "text",
        )

    def _show(self, name):
        """A field as text, in the user's language."""
        value, field = self[name], self._fields[name]
        if not value:
            return ""
        if field.type == "selection":
            return dict(field._description_selection(self.env))[value]
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "many2one":
            return value.display_name
        if field.type == "monetary":
            return self.currency_id.format(value)
        return str(value)


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    billing_reference = fields.Char(
        string="Reference on Invoices",
        readonly=True,
        help="Order or commitment number that the customer wants on its invoices.",
    )
    terminated_on = fields.Date(
        string="Contract Ended On", readonly=True, help="By a termination accepted."
    )
