from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.recouvrement.tools.workdays import after_weekend

STATES = [("open", "To Do"), ("done", "Carried Out"), ("dropped", "Dropped")]
FOLLOW_UP = {"owner_id", "date_due"}


class RecouvrementReviewDecision(models.Model):
    """What a review decided about a debtor, who does it and by when.

    Once the review was held it is an activity of its owner; it stays open from one
    review to the next until it is done or dropped.
    """

    _name = "recouvrement.review.decision"
    _description = "Decision of an Account Review"
    _inherit = ["recouvrement.guarded"]
    _order = "date_due, id"
    _rec_name = "kind_id"

    item_id = fields.Many2one(
        "recouvrement.review.item", required=True, index=True, ondelete="cascade"
    )
    review_id = fields.Many2one(related="item_id.review_id", store=True, index=True)
    review_kind = fields.Selection(related="review_id.kind", string="Meeting")
    review_state = fields.Selection(related="review_id.state", string="Review State")
    date = fields.Date(related="review_id.date", string="Decided On", store=True)
    debtor_id = fields.Many2one(related="item_id.debtor_id", store=True, index=True)
    company_id = fields.Many2one(related="item_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind_id = fields.Many2one(
        "recouvrement.review.decision.kind",
        string="Decision",
        required=True,
        ondelete="restrict",
        domain="[('kind', 'in', (False, review_kind))]",
    )
    action = fields.Selection(related="kind_id.action")
    note = fields.Char(string="In Detail")
    owner_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        index=True,
        compute="_compute_defaults",
        store=True,
        readonly=False,
        precompute=True,
        domain="[('share', '=', False)]",
    )
    date_due = fields.Date(
        string="To Do By",
        required=True,
        index=True,
        compute="_compute_defaults",
        store=True,
        readonly=False,
        precompute=True,
    )
    date_first = fields.Date(
        string="First Due", readonly=True, help="Day set when the review was held."
    )
    state = fields.Selection(STATES, required=True, default="open", readonly=True)
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, index="btree_not_null", ondelete="set null"
    )
    done_on = fields.Date(readonly=True)
    done_by_id = fields.Many2one("res.users", readonly=True)
    result = fields.Text(readonly=True, help="What came of it.")
    paid_since = fields.Monetary(related="item_id.paid_since", string="Received Since")
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")

    _open_idx = models.Index("(debtor_id, date_due) WHERE state = 'open'")

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("kind_id", "item_id")
    def _compute_defaults(self):
        """The usual owner and day of the kind of decision, once."""
        for decision in self:
            item, kind = decision.item_id, decision.kind_id
            organiser = item.review_id.user_id
            if not decision.owner_id:
                owner = {
                    "collector": item.debtor_id.collector_id,
                    "salesperson": item.debtor_id.salesperson_id,
                }.get(kind.owner_role)
                decision.owner_id = owner or organiser or self.env.user
            if not decision.date_due:
                today = fields.Date.context_today(self)
                start = max(item.review_id.date or today, today)
                delay = timedelta(days=kind.delay_days)
                decision.date_due = after_weekend(start + delay)

    @api.depends("kind_id", "debtor_id")
    def _compute_display_name(self):
        for decision in self:
            decision.display_name = (
                f"{decision.kind_id.name or ''} · "
                f"{decision.debtor_id.display_name or ''}"
            )

    @api.depends("state", "date_due")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for decision in self:
            decision.is_late = bool(
                decision.state == "open"
                and decision.date_due
                and decision.date_due < today
            )

    def _search_is_late(self, operator, _value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return [("state", "=", "open"), ("date_due", "<", today)]

    def _describe(self):
        """« Chase (Claire, 28/11) »"""
        return self.env._(
            "%(decision)s (%(owner)s, %(day)s)",
            decision=self.kind_id.name,
            owner=self.owner_id.sudo().name,
            day=format_date(self.env, self.date_due),
        )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        decisions = super().create(vals_list)
        if not self.env.su:
            decisions.item_id._check_open()
        decisions._check_owners()
        held = decisions.filtered(lambda decision: decision.review_state == "held")
        held.sudo()._create_activities()
        return decisions

    def write(self, vals):
        if not self.env.su:
            self._check_change(vals)
        result = super().write(vals)
        if "owner_id" in vals:
            self._check_owners()
        if FOLLOW_UP & vals.keys():
            self.sudo()._update_activities()
        return result

    def _check_change(self, vals):
        if "item_id" in vals:
            raise UserError(self.env._("Take the decision for the other debtor."))
        if any(decision.state != "open" for decision in self):
            raise UserError(self.env._("Only an open decision can be changed."))
        if not vals.keys() <= FOLLOW_UP:
            self.item_id._check_open()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_taken(self):
        if not self.env.su and any(
            decision.review_id.state not in ("draft", "prepared") for decision in self
        ):
            raise UserError(
                self.env._("A decision that was taken is a record: drop it instead.")
            )

    def _check_owners(self):
        """Refuse an owner who could not open the debtor.

        :raise UserError: naming both.
        """
        for owner, decisions in self.grouped("owner_id").items():
            debtors = decisions.debtor_id.with_user(owner).sudo(False)
            hidden = debtors - self._get_readable(debtors)
            if hidden:
                raise UserError(
                    self.env._(
                        "%(owner)s may not open %(debtor)s: choose somebody else, or "
                        "change who looks after this customer.",
                        owner=owner.sudo().name,
                        debtor=hidden[0].sudo().display_name,
                    )
                )

    def _get_readable(self, debtors):
        if not debtors.browse().has_access("read"):
            return debtors.browse()
        return debtors.with_context(
            allowed_company_ids=debtors.env.user.company_ids.ids
        )._filtered_access("read")
