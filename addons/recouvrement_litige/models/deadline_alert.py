"""Telling who is responsible before a day, and the manager when it is missed.

Every night, in sets: an activity once before, one once after; what is done or without
object takes them away.
"""

from odoo import api, fields, models
from odoo.tools import SQL, format_date

BATCH = 500


class RecouvrementDeadline(models.Model):
    _inherit = "recouvrement.deadline"

    alert_activity_id = fields.Many2one(
        "mail.activity", readonly=True, index="btree_not_null", ondelete="set null"
    )
    escalation_activity_id = fields.Many2one(
        "mail.activity", readonly=True, index="btree_not_null", ondelete="set null"
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ("done", "void") or "date_due" in vals:
            self._end_activities()
        return result

    def unlink(self):
        self._end_activities()
        return super().unlink()

    def _end_activities(self):
        """Take away the activities of days that are done, void or moved: in sudo."""
        deadlines = self.sudo()
        activities = deadlines.alert_activity_id | deadlines.escalation_activity_id
        activities.filtered("active").unlink()

    # ------------------------------------------------------------------
    # NIGHTLY
    # ------------------------------------------------------------------

    @api.model
    def _cron_nightly(self):
        """States, then alerts, then escalations; each batch is committed."""
        self._refresh_states()
        cron = self.env["ir.cron"]
        cron._commit_progress()
        for kind in ("alert", "escalation"):
            while told := self._tell_batch(kind):
                if not cron._commit_progress(len(told)):
                    return

    @api.model
    def _refresh_states(self):
        """What is past and not done is late: one statement."""
        self.flush_model(["state", "date_due", "date_done", "timing"])
        self.env.cr.execute(
            SQL(
                """UPDATE recouvrement_deadline SET state = 'late'
                    WHERE state = 'todo' AND timing = 'latest' AND date_due < %s""",
                fields.Date.context_today(self),
            )
        )
        self.invalidate_model(["state"], flush=False)

    @api.model
    def _get_due_sql(self, kind):
        """Days to tell of today: within their alert, or past their escalation."""
        today = fields.Date.context_today(self)
        if kind == "alert":
            return SQL(
                "d.alerted_on IS NULL AND d.date_due - d.alert_days <= %s", today
            )
        return SQL(
            "d.escalated_on IS NULL AND d.date_due + d.escalate_days < %s", today
        )

    @api.model
    def _tell_batch(self, kind):
        """Tell of some days once, marked before they are told: two runs at once cannot
        tell twice.

        :param str kind: ``alert`` or ``escalation``.
        :return: the deadlines told of.
        """
        stamp = "alerted_on" if kind == "alert" else "escalated_on"
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """UPDATE recouvrement_deadline SET %(stamp)s = %(today)s
                    WHERE id IN (SELECT d.id FROM recouvrement_deadline d
                                  WHERE d.state IN ('todo', 'late') AND %(due)s
                               ORDER BY d.date_due, d.id LIMIT %(batch)s
                             FOR UPDATE SKIP LOCKED)
                RETURNING id""",
                stamp=SQL.identifier(stamp),
                today=fields.Date.context_today(self),
                due=self._get_due_sql(kind),
                batch=BATCH,
            )
        )
        told = self.browse(sorted(deadline_id for [deadline_id] in rows))
        told.invalidate_recordset([stamp], flush=False)
        for deadlines in told._in_desk_languages():
            deadlines._create_activities(kind)
        return told

    def _create_activities(self, kind):
        """One activity per day, for who is responsible or for the manager."""
        prepared = [deadline._prepare_activity(kind) for deadline in self]
        activities = (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create(prepared)
        )
        for deadline, activity in zip(self, activities, strict=True):
            deadline[f"{kind}_activity_id"] = activity

    def _prepare_activity(self, kind):
        target = self._get_activity_target()
        day = format_date(self.env, self.date_due)
        summary = self.env._("%(name)s by %(day)s", name=self.name, day=day)
        if self.timing == "earliest":
            summary = self.env._("%(name)s from %(day)s on", name=self.name, day=day)
        if kind == "escalation":
            summary = self.env._("Not done: %s", summary)
        user = self._get_manager() if kind == "escalation" else self._get_user()
        return {
            "res_model_id": self.env["ir.model"]._get_id(target._name),
            "res_id": target.id,
            "activity_type_id": self.env["ir.model.data"]._xmlid_to_res_id(
                "mail.mail_activity_data_warning"
            ),
            "user_id": user.id,
            "date_deadline": self.date_due,
            "summary": summary,
            "note": " · ".join(filter(None, (self.lapse_text, self.source))),
        }

    def _get_activity_target(self):
        """Record that bears the activity: the file, the record, else the debtor."""
        if self.litigation_id:
            return self.litigation_id
        if "activity_ids" in self.env[self.res_model]._fields:
            return self.env[self.res_model].browse(self.res_id)
        return self.debtor_id

    def _get_user(self):
        """Who is told before: the one responsible, else who follows the debtor."""
        return (
            self.user_id
            or self.litigation_id.user_id
            or self.debtor_id.collector_id
            or self._get_manager()
        )

    def _get_manager(self):
        """Who is told after: the manager of the company's litigation, else a credit
        manager of the company, else who runs this."""
        company = self.company_id
        chosen = company.recouvrement_litigation_manager_id
        if chosen.active:
            return chosen
        managers = self.env.ref("recouvrement.group_manager").all_user_ids
        return (
            managers.filtered(lambda user: user.active and company in user.company_ids)[
                :1
            ]
            or self.env.user
        )


class ResCompany(models.Model):
    _inherit = "res.company"

    recouvrement_litigation_manager_id = fields.Many2one(
        "res.users",
        string="Litigation Manager",
        help="Told of deadlines that are missed. Empty: a credit manager.",
    )
