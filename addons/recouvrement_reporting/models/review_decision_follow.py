"""Decisions as activities of their owners: done, dropped, put off."""

from odoo import fields, models
from odoo.exceptions import UserError


class RecouvrementReviewDecision(models.Model):
    _inherit = "recouvrement.review.decision"

    # ------------------------------------------------------------------
    # ACTIVITIES
    # ------------------------------------------------------------------

    def _create_activities(self):
        """One activity for each open decision that has none, in one batch."""
        waiting = self.filtered(lambda one: one.state == "open" and not one.activity_id)
        activities = (
            self.env["mail.activity"]
            .sudo()
            .with_context(mail_activity_quick_update=True)
            .create([decision._prepare_activity_vals() for decision in waiting])
        )
        for decision, activity in zip(waiting, activities, strict=True):
            decision.write(
                {"activity_id": activity.id, "date_first": decision.date_due}
            )

    def _prepare_activity_vals(self):
        """Values of the activity, in the language of its owner: a hook."""
        decision = self.with_context(lang=self.owner_id.lang or self.env.lang)
        summary = decision.kind_id.name
        if self.note:
            summary = f"{summary}: {self.note}"
        activity_type = self.kind_id.activity_type_id
        return {
            "res_model_id": self.env["ir.model"]._get_id("recouvrement.debtor"),
            "res_id": self.debtor_id.id,
            "activity_type_id": activity_type.id
            or self.env["ir.model.data"]._xmlid_to_res_id(
                "mail.mail_activity_data_todo"
            ),
            "summary": summary,
            "note": decision.env._(
                "Decided at the review: %s", decision.review_id.name
            ),
            "user_id": self.owner_id.id,
            "date_deadline": self.date_due,
        }

    def _update_activities(self):
        for decision in self.filtered("activity_id"):
            decision.activity_id.write(
                {
                    "user_id": decision.owner_id.id,
                    "date_deadline": decision.date_due,
                }
            )

    # ------------------------------------------------------------------
    # OUTCOME
    # ------------------------------------------------------------------

    def action_done(self, result=None):
        """Close open decisions, and their activities."""
        return self._close("done", result)

    def action_drop(self, result=None):
        """Give up open decisions."""
        return self._close("dropped", result)

    def _close(self, state, result):
        self._check_may_close()
        decisions = self.sudo()
        activities = decisions.activity_id.filtered("active")
        decisions._set_closed(state, result)
        if state == "done":
            activities.action_feedback(feedback=result or False)
        else:
            activities.unlink()
        return True

    def _check_may_close(self):
        """Who may change the decision, or its owner.

        :raise UserError: on a decision that is closed.
        """
        others = self.filtered(lambda one: one.sudo().owner_id != self.env.user)
        self.check_access("read")
        if others:
            others.check_access("write")
        if any(decision.state != "open" for decision in self):
            raise UserError(self.env._("This decision is closed already."))

    def _drop(self, reason):
        """Drop what is still open, in sudo: the review was cancelled."""
        waiting = self.filtered(lambda decision: decision.state == "open")
        waiting.activity_id.filtered("active").unlink()
        waiting._set_closed("dropped", reason)

    def _set_closed(self, state, result):
        self.write(
            {
                "state": state,
                "done_on": fields.Date.context_today(self),
                "done_by_id": self.env.uid,
                "result": result or False,
            }
        )
        held = self.filtered(lambda one: one.review_state in ("held", "sent"))
        held._log_closed()

    def _log_closed(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for decision in self:
            decision.debtor_id._log_event(
                "review",
                self.env._(
                    "Decision of %(review)s: %(decision)s → %(state)s",
                    review=decision.review_id.name,
                    decision=decision.kind_id.name,
                    state=labels[decision.state],
                ),
                detail=decision.result,
            )

    def action_close_wizard(self):
        """Ask what came of open decisions."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("What Came of It"),
            "res_model": "recouvrement.review.close",
            "view_mode": "form",
            "target": "new",
            "context": {"default_decision_ids": self.ids},
        }

    def action_do(self):
        """Open what the decision asks for: a promise, a plan, a hold…"""
        self.ensure_one()
        methods = self.env["recouvrement.review.decision.kind"]._get_action_methods()
        if self.action not in methods:
            raise UserError(self.env._("This decision has no action of its own."))
        _label, method = methods[self.action]
        return getattr(self.debtor_id, method)()

    def action_open_debtor(self):
        return self.debtor_id.action_open_desk()

    def action_open_item(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "recouvrement.review.item",
            "res_id": self.item_id.id,
            "view_mode": "form",
        }
