"""How approved reminders leave, and what proves that they did."""

import logging

from psycopg2 import OperationalError

from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class RecouvrementReminder(models.Model):
    _inherit = "recouvrement.reminder"

    document_id = fields.Many2one(
        "ir.attachment",
        string="Printed In",
        readonly=True,
        index="btree_not_null",
        help="The file of letters that this letter is part of.",
    )
    outcome = fields.Text(
        readonly=True, help="What the call or the relay brought, in the user's words."
    )

    # ------------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------------

    def _send(self):
        """Re-read the ledger, then hand the reminders to their channels.

        Called with approved reminders whose rows are locked. sudo: whoever may send
        needs no right on mails and attachments; the author stays the real user.
        """
        # Browsed anew: records taken from a campaign lose their common prefetch when
        # the campaign leaves the cache.
        ready = self.sudo().browse(self.ids)._recheck()._match_levels()
        ready = ready._drop_below_minimum()
        if not ready:
            return
        ready._stamp_test_mode()
        ready._note_contents()
        for channel, reminders in ready._group_by_channel().items():
            reminders._send_by(channel)

    def _send_by(self, channel):
        """A channel that breaks down fails its own reminders, not the batch."""
        try:
            with self.env.cr.savepoint():
                self.env["recouvrement.channel"]._get_channel(channel)._send(self)
        except (OperationalError, MemoryError):
            raise
        except Exception as error:
            _logger.exception("Channel %s failed for reminders %s", channel, self.ids)
            self.invalidate_recordset()
            self._mark_failed(str(error) or type(error).__name__)

    def _stamp_test_mode(self):
        """Whether a reminder is a test is settled at the moment it leaves."""
        tests = self.filtered("company_id.recouvrement_test_mode")
        tests.filtered(lambda r: not r.is_test).is_test = True
        (self - tests).filtered("is_test").is_test = False

    def _fail_where(self, get_reason):
        """Fail the reminders for which ``get_reason`` gives a reason.

        :return: the others.
        """
        groups = self.grouped(lambda reminder: get_reason(reminder) or "")
        remaining = groups.pop("", self.browse())
        for reason, reminders in groups.items():
            reminders._mark_failed(reason)
        return remaining

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_send_now(self):
        """Approve what the user may approve of these reminders, and send at once.

        :raise LockError: when another user or the background is sending them.
        """
        self.check_access("write")
        self.filtered(lambda r: r.state == "proposed").action_approve()
        approved = self.filtered(lambda r: r.state == "approved")
        if not approved:
            raise UserError(self.env._("None of these reminders is waiting to leave."))
        approved._check_approver()
        approved.lock_for_update()
        approved._send()
        return True

    def action_retry(self):
        """Send failed reminders again, after another look at the ledger.

        :raise UserError: when an item got the level from another reminder meanwhile.
        """
        self.check_access("write")
        failed = self.filtered(lambda r: r.state == "failed")
        if not failed:
            raise UserError(self.env._("None of these reminders has failed."))
        failed._check_approver()
        failed.lock_for_update()
        failed._claim_again()
        failed.sudo().write({"state": "approved", "failure_reason": False})
        failed._send()
        return True

    def _claim_again(self):
        """Take the levels of the reminded items back; the unique index of
        ``recouvrement.reminder.line`` decides between two reminders."""
        lines = self.env["recouvrement.reminder.line"]
        lines.flush_model()
        taken = self.env.execute_query(
            SQL(
                """
                SELECT mine.id
                  FROM recouvrement_reminder_line mine
                  JOIN recouvrement_reminder_line theirs
                    ON theirs.move_line_id = mine.move_line_id
                   AND theirs.rank = mine.rank
                   AND theirs.claimed
                   AND theirs.id <> mine.id
                 WHERE mine.reminder_id = ANY(%s)
                   AND mine.role = 'chase' AND mine.level_id IS NOT NULL
                 LIMIT 1
                """,
                self.ids,
            )
        )
        if taken:
            line = lines.sudo().browse(taken[0])
            raise UserError(
                self.env._(
                    "“%(item)s” of %(debtor)s already got this level from another "
                    "reminder: this one cannot be sent again.",
                    item=line.name,
                    debtor=line.debtor_id.display_name,
                )
            )
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_reminder_line
                   SET claimed = TRUE
                 WHERE reminder_id = ANY(%s)
                   AND role = 'chase' AND level_id IS NOT NULL AND NOT claimed
                """,
                self.ids,
            )
        )
        lines.invalidate_model(["claimed"])

    def action_preview(self):
        """Show the reminder as it would leave now."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": "recouvrement.reminder.preview",
            "view_mode": "form",
            "target": "new",
            "context": {"default_reminder_id": self.id},
        }

    def action_letters_posted(self):
        """Confirm that printed letters were posted."""
        waiting = self.filtered(lambda r: r._waits_for_posting())
        if not waiting:
            raise UserError(self.env._("No printed letter is waiting to be posted."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Letters Posted"),
            "res_model": "recouvrement.letters.posted",
            "view_mode": "form",
            "target": "new",
            "context": {"default_reminder_ids": waiting.ids},
        }

    def _waits_for_posting(self):
        return self.state == "queued" and self.channel in ("letter", "registered")

    def action_add_proof(self):
        """Record the receipt of a registered letter, with the scanned proof."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Proof of Receipt"),
            "res_model": "recouvrement.registered.proof",
            "view_mode": "form",
            "target": "new",
            "context": {"default_reminder_id": self.id},
        }

    def action_print_letter(self):
        """The file the letter was printed in, else the letter as it is now."""
        if len(self.document_id) == 1 and all(self.mapped("document_id")):
            return self._get_download_action(self.document_id)
        return self.env.ref("recouvrement.action_report_reminder_letter").report_action(
            self
        )

    def _get_actor(self):
        """Who answers for what happens to the reminder: the user, or who approved it
        when the mail queue or the scheduler reports."""
        if self.env.uid == SUPERUSER_ID and self.approved_by_id:
            return self.approved_by_id
        return self.env.user

    # ------------------------------------------------------------------
    # TEST MODE
    # ------------------------------------------------------------------

    def _hold_mails_back(self, companies):
        """Test mode is switched on: what is still in the mail queue for a customer
        does not leave any more. sudo: whoever may change the setting stops all."""
        waiting = self.sudo().search(
            [
                ("company_id", "in", companies.ids),
                ("state", "=", "queued"),
                ("channel", "=", "email"),
                ("is_test", "=", False),
            ]
        )
        waiting.mail_message_id.mail_ids.filtered(
            lambda mail: mail.state == "outgoing"
        ).cancel()

    # ------------------------------------------------------------------
    # PROOF, from the mail queue and the activities
    # ------------------------------------------------------------------

    def _of_messages(self, messages):
        """Reminders whose e-mail is one of these messages (sudo: the mail server
        reports to nobody in particular)."""
        if not messages:
            return self.browse()
        return self.sudo().search([("mail_message_id", "in", messages.ids)])

    def _of_activities(self, activities):
        """Reminders that wait for one of these activities."""
        if not activities:
            return self.browse()
        return self.sudo().search(
            [("activity_id", "in", activities.ids), ("state", "=", "queued")]
        )
