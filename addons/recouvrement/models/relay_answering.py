"""What becomes of a relay: answered, returned without an answer, or withdrawn."""

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .relay import OUTCOMES, WAITING

BATCH = 200


class RecouvrementRelay(models.Model):
    _inherit = "recouvrement.relay"

    # ------------------------------------------------------------------
    # ANSWER
    # ------------------------------------------------------------------

    def _answer(self, outcome, text=False, day=None, attachments=None):
        """Record the answer of a relay; who calls has proved the right to answer.

        :param str outcome: a code of ``OUTCOMES``.
        :param date day: when the customer says it will pay.
        :param attachments: ``ir.attachment`` records that came along.
        :raise UserError: when it waits for no answer any more, or says nothing.
        """
        self.ensure_one()
        relay = self.sudo()
        relay.lock_for_update()
        relay.invalidate_recordset(["state"], flush=False)
        self._check_answer(outcome, text, day)
        relay.write(
            {
                "state": "answered",
                "answer": (text or "").strip(),
                "answer_outcome": outcome,
                "answer_date": outcome == "will_pay" and day,
                "answered_on": fields.Datetime.now(),
                "is_handled": False,
                "attachment_ids": [
                    fields.Command.link(file.id) for file in attachments or ()
                ],
            }
        )
        relay._log_outcome("relay", self.env._("Relay answered by %s"))
        relay._prove_reminder()
        relay._notify_collector(self.env._("Relay answered: %s"))
        relay.debtor_id._refresh_relay_counts()

    def _check_answer(self, outcome, text, day):
        if self.sudo().state not in WAITING:
            raise UserError(self.env._("This relay waits for no answer."))
        if outcome not in dict(OUTCOMES):
            raise UserError(self.env._("Choose an answer."))
        if outcome == "will_pay" and not day:
            raise UserError(self.env._("Say when the customer will pay."))
        if outcome in ("dispute", "technical", "by_mail") and not (text or "").strip():
            raise UserError(self.env._("Say what it is about."))

    def _describe_answer(self):
        """The answer in words, one fact per line."""
        labels = dict(self._fields["answer_outcome"]._description_selection(self.env))
        parts = [labels.get(self.answer_outcome)]
        if self.answer_date:
            parts.append(
                self.env._(
                    "Payment announced for %s", format_date(self.env, self.answer_date)
                )
            )
        parts.append(self.answer)
        return "\n".join(filter(None, parts))

    def _log_outcome(self, kind, summary):
        """:param str summary: with one ``%s`` for the person."""
        self.debtor_id._log_event(
            kind,
            summary % self.person_id.name,
            detail=self._describe_answer() or self.return_reason,
            user_id=self._get_actor().id,
            reminder_id=self.reminder_id.id,
        )

    def _get_actor(self):
        """Who answers: the user, or the system for a person who has none."""
        return self.user_id or self.env.user

    def _prove_reminder(self):
        """The answer proves the reminder that the relay carried."""
        text = self._describe_answer()
        activity = self.activity_id.filtered("active")
        if activity:
            activity._action_done(feedback=self._to_html(text))
        elif self.reminder_id:
            self.reminder_id.filtered(
                lambda reminder: reminder.state == "queued"
            )._confirm_sent(outcome=text)

    @api.model
    def _to_html(self, text):
        lines = Markup("<br/>").join((text or "").split("\n"))
        return Markup("<p>%s</p>") % lines

    def _notify_collector(self, summary):
        """An activity for who follows the debtor, in place of the last one.

        :param str summary: with one ``%s`` for the person.
        """
        self.notice_activity_id.filtered("active").unlink()
        activities = (
            self.env["mail.activity"]
            .sudo()
            .with_context(mail_activity_quick_update=True)
            .create([relay._prepare_notice(summary) for relay in self])
        )
        for relay, activity in zip(self, activities, strict=True):
            relay.notice_activity_id = activity

    def _prepare_notice(self, summary):
        debtor = self.debtor_id
        assignee = debtor.substitute_id or debtor.collector_id or self.asked_by_id
        text = self._describe_answer() or self.return_reason
        return {
            "res_model_id": self.env["ir.model"]._get_id("recouvrement.debtor"),
            "res_id": debtor.id,
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(
                "mail.mail_activity_data_todo"
            ),
            "user_id": assignee.id,
            "date_deadline": fields.Date.context_today(self),
            "summary": summary % self.person_id.name,
            "note": self._to_html(text),
        }

    # ------------------------------------------------------------------
    # NO ANSWER
    # ------------------------------------------------------------------

    def _return(self, reason):
        """Give relays back to the collectors, who follow them up themselves."""
        waiting = self.sudo().filtered(lambda relay: relay.state == "asked")
        if not waiting:
            return
        waiting.write(
            {
                "state": "returned",
                "date_returned": fields.Date.context_today(self),
                "return_reason": reason,
                "is_handled": False,
            }
        )
        for relay in waiting:
            relay._log_outcome("relay", self.env._("Relay without an answer from %s"))
        waiting._notify_collector(self.env._("No answer from %s"))
        waiting.debtor_id._refresh_relay_counts()

    def _cancel(self, reason):
        """Withdraw questions: nobody can answer them any more."""
        waiting = self.sudo().filtered(lambda relay: relay.state in WAITING)
        waiting.write({"state": "cancelled", "cancel_reason": reason})
        waiting.link_id.write({"revoked": True, "revoked_by_id": self.env.uid})
        for relay in waiting:
            relay.debtor_id._log_event(
                "relay",
                self.env._("Relay withdrawn from %s", relay.person_id.name),
                detail=reason,
            )
        waiting.reminder_id.filtered(lambda r: r.state == "queued")._mark_failed(reason)
        (waiting.activity_id | waiting.notice_activity_id).filtered("active").unlink()
        waiting.debtor_id._refresh_relay_counts()

    # ------------------------------------------------------------------
    # NIGHT
    # ------------------------------------------------------------------

    @api.model
    def _cron_follow_up(self):
        """Remind once on the eve, and return what is overdue; resumable."""
        today = fields.Date.context_today(self)
        eve = fields.Date.add(today, days=1)
        start = fields.Datetime.to_string(fields.Datetime.to_datetime(today))
        self._in_batches(
            [
                ("state", "=", "asked"),
                ("date_reminded", "=", False),
                ("date_due", ">=", today),
                ("date_due", "<=", eve),
                ("date_asked", "<", start),
            ],
            "_remind",
        )
        self._in_batches(
            [("state", "=", "asked"), ("date_due", "<", today)], "_return_overdue"
        )

    @api.model
    def _in_batches(self, domain, method):
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self.search_count(domain))
        while relays := self.search(domain, limit=BATCH, order="id"):
            locked = relays.try_lock_for_update().filtered_domain(domain)
            if not locked:
                break
            for part in locked._in_desk_languages():
                getattr(part, method)()
            if not progress(len(locked)):
                break

    def _remind(self):
        """Once before the answer is due; a person who cannot be written to any more
        goes back to the collector."""
        self.sudo().date_reminded = fields.Date.context_today(self)
        unreachable = self.browse()
        for relay in self.filtered("partner_id"):
            obstacle = relay._get_mail_obstacle()
            if obstacle:
                unreachable |= relay
                relay._return(obstacle)
        (self.filtered("partner_id") - unreachable)._send_mails("template_relay_again")
        for relay in self.filtered(lambda r: r.user_id and not r.is_test):
            localized = relay.with_context(lang=relay.lang)
            relay.debtor_id.sudo().message_notify(
                partner_ids=relay.user_id.partner_id.ids,
                subject=localized.env._("Relay: %s", relay.debtor_id.display_name),
                body=localized.env._(
                    "Your answer about %(customer)s is expected before %(day)s.",
                    customer=relay.debtor_id.display_name,
                    day=format_date(localized.env, relay.date_due),
                ),
            )

    def _return_overdue(self):
        self._return(self.env._("The time to answer is over."))
