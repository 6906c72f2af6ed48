"""The sentence that says why a debtor is on the worklist, and how its points add up."""

from odoo import api, fields, models
from odoo.tools import format_amount, format_date, formatLang


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    work_sentence = fields.Char(
        compute="_compute_work_sentence",
        string="Why",
        help="What the debtor needs, and the points of its priority.",
    )
    work_badges = fields.Json(compute="_compute_work_badges", string="All That Is Due")

    @api.depends("work_codes")
    @api.depends_context("lang")
    def _compute_work_badges(self):
        labels = dict(self._fields["work_kind"]._description_selection(self.env))
        for debtor in self:
            debtor.work_badges = [
                {"code": code, "label": labels.get(code, code)}
                for code in (debtor.work_codes or "").split()
            ]

    @api.depends("work_codes", "work_reasons", "next_action", "next_action_date")
    @api.depends_context("lang")
    def _compute_work_sentence(self):
        for debtor in self:
            clauses = [*debtor._get_kind_clauses(), *debtor._get_point_clauses()]
            debtor.work_sentence = " · ".join(clause for clause in clauses if clause)

    # EXTENDS recouvrement: the head of the 360° page.
    def _desk_sentence(self):
        return self.work_sentence

    # == What is due ==

    def _get_kind_clauses(self):
        """What the points do not say already, most urgent first."""
        return [
            clause()
            for code in (self.work_codes or "").split()
            if (clause := getattr(self, f"_get_{code}_clause", None))
        ]

    def _get_callback_clause(self):
        day = format_date(self.env, self.next_action_date)
        if not self.next_action:
            return self.env._("call-back planned for %s", day)
        return self.env._(
            "planned for %(day)s: %(action)s", day=day, action=self.next_action
        )

    def _get_request_clause(self):
        count = self.request_count
        if count > 1:
            return self.env._("%d requests to handle", count)
        return self.env._("a request to handle")

    def _get_promise_due_clause(self):
        return self.env._(
            "%(amount)s promised for %(day)s",
            amount=format_amount(self.env, self.promise_open_amount, self.currency_id),
            day=format_date(self.env, self.promise_next_date),
        )

    def _get_defect_clause(self):
        return self.env._("to complete: %s", self.defect_summary)

    # == Points ==

    def _get_point_clauses(self):
        reasons = {reason["code"]: reason for reason in self.work_reasons or []}
        merged = self._get_overdue_clause(
            reasons.pop("overdue_amount", None), reasons.pop("days_overdue", None)
        )
        texts = self._get_point_texts()
        clauses = [merged] if merged else []
        for code, reason in reasons.items():
            if text := texts.get(code):
                clauses.append(
                    self._with_points(text(reason["value"]), reason["points"])
                )
        return [*clauses, self._get_weight_clause()] if clauses else []

    def _get_overdue_clause(self, amount, days):
        """Amount and age are one fact: one clause with the points of both."""
        if not amount and not days:
            return None
        text = self.env._(
            "%(amount)s overdue for %(days)s days",
            amount=format_amount(self.env, self.overdue_amount, self.currency_id),
            days=self.days_overdue,
        )
        points = sum(reason["points"] for reason in (amount, days) if reason)
        return self._with_points(text, points)

    def _get_point_texts(self):
        """Text of each other criterion from its measure: a hook."""
        return {
            "broken_promises": lambda value: (
                self.env._("%d broken promises", value)
                if value > 1
                else self.env._("1 broken promise")
            ),
            "plan_late": lambda _value: self.env._("payment plan not respected"),
            "silence_days": lambda value: self.env._("no contact for %d days", value),
            "limit_days": lambda value: self.env._("a claim lapses in %d days", value),
            "doubtful": lambda _value: self.env._("doubtful"),
            "reached_rank": lambda value: self.env._("level %d reached", value),
            "insured_share": lambda value: self.env._("insured for %d %%", value),
            "answered": lambda _value: self.env._("answer to read"),
        }

    def _with_points(self, text, points):
        return self.env._("%(reason)s (%(points)s pts)", reason=text, points=points)

    def _get_weight_clause(self):
        weight = self.segment_id.priority_weight if self.segment_id else 1
        if weight == 1:
            return None
        return self.env._(
            "× %(weight)s for %(segment)s",
            weight=formatLang(self.env, weight, digits=1),
            segment=self.segment_id.name,
        )
