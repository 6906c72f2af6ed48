from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date, formatLang

STATES = [
    ("proposed", "Proposed"),
    ("approved", "Approved"),
    ("queued", "Leaving"),
    ("sent", "Sent"),
    ("failed", "Failed"),
    ("cancelled", "Cancelled"),
]
PENDING = ("proposed", "approved", "queued")
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
    lang = fields.Char(compute="_compute_lang")

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
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        for reminder in self:
            candidates = (
                reminder.partner_id.lang,
                reminder.debtor_id.partner_id.lang,
                reminder.company_id.partner_id.lang,
                self.env.lang,
            )
            reminder.lang = next(
                (lang for lang in candidates if lang in installed), "en_US"
            )

    # ------------------------------------------------------------------
    # TEXT HELPERS, used by the templates
    # ------------------------------------------------------------------

    def _get_regime(self):
        """Legal regime of the demand: ``fr_b2b``, ``fr_public``, ``fr_consumer``,
        ``fr_non_professional``, or ``other`` for a creditor outside France."""
        self.ensure_one()
        country = (
            self.company_id.account_fiscal_country_id or self.company_id.country_id
        )
        if country.code != "FR":
            return "other"
        regime = self.debtor_id.segment_id.regime or "b2b"
        return "fr_b2b" if regime == "intragroup" else f"fr_{regime}"

    def _get_legal_values(self):
        """Figures the law gives, formatted for the debtor: a hook.

        :return: ``{"fixed_indemnity": str | False, "penalty_rate": str | False}``;
            False leaves the sentence out of the text.
        """
        self.ensure_one()
        indemnity = False
        if self._get_regime() == "fr_b2b":
            indemnity = self.env["recouvrement.rate"]._get_value(
                "fr_fixed_indemnity", self._get_day()
            )
        return {
            "fixed_indemnity": indemnity and self._format_euros(indemnity),
            "penalty_rate": False,
        }

    def _get_day(self):
        """Day the demand is made: of its sending, else of its proposal."""
        return self.date_sent or self.date_proposed or fields.Date.context_today(self)

    def _format_euros(self, amount):
        env = self.with_context(lang=self.lang).env
        euro = self.env["ir.model.data"]._xmlid_to_res_id("base.EUR")
        currency = self.env["res.currency"].browse(euro)
        return formatLang(env, amount, currency_obj=currency)

    def _get_statement_lines(self):
        """What the text lists, reminded items first, then credits.

        :return: dicts with ``name, document_date, date_due, days_overdue, amount,
            residual, role``; amounts in the reminder's currency.
        """
        self.ensure_one()
        order = {"chase": 0, "recall": 0, "credit": 1}
        lines = self.line_ids.filtered(lambda line: line.role in order).sorted(
            lambda line: (order[line.role], line.date_due, line.id)
        )
        return [
            {
                "name": line.name,
                "document_date": line.document_date,
                "date_due": line.date_due,
                "days_overdue": max(line.days_overdue, 0),
                "amount": line.amount,
                "residual": line.amount_residual,
                "role": line.role,
            }
            for line in lines
        ]

    def _format_amount(self, amount):
        self.ensure_one()
        env = self.with_context(lang=self.lang).env
        return formatLang(env, amount, currency_obj=self.currency_id)

    def _format_date(self, day):
        self.ensure_one()
        return format_date(self.env, day, lang_code=self.lang) if day else ""

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
        self.sudo().line_ids.filtered("claimed").write({"claimed": False})

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
                    "detail": detail or reminder.outcome,
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

    # ------------------------------------------------------------------
    # THE LEDGER AT THE MOMENT OF SENDING
    # ------------------------------------------------------------------

    def _recheck(self):
        """Read the ledger again: take out what was paid, credited or set aside since
        the proposal, count new credits, and cancel what is left without a demand.

        Constant number of statements, whatever the number of reminders.

        :return: the reminders that still ask for something.
        """
        if not self:
            return self
        self.env["recouvrement.debtor"]._flush_sources()
        self.flush_model()
        self.line_ids.flush_model()
        self.env.cr.execute(self._recheck_lines_sql())
        self.env.cr.execute(self._recheck_credits_sql())
        self._update_totals()
        self.line_ids.invalidate_model()
        groups = self.grouped(lambda reminder: reminder._get_drop_reason() or "")
        remaining = groups.pop("", self.browse())
        for reason, reminders in groups.items():
            reminders._cancel(reason)
        return remaining

    def _get_drop_reason(self):
        """Why nothing is asked any more, or False: a hook.

        The tolerance is in company currency, the demand in that of its items.
        """
        if self.debtor_id.is_held:
            return self.env._("The debtor was put on hold")
        if self.policy_id.state == "stopped":
            return self.env._("The policy was stopped")
        if not any(line.role == "chase" for line in self.line_ids):
            return self.env._("Paid, credited or set aside since the proposal")
        tolerance = self.company_id.currency_id._convert(
            self.policy_id.tolerance, self.currency_id, self.company_id
        )
        if self.amount_net <= tolerance:
            return self.env._(
                "Covered by payments or credits received since the proposal"
            )
        return False

    def _recheck_lines_sql(self):
        """Open amount and role of the listed items as they are now."""
        return SQL(
            """
            UPDATE recouvrement_reminder_line rl
               SET amount_residual = CASE WHEN now.open
                       THEN now.residual_currency ELSE 0 END,
                   role = CASE WHEN now.open AND now.status = 'to_chase'
                       THEN rl.role ELSE 'out' END,
                   reason = CASE WHEN NOT now.open THEN 'paid'
                                 WHEN now.status <> 'to_chase' THEN now.status
                                 ELSE rl.reason END,
                   claimed = rl.claimed AND now.open AND now.status = 'to_chase',
                   days_overdue = %(day)s::date - rl.date_due
              FROM (SELECT l.id,
                           l.parent_state = 'posted' AND l.reconciled IS NOT TRUE
                               AND l.amount_residual_currency <> 0 AS open,
                           l.amount_residual_currency AS residual_currency,
                           CASE WHEN m.payment_state = 'blocked' THEN 'excluded'
                                WHEN %(under_payment)s THEN 'under_payment'
                                WHEN l.collection_until < %(day)s::date
                                THEN 'to_chase'
                                ELSE COALESCE(l.collection_status, 'to_chase')
                                END AS status
                      FROM account_move_line l
                      JOIN account_move m ON m.id = l.move_id) now
             WHERE now.id = rl.move_line_id
               AND rl.reminder_id = ANY(%(ids)s)
               AND rl.role <> 'out'
            """,
            under_payment=self.env[
                "recouvrement.dunning.decision"
            ]._under_payment_sql(),
            day=fields.Date.context_today(self),
            ids=self.ids,
        )

    def _recheck_credits_sql(self):
        """Credits that came in since the proposal join their debtor's reminder: the
        one for overdue items when there are two."""
        items = self.env["recouvrement.open.item"]
        condition = items.env["recouvrement.debtor"]._lines_of_partners_sql(
            self.debtor_id.partner_id.ids
        )
        return SQL(
            """
            INSERT INTO recouvrement_reminder_line
                   (reminder_id, move_line_id, debtor_id, company_id, currency_id,
                    name, document_date, date_due, days_overdue, amount,
                    amount_residual, role, reason, claimed, create_uid, create_date,
                    write_uid, write_date)
            SELECT r.id, o.id, r.debtor_id, r.company_id,
                   r.currency_id, o.name, o.document_date, o.date_due,
                   o.days_overdue, o.amount, o.amount_residual_currency, 'credit',
                   'credit', FALSE, %(uid)s::integer, %(now)s::timestamp,
                   %(uid)s::integer, %(now)s::timestamp
              FROM (%(items)s) o
              JOIN recouvrement_reminder r
                ON r.debtor_id = o.debtor_id AND r.currency_id = o.currency_id
             WHERE r.id = ANY(%(ids)s)
               AND o.amount_residual_currency < 0
               AND o.collection_status = 'to_chase'
               AND NOT EXISTS (SELECT 1 FROM recouvrement_reminder_line x
                                WHERE x.reminder_id = r.id
                                  AND x.move_line_id = o.id)
               AND NOT (r.preventive AND EXISTS (
                        SELECT 1 FROM recouvrement_reminder overdue
                         WHERE overdue.run_id = r.run_id
                           AND overdue.debtor_id = r.debtor_id
                           AND overdue.currency_id = r.currency_id
                           AND NOT overdue.preventive
                           AND overdue.state NOT IN ('failed', 'cancelled')))
            """,
            items=items._open_items_sql(condition=condition),
            ids=self.ids,
            uid=self.env.uid,
            now=self.env.cr.now(),
        )

    def _update_totals(self):
        """Recompute the amounts asked from the items listed."""
        self.line_ids.flush_model()
        self.flush_model()
        self.env.cr.execute(self._recheck_totals_sql())
        self.invalidate_recordset()

    def _recheck_totals_sql(self):
        return SQL(
            """
            UPDATE recouvrement_reminder r
               SET amount_due = t.due, amount_credit = t.credit,
                   amount_net = t.due - t.credit
              FROM (SELECT reminder_id,
                           COALESCE(SUM(amount_residual) FILTER (
                               WHERE role IN ('chase', 'recall')), 0) AS due,
                           COALESCE(-SUM(amount_residual) FILTER (
                               WHERE role = 'credit'), 0) AS credit
                      FROM recouvrement_reminder_line
                     WHERE reminder_id = ANY(%(ids)s)
                  GROUP BY reminder_id) t
             WHERE t.reminder_id = r.id
            """,
            ids=self.ids,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(reminder.state in ("queued", "sent") for reminder in self):
            raise UserError(self.env._("A reminder that left cannot be deleted."))
