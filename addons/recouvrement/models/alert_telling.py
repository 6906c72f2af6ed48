"""Alerts reach people: one message a day and person, activities on the accounts."""

from odoo import api, fields, models

ACTIVITY = "mail.mail_activity_data_warning"
BODY = "recouvrement.alert_digest"


class RecouvrementAlert(models.Model):
    _inherit = "recouvrement.alert"

    @api.model
    def _tell(self, user):
        """Tell a person what is new and what they may read; the rest is forgotten."""
        waiting = self.search(
            [
                ("user_id", "=", user.id),
                ("date_told", "=", False),
                ("date_ended", "=", False),
            ],
            order="company_id, kind, date, id",
        )
        companies = user.company_ids.root_id
        told = waiting.filtered(lambda one: one.company_id in companies)
        scoped = told.debtor_id.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )
        readable = scoped._filtered_access("read")
        told = told.filtered(lambda one: one.debtor_id.id in readable.ids)
        (waiting - told).unlink()
        for company, alerts in told.grouped("company_id").items():
            alerts._tell_company(user, company)
            alerts.write(
                {
                    "date_told": fields.Datetime.now(),
                    "told_as_test": company.recouvrement_test_mode,
                }
            )

    def _tell_company(self, user, company):
        """What is new of one legal entity."""
        by_mail = self.filtered("rule_id.by_mail")
        if by_mail:
            by_mail.with_context(lang=user.lang)._send_digest(user, company)
        # What was there when a rule began would bury people in activities.
        self.filtered(
            lambda one: (
                one.rule_id.by_activity and one.date_found > one.rule_id.started_on
            )
        ).with_context(lang=user.lang)._make_activities(user)

    # ------------------------------------------------------------------
    # E-MAIL
    # ------------------------------------------------------------------

    def _send_digest(self, user, company):
        """One message. In test mode it goes to the test address, or nowhere."""
        recipients = {"recipient_ids": [fields.Command.set(user.partner_id.ids)]}
        subject = self.env._(
            "%(count)s new alerts · %(company)s", count=len(self), company=company.name
        )
        if company.recouvrement_test_mode:
            if not company.recouvrement_test_email:
                return
            recipients = {"email_to": company.recouvrement_test_email}
            subject = self.env._(
                "[TEST for %(contact)s] %(subject)s",
                contact=user.partner_id.display_name,
                subject=subject,
            )
        self.env["mail.mail"].sudo().create(
            {
                "subject": subject,
                "body_html": self._render_digest(user, company),
                "email_from": company.email_formatted or user.email_formatted,
                "auto_delete": True,
                **recipients,
            }
        )

    def _render_digest(self, user, company):
        labels = dict(self._label_kinds())
        return self.env["ir.qweb"]._render(
            BODY,
            {
                "user": user,
                "company": company,
                "sections": [
                    (labels.get(kind, kind), alerts)
                    for kind, alerts in self.grouped("kind").items()
                ],
                "base_url": company.get_base_url(),
            },
            lang=user.lang,
        )

    # ------------------------------------------------------------------
    # ACTIVITIES
    # ------------------------------------------------------------------

    def _make_activities(self, user):
        """One for each account, that names its facts."""
        labels = dict(self._label_kinds())
        kind = self.env["ir.model.data"]._xmlid_to_res_id(ACTIVITY)
        model = self.env["ir.model"]._get_id("recouvrement.debtor")
        today = fields.Date.context_today(self)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model,
                    "res_id": debtor.id,
                    "activity_type_id": kind,
                    "user_id": user.id,
                    "automated": True,
                    "date_deadline": today,
                    "summary": ", ".join(
                        dict.fromkeys(labels.get(one.kind, one.kind) for one in alerts)
                    ),
                }
                for debtor, alerts in self.grouped("debtor_id").items()
            ]
        )
