from odoo import api, fields, models
from odoo.tools import SQL, email_normalize


class RecouvrementChannelEmail(models.AbstractModel):
    """E-mails leave through Odoo's mail queue and show on the debtor's thread.

    A reminder is queued until the mail server took its message (``mail_mail.py``);
    a bounce fails it even later (``mail_thread.py``).
    """

    _name = "recouvrement.channel.email"
    _description = "E-mail Channel"
    _inherit = "recouvrement.channel"

    _replaceable = True
    _is_written = True

    @api.model
    def _reachable_sql(self):
        return SQL("NOT COALESCE(d.missing_email, TRUE)")

    @api.model
    def _send(self, reminders):
        ready = reminders._fail_where(self._get_obstacle)
        documents = ready._make_email_documents()
        ready = ready.filtered(lambda r: r.state == "approved")
        if not ready:
            return
        mails = self._create_mails(ready, documents)
        for reminder, mail in zip(ready, mails, strict=True):
            reminder.mail_message_id = mail.mail_message_id
        ready._queue()
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    @api.model
    def _get_obstacle(self, reminder):
        """Why an e-mail cannot leave, or False."""
        if reminder.render_error:
            return reminder.render_error
        if reminder.is_test:
            if not reminder.company_id.recouvrement_test_email:
                return self.env._(
                    "Test mode is on for %s, but no test address is set.",
                    reminder.company_id.name,
                )
        elif not email_normalize(reminder.partner_id.email, strict=False):
            return self.env._(
                "%s has no valid e-mail address.", reminder.partner_id.display_name
            )
        return False

    # ------------------------------------------------------------------
    # MAILS: a constant number of queries per batch
    # ------------------------------------------------------------------

    @api.model
    def _create_mails(self, reminders, documents):
        reply_to = self._get_reply_to(reminders)
        mails = self.env["mail.mail"].create(
            [
                self._prepare_mail_vals(
                    reminder, reply_to[reminder], documents.get(reminder.id, [])
                )
                for reminder in reminders
            ]
        )
        self.env["mail.notification"].create(
            [
                self._prepare_notification_vals(reminder, mail)
                for reminder, mail in zip(reminders, mails, strict=True)
            ]
        )
        return mails

    @api.model
    def _prepare_mail_vals(self, reminder, reply_to, attachment_ids):
        """Values of the ``mail.mail`` of one reminder: a hook.

        In test mode it has no customer among its recipients at all.
        """
        company = reminder.company_id
        template = reminder.level_id._get_template("email")
        subject = reminder._get_rendered_subject()
        body = reminder._get_rendered_body()
        if reminder.is_test:
            recipients = {"email_to": company.recouvrement_test_email}
            subject = self.env._(
                "[TEST for %(contact)s] %(subject)s",
                contact=reminder.partner_id.display_name,
                subject=subject,
            )
        else:
            recipients = {
                "recipient_ids": [fields.Command.set(reminder.partner_id.ids)]
            }
        return {
            "model": "recouvrement.debtor",
            "res_id": reminder.debtor_id.id,
            "record_name": reminder.debtor_id.display_name,
            "record_company_id": company.id,
            "record_alias_domain_id": company.alias_domain_id.id,
            "message_type": "email_outgoing",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment"),
            "is_internal": False,
            "subject": subject,
            "body": body,
            "body_html": self._wrap(template, reminder, body),
            "author_id": self._get_author(reminder).id,
            "email_from": self._get_email_from(reminder),
            "reply_to": reply_to,
            "mail_server_id": template.mail_server_id.id,
            "attachment_ids": [fields.Command.set(attachment_ids)],
            "headers": repr(
                {"X-Odoo-Objects": f"recouvrement.debtor-{reminder.debtor_id.id}"}
            ),
            "is_notification": True,
            "auto_delete": True,
            "state": "outgoing",
            **recipients,
        }

    @api.model
    def _wrap(self, template, reminder, body):
        """Put the text in the layout that its template names."""
        if not template.email_layout_xmlid:
            return body
        renderer = self.env["mail.render.mixin"].with_context(lang=reminder.lang)
        return renderer._render_encapsulate(
            template.email_layout_xmlid,
            body,
            add_context={"company": reminder.company_id},
            context_record=reminder.debtor_id,
        )

    @api.model
    def _prepare_notification_vals(self, reminder, mail):
        """The trace through which Odoo shows a failure or a bounce in the thread."""
        test_address = email_normalize(mail.email_to, strict=False)
        return {
            "author_id": mail.author_id.id,
            "mail_mail_id": mail.id,
            "mail_message_id": mail.mail_message_id.id,
            "notification_type": "email",
            "notification_status": "ready",
            "is_read": True,
            "res_partner_id": not reminder.is_test and reminder.partner_id.id,
            "mail_email_address": reminder.is_test and (test_address or mail.email_to),
        }

    @api.model
    def _get_author(self, reminder):
        collector = reminder.collector_id
        return (
            collector.partner_id if collector.email else reminder.company_id.partner_id
        )

    @api.model
    def _get_email_from(self, reminder):
        """The collector, else the company."""
        sender = reminder.collector_id
        if not sender.email:
            sender = reminder.company_id
        return sender.email_formatted if sender.email else False

    @api.model
    def _get_reply_to(self, reminders):
        """Where answers go: Odoo's catchall, which puts them on the debtor's thread,
        else the sender."""
        debtors = reminders.debtor_id
        defaults, authors = {}, {}
        for reminder in reminders:
            defaults[reminder.debtor_id.id] = self._get_email_from(reminder)
            authors[reminder.debtor_id.id] = self._get_author(reminder).id
        addresses = debtors._notify_get_reply_to_batch(defaults, authors)
        return {reminder: addresses[reminder.debtor_id.id] for reminder in reminders}
