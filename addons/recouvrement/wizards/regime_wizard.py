from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command


class RecouvrementRegimeWizard(models.TransientModel):
    """New legal terms of posted invoices, with a reason that stays."""

    _name = "recouvrement.regime.wizard"
    _description = "Change Legal Terms"

    move_ids = fields.Many2many(
        "account.move",
        "recouvrement_regime_wizard_move_rel",
        string="Documents",
        required=True,
        default=lambda self: self._default_move_ids(),
    )
    legal_regime_id = fields.Many2one(
        "recouvrement.legal.regime",
        required=True,
        default=lambda self: self._default_terms("legal_regime_id"),
    )
    contractual_rate = fields.Float(
        digits=(16, 4),
        default=lambda self: self._default_terms("contractual_rate"),
        help="Late interest agreed with the customer, in % per year. 0: none.",
    )
    reason = fields.Char(required=True)

    def _default_move_ids(self):
        if self.env.context.get("active_model") != "account.move":
            return False
        return [Command.set(self.env.context.get("active_ids", []))]

    def _default_terms(self, name):
        """Terms of the only document chosen."""
        ids = self.env.context.get("active_ids") or []
        if self.env.context.get("active_model") != "account.move" or len(ids) != 1:
            return False
        move = self.env["account.move"].browse(ids)
        if name == "legal_regime_id":
            return move._get_regimes()[move].id
        return move[name]

    @api.constrains("contractual_rate")
    def _check_contractual_rate(self):
        if any(wizard.contractual_rate < 0 for wizard in self):
            raise UserError(self.env._("A rate cannot be negative."))

    def action_confirm(self):
        """Write the terms and trace them in the history of the debtors.

        sudo: a credit manager does not write in the books; these two fields change no
        entry.
        """
        self.ensure_one()
        self._check_allowed()
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why the legal terms change."))
        moves = self.move_ids
        before = moves._get_terms_texts()
        moves.sudo().write(
            {
                "legal_regime_id": self.legal_regime_id.id,
                "contractual_rate": self.contractual_rate,
            }
        )
        moves._log_terms(before, reason)
        return {"type": "ir.actions.act_window_close"}

    def _check_allowed(self):
        roles = ("recouvrement.group_manager", "recouvrement.group_accountant")
        if not any(map(self.env.user.has_group, roles)):
            raise AccessError(
                self.env._(
                    "Only a credit manager or an accountant changes the legal terms "
                    "of a document."
                )
            )
        self.move_ids.check_access("read")
        wrong = self.move_ids.filtered(
            lambda move: move.state != "posted" or not move._get_claim_partner()
        )
        if wrong:
            raise UserError(
                self.env._(
                    "Legal terms are those of posted claims on one customer: %s is "
                    "none.",
                    wrong[0].display_name,
                )
            )
