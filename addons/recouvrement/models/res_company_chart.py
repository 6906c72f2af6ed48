from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

FRENCH_CHARTS = ("fr", "mc")


class ResCompany(models.Model):
    _inherit = "res.company"

    def _find_french_account(self, code):
        """The account of a French chart, whatever the length of its codes.

        :param str code: without the zeros that fill it up, such as ``6541``.
        :return: none when the legal entity has another chart.
        """
        root = self.root_id.sudo()
        accounts = self.env["account.account"].sudo().with_company(root)
        if (root.chart_template or "")[:2] not in FRENCH_CHARTS:
            return accounts
        found = accounts.search(
            Domain("code", "=like", f"{code}%") & Domain("company_ids", "in", root.ids)
        )
        return found.filtered(lambda account: account.code.rstrip("0") == code)[:1]

    def _find_french_accounts(self, codes):
        """The accounts of ``_find_french_account`` of several codes and legal entities,
        in one query.

        :return: accounts, in sudo.
        """
        accounts = self.env["account.account"].sudo()
        french = self.root_id.sudo().filtered(
            lambda root: (root.chart_template or "")[:2] in FRENCH_CHARTS
        )
        if not french:
            return accounts
        accounts.flush_model(["code_store", "company_ids", "active"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (r.res_company_id, RTRIM(x.code, '0')) a.id
                  FROM account_account a
                  JOIN account_account_res_company_rel r ON r.account_account_id = a.id
            CROSS JOIN LATERAL (
                       SELECT a.code_store ->> r.res_company_id::text AS code) x
                 WHERE r.res_company_id = ANY(%s) AND RTRIM(x.code, '0') = ANY(%s)
                   AND a.active
              ORDER BY r.res_company_id, RTRIM(x.code, '0'), x.code, a.id
                """,
                french.ids,
                list(codes),
            )
        )
        return accounts.browse(account_id for [account_id] in rows)
