from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

STATES = [
    ("proposed", "Proposed"),
    ("approved", "Approved"),
    ("queued", "Leaving"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
DEMAND_FIELDS = {"body", "channel", "partner_id", "subject"}


class RecouvrementReminder(models.Model):
    """One demand to one debtor, in one currency, by one channel.

    proposed → approved → queued → sent; a failed or cancelled reminder gives the
    levels of its items back, so that it never counts as a reminder.
    """

    _name = "recouvrement.reminder"
    _description = "Reminder"
    _inherit = ["recouvrement.guarded"]
    _order = "date_proposed desc, id desc"
    _rec_name = "name"

    name = fields.Char(compute="_compute_name")
    run_id = fields.Many2one(
        "recouvrement.dunning.run",
        string="Campaign",
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one("res.partner", string="Addressee", index=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True, index="btree_not_null")
    policy_id = fields.Many2one(
        "recouvrement.dunning.policy", readonly=True, ondelete="restrict"
    )
    level_id = fields.Many2one(
        "recouvrement.dunning.level",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    rank = fields.Integer(string="Level Number", readonly=True, aggregator="max")
    preventive = fields.Boolean(readonly=True)
    channel = fields.Selection(
        selection=lambda self: self.env["recouvrement.channel"]._selection_channel(),
        required=True,
    )
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="proposed",
        index=True,
        group_expand=True,
    )
    is_test = fields.Boolean(string="Test", readonly=True)
    is_formal_notice = fields.Boolean(related="level_id.is_formal_notice")
    test_mode = fields.Boolean(related="company_id.recouvrement_test_mode")
    approval = fields.Selection(
        related="level_id.approval", string="Approval Needed From"
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language",
        compute="_compute_lang",
    )

    # == Amounts, in the currency of the items ==
    amount_due = fields.Monetary(
        string="Reminded", readonly=True, help="Items reminded and recalled."
    )
    amount_credit = fields.Monetary(
        string="Credits", readonly=True, help="Credits counted, as a positive amount."
    )
    amount_net = fields.Monetary(
        string="Asked", readonly=True, help="What the debtor is asked to pay."
    )
    line_ids = fields.One2many("recouvrement.reminder.line", "reminder_id")

    # == Text ==
    subject = fields.Char(help="Empty: the subject of the level's text.")
    body = fields.Html(sanitize_style=True, help="Empty: the body of the level's text.")

    # == Progress ==
    date_proposed = fields.Date(readonly=True, default=fields.Date.context_today)
    approved_by_id = fields.Many2one("res.users", readonly=True)
    date_approved = fields.Datetime(readonly=True)
    date_queued = fields.Datetime(readonly=True)
    date_sent = fields.Date(
        readonly=True, index="btree_not_null", help="Day of the proven sending."
    )
    date_received = fields.Date(help="Day on the receipt of a registered letter.")
    tracking_number = fields.Char()
    proof_ids = fields.Many2many(
        "ir.attachment", "recouvrement_reminder_proof_rel", string="Proofs"
    )
    failure_reason = fields.Char(readonly=True)
    cancel_reason = fields.Char(readonly=True)
    mail_message_id = fields.Many2one(
        "mail.message", readonly=True, index="btree_not_null", ondelete="set null"
    )
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, index="btree_not_null", ondelete="set null"
    )

    _debtor_sent_idx = models.Index("(debtor_id, date_sent) WHERE state = 'sent'")

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("debtor_id", "level_id")
    def _compute_name(self):
        for reminder in self:
            reminder.name = (
                f"{reminder.level_id.name} - {reminder.debtor_id.display_name}"
            )

    @api.depends("partner_id.lang", "debtor_id.partner_id.lang")
    def _compute_lang(self):
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        for reminder in self:
            candidates = (
                reminder.partner_id.lang,
                reminder.debtor_id.partner_id.lang,
                reminder.company_id.partner_id.lang,
                self.env.lang,
            )
            reminder.lang = next(
                (lang for lang in candidates if lang in installed), installed[0]
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        if DEMAND_FIELDS & vals.keys() and not self.env.su:
            self._check_demand_editable()
        return super().write(vals)

    def _check_demand_editable(self):
        """The text is edited before it leaves; once approved, by who may approve."""
        if any(reminder.state not in ("proposed", "approved") for reminder in self):
            raise UserError(
                self.env._("This reminder has left or was cancelled: it is a record.")
            )
        self.filtered(lambda r: r.state == "approved")._check_approver()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(reminder.state in ("queued", "sent") for reminder in self):
            raise UserError(self.env._("A reminder that left cannot be deleted."))

    # ------------------------------------------------------------------
    # TRANSITIONS
    # ------------------------------------------------------------------

    def action_approve(self):
        """Approve proposed reminders; each level says who may.

        The rows are locked: of two approvals at the same moment, one wins.
        """
        reminders = self.filtered(lambda reminder: reminder.state == "proposed")
        reminders.check_access("write")
        reminders._check_approver()
        reminders.lock_for_update()
        reminders.sudo().write(
            {
                "state": "approved",
                "approved_by_id": self.env.uid,
                "date_approved": fields.Datetime.now(),
            }
        )
        return True

    def _check_approver(self):
        if self.env.su or self.env.user.has_group("recouvrement.group_manager"):
            return
        needs_manager = self.filtered(lambda r: r.level_id.approval == "manager")
        if needs_manager:
            raise AccessError(
                self.env._(
                    "Reminders of level “%(level)s” are approved by a credit manager "
                    "(%(debtor)s).",
                    level=needs_manager[0].level_id.name,
                    debtor=needs_manager[0].debtor_id.display_name,
                )
            )

    def action_back_to_proposed(self):
        """Undo an approval while nothing has left."""
        approved = self.filtered(lambda r: r.state == "approved")
        approved.check_access("write")
        approved.sudo().write(
            {"state": "proposed", "approved_by_id": False, "date_approved": False}
        )

    def action_cancel(self):
        """Remove proposed or approved reminders; their items keep their level."""
        self.check_access("write")
        self.filtered(lambda r: r.state in ("proposed", "approved"))._cancel(
            self.env._("Removed by %s", self.env.user.name)
        )

    def _cancel(self, reason):
        """Cancel reminders that have not left and free the levels of their items."""
        self._release_claims()
        self.sudo().write({"state": "cancelled", "cancel_reason": reason})

    def _release_claims(self):
        """In one statement: a reminder may have any number of items. The items are
        those of reminders whose state the caller writes."""
        lines = self.env["recouvrement.reminder.line"]
        lines.flush_model(["reminder_id", "claimed"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_reminder_line
                   SET claimed = FALSE, write_uid = %(uid)s,
                       write_date = %(now)s::timestamp
                 WHERE reminder_id = ANY(%(ids)s) AND claimed
                """,
                uid=self.env.uid,
                now=self.env.cr.now(),
                ids=self.ids,
            )
        )
        lines.invalidate_model(["claimed"])

    def _queue(self):
        """The channel took the reminders over; the proof of sending is to come."""
        self.sudo().write({"state": "queued", "date_queued": fields.Datetime.now()})

    def _confirm_sent(self, day=None, **vals):
        """Record the proven sending, from which delays count.

        :param date day: day of the sending; default today.
        """
        pending = self.filtered(lambda r: r.state in ("approved", "queued"))
        if not pending:
            return
        pending.sudo().write(
            {
                "state": "sent",
                "date_sent": day or fields.Date.context_today(self),
                "failure_reason": False,
                **vals,
            }
        )
        pending._log_events("reminder")
        self.env["recouvrement.debtor"]._mark_dirty_debtors(pending.debtor_id.ids)

    def _mark_failed(self, reason):
        """A reminder that did not arrive is no reminder: its levels are free again.

        Also for one that was thought sent and bounced.
        """
        broken = self.filtered(lambda r: r.state in ("approved", "queued", "sent"))
        if not broken:
            return
        broken._release_claims()
        broken.sudo().write(
            {"state": "failed", "failure_reason": reason, "date_sent": False}
        )
        broken._log_events("failure", detail=reason)
        self.env["recouvrement.debtor"]._mark_dirty_debtors(broken.debtor_id.ids)

    def _log_events(self, kind, detail=False):
        """One event per reminder in the debtors' histories (sudo: see _log_event)."""
        channels = dict(self._fields["channel"]._description_selection(self.env))
        self.env["recouvrement.event"].sudo().create(
            [
                {
                    "debtor_id": reminder.debtor_id.id,
                    "company_id": reminder.company_id.id,
                    "user_id": reminder._get_actor().id,
                    "kind": kind,
                    "summary": self.env._(
                        "%(level)s, %(channel)s to %(contact)s%(test)s",
                        level=reminder.level_id.name,
                        channel=channels[reminder.channel],
                        contact=reminder.partner_id.display_name,
                        test=self.env._(" (test)") if reminder.is_test else "",
                    ),
                    "detail": detail or reminder.outcome or reminder.contents_note,
                    "amount": reminder.amount_net,
                    "currency_id": reminder.currency_id.id,
                    "reminder_id": reminder.id,
                }
                for reminder in self
            ]
        )

    @api.model
    def _forget_tests(self, companies):
        """Test reminders never reached anybody: give their levels back.

        Called when a company leaves test mode. sudo: whoever may change the setting
        must free all of them.
        """
        tests = self.sudo().search(
            [
                ("company_id", "in", companies.ids),
                ("is_test", "=", True),
                ("state", "!=", "cancelled"),
            ]
        )
        debtors = tests.debtor_id
        tests._cancel(self.env._("Test mode switched off"))
        self.env["recouvrement.debtor"]._mark_dirty_debtors(debtors.ids)

    def _group_by_channel(self):
        groups = defaultdict(self.browse)
        for reminder in self:
            groups[reminder.channel] |= reminder
        return groups
