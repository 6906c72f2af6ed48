"""From each figure of a payment-delay table to its lines."""

from odoo import models
from odoo.fields import Domain

from .delay_table_compute import NET_LINES, TAX_LINES
from .delay_table_sql import LEDGERS


class RecouvrementDelayTable(models.Model):
    _inherit = "recouvrement.delay.table"

    # ------------------------------------------------------------------
    # FROM A FIGURE TO ITS LINES
    # ------------------------------------------------------------------

    def action_open_cell(self, side, category, bucket=None, is_number=False):
        """The items that make one figure.

        :param int bucket: column of the delay; None is the whole category.
        :param bool is_number: the number of invoices, in which credit notes do not
            count, rather than the amount.
        """
        self.check_access("read")
        self.ensure_one()
        domain = Domain("table_id", "=", self.id)
        domain &= Domain("side", "=", side) & Domain("category", "=", category)
        if bucket is not None:
            domain &= Domain("bucket", "=", bucket)
        if is_number:
            domain &= Domain("is_invoice", "=", True)
        return self._get_lines_action(domain)

    def action_open_lines(self):
        """All the items of the table."""
        self.check_access("read")
        self.ensure_one()
        return self._get_lines_action(Domain("table_id", "=", self.id))

    def _get_lines_action(self, domain):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_delay_table_line_action"
        )
        action.update(domain=list(domain), context={}, display_name=self.display_name)
        return action

    def action_open_tie(self, side, block, key):
        """What makes a line of the tie-out; key ``ledger`` is the account itself."""
        self.check_access("read")
        self.ensure_one()
        if block == "balance" and key not in ("ledger", "accounts"):
            return self.action_open_cell(side, key)
        if block == "base" and key in ("invoices", "credit_notes"):
            return self._open_journal(
                "account.move", self._get_documents_domain(side, key)
            )
        domain = self._get_base_domain(side, key)
        if block == "balance":
            domain = self._get_balance_domain(side)
        return self._open_journal("account.move.line", domain)

    def action_open_account(self, side, account_id):
        """What makes the balance of one account of the tie-out at closing."""
        self.check_access("read")
        self.ensure_one()
        domain = self._get_balance_domain(side)
        domain &= Domain("account_id", "=", account_id)
        return self._open_journal("account.move.line", domain)

    def action_open_base(self, side):
        """What the percentages refer to: documents of the year, or the accounts."""
        self.check_access("read")
        self.ensure_one()
        if self.denominator == "ledger":
            return self.action_open_tie(side, "base", "ledger")
        domain = self._get_documents_domain(side, "invoices")
        if self._takes_credit_notes_off():
            domain |= self._get_documents_domain(side, "credit_notes")
        return self._open_journal("account.move", domain)

    def _get_balance_domain(self, side):
        domain = Domain("account_id.account_type", "=", LEDGERS[side][0])
        domain &= Domain("date", "<=", self.date_to)
        domain &= Domain("parent_state", "=", "posted")
        return domain & Domain("company_id", "in", self._get_companies().ids)

    def _get_documents_domain(self, side, key):
        _type, _sign, invoices, refunds = LEDGERS[side]
        types = invoices if key == "invoices" else refunds
        domain = Domain("move_type", "in", types) & Domain("state", "=", "posted")
        domain &= Domain("date", ">=", self.date_from)
        domain &= Domain("date", "<=", self.date_to)
        domain &= Domain("company_id", "in", self._get_companies().ids)
        if not self.with_penalties:
            domain &= Domain("penalty_statement_id", "=", False)
        return domain

    def _get_base_domain(self, side, key):
        """Entries of purchases or turnover: what ``_part_sql`` says, as a domain."""
        _type, _sign, invoices, refunds = LEDGERS[side]
        here = Domain("account_id", "in", self._get_base_accounts(side).ids)
        document = Domain("move_id.move_type", "in", invoices + refunds)
        penalty = Domain("move_id.penalty_statement_id", "!=", False)
        if self.with_penalties:
            penalty = Domain.FALSE
        net = Domain("display_type", "in", NET_LINES)
        parts = {
            "ledger": here,
            "taxes": document & ~penalty & Domain("display_type", "in", TAX_LINES),
            "elsewhere": ~here & document & net & ~penalty,
            "penalties": here & document & penalty,
            "details": here & document & ~net & ~penalty,
            "entries": here & ~document,
        }
        domain = parts.get(key, Domain.FALSE) & Domain("parent_state", "=", "posted")
        domain &= Domain("date", ">=", self.date_from)
        domain &= Domain("date", "<=", self.date_to)
        return domain & Domain("company_id", "in", self._get_companies().ids)

    def _open_journal(self, model_name, domain):
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": model_name,
            "view_mode": "list,form",
            "views": [(False, "list"), (False, "form")],
            "domain": [*domain],
            "context": {"create": False},
        }
