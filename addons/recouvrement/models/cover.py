"""Who bears the loss when a customer does not pay: guarantees of insurers and banks,
deposits and pledges."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

STATES = [
    ("granted", "Granted"),
    ("reduced", "Reduced"),
    ("cancelled", "Terminated"),
    ("refused", "Refused"),
]


class RecouvrementCover(models.Model):
    """What a provider said it bears for a customer. Of one insurer, the newest answer
    counts; guarantees add up."""

    _name = "recouvrement.cover"
    _description = "Cover"
    _inherit = ["recouvrement.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, id desc"

    debtor_id = fields.Many2one(
        "recouvrement.debtor", required=True, index=True, ondelete="restrict"
    )
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    company_id = fields.Many2one(
        related="debtor_id.company_id", store=True, index=True, precompute=True
    )
    kind_id = fields.Many2one(
        "recouvrement.cover.kind", required=True, index=True, ondelete="restrict"
    )
    effect = fields.Selection(related="kind_id.effect")
    provider_id = fields.Many2one(
        "res.partner", required=True, index=True, help="Insurer, bank or guarantor."
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    amount = fields.Monetary(tracking=True, aggregator=None)
    share = fields.Float(
        string="Share (%)",
        digits=(5, 2),
        compute="_compute_share",
        store=True,
        readonly=False,
        precompute=True,
        tracking=True,
        aggregator=None,
    )
    max_credit_days = fields.Integer(
        string="Longest Credit (Days)",
        aggregator=None,
        help="Days from the invoice to its due date: an open invoice with a longer "
        "term is not insured. Zero: no such condition. Of several insurers, the "
        "shortest counts.",
    )
    state = fields.Selection(
        STATES, required=True, default="granted", index=True, tracking=True
    )
    date_effect = fields.Date(
        string="Takes Effect On",
        tracking=True,
        help="From this day the cover is reduced or cancelled.",
    )
    amount_reduced = fields.Monetary(
        string="Reduced To", tracking=True, aggregator=None
    )
    date_from = fields.Date(
        string="Valid From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(
        string="Valid Until", index=True, tracking=True, help="Empty: until cancelled."
    )
    reference = fields.Char()
    answer_key = fields.Char(
        string="Answer in the File",
        copy=False,
        export_string_translation=False,
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Documents")
    note = fields.Text()
    is_valid = fields.Boolean(
        string="In Force", compute="_compute_is_valid", search="_search_is_valid"
    )

    _in_force_idx = models.Index("(debtor_id, provider_id, date_from)")
    _answer_uniq = models.UniqueIndex(
        "(debtor_id, answer_key) WHERE answer_key IS NOT NULL",
        "This answer of the insurer was loaded already.",
    )
    _check_amounts = models.Constraint(
        "CHECK (amount >= 0 AND amount_reduced >= 0)",
        "The amount of a cover is not negative.",
    )
    _check_share = models.Constraint(
        "CHECK (share BETWEEN 0 AND 100)", "A share lies between 0 and 100 %."
    )
    _check_days = models.Constraint(
        "CHECK (max_credit_days >= 0)", "A number of days is not negative."
    )
    _check_dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A cover ends on its first day or later.",
    )
    _check_effect = models.Constraint(
        "CHECK (state NOT IN ('reduced', 'cancelled') OR date_effect IS NOT NULL)",
        "Say from which day the cover is reduced or cancelled.",
    )

    @api.depends("kind_id", "customer_id")
    def _compute_display_name(self):
        for cover in self:
            names = (cover.kind_id.name, cover.customer_id.display_name)
            cover.display_name = " · ".join(name for name in names if name)

    @api.depends("debtor_id")
    def _compute_currency_id(self):
        for cover in self:
            company = cover.debtor_id.company_id or self.env.company
            cover.currency_id = cover.currency_id or company.currency_id

    @api.depends("kind_id")
    def _compute_share(self):
        for cover in self:
            cover.share = cover.kind_id.share

    @api.depends("state", "date_from", "date_to", "date_effect")
    def _compute_is_valid(self):
        valid = self.filtered_domain(self._valid_domain())
        for cover in self:
            cover.is_valid = cover in valid

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._valid_domain()
        return domain if True in value else ~domain

    @api.model
    def _valid_domain(self):
        today = fields.Date.context_today(self)
        return (
            Domain("state", "!=", "refused")
            & (Domain("state", "!=", "cancelled") | Domain("date_effect", ">", today))
            & Domain("date_from", "<=", today)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))
        )

    @api.constrains("state", "amount", "amount_reduced")
    def _check_reduced(self):
        for cover in self:
            if cover.state == "reduced" and cover.amount_reduced >= cover.amount:
                raise ValidationError(
                    self.env._("A reduced cover is below what it was.")
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        covers = super().create(vals_list)
        covers._mark()
        covers._log()
        return covers

    def write(self, vals):
        self._mark()
        result = super().write(vals)
        self._mark()
        if {"state", "amount", "amount_reduced", "date_effect"} & set(vals):
            self._log()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_mark(self):
        self._mark()

    def _mark(self):
        self.env["recouvrement.debtor"]._mark_dirty_debtors(self.debtor_id.ids)

    def _log(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        for cover in self:
            reduced = cover.state == "reduced"
            cover.debtor_id._log_event(
                "limit",
                self.env._(
                    "%(kind)s, %(provider)s: %(state)s",
                    kind=cover.kind_id.name,
                    provider=cover.provider_id.display_name,
                    state=states[cover.state],
                ),
                detail=cover.reference or False,
                amount=cover.amount_reduced if reduced else cover.amount,
                currency_id=cover.currency_id.id,
            )

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------

    @api.model
    def _cover_sql(self, day):
        """What covers bear on a day, in company currency: ``debtor_id, guaranteed,
        insured_limit, insured_share`` (0 to 1), ``insured_days`` (longest term that is
        insured, or null), ``stopped_on`` (day from which nothing is insured, or null;
        of several insurers the first, as for the term), one row per debtor that has
        one."""
        return SQL(
            """
            SELECT v.debtor_id,
                   COALESCE(SUM(v.amount) FILTER (WHERE v.effect = 'guarantee'), 0)
                       AS guaranteed,
                   COALESCE(SUM(v.amount) FILTER (WHERE v.effect = 'insurance'), 0)
                       AS insured_limit,
                   COALESCE(SUM(v.amount * v.share / 100)
                                FILTER (WHERE v.effect = 'insurance')
                       / NULLIF(SUM(v.amount)
                                FILTER (WHERE v.effect = 'insurance'), 0), 0)
                       AS insured_share,
                   MIN(v.days) FILTER (WHERE v.effect = 'insurance' AND v.amount > 0)
                       AS insured_days,
                   MIN(v.stopped_on)
                       FILTER (WHERE v.effect = 'insurance' AND v.amount > 0)
                       AS stopped_on
              FROM (%(answers)s) v
          GROUP BY v.debtor_id
            """,
            answers=self._answers_sql(day),
        )

    @api.model
    def _cover_of_sql(self, debtor_ids, day):
        """``guaranteed, insured_limit, insured_share`` of what is new, of some
        debtors."""
        return SQL(
            """SELECT c.guaranteed,
                      CASE WHEN c.stopped_on <= %s THEN 0 ELSE c.insured_limit END,
                      c.insured_share
                 FROM (%s) c WHERE c.debtor_id = ANY(%s)""",
            day,
            self._cover_sql(day),
            debtor_ids,
        )

    @api.model
    def _answers_sql(self, day):
        """The cover of each guarantee, and the newest answer of each insurer."""
        rates, company = self.env["res.currency"], SQL("co.id")
        return SQL(
            """
            SELECT DISTINCT ON (cv.debtor_id, k.effect, cv.provider_id,
                                CASE WHEN k.effect = 'insurance' THEN 0 ELSE cv.id END)
                   cv.debtor_id, k.effect, cv.share::numeric AS share,
                   NULLIF(cv.max_credit_days, 0) AS days, cv.stopped_on,
                   CASE WHEN cv.state = 'refused' OR cv.state = 'cancelled'
                              AND cv.date_effect <= %(day)s THEN 0
                        ELSE ROUND(CASE WHEN cv.state = 'reduced'
                                          AND cv.date_effect <= %(day)s
                                        THEN COALESCE(cv.amount_reduced, 0)
                                        ELSE COALESCE(cv.amount, 0) END
                             * %(own)s / %(theirs)s, own.decimal_places) END AS amount
              FROM recouvrement_cover cv
              JOIN recouvrement_cover_kind k ON k.id = cv.kind_id
              JOIN res_company co ON co.id = cv.company_id
              JOIN res_currency own ON own.id = co.currency_id
             WHERE k.effect <> 'none' AND cv.date_from <= %(day)s
               AND (cv.date_to IS NULL OR cv.date_to >= %(day)s)
          ORDER BY cv.debtor_id, k.effect, cv.provider_id,
                   CASE WHEN k.effect = 'insurance' THEN 0 ELSE cv.id END,
                   cv.date_from DESC, cv.id DESC
            """,
            day=day,
            own=rates._rate_on_sql(SQL("co.currency_id"), company, day),
            theirs=rates._rate_on_sql(SQL("cv.currency_id"), company, day),
        )
