import logging

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

_logger = logging.getLogger(__name__)


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
        companies = self._get_all_companies()
        for run in self:
            run.test_mode = any(companies[run].mapped("recouvrement_test_mode"))

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
        policies = self.policy_ids or self.env["recouvrement.dunning.policy"].search(
            [("active", "=", True)]
        )
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
        companies = self._get_all_companies()
        for run in self:
            if companies[run] - user.company_ids:
                raise AccessError(
                    self.env._("You may not chase the debtors of this company.")
                )
            if not sees_all and run.collector_ids != user:
                raise AccessError(
                    self.env._("Your campaigns are about your own portfolio.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if self.reminder_ids:
            raise UserError(
                self.env._("A campaign with reminders cannot be deleted. Cancel it.")
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
            # Also those that are not active; the items stay behind the rules.
            "dunning_company_ids": self._get_all_companies()[self].ids,
            "dunning_policy_ids": self.policy_ids.ids,
            "dunning_collector_ids": self.collector_ids.ids,
            "dunning_run_id": self.id,
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
