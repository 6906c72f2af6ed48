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
            WITH line AS (%(lines)s),
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
            lines=SQL(" UNION ALL ").join(map(self._moved_lines_sql, MOVED)),
            top=TOP,
        )

    def _moved_lines_sql(self, measure):
        """``measure, id, partner_id, now, before`` of each item of a figure."""
        lines = self.env["recouvrement.kpi.line"]
        period = self._get_period()
        now, before = (
            lines._lines_sql(MEASURES[name], period)
            for name in (measure, f"{measure}_start")
        )
        return SQL(
            """
            SELECT %(measure)s AS measure, id, MAX(partner_id) AS partner_id,
                   SUM(now)::numeric AS now, SUM(before)::numeric AS before
              FROM (SELECT id, partner_id, value AS now, 0 AS before
                      FROM (%(now)s) n
                 UNION ALL
                    SELECT id, partner_id, 0, value FROM (%(before)s) b) day
          GROUP BY id
            """,
            measure=measure,
            now=now,
            before=before,
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
