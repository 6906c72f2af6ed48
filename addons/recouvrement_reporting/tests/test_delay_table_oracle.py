"""The payment-delay table of random ledgers agrees with a slow independent reading."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from itertools import product
from random import Random

from odoo.tests import tagged

from .delay_common import CLOSING, TYPES, DelayCommon

DOCUMENTS = 26


@tagged("post_install", "-at_install")
class TestDelayTableOracle(DelayCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.franc = cls.setup_other_currency(
            "CHF", rates=[("2015-01-01", 1.07), ("2025-08-01", 0.93)]
        )
        cls.parents = {
            side: [cls._make_customer(f"{side} {number}") for number in range(3)]
            for side in TYPES
        }

    def _make_ledger(self, rng, side):
        """Documents, payments, credit notes and other entries of one side."""
        _type, _sign, invoices, refunds = TYPES[side]
        moves = self.env["account.move"]
        for _number in range(DOCUMENTS):
            moves |= self._make_document(rng, side, invoices[0], refunds[0])
        for move in moves:
            if move.state == "posted" and rng.random() < 0.6:
                self._pay_some(rng, move)
        for move in moves:
            if side == "received" and rng.random() < 0.15 and move.amount_residual:
                move.action_toggle_block_payment()
        if side == "issued":
            for line in self._slow_items(side):
                if line.parent_state == "posted" and rng.random() < 0.15:
                    status = rng.choice(("disputed", "litigation", "promised"))
                    line.write({"collection_mark": status, "collection_reason": "x"})
        return moves

    def _make_document(self, rng, side, invoice, refund):
        day = CLOSING - timedelta(days=rng.randint(-40, 300))
        values = {
            "partner_id": rng.choice(self.parents[side]).id,
            "tax": rng.random() < 0.6,
            "currency_id": (
                self.franc if rng.random() < 0.25 else self.company.currency_id
            ).id,
            "invoice_date": day,
            "date": day,
        }
        if rng.random() < 0.3:
            values["terms"] = self.thirds
        move_type = invoice
        if rng.random() < 0.15:
            move_type = refund
        elif rng.random() < 0.2:
            # Booked late: the bill of December that comes in January.
            values["date"] = day + timedelta(days=rng.randint(0, 60))
        values["post"] = rng.random() < 0.88
        due = day + timedelta(days=rng.choice((0, 0, 15, 30, 45)))
        return self._bill(rng.randint(100, 90_000) / 100, due, move_type, **values)

    def _pay_some(self, rng, move):
        day = move.date + timedelta(days=rng.randint(0, 150))
        amount = move.amount_residual
        if rng.random() < 0.4:
            amount = round(amount * rng.random(), 2) or amount
        self._settle(move, day, amount)
        if move.amount_residual and rng.random() < 0.3:
            self._settle(move, day + timedelta(days=rng.randint(1, 40)))

    def _check_table(self, **vals):
        table = self._table(**vals)
        self.assertTrue(table.is_tied, table.tie_out)
        for side in TYPES:
            expected = self._slow_lines(table, side)
            lines = table.line_ids.filtered(lambda line, side=side: line.side == side)
            found = [
                (
                    line.unit,
                    line.category,
                    line.bucket,
                    Decimal(repr(line.amount)),
                    Decimal(repr(line.amount_untaxed)),
                    line.is_invoice,
                )
                for line in lines
            ]
            self.assertEqual(sorted(found), sorted(expected))
            self._check_cells(table, side, expected)

    def _check_cells(self, table, side, expected):
        sums, units = defaultdict(Decimal), defaultdict(set)
        for unit, category, bucket, amount, net, is_invoice in expected:
            value = amount if table.basis == "taxed" else net
            for key in ((category, bucket), (category, None)):
                sums[key] += value
                if is_invoice:
                    units[key].add(unit)
        keys = [("zero", None), ("disputed", None), ("unbooked", None), ("late", None)]
        keys += [
            ("late", number + 1) for number in range(len(table.bounds.split()) + 1)
        ]
        for key in keys:
            with self.subTest(side=side, key=key):
                self.assertEqual(
                    self._cell(table, side, *key), (len(units[key]), sums[key])
                )

    def test_random_ledgers_agree_with_the_slow_reading(self):
        for seed in range(3):
            rng = Random(seed)
            for side in TYPES:
                self._make_ledger(rng, side)
            for part, reference in product(
                ("closing", "year"), ("contractual", "legal", "mixed")
            ):
                choices = {
                    "date_to": CLOSING,
                    "part": part,
                    "basis": rng.choice(("taxed", "untaxed")),
                    "reference_received": reference,
                    "reference_issued": reference,
                    "legal_days_issued": rng.choice((30, 45)),
                    "zero_day": rng.choice(("term", "not_due")),
                    "credit_notes": rng.choice(("apart", "deducted")),
                    "exclude_disputed": rng.random() < 0.7,
                    "with_unpaid": rng.random() < 0.5,
                    "bounds": rng.choice(("30 60 90", "10 45")),
                }
                with self.subTest(seed=seed, **choices):
                    self._check_table(**choices)
            # The closing after, when what was not booked is.
            self._check_table(date_to=CLOSING + timedelta(days=31))
