"""The rows of a claim, worked out from the interest feed and the ledger in a constant
number of queries, whatever the number of items."""

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.recouvrement.tools.interest import accrue

from ..tools.claim import ZERO, Bearing, group_bearings
from .litigation_claim_row import HEADS

TOTALS = {
    "principal": "amount_principal",
    "interest": "amount_interest",
    "indemnity": "amount_indemnity",
    "penalties": "amount_penalties",
    "clause": "amount_clause",
    "costs": "amount_costs",
    "article_700": "amount_700",
    "credits": "amount_credits",
}
# Rates that the law gives for a half-year.
RATED = ("half_year", "frozen")
ORDER = [head for head, _label in HEADS]


class RecouvrementLitigationClaim(models.Model):
    _inherit = "recouvrement.litigation.claim"

    def _build(self):
        """Compute claims anew. The caller checked the rights: written in sudo."""
        for claim in self.sudo().with_context(building_claim=True):
            rows, remarks = claim._make_rows()
            claim.row_ids.unlink()
            claim.env["recouvrement.litigation.claim.row"].create(
                [_to_values(row) for row in rows]
            )
            claim.write(claim._prepare_result(rows, remarks))
            claim.litigation_id._refresh_amounts()

    def _prepare_result(self, rows, remarks):
        sums = defaultdict(lambda: ZERO)
        for row in rows:
            sums[row["head"]] += row["amount_company"]
        vals = {name: float(sums[head]) for head, name in TOTALS.items()}
        return {
            **vals,
            "amount_total": float(sum(sums.values(), ZERO)),
            "remark": "\n".join(dict.fromkeys(remarks)) or False,
            "computed_on": fields.Datetime.now(),
            "computed_by_id": self.env.uid,
        }

    def _make_rows(self):
        """Values of all rows and what is to be checked.

        Amounts are Decimal until they are written: nothing is summed as a float.
        """
        self.ensure_one()
        lines = self._get_lines()
        if not lines:
            raise UserError(self.env._("The file has no item to claim."))
        claims = self.debtor_id._get_claim(lines, self.date)
        items = [item for claim in claims.values() for item in claim["items"]]
        settled = self._read_settled(lines.ids)
        rows, remarks = [], []
        for item in items:
            rows += self._make_item_rows(item, settled.get(item.line_id, (ZERO, ZERO)))
            if item.error:
                remarks.append(f"{item.name}: {item.error}")
        rows += self._make_other_rows(lines, {item.line_id for item in items}, settled)
        rows += self._make_clause_rows(rows)
        rows += self._make_cost_rows()
        return self._finish(rows), remarks

    def _get_lines(self):
        """Items of the file that are still in it, or were when it was closed."""
        litigation = self.litigation_id
        lines = litigation.line_ids
        if litigation.state == "open":
            lines = lines.filtered("is_live")
        return lines.move_line_id

    def _finish(self, rows):
        """Put the rows in order, with their amounts in company currency."""
        currencies = self.env["res.currency"]
        for row in rows:
            currency = currencies.browse(row["currency_id"])
            row["amount_company"] = self._to_company(row["amount"], currency)
            row["claim_id"] = self.id
        rows.sort(key=lambda row: ORDER.index(row["head"]))
        for place, row in enumerate(rows):
            row["sequence"] = place
        return rows

    def _to_company(self, amount, currency):
        """An amount in company currency at the rate of the day, as a Decimal."""
        company = self.company_id
        if currency == company.currency_id:
            return Decimal(amount)
        found = currency._convert(
            float(amount), company.currency_id, company, self.date
        )
        return Decimal(repr(found))

    # ------------------------------------------------------------------
    # ITEMS
    # ------------------------------------------------------------------

    def _make_item_rows(self, item, settled):
        """Principal, interest and indemnity of one bearing item."""
        item = self._impute(item)
        interest_paid = item.accrual.interest_paid if item.accrual else ZERO
        due = item.due
        paid = min(max(interest_paid, ZERO), due)
        principal = item.residual + paid
        facts = self._prepare_item_facts(item)
        rows = [
            {
                **facts,
                "head": "principal",
                "base": item.principal,
                "settled": settled[0],
                "settled_company": settled[1],
                "amount": principal,
            }
        ]
        rows += self._make_interest_rows(item, facts)
        if paid:
            rows.append(
                {
                    **facts,
                    "head": "interest",
                    "name": self.env._("%s: interest paid", item.name),
                    "amount": -paid,
                }
            )
        if self.with_indemnity and item.indemnity_due:
            rows.append({**facts, "head": "indemnity", "amount": item.indemnity_due})
        return [row for row in rows if row["amount"] or row["head"] == "principal"]

    def _impute(self, item):
        """The item with payments applied as the claim says, which may be otherwise
        than the company does in its reminders."""
        if item.terms and item.claim and item.terms.imputation != self.imputation:
            item.terms = replace(item.terms, imputation=self.imputation)
            item.accrual = accrue(item.claim, item.terms, item.until)
        return item

    @api.model
    def _prepare_item_facts(self, item):
        return {
            "move_line_id": item.line_id,
            "name": item.name,
            "document_date": item.document_date,
            "date_due": item.date_due,
            "currency_id": item.currency_id,
        }

    def _make_interest_rows(self, item, facts):
        """Interest of the days that nobody claimed yet, by half-year and rate."""
        if not item.accrual:
            return []
        periods = [one.accrual for one in item.get_open_periods()]
        if not any(claim.first for claim in item.claims):
            periods = [item.accrual]
        bearings = group_bearings(
            Bearing(
                segment.first,
                segment.last,
                segment.days,
                segment.rate,
                segment.base,
                segment.amount,
                segment.label if segment.reason in RATED else "",
            )
            for period in periods
            for segment in period.segments
            if segment.reason != "pause"
        )
        return [
            {
                **facts,
                "head": "interest",
                "date_from": one.first,
                "date_to": one.last,
                "days": one.days,
                "half_year": one.label or False,
                "rate": one.rate,
                "base": one.base,
                "amount": one.amount,
            }
            for one in bearings
        ]

    def _read_settled(self, line_ids):
        """What was paid or credited on items up to the end of the day, in their
        currency and in company currency: ``{id: (Decimal, Decimal)}``."""
        return self._read_matched(line_ids, self.date)

    @api.model
    def _read_matched(self, line_ids, until=None, without=()):
        """Sums of what is matched with items, by the day of the receipt or credit.

        :param date until: last day; None: all.
        :param without: ids of credit items that do not count.
        """
        feed = self.env["recouvrement.interest"]
        feed._flush_sources()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT pr.debit_move_id, SUM(pr.debit_amount_currency)::text,
                       SUM(pr.amount)::text
                  FROM account_partial_reconcile pr
                  JOIN account_move_line cl ON cl.id = pr.credit_move_id
                  JOIN account_move cm ON cm.id = cl.move_id
                 WHERE pr.debit_move_id = ANY(%(ids)s)
                   AND NOT pr.credit_move_id = ANY(%(without)s)
                   AND (%(until)s::date IS NULL OR %(day)s <= %(until)s::date)
              GROUP BY pr.debit_move_id
                """,
                ids=list(line_ids),
                without=list(without),
                until=until,
                day=feed._credit_day_sql(),
            )
        )
        return {line_id: (Decimal(own), Decimal(other)) for line_id, own, other in rows}


def _to_values(row):
    """Values that the ORM takes: amounts become floats when nothing is summed any
    more."""
    return {
        name: float(value) if isinstance(value, Decimal) else value
        for name, value in row.items()
    }
