from odoo import api, fields, models


class RecouvrementOpenItem(models.Model):
    _inherit = "recouvrement.open.item"

    late_interest = fields.Monetary(
        currency_field="currency_id",
        compute="_compute_late_interest",
        help="Interest that may be claimed up to the day of the list.",
    )
    late_indemnity = fields.Monetary(
        string="Fixed Indemnity",
        currency_field="currency_id",
        compute="_compute_late_interest",
        help="Fixed indemnity for recovery costs that may be claimed.",
    )
    late_interest_error = fields.Char(
        string="Interest Not Computed", compute="_compute_late_interest"
    )

    @api.depends("amount_residual_currency", "date_due")
    @api.depends_context("open_items_as_of")
    def _compute_late_interest(self):
        """For all the records in a constant number of queries."""
        until = fields.Date.to_date(self.env.context.get("open_items_as_of"))
        items = self.env["recouvrement.interest"]._get_items(self.ids, until=until)
        for record in self:
            item = items.get(record.id)
            record.late_interest = float(item.due) if item else 0.0
            record.late_indemnity = float(item.indemnity_due) if item else 0.0
            record.late_interest_error = (item and item.error) or False

    def action_late_interest(self):
        """Show how the interest of these items of one debtor is made up."""
        return self.debtor_id._get_interest_action(
            self.ids, self.env.context.get("open_items_as_of")
        )
