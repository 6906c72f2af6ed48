"""What a person should look at before new bank details are approved: facts, no
score."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import email_normalize, format_date

from ..tools.bank_account import (
    BankAccountError,
    email_domain,
    phone_key,
    read_iban,
    same_holder,
)

RECENT_DAYS = 60


class RecouvrementBankChange(models.Model):
    _inherit = "recouvrement.bank.change"

    # ------------------------------------------------------------------
    # FILE OF THE CUSTOMER
    # ------------------------------------------------------------------

    def _get_people(self):
        """The customer and its contacts, archived ones included, in sudo."""
        self.ensure_one()
        partners = self.env["res.partner"].sudo().with_context(active_test=False)
        customer = self.debtor_id.sudo().partner_id
        return partners.search([("id", "child_of", customer.ids)])

    def _get_current_banks(self):
        """Accounts in use of the customer, of this company or of all."""
        self.ensure_one()
        debtor = self.debtor_id.sudo()
        return debtor.partner_id.bank_ids.filtered(
            lambda b: not b.company_id or b.company_id == debtor.company_id
        )

    def _get_phones_on_file(self):
        """Numbers of the customer and its contacts, one a line."""
        people = self._get_people().filtered("active")
        numbers = (person.phone for person in people if phone_key(person.phone))
        return "\n".join(dict.fromkeys(numbers)) or False

    def _get_people_entered_since(self, day):
        """Contacts that came, or whose number was changed, after a day: from the
        tracked changes of Odoo."""
        people = self._get_people()
        field = self.env["ir.model.fields"]._get("res.partner", "phone")
        changed = (
            self.env["mail.tracking.value"]
            .sudo()
            .search(
                [
                    ("field_id", "=", field.id),
                    ("create_date", ">", day),
                    ("mail_message_id.model", "=", "res.partner"),
                    ("mail_message_id.res_id", "in", people.ids),
                ]
            )
        )
        late = set(changed.mail_message_id.mapped("res_id"))
        return people.filtered(lambda p: p.create_date > day or p.id in late)

    @api.model
    def _describe_error(self, error):
        """Why a text is no IBAN, for who typed it."""
        reasons = {
            "length": self.env._("its length is not that of its country"),
            "country": self.env._("its country is not known"),
            "key": self.env._("its check digits do not fit, a digit is wrong"),
            "national_key": self.env._("its national key does not fit"),
        }
        return reasons.get(
            error.reason, self.env._("it holds characters that do not belong there")
        )

    # ------------------------------------------------------------------
    # WARNINGS
    # ------------------------------------------------------------------

    def _get_warnings(self):
        """Facts that call for care, as sentences: a hook."""
        self.ensure_one()
        try:
            account = read_iban(self.iban)
        except BankAccountError:
            return []
        found = [
            self._warn_country(account),
            self._warn_other_partner(account),
            self._warn_holder(),
            self._warn_domain(),
            self._warn_recent_change(),
            self._warn_no_phone(),
            self._warn_recent_phone(),
        ]
        return [warning for warning in found if warning]

    def _warn_country(self, account):
        country = self.customer_id.sudo().country_id
        if country and country.code != account.country:
            return self.env._(
                "The account is held in %(bank)s, the customer is in %(customer)s.",
                bank=account.country,
                customer=country.code,
            )

    def _warn_other_partner(self, account):
        """The names of partners that the user may not read are not told."""
        customer = self.debtor_id.sudo().partner_id
        banks = self.env["res.partner.bank"].sudo().with_context(active_test=False)
        others = (
            banks.search(
                [("sanitized_acc_number", "=", account.iban)]
            ).partner_id.commercial_partner_id
            - customer
        )
        if not others:
            return None
        readable = others.sudo(False)._filtered_access("read")
        return self.env._(
            "This account is already that of %s.",
            ", ".join(readable.mapped("display_name")) or self.env._("another partner"),
        )

    def _warn_holder(self):
        if not same_holder(self.account_holder, self.customer_id.sudo().name):
            return self.env._(
                "The holder “%s” does not bear the name of the customer.",
                self.account_holder or "",
            )

    def _warn_domain(self):
        domain = email_domain(email_normalize(self.requester_email or ""))
        if not domain:
            return None
        asked = self.date_asked or fields.Datetime.now()
        people = self._get_people().filtered(lambda p: p.create_date <= asked)
        known = {email_domain(email_normalize(p.email or "")) for p in people}
        known.discard("")
        if domain not in known:
            return self.env._(
                "The request came from %(domain)s; known of this customer: %(known)s.",
                domain=domain,
                known=", ".join(sorted(known)) or self.env._("no address"),
            )

    def _warn_recent_change(self):
        """Several changes in a row are what a fraud looks like."""
        since = fields.Datetime.now() - timedelta(days=RECENT_DAYS)
        last = self.sudo().search(
            [
                ("debtor_id", "=", self.debtor_id.id),
                ("id", "not in", self.ids),
                ("date_decided", ">=", since),
            ],
            order="date_decided desc",
            limit=1,
        )
        if not last:
            return None
        states = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "Another change was asked lately: %(state)s on %(day)s.",
            state=states[last.state],
            day=format_date(self.env, last.date_decided),
        )

    def _warn_no_phone(self):
        phones = self.known_phones or (not self.id and self._get_phones_on_file())
        if not phones:
            return self.env._(
                "No phone number was known before. Reject, look for one elsewhere "
                "(contract, public register), never in the request, and enter the "
                "change again."
            )

    def _warn_recent_phone(self):
        """A number put on the file shortly before is what a patient fraud does."""
        since = fields.Datetime.now() - timedelta(days=RECENT_DAYS)
        called = phone_key(self.called_phone)
        known = [phone_key(phone) for phone in (self.known_phones or "").split("\n")]
        people = self._get_people_entered_since(since).filtered(
            lambda p: phone_key(p.phone) and phone_key(p.phone) in (called, *known)
        )
        if people:
            return self.env._(
                "On the file for less than %(days)s days: the number of %(names)s.",
                days=RECENT_DAYS,
                names=", ".join(people.mapped("display_name")),
            )
