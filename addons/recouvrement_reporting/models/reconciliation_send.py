"""Minutes on their way to the customer: sent, reminded, answered, taken back."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

TEMPLATES = {
    "sent": "recouvrement_reporting.template_reconciliation_sent",
    "reminder": "recouvrement_reporting.template_reconciliation_reminder",
    "signed": "recouvrement_reporting.template_reconciliation_signed",
}
LINK_DAYS = 90
EMPTY_ANSWER = {
    "answer": False,
    "answer_amount": 0,
    "answer_date": False,
    "answer_reference": False,
    "answer_text": False,
}


class RecouvrementReconciliation(models.Model):
    _inherit = "recouvrement.reconciliation"

    # ------------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------------

    def action_send(self):
        """Freeze the items, make the document and e-mail the link to answer."""
        self.check_access("write")
        for minutes in self:
            minutes._hand_over()
            minutes._send_mail("sent", minutes.document_id)
        return True

    def action_hand_over(self):
        """The same without an e-mail: for a meeting, or by post."""
        self.check_access("write")
        for minutes in self:
            minutes._hand_over()
        return True

    def _hand_over(self):
        self.ensure_one()
        self._lock()
        self._check_state("draft")
        self._read_items()
        minutes = self.sudo()
        if not minutes.line_ids:
            raise UserError(
                self.env._(
                    "Nothing was open on the account of %(customer)s on %(day)s.",
                    customer=minutes.customer_id.name,
                    day=self._day(self.as_of),
                )
            )
        minutes.write({"state": "sent", "date_sent": fields.Date.context_today(self)})
        minutes._make_document("document")
        self._log(
            self.env._("sent to %s", minutes.partner_id.display_name),
            detail=self.balance_text,
        )

    def action_send_again(self):
        """E-mail the link once more."""
        self.check_access("write")
        self._check_state("sent")
        for minutes in self:
            if minutes._send_mail("reminder", minutes.document_id):
                minutes._log(self.env._("reminded"))
        return True

    def _send_mail(self, kind, attachment):
        """Queue a message to the customer, under the test mode of the company.

        :param str kind: a key of ``TEMPLATES``.
        :return: whether it was queued; if not, ``mail_obstacle`` says why.
        """
        minutes = self.sudo()
        obstacle = minutes.debtor_id._get_mail_obstacle(minutes.partner_id)
        minutes.mail_obstacle = obstacle
        if obstacle:
            return False
        template = self.env.ref(TEMPLATES[kind]).sudo().with_context(lang=minutes.lang)
        subject = template._render_field("subject", minutes.ids)[minutes.id]
        body = template._render_field(
            "body_html", minutes.ids, options={"post_process": True}
        )[minutes.id]
        debtor = minutes.debtor_id.with_context(lang=minutes.lang)
        debtor._queue_mail(
            minutes.partner_id, subject, body, attachment, sender=minutes.user_id
        )
        return True

    def _get_portal_url(self):
        """Address of the minutes on the customer's page, without a password."""
        self.ensure_one()
        link = self.env["recouvrement.access.link"]._give(
            "portal", self.debtor_id, self.partner_id, LINK_DAYS
        )
        return f"{link._get_url()}/reconciliation/{self.id}"

    # ------------------------------------------------------------------
    # ANSWERS
    # ------------------------------------------------------------------

    def _answer_items(self, answers):
        """Write down answers of the customer to items. The caller proved who answers.

        :param dict answers: ``{line id: values of its answer fields}``; ids of other
            minutes are left out.
        :raise UserError: when an answer is not complete, or the minutes are not open.
        """
        self.ensure_one()
        minutes = self.sudo()
        minutes._lock()
        minutes._check_state("sent")
        lines = minutes.line_ids.search(
            [("reconciliation_id", "=", self.id), ("id", "in", list(answers))]
        )
        for line in lines:
            line.write({**EMPTY_ANSWER, **answers[line.id]})

    def _agree_rest(self):
        """The customer agrees with all items that have no answer."""
        self.ensure_one()
        minutes = self.sudo()
        minutes._lock()
        minutes._check_state("sent")
        rest = Domain("reconciliation_id", "=", self.id) & Domain("answer", "=", False)
        minutes.line_ids.search(rest).write({**EMPTY_ANSWER, "answer": "agreed"})

    def action_agree_rest(self):
        """By hand: the customer agrees with all items that have no answer."""
        self.check_access("write")
        for minutes in self:
            minutes._agree_rest()
        return True

    def action_record_answers(self):
        """By hand: the answers are complete."""
        self.check_access("write")
        for minutes in self:
            minutes._submit("hand")
        return True

    def _submit(self, source):
        """The answers are complete: make the minutes that are to be signed.

        :param str source: a value of ``answered_by``.
        :raise UserError: when an item has no answer.
        """
        self.ensure_one()
        minutes = self.sudo()
        minutes._lock()
        minutes._check_state("sent")
        minutes.invalidate_recordset(["unanswered_count"])
        if minutes.unanswered_count:
            raise UserError(
                self.env._("%s item(s) have no answer yet.", minutes.unanswered_count)
            )
        minutes.write(
            {
                "state": "answered",
                "date_answered": fields.Datetime.now(),
                "answered_by": source,
            }
        )
        minutes._make_document("minutes")
        self._log(
            self.env._("answered, %s difference(s)", minutes.difference_count),
            detail=minutes.difference_text,
        )
        minutes._close_activities()
        if source == "portal":
            minutes._schedule(self.env._("%s was answered", minutes.name))

    def _correct(self):
        """The customer goes back to its answers, as long as it has not signed.

        :raise UserError: when it has.
        """
        self.ensure_one()
        minutes = self.sudo()
        minutes._lock()
        minutes._check_state("answered")
        if minutes.signed_on:
            raise UserError(self.env._("%s is signed: it stays as it is.", self.name))
        minutes.write(
            {
                "state": "sent",
                "date_answered": False,
                "answered_by": False,
                "minutes_id": False,
                "minutes_sha256": False,
            }
        )
        self._log(self.env._("answers taken back"))

    def action_correct(self):
        """By hand: back to the answers, before the customer has signed."""
        self.check_access("write")
        for minutes in self:
            minutes._correct()
        return True

    # ------------------------------------------------------------------
    # ENDING
    # ------------------------------------------------------------------

    def _cancel(self, reason):
        """Take minutes back before both have signed.

        :raise UserError: without a reason.
        """
        self.check_access("write")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the minutes are cancelled."))
        self._lock()
        self._check_state("draft", "sent", "answered")
        self.sudo().write({"state": "cancelled", "close_reason": reason})
        self.sudo()._close_activities()
        self._log(self.env._("cancelled"), detail=reason)

    # ------------------------------------------------------------------
    # WAITING
    # ------------------------------------------------------------------

    @api.model
    def _cron_remind(self):
        """Customers that have not answered in time: an activity of who is in charge,
        once, and one e-mail to the customer when it is wanted."""
        domain = [
            ("state", "=", "sent"),
            ("answer_before", "<", fields.Date.context_today(self)),
            ("date_reminded", "=", False),
        ]
        late = self.search(domain, order="id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(late))
        for minutes in late:
            minutes = minutes.try_lock_for_update().filtered_domain(domain)
            for one in minutes._in_desk_languages():
                one._remind()
            if not cron._commit_progress(1):
                break

    def _remind(self):
        self.ensure_one()
        self.sudo().date_reminded = fields.Date.context_today(self)
        sent = self.remind_by_mail and self._send_mail("reminder", self.document_id)
        self._schedule(
            self.env._("%s was not answered", self.name),
            self.env._("The customer was reminded by e-mail.")
            if sent
            else self.mail_obstacle or "",
        )
        self._log(self.env._("not answered in time"))

    def _schedule(self, summary, note=""):
        """An activity of who is in charge, in that name when a customer is the cause:
        colleagues may not read visitors as users, which an activity shows."""
        user = self._get_owner()
        self._as_colleague().activity_schedule(
            "mail.mail_activity_data_todo", summary=summary, note=note, user_id=user.id
        )

    def _close_activities(self):
        self._as_colleague().activity_feedback(["mail.mail_activity_data_todo"])

    def _get_owner(self):
        return self.user_id or self.collector_id or self.env.ref("base.user_root")

    def _as_colleague(self):
        """In sudo, and never as a visitor."""
        visitor = not self.env.user._is_internal()
        return (self.with_user(self._get_owner()) if visitor else self).sudo()
