from odoo import api, fields, models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    collection_summary = fields.Char(
        compute="_compute_collection_summary",
        help="Collection status of the receivable items of the entry.",
    )

    @api.depends("state", "line_ids.collection_status")
    def _compute_collection_summary(self):
        field = self.env["account.move.line"]._fields["collection_status"]
        labels = dict(field._description_selection(self.env))
        for move in self:
            statuses = move.state == "posted" and {
                line.collection_status
                for line in move.line_ids
                if line.collection_status
            }
            move.collection_summary = ", ".join(
                label for status, label in labels.items() if status in (statuses or ())
            )

    def action_view_debtor(self):
        """Open the debtor account of the customer in the legal entity."""
        self.ensure_one()
        debtor = self.env["recouvrement.debtor"].search(
            [
                ("partner_id", "=", self.commercial_partner_id.id),
                ("company_id", "=", self.company_id.root_id.id),
            ]
        )
        if not debtor:
            raise UserError(
                self.env._("This customer has no debtor account that you may see.")
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "recouvrement.debtor",
            "res_id": debtor.id,
            "view_mode": "form",
        }

    # EXTENDS 'account'
    def write(self, vals):
        known = self.filtered("posted_before") if "state" in vals else self.browse()
        result = super().write(vals)
        if known:
            items = known.line_ids.filtered("collection_status")
            self.env["recouvrement.debtor"]._mark_matched(items.ids)
        if {"state", "partner_id", "payment_state"} & vals.keys():
            self.line_ids._mark_debtors_dirty()
        return result
