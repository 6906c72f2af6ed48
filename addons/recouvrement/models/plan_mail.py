"""What the customer is sent about a plan, through Odoo's mail queue and under the test
mode of the company, like the reminders; and what the collector is told of it."""

from odoo import fields, models

TEMPLATES = {
    "offer": "recouvrement.template_plan_offer",
    "accepted": "recouvrement.template_plan_accepted",
    "warning": "recouvrement.template_plan_warning",
    "forfeit": "recouvrement.template_plan_forfeit",
}


class RecouvrementPaymentPlan(models.Model):
    _inherit = "recouvrement.payment.plan"

    mail_obstacle = fields.Char(
        string="E-mail Not Sent",
        readonly=True,
        help="Why the last message did not leave.",
    )

    def _send_mails(self, kind, attachments=None):
        """Queue a message for the signatory of each plan.

        :param str kind: a key of ``TEMPLATES``.
        :param attachments: files that go along.
        :return: the plans whose message was queued; the others say why.
        """
        plans = self.sudo()
        obstacles = {plan.id: plan._get_mail_obstacle() for plan in plans}
        field = "warning_obstacle" if kind == "warning" else "mail_obstacle"
        for plan in plans:
            if plan[field] != obstacles[plan.id]:
                plan[field] = obstacles[plan.id]
        ready = plans.filtered(lambda plan: not obstacles[plan.id])
        if not ready:
            return ready
        template = self.env.ref(TEMPLATES[kind]).sudo()
        subjects = template._render_field("subject", ready.ids, compute_lang=True)
        bodies = template._render_field("body_html", ready.ids, compute_lang=True)
        reply_to = ready._get_reply_to()
        files = (attachments or self.env["ir.attachment"]).ids
        self.env["mail.mail"].sudo().create(
            [
                plan._prepare_mail_vals(
                    subjects[plan.id],
                    bodies[plan.id],
                    reply_to[plan.debtor_id.id],
                    files,
                )
                for plan in ready
            ]
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        return ready

    def _get_mail_obstacle(self):
        """Why an e-mail cannot leave, or False."""
        return self.debtor_id._get_mail_obstacle(self.partner_id)

    def _prepare_mail_vals(self, subject, body, reply_to, attachment_ids):
        """Values of the ``mail.mail`` of one plan, on the thread of its debtor: a hook.

        In test mode it has no customer among its recipients at all.
        """
        company = self.company_id
        recipients = {"recipient_ids": [fields.Command.set(self.partner_id.ids)]}
        if company.recouvrement_test_mode:
            recipients = {"email_to": company.recouvrement_test_email}
            subject = self.env._(
                "[TEST for %(contact)s] %(subject)s",
                contact=self.partner_id.display_name,
                subject=subject,
            )
        return {
            "model": "recouvrement.debtor",
            "res_id": self.debtor_id.id,
            "record_name": self.debtor_id.display_name,
            "record_company_id": company.id,
            "record_alias_domain_id": company.alias_domain_id.id,
            "message_type": "email_outgoing",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_comment"),
            "is_internal": False,
            "subject": subject,
            "body": body,
            "body_html": body,
            "author_id": self._get_sender().partner_id.id,
            "email_from": self._get_sender().email_formatted or False,
            "reply_to": reply_to,
            "attachment_ids": [fields.Command.set(attachment_ids)],
            "headers": repr(
                {"X-Odoo-Objects": f"recouvrement.debtor-{self.debtor_id.id}"}
            ),
            "is_notification": True,
            "auto_delete": True,
            "state": "outgoing",
            **recipients,
        }

    def _get_sender(self):
        """The collector who has an address, else the company."""
        collector = self.debtor_id.collector_id or self.user_id
        return collector if collector.email else self.company_id

    def _get_reply_to(self):
        """Where answers go: the debtor's thread, by debtor id."""
        defaults, authors = {}, {}
        for plan in self:
            defaults[plan.debtor_id.id] = plan._get_sender().email_formatted or False
            authors[plan.debtor_id.id] = plan._get_sender().partner_id.id
        return self.debtor_id._notify_get_reply_to_batch(defaults, authors)

    # ------------------------------------------------------------------
    # COLLECTOR
    # ------------------------------------------------------------------

    def _tell_negotiator(self, decision, reason=""):
        """Notify who negotiated the plans of what somebody else decided.

        :param str decision: ``approved`` or ``sent_back``.
        """
        plans = self.sudo().filtered(lambda plan: plan.user_id != self.env.user)
        for plan in plans:
            told = plan.with_context(lang=plan.user_id.lang)
            summaries = {
                "approved": told.env._("approved"),
                "sent_back": told.env._("sent back"),
            }
            told.message_notify(
                partner_ids=plan.user_id.partner_id.ids,
                subject=told._tell(summaries[decision]),
                body=reason or told._describe(),
            )
