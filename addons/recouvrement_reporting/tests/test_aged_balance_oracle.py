"""Random ledgers made through Odoo's own API, read on random days: the aged balance
against a slow oracle in plain Python."""

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from dateutil.relativedelta import relativedelta

from odoo.fields import Command
from odoo.tests import freeze_time, tagged

from .common import AgedBalanceCommon
from .ledger_oracle import LedgerOracle, exact

START = date(2025, 1, 6)
STEPS = 40
DAYS = 7  # on which each story is read, in the middle and at its end
BOUNDS = ((30, 60, 90, 180), (15,), (-10, 10, 45))
MONTH_BOUNDS = ((1, 2, 3, 6), (1,), (-1, 1, 2))
DOCUMENT_BOUNDS = ((30, 60, 90, 180), (0, 20), (45,))
HISTORY = 12


@tagged("post_install", "-at_install")
class TestAgedBalanceOracle(AgedBalanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        months = [f"{year}-{m:02}-01" for year in (2024, 2025) for m in range(1, 13)]
        cls.currencies = cls.company.currency_id
        for code, rate in (("CHF", 1.1), ("GBP", 0.8)):
            rates = [(day, rate + n % 5 * 0.07) for n, day in enumerate(months)]
            cls.currencies |= cls.setup_other_currency(code, rates=rates)
        cls.branch = cls.env["res.company"].create(
            {"name": "Branch", "parent_id": cls.company.id}
        )
        cls.env.cr.precommit.run()  # loads the chart of accounts of the branch
        cls.env.user.company_ids |= cls.branch
        cls.companies = cls.company | cls.branch
        allowed = {"allowed_company_ids": cls.companies.ids}
        cls.env = cls.env(context={**cls.env.context, **allowed})
        cls.balance = cls.env["recouvrement.aged.balance"]
        cls.customers = cls._make_customer("Alpha") | cls._make_customer("Beta")
        cls.customers |= cls._make_customer(
            "Alpha North", parent_id=cls.customers[0].id, is_company=False
        )

    # ------------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------------

    def _pick_day(self, random):
        """A day up to today, often long ago."""
        return self.now - timedelta(days=random.choice((0, 0, 1, 9, 40, 100)))

    def _pick_amount(self, random):
        return random.choice((100.0, 250.0, round(random.uniform(0.01, 900), 2)))

    def _step_invoice(self, random, move_type="out_invoice"):
        day = self._pick_day(random)
        company = random.choice(self.companies)
        moves = self.env["account.move"].with_company(company)
        move = moves.create(
            {
                "move_type": move_type,
                "partner_id": random.choice(self.customers).id,
                "company_id": company.id,
                "currency_id": random.choice(self.currencies).id,
                "invoice_date": day,
                "invoice_date_due": day + timedelta(days=random.choice((0, 30, 75))),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Service",
                            "price_unit": self._pick_amount(random),
                            "tax_ids": False,
                        }
                    )
                ],
            }
        )
        # Entered days after the date that is printed on it.
        move.date = min(day + timedelta(days=random.choice((0, 6, 25))), self.now)
        move.action_post()

    def _step_credit_note(self, random):
        self._step_invoice(random, "out_refund")

    def _step_entry(self, random):
        """Two items in one entry, one of which may be a credit."""
        receivable = self.company_data["default_account_receivable"]
        first, second = self._pick_amount(random), -self._pick_amount(random)
        customer, day = random.choice(self.customers), self._pick_day(random)
        amounts = {receivable: (first, second)}
        revenue = self.company_data["default_account_revenue"]
        amounts[revenue] = (round(-first - second, 2),)
        move = self.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": self.company_data["default_journal_misc"].id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "partner_id": customer.id,
                            "account_id": account.id,
                            "balance": amount,
                            "date_maturity": day + timedelta(days=20),
                        }
                    )
                    for account, several in amounts.items()
                    for amount in several
                ],
            }
        )
        move.action_post()

    def _step_receipt(self, random):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": random.choice(self.customers).id,
                "amount": self._pick_amount(random),
                "currency_id": random.choice(self.currencies).id,
                "date": self._pick_day(random),
                "journal_id": self.company_data["default_journal_bank"].id,
                "payment_method_line_id": self.inbound_payment_method_line.id,
            }
        )
        payment.action_post()

    def _open_lines(self, *domain):
        return self.env["account.move.line"].search(
            [
                ("company_id", "in", self.companies.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                *domain,
            ],
            order="id",
        )

    def _step_match(self, random):
        """An item with credits of the same customer, whatever their currencies."""
        debits = self._open_lines(("balance", ">", 0))
        random_debits = random.sample(list(debits), len(debits))
        for debit in random_debits:
            matching = self._open_lines(
                ("balance", "<", 0),
                ("account_id", "=", debit.account_id.id),
                ("partner_id", "=", debit.partner_id.id),
            )
            if matching:
                count = min(len(matching), random.choice((1, 1, 2)))
                chosen = random.sample(list(matching), count)
                (debit + debit.union(*chosen)).reconcile()
                return

    def _step_pay(self, random):
        items = self._open_lines(("move_id.move_type", "=", "out_invoice"))
        if not items:
            return
        invoice = random.choice(items).move_id
        values = {"payment_date": self._pick_day(random)}
        if random.random() < 0.5:
            values["amount"] = max(round(invoice.amount_residual / 3, 2), 0.01)
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create(values)._create_payments()

    def _matched_lines(self):
        return self.env["account.move.line"].search(
            [
                ("company_id", "in", self.companies.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                "|",
                ("matched_debit_ids", "!=", False),
                ("matched_credit_ids", "!=", False),
            ],
            order="id",
        )

    def _step_undo(self, random):
        matched = self._matched_lines()
        if matched:
            random.choice(matched).remove_move_reconcile()

    def _pick_document(self, random):
        moves = self.env["account.move"].search(
            [
                ("company_id", "in", self.companies.ids),
                ("state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_refund")),
            ],
            order="id",
        )
        return moves and random.choice(moves)

    def _step_reverse(self, random):
        move = self._pick_document(random)
        if move and not move.reversal_move_ids:
            day = max(self.now, move.date)
            move._reverse_moves([{"date": day, "invoice_date": day}], cancel=True)

    def _step_cancel(self, random):
        move = self._pick_document(random)
        if move:
            move.button_draft()
            if random.random() < 0.5:
                move.button_cancel()
            else:
                move.action_post()

    def _step_redate(self, random):
        lines = self._open_lines(("move_id.move_type", "=", "out_invoice"))
        if lines:
            day = self.now + timedelta(days=random.randint(-30, 60))
            random.choice(lines).date_maturity = day

    def _step_night(self, random):
        self.now += timedelta(days=random.choice((1, 2, 11, 30)))

    def _play(self, random, oracle):
        steps = {
            self._step_invoice: 6,
            self._step_night: 5,
            self._step_match: 4,
            self._step_receipt: 3,
            self._step_pay: 3,
            self._step_undo: 3,
            self._step_credit_note: 2,
            self._step_entry: 2,
            self._step_redate: 2,
            self._step_reverse: 1,
            self._step_cancel: 1,
        }
        step = random.choices(list(steps), weights=steps.values())[0]
        with freeze_time(self.now):
            step(random)
            oracle.look(self.now)
        return step.__name__

    # ------------------------------------------------------------------
    # COMPARISON
    # ------------------------------------------------------------------

    def _check_day(self, random, oracle, day):
        expected = oracle.open_items(day)
        dated = {
            line: (*values, self._document_date(line))
            for line, values in expected.items()
        }
        self.assertEqual(self._read_items(day), self._described(dated))
        for options in (
            {},
            {"currency": "transaction"},
            {"credits": "bucket", "bounds": list(random.choice(BOUNDS))},
            {"filters": {"company": [random.choice(self.companies).id]}},
            {"base": "document", "bounds": list(random.choice(DOCUMENT_BOUNDS))},
            {"unit": "months", "bounds": list(random.choice(MONTH_BOUNDS))},
            {"base": "document", "unit": "months", "credits": "bucket"},
        ):
            with self.subTest(day=day, options=options):
                self._check_balance(expected, day, options)
        for company in (self.companies, *self.companies):
            options = {"as_of": str(day), "filters": {"company": company.ids}}
            tie_out = self.balance.get_tie_out(options)
            self.assertTrue(tie_out["is_tied"], tie_out["lines"])
            shown = sum(line["balance"] for line in tie_out["lines"])
            wanted = [
                own
                for line, (own, _other, _due) in expected.items()
                if line.company_id in company
            ]
            self.assertEqual(exact(shown), sum(wanted))

    def _described(self, expected):
        return {
            f"{line.id} {line.move_id.name}": values
            for line, values in expected.items()
        }

    def _document_date(self, line):
        """The date printed on it, which is not always that of the entry."""
        return line.move_id.invoice_date or line.date

    def _read_items(self, day):
        items = self.env["recouvrement.open.item"].with_context(
            open_items_as_of=str(day), at_end_of_day=True
        )
        return self._described(
            {
                item.move_line_id: (
                    exact(item.amount_residual),
                    exact(item.amount_residual_currency),
                    item.date_due,
                    item.document_date,
                )
                for item in items.search([("company_id", "in", self.companies.ids)])
            }
        )

    def _check_balance(self, expected, day, options):
        data = self.balance.get_balance({"as_of": str(day), "limit": 500, **options})
        keys = [column["key"] for column in data["columns"]]
        shown = {
            (row["key"], row["currency_id"]): {
                key: exact(float(amount))
                for key, amount in zip(keys, row["amounts"], strict=True)
                if amount
            }
            for row in data["rows"]
        }
        wanted = self._balance_of(expected, day, options)
        self.assertEqual(shown, wanted)

    def _balance_of(self, expected, day, options):
        """``{(customer, currency): {column: amount}}`` of the oracle's items."""
        wanted = options.get("filters", {}).get("company", self.companies.ids)
        rows = defaultdict(lambda: defaultdict(Decimal))
        for line, (own, other, due) in expected.items():
            if line.company_id.id not in wanted:
                continue
            amount, currency = own, self.company.currency_id
            if options.get("currency") == "transaction":
                amount, currency = other, line.currency_id
            column = self._column_of(line, due, day, options)
            is_credit = own < 0 or (not own and other < 0)
            if is_credit and options.get("credits") != "bucket":
                column = "credit"
            key = line.partner_id.commercial_partner_id.id, currency.id
            rows[key][column] += amount
        return {
            key: {column: amount for column, amount in columns.items() if amount}
            for key, columns in rows.items()
        }

    def _column_of(self, line, due, day, options):
        """Not due is column 0; a bound is the last day, or month, of its column."""
        aged, edges = due, {0}
        if options.get("base") == "document":
            aged, edges = self._document_date(line), set()
        if options.get("unit") == "months":
            edges.update(options.get("bounds", MONTH_BOUNDS[0]))
            lasts = [day - relativedelta(months=edge) for edge in edges]
        else:
            edges.update(options.get("bounds", BOUNDS[0]))
            lasts = [day - timedelta(days=edge) for edge in edges]
        return str(sum(aged < last for last in lasts))

    def _check_history(self, oracle, day, options):
        """The columns of each day of the history, and the days themselves."""
        data = self.balance.get_history({"as_of": str(day), **options})
        months = day.year * 12 + day.month - 1
        days = [day]
        for back in range(HISTORY - 1):
            year, month = divmod(months - back, 12)
            days.insert(0, date(year, month + 1, 1) - timedelta(days=1))
        self.assertEqual(data["days"], [str(one) for one in days])
        for place, one in enumerate(days):
            wanted = defaultdict(Decimal)
            expected = oracle.open_items(one)
            for columns in self._balance_of(expected, one, options).values():
                for column, amount in columns.items():
                    wanted[column] += amount
            shown = {
                series["key"]: exact(float(series["amounts"][place]))
                for series in data["series"]
            }
            self.assertEqual(
                {key: amount for key, amount in shown.items() if amount},
                {key: amount for key, amount in wanted.items() if amount},
                f"{one} in the history of {day}",
            )

    def _pick_histories(self, random):
        return (
            {},
            {"credits": "bucket", "bounds": list(random.choice(BOUNDS))},
            {"filters": {"company": [random.choice(self.companies).id]}},
            {"base": "document", "bounds": list(random.choice(DOCUMENT_BOUNDS))},
            {"unit": "months", "bounds": list(random.choice(MONTH_BOUNDS))},
        )

    def _tell_story(self, seed):
        random = Random(seed)
        self.now = START
        oracle = LedgerOracle(self.env, self.companies)
        story = []
        for number in range(STEPS):
            story.append(self._play(random, oracle))
            if number + 1 in (STEPS // 2, STEPS):
                length = (self.now - START).days + 100
                days = {self.now}
                while len(days) < DAYS:
                    days.add(self.now - timedelta(days=random.randint(0, length)))
                with freeze_time(self.now), self.subTest(seed=seed, story=story):
                    for day in sorted(days):
                        self._check_day(random, oracle, day)
                    for options in self._pick_histories(random):
                        self._check_history(
                            oracle, random.choice(sorted(days)), options
                        )
        return story

    def test_story_1(self):
        self._tell_story(1)

    def test_story_2(self):
        self._tell_story(2)

    def test_story_3(self):
        self._tell_story(3)

    def test_story_4(self):
        self._tell_story(4)
