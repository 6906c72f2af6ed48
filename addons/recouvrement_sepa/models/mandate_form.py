"""The form of a mandate: what it prints, made once and kept with its fingerprint, sent
by e-mail, reminded when it does not come back."""

from odoo import api, fields, models

from ..tools.mandate_texts import get_texts

REPORT = "recouvrement_sepa.report_mandate"
LINK_DAYS = 90
REMINDERS_MAX = 2
TEMPLATES = {
    "ask": "recouvrement_sepa.template_mandate_ask",
    "reminder": "recouvrement_sepa.template_mandate_reminder",
    "signed": "recouvrement_sepa.template_mandate_signed",
    "account": "recouvrement_sepa.template_mandate_account",
}


class RecouvrementSepaMandate(models.Model):
    _inherit = "recouvrement.sepa.mandate"

    form_id = fields.Many2one(
        "ir.attachment",
        readonly=True,
        copy=False,
        help="The document that was sent to be signed.",
    )
    form_sha256 = fields.Char(string="SHA-256 of the Form", readonly=True, copy=False)
    mail_obstacle = fields.Char(
        string="E-mail Not Sent",
        readonly=True,
        copy=False,
        help="Why the last message did not leave.",
    )
    reminder_count = fields.Integer(string="Reminders", readonly=True, copy=False)
    date_reminded = fields.Date(string="Last Reminder", readonly=True, copy=False)

    # ------------------------------------------------------------------
    # DOCUMENT
    # ------------------------------------------------------------------

    def _get_document(self):
        """All that the form prints, in the language of the customer."""
        self.ensure_one()
        mandate = self.sudo().with_context(lang=self.lang)
        company, partner = mandate.company_id, mandate.partner_id
        creditor = mandate.creditor_name or company._get_sepa_creditor_name()
        writer = mandate._get_writer()
        texts = get_texts(
            self.lang,
            creditor=creditor,
            contact=company.email or company.phone or creditor,
            days=mandate._get_prenotification_days(),
        )
        return {
            "mandate": mandate,
            "company": company,
            "t": texts,
            "creditor": creditor,
            "ics": mandate.creditor_identifier or company.sepa_ics or "",
            "creditor_address": writer._get_address_lines(company.partner_id),
            "debtor": partner.name,
            "debtor_address": writer._get_address_lines(partner),
            "debtor_siren": writer._get_siren(partner),
            "holder": mandate._get_holder(),
            "iban": mandate._format_iban(),
            "bic": mandate.bic or "",
            "signed_day": mandate._format_day(mandate.date_signed, self.lang),
            "signed": mandate._get_signed_text(),
        }

    def _get_writer(self):
        """A reminder that is never sent, for the texts that letters share."""
        return (
            self.env["recouvrement.reminder"]
            .with_context(lang=self.lang)
            .new(
                {
                    "debtor_id": self.debtor_id.id,
                    "company_id": self.company_id.id,
                    "partner_id": self._get_addressee().id,
                    "currency_id": self.company_id.currency_id.id,
                }
            )
        )

    def _format_iban(self):
        """The account in groups of four characters; "" without one."""
        return self._read_iban(self.iban).formatted if self.iban else ""

    def _get_masked_iban(self):
        """Country and last digits, as messages show an account."""
        return f"{self.iban[:2]}… {self.iban[-4:]}" if self.iban else ""

    def _get_file_name(self, signed=False):
        env = self.with_context(lang=self.lang).env
        number = self.name or env._("draft")
        if signed:
            return env._("Mandate %s (signed).pdf", number)
        return env._("Mandate %s.pdf", number)

    def _make_form(self):
        self._keep_document("form", self._get_file_name(), self._render_kept(REPORT))

    def _make_signed_copy(self):
        """The same form with who signed it, when, from where."""
        name = self._get_file_name(signed=True)
        self._keep_document("signed", name, self._render_kept(REPORT))

    def action_print(self):
        """The signed copy, else the form that was sent, else the draft as it is."""
        self.ensure_one()
        self.check_access("read")
        for kind in ("signed", "form"):
            if self[f"{kind}_id"]:
                return self._download_kept(kind)
        return self.env.ref("recouvrement_sepa.action_report_mandate").report_action(
            self
        )

    # ------------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------------

    def _send_form(self):
        """Make the form, keep it, and send it to be signed."""
        mandate = self.sudo()
        mandate._make_form()
        mandate._send_mail("ask", mandate.form_id)
        self._log(
            self.env._("sent to %s", mandate._get_addressee().display_name),
            mandate.mail_obstacle,
        )

    def _get_portal_url(self):
        """Address of the mandate on the customer's page, without a password."""
        self.ensure_one()
        link = self.env["recouvrement.access.link"]._give(
            "portal", self.debtor_id, self._get_addressee(), LINK_DAYS
        )
        return f"{link._get_url()}/mandate/{self.id}"

    def _get_contact(self):
        """Who answers for the company: ``name, phone, email``."""
        company = self.company_id
        collector = self.debtor_id.collector_id
        sender = collector if collector.email else company
        return {
            "name": company.recouvrement_signatory or collector.name or company.name,
            "phone": sender.partner_id.phone or company.phone or "",
            "email": sender.email or company.email or "",
        }

    def _send_mail(self, kind, attachment):
        """Queue a message to the customer, or keep why it could not leave.

        :param str kind: a key of ``TEMPLATES``.
        """
        self.ensure_one()
        partner = self._get_addressee()
        obstacle = self.debtor_id._get_mail_obstacle(partner)
        if self.mail_obstacle != obstacle:
            self.mail_obstacle = obstacle
        if obstacle:
            return
        template = self.env.ref(TEMPLATES[kind]).sudo()
        subject, body = (
            template._render_field(field, self.ids, compute_lang=True)[self.id]
            for field in ("subject", "body_html")
        )
        self.debtor_id._queue_mail(
            partner, subject, body, attachment, self.debtor_id.collector_id or None
        )

    def action_remind(self):
        """Send a mandate that did not come back once more."""
        self.check_access("write")
        for mandate in self:
            mandate._lock()
            mandate._check_state("sent")
            mandate._remind()
        return True

    def _remind(self):
        mandate = self.sudo()
        mandate.write(
            {
                "reminder_count": mandate.reminder_count + 1,
                "date_reminded": fields.Date.context_today(self),
            }
        )
        mandate._send_mail("reminder", mandate.form_id)
        self._log(self.env._("asked for again"), mandate.mail_obstacle)

    @api.model
    def _get_to_remind(self, company, day):
        """Mandates of a company that did not come back in time.

        :param date day: today.
        """
        days = company._get_sepa_days("mandate_reminder")
        if not days:
            return self.browse()
        before = fields.Date.subtract(day, days=days)
        return self.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "sent"),
                ("date_sent", "<=", before),
                ("reminder_count", "<", REMINDERS_MAX),
                "|",
                ("date_reminded", "=", False),
                ("date_reminded", "<=", before),
            ],
            order="id",
        )
