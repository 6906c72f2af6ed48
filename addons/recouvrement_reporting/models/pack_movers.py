"""Who moved the receivables between two month-ends, read from the lines of the key
figures: the movements of all customers add up to the change of the figure."""

from dataclasses import dataclass
from decimal import Decimal

from odoo import models
from odoo.tools import SQL

from ..tools.kpi import MEASURES

MOVED = ("receivables", "overdue")
TOP = 10


@dataclass(frozen=True)
class Mover:
    """A customer whose part of a figure changed.

    :ivar entered: items that were not in the figure a month before.
    :ivar left: items that no longer are.
    :ivar collected: money booked on the customer in the month.
    """

    partner_id: int | None
    name: str
    now: Decimal
    before: Decimal
    entered: Decimal
    left: Decimal
    collected: Decimal = Decimal(0)

    @property
    def change(self):
        return self.now - self.before


class RecouvrementPack(models.Model):
    _inherit = "recouvrement.pack"

    def _get_movers(self):
        """The ten customers that added and that took off most, for each figure.

        :return: ``{measure: ([Mover that added], [Mover that took off])}``; three
            statements whatever the number of customers.
        """
        self.env["recouvrement.kpi"]._prepare_reading()
        rows = self.env.execute_query_dict(self._movers_sql())
        ids = {row["partner_id"] for row in rows if row["partner_id"]}
        collected = self._read_collected(ids)
        names = {
            partner.id: partner.display_name
            for partner in self.env["res.partner"].browse(sorted(ids))
        }
        found = {measure: ([], []) for measure in MOVED}
        for row in rows:
            mover = Mover(
                row["partner_id"],
                names.get(row["partner_id"], self.env._("No customer")),
                *(Decimal(row[name]) for name in ("now", "before", "entered", "left")),
                collected.get(row["partner_id"], Decimal(0)),
            )
            found[row["measure"]][mover.change < 0].append(mover)
        return found

    def _movers_sql(self):
        """Top movers of each measure, from the open lines of both days."""
        return SQL(
            """
            WITH line AS MATERIALIZED (%(lines)s),
            mover AS (
                SELECT measure, partner_id,
                       SUM(now) AS now, SUM(before) AS before,
                       SUM(CASE WHEN before = 0 THEN now ELSE 0 END) AS entered,
                       SUM(CASE WHEN now = 0 THEN before ELSE 0 END) AS left
                  FROM line GROUP BY measure, partner_id
                HAVING SUM(now) <> SUM(before)
            ), ranked AS (
                SELECT *, ROW_NUMBER() OVER (PARTITION BY measure
                              ORDER BY now - before DESC, partner_id) AS up,
                          ROW_NUMBER() OVER (PARTITION BY measure
                              ORDER BY now - before, partner_id) AS down
                  FROM mover
            )
            SELECT measure, partner_id, now::text, before::text, entered::text,
                   "left"::text
              FROM ranked
             WHERE (up <= %(top)s AND now > before)
                OR (down <= %(top)s AND now < before)
          ORDER BY measure, ABS(now - before) DESC, partner_id
            """,
            lines=self._moved_lines_sql(),
            top=TOP,
        )

    def _moved_lines_sql(self):
        """``measure, id, partner_id, now, before`` of each item and figure. The items
        of a day are read once for all figures."""
        days = SQL(" UNION ALL ").join(
            (self._day_lines_sql("now", ""), self._day_lines_sql("before", "_start"))
        )
        sums = [
            SQL("SUM(%s) FILTER (WHERE side = %s)", SQL.identifier(measure), side)
            for measure in MOVED
            for side in ("now", "before")
        ]
        pairs = [
            SQL("(%s, sums[%s], sums[%s])", measure, 2 * place + 1, 2 * place + 2)
            for place, measure in enumerate(MOVED)
        ]
        return SQL(
            """
            SELECT measure, id, partner_id, COALESCE(now, 0)::numeric AS now,
                   COALESCE(before, 0)::numeric AS before
              FROM (SELECT id, MAX(partner_id) AS partner_id, ARRAY[%(sums)s] AS sums
                      FROM (%(days)s) day GROUP BY id) item
        CROSS JOIN LATERAL (VALUES %(pairs)s) AS moved(measure, now, before)
             WHERE now <> 0 OR before <> 0
            """,
            sums=SQL(", ").join(sums),
            days=days,
            pairs=SQL(", ").join(pairs),
        )

    def _day_lines_sql(self, side, suffix):
        """What each item of a day counts for in each figure."""
        lines = self.env["recouvrement.kpi.line"]
        companies, period = self.env.companies, self._get_period()
        measures = [MEASURES[f"{measure}{suffix}"] for measure in MOVED]
        values = [
            SQL("%s AS %s", lines._value_sql(one, period), SQL.identifier(name))
            for name, one in zip(MOVED, measures, strict=True)
        ]
        return SQL(
            "SELECT r.id, r.partner_id, %s AS side, %s FROM (%s) r %s",
            side,
            SQL(", ").join(values),
            lines._rows_sql(measures[0], period, companies),
            lines._rates_sql(companies, period.end),
        )

    def _read_collected(self, partner_ids):
        """Money booked on these customers in the month: ``{partner id: Decimal}``."""
        if not partner_ids:
            return {}
        lines = self.env["recouvrement.kpi.line"]
        query = lines._lines_sql(MEASURES["collected"], self._get_period())
        return {
            partner_id: Decimal(amount)
            for partner_id, amount in self.env.execute_query(
                SQL(
                    """SELECT partner_id, SUM(value)::numeric::text FROM (%s) c
                        WHERE partner_id = ANY(%s) GROUP BY 1""",
                    query,
                    sorted(partner_ids),
                )
            )
        }
