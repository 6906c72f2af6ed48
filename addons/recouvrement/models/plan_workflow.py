"""From a draft to an agreement: approval above the margin, offer, acceptance, and the
ends that people decide. The ends that the ledger decides are in ``plan_judge.py``."""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.plan import months_of
from .plan import LIVE
from .plan_margin import PlanTerms

# Items that are no subject of a plan as long as they have these statuses.
BLOCKING = ("disputed", "litigation", "insolvency", "factored")


class RecouvrementPaymentPlan(models.Model):
    _inherit = "recouvrement.payment.plan"

    # ------------------------------------------------------------------
    # MARGIN
    # ------------------------------------------------------------------

    def _get_terms(self):
        """What the margins of roles look at, in company currency; the amount counts
        with what remains of the other plans of the debtor."""
        self.ensure_one()
        others = self.sudo().search(
            Domain("debtor_id", "=", self.debtor_id.id)
            & Domain("state", "in", ("offered", "accepted", "late"))
            & Domain("id", "not in", self.ids)
        )
        amounts = [self._to_company(self.amount_total)]
        amounts += [plan._to_company(plan.amount_remaining) for plan in others]
        return PlanTerms(
            amount=self.company_id.currency_id.round(sum(amounts)),
            number=self.number,
            months=self.months,
            first_pct=self.first_pct,
            waived=self._to_company(self.waived_interest),
        )

    def _get_excess(self):
        margins = self.env["recouvrement.plan.margin"]
        return margins._get_excess(self._get_terms(), self.company_id)

    # ------------------------------------------------------------------
    # OFFERING
    # ------------------------------------------------------------------

    def action_offer(self):
        """Send the plan to the customer, or to a manager when it is above the margin
        of the user."""
        self.check_access("write")
        for plan in self:
            plan._lock()
            plan._check_state("draft")
            plan._check_owed()
            excess = plan._get_excess()
            if excess:
                plan._submit(excess)
            else:
                plan._offer()
        return True

    def _submit(self, excess):
        self.sudo().write(
            {
                "state": "to_approve",
                "excess": "\n".join(excess),
                "close_reason": False,
            }
        )
        self._log(self.env._("to be approved"), detail=self.excess)

    def action_approve(self):
        """Agree to what is above the margin of the collector, and send the offer.

        :raise UserError: when the plan is above the margin of the user too.
        """
        self.check_access("write")
        for plan in self:
            plan._lock()
            plan._check_state("to_approve")
            plan._check_owed()
            excess = plan._get_excess()
            if excess:
                raise UserError(
                    self.env._(
                        "%(plan)s is above your margin too:\n%(excess)s",
                        plan=plan.name,
                        excess="\n".join(excess),
                    )
                )
            plan.sudo().write(
                {"approved_by_id": self.env.uid, "date_approved": fields.Datetime.now()}
            )
            plan._log(self.env._("approved"))
            plan._offer()
            plan._tell_negotiator("approved")
        return True

    def _send_back(self, reason):
        """A manager does not agree: the collector negotiates again."""
        self.check_access("write")
        if not self.env.user.has_group("recouvrement.group_manager"):
            raise AccessError(self.env._("Only a credit manager sends a plan back."))
        self._check_state("to_approve")
        self.sudo().write({"state": "draft", "close_reason": reason})
        self._log(self.env._("sent back"), detail=reason)
        self._tell_negotiator("sent_back", reason)

    def _offer(self):
        """Freeze what the items owe, make the agreement and send it.

        sudo: the right on the plan was checked; documents and marks are the desk's.
        """
        self.ensure_one()
        plan = self.sudo()
        today = fields.Date.context_today(self)
        days = plan.company_id._get_plan_days("offer")
        plan.write(
            {
                "state": "offered",
                "date_offered": today,
                "date_valid": max(
                    today, min(today + timedelta(days=days), plan.first_date)
                ),
                "close_reason": False,
            }
        )
        plan._freeze()
        plan._judge()
        plan._make_agreement()
        plan._mark_items(self.env._("Instalment plan offered"), plan.date_valid)
        self._log(
            self.env._("offered to %s", plan.partner_id.display_name),
            detail=self._describe(),
        )
        plan._send_mails("offer", plan.agreement_id)

    def _freeze(self):
        """What was matched with the items until now does not count for the plan; from
        now on no other plan takes them.

        :raise UserError: when another plan took one of them.
        """
        self._check_free()
        facts = self._read_ledger(self.line_ids.move_line_id)
        for line in self.line_ids:
            now, is_open = facts[line.move_line_id.id]
            line.write(
                {
                    "base_received": float(now.received),
                    "base_otherwise": float(now.otherwise),
                    "base_residual": float(is_open),
                    "is_live": True,
                }
            )

    # ------------------------------------------------------------------
    # WHAT THE LEDGER ALLOWS
    # ------------------------------------------------------------------

    def _check_owed(self):
        """Refuse a draft that the ledger no longer carries.

        :raise UserError: when the amount, the days or the items are not right.
        """
        self.ensure_one()
        plan = self.sudo()
        today = fields.Date.context_today(self)
        if plan.first_date < today:
            raise UserError(
                self.env._(
                    "The first instalment of %s is past: change the plan.", self.name
                )
            )
        facts = plan._read_ledger(plan.line_ids.move_line_id)
        owed = sum(is_open for _settled, is_open in facts.values())
        if owed != plan._decimal(plan.amount_total):
            raise UserError(
                self.env._(
                    "The items of %(plan)s now owe %(owed)s, not %(agreed)s: change "
                    "the plan.",
                    plan=self.name,
                    owed=self._format(float(owed)),
                    agreed=self._format(self.amount_total),
                )
            )
        plan._check_statuses(plan.line_ids.move_line_id)
        plan._check_free()

    def _check_statuses(self, lines):
        """Refuse items that another procedure holds.

        :param lines: ``account.move.line`` records.
        :raise UserError: naming the first one.
        """
        lines = lines.sudo()
        labels = dict(
            lines._fields["collection_status"]._description_selection(self.env)
        )
        for line in lines.filtered(lambda one: one.collection_status in BLOCKING)[:1]:
            raise UserError(
                self.env._(
                    "%(item)s is “%(status)s”: change its status before it goes into "
                    "an instalment plan.",
                    item=line.display_name,
                    status=labels[line.collection_status],
                )
            )

    def _check_free(self):
        """Say clearly which items another plan has; the unique index forbids it."""
        self.env["recouvrement.payment.plan.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT theirs.id
                  FROM recouvrement_payment_plan_line mine
                  JOIN recouvrement_payment_plan_line theirs
                    ON theirs.move_line_id = mine.move_line_id
                   AND theirs.is_live AND theirs.plan_id <> mine.plan_id
                 WHERE mine.plan_id = ANY(%s)
                 LIMIT 1
                """,
                self.ids,
            )
        )
        if rows:
            taken = self.line_ids.sudo().browse(rows[0])
            raise UserError(
                self.env._(
                    "%(item)s is in the plan %(plan)s already.",
                    item=taken.name,
                    plan=taken.plan_id.name,
                )
            )

    # ------------------------------------------------------------------
    # ENDING
    # ------------------------------------------------------------------

    def _cancel(self, reason):
        """Take a plan back before it is over; a signed one only a manager does.

        :raise UserError: without a reason, or when the plan is over.
        """
        self.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the plan is cancelled."))
        self._lock()
        self._check_state("draft", "to_approve", "offered", "accepted", "late")
        signed = self.filtered(lambda plan: plan.state in ("accepted", "late"))
        if signed and not self.env.user.has_group("recouvrement.group_manager"):
            raise AccessError(
                self.env._("Only a credit manager cancels a plan that was accepted.")
            )
        self._close("cancelled", reason.strip())

    def _refuse_offer(self, reason):
        """The customer does not want the plan that was offered."""
        self._lock()
        self._check_state("offered")
        self._close("refused", (reason or "").strip() or self.env._("No reason given"))

    def _close(self, state, reason):
        """End plans for a reason; their items go on where the reminders left them.

        sudo: whoever ends it was checked by the caller.
        """
        if not self:
            return
        plans = self.sudo()
        live = plans.filtered(lambda plan: plan.state in LIVE)
        plans.write(
            {
                "state": state,
                "date_closed": fields.Date.context_today(self),
                "close_reason": reason,
                "next_date": False,
                "amount_late": 0.0,
                "amount_late_company": 0.0,
                "forfeit_date": False,
            }
        )
        plans.line_ids.write({"is_live": False})
        labels = dict(self._fields["state"]._description_selection(self.env))
        live._release_items(labels[state])
        self._log(labels[state].lower(), detail=reason)

    # ------------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------------

    def _describe(self):
        """The terms in a few words, for the history."""
        self.ensure_one()
        return self.env._(
            "%(amount)s in %(number)s instalments from %(first)s to %(last)s",
            amount=self._format(self.amount_total),
            number=self.number,
            first=self._format_day(self.first_date),
            last=self._format_day(self.last_date),
        )

    def _prepare_schedule_vals(self, instalments):
        """Values of the plan that follow from its schedule.

        :param instalments: list of ``tools.plan.Instalment``.
        """
        days = [one.day for one in instalments]
        total = sum(one.amount for one in instalments)
        today = fields.Date.context_today(self)
        return {
            "number": len(days),
            "months": months_of(days, min(today, days[0])),
            "first_date": days[0],
            "last_date": days[-1],
            "first_pct": float(100 * instalments[0].amount / total),
            "amount_total": float(total),
            "amount_remaining": float(total),
            "next_date": days[0],
            "installment_ids": [
                fields.Command.clear(),
                *(
                    fields.Command.create(
                        {
                            "number": one.number,
                            "date": one.day,
                            "amount_agreed": float(one.amount),
                            "amount": float(one.amount),
                            "missing_amount": float(one.amount),
                        }
                    )
                    for one in instalments
                ),
            ],
        }
