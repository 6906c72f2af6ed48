"""Balances of both sides and numbers of differences of reconciliation minutes."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, formatLang


class RecouvrementReconciliation(models.Model):
    _inherit = "recouvrement.reconciliation"

    @api.depends(
        "line_ids.residual",
        "line_ids.customer_amount",
        "extra_ids.customer_amount",
    )
    def _compute_balances(self):
        """Both balances per currency; the customer's is known once it has answered
        everything."""
        totals = self._read_balances()
        for minutes in self:
            rows = totals.get(minutes.id, [])
            minutes.balances = [
                {**row, "ours": str(row["ours"]), "theirs": str(row["theirs"])}
                for row in rows
            ]
            is_told = minutes.state in ("answered", "signed")
            minutes.balance_text = minutes._join(rows, lambda row: row["ours"])
            minutes.customer_text = is_told and minutes._join(
                rows, lambda row: row["theirs"]
            )
            minutes.difference_text = is_told and minutes._join(
                rows, lambda row: row["ours"] - row["theirs"]
            )

    def _join(self, rows, amount):
        currencies = self.env["res.currency"]
        return " + ".join(
            formatLang(
                self.env,
                float(amount(row)),
                currency_obj=currencies.browse(row["currency_id"]),
            )
            for row in rows
        )

    def _read_balances(self):
        """``{id: [{currency_id, ours, theirs}]}`` in one query, as Decimals."""
        lines = self.env["recouvrement.reconciliation.line"]
        extras = self.env["recouvrement.reconciliation.extra"]
        lines.flush_model()
        extras.flush_model()
        found = defaultdict(list)
        for minutes_id, currency_id, ours, theirs in self.env.execute_query(
            SQL(
                """
                SELECT reconciliation_id, currency_id, SUM(ours)::text,
                       SUM(theirs)::text
                  FROM (SELECT reconciliation_id, currency_id, residual AS ours,
                               COALESCE(customer_amount, 0) AS theirs
                          FROM recouvrement_reconciliation_line
                         WHERE reconciliation_id = ANY(%(ids)s)
                     UNION ALL
                        SELECT reconciliation_id, currency_id, 0, customer_amount
                          FROM recouvrement_reconciliation_extra
                         WHERE reconciliation_id = ANY(%(ids)s)) x
              GROUP BY reconciliation_id, currency_id
              ORDER BY reconciliation_id, currency_id
                """,
                ids=self.ids,
            )
        ):
            found[minutes_id].append(
                {
                    "currency_id": currency_id,
                    "ours": Decimal(ours or 0),
                    "theirs": Decimal(theirs or 0),
                }
            )
        return found

    @api.depends(
        "line_ids.answer",
        "line_ids.is_difference",
        "line_ids.is_resolved",
        "extra_ids.is_resolved",
    )
    def _compute_counts(self):
        items = self._count("line")
        unanswered = self._count("line", answer=False)
        differences = self._count("line", is_difference=True)
        extras = self._count("extra")
        open_lines = self._count("line", is_difference=True, is_resolved=False)
        open_extras = self._count("extra", is_resolved=False)
        for minutes in self:
            one = minutes._origin
            minutes.item_count = items.get(one, 0)
            minutes.unanswered_count = unanswered.get(one, 0)
            minutes.has_extras = bool(extras.get(one))
            minutes.difference_count = differences.get(one, 0) + extras.get(one, 0)
            minutes.open_count = open_lines.get(one, 0) + open_extras.get(one, 0)

    def _count(self, suffix, **values):
        """Items of each that have these values: ``{minutes: number}``."""
        domain = Domain("reconciliation_id", "in", self.ids)
        for name, value in values.items():
            domain &= Domain(name, "=", value)
        items = self.env[f"recouvrement.reconciliation.{suffix}"]
        return dict(items._read_group(domain, ["reconciliation_id"], ["__count"]))
