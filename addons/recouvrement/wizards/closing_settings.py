from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..models.res_company_closing import FRENCH_CODES

JOURNAL, VAT_CODE = "recouvrement_closing_journal_id", "recouvrement_vat_rate_code"


class RecouvrementClosingSettings(models.TransientModel):
    """Accounts of provisions and write-offs of a company, for its accountants; those of
    a French chart are filled in."""

    _name = "recouvrement.closing.settings"
    _description = "Accounts of Provisions and Write-offs"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.root_id,
    )
    recouvrement_impairment_expense_account_id = fields.Many2one(
        "account.account", string="Allowance to Impairment"
    )
    recouvrement_impairment_account_id = fields.Many2one(
        "account.account", string="Impairment of Receivables"
    )
    recouvrement_impairment_income_account_id = fields.Many2one(
        "account.account", string="Reversal of Impairment"
    )
    recouvrement_loss_account_id = fields.Many2one(
        "account.account", string="Losses, Claims of the Year"
    )
    recouvrement_loss_prior_account_id = fields.Many2one(
        "account.account", string="Losses, Earlier Claims"
    )
    recouvrement_recovery_account_id = fields.Many2one(
        "account.account", string="Receipts on Claims Written Off"
    )
    recouvrement_vat_account_id = fields.Many2one(
        "account.account", string="VAT Collected"
    )
    recouvrement_closing_journal_id = fields.Many2one(
        "account.journal", string="Journal", domain="[('type', '=', 'general')]"
    )
    recouvrement_vat_rate_code = fields.Char(string="VAT Rate of Items without Tax")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        company = self.env.company.root_id.sudo()
        for kind, name in company._get_closing_account_fields().items():
            if name in fields_list:
                values[name] = (
                    company[name] or company._find_french_account(FRENCH_CODES[kind])
                ).id
        if JOURNAL in fields_list:
            values[JOURNAL] = company[JOURNAL].id
        if VAT_CODE in fields_list:
            values[VAT_CODE] = company[VAT_CODE]
        return values

    def action_confirm(self):
        """Write the accounts on the company.

        sudo: writing on a company needs an administrator; these are the accountant's.
        """
        self.ensure_one()
        if not self.env.user.has_groups(
            "recouvrement.group_manager,recouvrement.group_accountant"
        ):
            raise AccessError(
                self.env._("Only accountants and credit managers change the accounts.")
            )
        company = self.env.company.root_id
        names = [*company._get_closing_account_fields().values(), JOURNAL, VAT_CODE]
        vals = self._convert_to_write({name: self[name] for name in names})
        company.sudo().write(vals)
        return {"type": "ir.actions.act_window_close"}
