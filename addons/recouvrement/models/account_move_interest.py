from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    late_interest = fields.Monetary(
        compute="_compute_late_interest",
        help="Interest that may be claimed to this day.",
    )
    late_indemnity = fields.Monetary(
        string="Fixed Indemnity",
        compute="_compute_late_interest",
        help="Fixed indemnity for recovery costs that may be claimed.",
    )
    late_interest_error = fields.Char(
        string="Interest Not Computed", compute="_compute_late_interest"
    )

    @api.depends(
        "state",
        "contractual_rate",
        "legal_regime_id",
        "line_ids.amount_residual_currency",
        "line_ids.date_maturity",
    )
    def _compute_late_interest(self):
        """For all the entries in a constant number of queries."""
        posted = self.filtered(lambda move: move.state == "posted")
        lines = posted._get_claim_lines()
        found = self.env["recouvrement.interest"]._get_items(lines.ids)
        by_move = {}
        for item in found.values():
            by_move.setdefault(item.move_id, []).append(item)
        for move in self:
            items = by_move.get(move._origin.id, [])
            move.late_interest = float(sum(item.due for item in items))
            move.late_indemnity = float(sum(item.indemnity_due for item in items))
            errors = [item.error for item in items if item.error]
            move.late_interest_error = "\n".join(errors) or False

    def _get_claim_lines(self):
        return self.line_ids._origin.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable" and line.balance > 0
            )
        )

    def action_late_interest(self):
        """Show how the interest of the entry is made up."""
        self.ensure_one()
        debtor_id = self.action_view_debtor()["res_id"]
        debtor = self.env["recouvrement.debtor"].browse(debtor_id)
        return debtor._get_interest_action(self._get_claim_lines().ids)
