"""Where a bank's direct debits are booked, and on which day."""

from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def _get_sepa_transit_account(self):
        """Account of what is under way.

        :raise UserError: when there is none, or its items cannot be matched.
        """
        self.ensure_one()
        account = self.sudo().sepa_transit_account_id
        if not account:
            raise UserError(
                self.env._(
                    "Bank %s has no account for direct debits under way: choose one in "
                    "Configuration > Creditor and Banks.",
                    self.display_name,
                )
            )
        if not account.reconcile:
            raise UserError(
                self.env._(
                    "Items of account %s cannot be matched: allow it in the chart of "
                    "accounts, so that the bank's lines settle the collections.",
                    account.display_name,
                )
            )
        return account

    def _get_sepa_open_day(self, day):
        """The day itself, or the first one after it that is not in a closed period."""
        self.ensure_one()
        company = self.company_id.sudo()
        while locks := company._get_violated_lock_dates(day, False, self):
            day = max(lock for lock, _field in locks) + timedelta(days=1)
        return day
