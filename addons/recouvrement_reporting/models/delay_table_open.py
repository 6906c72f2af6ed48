"""From each figure of a payment-delay table to its lines."""

from odoo import models
from odoo.fields import Domain

from .delay_table import RECEIVED
from .delay_table_compute import NET_LINES, TAX_LINES
from .delay_table_sql import LEDGERS

TAKEN_OFF = ("taxes", "elsewhere")


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
            return self._open_entries(self._get_documents_domain(side, key))
        if block == "balance":
            return self._open_entries(self._get_balance_domain(side))
        return self._open_entries(self._get_base_domain(side, key))

    def action_open_account(self, side, account_id):
        """What makes the balance of one account of the tie-out at closing."""
        self.check_access("read")
        self.ensure_one()
        domain = self._get_balance_domain(side)
        return self._open_entries(domain & Domain("account_id", "=", account_id))

    def action_open_base(self, side):
        """What the percentages refer to: documents of the year, or the accounts."""
        self.check_access("read")
        self.ensure_one()
        if self.denominator == "ledger":
            return self.action_open_tie(side, "base", "ledger")
        domain = self._get_documents_domain(side, "invoices")
        if self._takes_credit_notes_off():
            domain |= self._get_documents_domain(side, "credit_notes")
        return self._open_entries(domain)

    def _get_entries_domain(self, reading):
        """Of the legal entity, read as debits, as credits or as documents."""
        domain = Domain("reading", "=", reading) & Domain("date", "<=", self.date_to)
        return domain & Domain("company_id", "in", self._get_companies().ids)

    def _get_balance_domain(self, side):
        account_type, sign, _invoices, _refunds = LEDGERS[side]
        accounts = self.env["account.account"].sudo()
        accounts = accounts.with_context(active_test=False)
        accounts = accounts.search([("account_type", "=", account_type)])
        domain = self._get_entries_domain("debit" if sign > 0 else "credit")
        return domain & Domain("account_id", "in", accounts.ids)

    def _get_documents_domain(self, side, key):
        _type, _sign, invoices, refunds = LEDGERS[side]
        domain = self._get_entries_domain("document")
        domain &= Domain("move_type", "in", invoices if key == "invoices" else refunds)
        domain &= Domain("date", ">=", self.date_from)
        if not self.with_penalties:
            domain &= Domain("is_penalty", "=", False)
        return domain

    def _get_base_domain(self, side, key):
        """Entries of purchases or turnover: what ``_part_sql`` says, as a domain."""
        _type, _sign, invoices, refunds = LEDGERS[side]
        here = Domain("account_id", "in", self._get_base_accounts(side).ids)
        document = Domain("move_type", "in", invoices + refunds)
        penalty = Domain("is_penalty", "=", True)
        if self.with_penalties:
            penalty = Domain.FALSE
        net = Domain("line_type", "in", NET_LINES)
        parts = {
            "ledger": here,
            "taxes": document & ~penalty & Domain("line_type", "in", TAX_LINES),
            "elsewhere": ~here & document & net & ~penalty,
            "penalties": here & document & penalty,
            "details": here & document & ~net & ~penalty,
            "entries": here & ~document,
        }
        # Purchases grow by debits; what documents have and accounts have not is off.
        by_debits = (side == RECEIVED) != (key in TAKEN_OFF)
        domain = self._get_entries_domain("debit" if by_debits else "credit")
        domain &= Domain("date", ">=", self.date_from)
        return domain & parts.get(key, Domain.FALSE)

    def _open_entries(self, domain):
        """The list of documents, or that of journal items."""
        name = "recouvrement_reporting.recouvrement_delay_entry_action"
        documents = Domain("reading", "=", "document")
        if any(one == documents for one in domain.iter_conditions()):
            name = "recouvrement_reporting.recouvrement_delay_document_action"
        action = self.env["ir.actions.actions"]._for_xml_id(name)
        action.update(domain=list(domain), context={}, display_name=self.display_name)
        return action
