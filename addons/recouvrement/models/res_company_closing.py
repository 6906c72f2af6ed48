from odoo import api, fields, models
from odoo.exceptions import UserError

# What the French chart of accounts (ANC 2014-03, as amended) calls these accounts,
# without the zeros that fill a code up.
FRENCH_CODES = {
    "impairment_expense": "68174",
    "impairment": "491",
    "impairment_income": "78174",
    "loss": "6541",
    "loss_prior": "6544",
    "recovery": "7583",
    "vat": "44571",
}


class ResCompany(models.Model):
    _inherit = "res.company"

    recouvrement_impairment_expense_account_id = fields.Many2one(
        "account.account",
        string="Allowance to Impairment of Receivables",
        help="Debited by a new or higher provision (681740 in France).",
    )
    recouvrement_impairment_account_id = fields.Many2one(
        "account.account",
        string="Impairment of Receivables",
        help="Credit balance: the provisions in force (491000 in France).",
    )
    recouvrement_impairment_income_account_id = fields.Many2one(
        "account.account",
        string="Reversal of Impairment of Receivables",
        help="Credited by a provision that is no longer needed (781740 in France).",
    )
    recouvrement_loss_account_id = fields.Many2one(
        "account.account",
        string="Losses on Claims of the Fiscal Year",
        help="654100 in France.",
    )
    recouvrement_loss_prior_account_id = fields.Many2one(
        "account.account",
        string="Losses on Claims of Earlier Fiscal Years",
        help="654400 in France.",
    )
    recouvrement_recovery_account_id = fields.Many2one(
        "account.account",
        string="Receipts on Claims Written Off",
        help="758300 in France.",
    )
    recouvrement_vat_account_id = fields.Many2one(
        "account.account",
        string="VAT Collected",
        help="For items without tax lines of their own, such as opening balances; "
        "invoices use the accounts of their taxes (445710 in France).",
    )
    recouvrement_closing_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Provisions and Write-offs",
        domain="[('type', '=', 'general')]",
        help="Empty: the first miscellaneous journal.",
    )
    recouvrement_vat_rate_code = fields.Char(
        string="VAT Rate of Items without Tax",
        default="fr_standard_vat",
        help="Code of the dated rate that takes the VAT out of items without taxes of "
        "their own, such as opening balances; empty: no VAT.",
    )

    @api.model
    def _get_closing_account_fields(self):
        """Company field of each account: ``{kind: field name}``."""
        return {kind: f"recouvrement_{kind}_account_id" for kind in FRENCH_CODES}

    def _get_closing_accounts(self, *kinds):
        """Accounts chosen for the legal entity, else those of the French chart.

        :param kinds: keys of ``FRENCH_CODES``.
        :return: ``{kind: account}``.
        :raise UserError: naming every account that is missing.
        """
        self.ensure_one()
        root = self.root_id.sudo()
        names = self._get_closing_account_fields()
        accounts = {kind: root[names[kind]] for kind in kinds}
        for kind in kinds:
            accounts[kind] = accounts[kind] or root._find_french_account(
                FRENCH_CODES[kind]
            )
        missing = [kind for kind in kinds if not accounts[kind]]
        if missing:
            labels = [
                self._fields[names[kind]]._description_string(self.env)
                for kind in missing
            ]
            raise UserError(
                self.env._(
                    "Choose in the closing accounts of %(company)s: %(accounts)s.",
                    company=root.name,
                    accounts=", ".join(f"“{label}”" for label in labels),
                )
            )
        return {kind: account.with_env(self.env) for kind, account in accounts.items()}

    def _get_loss_accounts(self):
        """Accounts that losses of these legal entities were booked on: those chosen
        and those of the chart. As many queries for several entities as for one."""
        names = self._get_closing_account_fields()
        roots = self.root_id.sudo()
        codes = [FRENCH_CODES[kind] for kind in ("loss", "loss_prior")]
        accounts = roots._find_french_accounts(codes)
        for kind in ("loss", "loss_prior"):
            accounts |= roots[names[kind]]
        return accounts

    def _get_closing_journal(self):
        """Journal of the entries of a company or branch.

        :raise UserError: when there is none.
        """
        self.ensure_one()
        journal = self.root_id.sudo().recouvrement_closing_journal_id
        if not journal:
            journal = (
                self.env["account.journal"]
                .sudo()
                .search(
                    [
                        *self.env["account.journal"]._check_company_domain(self),
                        ("type", "=", "general"),
                    ],
                    limit=1,
                )
            )
        if not journal:
            raise UserError(
                self.env._("%s has no miscellaneous journal.", self.display_name)
            )
        return journal.with_env(self.env)

    def _get_default_vat(self, day):
        """VAT rate (percent) inside items without taxes of their own, on a day.

        :raise UserError: when the rate is not loaded for that day.
        """
        code = self.root_id.sudo().recouvrement_vat_rate_code
        if not code:
            return 0.0
        value = self.env["recouvrement.rate"]._get_value(code, day)
        if value is False:
            raise UserError(
                self.env._(
                    "No rate “%(code)s” is loaded for %(day)s: add it under Legal "
                    "Rates and Amounts, or empty the code in the settings.",
                    code=code,
                    day=day,
                )
            )
        return value
