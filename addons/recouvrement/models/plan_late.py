"""A missed instalment: the customer is warned, then the whole debt may be called in
(clause de déchéance du terme)."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class RecouvrementPaymentPlan(models.Model):
    _inherit = "recouvrement.payment.plan"

    forfeit_date = fields.Date(
        string="To Be Paid By",
        readonly=True,
        help="Last day to pay what is late; after it the plan may be ended.",
    )
    warning_obstacle = fields.Char(
        string="Warning Not Sent",
        readonly=True,
        help="Why the customer could not be warned by e-mail.",
    )
    may_forfeit = fields.Boolean(
        string="May Be Ended",
        compute="_compute_may_forfeit",
        search="_search_may_forfeit",
    )

    @api.depends("state", "forfeit_date")
    def _compute_may_forfeit(self):
        today = fields.Date.context_today(self)
        for plan in self:
            plan.may_forfeit = (
                plan.state == "late"
                and bool(plan.forfeit_date)
                and plan.forfeit_date < today
            )

    def _search_may_forfeit(self, operator, value):
        if operator != "in":
            return NotImplemented
        due = Domain("state", "=", "late") & Domain(
            "forfeit_date", "<", fields.Date.context_today(self)
        )
        return due if True in value else ~due

    # ------------------------------------------------------------------
    # WARNING
    # ------------------------------------------------------------------

    def _get_unwarned(self):
        """Late instalments whose customer was not warned yet; a warning sent in test
        mode counts for nothing once test mode is over."""
        return self.installment_ids.filtered(
            lambda one: (
                one.state == "late"
                and (
                    not one.date_warned
                    or (
                        one.warned_as_test and not one.company_id.recouvrement_test_mode
                    )
                )
            )
        )

    def _warn_late(self):
        """Warn the customers of plans with a missed instalment. While a warning runs,
        or was not followed, another missed instalment gives no further delay."""
        late = self.filtered(lambda p: p.state == "late" and not p.forfeit_date)
        for plan in late._get_unwarned().plan_id._send_mails("warning"):
            plan._set_warned(
                fields.Date.context_today(self), plan.company_id.recouvrement_test_mode
            )

    def _set_warned(self, day, is_test=False, how=False):
        """The customer was warned on a day: the delay of the clause runs from it."""
        self.ensure_one()
        self._get_unwarned().write({"date_warned": day, "warned_as_test": is_test})
        if is_test:
            return
        last = day + timedelta(days=self.forfeit_days)
        self.write({"forfeit_date": last, "warning_obstacle": False})
        self._log(
            self.env._(
                "customer warned, %(amount)s to be paid by %(day)s",
                amount=self._format(self.amount_late),
                day=self._format_day(last),
            ),
            detail=how,
            amount=self.amount_late,
        )

    def _end_followed_warnings(self):
        """What a warning asked for is paid: what was missed since has its own."""
        for plan in self.filtered(lambda p: p.state == "late" and p.forfeit_date):
            late = plan.installment_ids.filtered(lambda one: one.state == "late")
            if not any(late.mapped("date_warned")):
                plan.forfeit_date = False

    def _warn_by_hand(self, day, how):
        """A collector says when and how the customer was warned.

        :raise UserError: when nothing is late, or on a day to come.
        """
        self.check_access("write")
        self._check_state("late")
        if day > fields.Date.context_today(self):
            raise UserError(self.env._("A warning is not dated in the future."))
        if not (how or "").strip():
            raise UserError(self.env._("Say how the customer was warned."))
        late = self.sudo().installment_ids.filtered(lambda one: one.state == "late")
        if day < min(late.mapped("date")):
            raise UserError(
                self.env._("The customer cannot be warned before the instalment.")
            )
        late.write({"date_warned": False, "warned_as_test": False})
        self.sudo()._set_warned(day, how=how.strip())

    # ------------------------------------------------------------------
    # FORFEITURE
    # ------------------------------------------------------------------

    def action_forfeit(self):
        """End plans whose warning was not followed: all that is left is due at once.

        :raise UserError: before the delay of the clause is over.
        """
        self.check_access("write")
        self._lock()
        self._check_state("late")
        self.sudo()._judge()
        for plan in self:
            if plan.state == "late" and not plan.may_forfeit:
                raise UserError(
                    plan.forfeit_date
                    and self.env._(
                        "The customer may still pay until %s.",
                        plan._format_day(plan.forfeit_date),
                    )
                    or self.env._("The customer was not warned yet.")
                )
        self.filtered(lambda plan: plan.state == "late")._forfeit()
        return True

    def _pronounce_due(self):
        """At night: end what may be ended where the company chose so."""
        due = self.filtered("may_forfeit")
        due.filtered(lambda p: p.company_id.recouvrement_plan_auto_forfeit)._forfeit()

    def _forfeit(self):
        """The clause applies: the items go back to the reminders, at the level that
        they had reached, and the customer is told."""
        plans = self.sudo()
        if not plans:
            return
        plans.write(
            {
                "state": "defaulted",
                "date_closed": fields.Date.context_today(self),
                "close_reason": self.env._("Instalment not paid after the warning"),
                "next_date": False,
            }
        )
        plans.line_ids.write({"is_live": False})
        plans._release_items(self.env._("Instalment plan forfeited"))
        self._log(self.env._("forfeited, the whole debt is due"))
        plans._send_mails("forfeit")
