from odoo import api, fields, models
from odoo.tools import format_date, formatLang

from .interest_statement import CONSUMING_OUTCOMES


class RecouvrementInterestStatementLine(models.Model):
    """Days of interest and the indemnity of one item.

    ``interest`` and ``indemnity`` are what stands today; credit notes of the penalty
    invoice lower them. ``breakdown`` keeps the segments as they were computed.
    """

    _name = "recouvrement.interest.statement.line"
    _description = "Penalty Statement Line"
    _order = "statement_id, id"
    _rec_name = "document"

    statement_id = fields.Many2one(
        "recouvrement.interest.statement",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    debtor_id = fields.Many2one(
        related="statement_id.debtor_id", store=True, index=True
    )
    company_id = fields.Many2one(related="statement_id.company_id", store=True)
    currency_id = fields.Many2one(related="statement_id.currency_id")
    outcome = fields.Selection(related="statement_id.outcome", store=True)
    state = fields.Selection(related="statement_id.state", store=True)
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    invoice_id = fields.Many2one(
        "account.move",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The invoice the item belongs to, for its single indemnity; empty for "
        "entries that hold many documents.",
    )
    document = fields.Char(readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    date_from = fields.Date(string="From", readonly=True)
    date_to = fields.Date(string="Up to", readonly=True, help="Included.")
    days = fields.Integer(compute="_compute_days")
    interest = fields.Monetary(readonly=True)
    indemnity = fields.Monetary(string="Fixed Indemnity", readonly=True)
    interest_initial = fields.Monetary(readonly=True)
    indemnity_initial = fields.Monetary(readonly=True)
    breakdown = fields.Json(readonly=True)
    detail = fields.Text(compute="_compute_detail", string="Computation")
    claimed = fields.Boolean(
        compute="_compute_claimed",
        store=True,
        help="Its days and its indemnity may not be claimed again.",
    )

    _days_excl = models.Constraint(
        """EXCLUDE USING gist (
            int4range(move_line_id, move_line_id, '[]') WITH &&,
            daterange(date_from, date_to, '[]') WITH &&
        ) WHERE (claimed AND date_from IS NOT NULL)""",
        "Late interest of these days was already claimed or waived for an item.",
    )
    _item_indemnity_uniq = models.UniqueIndex(
        "(move_line_id) WHERE claimed AND indemnity <> 0",
        "The fixed indemnity of an item was already claimed or waived.",
    )
    _invoice_indemnity_uniq = models.UniqueIndex(
        "(invoice_id) WHERE claimed AND indemnity <> 0 AND invoice_id IS NOT NULL",
        "The fixed indemnity of an invoice was already claimed or waived.",
    )
    _check_days = models.Constraint(
        """CHECK ((date_from IS NULL) = (date_to IS NULL)
            AND (date_from IS NULL OR date_from <= date_to)
            AND (date_from IS NOT NULL OR interest = 0))""",
        "Interest needs a first and a last day.",
    )
    _check_amounts = models.Constraint(
        "CHECK (interest >= 0 AND indemnity >= 0)", "A claim cannot be negative."
    )

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("date_from", "date_to")
    def _compute_days(self):
        for line in self:
            line.days = (
                (line.date_to - line.date_from).days + 1 if line.date_from else 0
            )

    @api.depends(
        "statement_id.state",
        "statement_id.outcome",
        "interest",
        "indemnity",
        "interest_initial",
        "indemnity_initial",
    )
    def _compute_claimed(self):
        """A line that credit notes took back entirely frees its days."""
        for line in self:
            stands = line.interest or line.indemnity
            started = line.interest_initial or line.indemnity_initial
            line.claimed = bool(
                line.statement_id.state == "done"
                and line.statement_id.outcome in CONSUMING_OUTCOMES
                and (stands or not started)
            )

    @api.depends("breakdown")
    @api.depends_context("lang")
    def _compute_detail(self):
        for line in self:
            line.detail = "\n".join(line._get_segment_texts())

    # ------------------------------------------------------------------
    # TEXTS
    # ------------------------------------------------------------------

    def _get_segment_texts(self):
        """One sentence per segment, in the language of the environment."""
        self.ensure_one()
        return [self._get_segment_text(segment) for segment in self.breakdown or []]

    def _get_segment_text(self, segment):
        values = {
            "first": format_date(self.env, segment["first"]),
            "last": format_date(self.env, segment["last"]),
            "days": segment["days"],
        }
        if segment["reason"] == "pause":
            return self.env._(
                "%(first)s – %(last)s: %(days)s days without interest", **values
            )
        return self.env._(
            "%(first)s – %(last)s: %(days)s days at %(rate)s %% on %(base)s = "
            "%(amount)s",
            rate=self._format_rate(segment["rate"]),
            base=self._format(segment["base"]),
            amount=self._format(segment["amount"]),
            **values,
        )

    def _format(self, amount):
        return formatLang(self.env, float(amount), currency_obj=self.currency_id)

    def _format_rate(self, rate):
        """Two decimals, more when the rate has more."""
        decimals = len(rate.partition(".")[2])
        return formatLang(self.env, float(rate), digits=max(decimals, 2))
