"""Facts of risk that were told, each once to each person as long as it lasts."""

from odoo import api, fields, models
from odoo.tools import SQL

from .risk_kinds import RiskKind


class RecouvrementAlert(models.Model):
    """Made at night from the facts of the day; closed when its fact is gone, so that
    one that comes back is told again."""

    _name = "recouvrement.alert"
    _description = "Alert"
    _inherit = ["recouvrement.guarded"]
    _order = "date_found desc, id desc"
    _rec_name = "debtor_id"
    _log_access = False

    rule_id = fields.Many2one(
        "recouvrement.alert.rule",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection("_label_kinds", required=True, readonly=True, index=True)
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    exposure_amount = fields.Monetary(related="debtor_id.exposure_amount")
    overdue_amount = fields.Monetary(related="debtor_id.overdue_amount")
    user_id = fields.Many2one(
        "res.users",
        string="Told To",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    date = fields.Date(string="Since or For", readonly=True)
    date_found = fields.Date(required=True, readonly=True)
    date_told = fields.Datetime(string="Told On", readonly=True)
    # Told again once the company leaves its test mode.
    told_as_test = fields.Boolean(readonly=True, export_string_translation=False)
    date_ended = fields.Date(string="Ended On", readonly=True, index=True)

    _once = models.UniqueIndex(
        "(rule_id, debtor_id, res_model, res_id, user_id) WHERE date_ended IS NULL"
    )
    _to_tell_idx = models.Index("(user_id) WHERE date_told IS NULL")

    @api.model
    def _label_kinds(self):
        """Kinds of the agenda and those that are told only."""
        items = self.env["recouvrement.risk.item"]
        labels = items._fields["kind"]._description_selection(self.env)
        return [*labels, ("doubtful", self.env._("Doubtful Debt"))]

    @api.model
    def _get_facts(self):
        """All kinds of facts that rules may be about, as ``RiskKind``: a hook. What
        the agenda does not list has no number there."""
        items = self.env["recouvrement.risk.item"]
        doubtful = items._debtor_rows(
            SQL("d.doubtful_date IS NOT NULL"), SQL("d.doubtful_date")
        )
        return [
            *items._get_kinds(),
            RiskKind("doubtful", 0, "recouvrement.debtor", doubtful),
        ]

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------

    @api.model
    def _facts_sql(self, kinds):
        """``kind, res_model, record_id, debtor_id, date`` of the facts of the day."""
        return SQL(" UNION ALL ").join(
            SQL(
                """SELECT %s::varchar AS kind, %s::varchar AS res_model, record_id,
                          debtor_id, date FROM (%s) AS facts""",
                one.code,
                one.model,
                one.rows,
            )
            for one in self._get_facts()
            if one.code in kinds
        )

    @api.model
    def _matched_sql(self, rules):
        """Facts with the rules that are about them: ``f`` and ``r``, account ``d``."""
        return SQL(
            """
              FROM (%(facts)s) f
              JOIN recouvrement_debtor d ON d.id = f.debtor_id
              JOIN recouvrement_alert_rule r ON r.kind = f.kind
               AND r.id = ANY(%(rules)s)
               AND (r.company_id IS NULL OR r.company_id = d.company_id)
               AND COALESCE(d.exposure_amount, 0) >= COALESCE(r.min_exposure, 0)
            """,
            facts=self._facts_sql(set(rules.mapped("kind"))),
            rules=rules.ids,
        )

    @api.model
    def _flush_facts(self):
        self.env["recouvrement.debtor"].sudo()._process_dirty()
        self.env.flush_all()

    @api.model
    def _find_accounts(self, rules):
        """Ids of the accounts that rules are about today."""
        self._flush_facts()
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT d.id %s", self._matched_sql(rules))
        )
        return [debtor_id for [debtor_id] in rows]

    # ------------------------------------------------------------------
    # NIGHT
    # ------------------------------------------------------------------

    @api.model
    def _cron_daily(self):
        """Close what is over, find what is new, tell it: person after person, each
        committed; a night that was killed goes on with who is left."""
        alerts = self.sudo()
        alerts._refresh()
        cron = self.env["ir.cron"]
        waiting = alerts._get_waiting()
        cron._commit_progress(remaining=len(waiting))
        for user in waiting:
            alerts._tell(user)
            if not cron._commit_progress(1):
                return

    @api.model
    def _refresh(self):
        """Alerts as the facts of the day are: three statements, whatever their
        number."""
        known = [one.code for one in self._get_facts()]
        rules = self.env["recouvrement.alert.rule"].sudo()
        rules = rules.search([("kind", "in", known)])
        self._flush_facts()
        self._forget_tests()
        self._close(rules)
        if rules:
            rules.filtered(lambda rule: not rule.started_on).write(
                {"started_on": fields.Date.context_today(self)}
            )
            rules.flush_recordset()
            self._find(rules)
        self.invalidate_model(flush=False)

    @api.model
    def _forget_tests(self):
        """What was told while the company tried the module out is told for good."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_alert a SET date_told = NULL, told_as_test = FALSE
                  FROM res_company c
                 WHERE c.id = a.company_id AND a.told_as_test
                   AND a.date_ended IS NULL AND c.recouvrement_test_mode IS NOT TRUE
                """
            )
        )

    @api.model
    def _close(self, rules):
        """Facts that are gone, and those of rules that no longer hold."""
        live = SQL("SELECT NULL::int, NULL::int, NULL::varchar, NULL::int WHERE FALSE")
        if rules:
            live = SQL(
                "SELECT r.id, f.debtor_id, f.res_model, f.record_id %s",
                self._matched_sql(rules),
            )
        self.env.cr.execute(
            SQL(
                """
                WITH live (rule_id, debtor_id, res_model, record_id) AS (%(live)s)
                UPDATE recouvrement_alert a SET date_ended = %(day)s
                 WHERE a.date_ended IS NULL AND NOT EXISTS (
                       SELECT FROM live WHERE live.rule_id = a.rule_id
                          AND live.debtor_id = a.debtor_id
                          AND live.res_model = a.res_model
                          AND live.record_id = a.res_id)
                """,
                live=live,
                day=fields.Date.context_today(self),
            )
        )

    @api.model
    def _find(self, rules):
        """New facts, for each person whom they concern and who may read the account."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO recouvrement_alert
                       (rule_id, kind, debtor_id, company_id, user_id, res_model,
                        res_id, date, date_found)
                SELECT DISTINCT r.id, f.kind, d.id, d.company_id, u.id, f.res_model,
                       f.record_id, f.date, %(day)s::date
                       %(matched)s
        CROSS JOIN LATERAL (
                       SELECT COALESCE(d.substitute_id, d.collector_id) AS user_id
                        WHERE r.to_collector
                    UNION
                       SELECT d.salesperson_id WHERE r.to_salesperson
                    UNION
                       SELECT rel.res_users_id
                         FROM recouvrement_alert_rule_res_users_rel rel
                        WHERE rel.recouvrement_alert_rule_id = r.id) told
                  JOIN res_users u ON u.id = told.user_id AND u.active
                   AND u.share IS NOT TRUE
                ON CONFLICT DO NOTHING
                """,
                matched=self._matched_sql(rules),
                day=fields.Date.context_today(self),
            )
        )

    @api.model
    def _get_waiting(self):
        """Users who have something new to be told."""
        groups = self._read_group(
            [("date_told", "=", False), ("date_ended", "=", False)], ["user_id"]
        )
        return [user for [user] in groups]

    def action_open(self):
        """What the alert is about: the limit, the cover, the dispute, or the 360° page
        of the debtor."""
        self.ensure_one()
        self.check_access("read")
        if self.res_model == "recouvrement.debtor":
            return self.debtor_id.action_open_desk()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def action_open_debtor(self):
        """The 360° page, with the customers of the rows as its queue."""
        return self.debtor_id.action_open_desk()
