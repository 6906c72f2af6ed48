"""What the aged balance shows, by every dimension, and the items behind a figure."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import AgedBalanceCommon


@tagged("post_install", "-at_install")
class TestAgedBalance(AgedBalanceCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.alpha = cls._make_customer("Alpha")
        cls.beta = cls._make_customer("Beta")
        for amount, due in ((100, 10), (200, -10), (400, -45), (800, -400)):
            cls._make_invoice(cls.alpha, amount, due)
        cls._make_invoice(cls.beta, 1000, -75)
        cls.credit = cls._make_credit_note(cls.beta, 150)

    def _sum(self, action):
        """Sum of the items an action lists, in company currency."""
        items = self.env[action["res_model"]].with_context(**action["context"])
        return self._exact(
            sum(items.search(action["domain"]).mapped("amount_residual"))
        )

    # ------------------------------------------------------------------
    # COLUMNS
    # ------------------------------------------------------------------

    def test_each_item_is_in_the_column_of_its_age(self):
        self.assertEqual(
            self._rows(),
            {
                "Alpha": {"0": 100, "1": 200, "2": 400, "5": 800},
                "Beta": {"3": 1000, "credit": -150},
            },
        )

    def test_bounds_are_free_and_from_either_date(self):
        self.assertEqual(
            self._rows(bounds=[60])["Alpha"], {"0": 100, "1": 600, "2": 800}
        )
        self.assertEqual(
            self._rows(bounds=[-5, 60])["Alpha"], {"0": 100, "2": 600, "3": 800}
        )
        # An invoice that is not due yet is of today.
        self.assertEqual(
            self._rows(bounds=[5, 60], base="document")["Alpha"],
            {"0": 100, "1": 600, "2": 800},
        )

    def test_months_are_real_months(self):
        last = fields.Date.subtract(self.today, months=1)
        day = fields.Date.subtract(last, days=1)
        gamma = self._make_customer("Gamma")
        self._make_invoice(gamma, 10, last)
        self._make_invoice(gamma, 20, day)
        rows = self._rows(bounds=[1, 2], unit="months")
        self.assertEqual(rows["Gamma"], {"1": 10, "2": 20})

    def test_credits_are_shown_or_netted(self):
        rows = self._rows(credits="bucket")
        self.assertEqual(rows["Beta"], {"0": -150, "3": 1000})
        self.assertNotIn("credit", self._column_keys(credits="bucket"))

    def _column_keys(self, **options):
        return [column["key"] for column in self._read(**options)["columns"]]

    def test_disputed_and_doubtful_items_stand_apart(self):
        items = self.env["recouvrement.open.item"].search(
            [("commercial_partner_id", "=", self.alpha.id)], order="date_due"
        )
        items[0].move_line_id._set_collection_status("disputed", "Wrong price")
        items[1].move_line_id._set_doubtful(
            self.env.ref("recouvrement.doubtful_reason_late"), self.today, 50, "Late"
        )
        self.assertEqual(
            self._rows(apart=True)["Alpha"],
            {"0": 100, "1": 200, "disputed": 800, "doubtful": 400},
        )
        # The day before, nobody doubted it.
        yesterday = self._rows(apart=True, as_of=-1)["Alpha"]
        self.assertNotIn("doubtful", yesterday)

    def test_every_choice_adds_up_to_the_ledger(self):
        for options in (
            {},
            {"bounds": [1, 2, 3], "unit": "months"},
            {"bounds": [-30, -10, 15]},
            {"base": "document", "credits": "bucket"},
            {"apart": True},
            {"group_by": "country"},
        ):
            with self.subTest(**options):
                [total] = self._read(**options)["totals"]
                self.assertEqual(self._exact(total["total"]), 2350)
                self.assertEqual(self._exact(sum(total["amounts"])), 2350)

    # ------------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------------

    def test_rows_by_each_dimension(self):
        parent = self._make_customer("Holding")
        self.alpha.parent_id = parent
        self.alpha.is_company = True
        user = self._make_user("collector", name="Claire")
        self._debtor(self.beta).collector_id = user
        for group_by, expected in (
            ("parent", {"Holding": 1500, "Beta": 850}),
            ("collector", {"Claire": 850, "Without collector": 1500}),
            ("country", {"France": 2350}),
            ("currency", {self.company.currency_id.name: 2350}),
            ("company", {self.company.name: 2350}),
            ("status", {"To Chase": 2350}),
            ("level", {"Never reminded": 2350}),
        ):
            with self.subTest(group_by=group_by):
                self.assertEqual(self._totals(group_by=group_by), expected)
        self.assertEqual(sum(self._totals(group_by="account").values()), 2350)
        self.assertEqual(sum(self._totals(group_by="policy").values()), 2350)

    def test_rows_are_filtered_searched_sorted_and_paged(self):
        self.assertEqual(
            self._totals(filters={"partner": [self.beta.id]}), {"Beta": 850}
        )
        self.assertEqual(self._totals(search="alph"), {"Alpha": 1500})
        self.assertEqual(self._totals(search=self.credit.name), {"Beta": -150})
        self.assertEqual(list(self._totals(sort="name", descending=False))[0], "Alpha")
        self.assertEqual(list(self._totals(sort="3"))[0], "Beta")
        data = self._read(limit=1, offset=1, sort="total")
        self.assertEqual([row["label"] for row in data["rows"]], ["Beta"])
        self.assertEqual(data["count"], 2)
        self.assertEqual(data["totals"][0]["total"], 2350)

    def test_a_filter_of_nothing_finds_the_items_without_any(self):
        user = self._make_user("collector")
        self._debtor(self.beta).collector_id = user
        rows = self._totals(filters={"collector": [False]})
        self.assertEqual(rows, {"Alpha": 1500})
        rows = self._totals(filters={"collector": [False, user.id]})
        self.assertEqual(rows, {"Alpha": 1500, "Beta": 850})

    def test_items_without_a_customer_are_shown(self):
        line = self._make_opening(self.alpha, 70, -5)
        self.env.cr.execute(
            "UPDATE account_move_line SET partner_id = NULL WHERE id = %s", [line.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self._totals()["Without customer"], 70)
        tie_out = self.balance.get_tie_out({})
        self.assertEqual(tie_out["totals"][0]["without_customer"], 70)
        self.assertEqual(tie_out["totals"][0]["without_count"], 1)
        action = self.balance.get_items_action({}, False)
        self.assertEqual(self._sum(action), 70)

    def test_a_second_day_is_compared(self):
        self._pay(self._moves(self.beta)[:1], day=-2)
        data = self._read(compare=-5, sort="name", descending=False)
        self.assertEqual(
            [(row["label"], row["total"], row["other"]) for row in data["rows"]],
            # Alpha's invoice that is not due is of today.
            [("Alpha", 1500, 1400), ("Beta", -150, 1000)],
        )
        [total] = data["totals"]
        self.assertEqual((total["total"], total["other"]), (1350, 2400))
        self.assertEqual(self._exact(sum(total["others"])), 2400)

    def _moves(self, partner):
        return self.env["account.move"].search(
            [("partner_id", "=", partner.id), ("move_type", "=", "out_invoice")],
            order="id",
        )

    # ------------------------------------------------------------------
    # FROM A FIGURE TO ITS ITEMS
    # ------------------------------------------------------------------

    def test_every_figure_opens_the_items_that_make_it(self):
        item = self.env["recouvrement.open.item"].search(
            [("commercial_partner_id", "=", self.alpha.id)], limit=1
        )
        item.move_line_id._set_collection_status("disputed", "Wrong price")
        self.alpha.parent_id = self._make_customer("Holding")
        self.alpha.is_company = True
        for options in (
            {},
            {"as_of": str(self._day(-5))},
            {"group_by": "parent", "apart": True},
            {"base": "document", "bounds": [1, 2], "unit": "months"},
            {"group_by": "level", "credits": "bucket"},
            {"group_by": "status"},
            {"group_by": "policy"},
            {"group_by": "account"},
            {"group_by": "segment"},
            {"search": "beta"},
            {"filters": {"country": [self.env.ref("base.fr").id]}},
        ):
            data = self._read(**options)
            for row in data["rows"]:
                for column, amount in zip(data["columns"], row["amounts"], strict=True):
                    action = self.balance.get_items_action(
                        options, row["key"], column["key"]
                    )
                    with self.subTest(row=row["label"], column=column, **options):
                        self.assertEqual(self._sum(action), self._exact(amount))
            action = self.balance.get_items_action(options)
            self.assertEqual(self._sum(action), self._exact(data["totals"][0]["total"]))

    def test_a_row_unfolds_into_its_items(self):
        [row] = [row for row in self._read()["rows"] if row["label"] == "Alpha"]
        found = self.balance.get_items({}, row["key"])
        self.assertEqual(
            [item["amount"] for item in found["items"]], [800, 400, 200, 100]
        )
        self.assertEqual(
            [item["kind"] for item in found["items"]], ["5", "2", "1", "0"]
        )
        self.assertEqual(found["count"], 4)
        page = self.balance.get_items({}, row["key"], offset=3, limit=2)
        self.assertEqual([item["amount"] for item in page["items"]], [100])

    def test_the_pivot_has_the_columns_of_the_screen(self):
        action = self.balance.get_pivot_action({"bounds": [60]})
        groups = self.balance.with_context(**action["context"]).formatted_read_group(
            action["domain"], ["age"], ["amount:sum"]
        )
        self.assertEqual(
            {group["age"]: group["amount:sum"] for group in groups},
            {
                "01. Not due": 100,
                "02. 1–60 days": 600,
                "03. Over 60 days": 1800,
                "04. Credits": -150,
            },
        )

    # ------------------------------------------------------------------
    # CURRENCIES
    # ------------------------------------------------------------------

    def test_amounts_in_each_currency_at_either_rate(self):
        franc = self.setup_other_currency(
            "CHF",
            rates=[("2015-01-01", 2.0), (str(self._day(-20)), 4.0)],
        )
        gamma = self._make_customer("Gamma")
        self._make_invoice(gamma, 400, -30, currency_id=franc.id)
        rows = {
            options: self._totals(**dict(options))["Gamma"]
            for options in (
                (("currency", "company"),),
                (("currency", "company"), ("rate", "as_of")),
                (("currency", franc.id),),
                (("currency", franc.id), ("rate", "as_of")),
                (("currency", "transaction"),),
            )
        }
        self.assertEqual(list(rows.values()), [200, 100, 400, 400, 400])
        # 2350 in company currency: each at the rate of its day, or all at today's.
        document = self._totals(currency=franc.id)
        self.assertEqual(document["Beta"], 1000 * 2 - 150 * 4)
        self.assertEqual(self._totals(currency=franc.id, rate="as_of")["Beta"], 850 * 4)
        totals = self._read(currency="transaction")["totals"]
        self.assertEqual(
            {total["currency_id"]: total["total"] for total in totals},
            {self.company.currency_id.id: 2350, franc.id: 400},
        )
        self.assertTrue(self.balance.get_tie_out({})["is_tied"])

    # ------------------------------------------------------------------
    # THE LEDGER
    # ------------------------------------------------------------------

    def test_the_balance_ties_to_the_ledger_on_every_day(self):
        self._pay(self._moves(self.beta)[:1], amount=300, day=-3)
        for day in (0, -1, -4, -50, -300, -1000):
            with self.subTest(day=day):
                tie_out = self.balance.get_tie_out({"as_of": str(self._day(day))})
                self.assertTrue(tie_out["is_tied"])
                [total] = tie_out["totals"] or [{"ledger": 0, "balance": 0}]
                read = self._read(as_of=day)["totals"] or [{"total": 0}]
                self.assertEqual(
                    self._exact(total["balance"]), self._exact(read[0]["total"])
                )

    def test_an_entry_dated_later_is_neither_in_the_balance_nor_in_the_ledger(self):
        move = self._make_invoice(self.beta, 5000, 40, invoice_date=self._day(20))
        move.button_draft()
        move.date = self._day(20)
        move.action_post()
        self.assertEqual(move.date, self._day(20))
        self.assertEqual(self._totals()["Beta"], 850)
        self.assertTrue(self.balance.get_tie_out({})["is_tied"])
        action = self.balance.get_items_action({})
        self.assertEqual(self._sum(action), 2350)

    def test_a_balance_that_does_not_tie_gives_the_alarm(self):
        self.env.cr.execute(
            "UPDATE account_move_line SET amount_residual = amount_residual + 1 "
            "WHERE id = %s",
            [self._items(self.credit).id],
        )
        tie_out = self.balance.get_tie_out({})
        self.assertFalse(tie_out["is_tied"])
        [total] = tie_out["totals"]
        self.assertEqual(total["difference"], -1)
        for line in (total, tie_out["lines"][0]):
            action = self.balance.get_tie_action({}, "difference", line)
            opened = self.env[action["res_model"]].search(action["domain"])
            self.assertEqual(opened, self._items(self.credit))

    def test_each_figure_of_the_tie_out_opens_what_makes_it(self):
        self._pay(self._moves(self.beta)[:1], amount=300, day=-3)
        self.credit.line_ids.flush_recordset()
        for day in (0, -4, -50):
            values = {"as_of": str(self._day(day)), "filters": {"partner": [1]}}
            tie_out = self.balance.get_tie_out(values)
            self.assertTrue(tie_out["totals"])
            for line in (*tie_out["totals"], *tie_out["lines"]):
                with self.subTest(day=day, account=line["account"]):
                    self._check_tie_line(values, line)

    def _check_tie_line(self, values, line):
        action = self.balance.get_tie_action(values, "ledger", line)
        entries = self.env[action["res_model"]].search(action["domain"])
        ledger = self._exact(sum(entries.mapped("balance")))
        self.assertEqual(ledger, self._exact(line["ledger"]))
        for part in ("balance", "without_customer"):
            action = self.balance.get_tie_action(values, part, line)
            self.assertEqual(self._sum(action), self._exact(line[part]))
        action = self.balance.get_tie_action(values, "difference", line)
        self.assertFalse(self.env[action["res_model"]].search(action["domain"]))

    # ------------------------------------------------------------------
    # HISTORY
    # ------------------------------------------------------------------

    def test_the_history_is_the_balance_of_each_of_its_days(self):
        moves = self._moves(self.alpha)
        self._pay(moves[3], amount=100, day=-200)
        self._pay(moves[3], amount=300, day=-90)
        self._pay(moves[2], day=-31)
        partial = self._items(moves[2]).matched_credit_ids
        self.assertTrue(partial)
        partial.unlink()
        self._items(moves[3]).date_maturity = self._day(-10)
        for options in (
            {},
            {"apart": True, "credits": "bucket"},
            {"base": "document", "bounds": [1, 3], "unit": "months"},
            {"search": "alpha"},
        ):
            history = self.balance.get_history(options)
            self.assertEqual(len(history["days"]), 12)
            self.assertEqual(history["days"][-1], str(self.today))
            for place, day in enumerate(history["days"]):
                data = self._read(**options, as_of=day)
                amounts = data["totals"] and data["totals"][0]["amounts"]
                with self.subTest(day=day, **options):
                    self.assertEqual(
                        [
                            self._exact(series["amounts"][place])
                            for series in history["series"]
                        ],
                        [
                            self._exact(amount)
                            for amount in amounts or [0] * len(data["columns"])
                        ],
                    )

    # ------------------------------------------------------------------
    # OPTIONS
    # ------------------------------------------------------------------

    def test_what_cannot_be_followed_is_said_in_words(self):
        for options, words in (
            ({"as_of": str(self._day(1))}, "not known yet"),
            ({"as_of": "31/12/2026"}, "not a date"),
            ({"bounds": ["x"]}, "whole number"),
            ({"bounds": [99999]}, "too far"),
            ({"bounds": [-3], "base": "document"}, "no negative age"),
            ({"bounds": list(range(40))}, "No more than"),
            ({"group_by": "name; DROP TABLE"}, "not known"),
            ({"filters": {"partner": ["1"]}}, "not known"),
            ({"sort": "a0"}, "not known"),
        ):
            with self.subTest(**options), self.assertRaisesRegex(UserError, words):
                self.balance.get_balance(options)

    def test_the_number_of_queries_does_not_depend_on_the_customers(self):
        def count():
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._read()
            return self.env.cr.sql_log_count - before

        count()
        count()  # what the first one made new is read once more
        few = count()
        for number in range(15):
            self._make_invoice(self._make_customer(f"More {number}"), 10, -10)
        count()  # the totals of the new debtors are made once
        self.assertLessEqual(count(), few)

    # ------------------------------------------------------------------
    # SAVED VIEWS
    # ------------------------------------------------------------------

    def test_a_view_is_kept_without_its_day(self):
        views = self.env["recouvrement.aged.balance.view"]
        options = self._read(group_by="country", bounds=[15])["options"]
        [view] = views.save_view("By country", options, preset="year_end")
        self.assertEqual(view["options"]["group_by"], "country")
        self.assertNotIn("as_of", view["options"])
        [view] = views.save_view("by COUNTRY", options, is_default=True)
        self.assertTrue(view["is_default"])
        views.save_view("Other", options, is_default=True)
        self.assertEqual(
            [view["is_default"] for view in views._get_for_screen()], [True, False]
        )
        with self.assertRaises(UserError):
            views.save_view("Wrong", {"group_by": "nonsense"})
