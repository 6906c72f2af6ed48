"""Paid items with what paid them: how customers pay."""

from collections import defaultdict

from odoo import models
from odoo.tools import SQL

HISTORY_BATCH = 1_000


class RecouvrementFecImport(models.Model):
    _inherit = "recouvrement.fec.import"

    def _load_history_items(self):
        """Post the next paid items with what paid them, matched. :return: how many."""
        if self.load_history == "none":
            return 0
        self.env.flush_all()
        debits = self._get_next_history()
        if not debits:
            return 0
        accounts = self._get_receivable_accounts(debits)
        credits = self._get_history_credits(debits)
        postings = [
            (item, item["piece_date"], self._prepare_history_vals(item, accounts))
            for item in debits
        ] + [
            (item, item["date"], self._prepare_history_vals(item, accounts))
            for item in credits
        ]
        lines = self._post(postings)
        self._mark_posted(debits, lines[: len(debits)], "history")
        plan = defaultdict(lambda: self.env["account.move.line"])
        for item, line in zip([*debits, *credits], lines, strict=True):
            plan[item["debit_id"]] |= line
        self._reconcile(list(plan.values()))
        return len(debits)

    def _get_next_history(self):
        return self.env.execute_query_dict(
            SQL(
                """
                SELECT recouvrement_fec_item.*, recouvrement_fec_item.id AS debit_id,
                       original_amount AS amount, c.partner_id,
                       c.name AS customer_name
                  FROM recouvrement_fec_item
                  JOIN recouvrement_fec_customer c ON c.id = customer_id
                 WHERE recouvrement_fec_item.import_id = %s AND %s
              ORDER BY piece_date, recouvrement_fec_item.id LIMIT %s
                """,
                self.id,
                self._history_condition(),
                HISTORY_BATCH,
            )
        )

    def _get_history_credits(self, debits):
        """One line a match: the part of a credit that paid one of the debits."""
        partners = {one["id"]: one["partner_id"] for one in debits}
        credits = self.env.execute_query_dict(
            SQL(
                """
                SELECT m.debit_item_id AS debit_id, -m.amount AS amount, m.date,
                       i.piece_date, i.ref, i.label, i.kind, '' AS customer_name
                  FROM recouvrement_fec_match m
                  JOIN recouvrement_fec_item i ON i.id = m.credit_item_id
                 WHERE m.debit_item_id = ANY(%s)
              ORDER BY m.id
                """,
                list(partners),
            )
        )
        for credit in credits:
            credit["partner_id"] = partners[credit["debit_id"]]
            credit["date_due"] = credit["date"]
        return credits

    def _prepare_history_vals(self, item, accounts):
        is_debit = item["amount"] > 0
        kind = "invoice" if is_debit else "payment"
        if not is_debit and item["kind"] == "credit_note":
            kind = "credit_note"
        return {
            "name": self._get_line_name(item),
            "partner_id": item["partner_id"],
            "account_id": accounts[item["partner_id"]],
            "balance": float(item["amount"]),
            "date_maturity": item["date_due"],
            "no_followup": False,
            "takeover_kind": kind,
            "takeover_date": item["piece_date"] if is_debit else item["date"],
            "analytic_distribution": False,
        }
