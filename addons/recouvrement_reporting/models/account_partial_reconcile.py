from odoo import api, fields, models

from odoo.addons.recouvrement.models.open_item import PAYABLE, RECEIVABLE


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    made_date = fields.Date(
        string="Matched On",
        readonly=True,
        copy=False,
        help="The day it was made; older matchings have their time of creation only.",
    )

    # EXTENDS 'account'
    @api.model_create_multi
    def create(self, vals_list):
        today = fields.Date.context_today(self)
        return super().create([{**vals, "made_date": today} for vals in vals_list])

    # EXTENDS 'account'
    def unlink(self):
        """Keep what is undone after the day from which it held."""
        values = [
            partial._prepare_undone_vals()
            for partial in self.exists()
            if partial._is_followed()
        ]
        result = super().unlink()
        left = self._get_lines_left(values)
        self.env["recouvrement.matching.undone"].sudo().create(
            [
                vals
                for vals in values
                if vals["date_from"] < vals["date_to"]
                and {vals["debit_move_id"], vals["credit_move_id"]} <= left
            ]
        )
        return result

    def _is_followed(self):
        """Receivables and payables are read as of past days."""
        return self.debit_move_id.account_id.account_type in (RECEIVABLE, PAYABLE)

    @api.model
    def _get_lines_left(self, values):
        """Ids of the items that are still there, in one query."""
        sides = ("debit_move_id", "credit_move_id")
        ids = {vals[side] for vals in values for side in sides}
        return set(self.env["account.move.line"].browse(ids).exists().ids)

    def _prepare_undone_vals(self):
        made = self.made_date or self.create_date.date()
        return {
            "debit_move_id": self.debit_move_id.id,
            "credit_move_id": self.credit_move_id.id,
            "company_id": self.company_id.id,
            "company_currency_id": self.company_currency_id.id,
            "debit_currency_id": self.debit_currency_id.id,
            "credit_currency_id": self.credit_currency_id.id,
            "amount": self.amount,
            "debit_amount_currency": self.debit_amount_currency,
            "credit_amount_currency": self.credit_amount_currency,
            "date_from": max(made, self.max_date),
            "date_to": fields.Date.context_today(self),
            "user_id": self.env.uid,
        }
