"""Direct debits on the 360° page: a badge on the items they are about."""

from odoo import models


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # EXTENDS 'recouvrement'
    def _desk_badges(self, rows):
        badges = super()._desk_badges(rows)
        moves = self.env["account.move"].browse({row["move_id"] for row in rows})
        for move_id, debit in moves.sudo()._get_sepa_debits().items():
            under_way = debit["debit_state"] == "under_way"
            badges.setdefault(move_id, []).append(
                {
                    "label": self.env._("Direct debit under way")
                    if under_way
                    else self.env._("Direct debit returned"),
                    "level": "info" if under_way else "danger",
                    "hint": moves.browse(move_id)._describe_sepa_debit(debit),
                }
            )
        return badges
