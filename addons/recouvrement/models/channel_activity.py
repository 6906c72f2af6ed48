from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementChannelCall(models.AbstractModel):
    """A call is an activity of the collector, with the script and the items. Its
    being done is the proof."""

    _name = "recouvrement.channel.call"
    _description = "Call Channel"
    _inherit = "recouvrement.channel"

    _needs_confirmation = True
    _activity_type = "mail.mail_activity_data_call"

    @api.model
    def _reachable_sql(self):
        return SQL("COALESCE(contact.phone, '') <> ''")

    @api.model
    def _send(self, reminders):
        ready = reminders._fail_where(self._get_obstacle)
        if not ready:
            return
        activities = self._create_activities(ready)
        for reminder, activity in zip(ready, activities, strict=True):
            reminder.activity_id = activity
        ready._queue()

    @api.model
    def _get_obstacle(self, reminder):
        """Why nobody can do it, or False."""
        return False

    @api.model
    def _get_assignee(self, reminder):
        """The collector, else the company's default one, else who sends."""
        return (
            reminder.collector_id
            or reminder.company_id.recouvrement_default_collector_id
            or self.env.user
        )

    @api.model
    def _create_activities(self, reminders):
        """Activities on the debtors, without a notification for each."""
        return (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create([self._prepare_activity_vals(reminder) for reminder in reminders])
        )

    @api.model
    def _prepare_activity_vals(self, reminder):
        assignee = self._get_assignee(reminder)
        lang = assignee.lang or self.env.lang
        summary = reminder.with_context(lang=lang).level_id.name
        if reminder.is_test:
            summary = self.env._("[TEST, contact nobody] %s", summary)
        return {
            "res_model_id": self.env["ir.model"]._get_id("recouvrement.debtor"),
            "res_id": reminder.debtor_id.id,
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(
                self._activity_type
            ),
            "user_id": assignee.id,
            "date_deadline": fields.Date.context_today(reminder),
            "summary": summary,
            "note": self._render_note(reminder, lang),
        }

    @api.model
    def _render_note(self, reminder, lang):
        """Whom to speak to, what to say and what is asked, for the assignee."""
        return (
            self.env["ir.qweb"]
            .with_context(lang=lang)
            ._render(
                "recouvrement.reminder_activity_note",
                {
                    "reminder": reminder.with_context(lang=lang),
                    "contact": reminder.partner_id,
                    "script": reminder.with_context(lang=lang).level_id.call_script,
                    "relayed": self._name == "recouvrement.channel.relay",
                },
            )
        )


class RecouvrementChannelRelay(models.AbstractModel):
    """Somebody the customer knows passes the message on: the salesperson, the branch
    manager or the technical manager, through ``recouvrement.relay``: an activity, or
    an e-mail with a link for who has no user. The answer is the proof."""

    _name = "recouvrement.channel.relay"
    _description = "Insider Relay Channel"
    _inherit = "recouvrement.channel.call"

    _activity_type = "mail.mail_activity_data_todo"

    @api.model
    def _reachable_sql(self):
        return SQL(
            """CASE lv.relay_role
                    WHEN 'branch_manager' THEN d.branch_manager_id IS NOT NULL
                         OR %s
                    WHEN 'technical_manager' THEN d.technical_manager_id IS NOT NULL
                         OR %s
                    ELSE d.salesperson_id IS NOT NULL END""",
            self._has_email_sql(SQL("d.branch_manager_partner_id")),
            self._has_email_sql(SQL("d.technical_manager_partner_id")),
        )

    @api.model
    def _has_email_sql(self, partner):
        return SQL(
            """EXISTS (SELECT 1 FROM res_partner relay
                        WHERE relay.id = %s AND COALESCE(relay.email, '') <> '')""",
            partner,
        )

    @api.model
    def _send(self, reminders):
        ready = reminders._fail_where(self._get_obstacle)
        if not ready:
            return
        relays = self.env["recouvrement.relay"]._ask(
            [self._prepare_relay_vals(reminder) for reminder in ready]
        )
        for reminder, relay in zip(ready, relays, strict=True):
            reminder.activity_id = relay.sudo().activity_id
        ready._queue()

    @api.model
    def _prepare_relay_vals(self, reminder):
        user, partner = self._get_person(reminder)
        days = reminder.company_id.recouvrement_relay_days
        lang = (user or partner).lang or self.env.lang
        localized = reminder.with_context(lang=lang)
        return {
            "debtor_id": reminder.debtor_id.id,
            "role": reminder.level_id.relay_role or "salesperson",
            "user_id": user.id,
            "partner_id": partner.id,
            "asked_by_id": (reminder.collector_id or self.env.user).id,
            "question": localized.level_id.call_script or localized.level_id.name,
            "date_due": fields.Date.add(fields.Date.context_today(reminder), days=days),
            "move_line_ids": [
                fields.Command.set(
                    reminder.line_ids.filtered(
                        lambda line: line.role in ("chase", "recall")
                    ).move_line_id.ids
                )
            ],
            "reminder_id": reminder.id,
        }

    @api.model
    def _get_person(self, reminder):
        """User or person who plays the role of the level for this debtor."""
        role = reminder.level_id.relay_role or "salesperson"
        return reminder.debtor_id._get_relay_person(role)

    @api.model
    def _get_assignee(self, reminder):
        return self._get_person(reminder)[0]

    @api.model
    def _get_obstacle(self, reminder):
        user, partner = self._get_person(reminder)
        if user:
            return False
        if partner:
            return self._get_mail_obstacle(reminder, partner)
        roles = dict(
            reminder.level_id._fields["relay_role"]._description_selection(self.env)
        )
        return self.env._(
            "The debtor account names no %s to pass the message on.",
            roles[reminder.level_id.relay_role or "salesperson"],
        )

    @api.model
    def _get_mail_obstacle(self, reminder, partner):
        relay = self.env["recouvrement.relay"].new(
            {
                "debtor_id": reminder.debtor_id.id,
                "partner_id": partner.id,
                "is_test": reminder.is_test,
            }
        )
        return relay._get_mail_obstacle()
