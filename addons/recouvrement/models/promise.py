from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

STATES = [
    ("open", "Running"),
    ("kept", "Kept"),
    ("partly", "Partly Kept"),
    ("broken", "Broken"),
    ("void", "Settled Otherwise"),
    ("replaced", "Postponed"),
    ("cancelled", "Cancelled"),
]
# States that the ledger gives; the others are decisions of people.
JUDGED = ("open", "kept", "partly", "broken", "void")
SOURCES = [
    ("call", "Call"),
    ("email", "E-mail"),
    ("portal", "Customer Page"),
    ("visit", "Visit"),
    ("other", "Other"),
]


class RecouvrementPromise(models.Model):
    """A customer's word to pay an amount of some items by a day.

    Made by ``promise_make.py``; whether it was kept is read in the reconciliations by
    ``promise_judge.py`` and never entered by hand.
    """

    _name = "recouvrement.promise"
    _description = "Promise to Pay"
    _inherit = ["recouvrement.guarded"]
    _order = "date desc, id desc"

    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="debtor_id.company_id", store=True, index=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    collector_id = fields.Many2one(related="debtor_id.collector_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Promised By",
        readonly=True,
        help="Person who gave the word.",
    )
    amount = fields.Monetary(string="Promised", required=True, readonly=True)
    amount_company = fields.Monetary(
        string="Promised (Company Currency)",
        currency_field="company_currency_id",
        readonly=True,
        help="At the rate of the day the promise was made.",
    )
    date = fields.Date(string="Promised For", required=True, readonly=True, index=True)
    deadline = fields.Date(
        required=True,
        readonly=True,
        help="Promised day and the days of tolerance: receipts up to this day count.",
    )
    tolerance = fields.Monetary(string="Shortfall Tolerated", readonly=True)
    date_made = fields.Date(string="Made On", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Taken By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    source = fields.Selection(SOURCES, required=True, readonly=True, default="call")
    note = fields.Text()
    interaction_id = fields.Many2one(
        "recouvrement.interaction",
        string="Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    line_ids = fields.One2many(
        "recouvrement.promise.line", "promise_id", string="Items", readonly=True
    )
    item_count = fields.Integer(readonly=True, string="Items Promised")

    # == Judgement of the ledger ==
    state = fields.Selection(
        STATES, default="open", required=True, readonly=True, index=True
    )
    reason = fields.Char(readonly=True)
    explanation = fields.Char(compute="_compute_explanation")
    required_amount = fields.Monetary(
        string="Required",
        readonly=True,
        help="Promised amount, or what credit notes and write-offs left of it.",
    )
    paid_amount = fields.Monetary(
        string="Received",
        readonly=True,
        help="Receipts matched with the items since the promise.",
    )
    paid_in_time = fields.Monetary(
        string="Received in Time",
        readonly=True,
        help="Receipts up to the deadline.",
    )
    missing_amount = fields.Monetary(
        string="Expected", readonly=True, help="What an open promise still brings."
    )
    date_decided = fields.Date(string="Decided On", readonly=True)

    # == Decisions of people ==
    replaced_by_id = fields.Many2one(
        "recouvrement.promise",
        string="Postponed To",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    postponement_count = fields.Integer(
        string="Postponements", readonly=True, help="Promises that came before it."
    )
    cancel_reason = fields.Char(readonly=True)
    may_change = fields.Boolean(compute="_compute_may_change")
    may_undo = fields.Boolean(compute="_compute_may_change")

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A promise is for an amount above zero."
    )
    _open_idx = models.Index("(deadline) WHERE state = 'open'")
    _debtor_state_idx = models.Index("(debtor_id, state, date_decided)")

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("amount", "currency_id", "date", "debtor_id")
    @api.depends_context("promise_with_customer")
    def _compute_display_name(self):
        """With the customer where promises of several stand together."""
        named = self.env.context.get("promise_with_customer")
        for promise in self:
            name = self.env._(
                "%(amount)s for %(day)s",
                amount=promise._format(promise.amount),
                day=format_date(self.env, promise.date),
            )
            promise.display_name = (
                f"{promise.debtor_id.display_name}, {name}" if named else name
            )

    def _format(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    @api.depends("reason", "state", "paid_in_time", "required_amount", "paid_amount")
    def _compute_explanation(self):
        for promise in self:
            promise.explanation = promise._get_explanation()

    def _get_explanation(self):
        """Sentence that says why the promise has its state."""
        if self.state == "cancelled":
            return self.cancel_reason
        if self.state == "replaced":
            return self.env._("A later promise took its place.")
        values = {
            "paid": self._format(self.paid_in_time),
            "total": self._format(self.paid_amount),
            "required": self._format(self.required_amount),
            "promised": self._format(self.amount),
            "day": format_date(self.env, self.deadline),
        }
        return self._get_sentences().get(self.reason, "%(paid)s") % values

    @api.model
    def _get_sentences(self):
        """Sentence per code of ``tools.promise``."""
        return {
            "waiting": self.env._("Nothing received yet; counted up to %(day)s."),
            "part_received": self.env._(
                "%(paid)s of %(required)s received; counted up to %(day)s."
            ),
            "paid": self.env._("%(paid)s received by %(day)s."),
            "paid_rest": self.env._(
                "%(paid)s received by %(day)s; of the %(promised)s promised, credit "
                "notes or write-offs left %(required)s to pay."
            ),
            "settled_otherwise": self.env._(
                "Credit notes or write-offs settled the items: nothing was left to pay."
            ),
            "paid_late": self.env._(
                "%(paid)s received by %(day)s of %(required)s; %(total)s received "
                "since, too late."
            ),
            "paid_less": self.env._(
                "Only %(paid)s of %(required)s received by %(day)s."
            ),
            "not_paid": self.env._("Nothing of %(required)s received by %(day)s."),
        }

    @api.depends_context("uid")
    @api.depends("state", "user_id", "date_made")
    def _compute_may_change(self):
        writable = self._filtered_access("write")
        today = fields.Date.context_today(self)
        manager = self.env.user.has_group("recouvrement.group_manager")
        for promise in self:
            opened = promise in writable and promise.state == "open"
            promise.may_change = opened and (manager or today <= promise.date)
            promise.may_undo = (
                opened
                and promise.date_made == today
                and (manager or promise.user_id == self.env.user)
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        if not self.env.su and any(promise.state != "open" for promise in self):
            raise UserError(
                self.env._("This promise was decided or taken back: it is a record.")
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        raise UserError(self.env._("A promise is a record: cancel it instead."))

    # ------------------------------------------------------------------
    # TAKING BACK
    # ------------------------------------------------------------------

    def action_cancel(self, reason=None):
        """Take open promises off, with a reason; asks for one when there is none.

        Once the promised day is past, only a credit manager does: a broken promise
        is not made to disappear.

        :raise UserError: on promises that are decided, or too late.
        """
        if not (reason or "").strip():
            return self._get_wizard_action("cancel")
        self.check_access("write")
        if any(promise.state != "open" for promise in self):
            raise UserError(self.env._("Only an open promise can be cancelled."))
        if not all(self.mapped("may_change")):
            raise UserError(
                self.env._(
                    "The promised day is past: only a credit manager cancels it now."
                )
            )
        self.sudo()._close("cancelled", cancel_reason=reason.strip())
        for promise in self:
            summary = self.env._("Promise cancelled: %s", promise.display_name)
            promise._log(summary, reason.strip())
        return True

    def action_undo(self):
        """Take back a promise entered today by mistake: those that it replaced are
        there again."""
        self.check_access("write")
        if not all(self.mapped("may_undo")):
            raise UserError(
                self.env._(
                    "Only an open promise of today is undone, by who took it or a "
                    "credit manager. Cancel it with a reason instead."
                )
            )
        replaced = self.sudo().search([("replaced_by_id", "in", self.ids)])
        self.sudo()._close("cancelled", cancel_reason=self.env._("Entered by mistake"))
        for promise in self:
            promise._log(self.env._("Promise undone: %s", promise.display_name))
        replaced.write({"replaced_by_id": False})
        replaced._judge()
        return True

    def _close(self, state, **vals):
        """End open promises by a decision; items that nothing else covers are chased
        again."""
        self.line_ids.write({"is_live": False})
        self.write({"state": state, "missing_amount": 0, **vals})
        self._release_items(self.env._("Promise cancelled or postponed"))
        self._judge_covered()
        self.env["recouvrement.debtor"]._mark_dirty_debtors(self.debtor_id.ids)

    def _get_wizard_action(self, name):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel the Promise"),
            "res_model": f"recouvrement.promise.{name}",
            "view_mode": "form",
            "target": "new",
            "context": {"default_promise_ids": self.ids},
        }

    # ------------------------------------------------------------------
    # HISTORY AND ACTIONS
    # ------------------------------------------------------------------

    def _log(self, summary, detail=None):
        self.ensure_one()
        self.debtor_id._log_event(
            "promise",
            summary,
            detail=detail,
            amount=self.amount,
            currency_id=self.currency_id.id,
        )

    def action_open_debtor(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "recouvrement.debtor",
            "res_id": self.debtor_id.id,
            "view_mode": "form",
        }

    @api.model
    def _get_live_domain(self, line_ids):
        """Open promises on these items."""
        return Domain("state", "=", "open") & Domain(
            "line_ids", "any", [("move_line_id", "in", list(line_ids))]
        )
