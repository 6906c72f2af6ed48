"""Credit limits: asked for, decided by who may, valid from a day to another, kept."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, formatLang

CONTROLS = [
    ("none", "Nothing"),
    ("warn", "Warn"),
    ("block", "Block"),
]
STATES = [
    ("requested", "Requested"),
    ("approved", "Approved"),
    ("refused", "Refused"),
    ("ended", "Ended"),
]


class RecouvrementCreditLimit(models.Model):
    """Up to how much a customer may owe one legal entity.

    A limit with a last day goes before the permanent one while it is valid; then the
    permanent one counts again. A limit of zero allows no credit; no limit at all is
    no limit.
    """

    _name = "recouvrement.credit.limit"
    _description = "Credit Limit"
    _inherit = ["recouvrement.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"
    _rec_name = "debtor_id"

    debtor_id = fields.Many2one(
        "recouvrement.debtor", required=True, index=True, ondelete="restrict"
    )
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    company_id = fields.Many2one(
        related="debtor_id.company_id", store=True, index=True, precompute=True
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of the Company"
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        required=True,
        tracking=True,
    )
    for_group = fields.Boolean(
        string="For the Whole Group",
        tracking=True,
        help="The limit of the customer and of all the companies below it together, "
        "beside the limit that each of them may have.",
    )
    amount = fields.Monetary(
        string="Limit", required=True, tracking=True, aggregator=None
    )
    company_amount = fields.Monetary(
        string="In Company Currency",
        compute="_compute_company_amount",
        currency_field="company_currency_id",
        help="At the rate of the day.",
    )
    uninsured_amount = fields.Monetary(
        string="Uninsured Part",
        compute="_compute_company_amount",
        currency_field="company_currency_id",
    )
    date_from = fields.Date(
        string="First Day", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(
        string="Last Day", tracking=True, help="Empty: permanent, until another."
    )
    reason = fields.Text(required=True)
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="requested",
        index=True,
        tracking=True,
        group_expand=True,
    )
    requested_by_id = fields.Many2one(
        "res.users", readonly=True, default=lambda self: self.env.user
    )
    decided_by_id = fields.Many2one("res.users", readonly=True)
    date_decided = fields.Date(readonly=True)
    decision_reason = fields.Char(readonly=True)
    previous_amount = fields.Monetary(
        string="Limit Before",
        readonly=True,
        aggregator=None,
        currency_field="company_currency_id",
    )
    exposure_amount = fields.Monetary(
        string="Exposure When Asked",
        readonly=True,
        aggregator=None,
        currency_field="company_currency_id",
    )
    may_decide = fields.Boolean(compute="_compute_may_decide")

    _valid_idx = models.Index("(debtor_id, date_from) WHERE state = 'approved'")
    _check_amount = models.Constraint(
        "CHECK (amount >= 0)", "A credit limit cannot be negative."
    )
    _check_dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A limit ends on its first day or later.",
    )

    @api.depends("company_id")
    def _compute_currency_id(self):
        for limit in self:
            company = limit.company_id or self.env.company
            limit.currency_id = limit.currency_id or company.currency_id

    @api.depends("amount", "currency_id", "debtor_id")
    def _compute_company_amount(self):
        today = self._today()
        for limit in self:
            company = (limit.company_id or self.env.company).sudo()
            debtor = limit.debtor_id.sudo()
            amount = limit.currency_id._convert(
                limit.amount, company.currency_id, company, today
            )
            limit.company_amount = amount
            limit.uninsured_amount = debtor and debtor._get_uninsured(amount)

    @api.depends("company_amount", "uninsured_amount", "state")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        authority = self.env["recouvrement.authority"]
        for limit in self:
            company = limit.company_id or self.env.company
            limit.may_decide = limit.state == "requested" and all(
                authority._allows(subject, amount, company)
                for subject, amount in limit._get_ladder()
            )

    def _get_ladder(self):
        """What one must be allowed to grant: the limit, and its uninsured part."""
        self.ensure_one()
        return [
            ("credit_limit", self.company_amount),
            ("credit_uninsured", self.uninsured_amount),
        ]

    def _check_authority(self):
        authority = self.env["recouvrement.authority"]
        for limit in self:
            for subject, amount in limit._get_ladder():
                authority._check(subject, amount, limit.company_id)

    @api.depends("amount", "date_to", "currency_id")
    def _compute_display_name(self):
        for limit in self:
            limit.display_name = self.env._(
                "%(customer)s: %(amount)s",
                customer=limit.debtor_id.display_name or "",
                amount=limit._format(limit.amount),
            )

    def _format(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """What the asker may decide alone is approved at once."""
        limits = super().create(vals_list)
        for limit in limits:
            limit.debtor_id.check_access("write")
            limit.sudo().write(limit._get_situation())
            limit._log(self.env._("Credit limit of %s asked for"), limit.reason)
        limits.filtered("may_decide")._approve()
        (limits - limits.filtered(lambda one: one.state == "approved"))._ask()
        return limits

    def _get_situation(self):
        """What is at risk and allowed when the limit is asked for."""
        debtor = self.debtor_id.sudo()
        if not self.for_group:
            return {
                "previous_amount": debtor.credit_limit,
                "exposure_amount": debtor.exposure_amount,
            }
        verdict = self.env["recouvrement.credit.verdict"]
        pair = debtor.partner_id.id, debtor.company_id.id
        limits = {head: limit for _pair, head, limit in verdict._get_heads({pair})}
        return {
            "previous_amount": limits.get(debtor.id, 0),
            "exposure_amount": verdict._get_group_exposures({debtor.id})[debtor.id],
        }

    def write(self, vals):
        if not self.env.su and any(limit.state != "requested" for limit in self):
            raise UserError(
                self.env._("This limit was decided: ask for another one instead.")
            )
        result = super().write(vals)
        self._mark()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        if any(limit.state != "requested" for limit in self):
            raise UserError(self.env._("Limits that were decided are kept."))

    def _mark(self):
        self.env["recouvrement.debtor"]._mark_dirty_debtors(self.debtor_id.ids)

    # ------------------------------------------------------------------
    # DECISION
    # ------------------------------------------------------------------

    def action_approve(self):
        """Decide on what was asked for, within the authority of the user.

        :raise UserError: above it, or on what was decided.
        """
        self._check_waiting()
        self._check_authority()
        self._approve()
        return True

    def action_refuse(self, reason=None):
        """Refuse with a reason; without one, ask for it."""
        reason = (reason or "").strip()
        if not reason:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Refuse"),
                "res_model": "recouvrement.credit.refusal",
                "view_mode": "form",
                "target": "new",
                "context": {"default_limit_ids": self.ids},
            }
        self._check_waiting()
        self._check_may_refuse()
        self._decide("refused", reason)
        self._log(self.env._("Credit limit of %s refused"), reason)
        return True

    def _check_may_refuse(self):
        if not all(limit.may_decide for limit in self):
            raise UserError(self.env._("Who may approve this limit may refuse it."))

    def action_end(self):
        """End an approved limit today: the one before it, or none, counts."""
        self.check_access("write")
        if any(limit.state != "approved" for limit in self):
            raise UserError(self.env._("Only an approved limit can be ended."))
        self._check_authority()
        self.sudo().write({"state": "ended", "date_decided": self._today()})
        self._log(self.env._("Credit limit of %s ended"), False)
        self._mark()
        return True

    def _today(self):
        return fields.Date.context_today(self)

    def _check_waiting(self):
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if any(limit.state != "requested" for limit in self):
            raise UserError(self.env._("This limit was decided already."))

    def _approve(self):
        """A permanent limit takes the place of the permanent one before it."""
        for limit in self.filtered(lambda one: not one.date_to):
            limit.sudo()._get_replaced().write({"state": "ended"})
        self._decide("approved", False)
        self._log(self.env._("Credit limit of %s approved"), False)

    def _get_replaced(self):
        self.ensure_one()
        return self.search(
            [
                ("debtor_id", "=", self.debtor_id.id),
                ("for_group", "=", self.for_group),
                ("state", "=", "approved"),
                ("date_to", "=", False),
                ("date_from", "<=", self.date_from),
                ("id", "!=", self.id),
            ]
        ).filtered(lambda _one: self.date_from <= self._today())

    def _decide(self, state, reason):
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "date_decided": self._today(),
                "decision_reason": reason,
            }
        )
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        self._mark()

    def _ask(self):
        """Something to do for who may decide: the credit managers."""
        managers = self.env.ref("recouvrement.group_manager").sudo().user_ids
        for limit in self:
            allowed = managers.filtered(
                lambda user, limit=limit: limit.company_id in user.company_ids
            )
            if allowed:
                limit.sudo().activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=self.env._("Credit limit to decide"),
                    note=limit.reason,
                    user_id=allowed[:1].id,
                )

    def _log(self, text, detail):
        """:param str text: with one ``%s`` for the amount."""
        for limit in self:
            limit.debtor_id._log_event(
                "limit",
                text % limit._format(limit.amount),
                detail=detail,
                amount=limit.amount,
                currency_id=limit.currency_id.id,
            )

    @api.constrains("date_to")
    def _check_not_past(self):
        for limit in self:
            if limit.date_to and limit.date_to < self._today():
                raise ValidationError(
                    self.env._("A limit that ended in the past serves nothing.")
                )

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------

    @api.model
    def _valid_sql(self, day, for_group=False):
        """The limit of each debtor on a day, its own or that of its group, in company
        currency at the rate of the day: ``debtor_id, limit_id, amount``."""
        rates, company = self.env["res.currency"], SQL("c.id")
        return SQL(
            """
            SELECT DISTINCT ON (cl.debtor_id) cl.debtor_id, cl.id AS limit_id,
                   CASE WHEN cl.currency_id = c.currency_id THEN cl.amount
                        ELSE ROUND(cl.amount * %(own)s / %(given)s, own.decimal_places)
                   END AS amount
              FROM recouvrement_credit_limit cl
              JOIN res_company c ON c.id = cl.company_id
              JOIN res_currency own ON own.id = c.currency_id
             WHERE cl.state = 'approved' AND cl.date_from <= %(day)s
               AND COALESCE(cl.for_group, FALSE) = %(for_group)s
               AND (cl.date_to IS NULL OR cl.date_to >= %(day)s)
          ORDER BY cl.debtor_id, cl.date_to IS NULL, cl.date_from DESC, cl.id DESC
            """,
            day=day,
            for_group=for_group,
            own=rates._rate_on_sql(SQL("c.currency_id"), company, day),
            given=rates._rate_on_sql(SQL("cl.currency_id"), company, day),
        )
