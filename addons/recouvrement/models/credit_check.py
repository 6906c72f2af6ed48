"""Credit check of a customer: what is proposed and why, who decided what, and when it
is looked at again."""

from decimal import Decimal

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..tools.credit_proposal import propose

STATES = [
    ("none", "Not Checked"),
    ("proposed", "To Decide"),
    ("granted", "Granted"),
    ("refused", "Refused"),
]


class RecouvrementCreditFile(models.Model):
    _inherit = "recouvrement.credit.file"

    currency_id = fields.Many2one(related="company_id.currency_id")
    requested_amount = fields.Monetary(string="Limit Asked For", aggregator=None)
    requested_term_id = fields.Many2one(
        "account.payment.term", string="Terms Asked For"
    )
    decision = fields.Selection(
        STATES, required=True, readonly=True, default="none", index=True, tracking=True
    )
    proposed_amount = fields.Monetary(
        string="Limit Proposed", readonly=True, aggregator=None
    )
    proposed_term_id = fields.Many2one(
        "account.payment.term", string="Terms Proposed", readonly=True
    )
    proposal_steps = fields.Json(readonly=True)
    proposal = fields.Html(compute="_compute_proposal", sanitize=False)
    review_months = fields.Integer(
        string="Reviewed after (Months)", readonly=True, aggregator=None
    )
    granted_amount = fields.Monetary(
        string="Limit Granted", readonly=True, aggregator=None, tracking=True
    )
    granted_term_id = fields.Many2one(
        "account.payment.term", string="Terms Agreed", readonly=True, tracking=True
    )
    decided_by_id = fields.Many2one("res.users", readonly=True)
    date_decided = fields.Date(string="Decided On", readonly=True)
    decision_reason = fields.Text(readonly=True)
    limit_id = fields.Many2one(
        "recouvrement.credit.limit", string="Credit Limit", readonly=True
    )
    date_review = fields.Date(
        string="Review On", readonly=True, index="btree_not_null", tracking=True
    )
    review_reminded = fields.Boolean(readonly=True)
    may_decide = fields.Boolean(compute="_compute_may_decide")

    @api.depends("proposed_amount", "decision")
    @api.depends_context("uid")
    def _compute_may_decide(self):
        authority = self.env["recouvrement.authority"]
        for file in self:
            file.may_decide = file.decision == "proposed" and all(
                authority._allows(subject, amount, file.company_id)
                for subject, amount in file.debtor_id._get_credit_ladder(
                    file.proposed_amount
                )
            )

    @api.depends("proposal_steps")
    @api.depends_context("lang")
    def _compute_proposal(self):
        for file in self:
            file.proposal = bool(file.proposal_steps) and self.env["ir.qweb"]._render(
                "recouvrement.credit_proposal", {"rows": file._describe_steps()}
            )

    def _describe_steps(self):
        labels = {
            "requested": self.env._("Asked for"),
            "grade": self.env._("Highest limit of the grade"),
            "not_rated": self.env._("Highest limit of a customer that is not rated"),
            "advised": self.env._("Lowest limit that a provider advises"),
            "doubtful": self.env._("Doubtful: no credit"),
            "incomplete": self.env._("File incomplete: part granted meanwhile"),
        }
        return [
            {
                "label": labels[step["code"]],
                "detail": step.get("detail", ""),
                "amount": self._format_amount(step["amount"]),
                "result": self._format_amount(step["result"]),
            }
            for step in self.proposal_steps
        ]

    def _format_amount(self, amount):
        return formatLang(self.env, float(amount), currency_obj=self.currency_id)

    # ------------------------------------------------------------------
    # PROPOSAL
    # ------------------------------------------------------------------

    def action_propose(self):
        """Work out terms and limit from the rating and the file, for who decides.

        :raise UserError: without an amount asked for, or a grid.
        """
        self.check_access("write")
        for file in self:
            if file.requested_amount <= 0:
                raise UserError(self.env._("Enter the limit that is asked for."))
            file._propose()
        return True

    def _propose(self):
        """sudo: the proposal is guarded; rights were checked by the caller."""
        grid = self.env["recouvrement.credit.grid"]._find_line(
            self.debtor_id.rating_grade_id
        )
        if not grid:
            raise UserError(self.env._("The credit grid is empty: fill it in first."))
        caps = self._get_caps(grid)
        steps = propose(
            Decimal(str(self.requested_amount)),
            [(code, amount) for code, amount, _detail in caps],
            complete=self.is_complete,
            incomplete_share=grid.incomplete_share,
        )
        details = {code: detail for code, _amount, detail in caps}
        self.sudo().write(
            {
                "decision": "proposed",
                "proposed_amount": float(steps[-1].result),
                "proposed_term_id": grid.payment_term_id.id,
                "review_months": grid.review_months,
                "proposal_steps": [
                    {
                        "code": step.code,
                        "detail": details.get(step.code, ""),
                        "amount": str(step.amount),
                        "result": str(step.result),
                    }
                    for step in steps
                ],
            }
        )
        if not self.may_decide:
            self._ask_managers()

    def _get_caps(self, grid):
        """What caps the limit: ``(code, amount, detail)``, a hook."""
        grade = grid.grade_id
        caps = [
            (
                "grade" if grade else "not_rated",
                Decimal(str(grid.highest_amount)),
                grade.code or "",
            )
        ]
        advice = self.env["recouvrement.external.rating"].search(
            [
                ("debtor_id", "=", self.debtor_id.id),
                ("is_valid", "=", True),
                ("limit_advised", ">", 0),
            ]
        )
        if lowest := advice.sorted("limit_advised")[:1]:
            caps.append(
                (
                    "advised",
                    Decimal(str(lowest.limit_advised)),
                    lowest.provider_id.name,
                )
            )
        if self.debtor_id.doubtful_reason_id:
            caps.append(
                ("doubtful", Decimal(0), self.debtor_id.doubtful_reason_id.name)
            )
        return caps

    def _ask_managers(self):
        """Something to do for a credit manager of the company."""
        managers = self.env.ref("recouvrement.group_manager").sudo().user_ids
        allowed = managers.filtered(lambda user: self.company_id in user.company_ids)
        if allowed:
            self.sudo().activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("Credit of a customer to decide"),
                user_id=allowed[:1].id,
            )

    # ------------------------------------------------------------------
    # DECISION
    # ------------------------------------------------------------------

    def action_decide(self):
        """The form of the decision, filled in with the proposal."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide on the Credit"),
            "res_model": "recouvrement.credit.decision",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_file_id": self.id,
                "default_amount": self.proposed_amount,
                "default_payment_term_id": self.proposed_term_id.id,
            },
        }

    def _grant(self, amount, term, reason):
        """Grant a limit and terms, within the authority of the user.

        :raise UserError: above it, on what is not to decide, or without a reason for
            other figures than those proposed.
        """
        self._check_to_decide()
        reason = (reason or "").strip()
        other_term = term != self.proposed_term_id
        differs = other_term or self.currency_id.compare_amounts(
            amount, self.proposed_amount
        )
        self._check_authority(self._get_stake(amount, other_term))
        if differs and not reason:
            raise UserError(self.env._("Say why the decision is not the proposal."))
        limit = self._create_limit(amount, reason or self.env._("Credit check"))
        partner = self.debtor_id.partner_id.sudo().with_company(self.company_id)
        partner.property_payment_term_id = term
        self._decide(
            "granted",
            reason,
            granted_amount=amount,
            granted_term_id=term.id,
            limit_id=limit.id,
        )

    def _refuse(self, reason):
        """Refuse what is asked for; a customer without a limit gets one of zero, for
        none would be no limit at all."""
        self._check_to_decide()
        self._check_authority(self.proposed_amount)
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the credit is refused."))
        limit = self.limit_id
        if not self.debtor_id.credit_limited:
            limit = self._create_limit(0.0, reason)
        self._decide("refused", reason, limit_id=limit.id)

    def _get_stake(self, amount, other_term):
        """What the authority is measured by: cutting a proposal needs the same as
        granting it, other terms what was asked for."""
        stakes = [amount, self.proposed_amount]
        if other_term:
            stakes.append(float(self.proposal_steps[0]["amount"]))
        return max(stakes)

    def _check_authority(self, amount):
        for subject, part in self.debtor_id._get_credit_ladder(amount):
            self.env["recouvrement.authority"]._check(subject, part, self.company_id)

    def _check_to_decide(self):
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["decision"])
        if self.decision != "proposed":
            raise UserError(self.env._("Nothing is to be decided on this file."))

    def _create_limit(self, amount, reason):
        limits = self.env["recouvrement.credit.limit"]
        return limits.create(
            {"debtor_id": self.debtor_id.id, "amount": amount, "reason": reason}
        )

    def _decide(self, decision, reason, **vals):
        """sudo: the decision is guarded; authority and rights were checked."""
        today = fields.Date.context_today(self)
        self.sudo().write(
            {
                "decision": decision,
                "decided_by_id": self.env.uid,
                "date_decided": today,
                "decision_reason": reason or False,
                "date_review": today + relativedelta(months=self.review_months or 12),
                "review_reminded": False,
                **vals,
            }
        )
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
        labels = dict(self._fields["decision"]._description_selection(self.env))
        self.debtor_id._log_event(
            "limit",
            self.env._("Credit check: %s", labels[decision]),
            detail=reason or False,
            amount=self.granted_amount,
            currency_id=self.currency_id.id,
        )

    # ------------------------------------------------------------------
    # REVIEWS
    # ------------------------------------------------------------------

    @api.model
    def _cron_daily(self):
        """Reviews that are due, each once."""
        result = super()._cron_daily()
        due = self.sudo().search(
            [
                ("date_review", "<=", fields.Date.context_today(self)),
                ("review_reminded", "=", False),
            ]
        )
        for files in due._in_desk_languages():
            for file in files:
                file._remind(self.env._("Credit of the customer to review"), False)
        due.write({"review_reminded": True})
        return result
