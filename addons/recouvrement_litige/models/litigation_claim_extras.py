"""Rows of a claim beside its items: other balances, clause, costs."""

from collections import defaultdict
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..tools.claim import ZERO


class RecouvrementLitigationClaim(models.Model):
    _inherit = "recouvrement.litigation.claim"

    # ------------------------------------------------------------------
    # WHAT BEARS NO INTEREST
    # ------------------------------------------------------------------

    def _make_other_rows(self, lines, known, settled):
        """Penalty invoices and the like among the items, and open credits."""
        rows = []
        chosen = set(lines.ids)
        for row in self._read_others(chosen - known):
            residual = Decimal(row["residual"])
            head = "principal"
            if residual < 0:
                head = "credits"
            elif row["is_penalty"]:
                head = "penalties"
            if head == "credits" and row["id"] not in chosen and not self.with_credits:
                continue
            own, company = settled.get(row["id"], (ZERO, ZERO))
            rows.append(
                {
                    "move_line_id": row["id"],
                    "name": row["name"],
                    "document_date": row["document_date"],
                    "date_due": row["date_due"],
                    "currency_id": row["currency_id"],
                    "head": head,
                    "base": Decimal(row["amount"]),
                    "settled": own,
                    "settled_company": company,
                    "amount": residual,
                }
            )
        return rows

    def _read_others(self, line_ids):
        """Open on the day: these items, and all credits of the debtor."""
        items = self.env["recouvrement.open.item"]
        debtor = self.debtor_id
        debtor._flush_sources()
        condition = debtor._lines_of_partners_sql(debtor.partner_id.ids)
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT l.id, o.currency_id, o.residual_currency::text AS residual,
                       l.amount_currency::text AS amount,
                       CASE WHEN m.move_type = 'entry' AND COALESCE(l.name, '') <> ''
                            THEN l.name ELSE m.name END AS name,
                       COALESCE(l.takeover_date, m.invoice_date, l.date)
                           AS document_date,
                       l.date_maturity AS date_due,
                       m.penalty_statement_id IS NOT NULL AS is_penalty
                  FROM (%(open)s) o
                  JOIN account_move_line l ON l.id = o.id
                  JOIN account_move m ON m.id = l.move_id
                  JOIN res_company c ON c.id = l.company_id
                 WHERE %(root)s = %(company)s
                   AND (l.id = ANY(%(ids)s) OR o.residual_currency < 0)
                   AND COALESCE(l.takeover_date, m.invoice_date, l.date) <= %(day)s
              ORDER BY l.date_maturity, l.id
                """,
                open=items._open_lines_sql(self.date, condition),
                root=items._root_company_sql("c"),
                company=debtor.company_id.id,
                ids=list(line_ids),
                day=self.date,
            )
        )

    # ------------------------------------------------------------------
    # CLAUSE, COSTS, ARTICLE 700
    # ------------------------------------------------------------------

    def _make_clause_rows(self, rows):
        """The penalty clause on the principal of each currency."""
        if not self.clause_rate and not self.clause_minimum:
            return []
        bases = defaultdict(lambda: ZERO)
        for row in rows:
            if row["head"] == "principal":
                bases[row["currency_id"]] += row["amount"]
        rate = Decimal(repr(round(self.clause_rate, 3)))
        made = []
        for currency_id, base in bases.items():
            currency = self.env["res.currency"].browse(currency_id)
            amount = round(base * rate / 100, currency.decimal_places)
            if len(bases) == 1:
                amount = max(amount, self._minimum_in(currency))
            if amount > 0:
                made.append(
                    {
                        "head": "clause",
                        "name": self.env._("Penalty clause of the contract"),
                        "currency_id": currency_id,
                        "rate": rate,
                        "base": base,
                        "amount": amount,
                    }
                )
        return made

    def _minimum_in(self, currency):
        company = self.company_id
        found = company.currency_id._convert(
            self.clause_minimum, currency, company, self.date
        )
        return Decimal(repr(found))

    def _make_cost_rows(self):
        rows = []
        if self.with_costs:
            costs = self.litigation_id.cost_ids.filtered(
                lambda cost: cost.is_recoverable and cost.date <= self.date
            )
            rows += [cost._prepare_claim_row() for cost in costs.sorted("date")]
        if self.article_700:
            rows.append(
                {
                    "head": "article_700",
                    "name": self.env._("Article 700 of the Code of Civil Procedure"),
                    "currency_id": self.currency_id.id,
                    "amount": Decimal(repr(self.article_700)),
                }
            )
        return rows
