"""One e-mail to a customer outside the campaigns, on the debtor's thread."""

from markupsafe import Markup

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def _get_mail_obstacle(self, partner):
        """Why no e-mail can leave for this person now, or False."""
        self.ensure_one()
        company = self.company_id.sudo()
        if company.recouvrement_test_mode:
            if not company.recouvrement_test_email:
                return self.env._(
                    "Test mode is on for %s, but no test address is set.", company.name
                )
            return False
        return self._get_address_obstacle(partner)

    def _get_address_obstacle(self, partner):
        """Why no e-mail can ever reach this person, test mode or not, or False."""
        if email_normalize(partner.email, strict=False):
            return False
        return self.env._("%s has no valid e-mail address.", partner.display_name)

    def _has_person(self, partner):
        """Whether somebody speaks for the customer: one of its own people, or the
        addressee chosen for its reminders."""
        self.ensure_one()
        debtor, partner = self.sudo(), partner.sudo()
        return (
            partner.commercial_partner_id == debtor.partner_id
            or partner == debtor.collection_contact_id
        )

    def _check_person(self, partner):
        """Refuse somebody else's people.

        :raise UserError: naming the person.
        """
        if not self._has_person(partner):
            raise UserError(
                self.env._("%s is no contact of this customer.", partner.display_name)
            )

    def _get_mail_lang(self, partner):
        """Language to write to this person in: one that is installed."""
        self.ensure_one()
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        debtor = self.sudo()
        candidates = (
            partner.sudo().lang,
            debtor.partner_id.lang,
            debtor.company_id.partner_id.lang,
            self.env.lang,
        )
        return next((lang for lang in candidates if lang in installed), installed[0])

    def _queue_mail(self, partner, subject, body, attachments=(), sender=None):
        """Hand one e-mail over to Odoo's mail queue.

        In test mode it goes to the test address and has no customer among its
        recipients at all. sudo: whoever may act on the debtor needs no right on
        e-mails; the author is the sender.

        :param Markup body: safe HTML.
        :param attachments: ``ir.attachment`` records.
        :param sender: the user who writes; default the current one.
        :raise UserError: when no address can be written to.
        :return: the ``mail.mail`` record, in sudo.
        """
        self.ensure_one()
        obstacle = self._get_mail_obstacle(partner)
        if obstacle:
            raise UserError(obstacle)
        debtor = self.sudo()
        values = debtor._prepare_mail_vals(partner, subject, body, sender)
        values["attachment_ids"] = [
            fields.Command.set(attachments.ids if attachments else [])
        ]
        mail = self.env["mail.mail"].sudo().create(values)
        self.env["mail.notification"].sudo().create(
            {
                "author_id": mail.author_id.id,
                "mail_mail_id": mail.id,
                "mail_message_id": mail.mail_message_id.id,
                "notification_type": "email",
                "notification_status": "ready",
                "is_read": True,
                "res_partner_id": partner.id if mail.recipient_ids else False,
                "mail_email_address": mail.email_to or False,
            }
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return mail

    def _prepare_mail_vals(self, partner, subject, body, sender=None):
        """Values of the e-mail, called in sudo: a hook."""
        company = self.company_id
        recipients = {"recipient_ids": [fields.Command.set(partner.ids)]}
        if company.recouvrement_test_mode:
            recipients = {"email_to": company.recouvrement_test_email}
            subject = self.env._(
                "[TEST for %(contact)s] %(subject)s",
                contact=partner.display_name,
                subject=subject,
            )
        author, email_from = self._get_mail_sender(sender)
        reply_to = self._notify_get_reply_to_batch(
            {self.id: email_from}, {self.id: author.id}
        )[self.id]
        return {
            "model": self._name,
            "res_id": self.id,
            "record_name": self.display_name,
            "record_company_id": company.id,
            "record_alias_domain_id": company.alias_domain_id.id,
            "message_type": "email_outgoing",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment"),
            "is_internal": False,
            "subject": " ".join((subject or "").split()),
            "body": body,
            "body_html": Markup(body),
            "author_id": author.id,
            "email_from": email_from,
            "reply_to": reply_to,
            "headers": repr({"X-Odoo-Objects": f"{self._name}-{self.id}"}),
            "is_notification": True,
            "auto_delete": True,
            "state": "outgoing",
            **recipients,
        }

    def _get_mail_sender(self, sender=None):
        """Who writes: the user, else the collector, else the company, whichever has
        an address.

        :return: ``(partner, address)``.
        """
        sender = sender if sender is not None else self.env.user
        people = [sender, self.collector_id]
        for user in people:
            if user and not user.share and user.email:
                return user.partner_id, user.email_formatted
        company = self.company_id
        return company.partner_id, company.email and company.email_formatted
