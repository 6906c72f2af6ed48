"""The tie-out: the whole balance against the general ledger, account by account."""

from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

AMOUNTS = ("ledger", "between", "balance", "without_customer")


class RecouvrementAgedBalance(models.Model):
    _inherit = "recouvrement.aged.balance"

    @api.model
    def _sees_ledger(self):
        """Whether the user may know what the ledger holds beyond the own customers."""
        return self.env.user.has_group(
            "account.group_account_readonly"
        ) or self.env.user.has_group("account.group_account_invoice")

    @api.model
    @api.readonly
    def get_tie_out(self, values):
        """Receivable accounts in the ledger against all open items at that date.

        No filter but the companies counts here, and no portfolio: the ledger has none.

        :return: None for who does not read the ledger; else ``lines`` per company and
            account and their sums per company currency, each with ``ledger``,
            ``between`` (matched with another company of the legal entity),
            ``balance``, ``difference``, ``without_customer`` and its number of items.
        """
        if not self._sees_ledger():
            return None
        options = self._read_options(values)
        lines = self._read_tie_out(options)
        currencies = {}
        for line in lines:
            total = currencies.setdefault(
                line["currency_id"], dict.fromkeys(line, Decimal(0))
            )
            for name in (*AMOUNTS, "without_count"):
                total[name] += line[name]
        totals = [
            self._tie_out_line(total, currency_id)
            for currency_id, total in currencies.items()
        ]
        return {
            "lines": [self._tie_out_line(line, line["currency_id"]) for line in lines],
            "totals": totals,
            "is_tied": not any(self._get_difference(line) for line in lines),
            "has_between": any(line["between"] for line in lines),
            "currencies": self._describe_currencies(totals),
        }

    @api.model
    def _get_difference(self, line):
        return line["ledger"] + line["between"] - line["balance"]

    @api.model
    def _tie_out_line(self, line, currency_id):
        return {
            # 0 in the sums, which are of all accounts and companies of a currency.
            "account_id": int(line["account_id"]),
            "company_id": int(line["company_id"]),
            "account": line.get("account") or "",
            "company": line.get("company") or "",
            "currency_id": currency_id,
            "ledger": float(line["ledger"]),
            "between": float(line["between"]),
            "balance": float(line["balance"]),
            "difference": float(self._get_difference(line)),
            "without_customer": float(line["without_customer"]),
            "without_count": int(line["without_count"]),
        }

    @api.model
    def _read_tie_out(self, options):
        self._flush_ledger()
        self._allow_memory()
        rows = self.env.execute_query_dict(self._tie_out_sql(options))
        accounts = self.env["account.account"].sudo()
        companies = self.env["res.company"].sudo()
        found = []
        for row in rows:
            company = companies.browse(row["company_id"])
            account = accounts.with_company(company).browse(row["account_id"])
            found.append(
                {
                    "account_id": account.id,
                    "company_id": company.id,
                    "account": account.display_name,
                    "company": company.name,
                    "currency_id": company.currency_id.id,
                    # An exact number: floats of the driver have too many digits.
                    **{name: Decimal(row[name]) for name in AMOUNTS},
                    "without_count": row["without_count"],
                }
            )
        return sorted(found, key=lambda line: (line["company"], line["account"]))

    @api.model
    def _flush_ledger(self):
        depends = self.env["recouvrement.open.item"]._depends
        for model_name in depends:
            self.env[model_name].flush_model()

    @api.model
    def _tie_out_sql(self, options):
        companies = SQL("l.company_id = ANY(%s)", self._get_companies(options).ids)
        items = self.env["recouvrement.open.item"].with_context(at_end_of_day=True)
        return SQL(
            """
            SELECT account_id, company_id,
                   COALESCE(g.amount, 0)::text AS ledger,
                   COALESCE(x.amount, 0)::text AS between,
                   COALESCE(b.amount, 0)::text AS balance,
                   COALESCE(b.without_customer, 0)::text AS without_customer,
                   COALESCE(b.without_count, 0) AS without_count
              FROM (SELECT l.account_id, l.company_id, SUM(l.balance) AS amount
                      FROM account_move_line l
                     WHERE l.account_id = ANY(ARRAY(
                               SELECT id FROM account_account
                                WHERE account_type = 'asset_receivable'))
                       AND l.parent_state = 'posted' AND l.date <= %(as_of)s
                       AND %(companies)s
                  GROUP BY l.account_id, l.company_id) g
         FULL JOIN (SELECT o.account_id, o.company_id, SUM(o.residual) AS amount,
                           SUM(o.residual) FILTER (WHERE o.partner_id IS NULL)
                               AS without_customer,
                           COUNT(*) FILTER (WHERE o.partner_id IS NULL)
                               AS without_count
                      FROM (%(lines)s) o
                  GROUP BY o.account_id, o.company_id) b
             USING (account_id, company_id)
         LEFT JOIN (%(between)s) x USING (account_id, company_id)
             WHERE COALESCE(g.amount, 0) <> 0 OR COALESCE(b.amount, 0) <> 0
            """,
            as_of=options.as_of,
            companies=companies,
            between=self._between_sql(options),
            lines=items._open_lines_sql(options.as_of, companies),
        )

    @api.model
    def _between_sql(self, options):
        """Nothing to read where no legal entity has branches."""
        roots = self._get_companies(options).sudo().root_id
        if (
            not self.env["res.company"]
            .sudo()
            .search([("parent_id", "in", roots.ids)], limit=1)
        ):
            return SQL(
                """SELECT 0 AS account_id, 0 AS company_id, 0::numeric AS amount
                    WHERE FALSE"""
            )
        items = self.env["recouvrement.open.item"]
        return items._between_companies_sql(options.as_of)
