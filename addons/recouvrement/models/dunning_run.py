import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

_logger = logging.getLogger(__name__)

PROPOSAL_BATCH = 2000


class RecouvrementDunningRun(models.Model):
    """A campaign: proposes one reminder per debtor, then sends what is approved.

    Both steps run in committed batches. A campaign killed in the middle goes on
    where it was: the proposal after ``cursor_debtor_id``, the sending with the
    reminders still approved.
    """

    _name = "recouvrement.dunning.run"
    _description = "Dunning Campaign"
    _inherit = ["recouvrement.guarded", "mail.thread"]
    _order = "date desc, id desc"

    name = fields.Char(
        required=True,
        default=lambda self: self.env._(
            "Campaign of %s",
            format_date(self.env, fields.Date.context_today(self)),
        ),
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    company_ids = fields.Many2many(
        "res.company",
        "recouvrement_run_company_rel",
        "run_id",
        "company_id",
        string="Companies",
        required=True,
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.companies.root_id & self.env.user.company_ids,
    )
    policy_ids = fields.Many2many(
        "recouvrement.dunning.policy",
        "recouvrement_run_policy_rel",
        "run_id",
        "policy_id",
        string="Policies",
        help="Empty: all.",
    )
    collector_ids = fields.Many2many(
        "res.users",
        "recouvrement_run_collector_rel",
        "run_id",
        "user_id",
        string="Collectors",
        default=lambda self: self._default_collector_ids(),
        help="Empty: all.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("proposing", "Proposing"),
            ("proposed", "To Review"),
            ("sending", "Sending"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    nightly = fields.Boolean(readonly=True, copy=False)
    nightly_company_id = fields.Many2one("res.company", readonly=True, copy=False)
    cursor_debtor_id = fields.Integer(
        readonly=True, copy=False, help="Last debtor account that was looked at."
    )
    debtor_count = fields.Integer(
        readonly=True, copy=False, string="Debtors to Look At"
    )
    debtor_done_count = fields.Integer(
        readonly=True, copy=False, string="Debtors Looked At"
    )

    reminder_ids = fields.One2many("recouvrement.reminder", "run_id")
    reminder_count = fields.Integer(compute="_compute_counts")
    proposed_count = fields.Integer(compute="_compute_counts")
    approved_count = fields.Integer(compute="_compute_counts")
    queued_count = fields.Integer(compute="_compute_counts")
    sent_count = fields.Integer(compute="_compute_counts")
    failed_count = fields.Integer(compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts")
    document_ids = fields.Many2many(
        "ir.attachment",
        "recouvrement_run_document_rel",
        string="Letters to Print",
        readonly=True,
        copy=False,
    )
    test_mode = fields.Boolean(compute="_compute_test_mode")
    may_change = fields.Boolean(compute="_compute_may_change")
    nobody_reason = fields.Text(compute="_compute_nobody_reason")

    _nightly_uniq = models.UniqueIndex(
        "(nightly_company_id, date) WHERE nightly",
        "The nightly campaign of this company and day exists already.",
    )

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("reminder_ids.state", "debtor_count", "debtor_done_count", "state")
    def _compute_counts(self):
        counts = {}
        for run, state, count in self.env["recouvrement.reminder"]._read_group(
            [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
        ):
            counts.setdefault(run.id, {})[state] = count
        for run in self:
            by_state = counts.get(run.id, {})
            run.reminder_count = sum(by_state.values())
            for state in ("proposed", "approved", "queued", "sent", "failed"):
                run[f"{state}_count"] = by_state.get(state, 0)
            run.progress = run._get_progress()

    def _get_progress(self):
        """Percentage done of the step under way."""
        if self.state == "proposing":
            return 100.0 * self.debtor_done_count / max(self.debtor_count, 1)
        if self.state in ("sending", "done"):
            left = self.queued_count + self.sent_count + self.failed_count
            return 100.0 * left / max(left + self.approved_count, 1)
        return 0.0

    @api.depends("company_ids.recouvrement_test_mode")
    def _compute_test_mode(self):
        # sudo: one of its companies may not be among the user's active ones.
        for run in self:
            companies_sudo = run.sudo().company_ids
            run.test_mode = any(companies_sudo.mapped("recouvrement_test_mode"))

    @api.depends_context("uid")
    def _compute_may_change(self):
        allowed = self._filtered_access("write")
        for run in self:
            run.may_change = run in allowed

    @api.depends("state", "policy_ids", "reminder_ids")
    def _compute_nobody_reason(self):
        """A campaign that found nobody says why."""
        for run in self:
            run.nobody_reason = (
                run.state == "proposed"
                and not run.reminder_ids
                and run._get_nobody_reason()
            )

    def _get_nobody_reason(self):
        policies = self.policy_ids or self.env["recouvrement.dunning.policy"].search([])
        reasons = [
            f"{policy.name}: {policy.why_nobody}"
            for policy in policies
            if policy.why_nobody
        ]
        return "\n".join(
            reasons
            or [
                self.env._(
                    "No open item deserves a reminder on this day. “Simulate” shows "
                    "the reason for each item."
                )
            ]
        )

    @api.model
    def _default_collector_ids(self):
        user = self.env.user
        own_only = user.has_group(
            "recouvrement.group_collector"
        ) and not user.has_group("recouvrement.group_all_portfolios")
        return user if own_only else False

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        runs = super().create(vals_list)
        runs._check_scope()
        return runs

    def write(self, vals):
        result = super().write(vals)
        if {"collector_ids", "company_ids"} & vals.keys():
            self._check_scope()
        return result

    def _check_scope(self):
        """Nobody starts a campaign on debtors that are not theirs to chase.

        No ``@api.constrains``: those run in sudo.
        """
        user = self.env.user
        if self.env.su:
            return
        sees_all = user.has_group("recouvrement.group_all_portfolios")
        for run in self:
            if run.sudo().company_ids - user.company_ids:
                raise AccessError(
                    self.env._("You may not chase the debtors of this company.")
                )
            if not sees_all and run.collector_ids != user:
                raise AccessError(
                    self.env._("Your campaigns are about your own portfolio.")
                )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_propose(self):
        """Start the proposal; it goes on in the background in batches."""
        for run in self:
            if run.state != "draft":
                raise UserError(
                    self.env._("Only a draft campaign can be proposed: %s", run.name)
                )
        self.check_access("write")
        self.lock_for_update()
        self.sudo().write({"state": "proposing", "cursor_debtor_id": 0})
        self._trigger()
        return self._notify_started()

    def action_send(self):
        """Start sending the approved reminders in the background."""
        for run in self:
            if run.state not in ("proposed", "sending", "done"):
                raise UserError(
                    self.env._("This campaign has nothing to send yet: %s", run.name)
                )
            if not run.approved_count:
                raise UserError(
                    self.env._("Approve reminders first: none of them is approved.")
                )
        self.env["recouvrement.reminder"].check_access("write")
        self.lock_for_update()
        self.sudo().write({"state": "sending"})
        self._trigger()
        return self._notify_started()

    def action_approve_all(self):
        """Approve what the user may approve of these campaigns."""
        reminders = self.reminder_ids.filtered(lambda r: r.state == "proposed")
        if not self.env.user.has_group("recouvrement.group_manager"):
            reminders = reminders.filtered(lambda r: r.level_id.approval != "manager")
        if not reminders:
            raise UserError(self.env._("There is nothing here that you can approve."))
        return reminders.action_approve()

    def action_cancel(self):
        """Cancel the campaign: what has not left never will."""
        self.check_access("write")
        # sudo: all of them, also those of a company that is not among the active ones.
        for run in self:
            run.sudo().reminder_ids.filtered(
                lambda r: r.state in ("proposed", "approved")
            )._cancel(self.env._("Campaign cancelled by %s", self.env.user.name))
        self.sudo().write({"state": "cancelled"})

    def action_simulate(self):
        """What the campaign would do on its day, item by item; writes nothing."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_dunning_decision_action"
        )
        action["name"] = action["display_name"] = self.env._(
            "Simulation on %s", format_date(self.env, self.date)
        )
        action["context"] = {
            "search_default_to_remind": 1,
            "dunning_date": fields.Date.to_string(self.date),
            # sudo: companies that are not active; the items stay behind the rules.
            "dunning_company_ids": self.sudo().company_ids.ids,
            "dunning_policy_ids": self.policy_ids.ids,
            "dunning_collector_ids": self.collector_ids.ids,
        }
        # Another address would reopen the simulation of today.
        action.pop("path", None)
        return action

    def action_view_reminders(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_reminder_action"
        )
        action["domain"] = [("run_id", "=", self.id)]
        action["context"] = {}
        return action

    def _notify_started(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "The work goes on in the background; reload to see its progress."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _trigger(self):
        self.env.ref("recouvrement.ir_cron_process_runs").sudo()._trigger()

    # ------------------------------------------------------------------
    # BACKGROUND WORK
    # ------------------------------------------------------------------

    @api.model
    def _cron_process(self):
        """Go on with the campaigns under way, one committed batch at a time."""
        domain = [("state", "in", ("proposing", "sending"))]
        cron = self.env["ir.cron"]
        runs = self.search(domain, order="id")
        cron._commit_progress(remaining=len(runs))
        for run in runs:
            while True:
                run = run.try_lock_for_update().filtered_domain(domain)
                if not run:
                    break
                finished = run._process_batch()
                if not cron._commit_progress(1 if finished else 0):
                    return
                if finished:
                    break

    def _process_batch(self):
        """One batch of the step under way.

        :return: whether the step is finished.
        """
        run = self.ensure_one().sudo()
        if run.state == "proposing":
            return run._propose_batch()
        return run._send_batch()

    def _process_all(self):
        """Run the step under way to its end within the transaction (scripts)."""
        while self.state in ("proposing", "sending"):
            self._process_batch()

    # == Proposal ==

    def _propose_batch(self):
        if not self.cursor_debtor_id:
            self.env["recouvrement.debtor"]._refresh_totals()
            self.debtor_count = self._count_debtors()
            self.debtor_done_count = 0
        debtor_ids = self._next_debtor_ids()
        if debtor_ids:
            self._insert_reminders(debtor_ids)
            self.cursor_debtor_id = debtor_ids[-1]
            self.debtor_done_count += len(debtor_ids)
        if len(debtor_ids) < PROPOSAL_BATCH:
            self._finish_proposal()
            return True
        return False

    def _scope_sql(self, extra=None):
        return self.env["recouvrement.dunning.decision"]._debtor_scope_sql(
            self.company_ids.ids, self.policy_ids.ids, self.collector_ids.ids, extra
        )

    def _candidates_sql(self):
        return SQL(
            "d.id > %s AND d.open_item_count > 0 AND d.policy_id IS NOT NULL",
            self.cursor_debtor_id,
        )

    def _count_debtors(self):
        scope = self._scope_sql(self._candidates_sql())
        [[count]] = self.env.execute_query(
            SQL("SELECT COUNT(*) FROM recouvrement_debtor d WHERE %s", scope)
        )
        return count

    def _next_debtor_ids(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT d.id FROM recouvrement_debtor d
                    WHERE %s ORDER BY d.id LIMIT %s""",
                self._scope_sql(self._candidates_sql()),
                PROPOSAL_BATCH,
            )
        )
        return [debtor_id for [debtor_id] in rows]

    def _insert_reminders(self, debtor_ids):
        """Write the demands of a batch of debtors, from the decision statement."""
        decision = self.env["recouvrement.dunning.decision"]
        self.env["recouvrement.debtor"]._flush_sources()
        self.flush_model()
        for model in ("policy", "level"):
            self.env[f"recouvrement.dunning.{model}"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                WITH decision AS MATERIALIZED (%(decision)s),
                demand AS (
                    SELECT debtor_id, company_id, currency_id, preventive, channel,
                           policy_id, reminder_level_id AS level_id,
                           COALESCE(SUM(amount_residual_currency) FILTER (
                               WHERE role IN ('chase', 'recall')), 0) AS due,
                           COALESCE(-SUM(amount_residual_currency) FILTER (
                               WHERE role = 'credit'), 0) AS credit
                      FROM decision WHERE role <> 'out'
                  GROUP BY 1, 2, 3, 4, 5, 6, 7
                ),
                reminder AS (
                    INSERT INTO recouvrement_reminder
                           (run_id, debtor_id, partner_id, company_id, currency_id,
                            collector_id, policy_id, level_id, rank, preventive,
                            channel, state, amount_due, amount_credit, amount_net,
                            date_proposed, create_uid, create_date, write_uid,
                            write_date)
                    SELECT %(run)s, g.debtor_id, d.contact_id, g.company_id,
                           g.currency_id, d.collector_id, g.policy_id, g.level_id,
                           lv.rank, g.preventive, g.channel, 'proposed', g.due,
                           g.credit, g.due - g.credit, %(day)s::date,
                           %(uid)s::integer, %(now)s::timestamp, %(uid)s::integer,
                           %(now)s::timestamp
                      FROM demand g
                      JOIN recouvrement_debtor d ON d.id = g.debtor_id
                      JOIN recouvrement_dunning_level lv ON lv.id = g.level_id
                 RETURNING id, debtor_id, currency_id, preventive
                )
                INSERT INTO recouvrement_reminder_line
                       (reminder_id, move_line_id, debtor_id, company_id,
                        currency_id, name, document_date, date_due, days_overdue,
                        amount, amount_residual, role, reason, level_id, rank,
                        claimed, create_uid, create_date, write_uid, write_date)
                SELECT r.id, x.id, x.debtor_id, x.company_id, x.currency_id, x.name,
                       x.document_date, x.date_due, x.days_overdue, x.amount,
                       x.amount_residual_currency, x.role, x.reason, x.level_id,
                       x.rank, x.role = 'chase', %(uid)s::integer,
                       %(now)s::timestamp, %(uid)s::integer, %(now)s::timestamp
                  FROM decision x
                  JOIN reminder r ON r.debtor_id = x.debtor_id
                   AND r.currency_id = x.currency_id
                   AND r.preventive = COALESCE(x.preventive, FALSE)
                """,
                decision=decision._decision_sql(
                    self.date,
                    self._scope_sql(SQL("d.id = ANY(%s)", debtor_ids)),
                ),
                run=self.id,
                day=self.date,
                uid=self.env.uid,
                now=self.env.cr.now(),
            )
        )
        self.env["recouvrement.reminder"].invalidate_model()
        self.env["recouvrement.reminder.line"].invalidate_model()
        self.invalidate_recordset(["reminder_ids"])

    def _finish_proposal(self):
        self.state = "proposed"
        automatic = self.nightly and self.reminder_ids.filtered(
            lambda r: r.policy_id.automatic and r.level_id.approval == "none"
        )
        if automatic:
            automatic.action_approve()
            self.state = "sending"

    # == Sending ==

    def _send_batch(self):
        """Send one batch of approved reminders.

        Each reminder is locked first: two workers never take the same one.
        """
        size = max(min(self.company_ids.mapped("recouvrement_mail_batch")), 1)
        approved = self.env["recouvrement.reminder"].search(
            [("run_id", "=", self.id), ("state", "=", "approved")],
            order="channel, id",
            limit=size,
        )
        taken = approved.try_lock_for_update().filtered(lambda r: r.state == "approved")
        taken._send()
        if len(approved) < size:
            self.state = "done" if not self.proposed_count else "proposed"
            return True
        return False

    # == Nightly ==

    @api.model
    def _cron_nightly(self):
        """Refresh every debtor account, then propose today's campaign per company.

        The unique index on company and day keeps a second scheduler from making
        another one.
        """
        self.env["recouvrement.debtor"]._refresh_totals()
        today = fields.Date.context_today(self)
        roots = self.env["res.company"].search([("parent_id", "=", False)])
        existing = self.search([("nightly", "=", True), ("date", "=", today)])
        missing = roots - existing.nightly_company_id
        self._supersede_nightly(missing)
        for company in missing:
            self.create(
                {
                    "name": self.env._(
                        "Nightly campaign of %(day)s, %(company)s",
                        day=format_date(self.env, today),
                        company=company.name,
                    ),
                    "date": today,
                    "company_ids": company.ids,
                    "nightly": True,
                    "nightly_company_id": company.id,
                    "state": "proposing",
                }
            )
        self.env["ir.cron"]._commit_progress(1)
        self._trigger()

    @api.model
    def _supersede_nightly(self, companies):
        """Yesterday's untouched proposals make room for today's."""
        self.env["recouvrement.reminder"].search(
            [
                ("run_id.nightly", "=", True),
                ("run_id.nightly_company_id", "in", companies.ids),
                ("state", "=", "proposed"),
                ("subject", "=", False),
                ("body", "=", False),
            ]
        )._cancel(self.env._("Replaced by a newer nightly campaign"))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.reminder_ids:
            raise UserError(
                self.env._("A campaign with reminders cannot be deleted. Cancel it.")
            )
