"""What follows a return: the action table applied, traced, and undone while nothing has
left.
"""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ..tools import target_calendar
from ..tools.returns import may_represent, pick_rule, represent_day
from .sepa_return import MATCHED

# A debtor who died is held until somebody decides with the estate.
STOP_DAYS = 365


class RecouvrementSepaReturn(models.Model):
    _inherit = "recouvrement.sepa.return"

    def _apply_table(self):
        """Choose the row of the table for each return, and do what it says.

        Announced returns only stop the mandate; their action waits for the booking.
        What a person handled is left alone.
        """
        table = self.env["recouvrement.sepa.return.rule"]
        rules = table._get_rules()
        chosen = {}
        for record in self.filtered(lambda r: not r.handled_by_id):
            rule = pick_rule(
                rules,
                record.reason_id.code or "",
                record.mandate_id.scheme or "",
                record.failures or 1,
                record.company_id.id,
            )
            found = table.browse(rule.id) if rule else table
            if record.kind != "reversal" and record.rule_id != found:
                chosen.setdefault(found, []).append(record.id)
        for rule, ids in chosen.items():
            records = self.browse(ids)
            records._withdraw_actions()
            records.write({"rule_id": rule.id, "mandate_effect": rule.mandate_effect})
        self._apply_mandate_effects()
        due = self.filtered(lambda r: r.state == "done" and r.rule_id and not r.action)
        for rule, records in due.grouped("rule_id").items():
            records._begin(rule)

    def _apply_mandate_effects(self):
        for effect in ("suspend", "cancel"):
            concerned = self.filtered(
                lambda r, effect=effect: r.mandate_effect == effect and r.mandate_id
            )
            for words, records in concerned.grouped(
                lambda r: r._get_reason_words()
            ).items():
                reason = self.env._("Direct debit came back: %s", words)
                getattr(records.mandate_id, f"_{effect}")(reason)

    def _begin(self, rule):
        """Start the action of a row of the table for returns that it applies to."""
        today = fields.Date.context_today(self)
        self.write(
            {
                "action": rule.action,
                "action_state": "none" if rule.action == "none" else "todo",
                "action_date": today,
            }
        )
        if rule.automatic:
            getattr(self, f"_do_{rule.action}", lambda: None)()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def _do_represent(self):
        """Propose the items again, from a sensible day; a call when it was tried
        often enough."""
        for record in self:
            if not may_represent(record.failures):
                record.write({"action": "call"})
                continue
            record._plan_represent(record._get_represent_day())

    def _get_represent_day(self, agreed=None):
        """An open TARGET day that the bank still takes."""
        self.ensure_one()
        rule = self.rule_id
        today = fields.Date.context_today(self)
        lead = self.collection_id.journal_id._get_sepa_lead_days(
            self.mandate_id.scheme or "CORE"
        )
        return represent_day(
            today,
            calendar=target_calendar,
            delay=rule.delay_days,
            pay_day=rule.pay_day,
            agreed=agreed,
            earliest=target_calendar.add_open_days(today, lead + 1),
        )

    def _plan_represent(self, day):
        self.write(
            {"action": "represent", "action_state": "planned", "represent_from": day}
        )

    def _do_dispute(self):
        """Mark the items as disputed, and ask the collector to find out why."""
        for (debtor, words), records in self.grouped(
            lambda r: (r.debtor_id, r._get_reason_words())
        ).items():
            items = records._get_items().filtered(
                lambda item: item.collection_status == "to_chase"
            )
            if items:
                text = self.env._("Direct debit came back: %s", words)
                debtor._dispute(items, text, source="return")
        self._ask_collector(self.env._("Direct debit contested: find out why"))

    def _do_stop(self):
        """No reminder any more: the account holder died."""
        day = fields.Date.context_today(self) + timedelta(days=STOP_DAYS)
        held = self.debtor_id.filtered(lambda d: not d.is_held)
        if held:
            held._hold(
                day, self.env._("Direct debit returned: account holder deceased")
            )
        self._ask_collector(self.env._("Account holder deceased: contact the estate"))

    def _do_ask_iban(self):
        """Ask the customers for new bank details."""
        for words, records in self.grouped(lambda r: r._get_reason_words()).items():
            asked = records.mandate_id._ask_iban(
                self.env._("Direct debit came back: %s", words)
            )
            # Who could not be written to is called.
            records.filtered(lambda r, asked=asked: r.mandate_id in asked).write(
                {"action_state": "planned"}
            )

    def _do_technical(self):
        self._ask_accountant()

    def _ask_collector(self, summary):
        """An activity of the collector of each debtor."""
        for record in self.filtered("debtor_id"):
            record._schedule(summary, record.collector_id)

    def _ask_accountant(self):
        """The technical queue: an activity of the author of the collection, who made
        the file."""
        for record in self:
            author = record.collection_id.author_id or record.collection_id.create_uid
            record._schedule(
                self.env._(
                    "Direct debit to correct on our side: %s",
                    record._get_reason_words(),
                ),
                author,
            )

    def _schedule(self, summary, user):
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=self.reason_id.description or self.reason_text or "",
            user_id=(user or self.env.user).id,
        )

    def _get_items(self):
        """Receivable items that the debits collected, those of credit notes apart."""
        return self.line_id.item_ids.filtered(lambda i: i.amount > 0).move_line_id

    # ------------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------------

    def _check_follow_up(self):
        """:raise UserError: when there is nothing to decide any more."""
        self.check_access("write")
        for record in self:
            if record.state not in MATCHED or not record.line_id:
                raise UserError(
                    self.env._("“%s” has no debit of ours yet.", record.display_name)
                )

    def action_represent(self, day=None):
        """Collect the items again, from a day agreed or from a sensible one.

        :raise UserError: before the booking, while the mandate collects nothing, or
            after the third presentation to the same account.
        """
        self._check_follow_up()
        for record in self.sudo():
            record._check_represent()
            found = record._get_represent_day(agreed=day or None)
            record._withdraw_actions()
            record._plan_represent(found)
            record._handle(
                self.env._(
                    "to be collected again from %s", format_date(self.env, found)
                )
            )
        return True

    def _check_represent(self):
        if self.state != "done":
            raise UserError(
                self.env._("The bank has not booked this return yet: wait for it.")
            )
        if self.mandate_id.state != "active":
            raise UserError(
                self.env._(
                    "Mandate %s collects nothing now: resume it or have another one "
                    "signed first.",
                    self.mandate_id.name,
                )
            )
        if not may_represent(self.failures, self.mandate_id.iban != self.iban):
            raise UserError(
                self.env._(
                    "These items were presented %d times to this account: agree on "
                    "another means of payment, or ask for new bank details.",
                    self.failures,
                )
            )

    def action_ask_iban(self):
        """Ask the customer for new bank details."""
        self._check_follow_up()
        for record in self.sudo():
            record._withdraw_actions()
            record.write({"action": "ask_iban", "action_state": "todo"})
            record._do_ask_iban()
            record._handle(self.env._("new bank details asked for"))
        return True

    def action_dispute(self):
        """Mark the items as disputed."""
        self._check_follow_up()
        for record in self.sudo():
            record._withdraw_actions()
            record.write({"action": "dispute", "action_state": "todo"})
            record._do_dispute()
            record._handle(self.env._("marked as disputed"))
        return True

    def action_done(self):
        """What had to be done was done."""
        self._check_follow_up()
        for record in self.sudo():
            record.write({"action_state": "done"})
            record._handle(self.env._("handled"))
        self.sudo().activity_ids.filtered(
            lambda activity: activity.user_id
        ).action_feedback()
        return True

    def action_undo(self):
        """Take back what was done, while nothing has left; then decide otherwise.

        :raise UserError: when the items were collected again since.
        """
        self._check_follow_up()
        for record in self.sudo():
            record._check_undo()
            record._withdraw_actions(resume=True)
            record._handle(self.env._("the follow-up was taken back"))
        return True

    def _check_undo(self):
        self.ensure_one()
        if self.mandate_effect == "cancel" and self.mandate_id.state == "cancelled":
            raise UserError(
                self.env._(
                    "Mandate %s was cancelled for good: have a new one signed.",
                    self.mandate_id.name,
                )
            )
        if self._get_later_lines():
            raise UserError(self.env._("These items were collected again since."))

    def _get_later_lines(self):
        """Debits that collect items of this one again."""
        items = self.line_id.item_ids
        return self.env["recouvrement.sepa.collection.line"].search(
            [
                ("item_ids.move_line_id", "in", items.move_line_id.ids),
                ("id", ">", self.line_id.id),
                ("state", "!=", "cancelled"),
            ]
        )

    def _withdraw_actions(self, resume=False):
        """Take back what the table or a person did, as far as it has not left.

        :param bool resume: mandates that were suspended collect again.
        """
        for record in self:
            if record.action == "dispute":
                record.debtor_id._withdraw_dispute(
                    record._get_items(),
                    record.env._("The follow-up of the return changed"),
                    source="return",
                )
            if record.action == "stop" and record.debtor_id.is_held:
                record.debtor_id.action_release_hold()
            if resume and record.mandate_effect == "suspend":
                record.mandate_id.filtered(
                    lambda m: m.state == "suspended"
                ).action_resume()
        self.activity_unlink(["mail.mail_activity_data_todo"])
        self.write({"action": False, "action_state": "none", "represent_from": False})

    def _handle(self, what):
        """Trace who decided what."""
        self.write({"handled_by_id": self.env.uid, "handled_note": what})
        for record in self.filtered("debtor_id"):
            record.debtor_id._log_event(
                "debit",
                self.env._(
                    "%(summary)s: %(what)s", summary=record._get_summary(), what=what
                ),
            )

    # ------------------------------------------------------------------
    # NEW BANK DETAILS
    # ------------------------------------------------------------------

    def _on_new_account(self):
        """The customer gave new bank details: what waited for them is collected again
        as soon as the bank takes it, under the mandate that was suspended for it."""
        waiting = self.sudo().filtered(
            lambda r: r.state == "done" and r.action == "ask_iban"
        )
        waiting.mandate_id.filtered(lambda m: m.state == "suspended").action_resume()
        for record in waiting:
            record._plan_represent(record._get_represent_day())
        return waiting


class RecouvrementSepaMandate(models.Model):
    _inherit = "recouvrement.sepa.mandate"

    sepa_return_ids = fields.One2many("recouvrement.sepa.return", "mandate_id")

    def _amend(self, kind, value, reason, **options):
        amendment = super()._amend(kind, value, reason, **options)
        if kind == "account":
            self.sudo().sepa_return_ids._on_new_account()
        return amendment
