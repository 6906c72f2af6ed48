"""How a relay reaches the person asked: an activity, or an e-mail with a link."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_date


class RecouvrementRelay(models.Model):
    _inherit = "recouvrement.relay"

    @api.model
    def _ask(self, vals_list):
        """Write relays down and ask them, as one batch.

        sudo: the caller has checked the rights on the debtors; the author stays the
        real user.

        :raise UserError: when a person cannot be written to.
        """
        relays = self.sudo().create(
            [{"asked_by_id": self.env.uid, **vals} for vals in vals_list]
        )
        for relay in relays:
            relay.is_test = relay.company_id.recouvrement_test_mode
        relays._give_links()
        relays.filtered("user_id")._create_activities()
        relays.filtered("partner_id")._send_mails("template_relay")
        relays._log_asked()
        relays.debtor_id._refresh_relay_counts()
        return relays.sudo(False)

    def _give_links(self):
        """A link for each, valid some time after the answer is due."""
        links = (
            self.env["recouvrement.access.link"]
            .sudo()
            .create(
                [
                    {
                        "purpose": "relay",
                        "debtor_id": relay.debtor_id.id,
                        "partner_id": relay.person_id.id,
                        "res_id": relay.id,
                        "date_expiry": relay.date_due
                        + timedelta(days=relay.company_id.recouvrement_relay_link_days),
                    }
                    for relay in self
                ]
            )
        )
        for relay, link in zip(self, links, strict=True):
            relay.link_id = link

    def _log_asked(self):
        labels = dict(self._fields["role"]._description_selection(self.env))
        self.env["recouvrement.event"].sudo().create(
            [
                {
                    "debtor_id": relay.debtor_id.id,
                    "company_id": relay.company_id.id,
                    "user_id": relay.asked_by_id.id,
                    "kind": "relay",
                    "summary": self.env._(
                        "Relay asked to %(person)s (%(role)s), before %(day)s%(test)s",
                        person=relay.person_id.name,
                        role=labels[relay.role],
                        day=format_date(self.env, relay.date_due),
                        test=self.env._(" (test)") if relay.is_test else "",
                    ),
                    "detail": relay.question,
                    "reminder_id": relay.reminder_id.id,
                }
                for relay in self
            ]
        )

    # ------------------------------------------------------------------
    # ACTIVITY
    # ------------------------------------------------------------------

    def _create_activities(self):
        activities = (
            self.env["mail.activity"]
            .sudo()
            .with_context(mail_activity_quick_update=True)
            .create([relay._prepare_activity() for relay in self])
        )
        for relay, activity in zip(self, activities, strict=True):
            relay.activity_id = activity

    def _prepare_activity(self):
        """Values of the activity of a user; a reminder brings its own text."""
        relay = self.with_context(lang=self.lang)
        if self.reminder_id:
            values = self.env["recouvrement.channel.relay"]._prepare_activity_vals(
                self.reminder_id
            )
        else:
            summary = relay.env._("Relay: %s", self.debtor_id.display_name)
            if self.is_test:
                summary = relay.env._("[TEST, contact nobody] %s", summary)
            values = {
                "res_model_id": self.env["ir.model"]._get_id("recouvrement.debtor"),
                "res_id": self.debtor_id.id,
                "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(
                    "mail.mail_activity_data_todo"
                ),
                "summary": summary,
                "note": "",
            }
        note = (
            self.env["ir.qweb"]
            .with_context(lang=self.lang)
            ._render("recouvrement.relay_activity_note", {"relay": relay})
        )
        return {
            **values,
            "user_id": self.user_id.id,
            "date_deadline": self.date_due,
            "note": values["note"] + note,
        }

    # ------------------------------------------------------------------
    # E-MAIL
    # ------------------------------------------------------------------

    def _send_mails(self, template_xmlid):
        """Write to persons without a user, through Odoo's mail queue.

        :raise UserError: when one cannot be written to.
        """
        if not self:
            return
        for relay in self:
            obstacle = relay._get_mail_obstacle()
            if obstacle:
                raise UserError(obstacle)
        template = self.env.ref(f"recouvrement.{template_xmlid}").sudo()
        values = []
        for lang, relays in self.grouped("lang").items():
            localized = template.with_context(lang=lang)
            subjects = localized._render_field("subject", relays.ids)
            bodies = localized._render_field("body_html", relays.ids)
            for relay in relays:
                values.append(
                    (relay, relay._prepare_mail(subjects[relay.id], bodies[relay.id]))
                )
        mails = self.env["mail.mail"].sudo().create([vals for _relay, vals in values])
        for (relay, _vals), mail in zip(values, mails, strict=True):
            relay.sudo().mail_message_id = mail.mail_message_id
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _get_mail_obstacle(self):
        """Why no e-mail can leave for this relay, or False."""
        if self.is_test:
            if self.company_id.recouvrement_test_email:
                return False
            return self.env._(
                "Test mode is on for %s, but no test address is set.",
                self.company_id.name,
            )
        if email_normalize(self.partner_id.email, strict=False):
            return False
        return self.env._(
            "%s has no valid e-mail address.", self.partner_id.display_name
        )

    def _prepare_mail(self, subject, body):
        """Values of the ``mail.mail``. In test mode the person is not among its
        recipients at all; an answer by e-mail comes back to the debtor's thread."""
        company, debtor = self.company_id, self.debtor_id
        sender = self.asked_by_id if self.asked_by_id.email else company
        author = self.asked_by_id if self.asked_by_id.email else company
        email_from = sender.email_formatted if sender.email else False
        reply_to = debtor._notify_get_reply_to_batch(
            {debtor.id: email_from}, {debtor.id: author.partner_id.id}
        )
        if self.is_test:
            subject = self.env._(
                "[TEST for %(contact)s] %(subject)s",
                contact=self.partner_id.display_name,
                subject=subject,
            )
            recipients = {"email_to": company.recouvrement_test_email}
        else:
            recipients = {"recipient_ids": [fields.Command.set(self.partner_id.ids)]}
        return {
            "model": "recouvrement.debtor",
            "res_id": debtor.id,
            "record_name": debtor.display_name,
            "record_company_id": company.id,
            "record_alias_domain_id": company.alias_domain_id.id,
            "message_type": "email_outgoing",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            "is_internal": True,
            "subject": subject,
            "body": body,
            "body_html": self._wrap(body),
            "author_id": author.partner_id.id,
            "email_from": email_from,
            "reply_to": reply_to[debtor.id],
            "is_notification": True,
            "auto_delete": True,
            "state": "outgoing",
            **recipients,
        }

    def _wrap(self, body):
        return (
            self.env["mail.render.mixin"]
            .with_context(lang=self.lang)
            ._render_encapsulate(
                "mail.mail_notification_light",
                body,
                add_context={"company": self.company_id},
                context_record=self.debtor_id,
            )
        )
