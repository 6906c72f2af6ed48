"""The automatic stop of cover: a customer too late is no longer insured for what is
new, by its policy."""

from odoo import api, fields, models
from odoo.tools import SQL, format_date

BATCH = 500
ALERT = "mail.mail_activity_data_warning"


class RecouvrementInsurancePolicy(models.Model):
    _inherit = "recouvrement.insurance.policy"

    stop_days = fields.Integer(
        string="Automatic Stop of Cover",
        tracking=True,
        help="Days overdue after which new deliveries are no longer covered. Zero: no "
        "automatic stop.",
    )
    stop_lifts = fields.Boolean(
        string="Cover Comes Back",
        default=True,
        tracking=True,
        help="When what is so late was paid, the customer is insured again.",
    )

    _stop_days_positive = models.Constraint(
        "CHECK (stop_days >= 0)", "A delay is not negative."
    )


class RecouvrementInsuranceEvent(models.Model):
    _inherit = "recouvrement.insurance.event"

    # EXTENDS 'recouvrement_litige'
    @api.model
    def _cron_propose(self):
        result = super()._cron_propose()
        self.env["recouvrement.cover"].sudo()._follow_policies(
            fields.Date.context_today(self)
        )
        return result


class RecouvrementCover(models.Model):
    _inherit = "recouvrement.cover"

    @api.model
    def _follow_policies(self, day):
        """Stop covers of customers too late, and have those insure again who no longer
        are: in committed batches; the next job goes on with what is left."""
        cron = self.env["ir.cron"]
        for change in (self._stop_batch, self._lift_batch):
            while covers := change(day):
                self.env.flush_all()
                if not cron._commit_progress(len(covers)):
                    return

    @api.model
    def _stop_batch(self, day):
        """:return: the covers stopped."""
        self.env.flush_all()
        rows = {
            cover_id: row
            for cover_id, *row in self.env.execute_query(self._to_stop_sql(day))
        }
        stopped = self.browse(rows)
        for covers in stopped._in_desk_languages():
            changes = {}
            for cover in covers:
                first_day, item, due, days = rows[cover.id]
                reason = self.with_env(covers.env)._get_late_reason(item, due, days)
                changes[cover] = self._prepare_stop(first_day, reason), reason
            covers._change_stops(changes)
            covers._alert_stop()
        return stopped

    @api.model
    def _get_late_reason(self, item, due, days):
        return self.env._(
            "%(item)s, due on %(day)s, is more than %(days)s days overdue",
            item=item,
            day=format_date(self.env, due),
            days=days,
        )

    @api.model
    def _lift_batch(self, day):
        """:return: the covers that insure again."""
        self.env.flush_all()
        rows = self.env.execute_query(self._to_lift_sql(day))
        lifted = self.browse(cover_id for (cover_id,) in rows)
        for covers in lifted._in_desk_languages():
            reason = covers.env._("Nothing is so late any more")
            changed = self._prepare_stop(False, False), reason
            covers._change_stops(dict.fromkeys(covers, changed))
        lifted.activity_unlink([ALERT])
        return lifted

    def _alert_stop(self):
        """One activity for who follows the customer."""
        kind = self.env["ir.model.data"]._xmlid_to_res_id(ALERT)
        model = self.env["ir.model"]._get_id(self._name)
        today = fields.Date.context_today(self)
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            [
                {
                    "res_model_id": model,
                    "res_id": cover.id,
                    "activity_type_id": kind,
                    "user_id": cover.debtor_id.collector_id.id,
                    "automated": True,
                    "date_deadline": today,
                    "summary": cover._get_stop_summary(),
                    "note": cover.stop_reason,
                }
                for cover in self
                if cover.debtor_id.collector_id
            ]
        )

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------

    @api.model
    def _to_stop_sql(self, day):
        """``cover_id``, first day that is not insured, item, its due date and the days
        of the policy, for the item that was so late first. What was late before a
        manager had the cover insure again, or the insurer answered, does not count.
        """
        return SQL(
            """
            SELECT DISTINCT ON (cv.id) cv.id, late.first_day, late.name, late.date_due,
                   late.stop_days
              FROM (%(covers)s) cv
              JOIN (%(late)s) late ON late.debtor_id = cv.debtor_id
             WHERE cv.stopped_on IS NULL
               AND late.first_day >= cv.date_from
               AND (cv.resumed_on IS NULL OR late.first_day > cv.resumed_on)
          ORDER BY cv.id, late.first_day, late.id
             LIMIT %(limit)s
            """,
            covers=self._of_policies_sql(day),
            late=self._so_late_sql(day),
            limit=BATCH,
        )

    @api.model
    def _to_lift_sql(self, day):
        return SQL(
            """
            SELECT cv.id FROM (%(covers)s) cv
             WHERE cv.stopped_on IS NOT NULL AND cv.stopped_by_hand IS NOT TRUE
               AND cv.stop_lifts
               AND cv.debtor_id NOT IN (SELECT late.debtor_id FROM (%(late)s) late)
          ORDER BY cv.id
             LIMIT %(limit)s
            """,
            covers=self._of_policies_sql(day),
            late=self._so_late_sql(day),
            limit=BATCH,
        )

    @api.model
    def _of_policies_sql(self, day):
        """Covers in force that the insurer of the policy of the customer gave: its
        newest answers."""
        return SQL(
            """
            SELECT cv.id, cv.debtor_id, cv.date_from, cv.stopped_on,
                   cv.stopped_by_hand, cv.resumed_on, y.stop_lifts
              FROM recouvrement_cover cv
              JOIN recouvrement_cover_kind k ON k.id = cv.kind_id
               AND k.effect = 'insurance'
              JOIN recouvrement_debtor d ON d.id = cv.debtor_id
              JOIN recouvrement_insurance_policy y ON y.id = d.insurance_policy_id
               AND y.insurer_id = cv.provider_id
             WHERE %(policy)s AND cv.date_from <= %(day)s
               AND (cv.date_to IS NULL OR cv.date_to >= %(day)s)
               AND (cv.state IN ('granted', 'reduced')
                    OR cv.state = 'cancelled' AND cv.date_effect > %(day)s)
               AND NOT EXISTS (
                   SELECT FROM recouvrement_cover newer
                     JOIN recouvrement_cover_kind nk ON nk.id = newer.kind_id
                    WHERE newer.debtor_id = cv.debtor_id
                      AND newer.provider_id = cv.provider_id
                      AND nk.effect = 'insurance' AND newer.date_from <= %(day)s
                      AND (newer.date_to IS NULL OR newer.date_to >= %(day)s)
                      AND (newer.date_from, newer.id) > (cv.date_from, cv.id))
            """,
            policy=self._policy_in_force_sql(day),
            day=day,
        )

    @api.model
    def _so_late_sql(self, day):
        """Items later than their policy accepts. Disputed ones do not stop a cover,
        nor do those of a factor; proceedings do."""
        items = self.env["recouvrement.open.item"]
        return SQL(
            """
            SELECT d.id AS debtor_id, o.id, m.name, o.date_due, y.stop_days,
                   o.date_due + y.stop_days + 1 AS first_day
              FROM (%(lines)s) o
              JOIN account_move_line l ON l.id = o.id
              JOIN account_move m ON m.id = o.move_id
              JOIN res_partner p ON p.id = o.partner_id
              JOIN res_company c ON c.id = o.company_id
              JOIN recouvrement_debtor d ON d.partner_id = p.commercial_partner_id
               AND d.company_id = %(root)s
              JOIN recouvrement_insurance_policy y ON y.id = d.insurance_policy_id
             WHERE %(policy)s AND y.stop_days > 0 AND o.residual > 0
               AND o.date_due + y.stop_days < %(day)s
               AND COALESCE(l.collection_status, '') NOT IN ('disputed', 'factored')
            """,
            lines=items._open_lines_sql(),
            root=items._root_company_sql("c"),
            policy=self._policy_in_force_sql(day),
            day=day,
        )

    @api.model
    def _policy_in_force_sql(self, day):
        return SQL(
            """y.active AND y.date_from <= %(day)s
               AND (y.date_to IS NULL OR y.date_to >= %(day)s)""",
            day=day,
        )
