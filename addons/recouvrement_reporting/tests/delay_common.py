"""Suppliers' bills, and an independent reading of the ledger for the delay table."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from odoo import Command

from odoo.addons.recouvrement.tests.common import RecouvrementCommon

CENT = Decimal("0.01")
CLOSING = date(2025, 12, 31)
TYPES = {
    "received": ("liability_payable", -1, ("in_invoice", "in_receipt"), ("in_refund",)),
    "issued": (
        "asset_receivable",
        1,
        ("out_invoice", "out_receipt"),
        ("out_refund",),
    ),
}


def exact(amount):
    return Decimal(repr(amount)).quantize(Decimal("0.000001"))


def cents(amount):
    return amount.quantize(CENT, ROUND_HALF_UP)


class DelayCommon(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.supplier = cls._make_customer("Papeterie Moreau")
        cls.customer = cls._make_customer("Hotel des Alpes")
        cls.tables = cls.env["recouvrement.delay.table"]
        cls.thirds = cls.env["account.payment.term"].create(
            {
                "name": "In three",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": share, "nb_days": days}
                    )
                    for share, days in ((30, 0), (30, 30), (40, 60))
                ],
            }
        )

        france = cls.env.ref("base.fr").id
        group = cls.env["account.tax.group"].create(
            {"name": "VAT", "country_id": france, "company_id": cls.company.id}
        )
        cls.taxes = {
            use: cls.env["account.tax"].create(
                {
                    "name": f"VAT {use}",
                    "amount": 20,
                    "type_tax_use": use,
                    "country_id": france,
                    "tax_group_id": group.id,
                }
            )
            for use in ("sale", "purchase")
        }
        account = cls.company_data["default_account_revenue"].copy(
            {"name": "VAT", "code": "445000", "account_type": "liability_current"}
        )
        for tax in cls.taxes.values():
            lines = tax.invoice_repartition_line_ids
            lines |= tax.refund_repartition_line_ids
            lines.filtered(
                lambda one: one.repartition_type == "tax"
            ).account_id = account

    @classmethod
    def _bill(cls, amount=100.0, due=CLOSING, move_type="in_invoice", **vals):
        """A document of a supplier or a customer, with ``tax`` on demand."""
        post = vals.pop("post", True)
        tax = vals.pop("tax", False)
        is_sale = move_type.startswith("out")
        key = "sale" if is_sale else "purchase"
        taxes = cls.taxes[key].ids if tax else []
        terms = vals.pop("terms", None)
        values = {
            "move_type": move_type,
            "partner_id": (cls.customer if is_sale else cls.supplier).id,
            "invoice_date": due,
            "date": due,
            "invoice_payment_term_id": terms.id if terms else False,
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": "Goods",
                        "price_unit": amount,
                        "tax_ids": [Command.set(taxes)],
                    }
                )
            ],
            **({} if terms else {"invoice_date_due": due}),
            **vals,
        }
        move = cls.env["account.move"].create(values)
        if post:
            move.action_post()
        return move

    @classmethod
    def _settle(cls, moves, day, amount=None):
        wizard = (
            cls.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create(
                {
                    "payment_date": day,
                    "group_payment": True,
                    **({"amount": amount} if amount else {}),
                }
            )
        )
        return wizard._create_payments()

    @classmethod
    def _table(cls, **vals):
        table = cls.tables.create(
            {"date_to": CLOSING, "company_id": cls.company.id, **vals}
        )
        table.action_compute()
        return table

    def _cell(self, table, side, category, bucket=None):
        """``(number, amount)`` of a figure, checked against the lines it opens."""
        cells = table.cells[side]
        if category in ("zero", "disputed", "unbooked"):
            found = cells[category]
        elif bucket is None:
            found = cells["total"]
        else:
            found = cells["buckets"][bucket - 1]
        action = table.action_open_cell(side, category, bucket)
        lines = self.env[action["res_model"]].search(action["domain"])
        name = "amount" if table.basis == "taxed" else "amount_untaxed"
        opened = sum((exact(amount) for amount in lines.mapped(name)), Decimal(0))
        self.assertEqual(opened, Decimal(found["amount"]))
        units = set(lines.filtered("is_invoice").mapped("unit"))
        self.assertEqual(len(units), found["number"])
        action = table.action_open_cell(side, category, bucket, is_number=True)
        counted = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(set(counted.mapped("unit"))), found["number"])
        return found["number"], Decimal(found["amount"])

    def _check_opened(self, table, user=None):
        """Each figure of both sides opens lines that add up to it, sign included.

        :return: number of figures opened.
        """
        table = table.with_user(user) if user else table
        opened = 0
        for side in table.figures["sides"]:
            key = side["side"]
            name = "amount"
            if table.basis == "untaxed" and table.denominator != "ledger":
                name = "amount_untaxed"
            found = [(table.action_open_base(key), name, side["base"]["amount"])]
            for block in side["tie_out"]:
                rows = [(row["key"], row["amount"]) for row in block["rows"]]
                rows.append(("ledger", block["ledger"]))
                found += [
                    (table.action_open_tie(key, block["block"], one), "amount", amount)
                    for one, amount in rows
                ]
                found += [
                    (table.action_open_account(key, one["id"]), "amount", one["amount"])
                    for one in block["accounts"]
                ]
            for action, name, amount in found:
                lines = table.env[action["res_model"]].search(action["domain"])
                with self.subTest(side=key, domain=action["domain"]):
                    total = sum(map(exact, lines.mapped(name)), Decimal(0))
                    self.assertEqual(cents(total), cents(exact(amount)))
            action = table.action_open_tie(key, "base", "invoices")
            count = table.env[action["res_model"]].search_count(action["domain"])
            self.assertEqual(count, side["base"]["number"])
            opened += len(found) + 1
        return opened

    # ------------------------------------------------------------------
    # THE SLOW READING: plain Python over every entry and every matching
    # ------------------------------------------------------------------

    def _slow_lines(self, table, side):
        """``[(unit, category, bucket, amount, amount_untaxed, is_invoice)]``."""
        reader = self._slow_closing if table.part == "closing" else self._slow_year
        found = reader(table, side)
        found += self._slow_unbooked(table, side)
        return found

    def _slow_items(self, side):
        account_type = TYPES[side][0]
        return self.env["account.move.line"].search(
            [
                ("account_id.account_type", "=", account_type),
                ("company_id", "child_of", self.company.id),
            ]
        )

    def _slow_matches(self, line):
        for partial in line.matched_credit_ids:
            yield partial, 1, partial.credit_move_id, partial.debit_amount_currency
        for partial in line.matched_debit_ids:
            yield partial, -1, partial.debit_move_id, partial.credit_amount_currency

    def _slow_due(self, table, side, line):
        contract = line.date_maturity or line.date
        day = line.move_id.invoice_date or line.date
        legal = day + timedelta(days=table[f"legal_days_{side}"])
        reference = table[f"reference_{side}"]
        if reference == "legal":
            return legal
        without = not line.move_id.invoice_payment_term_id and contract <= day
        return legal if reference == "mixed" and without else contract

    def _slow_kind(self, side, line):
        _type, _sign, invoices, refunds = TYPES[side]
        if line.move_id.move_type in invoices:
            return "invoice"
        if line.move_id.move_type in refunds:
            return "credit_note"
        if line.payment_id or line.statement_line_id:
            return "payment"
        return "other"

    def _slow_disputed(self, table, side, line):
        if not table.exclude_disputed:
            return False
        if line.move_id in table.excluded_move_ids:
            return True
        if side == "received":
            return line.move_id.payment_state == "blocked"
        return line.collection_status in ("disputed", "litigation")

    def _slow_bucket(self, days, table):
        bucket = 1
        for bound in table.bounds.split():
            if days > int(bound):
                bucket += 1
        return bucket

    def _slow_file(self, table, side, rows, counted):
        """Place rows ``(line, due, paid, amount, end)`` in the table."""
        running = defaultdict(Decimal)
        found = []
        rows.sort(key=lambda row: (row[1], row[2] or date.min, row[0].id))
        for line, due, _paid, amount, end in rows:
            move, days = line.move_id, (end - due).days
            kind = self._slow_kind(side, line)
            before = running[move]
            running[move] += amount
            net = self._slow_net(move, running[move]) - self._slow_net(move, before)
            bucket, category = 0, kind
            if kind in counted:
                category = "not_due"
                if days > 0:
                    disputed = self._slow_disputed(table, side, line)
                    category = "disputed" if disputed else "late"
                    bucket = self._slow_bucket(days, table)
                elif days == 0 or table.zero_day == "not_due":
                    category = "zero"
            found.append((move.id, category, bucket, amount, net, kind == "invoice"))
        return found

    def _slow_net(self, move, amount):
        total = exact(move.amount_total_signed)
        if move.move_type == "entry" or not total:
            return amount
        return cents(amount * exact(move.amount_untaxed_signed) / total)

    def _slow_closing(self, table, side):
        sign, day = TYPES[side][1], table.date_to
        rows = []
        for line in self._slow_items(side):
            if line.parent_state != "posted" or line.date > day:
                continue
            left, foreign = exact(line.balance), exact(line.amount_currency)
            for partial, way, _other, currency in self._slow_matches(line):
                if partial.max_date <= day:
                    left -= way * exact(partial.amount)
                    foreign -= way * exact(currency)
            if left or foreign:
                due = self._slow_due(table, side, line)
                rows.append((line, due, None, sign * left, day))
        counted = ["invoice"]
        if table.credit_notes == "deducted" and table.part == "closing":
            counted.append("credit_note")
        return self._slow_file(table, side, rows, counted)

    def _slow_year(self, table, side):
        rows = []
        for line in self._slow_items(side):
            if (
                line.parent_state != "posted"
                or self._slow_kind(side, line) != "invoice"
            ):
                continue
            paid = defaultdict(Decimal)
            for partial, way, other, currency in self._slow_matches(line):
                is_money = other.payment_id or other.statement_line_id
                is_money = is_money or other.journal_id.type in ("bank", "cash")
                right_way = way == (1 if side == "issued" else -1)
                inside = table.date_from <= partial.max_date <= table.date_to
                if is_money and right_way and inside:
                    paid[partial.max_date] += exact(currency)
            total, value = Decimal(0), Decimal(0)
            for day in sorted(day for day in paid if paid[day]):
                total += paid[day]
                now = cents(
                    abs(exact(line.balance)) * total / abs(exact(line.amount_currency))
                )
                due = self._slow_due(table, side, line)
                rows.append((line, due, day, now - value, day))
                value = now
        found = self._slow_file(table, side, rows, ["invoice"])
        if table.with_unpaid:
            found += [
                row
                for row in self._slow_closing(table, side)
                if row[1] in ("late", "disputed")
            ]
        return found

    def _slow_unbooked(self, table, side):
        _type, sign, invoices, _refunds = TYPES[side]
        rows, day = [], table.date_to
        for line in self._slow_items(side):
            move = line.move_id
            if move.move_type not in invoices or move.invoice_date > day:
                continue
            later = line.parent_state == "posted" and line.date > day
            if line.parent_state != "draft" and not later:
                continue
            left = exact(line.balance)
            for partial, way, other, _currency in self._slow_matches(line):
                if later and other.date <= day:
                    left -= way * exact(partial.amount)
            rows.append(
                (line, self._slow_due(table, side, line), None, sign * left, day)
            )
        return [
            (unit, "unbooked", 0, amount, net, True)
            for unit, category, _bucket, amount, net, _counts in self._slow_file(
                table, side, rows, ["invoice"]
            )
            if category in ("late", "disputed") and amount
        ]
