from odoo import fields, models
from odoo.exceptions import UserError

# French chart of accounts (PCG): claims on customers, penalties received; without the
# zeros that fill a code up.
FRENCH_CODES = {"interest": "7631", "indemnity": "7581"}


class ResCompany(models.Model):
    _inherit = "res.company"

    recouvrement_penalty_journal_id = fields.Many2one(
        "account.journal",
        string="Journal of Penalties",
        domain="[('type', '=', 'sale')]",
        help="Empty: the first sales journal.",
    )
    recouvrement_penalty_interest_account_id = fields.Many2one(
        "account.account",
        string="Account of Late Interest",
        help="Empty, with a French chart of accounts: 763100.",
    )
    recouvrement_penalty_indemnity_account_id = fields.Many2one(
        "account.account",
        string="Account of Fixed Indemnities",
        help="Empty, with a French chart of accounts: 758100.",
    )

    def _get_penalty_journal(self):
        """Sales journal of the penalty invoices of the company.

        :raise UserError: when the company has none.
        """
        self.ensure_one()
        journal = self.root_id.sudo().recouvrement_penalty_journal_id
        journal = journal or self.env["account.journal"].sudo().search(
            [
                *self.env["account.journal"]._check_company_domain(self),
                ("type", "=", "sale"),
            ],
            limit=1,
        )
        if not journal:
            raise UserError(
                self.env._(
                    "%s has no sales journal: choose the journal of penalties in the "
                    "settings of the collection desk.",
                    self.name,
                )
            )
        return journal

    def _get_penalty_account(self, part):
        """Income account of penalties: the parameter, else the French one.

        :param str part: ``interest`` or ``indemnity``.
        :raise UserError: naming the account to choose.
        """
        self.ensure_one()
        root = self.root_id.sudo()
        account = root[f"recouvrement_penalty_{part}_account_id"]
        account = account or self._find_french_account(FRENCH_CODES[part])
        if not account:
            field = root._fields[f"recouvrement_penalty_{part}_account_id"]
            raise UserError(
                self.env._(
                    "Choose “%(field)s” of %(company)s in the settings of the "
                    "collection desk.",
                    field=field._description_string(self.env),
                    company=self.name,
                )
            )
        return account
