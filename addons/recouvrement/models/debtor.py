from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

PRIORITIES = [("0", "Normal"), ("1", "Medium"), ("2", "High"), ("3", "Very High")]


class RecouvrementDebtor(models.Model):
    """What one customer (commercial partner) owes one legal entity.

    The amounts are a cache of the ledger: ``debtor_totals.py`` refreshes them and
    proves that they equal the open items.
    """

    _name = "recouvrement.debtor"
    _description = "Debtor Account"
    _inherit = ["recouvrement.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "priority_score desc, overdue_amount desc, id"
    _rec_names_search = ["partner_id.name", "partner_id.ref", "partner_id.vat"]

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    active = fields.Boolean(default=True)
    country_id = fields.Many2one(related="partner_id.country_id", string="Country")
    phone = fields.Char(related="contact_id.phone")
    email = fields.Char(related="contact_id.email")

    # == Who and how ==
    collector_id = fields.Many2one("res.users", index=True, tracking=True)
    substitute_id = fields.Many2one(
        "res.users",
        readonly=True,
        index="btree_not_null",
        help="Colleague who stands in for the collector today.",
    )
    salesperson_id = fields.Many2one("res.users", index=True, tracking=True)
    branch_manager_id = fields.Many2one("res.users")
    technical_manager_id = fields.Many2one("res.users")
    segment_id = fields.Many2one(
        "recouvrement.segment", index="btree_not_null", tracking=True
    )
    forced_policy_id = fields.Many2one(
        "recouvrement.dunning.policy",
        string="Imposed Policy",
        index="btree_not_null",
        tracking=True,
        help="Wins over the rules of the policies.",
    )
    policy_id = fields.Many2one(
        "recouvrement.dunning.policy",
        readonly=True,
        index="btree_not_null",
        help="Given by the rules on segment, country and amount, or imposed.",
    )
    preferred_channel = fields.Selection(
        selection=lambda self: self.env["recouvrement.channel"]._selection_channel(),
        help="Replaces the e-mail or letter of the levels.",
    )
    collection_contact_id = fields.Many2one(
        "res.partner",
        help="Person reminders go to; empty: the collection contact of the customer, "
        "its invoice address, or the customer.",
    )
    contact_id = fields.Many2one("res.partner", string="Addressee", readonly=True)
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        compute="_compute_lang",
        string="Language",
    )

    # == Hold ==
    hold_until = fields.Date(readonly=True, tracking=True)
    hold_reason = fields.Char(readonly=True, tracking=True)
    hold_user_id = fields.Many2one("res.users", readonly=True)
    is_held = fields.Boolean(compute="_compute_is_held", search="_search_is_held")

    # == Work ==
    note = fields.Html()
    next_action = fields.Char()
    next_action_date = fields.Date(index="btree_not_null")
    answered = fields.Boolean(
        help="An answer of the customer came in and nobody has read it yet."
    )

    # == Totals, a cache of the ledger ==
    open_amount = fields.Monetary(readonly=True)
    not_due_amount = fields.Monetary(readonly=True)
    overdue_amount = fields.Monetary(readonly=True)
    credit_amount = fields.Monetary(
        string="Credits to Allocate",
        readonly=True,
        help="Credit notes and receipts not yet matched, as a positive amount.",
    )
    oldest_due_date = fields.Date(readonly=True)
    days_overdue = fields.Integer(
        compute="_compute_days_overdue", search="_search_days_overdue"
    )
    open_item_count = fields.Integer(string="Open Items", readonly=True)
    overdue_item_count = fields.Integer(string="Overdue Items", readonly=True)
    last_payment_date = fields.Date(readonly=True)
    last_payment_amount = fields.Monetary(readonly=True)
    last_reminder_date = fields.Date(readonly=True)
    reached_rank = fields.Integer(
        string="Level Reached",
        readonly=True,
        aggregator="max",
        help="Highest level sent for an item that is still open.",
    )
    priority_score = fields.Float(
        readonly=True,
        aggregator=None,
        help="Sum of the points of the priority rules × weight of the segment.",
    )
    priority = fields.Selection(PRIORITIES, default="0", readonly=True)

    # == Defects of the file ==
    missing_email = fields.Boolean(readonly=True)
    missing_address = fields.Boolean(readonly=True)
    missing_collector = fields.Boolean(readonly=True)
    wrong_phone = fields.Boolean(
        readonly=True, help="A number of the customer was found wrong."
    )
    has_defect = fields.Boolean(readonly=True, index=True)
    defect_summary = fields.Char(compute="_compute_defect_summary")

    event_ids = fields.One2many("recouvrement.event", "debtor_id")
    reminder_ids = fields.One2many("recouvrement.reminder", "debtor_id")
    reminder_count = fields.Integer(compute="_compute_reminder_count")
    test_mode = fields.Boolean(related="company_id.recouvrement_test_mode")

    _partner_company_uniq = models.UniqueIndex(
        "(partner_id, company_id)",
        "A customer has one debtor account per company.",
    )
    _worklist_idx = models.Index(
        "(company_id, priority_score DESC, overdue_amount DESC, id)"
    )
    _overdue_idx = models.Index(
        "(company_id, oldest_due_date) WHERE overdue_amount > 0"
    )

    # ------------------------------------------------------------------
    # COMPUTES AND SEARCHES
    # ------------------------------------------------------------------

    @api.depends("partner_id.display_name")
    def _compute_display_name(self):
        for debtor in self:
            debtor.display_name = debtor.partner_id.display_name

    @api.depends("oldest_due_date")
    def _compute_days_overdue(self):
        today = fields.Date.context_today(self)
        for debtor in self:
            due = debtor.oldest_due_date
            debtor.days_overdue = (today - due).days if due else 0

    def _search_days_overdue(self, operator, value):
        opposite = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
        if operator not in opposite:
            return NotImplemented
        limit = fields.Date.subtract(fields.Date.context_today(self), days=value)
        late = Domain("oldest_due_date", opposite[operator], limit)
        zero_matches = operator.startswith("<") and (
            value > 0 or (value == 0 and operator == "<=")
        )
        return late | Domain("oldest_due_date", "=", False) if zero_matches else late

    @api.depends("hold_until")
    def _compute_is_held(self):
        today = fields.Date.context_today(self)
        for debtor in self:
            debtor.is_held = bool(debtor.hold_until and debtor.hold_until >= today)

    def _search_is_held(self, operator, value):
        if operator != "in":
            return NotImplemented
        held = Domain("hold_until", ">=", fields.Date.context_today(self))
        return held if True in value else ~held

    @api.depends("missing_email", "missing_address", "missing_collector", "wrong_phone")
    def _compute_defect_summary(self):
        for debtor in self:
            labels = {
                "missing_email": self.env._("no e-mail address"),
                "missing_address": self.env._("no complete postal address"),
                "missing_collector": self.env._("no collector"),
                "wrong_phone": self.env._("wrong number"),
            }
            debtor.defect_summary = ", ".join(
                label for field, label in labels.items() if debtor[field]
            )

    @api.depends("contact_id.lang")
    def _compute_lang(self):
        """A language that is no longer installed shows as none."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        for debtor in self:
            lang = debtor.contact_id.lang
            debtor.lang = lang if lang in installed else False

    def _compute_reminder_count(self):
        counts = dict(
            self.env["recouvrement.reminder"]._read_group(
                [("debtor_id", "in", self.ids)], ["debtor_id"], ["__count"]
            )
        )
        for debtor in self:
            debtor.reminder_count = counts.get(debtor, 0)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        watched = {
            "collector_id",
            "salesperson_id",
            "segment_id",
            "forced_policy_id",
            "collection_contact_id",
        }
        before = {debtor.id: debtor.collector_id for debtor in self}
        result = super().write(vals)
        if watched & vals.keys():
            self._mark_dirty_debtors(self.ids)
        if "collector_id" in vals:
            self._log_assignment(before)
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        if self.event_ids or self.reminder_ids:
            raise UserError(
                self.env._(
                    "A debtor account with a history cannot be deleted. Archive it."
                )
            )

    # ------------------------------------------------------------------
    # HOLD
    # ------------------------------------------------------------------

    def _hold(self, until, reason):
        """Stop every reminder of these debtors until a day included, and trace it.

        :raise UserError: without a reason, or a day that is past.
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the debtor is put on hold."))
        if not until or until < fields.Date.context_today(self):
            raise UserError(self.env._("The hold must end today or later."))
        self.check_access("write")
        self.sudo().write(
            {
                "hold_until": until,
                "hold_reason": reason.strip(),
                "hold_user_id": self.env.uid,
            }
        )
        self._log_event(
            "hold",
            self.env._("On hold until %s", format_date(self.env, until)),
            detail=reason.strip(),
        )

    def action_hold(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Put on Hold"),
            "res_model": "recouvrement.hold.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_debtor_ids": self.ids},
        }

    def action_release_hold(self):
        held = self.filtered("hold_until")
        held.check_access("write")
        held.sudo().write(
            {"hold_until": False, "hold_reason": False, "hold_user_id": False}
        )
        held._log_event("hold", self.env._("Hold released"))

    # ------------------------------------------------------------------
    # HISTORY
    # ------------------------------------------------------------------

    def _log_event(self, kind, summary, **vals):
        """Write one event in the history of each of these debtors.

        sudo: whoever may act on a debtor leaves a trace, but nobody has the right
        to create events by hand. The author stays the real user.
        """
        return (
            self.env["recouvrement.event"]
            .sudo()
            .create(
                [
                    {
                        "debtor_id": debtor.id,
                        "company_id": debtor.company_id.id,
                        "user_id": self.env.uid,
                        "kind": kind,
                        "summary": summary,
                        **vals,
                    }
                    for debtor in self
                ]
            )
        )

    def _log_assignment(self, before):
        moves = self.grouped(lambda debtor: (before[debtor.id], debtor.collector_id))
        for (old, new), debtors in moves.items():
            if old != new:
                debtors._log_event(
                    "assignment",
                    self.env._(
                        "Collector: %(old)s → %(new)s",
                        old=old.name or self.env._("nobody"),
                        new=new.name or self.env._("nobody"),
                    ),
                    detail=self.env.context.get("assignment_note", False),
                )

    @api.model
    def _log_status_change(self, lines, before):
        """Trace the new collection status of items.

        :param lines: ``account.move.line`` records, after the change.
        :param dict before: status of each line id before the change.
        """
        if not lines:
            return
        items = self.env["recouvrement.open.item"].sudo().browse(lines.ids)
        items.invalidate_model()
        labels = dict(
            lines._fields["collection_status"]._description_selection(self.env)
        )
        self.env["recouvrement.event"].sudo().create(
            [
                {
                    "debtor_id": item.debtor_id.id,
                    "company_id": item.debtor_id.company_id.id,
                    "user_id": self.env.uid,
                    "kind": "status",
                    "summary": self.env._(
                        "%(item)s: %(old)s → %(new)s",
                        item=item.name,
                        old=labels.get(before[item.id]) or "",
                        new=labels[item.move_line_id.collection_status],
                    ),
                    "detail": item.move_line_id.collection_reason
                    or self.env._("Odoo's own follow-up box was ticked or unticked."),
                    "amount": item.amount_residual_currency,
                    "currency_id": item.currency_id.id,
                    "move_line_id": item.id,
                }
                for item in items.exists()
                if item.debtor_id
            ]
        )

    # EXTENDS 'mail'
    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Salespeople comment on customers that they may only read."""
        operations = super()._mail_get_operation_for_mail_message_operation(
            message_operation
        )
        if message_operation == "create" and self.env.user.has_group(
            "recouvrement.group_salesperson"
        ):
            operations = dict.fromkeys(operations, "read")
        return operations

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def _action_related(self, xmlid, **context):
        """The records of these accounts.

        :param str xmlid: of the action; that of another addon names its addon.
        """
        self.check_access("read")
        xmlid = xmlid if "." in xmlid else f"recouvrement.{xmlid}"
        action = self.env["ir.actions.actions"]._for_xml_id(xmlid)
        action["domain"] = [("debtor_id", "in", self.ids)]
        action["context"] = context
        return action

    def action_open_items(self):
        return self._action_related("recouvrement_open_item_action")

    def action_overdue_items(self):
        return self._action_related(
            "recouvrement_open_item_action", search_default_overdue=1
        )

    def action_view_reminders(self):
        return self._action_related("recouvrement_reminder_action")

    def action_view_events(self):
        return self._action_related("recouvrement_event_action")

    def action_explain(self):
        """Why each open item of the debtor would be reminded today, or not."""
        return self._action_related("recouvrement_dunning_decision_action")
