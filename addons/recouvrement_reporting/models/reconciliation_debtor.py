"""Reconciliations seen from the debtor account."""

from odoo import fields, models

PORTAL_STATES = ("sent", "answered", "signed")


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    reconciliation_ids = fields.One2many("recouvrement.reconciliation", "debtor_id")

    def _get_portal_reconciliations(self):
        """Minutes that were sent to the customer, the newest first, in sudo."""
        self.ensure_one()
        return (
            self.env["recouvrement.reconciliation"]
            .sudo()
            .search(
                [("debtor_id", "=", self.id), ("state", "in", PORTAL_STATES)],
                order="id desc",
                limit=20,
            )
        )

    def action_reconcile_account(self):
        """New reconciliation minutes, or those that are not over."""
        self.ensure_one()
        self.check_access("write")
        live = self.reconciliation_ids.filtered(
            lambda minutes: minutes.state in ("draft", "sent", "answered")
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reconciliation"),
            "res_model": "recouvrement.reconciliation",
            "view_mode": "form",
            "views": [(False, "form")],
            "res_id": live[:1].id,
            "context": {"default_debtor_id": self.id},
        }

    # EXTENDS 'recouvrement'
    def _get_desk_account_buttons(self):
        button = self._prepare_desk_button
        return [
            *super()._get_desk_account_buttons(),
            button(
                "reconcile",
                "action_reconcile_account",
                self.env._("Reconcile the Account"),
                "fa-balance-scale",
                bar=False,
            ),
        ]
