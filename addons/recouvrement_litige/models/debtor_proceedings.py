"""What proceedings stop in litigation files (C. com. art. L622-21)."""

from odoo import models

STOPPED = ("measure", "enforcement")


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # EXTENDS 'recouvrement'
    def _on_proceedings_opened(self, lines, day, reason):
        """Steps of seizures lose their object; lawsuits under way are interrupted,
        which counsel has to be told."""
        stopped = super()._on_proceedings_opened(lines, day, reason)
        files = self.env["recouvrement.litigation"].search(
            [
                ("debtor_id", "=", self.id),
                ("state", "=", "open"),
                ("line_ids.move_line_id", "in", lines.ids),
            ]
        )
        steps = files.step_ids.filtered(
            lambda step: (
                step.state in ("todo", "late") and step.procedure_id.category in STOPPED
            )
        )
        steps.with_context(steps_recomputed=True).write({"state": "void"})
        files._sync_deadlines()
        told = [
            self.env._(
                "Litigation file %(file)s: tell counsel and the officers, no act of "
                "enforcement may go on.",
                file=one.name,
            )
            for one in files
        ]
        for one in files:
            one._log(self.env._("stopped by proceedings"), reason)
        return {
            **stopped,
            "told": [*stopped["told"], *told],
            "steps": steps.ids,
        }

    # EXTENDS 'recouvrement'
    def _on_proceedings_undone(self, stopped):
        result = super()._on_proceedings_undone(stopped)
        steps = self.env["recouvrement.litigation.step"].browse(
            stopped.get("steps", [])
        )
        steps = steps.exists().filtered(
            lambda step: step.state == "void" and step.litigation_id.state == "open"
        )
        steps.with_context(steps_recomputed=True).write({"state": "todo"})
        steps.litigation_id._recompute_steps()
        return result
