"""Chapter of a pack on disputes and litigation."""

from decimal import Decimal

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.pack import cell, change_cell
from ..tools.period import Period
from .pack_balance import TOP

LITIGATION = ("litigation", "insolvency")


class RecouvrementPack(models.Model):
    _inherit = "recouvrement.pack"

    def _make_disputes(self, section, known):
        self._make_dispute_figures(section, known)
        self._make_statuses(section)
        self._make_litigation(section)

    def _make_dispute_figures(self, section, known):
        """Disputed at both month-ends, begun and ended between."""
        period = self._get_period()
        now = known.now["dispute_ratio"].measures
        before = known.before["dispute_ratio"].measures
        label = self.env._("Disputed at the end of the month")
        rows = [
            [
                label,
                section.number(
                    label,
                    now["disputed"],
                    before["disputed"],
                    **self._kpi_source("dispute_ratio", period, measure="disputed"),
                ),
            ]
        ]
        begun, ended = self._read_disputes()
        for label, (amount, ids) in (
            (self.env._("Disputes begun in the month"), begun),
            (self.env._("Disputes ended in the month"), ended),
        ):
            source = {
                "kind": "records",
                "model": "recouvrement.dispute.period",
                "ids": ids,
            }
            rows += [
                [label, section.number(label, amount, **source)],
                [
                    self.env._("%s: number", label),
                    section.number(
                        self.env._("%s: number", label),
                        len(ids),
                        unit="count",
                        decimals=0,
                        **source,
                    ),
                ],
            ]
        section.table("", [self.env._("Figure"), ""], rows)

    def _read_disputes(self):
        """Disputes begun and ended in the month: amount of the items, ids."""
        period = self._get_period()
        disputes = self.env["recouvrement.dispute.period"]
        mine = Domain("company_id", "in", self.env.companies.ids)
        begun = disputes.search(
            mine
            & Domain("date_from", ">=", period.start)
            & Domain("date_from", "<=", period.end)
        )
        rows = self.env.execute_query(self._ended_disputes_sql(period))
        ended = sum((Decimal(str(amount)) for _id, amount in rows), Decimal(0))
        amounts = (Decimal(str(one)) for one in begun.move_line_id.mapped("balance"))
        return (
            (sum(amounts, Decimal(0)), begun.ids),
            (ended, [row_id for row_id, _amount in rows]),
        )

    def _ended_disputes_sql(self, period):
        """``id, amount`` of the disputes that ended in a month."""
        self.env.flush_all()
        return SQL(
            """
            SELECT c.id, c.amount FROM (%(closed)s) c
             WHERE c.company_id = ANY(%(companies)s)
               AND c.date_to BETWEEN %(start)s AND %(end)s
            """,
            closed=self.env["recouvrement.dispute.period"]._closed_sql(),
            companies=self.env.companies.ids,
            start=period.start,
            end=period.end,
        )

    def _make_statuses(self, section):
        """What is open by collection status, which is the one of today."""
        found = self.env["recouvrement.aged.balance"].get_balance(
            self._aged_options(group_by="status", credits="bucket")
        )
        rows = []
        for row in found["rows"]:
            amount, before = self._amount(row["total"]), self._amount(row["other"])
            number = section.number(
                self.env._("Open items: %s", row["label"]),
                amount,
                before,
                **self._aged_source(key=row["key"], group_by="status"),
            )
            rows.append(
                [
                    row["label"],
                    number,
                    cell(before),
                    change_cell(amount, before),
                ]
            )
        section.table(
            self.env._("By collection status"),
            [
                self.env._("Status"),
                self._month_label(self._get_period()),
                self._month_label(Period.month(self._get_period().eve)),
                self.env._("Change"),
            ],
            rows,
            note=self.env._("Statuses are those of the day of the pack."),
            empty=self.env._("Nothing is open."),
        )

    def _make_litigation(self, section):
        """The biggest customers in litigation or insolvency."""
        filters = {"status": list(LITIGATION)}
        found = self.env["recouvrement.aged.balance"].get_balance(
            self._aged_options(filters=filters, limit=TOP)
        )
        rows = []
        for row in found["rows"]:
            amount, before = self._amount(row["total"]), self._amount(row["other"])
            number = section.number(
                self.env._("Litigation: %s", row["label"]),
                amount,
                before,
                **self._aged_source(
                    key=row["key"] or False, group_by="debtor", filters=filters
                ),
            )
            rows.append(
                [
                    row["label"],
                    number,
                    row["oldest_label"] or "",
                    cell(row["items"], "count", 0),
                ]
            )
        section.table(
            self.env._("Litigation and insolvency: ten biggest"),
            [
                self.env._("Customer"),
                self._month_label(self._get_period()),
                self.env._("Oldest due date"),
                self.env._("Items"),
            ],
            rows,
            empty=self.env._("No customer is in litigation or insolvency."),
        )
