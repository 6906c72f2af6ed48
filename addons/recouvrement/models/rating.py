from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

SOURCES = [
    ("computed", "Computed"),
    ("override", "Decided by a Person"),
]


class RecouvrementRating(models.Model):
    """A grade that a debtor had from a day on, with what it was made of.

    Nothing is ever changed in a rating; the one that counts is the current one.
    """

    _name = "recouvrement.rating"
    _description = "Rating of a Debtor"
    _inherit = ["recouvrement.guarded"]
    _order = "date desc, id desc"

    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    date = fields.Date(required=True, readonly=True, index=True)
    grade_id = fields.Many2one(
        "recouvrement.rating.grade",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    level = fields.Selection(related="grade_id.level")
    previous_grade_id = fields.Many2one(
        "recouvrement.rating.grade", string="Grade Before", readonly=True
    )
    change = fields.Integer(
        string="Grades Gained",
        readonly=True,
        aggregator=None,
        help="Above zero: better than before; below: worse.",
    )
    score = fields.Float(
        digits=(5, 1),
        readonly=True,
        aggregator="avg",
        help="0 is the worst, 100 the best; empty in a decision of a person.",
    )
    known_share = fields.Float(
        string="Known (%)", digits=(5, 1), readonly=True, aggregator=None
    )
    model_id = fields.Many2one(
        "recouvrement.score.model",
        string="Score Model",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    parts = fields.Json(readonly=True)
    knockout = fields.Char(readonly=True)
    source = fields.Selection(SOURCES, required=True, readonly=True)
    reason = fields.Text(readonly=True)
    date_expiry = fields.Date(
        string="Valid Until",
        readonly=True,
        help="The debtor is computed again after this day.",
    )
    author_id = fields.Many2one("res.users", string="Decided By", readonly=True)
    is_current = fields.Boolean(string="Current", readonly=True)
    explanation = fields.Html(
        compute="_compute_explanation",
        sanitize=False,
        help="The factors, from the heaviest; their contributions add up to the score.",
    )

    _current_uniq = models.UniqueIndex(
        "(debtor_id) WHERE is_current", "This debtor has a current rating already."
    )
    _fallen_idx = models.Index("(company_id, date) WHERE change < 0")

    # ------------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------------

    @api.depends("grade_id", "date")
    def _compute_display_name(self):
        for rating in self:
            rating.display_name = self.env._(
                "%(grade)s since %(day)s",
                grade=rating.grade_id.code or "",
                day=format_date(self.env, rating.date),
            )

    @api.depends("parts", "source", "reason", "knockout")
    @api.depends_context("lang")
    def _compute_explanation(self):
        measures = self.env["recouvrement.rating.facts"]._get_measures()
        for rating in self:
            rating.explanation = self.env["ir.qweb"]._render(
                "recouvrement.rating_explanation",
                {
                    "rating": rating,
                    "rows": [rating._describe(part, measures) for part in rating.parts]
                    if rating.parts
                    else [],
                    "knockout": measures.get(rating.knockout, {}).get("label"),
                    "format": lambda value: self._format_number(value, 1),
                },
            )

    def _describe(self, part, measures):
        """One factor in words: ``label``, ``definition``, ``value``, ``points``,
        ``share`` (%) and ``contribution``."""
        measure = measures.get(part["code"], {})
        return {
            "label": measure.get("label", part["code"]),
            "definition": measure.get("definition", ""),
            "value": self._format_measure(part["value"], measure.get("unit")),
            "points": self._format_number(part["points"], 0),
            "share": self._format_number(100 * float(part["share"]), 0),
            "contribution": self._format_number(part["contribution"], 1),
            "known": part["known"],
        }

    @api.model
    def _format_measure(self, value, unit):
        if value is None:
            return self.env._("unknown: assumed")
        number = self._format_number(value, 0 if unit in ("number", "months") else 1)
        texts = {
            "days": self.env._("%s days"),
            "percent": self.env._("%s %%"),
            "months": self.env._("%s months"),
        }
        return texts[unit] % number if unit in texts else number

    @api.model
    def _format_number(self, value, digits):
        lang = self.env["res.lang"]._get_data(code=self.env.user.lang or "en_US")
        if not lang:
            return f"{float(value):.{digits}f}"
        return self.env["res.lang"].browse(lang.id).format(f"%.{digits}f", float(value))

    # ------------------------------------------------------------------
    # DECISION OF A PERSON
    # ------------------------------------------------------------------

    @api.model
    def _decide(self, debtors, grade, reason, date_expiry):
        """Give debtors a grade by decision of the user, until a day.

        The only way for natural persons (GDPR art. 22).

        :raise AccessError: unless the user is a credit manager.
        :raise UserError: without a reason, or a day that has passed.
        """
        self._check_may_decide(debtors)
        today = fields.Date.context_today(self)
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the grade is not the computed one."))
        if not date_expiry or date_expiry < today:
            raise ValidationError(
                self.env._("A decision is valid until a day that is still to come.")
            )
        rows = [
            {
                "debtor_id": debtor.id,
                "company_id": debtor.company_id.id,
                "grade_id": grade.id,
                "source": "override",
                "reason": reason.strip(),
                "date_expiry": date_expiry,
                "author_id": self.env.uid,
            }
            for debtor in debtors
        ]
        return self.sudo()._replace(rows, today)

    @api.model
    def _check_may_decide(self, debtors):
        if not self.env.user.has_group("recouvrement.group_manager"):
            raise AccessError(self.env._("Credit managers decide on grades."))
        debtors.check_access("write")

    def action_end(self):
        """End a decision before its day: the debtor is computed again at once."""
        self.ensure_one()
        self._check_may_decide(self.debtor_id)
        if not self.is_current or self.source != "override":
            raise UserError(self.env._("Only the current decision can be ended."))
        debtor = self.debtor_id
        self.sudo()._withdraw(debtor)
        debtor._log_event(
            "rating", self.env._("Decision on the rating ended"), detail=self.reason
        )
        self.env["recouvrement.rating"]._compute_debtors(debtor)
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        raise UserError(self.env._("The history of ratings is kept."))
