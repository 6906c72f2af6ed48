"""The end of a file: settled, abandoned, irrecoverable; and opening it again."""

from odoo import fields, models
from odoo.exceptions import UserError

STAGES = {
    "paid": "settled",
    "settlement": "settled",
    "abandoned": "abandoned",
    "irrecoverable": "irrecoverable",
}


class RecouvrementLitigation(models.Model):
    _inherit = "recouvrement.litigation"

    def action_close(self):
        """Ask how the file ends."""
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close the File"),
            "res_model": "recouvrement.litigation.close",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_litigation_id": self.id},
        }

    def _close(self, outcome, reason):
        """End these files.

        Items of an irrecoverable file stay out of the reminders until they are written
        off; those of the others are let go: what else holds on them comes back.

        :param str outcome: a key of ``OUTCOMES``.
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the file is closed."))
        self.check_access("write")
        self._check_open()
        files = self.sudo()
        for litigation in files:
            litigation.write(
                {
                    "stage_before_id": litigation.stage_id.id,
                    "stage_id": self._get_stage(STAGES[outcome]).id,
                    "state": "closed",
                    "outcome": outcome,
                    "outcome_reason": reason.strip(),
                    "date_closed": fields.Date.context_today(self),
                }
            )
            if outcome != "irrecoverable":
                litigation.line_ids._release(
                    self.env._("Litigation file %s closed", litigation.name)
                )
        files._end_steps()
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        self._log(
            self.env._("file closed: %s", labels[outcome].lower()), reason.strip()
        )

    def _end_steps(self):
        """Nothing is left to do on a closed file."""
        steps = self.step_ids.filtered(lambda step: step.state in ("todo", "late"))
        steps.write({"state": "void"})
        self._sync_deadlines()
        self.title_ids._sync_deadline()

    def action_reopen(self):
        """Open a closed file again, with the items that are still open and free."""
        self.ensure_one()
        self.check_access("write")
        if not self.env.user.has_group("recouvrement.group_manager"):
            raise UserError(self.env._("A credit manager opens a file again."))
        self._reopen(self.env._("Opened again by %s", self.env.user.name))

    def _reopen(self, reason):
        """Take the items back that are open and in no other file.

        :raise UserError: when none is.
        """
        self.ensure_one()
        if self.state == "open":
            raise UserError(self.env._("This file is open."))
        litigation = self.sudo()
        rows = litigation._get_rows_to_take()
        if not rows:
            raise UserError(self.env._("None of its items is open any more."))
        rows.write({"is_live": True})
        rows.move_line_id._commit(
            "litigation", self.env._("Litigation file %s", litigation.name)
        )
        litigation.write(
            {
                "state": "open",
                "stage_id": litigation.stage_before_id.id
                or self._get_stage("prepare").id,
                "outcome": False,
                "outcome_reason": False,
                "date_closed": False,
                "closed_by_ledger": False,
            }
        )
        litigation.step_ids.filtered(
            lambda step: step.state == "void" and not step.void_by_id
        )._revive()
        litigation._recompute_steps()
        litigation.title_ids._sync_deadline()
        litigation._judge()
        self._log(reason)

    def _get_rows_to_take(self):
        """Items that this file may hold again: open, and in no other file."""
        rows = self.line_ids.filtered(
            lambda one: (
                one.is_live
                or (
                    one.move_line_id.parent_state == "posted"
                    and one.move_line_id.amount_residual > 0
                )
            )
        )
        taken = self._get_held((rows - rows.filtered("is_live")).move_line_id)
        return rows.filtered(lambda one: one.is_live or one.move_line_id not in taken)

    # ------------------------------------------------------------------
    # WRITE-OFF
    # ------------------------------------------------------------------

    def action_write_off(self):
        """Propose to write off what its items still owe: the form of write-offs."""
        self.ensure_one()
        lines = self.line_ids.move_line_id.filtered(
            lambda line: line.parent_state == "posted" and line.amount_residual > 0
        )
        if not lines:
            raise UserError(self.env._("Nothing is left to write off."))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write Off Items"),
            "res_model": "recouvrement.write.off.wizard",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "active_model": "recouvrement.open.item",
                "active_ids": lines.ids,
                "default_note": self._get_write_off_note(),
            },
        }

    def _get_write_off_note(self):
        """The facts: what was done in the file."""
        done = self.step_ids.filtered("date_done").sorted("date_done")
        facts = [self.outcome_reason or ""]
        facts += [f"{step.date_done:%d/%m/%Y} {step.name}" for step in done]
        return "\n".join([self.name, *filter(None, facts)])


class RecouvrementLitigationStep(models.Model):
    _inherit = "recouvrement.litigation.step"

    def _revive(self):
        """Steps of the procedure under way that closing the file made void."""
        self.filtered(
            lambda step: step.procedure_id == step.litigation_id.procedure_id
        ).write({"state": "todo"})
