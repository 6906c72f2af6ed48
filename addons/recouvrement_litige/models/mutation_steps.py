"""From the entry of a change of manager to its validation by customer accounting."""

from odoo import fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

NEEDED = (
    "date_effect",
    "manager_name",
    "manager_street",
    "manager_zip",
    "manager_city",
    "manager_email",
)


class RecouvrementMutation(models.Model):
    _inherit = "recouvrement.mutation"

    def _take(self, *states):
        """Take a change of manager for a step: of two people, one does it.

        :raise UserError: when it is past that step.
        """
        self.ensure_one()
        self.check_access("write")
        self.debtor_id.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state not in states:
            raise UserError(self.env._("%s is past that step.", self.name))

    # ------------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------------

    def _check_complete(self):
        """:raise UserError: naming what is not filled in, or what cannot be."""
        lacking = [
            self._fields[name]._description_string(self.env)
            for name in NEEDED
            if not self[name]
        ]
        if lacking:
            raise UserError(self.env._("Fill in first: %s.", ", ".join(lacking)))
        if self.new_partner_id.commercial_partner_id == self.customer_id:
            raise UserError(self.env._("The association does not manage itself."))
        self._check_later()

    def _check_later(self):
        """Nobody took office on that day or after."""
        later = self.debtor_id.sudo().representative_ids.filtered(
            lambda one: one.date_from >= self.date_effect
        )
        if later:
            raise UserError(
                self.env._(
                    "%(manager)s took office on %(day)s: this change comes before.",
                    manager=later[0].partner_id.display_name,
                    day=format_date(self.env, later[0].date_from),
                )
            )

    def _get_obstacle(self):
        """Why the user may not validate, or False."""
        self.ensure_one()
        user = self.env.user
        if user in self.sudo().user_id | self.sudo().submitted_by_id:
            return self.env._(
                "You entered or submitted %s: a second person validates it.",
                self.name or "",
            )
        roles = ("accountant", "manager")
        if not any(user.has_group(f"recouvrement.group_{role}") for role in roles):
            return self.env._(
                "A change of manager is validated by customer accounting or a credit "
                "manager."
            )
        return False

    # ------------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------------

    def action_submit(self):
        """Send the form to customer accounting."""
        self._take("draft")
        self._check_complete()
        self.piece_ids._check_complete("missing")
        self.sudo().write(
            {
                "state": "to_validate",
                "submitted_by_id": self.env.uid,
                "date_submitted": fields.Datetime.now(),
                "refuse_reason": False,
            }
        )
        self._make_form()
        self._ask_validation()
        self._log(self.env._("sent to customer accounting"))
        return True

    def action_back(self, reason=None):
        """Give it back to who entered it."""
        self._take("to_validate")
        self.sudo().write({"state": "draft", "refuse_reason": reason or False})
        self._forget_validation()
        self._log(self.env._("sent back"), reason)
        return True

    def action_validate(self):
        """A second person validates: the representative is written, billing is told,
        the account is sent to the new manager once in office."""
        self._take("to_validate")
        obstacle = self._get_obstacle()
        if obstacle:
            raise AccessError(obstacle)
        self._check_complete()
        self.piece_ids._check_complete("missing", "received")
        mutation = self.sudo()
        mutation.write(
            {
                "state": "validated",
                "validated_by_id": self.env.uid,
                "date_validated": fields.Datetime.now(),
            }
        )
        self.flush_recordset()
        self._write_representative()
        self._make_form()
        self._forget_validation()
        self._log(self.env._("validated"), self._describe())
        self._inform_billing()
        if self.date_effect <= fields.Date.context_today(self):
            self._apply()
        if self.request_id.state == "new":
            self.request_id._close("done")
        return True

    def action_refuse(self, reason=None):
        """Refuse with a reason, kept; without one, ask for it."""
        self.check_access("read")
        reason = (reason or "").strip()
        if not reason:
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Refuse"),
                "res_model": "recouvrement.mutation.refuse",
                "view_mode": "form",
                "target": "new",
                "context": {"default_mutation_id": self.id},
            }
        self._take("draft", "to_validate")
        self.sudo().write({"state": "refused", "refuse_reason": reason})
        self._forget_validation()
        self._log(self.env._("refused"), reason)
        if self.request_id.state == "new":
            self.request_id.sudo().answer = reason
            self.request_id._close("refused")
        return True

    def action_cancel(self):
        """Give up a change that was entered by mistake."""
        self._take("draft")
        self.sudo().write({"state": "cancelled"})
        self._log(self.env._("cancelled"))
        return True

    def _ask_validation(self):
        """An activity for customer accounting, who finds the form in the discussion."""
        kind = self.env["recouvrement.request.type"]._get_type("mutation")
        authors = self.sudo().user_id | self.sudo().submitted_by_id
        users = kind._get_owner(self.debtor_id) | kind._find_accountant(self.company_id)
        for user in users - authors:
            self.sudo().activity_schedule(
                "recouvrement_litige.activity_validate_mutation",
                user_id=user.id,
                date_deadline=self.date_due or fields.Date.context_today(self),
                summary=self.sudo().customer_id.name,
            )
            break

    def _forget_validation(self):
        activity = self.env.ref("recouvrement_litige.activity_validate_mutation")
        self.sudo().activity_ids.filtered(
            lambda a: a.activity_type_id == activity
        ).unlink()

    def _describe(self):
        """Who follows whom, from when, by what decision."""
        mutation = self.sudo()
        nobody = self.env._("nobody on file")
        return self.env._(
            "%(old)s → %(new)s, in office from %(day)s.",
            old=mutation.old_partner_id.name or nobody,
            new=mutation.manager_name,
            day=format_date(self.env, mutation.date_effect),
        )
