from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

STATES = [
    ("to_discuss", "To Discuss"),
    ("discussed", "Discussed"),
    ("postponed", "Next Time"),
]

# The amount that brought the debtor there is the overdue amount beside it.
PLAIN = ("biggest", "oldest", "salesperson")


class RecouvrementReviewItem(models.Model):
    """One debtor on the agenda of one review, with the figures frozen when it was
    prepared, what was said and what was decided."""

    _name = "recouvrement.review.item"
    _description = "Debtor of an Account Review"
    _inherit = ["recouvrement.guarded"]
    _order = "review_id desc, sequence, id"

    review_id = fields.Many2one(
        "recouvrement.review", required=True, index=True, ondelete="cascade"
    )
    review_state = fields.Selection(related="review_id.state")
    date = fields.Date(related="review_id.date", store=True, string="Review Date")
    kind = fields.Selection(related="review_id.kind")
    debtor_id = fields.Many2one(
        "recouvrement.debtor", required=True, index=True, ondelete="restrict"
    )
    partner_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    company_id = fields.Many2one(related="review_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    collector_id = fields.Many2one(related="debtor_id.collector_id", store=True)
    salesperson_id = fields.Many2one(related="debtor_id.salesperson_id", store=True)
    sequence = fields.Integer(default=1000)
    section_id = fields.Many2one(
        "recouvrement.review.section", readonly=True, ondelete="set null"
    )
    section_ids = fields.Many2many(
        "recouvrement.review.section",
        "recouvrement_review_item_section_rel",
        "item_id",
        "section_id",
        string="All Sections",
        readonly=True,
    )
    reasons = fields.Json(readonly=True, export_string_translation=False)
    reason = fields.Char(string="Why", compute="_compute_reason")
    is_manual = fields.Boolean(
        string="Added by Hand", readonly=True, help="Not found by a section."
    )
    is_carried = fields.Boolean(
        string="Decisions Still Open",
        readonly=True,
        help="A decision of an earlier review was still open.",
    )

    # == Figures frozen at preparation ==
    open_amount = fields.Monetary(readonly=True)
    overdue_amount = fields.Monetary(string="Overdue", readonly=True)
    over_90_amount = fields.Monetary(string="Over 90 Days", readonly=True)
    disputed_amount = fields.Monetary(string="Disputed", readonly=True)
    promised_amount = fields.Monetary(string="Promised or in a Plan", readonly=True)
    credit_amount = fields.Monetary(string="Credits to Allocate", readonly=True)
    oldest_due_date = fields.Date(readonly=True)
    received_total = fields.Monetary(
        string="Received Ever",
        readonly=True,
        help="All receipts of the debtor when the figures were frozen: what came since "
        "is the difference.",
    )

    # == Figures at the end of the meeting ==
    held_overdue_amount = fields.Monetary(
        string="Overdue at the Meeting", readonly=True, copy=False
    )
    held_received = fields.Monetary(
        string="Received Before the Meeting",
        readonly=True,
        copy=False,
        help="Receipts entered between the two figures.",
    )

    # == Meeting ==
    state = fields.Selection(
        STATES, required=True, default="to_discuss", index=True, group_expand=True
    )
    discussion = fields.Text(string="What Was Said")
    decision_ids = fields.One2many("recouvrement.review.decision", "item_id")
    decision_summary = fields.Char(
        string="Decisions", compute="_compute_decision_summary"
    )
    previous_id = fields.Many2one(
        "recouvrement.review.item",
        string="Last Time",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    previous_date = fields.Date(related="previous_id.date", string="Last Reviewed On")
    previous_discussion = fields.Text(
        related="previous_id.discussion", string="Said Last Time"
    )

    _debtor_uniq = models.UniqueIndex(
        "(review_id, debtor_id)", "A debtor is on the agenda of a review once."
    )
    _debtor_date_idx = models.Index("(debtor_id, date DESC)")

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("debtor_id", "review_id.name")
    @api.depends_context("in_review")
    def _compute_display_name(self):
        in_review = self.env.context.get("in_review")
        for item in self:
            name = item.debtor_id.display_name or ""
            item.display_name = name if in_review else f"{item.review_id.name} · {name}"

    @api.depends("reasons", "is_carried", "is_manual")
    @api.depends_context("lang")
    def _compute_reason(self):
        ids = {reason["section"] for item in self for reason in item.reasons or []}
        sections = {
            section.id: section
            for section in self.env["recouvrement.review.section"]
            .sudo()
            .browse(ids)
            .exists()
        }
        for item in self:
            parts = [
                item._describe_reason(sections[reason["section"]], reason)
                for reason in item.reasons or []
                if reason["section"] in sections
            ]
            if item.is_carried:
                parts.insert(0, self.env._("decisions still open"))
            if item.is_manual:
                parts.insert(0, self.env._("added by hand"))
            item.reason = " · ".join(parts)

    def _describe_reason(self, section, reason):
        """Name of the section with the measure that brought the debtor there."""
        details = []
        if reason["amount"] is not None and section.rule not in PLAIN:
            details.append(
                format_amount(self.env, float(reason["amount"]), self.currency_id)
            )
        if reason["number"] and section.rule in ("broken_promise", "disputed"):
            details.append(f"× {reason['number']}")
        if reason["day"]:
            details.append(format_date(self.env, reason["day"]))
        if not details:
            return section.name
        return f"{section.name} ({', '.join(details)})"

    @api.depends("decision_ids.kind_id", "decision_ids.state", "decision_ids.date_due")
    def _compute_decision_summary(self):
        for item in self:
            item.decision_summary = ", ".join(
                decision._describe()
                for decision in item.decision_ids
                if decision.state != "dropped"
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Debtors added during the meeting come with their figures."""
        items = super().create(vals_list)
        if not self.env.su:
            items._check_open()
            items._check_scope()
            items.sudo().write({"is_manual": True, "reasons": []})
            items.sudo()._freeze()
        return items

    def write(self, vals):
        if not self.env.su:
            self._check_open()
            if {"review_id", "debtor_id"} & vals.keys():
                raise UserError(
                    self.env._("Add the other debtor to the agenda instead.")
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        if self.env.su:
            return
        self._check_open()
        if any(item.decision_ids or item.discussion for item in self):
            raise UserError(
                self.env._("A debtor that was spoken of stays in the minutes.")
            )

    def _check_open(self):
        """Refuse to change what a review said once its minutes left."""
        self.review_id._check_state("draft", "prepared", "held")

    def _check_scope(self):
        for item in self:
            if item.debtor_id.company_id != item.review_id.company_id:
                raise UserError(
                    self.env._(
                        "%(debtor)s is a debtor of another company than the review.",
                        debtor=item.debtor_id.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # MEETING
    # ------------------------------------------------------------------

    def action_discussed(self):
        self.write({"state": "discussed"})
        return True

    def action_postpone(self):
        """Leave it for the next review."""
        self.write({"state": "postponed"})
        return True

    def decide(self, kind_id):
        """Take a decision in one click, with its usual owner and day.

        :param int kind_id: a ``recouvrement.review.decision.kind``.
        :return: id of the decision.
        """
        self.ensure_one()
        self.check_access("write")
        decision = self.env["recouvrement.review.decision"].create(
            {"item_id": self.id, "kind_id": kind_id}
        )
        if self.state == "to_discuss":
            self.state = "discussed"
        return decision.id

    def action_open_desk(self):
        return self.debtor_id.action_open_desk()

    def action_open_items(self):
        return self.debtor_id.action_open_items()

    def _log_history(self):
        """One event in the history of each debtor that was spoken of."""
        spoken = self.filtered(lambda item: item.discussion or item.decision_ids)
        self.env["recouvrement.event"].sudo().create(
            [
                {
                    "debtor_id": item.debtor_id.id,
                    "company_id": item.company_id.id,
                    "user_id": self.env.uid,
                    "kind": "review",
                    "summary": item._get_history_title(),
                    "detail": item.discussion,
                    "amount": item.overdue_amount,
                    "currency_id": item.currency_id.id,
                }
                for item in spoken
            ]
        )

    def _get_history_title(self):
        decided = self.decision_summary or self.env._("nothing decided")
        return f"{self.review_id.name}: {decided}"
