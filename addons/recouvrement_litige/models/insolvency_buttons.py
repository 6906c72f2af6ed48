"""What the buttons of a file of proceedings open."""

from odoo import fields, models
from odoo.exceptions import UserError


class RecouvrementInsolvency(models.Model):
    _inherit = "recouvrement.insolvency"

    # ------------------------------------------------------------------
    # BUTTONS
    # ------------------------------------------------------------------

    def _decide(self, kind, name):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "recouvrement.insolvency.decision",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_insolvency_id": self.id, "default_kind": kind},
        }

    def action_declare(self):
        return self._decide("declare", self.env._("Declaration Sent"))

    def action_contest(self):
        return self._decide("contest", self.env._("Claim Contested"))

    def action_answer(self):
        return self._decide("answer", self.env._("Contest Answered"))

    def action_admit(self):
        return self._decide("admit", self.env._("Claim Admitted"))

    def action_plan(self):
        return self._decide("plan", self.env._("Plan or Distribution"))

    def action_convert(self):
        return self._decide("convert", self.env._("Other Proceedings"))

    def action_close(self):
        return self._decide("close", self.env._("Proceedings Closed"))

    def action_undo(self):
        return self._decide("undo", self.env._("Entered by Mistake"))

    def action_write_off(self):
        """The write-off wizard, filled in with what the claims still owe."""
        self.ensure_one()
        self.check_access("write")
        claims = self.claim_ids.filtered(
            lambda claim: claim.side == "prior" and claim.amount_open > 0
        )
        if not claims:
            raise UserError(self.env._("Nothing is left to write off."))
        wizard = (
            self.env["recouvrement.write.off.wizard"]
            .with_context(
                active_model="recouvrement.open.item",
                active_ids=claims.move_line_id.ids,
            )
            .create(
                {
                    "ground_id": (
                        self.kind_id.ground_id or self._get_other_ground()
                    ).id,
                    "note": self._get_write_off_note(),
                    "attachment_ids": [
                        fields.Command.set((self.certificate_id | self.proof_ids).ids)
                    ],
                }
            )
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write Off"),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def _get_other_ground(self):
        return self.env.ref("recouvrement.write_off_ground_other")

    def _get_write_off_note(self):
        """The facts of the file, for the write-off."""
        parts = [
            self._get_reason(),
            self.case_number and self.env._("case %s", self.case_number),
            self.date_published
            and self.env._("published on %s", self._format_day(self.date_published)),
            self.date_declared
            and self.env._(
                "declared on %(day)s for %(amount)s",
                day=self._format_day(self.date_declared),
                amount=self._format(self.amount_declared),
            ),
            self.amount_admitted
            and self.env._("admitted for %s", self._format(self.amount_admitted)),
            self.amount_received
            and self.env._("received %s", self._format(self.amount_received)),
        ]
        return "; ".join(part for part in parts if part)

    def action_view_items(self):
        """The claims of the file."""
        self.ensure_one()
        self.check_access("read")
        return {
            **self.env["ir.actions.actions"]._for_xml_id(
                "recouvrement_litige.recouvrement_insolvency_claim_action"
            ),
            "domain": [("insolvency_id", "=", self.id)],
        }

    def action_view_later(self):
        """Open items born since the judgment: they are chased in the normal way."""
        self.ensure_one()
        frozen = self._get_lines()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Items after the Judgment"),
            "res_model": "recouvrement.open.item",
            "view_mode": "list,form",
            "domain": [
                ("debtor_id", "=", self.debtor_id.id),
                ("id", "not in", frozen.ids),
            ],
        }

    def action_open_desk(self):
        self.ensure_one()
        return self.debtor_id.action_open_desk()
