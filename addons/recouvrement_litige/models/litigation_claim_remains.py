"""What payments and credit notes left of a claim since it was computed."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.claim import ZERO, Debt, Payment, impute

# Heads of rows as the imputation knows them.
IMPUTED = {"penalties": "indemnity", "article_700": "costs"}


class RecouvrementLitigationClaim(models.Model):
    _inherit = "recouvrement.litigation.claim"

    remains = fields.Html(
        string="Since Then", compute="_compute_remains", sanitize=False
    )
    has_undone = fields.Boolean(
        string="Payments Were Undone",
        compute="_compute_remains",
        help="Payments that the claim counts came back: compute it again.",
    )

    @api.depends("row_ids", "imputation", "state")
    def _compute_remains(self):
        for claim in self:
            found = claim._get_remains() if claim._origin.row_ids else []
            claim.has_undone = any(one["undone"] for one in found)
            claim.remains = bool(found) and self.env["ir.qweb"]._render(
                "recouvrement_litige.claim_remains",
                {
                    "sections": found,
                    "money": self.env["recouvrement.interest"]._format_money,
                    "day": self.env["recouvrement.interest"]._format_day,
                    "heads": dict(
                        self.env["recouvrement.litigation.claim.row"]
                        ._fields["head"]
                        ._description_selection(self.env)
                    ),
                },
            )

    def _get_remains(self):
        """What is left, per currency.

        :return: dicts ``currency, claimed, paid, left, heads`` (``{head: (claimed,
            paid, left)}``), ``payments`` (since the claim), ``unused``, ``undone``.
        """
        self.ensure_one()
        rows = self._origin.row_ids
        payments, undone = self._get_later_payments(rows)
        found = []
        for currency, own in rows.grouped("currency_id").items():
            digits = currency.decimal_places
            credit = [
                Payment(self.date, -self._exact(row.amount, digits))
                for row in own
                if row.head == "credits" and row.amount < 0
            ]
            later = payments.get(currency.id, [])
            debts = self._get_debts(own, digits)
            before = impute(debts, credit, self.imputation, digits)
            after = impute(debts, credit + later, self.imputation, digits)
            found.append(
                {
                    "currency": currency,
                    "claimed": before.remaining,
                    "paid": sum((one.amount for one in later), ZERO),
                    "left": after.remaining,
                    "heads": self._compare(before.by_head(), after.by_head()),
                    "payments": later,
                    "unused": after.unused - before.unused,
                    "undone": undone.get(currency.id, ZERO),
                }
            )
        return found

    @api.model
    def _compare(self, before, after):
        return {
            head: (before[head][1], before[head][1] - left, left)
            for head, (_paid, left) in after.items()
            if before[head][1]
        }

    @api.model
    def _exact(self, amount, digits):
        return Decimal(f"{amount:.{digits}f}")

    def _get_debts(self, rows, digits):
        """One debt for each item, and one for what is of no item."""
        heads = defaultdict(lambda: defaultdict(lambda: ZERO))
        due, weight = {}, defaultdict(lambda: ZERO)
        for row in rows:
            if row.head == "credits":
                continue
            key = row.move_line_id.id
            head = IMPUTED.get(row.head, row.head)
            heads[key][head] += self._exact(row.amount, digits)
            due[key] = row.date_due if key else None
            if row.head == "interest":
                weight[key] = max(weight[key], self._exact(row.rate, 4))
        return [
            Debt(
                key,
                due[key] or None,
                {head: max(amount, ZERO) for head, amount in sums.items()},
                weight[key],
            )
            for key, sums in heads.items()
        ]

    # ------------------------------------------------------------------
    # WHAT CAME SINCE
    # ------------------------------------------------------------------

    def _get_later_payments(self, rows):
        """What was matched with the items beyond what the claim counts: a payment of
        before that was entered later counts as well.

        :return: ``({currency id: [Payment]}, {currency id: amount undone})``.
        """
        counted, currencies = {}, {}
        for row in rows.filtered(lambda row: row.head in ("principal", "penalties")):
            if row.move_line_id:
                line_id, currency = row.move_line_id.id, row.currency_id
                counted[line_id] = self._exact(row.settled, currency.decimal_places)
                currencies[line_id] = currency.id
        payments, undone = defaultdict(list), defaultdict(lambda: ZERO)
        deducted = rows.filtered(lambda row: row.head == "credits").move_line_id.ids
        matched = self._read_movements_of(list(counted), deducted)
        for line_id, known in counted.items():
            for movement in matched.get(line_id, ()):
                day, amount, is_credit = movement
                old = min(known, amount) if amount > 0 else amount
                known -= old
                if amount - old > 0:
                    heads = ("principal",) if is_credit else ()
                    payments[currencies[line_id]].append(
                        Payment(day, amount - old, line_id, heads)
                    )
            if known > 0:
                undone[currencies[line_id]] += known
        for found in payments.values():
            found.sort(key=lambda one: one.day)
        return payments, undone

    @api.model
    def _read_movements_of(self, line_ids, without):
        """Credits matched with items, by day: ``{id: [(day, amount, is_credit)]}``.

        :param without: ids of credit items that do not count.
        """
        feed = self.env["recouvrement.interest"]
        feed._flush_sources()
        found = defaultdict(list)
        for line_id, day, amount, is_credit in self.env.execute_query(
            SQL(
                """
                SELECT pr.debit_move_id, %(day)s, pr.debit_amount_currency::text,
                       cl.payment_id IS NULL AND cl.statement_line_id IS NULL
                           AND cl.takeover_kind IS DISTINCT FROM 'payment'
                  FROM account_partial_reconcile pr
                  JOIN account_move_line cl ON cl.id = pr.credit_move_id
                  JOIN account_move cm ON cm.id = cl.move_id
                 WHERE pr.debit_move_id = ANY(%(ids)s)
                   AND NOT pr.credit_move_id = ANY(%(without)s)
                   AND pr.debit_amount_currency <> 0
              ORDER BY 1, 2, pr.id
                """,
                day=feed._credit_day_sql(),
                ids=line_ids,
                without=list(without),
            )
        ):
            found[line_id].append((day, Decimal(amount), is_credit))
        return found
