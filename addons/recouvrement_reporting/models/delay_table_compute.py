"""From the items of a payment-delay table to its figures and to the tie-out."""

from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .delay_table import CLOSING, ISSUED, RECEIVED, SIDES
from .delay_table_line import CATEGORIES
from .delay_table_sql import LEDGERS

# What an amount without taxes is made of, as ``account.move`` counts it.
NET_LINES = ["product", "rounding", "non_deductible_product"]
NET_LINES.append("non_deductible_product_total")
TAX_LINES = ["tax", "non_deductible_tax"]


class RecouvrementDelayTable(models.Model):
    _inherit = "recouvrement.delay.table"

    def action_compute(self):
        """Read the ledger again; a frozen table keeps what it has.

        :return: for one table the form again, which then begins with the result.
        """
        self.check_access("write")
        for table in self:
            if table.state != "draft":
                raise UserError(self.env._("A frozen table no longer changes."))
            table.sudo()._compute_table()
        return self._show_result() if len(self) == 1 else True

    def _show_result(self):
        """Open the form anew in its place."""
        return {
            "type": "ir.actions.client",
            "tag": "recouvrement_open_instead",
            "params": {
                "page": "table",
                "action": {
                    "type": "ir.actions.act_window",
                    "res_model": self._name,
                    "res_id": self.id,
                    "views": [(False, "form")],
                },
            },
        }

    def _compute_table(self):
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM recouvrement_delay_table_line WHERE table_id = %s", self.id
            )
        )
        for side, _label in SIDES:
            self._insert_lines(side)
        self.env["recouvrement.delay.table.line"].invalidate_model(flush=False)
        self.invalidate_recordset(["line_ids"], flush=False)
        figures = self._sum_lines()
        documents = {side: self._sum_documents(side) for side, _label in SIDES}
        accounts = {side: self._sum_accounts(side) for side, _label in SIDES}
        bases = {
            side: self._choose_base(documents[side], accounts[side])
            for side, _label in SIDES
        }
        tie_out = {
            side: self._tie_side(side, figures[side], documents[side], accounts[side])
            for side, _label in SIDES
        }
        self.write(
            {
                "cells": {
                    side: self._store_cells(figures[side], bases[side])
                    for side, _label in SIDES
                },
                "tie_out": tie_out,
                "is_tied": not any(
                    Decimal(block["unexplained"])
                    for blocks in tie_out.values()
                    for block in blocks.values()
                ),
                "purchases": float(bases[RECEIVED]["amount"]),
                "turnover": float(bases[ISSUED]["amount"]),
                "date_computed": fields.Datetime.now(),
            }
        )

    # ------------------------------------------------------------------
    # THE TABLE
    # ------------------------------------------------------------------

    def _sum_lines(self):
        """``{side: {(category, bucket or None): {number, taxed, untaxed}}}``; None is
        the whole category."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT side, category,
                       CASE WHEN GROUPING(bucket) = 0 THEN bucket END,
                       COUNT(DISTINCT unit) FILTER (WHERE is_invoice),
                       SUM(amount)::text, SUM(amount_untaxed)::text
                  FROM recouvrement_delay_table_line
                 WHERE table_id = %s
              GROUP BY GROUPING SETS ((side, category, bucket), (side, category))
                """,
                self.id,
            )
        )
        figures = {side: {} for side, _label in SIDES}
        for side, category, bucket, number, taxed, untaxed in rows:
            figures[side][category, bucket] = {
                "number": number,
                "taxed": Decimal(taxed),
                "untaxed": Decimal(untaxed),
            }
        return figures

    def _store_cells(self, figures, base):
        """Exact figures of one side, as texts."""

        def cell(category, bucket=None):
            found = figures.get((category, bucket))
            return {
                "number": found["number"] if found else 0,
                "amount": str(found[self.basis] if found else Decimal(0)),
            }

        buckets = [cell("late", number + 1) for number in range(self._count_buckets())]
        return {
            "zero": cell("zero"),
            "buckets": buckets,
            "total": cell("late"),
            "disputed": cell("disputed"),
            "unbooked": cell("unbooked"),
            "base": {"number": base["number"], "amount": str(base["amount"])},
        }

    def _count_buckets(self):
        return len(self._get_bounds()) + 1

    # ------------------------------------------------------------------
    # PURCHASES AND TURNOVER
    # ------------------------------------------------------------------

    def _choose_base(self, documents, accounts):
        """What the percentages refer to: ``{number, amount}``.

        Table I: purchases and turnover, credit notes taken off. Table II: the invoices
        themselves, unless credit notes are deducted in the table too.
        """
        counted = documents["invoices"]
        if self.denominator == "ledger":
            return {"number": counted["number"], "amount": accounts["ledger"]}
        amount = counted[self.basis]
        if self._takes_credit_notes_off():
            amount += documents["credit_notes"][self.basis]
        return {"number": counted["number"], "amount": amount}

    def _takes_credit_notes_off(self):
        return self.part == CLOSING or self.credit_notes == "deducted"

    def _sum_documents(self, side):
        """Documents of the year by accounting date; penalties apart unless counted.

        :return: ``{"invoices" | "credit_notes": {number, taxed, untaxed}}``.
        """
        _type, sign, invoices, refunds = LEDGERS[side]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT m.move_type = ANY(%(refunds)s), COUNT(*),
                       SUM(%(sign)s * m.amount_total_signed)::text,
                       SUM(%(sign)s * m.amount_untaxed_signed)::text
                  FROM account_move m
                 WHERE m.state = 'posted' AND m.move_type = ANY(%(types)s)
                   AND m.date BETWEEN %(start)s AND %(end)s
                   AND m.company_id = ANY(%(companies)s)
                   AND (m.penalty_statement_id IS NULL OR %(penalties)s)
              GROUP BY 1
                """,
                refunds=refunds,
                types=invoices + refunds,
                sign=sign,
                start=self.date_from,
                end=self.date_to,
                companies=self._get_companies().ids,
                penalties=self.with_penalties,
            )
        )
        none = {"number": 0, "taxed": Decimal(0), "untaxed": Decimal(0)}
        sums = {"invoices": none, "credit_notes": none}
        for is_refund, number, taxed, untaxed in rows:
            sums["credit_notes" if is_refund else "invoices"] = {
                "number": number,
                "taxed": Decimal(taxed),
                "untaxed": Decimal(untaxed),
            }
        return sums

    def _get_base_accounts(self, side):
        """Accounts of purchases or of turnover."""
        prefixes = (
            self.purchase_prefixes if side == RECEIVED else self.turnover_prefixes
        )
        company = self.company_id
        accounts = self.env["account.account"].sudo().with_company(company)
        accounts = accounts.with_context(active_test=False)
        domain = Domain("company_ids", "parent_of", company.id)
        if words := (prefixes or "").replace(",", " ").split():
            domain &= Domain.OR([Domain("code", "=like", f"{w}%") for w in words])
        elif side == RECEIVED:
            domain &= Domain("account_type", "in", ("expense", "expense_direct_cost"))
        else:
            domain &= Domain("account_type", "=", "income")
        return accounts.search(domain)

    def _sum_accounts(self, side):
        """The balance of these accounts over the year, and what it is made of."""
        _type, _sign, invoices, refunds = LEDGERS[side]
        names = ("ledger", "documents", "elsewhere", "penalties", "details", "entries")
        row = self.env.execute_query(
            SQL(
                """
                SELECT %(sums)s
                  FROM (SELECT %(sign)s * l.balance AS amount,
                               l.account_id = ANY(%(accounts)s) AS here,
                               m.move_type = ANY(%(types)s) AS is_document,
                               l.display_type = ANY(%(net)s) AS is_net,
                               m.penalty_statement_id IS NOT NULL
                                   AND NOT %(penalties)s AS is_penalty
                          FROM account_move_line l
                          JOIN account_move m ON m.id = l.move_id
                         WHERE l.parent_state = 'posted'
                           AND l.date BETWEEN %(start)s AND %(end)s
                           AND l.company_id = ANY(%(companies)s)
                           AND (l.account_id = ANY(%(accounts)s)
                                OR m.move_type = ANY(%(types)s))) l
                """,
                sums=SQL(", ").join(
                    SQL("COALESCE(SUM(amount) FILTER (WHERE %s), 0)::text", condition)
                    for condition in map(self._part_sql, names)
                ),
                sign=1 if side == RECEIVED else -1,
                accounts=self._get_base_accounts(side).ids,
                types=invoices + refunds,
                net=NET_LINES,
                penalties=self.with_penalties,
                start=self.date_from,
                end=self.date_to,
                companies=self._get_companies().ids,
            )
        )[0]
        return dict(zip(names, map(Decimal, row), strict=True))

    def _part_sql(self, name):
        """Which lines make one part of the balance of the accounts."""
        return {
            "ledger": SQL("here"),
            "documents": SQL("here AND is_document AND is_net AND NOT is_penalty"),
            "elsewhere": SQL("NOT here AND is_document AND is_net AND NOT is_penalty"),
            "penalties": SQL("here AND is_document AND is_penalty"),
            "details": SQL("here AND is_document AND NOT is_net AND NOT is_penalty"),
            "entries": SQL("here AND NOT is_document"),
        }[name]

    # ------------------------------------------------------------------
    # TIE-OUT
    # ------------------------------------------------------------------

    def _tie_side(self, side, figures, documents, accounts):
        """``{block: {rows, ledger, unexplained}}``: every difference has its name."""
        blocks = {"base": self._tie_base(documents, accounts)}
        if self.part == CLOSING:
            blocks["balance"] = self._tie_balance(side, figures)
        return blocks

    def _tie_balance(self, side, figures):
        """The items against the accounts of suppliers or customers at closing."""
        rows, total = [], Decimal(0)
        for category, _label in CATEGORIES:
            found = figures.get((category, None))
            if category == "unbooked" or not found:
                continue
            total += found["taxed"]
            rows.append(
                {
                    "key": category,
                    "amount": str(found["taxed"]),
                    "untaxed": str(found["untaxed"]),
                }
            )
        ledger = self._sum_ledger(side)
        return {
            "rows": rows,
            "accounts": ledger,
            "ledger": str(sum((Decimal(one["amount"]) for one in ledger), Decimal(0))),
            "unexplained": str(
                sum((Decimal(one["amount"]) for one in ledger), Decimal(0)) - total
            ),
        }

    def _sum_ledger(self, side):
        """Balance of each account of suppliers or customers at closing."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT l.account_id, SUM(%(sign)s * l.balance)::text
                  FROM account_move_line l
                 WHERE l.account_id = %(accounts)s AND l.parent_state = 'posted'
                   AND l.date <= %(day)s AND l.company_id = ANY(%(companies)s)
              GROUP BY l.account_id HAVING SUM(l.balance) <> 0
                """,
                sign=LEDGERS[side][1],
                accounts=self._accounts_sql(side),
                day=self.date_to,
                companies=self._get_companies().ids,
            )
        )
        accounts = self.env["account.account"].sudo().with_company(self.company_id)
        accounts = accounts.browse([row[0] for row in rows])
        names = {account.id: account.display_name for account in accounts}
        found = [
            {"id": account_id, "name": names[account_id], "amount": amount}
            for account_id, amount in rows
        ]
        return sorted(found, key=lambda row: row["name"])

    def _tie_base(self, documents, accounts):
        """Documents of the year against the accounts of purchases or of turnover."""
        both = documents["invoices"], documents["credit_notes"]
        taxed = sum(one["taxed"] for one in both)
        untaxed = sum(one["untaxed"] for one in both)
        parts = [
            ("invoices", both[0]["taxed"]),
            ("credit_notes", both[1]["taxed"]),
            ("taxes", untaxed - taxed),
            ("elsewhere", -accounts["elsewhere"]),
            ("penalties", accounts["penalties"]),
            ("details", accounts["details"]),
            ("entries", accounts["entries"]),
        ]
        total = sum(amount for _key, amount in parts)
        return {
            "rows": [
                {"key": key, "amount": str(amount)} for key, amount in parts if amount
            ],
            "ledger": str(accounts["ledger"]),
            "unexplained": str(accounts["ledger"] - total),
        }
