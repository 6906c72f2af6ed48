"""The mandate that an invoice names, else the one that the rule picks."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class AccountMove(models.Model):
    _inherit = "account.move"

    sepa_mandate_id = fields.Many2one(
        "recouvrement.sepa.mandate",
        string="Chosen Mandate",
        index="btree_not_null",
        copy=False,
        domain="[('debtor_id.partner_id', '=', commercial_partner_id), "
        "('state', 'in', ('sent', 'signed', 'active', 'suspended'))]",
        help="Empty: picked by rule among those of the customer.",
    )
    sepa_mandate_used_id = fields.Many2one(
        "recouvrement.sepa.mandate",
        string="Direct Debit Mandate",
        compute="_compute_sepa_mandate_used_id",
        help="Under which the invoice would be collected today.",
    )

    @api.depends("sepa_mandate_id", "commercial_partner_id", "journal_id", "move_type")
    def _compute_sepa_mandate_used_id(self):
        """sudo: who reads an invoice may know that it is collected by direct debit."""
        sales = self.filtered(lambda move: move.is_sale_document())
        found = self.env["recouvrement.sepa.mandate"].sudo()._get_for_invoices(sales)
        for move in self:
            move.sepa_mandate_used_id = found.get(move._origin.id, False)

    @api.constrains("sepa_mandate_id", "partner_id", "company_id")
    def _check_sepa_mandate(self):
        for move in self.filtered("sepa_mandate_id"):
            mandate = move.sepa_mandate_id.sudo()
            if (
                mandate.partner_id != move.commercial_partner_id
                or mandate.company_id != move.company_id.root_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(mandate)s is not a mandate of %(customer)s.",
                        mandate=mandate.name or mandate.display_name,
                        customer=move.commercial_partner_id.display_name,
                    )
                )
