"""The rating of all debtors of a company in one run: measures read by one statement,
points computed in plain Python. What changed is kept by ``rating_keep.py``."""

from collections import namedtuple
from decimal import Decimal

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.score import grade as grade_of
from ..tools.score import score as score_of
from ..tools.score import shrunk_share

# A score that moved by less writes no new row as long as the grade, the model and the
# factors that are known stay.
NOTICEABLE = Decimal(1)
HUNDRED = Decimal(100)
ScoreModel = namedtuple("ScoreModel", "id factors least_known shrink_weight knockouts")
# Columns of a row of facts that are no measures.
RATED = {
    "id",
    "segment_id",
    "grade_id",
    "score",
    "source",
    "date_expiry",
    "model_id",
    "codes",
}


class RecouvrementRating(models.Model):
    _inherit = "recouvrement.rating"

    # ------------------------------------------------------------------
    # RUNS
    # ------------------------------------------------------------------

    @api.model
    def _cron_rate(self):
        """At night: the debtors of each legal entity that was not rated today. A run
        that is killed goes on with the companies left."""
        today = fields.Date.context_today(self)
        roots = self.env["res.company"].search([("parent_id", "=", False)])
        left = roots.filtered(lambda c: c.recouvrement_rating_day != today)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(left))
        for company in left:
            self.sudo()._in_language_of(company)._compute_company(company)
            if not cron._commit_progress(1):
                return

    @api.model
    def _in_language_of(self, company):
        return self.with_context(lang=company.partner_id.lang or self.env.lang)

    @api.model
    def _compute_company(self, company):
        """Rate every debtor of a legal entity, in sudo.

        :return: number of debtors whose rating changed.
        """
        company = company.root_id
        debtors = self.env["recouvrement.debtor"]
        debtors._create_missing_debtors()
        debtors._process_dirty()
        family = self.env["res.company"].with_context(active_test=False)
        whole = self.with_context(
            rating_company_ids=family.search([("id", "child_of", company.id)]).ids
        )
        changed = whole._compute(
            company, SQL("d.company_id = %s AND d.active", company.id)
        )
        company.sudo().recouvrement_rating_day = fields.Date.context_today(self)
        return changed + self._withdraw_lapsed(company)

    @api.model
    def _withdraw_lapsed(self, company):
        """Decisions that have lapsed on debtors whom no computation rates, such as
        natural persons."""
        lapsed = self.search(
            [
                ("company_id", "=", company.id),
                ("is_current", "=", True),
                ("source", "=", "override"),
                ("date_expiry", "<", fields.Date.context_today(self)),
            ]
        )
        self._withdraw(lapsed.debtor_id)
        return len(lapsed)

    @api.model
    def _compute_debtors(self, debtors):
        """Rate these debtors again, now; the shares of the segments are those of the
        last run of their company."""
        debtors.check_access("read")
        debtors.sudo()._process_dirty()
        debtors.fetch(["company_id"])
        for company, mine in debtors.grouped("company_id").items():
            self.sudo()._compute(
                company,
                SQL("d.id = ANY(%s)", mine.ids),
                company.recouvrement_rating_means or {},
            )

    @api.model
    def _compute(self, company, condition, means=None):
        """
        :param SQL condition: on ``recouvrement_debtor d``, all of one company.
        :param dict means: share late of each segment, by its id as a text; None:
            computed from the rows, which are all those of the company, and kept.
        """
        today = fields.Date.context_today(self)
        self._flush_facts()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT f.*, r.grade_id, r.score, r.source, r.date_expiry, r.model_id,
                       jsonb_path_query_array(r.parts, '$[*].code') AS codes
                  FROM (%s) f
             LEFT JOIN recouvrement_rating r ON r.debtor_id = f.id AND r.is_current
              ORDER BY f.id
                """,
                self.env["recouvrement.rating.facts"]._facts_sql(condition, today),
            )
        )
        if means is None:
            means = self._get_means(rows)
            company.sudo().recouvrement_rating_means = means
        verdicts = self._judge(company, rows, means, today)
        lost = [row["id"] for row in rows if self._is_lost(row, verdicts)]
        self._withdraw(self.env["recouvrement.debtor"].browse(lost))
        changed = [vals for vals in verdicts.values() if vals]
        self._replace(changed, today)
        return len(changed) + len(lost)

    @api.model
    def _flush_facts(self):
        self.env["recouvrement.debtor"]._flush_sources()
        self.flush_model()
        self.env["account.partial.reconcile"].flush_model()
        self.env["account.move"].flush_model(["move_type", "state", "invoice_date"])

    @api.model
    def _get_means(self, rows):
        """Share of invoices paid late by segment, and of all under the key ``all``."""
        sums = {}
        for row in rows:
            for key in (str(row["segment_id"] or ""), "all"):
                late, number = sums.get(key, (0, 0))
                sums[key] = (
                    late + (row["late_number"] or 0),
                    number + (row["paid_number"] or 0),
                )
        return {key: late / number for key, (late, number) in sums.items() if number}

    # ------------------------------------------------------------------
    # JUDGEMENT
    # ------------------------------------------------------------------

    @api.model
    def _judge(self, company, rows, means, today):
        """What each debtor is worth now.

        :return: ``{debtor id: values of a rating}``; False when the current one
            stays; debtors that a decision of a person holds, or of whom too little is
            known, are not there.
        """
        models_of = self.env["recouvrement.score.model"]._get_models(company)
        grades = (
            self.env["recouvrement.rating.grade"]
            .sudo()
            .search(Domain.TRUE, order="rank")
        )
        scale = [(Decimal(str(grade.lowest_score)), grade.id) for grade in grades]
        worst = grades[-1:].id
        segments = {row["segment_id"] for row in rows}
        picked = {segment: self._read_model(models_of, segment) for segment in segments}
        verdicts = {}
        for row in rows:
            if row["source"] == "override" and row["date_expiry"] >= today:
                verdicts[row["id"]] = False
                continue
            model = picked[row["segment_id"]]
            if not model:
                continue
            found = score_of(
                self._measure(row, model, means), model.factors, model.least_known
            )
            knockout = self._get_knockout(row, model)
            if found.total is None and not knockout:
                continue
            total = max(min(found.total or Decimal(0), HUNDRED), Decimal(0))
            verdicts[row["id"]] = self._prepare_rating(
                company,
                row,
                model,
                found,
                total,
                worst if knockout else grade_of(total, scale),
                knockout,
            )
        return verdicts

    @api.model
    def _read_model(self, models_of, segment_id):
        """What the model of a segment says, read once for all its debtors; None when
        there is no model."""
        model = models_of._pick(segment_id)
        if not model:
            return None
        return ScoreModel(
            model.id,
            model._get_factors(),
            Decimal(str(model.least_known)) / HUNDRED,
            model.shrink_weight,
            model.factor_ids.filtered("is_knockout").mapped("code"),
        )

    @api.model
    def _measure(self, row, model, means):
        """Measures of a row as the tool takes them."""
        number = row["paid_number"] or 0
        mean = means.get(str(row["segment_id"] or ""), means.get("all"))
        measures = {
            code: None if value is None else Decimal(str(value))
            for code, value in row.items()
            if code not in RATED
        }
        measures["late_share"] = None
        if number and mean is not None:
            share = shrunk_share(row["late_number"], number, mean, model.shrink_weight)
            measures["late_share"] = Decimal(str(round(100 * share, 2)))
        return measures

    @api.model
    def _get_knockout(self, row, model):
        """Code of the factor that alone decides, or None."""
        for code in model.knockouts:
            if (row.get(code) or 0) >= 1:
                return code
        return None

    @api.model
    def _prepare_rating(self, company, row, model, found, total, grade_id, knockout):
        """Values of a new rating; False when the current one still says it."""
        moved = abs(total - Decimal(str(row["score"] or 0)))
        if (
            row["source"] == "computed"
            and row["grade_id"] == grade_id
            and row["model_id"] == model.id
            and row["codes"] == [part.code for part in found.parts]
            and moved < NOTICEABLE
        ):
            return False
        return {
            "debtor_id": row["id"],
            "company_id": company.id,
            "grade_id": grade_id,
            "score": float(total),
            "known_share": float(round(100 * found.known, 1)),
            "model_id": model.id,
            "knockout": knockout,
            "source": "computed",
            "parts": [self._prepare_part(part) for part in found.parts],
        }

    @api.model
    def _prepare_part(self, part):
        return {
            "code": part.code,
            "value": None if part.value is None else f"{part.value:.2f}",
            "points": f"{part.points:f}",
            "share": f"{part.share:.6f}",
            "contribution": f"{part.contribution:f}",
            "known": part.known,
        }

    @api.model
    def _is_lost(self, row, verdicts):
        """Whether the debtor had a rating and nothing can be said of it any more."""
        return bool(row["grade_id"]) and row["id"] not in verdicts
