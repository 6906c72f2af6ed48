"""Who is paid for the items of a customer."""

from odoo import api, models


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # EXTENDS 'recouvrement'
    @api.model
    def _get_payee(self, line_ids):
        payees = super()._get_payee(line_ids)
        lines = (
            self.env["recouvrement.factoring.line"]
            .sudo()
            .search([("move_line_id", "in", list(line_ids)), ("is_live", "=", True)])
        )
        for line in lines:
            payees[line.move_line_id.id] = line.factoring_id._get_payee()
        return payees

    # EXTENDS 'recouvrement'
    def _get_statement_payees(self, currency):
        payees = super()._get_statement_payees(currency)
        lines = (
            self.env["recouvrement.factoring.line"]
            .sudo()
            .search(
                [
                    ("debtor_id", "=", self.id),
                    ("is_live", "=", True),
                    ("currency_id", "=", currency.id),
                    ("move_line_id.reconciled", "=", False),
                ],
                order="date_due, id",
            )
        )
        for factoring, found in lines.grouped("factoring_id").items():
            factoring = factoring.with_context(lang=self.env.lang)
            payees.append(
                {
                    **factoring._get_payee(),
                    "documents": ", ".join(found.mapped("name")),
                }
            )
        return payees
