"""What the items on the 360° page add up to, from one grouped statement."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.tools import SQL

from .selections import AGE_BUCKETS

CREDIT = "credit"
ZERO = Decimal(0)


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    @api.model
    def _desk_bucket_sql(self):
        """Bucket of item ``i``: its age, or that it is a credit."""
        return SQL(
            """CASE WHEN i.amount_residual < 0 OR (i.amount_residual = 0
                     AND i.amount_residual_currency < 0) THEN %s
                    ELSE i.age_bucket END""",
            CREDIT,
        )

    def _desk_sums(self):
        """The open items by bucket, currency, status and penalty, in one statement.

        :return: dicts with ``amount`` (company currency) and ``amount_currency``,
            Decimal, ``count`` and ``oldest`` due date.
        """
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT %(bucket)s AS bucket, i.currency_id,
                       i.collection_status AS status, i.is_penalty,
                       SUM(i.amount_residual)::text AS amount,
                       SUM(i.amount_residual_currency)::text AS amount_currency,
                       COUNT(*) AS count, MIN(i.date_due) AS oldest
                  FROM (%(items)s) i
              GROUP BY 1, 2, 3, 4
                """,
                bucket=self._desk_bucket_sql(),
                items=self._desk_open_items_sql(),
            )
        )
        for row in rows:
            row["amount"] = Decimal(row["amount"])
            row["amount_currency"] = Decimal(row["amount_currency"])
        return rows

    @api.model
    def _desk_grouped(self, sums, key, amount="amount"):
        """Amounts and counts of ``_desk_sums`` by one of its columns."""
        grouped = defaultdict(lambda: {"amount": ZERO, "count": 0})
        for row in sums:
            group = grouped[row[key]]
            group["amount"] += row[amount]
            group["count"] += row["count"]
        return {
            value: {"amount": float(group["amount"]), "count": group["count"]}
            for value, group in grouped.items()
        }

    @api.model
    def _desk_buckets(self, sums):
        """The aged bar: every bucket that has items, from not due to the oldest; the
        age of items taken over without one, and credits, last."""
        grouped = self._desk_grouped(sums, "bucket")
        field = self.env["recouvrement.open.item"]._fields["age_bucket"]
        labels = dict(field._description_selection(self.env))
        labels[CREDIT] = self.env._("Credits")
        order = [key for key, _label in AGE_BUCKETS] + [CREDIT]
        return [
            {"key": key, "label": labels[key], **grouped[key]}
            for key in order
            if key in grouped
        ]

    @api.model
    def _desk_statuses(self, sums):
        """How many items have each collection status, for the filters."""
        grouped = self._desk_grouped(sums, "status")
        field = self.env["account.move.line"]._fields["collection_status"]
        return [
            {"key": key, "label": label, **grouped.get(key, {"amount": 0, "count": 0})}
            for key, label in field._description_selection(self.env)
        ]
