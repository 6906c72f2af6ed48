"""Disputes: what a customer does not accept, who settles it, until when."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .dispute_category import PRIORITIES, ROLES

STATES = [("open", "In Progress"), ("closed", "Closed")]
SOURCES = [
    ("call", "Phone"),
    ("email", "E-mail"),
    ("portal", "Customer Page"),
    ("short_payment", "Short Payment"),
    ("einvoice", "E-invoice Status"),
    ("relay", "Insider Relay"),
    ("return", "Direct Debit Returned"),
    ("manual", "Entered by Hand"),
]
OUTCOMES = [
    ("founded", "Founded: Credit Note"),
    ("partly", "Founded in Part"),
    ("reinvoice", "Invoiced Again"),
    ("unfounded", "Unfounded"),
    ("paid", "Paid"),
    ("abandoned", "Given Up"),
]
NAMES_TOLD = 3
READ_MOVES = "account.group_account_readonly,account.group_account_invoice"
# What people change while a dispute is open; the rest follows from its life.
EDITABLE = {"stage_id", "category_id", "priority", "user_id", "date_due"}


class RecouvrementDispute(models.Model):
    """A disagreement of a customer on items, or on a part of them.

    What it holds leaves the reminders and stays in the receivables. It closes by an
    outcome that a person gives, or by the ledger that settles what it is about.
    """

    _name = "recouvrement.dispute"
    _description = "Dispute"
    _inherit = ["recouvrement.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "priority desc, date_due, id desc"
    _mail_post_access = "read"

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    customer_id = fields.Many2one(
        related="debtor_id.partner_id", string="Customer", store=True, index=True
    )
    company_id = fields.Many2one(related="debtor_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    collector_id = fields.Many2one(related="debtor_id.collector_id", string="Collector")
    segment_id = fields.Many2one(related="debtor_id.segment_id", store=True)
    salesperson_id = fields.Many2one(related="debtor_id.salesperson_id", store=True)

    # == What it is about ==
    line_ids = fields.One2many("recouvrement.dispute.line", "dispute_id", "Items")
    item_names = fields.Char(
        string="Documents", compute="_compute_item_names", compute_sudo=True
    )
    amount_company = fields.Monetary(
        string="Disputed", readonly=True, help="When it was disputed."
    )
    amount_open_company = fields.Monetary(
        string="Still Disputed",
        readonly=True,
        help="What credit notes and payments left in dispute.",
    )
    category_id = fields.Many2one(
        "recouvrement.dispute.category", required=True, index=True, tracking=True
    )
    color = fields.Integer(related="category_id.color")
    cause_id = fields.Many2one(
        "recouvrement.dispute.category",
        string="Root Cause",
        index="btree_not_null",
        tracking=True,
        help="What was found; it may differ from what the customer said.",
    )
    text = fields.Text(string="Words of the Customer", readonly=True)
    source = fields.Selection(SOURCES, required=True, readonly=True, index=True)
    request_id = fields.Many2one(
        "recouvrement.request", readonly=True, index="btree_not_null"
    )
    relay_id = fields.Many2one(
        "recouvrement.relay", readonly=True, index="btree_not_null"
    )

    # == Who settles it, until when ==
    stage_id = fields.Many2one(
        "recouvrement.dispute.stage",
        required=True,
        index=True,
        tracking=True,
        group_expand="_expand_stages",
        ondelete="restrict",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="open", index=True
    )
    priority = fields.Selection(PRIORITIES, default="0", tracking=True)
    role = fields.Selection(ROLES, required=True, readonly=True, tracking=True)
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        index="btree_not_null",
        tracking=True,
        domain="[('share', '=', False)]",
    )
    date_open = fields.Date(string="Opened On", required=True, readonly=True)
    date_due = fields.Date(string="Settle Before", tracking=True)
    is_late = fields.Boolean(
        string="Late", compute="_compute_is_late", search="_search_is_late"
    )
    urgency = fields.Selection(
        [("late", "Late"), ("soon", "Due This Week"), ("later", "Later")],
        compute="_compute_is_late",
    )
    escalated_on = fields.Date(readonly=True)
    escalated_to_id = fields.Many2one("res.users", readonly=True)
    transfer_count = fields.Integer(string="Transfers", readonly=True)

    # == How it ended ==
    outcome = fields.Selection(OUTCOMES, readonly=True, index=True, tracking=True)
    outcome_reason = fields.Text(readonly=True)
    concluded_by_id = fields.Many2one("res.users", readonly=True)
    date_closed = fields.Date(readonly=True, index="btree_not_null")
    closed_by_ledger = fields.Boolean(
        readonly=True, help="A credit note or a payment closed it; undone, it opens."
    )
    days_open = fields.Integer(
        string="Days to Settle",
        readonly=True,
        aggregator="avg",
        help="Days from the opening to the end, or until today.",
    )
    credit_move_ids = fields.Many2many(
        "account.move",
        "recouvrement_dispute_credit_rel",
        "dispute_id",
        "move_id",
        string="Credit Notes",
        readonly=True,
        groups=READ_MOVES,
    )
    reinvoice_move_ids = fields.Many2many(
        "account.move",
        "recouvrement_dispute_reinvoice_rel",
        "dispute_id",
        "move_id",
        string="New Invoices",
        readonly=True,
        groups=READ_MOVES,
    )
    document_count = fields.Integer(compute="_compute_document_count")

    _open_idx = models.Index("(stage_id, priority DESC, date_due) WHERE state = 'open'")
    _owner_idx = models.Index("(user_id, date_due) WHERE state = 'open'")
    _due_idx = models.Index("(date_due) WHERE state = 'open'")
    _kanban_idx = models.Index("(stage_id, priority DESC, date_due, id DESC)")
    _debtor_open_idx = models.Index("(debtor_id) WHERE state = 'open'")

    # ------------------------------------------------------------------
    # COMPUTES AND SEARCHES
    # ------------------------------------------------------------------

    @api.depends("line_ids.move_line_id")
    def _compute_item_names(self):
        for dispute in self:
            names = [move.name or "" for move in dispute.line_ids.move_id]
            told = names[:NAMES_TOLD]
            if len(names) > len(told):
                told.append(f"+{len(names) - len(told)}")
            dispute.item_names = ", ".join(told)

    @api.depends("state", "date_due")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        week = fields.Date.add(today, days=7)
        for dispute in self:
            due = dispute.state == "open" and dispute.date_due
            dispute.is_late = bool(due and due < today)
            dispute.urgency = due and (
                "late" if due < today else "soon" if due <= week else "later"
            )

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = Domain("state", "=", "open") & Domain(
            "date_due", "<", fields.Date.context_today(self)
        )
        return late if True in value else ~late

    @api.depends("credit_move_ids", "reinvoice_move_ids")
    def _compute_document_count(self):
        for dispute in self.sudo():
            moves = dispute.credit_move_ids | dispute.reinvoice_move_ids
            dispute.document_count = len(moves)

    @api.depends("name", "customer_id")
    def _compute_display_name(self):
        for dispute in self:
            parts = (dispute.name, dispute.sudo().customer_id.display_name)
            dispute.display_name = " · ".join(filter(None, parts))

    @api.model
    def _expand_stages(self, stages, _domain):
        """All the columns of the kanban, empty ones too."""
        return stages.search([])  # pylint: disable=no-search-all

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        numbers = iter(self._next_numbers(len(vals_list)))
        first = self.env["recouvrement.dispute.stage"]._for("new")
        return super().create(
            [
                {"stage_id": first.id, "name": next(numbers), **vals}
                for vals in vals_list
            ]
        )

    @api.model
    def _next_numbers(self, count):
        """Numbers for new disputes, in one query."""
        sequence = self.env.ref("recouvrement_litige.sequence_dispute").sudo()
        rows = self.env.execute_query(
            SQL(
                "SELECT nextval(%s) FROM generate_series(1, %s)",
                f"ir_sequence_{sequence.id:03d}",
                count,
            )
        )
        return [sequence.get_next_char(number) for [number] in rows]

    def write(self, vals):
        if not self.env.su:
            self._check_editable(vals)
        if "stage_id" in vals:
            self._check_stage(vals["stage_id"])
        owners = {dispute.id: dispute.user_id for dispute in self}
        result = super().write(vals)
        if "user_id" in vals or "date_due" in vals:
            self.filtered(lambda d: d.state == "open")._follow_owner(owners)
        if "category_id" in vals:
            # It says whether the rest of an item goes on being chased.
            self.sudo()._judge()
        return result

    def _check_editable(self, vals):
        if EDITABLE & vals.keys() and any(d.state == "closed" for d in self):
            raise UserError(
                self.env._("This dispute is closed: it is a record. Open it again.")
            )

    def _check_stage(self, stage_id):
        """A dispute is closed by an outcome, not by moving its card."""
        stage = self.env["recouvrement.dispute.stage"].browse(stage_id)
        for dispute in self:
            if stage.is_closed != (dispute.state == "closed"):
                raise UserError(
                    self.env._("Say how the dispute ends: use “Conclude”.")
                    if stage.is_closed
                    else self.env._("A closed dispute is opened by “Open Again”.")
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        raise UserError(self.env._("A dispute is a record: give it up instead."))

    # ------------------------------------------------------------------
    # PEOPLE
    # ------------------------------------------------------------------

    def _follow_owner(self, before=None):
        """One activity for the owner, due when the dispute must be settled."""
        todo = "mail.mail_activity_data_todo"
        for dispute in self.sudo():
            if before is not None and before.get(dispute.id) == dispute.user_id:
                activities = dispute.activity_ids.filtered("automated")
                activities.write({"date_deadline": dispute.date_due})
                continue
            dispute.activity_unlink([todo])
            if dispute.user_id:
                dispute.message_subscribe(dispute.user_id.partner_id.ids)
                dispute.activity_schedule(
                    todo,
                    date_deadline=dispute.date_due or fields.Date.context_today(self),
                    user_id=dispute.user_id.id,
                    summary=self.env._(
                        "Dispute of %s to settle", dispute.customer_id.display_name
                    ),
                    note=dispute.text,
                )

    def _move_to(self, code):
        """Put open disputes in the stage of a use."""
        stage = self.env["recouvrement.dispute.stage"]._for(code)
        self.filtered(lambda d: d.state == "open" and d.stage_id != stage).write(
            {"stage_id": stage.id}
        )

    def _log(self, summary, detail=False):
        """One event for each in its debtor's history."""
        for dispute in self:
            dispute.debtor_id._log_event(
                "dispute",
                f"{dispute.name} – {summary}",
                detail=detail,
                amount=dispute.amount_open_company or dispute.amount_company,
                currency_id=dispute.currency_id.id,
            )
