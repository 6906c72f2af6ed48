from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from .review_section import KINDS

STATES = [
    ("draft", "To Prepare"),
    ("prepared", "Prepared"),
    ("held", "Meeting Held"),
    ("sent", "Minutes Sent"),
    ("cancelled", "Cancelled"),
]
# What may still be changed once the minutes left.
FOLLOW_UP = {"message_follower_ids", "message_ids", "activity_ids", "interval_months"}

# What everybody who takes part may write down.
SHARED = FOLLOW_UP | {"agenda", "conclusion"}
# Who may read every debtor organises the reviews of others too.
ORGANISERS = ("recouvrement.group_manager", "recouvrement.group_accountant")


class RecouvrementReview(models.Model):
    """A meeting about debtors: the monthly account review with sales and billing, or
    the credit committee.

    to prepare → prepared (agenda and figures) → held (decisions become activities) →
    minutes sent; or cancelled.
    """

    _name = "recouvrement.review"
    _description = "Account Review"
    _inherit = [
        "recouvrement.guarded",
        "recouvrement.stepped",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date desc, id desc"

    name = fields.Char(compute="_compute_name", store=True, readonly=False)
    kind = fields.Selection(KINDS, required=True, default="accounts", index=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        required=True, index=True, default=lambda self: fields.Date.context_today(self)
    )
    user_id = fields.Many2one(
        "res.users",
        string="Organiser",
        required=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    participant_ids = fields.Many2many(
        "res.partner",
        "recouvrement_review_participant_rel",
        "review_id",
        "partner_id",
        string="Participants",
        help="They receive the minutes.",
    )
    salesperson_ids = fields.Many2many(
        "res.users",
        "recouvrement_review_salesperson_rel",
        "review_id",
        "user_id",
        string="Salespeople",
        help="Only their customers are reviewed; empty: all.",
    )
    section_ids = fields.Many2many(
        "recouvrement.review.section",
        "recouvrement_review_section_rel",
        "review_id",
        "section_id",
        string="Sections",
        compute="_compute_section_ids",
        store=True,
        readonly=False,
        precompute=True,
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        string="Language of the Minutes",
        compute="_compute_lang",
        store=True,
        readonly=False,
    )
    interval_months = fields.Integer(
        string="Every (Months)",
        default=1,
        copy=False,
        help="The next one is proposed a week before its day; zero: not repeated.",
    )
    agenda = fields.Html(string="Opening Points", help="What is not about a debtor.")
    conclusion = fields.Html(help="What was agreed beside the debtors.")
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="draft",
        index=True,
        tracking=True,
        copy=False,
        group_expand=True,
    )
    previous_id = fields.Many2one(
        "recouvrement.review",
        string="Previous Review",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    next_ids = fields.One2many(
        "recouvrement.review", "previous_id", string="Next Review"
    )
    figures_date = fields.Date(
        string="Figures As Of",
        readonly=True,
        copy=False,
        help="Day on which the figures of the agenda were frozen.",
    )
    held_on = fields.Datetime(readonly=True, copy=False)
    sent_on = fields.Datetime(readonly=True, copy=False)
    cancel_reason = fields.Char(readonly=True, copy=False)
    item_ids = fields.One2many("recouvrement.review.item", "review_id", copy=False)
    decision_ids = fields.One2many(
        "recouvrement.review.decision", "review_id", copy=False
    )
    minutes_ids = fields.One2many(
        "recouvrement.review.minutes", "review_id", string="Minutes Kept", copy=False
    )
    item_count = fields.Integer(string="Debtors", compute="_compute_counts")
    discussed_count = fields.Integer(string="Discussed", compute="_compute_counts")
    overdue_amount = fields.Monetary(string="Overdue", compute="_compute_counts")
    overdue_now = fields.Monetary(compute="_compute_counts")
    decision_count = fields.Integer(string="Decisions", compute="_compute_decisions")
    open_decision_count = fields.Integer(
        string="Open Decisions", compute="_compute_decisions"
    )
    minutes_count = fields.Integer(
        string="Number of Minutes", compute="_compute_minutes_count"
    )
    may_organise = fields.Boolean(
        compute="_compute_may_organise", export_string_translation=False
    )

    # One next review for each: whatever the number of clicks and nightly runs.
    _previous_uniq = models.UniqueIndex(
        "(previous_id)", "The next review was already prepared from this one."
    )
    _interval_positive = models.Constraint(
        "CHECK (interval_months >= 0)", "A number of months is zero or more."
    )

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("kind", "date")
    def _compute_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for review in self:
            day = format_date(self.env, review.date) if review.date else ""
            review.name = f"{labels.get(review.kind, '')} {day}".strip()

    @api.depends("kind", "company_id")
    def _compute_section_ids(self):
        sections = self.env["recouvrement.review.section"].search(
            [("company_id", "in", [False, *self.company_id.ids])]
        )
        for review in self:
            review.section_ids = sections.filtered(
                lambda section, review=review: (
                    section.kind == review.kind
                    and section.company_id <= review.company_id
                )
            )

    @api.depends("company_id")
    def _compute_lang(self):
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        for review in self:
            lang = review.company_id.sudo().partner_id.lang or self.env.lang
            review.lang = lang if lang in installed else installed[0]

    @api.depends("item_ids.state", "item_ids.overdue_amount")
    def _compute_counts(self):
        """Of the items that the user may read."""
        items = self.env["recouvrement.review.item"].search_fetch(
            [("review_id", "in", self.ids)],
            ["review_id", "state", "overdue_amount", "debtor_id"],
        )
        by_review = items.grouped("review_id")
        for review in self:
            found = by_review.get(review, items.browse())
            currency = review.currency_id
            review.item_count = len(found)
            review.discussed_count = len(
                found.filtered(lambda item: item.state == "discussed")
            )
            review.overdue_amount = currency.round(sum(found.mapped("overdue_amount")))
            review.overdue_now = currency.round(sum(found.mapped("overdue_now")))

    @api.depends("decision_ids.state")
    def _compute_decisions(self):
        counts = {}
        for review, state, count in self.env[
            "recouvrement.review.decision"
        ]._read_group(
            [("review_id", "in", self.ids)], ["review_id", "state"], ["__count"]
        ):
            counts.setdefault(review.id, {})[state] = count
        for review in self:
            found = counts.get(review.id, {})
            review.decision_count = sum(found.values())
            review.open_decision_count = found.get("open", 0)

    @api.depends("minutes_ids")
    def _compute_minutes_count(self):
        counts = dict(
            self.env["recouvrement.review.minutes"]._read_group(
                [("review_id", "in", self.ids)], ["review_id"], ["__count"]
            )
        )
        for review in self:
            review.minutes_count = counts.get(review, 0)

    @api.depends_context("uid")
    @api.depends("user_id")
    def _compute_may_organise(self):
        user = self.env.user
        everybodys = self.env.su or any(user.has_group(group) for group in ORGANISERS)
        for review in self:
            review.may_organise = everybodys or review.user_id == user

    @api.constrains("company_id")
    def _check_company_id(self):
        if any(review.company_id.parent_id for review in self):
            raise ValidationError(
                self.env._("A review is of a legal entity, not of a branch.")
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """The organiser takes part."""
        reviews = super().create(vals_list)
        for review in reviews:
            if not review.participant_ids:
                review.participant_ids = review.user_id.partner_id
        return reviews

    def write(self, vals):
        if not self.env.su and not vals.keys() <= FOLLOW_UP:
            self._check_state("draft", "prepared", "held")
        if not self.env.su and not vals.keys() <= SHARED:
            self._check_organiser()
        if not self.env.su and {"company_id", "kind"} & vals.keys():
            self._check_state("draft")
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_prepared(self):
        self._check_organiser()
        if any(review.state != "draft" for review in self):
            raise UserError(
                self.env._("A review that was prepared is a record: cancel it instead.")
            )

    def _get_next_date(self):
        """Day of the next review, or False when it is not repeated."""
        if not self.interval_months:
            return False
        return self.date + relativedelta(months=self.interval_months)
