"""From each figure of the tie-out to its entries or items."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL


class RecouvrementAgedBalance(models.Model):
    _inherit = "recouvrement.aged.balance"

    @api.model
    @api.readonly
    def get_tie_action(self, values, part, line):
        """Action that lists what makes a figure of the tie-out.

        :param str part: ``ledger`` (entries), ``balance`` and ``without_customer``
            (open items), ``difference`` (items whose residual is not what their
            matchings leave of them).
        :param dict line: as ``get_tie_out`` gives it; one without an account is a sum.
        :raise AccessError: for who does not read the ledger.
        """
        if not self._sees_ledger():
            raise AccessError(self.env._("You do not read the general ledger."))
        options = self._read_options(values)
        companies = self._get_tie_companies(options, line)
        if part in ("balance", "without_customer"):
            return self._open_tie_items(options, companies, part, line)
        return self._open_tie_entries(options, companies, part, line)

    @api.model
    def _get_tie_companies(self, options, line):
        companies = self._get_companies(options)
        if line["company_id"]:
            return companies.filtered(lambda one: one.id == line["company_id"])
        return companies.filtered(lambda one: one.currency_id.id == line["currency_id"])

    @api.model
    def _open_tie_items(self, options, companies, part, line):
        """No filter of the balance counts here but its day and companies."""
        action = self.get_items_action(
            {"as_of": fields.Date.to_string(options.as_of)},
        )
        domain = Domain("company_id", "in", companies.ids)
        if line["account_id"]:
            domain &= Domain("move_line_id.account_id", "=", line["account_id"])
        if part == "without_customer":
            domain &= Domain("commercial_partner_id", "=", False)
        return {**action, "domain": list(domain)}

    @api.model
    def _open_tie_entries(self, options, companies, part, line):
        domain = Domain("account_id.account_type", "=", "asset_receivable")
        domain &= Domain("parent_state", "=", "posted")
        domain &= Domain("date", "<=", fields.Date.to_string(options.as_of))
        domain &= Domain("company_id", "in", companies.ids)
        if line["account_id"]:
            domain &= Domain("account_id", "=", line["account_id"])
        name = self.env._("General Ledger on %s", self._describe_day(options.as_of))
        if part == "difference":
            domain &= Domain("id", "in", self._find_untied(options, companies))
            name = self.env._("Items That Do Not Tie")
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move.line",
            "views": [(False, "list"), (False, "form")],
            "domain": list(domain),
            "context": {"create": False},
        }

    @api.model
    def _find_untied(self, options, companies):
        """Ids of the items whose residual is not their balance less their matchings:
        the aged balance starts from the residual, the ledger from the balance."""
        self._flush_ledger()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.id
                  FROM account_move_line l
                  JOIN account_account a ON a.id = l.account_id
                   AND a.account_type = 'asset_receivable'
             LEFT JOIN (SELECT debit_move_id AS id, SUM(amount) AS amount
                          FROM account_partial_reconcile GROUP BY 1) d ON d.id = l.id
             LEFT JOIN (SELECT credit_move_id AS id, SUM(amount) AS amount
                          FROM account_partial_reconcile GROUP BY 1) c ON c.id = l.id
                 WHERE l.parent_state = 'posted' AND l.date <= %(as_of)s
                   AND l.company_id = ANY(%(companies)s)
                   AND COALESCE(l.amount_residual, 0)
                       <> l.balance - COALESCE(d.amount, 0) + COALESCE(c.amount, 0)
                """,
                as_of=options.as_of,
                companies=companies.ids,
            )
        )
        return [line_id for [line_id] in rows]
