"""What companies of the database claim from each other, and who looks after it."""

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

from openpyxl import load_workbook

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.access_common import ROLES
from odoo.addons.recouvrement.tests.rights import EDIT, READ

from .common_rights import ReportingRights

RIGHTS = {
    "recouvrement.intragroup.difference": {
        "accountant": EDIT,
        "auditor": READ,
        "manager": EDIT,
    },
}
MENUS = dict.fromkeys(
    ("intragroup", "intragroup_differences"), ("accountant", "auditor", "manager")
)


class IntragroupCommon(ReportingRights):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.both = cls.company | cls.other
        cls.env.user.company_ids |= cls.other
        for role in ROLES:
            cls.users[role].company_ids |= cls.other
        cls.reading = cls.env["recouvrement.intragroup"]
        cls.other.currency_id = cls.company.currency_id

    @classmethod
    def _doc(cls, company, move_type, amount, day=-10, post=True, **vals):
        """A document of a company on the other one."""
        partner = (cls.both - company).partner_id
        date = cls._day(day)
        move = (
            cls.env["account.move"]
            .with_company(company)
            .create(
                {
                    "move_type": move_type,
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "invoice_date": date,
                    "date": date,
                    "invoice_date_due": date,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Fee", "price_unit": amount, "tax_ids": False}
                        )
                    ],
                    **vals,
                }
            )
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _sale(cls, amount, **vals):
        return cls._doc(cls.company, "out_invoice", amount, **vals)

    @classmethod
    def _bill(cls, amount, sale=None, **vals):
        """The other company's bill of a sale."""
        if sale:
            vals["ref"] = sale.name
        return cls._doc(cls.other, "in_invoice", amount, **vals)

    @classmethod
    def _settle(cls, move, day=0, amount=None):
        wizard = (
            cls.env["account.payment.register"]
            .with_company(move.company_id)
            .with_context(active_model="account.move", active_ids=move.ids)
            .create(
                {
                    "payment_date": cls._day(day),
                    **({"amount": amount} if amount else {}),
                }
            )
        )
        return wizard._create_payments()

    def _rows(self, day=0, user=None):
        """``{name: row}`` of what the company claims."""
        reading = self.reading.with_user(user) if user else self.reading
        day = fields.Date.to_string(self._day(day))
        data = reading.get_reconciliation(self.company.id, self.other.id, day)
        return {(row["ours"] or row["theirs"])["name"]: row for row in data["rows"]}

    def _kinds(self, day=0):
        return {name: row["kind"] for name, row in self._rows(day).items()}


@tagged("post_install", "-at_install")
class TestIntragroup(IntragroupCommon):
    def test_both_sides_meet_by_reference_then_by_amount(self):
        named, plain = self._sale(100), self._sale(250)
        bill = self._bill(100, named)
        other_bill = self._bill(250, ref="SOMETHING ELSE", day=-8)
        rows = self._rows()
        self.assertEqual(rows[named.name]["theirs"]["name"], bill.name)
        self.assertEqual(rows[plain.name]["theirs"]["name"], other_bill.name)
        self.assertEqual({row["kind"] for row in rows.values()}, {"matched"})
        data = self.reading.get_pairs()
        pair = next(
            one for one in data["pairs"] if one["company_id"] == self.company.id
        )
        self.assertEqual(
            (pair["claimed"], pair["owed"], pair["difference"], pair["count"]),
            (350, 350, 0, 0),
        )

    def test_each_difference_has_its_explanation(self):
        sales = {
            kind: self._sale(amount)
            for kind, amount in (
                ("amount", 100),
                ("in_transit", 200),
                ("not_booked", 300),
                ("draft", 400),
                ("later", 500),
                ("not_received", 600),
                ("exchange", 700),
            )
        }
        self._bill(110, sales["amount"])
        paid = self._bill(200, sales["in_transit"])
        self._settle(paid, -2)
        self._bill(400, sales["draft"], post=False)
        self._bill(500, sales["later"], day=-10, date=self._day(20))
        self._bill(600, sales["not_received"])
        self._settle(sales["not_received"], -2)
        unknown = self._bill(999, ref="X-1")
        kinds = self._kinds()
        for kind, move in sales.items():
            name = move.name
            if kind == "not_received":
                name = self._rows_of_other(600)
            if kind == "exchange":
                kind = "not_booked"
            with self.subTest(kind=kind):
                self.assertEqual(kinds[name], kind)
        self.assertEqual(kinds[unknown.name], "unknown")
        pair = self.reading.get_pairs()["pairs"]
        pair = next(one for one in pair if one["company_id"] == self.company.id)
        self.assertEqual(
            Decimal(str(pair["difference"])),
            sum(Decimal(str(amount)) for amount in pair["kinds"].values()),
        )
        # Nothing was paid yet on the day before.
        kinds = self._kinds(-3)
        self.assertEqual(kinds[sales["in_transit"].name], "matched")
        self.assertEqual(kinds[sales["not_received"].name], "matched")

    def _rows_of_other(self, amount):
        data = self.reading.get_reconciliation(self.company.id, self.other.id)
        return next(
            row["theirs"]["name"]
            for row in data["rows"]
            if row["theirs"] and row["theirs"]["amount"] == amount
        )

    def test_a_part_payment_that_did_not_arrive_is_in_transit(self):
        sale = self._sale(1000)
        bill = self._bill(1000, sale)
        self._settle(bill, -1, 400)
        row = self._rows()[sale.name]
        self.assertEqual(row["kind"], "in_transit")
        self.assertEqual(row["differences"][0]["amount"], 400)

    def test_each_currency_apart_and_exchange_differences_told(self):
        franc = self.setup_other_currency("CHF", rates=[("2015-01-01", 2.0)])
        sale = self._sale(100, currency_id=franc.id)
        self._bill(100, sale, currency_id=franc.id)
        self._sale(50)
        rate = self.env["res.currency.rate"].create(
            {
                "currency_id": franc.id,
                "name": self._day(-20),
                "rate": 4.0,
                "company_id": self.other.id,
            }
        )
        self.assertTrue(rate)
        later = self._sale(80, currency_id=franc.id)
        self._bill(80, later, currency_id=franc.id)
        self.assertEqual(self._kinds()[later.name], "exchange")
        pairs = [
            one
            for one in self.reading.get_pairs()["pairs"]
            if one["company_id"] == self.company.id
        ]
        self.assertEqual(
            {one["currency_id"]: one["difference"] for one in pairs},
            {franc.id: 0, self.company.currency_id.id: 50},
        )
        wrong = self._sale(70)
        self._bill(70, wrong, currency_id=franc.id)
        self.assertEqual(self._kinds()[wrong.name], "currency")

    def test_the_other_direction_is_another_pair(self):
        self._sale(100)
        back = self._doc(self.other, "out_invoice", 30)
        data = self.reading.get_pairs()
        self.assertEqual(
            {
                (one["company_id"], one["other_id"]): one["claimed"]
                for one in data["pairs"]
            },
            {
                (self.company.id, self.other.id): 100,
                (self.other.id, self.company.id): 30,
            },
        )
        other = self.reading.get_reconciliation(self.other.id, self.company.id)
        self.assertEqual(other["rows"][0]["ours"]["name"], back.name)

    def test_the_queries_do_not_grow_with_the_documents(self):
        counts = []
        for _round in range(2):
            self._sale(10)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.reading.get_pairs()
            counts.append(self.cr.sql_log_count - before)
            for number in range(10):
                self._bill(100 + number, self._sale(100 + number))
        self.assertLess(counts[1], counts[0] + 3)

    def test_both_companies_are_needed(self):
        self._sale(100)
        user = self.users["accountant"]
        user.company_ids -= self.other
        reading = self.reading.with_user(user)
        self.assertEqual(reading.get_pairs()["pairs"], [])
        with self.assertRaises(AccessError):
            reading.get_reconciliation(self.company.id, self.other.id)
        with self.assertRaises(AccessError):
            reading._write_workbook(
                BytesIO(),
                {"company_id": self.company.id, "other_id": self.other.id},
            )
        with self.assertRaises(AccessError):
            reading.open_document(self.company.id, self.other.id, "m1")

    def test_each_role_has_just_its_rights_and_menus(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)
        self._sale(100)
        for role in ROLES:
            reading = self.reading.with_user(self.users[role])
            with self.subTest(role=role):
                if role in MENUS["intragroup"]:
                    self.assertEqual(len(reading.get_pairs()["pairs"]), 1)
                else:
                    for call in (
                        lambda reading=reading: reading.get_pairs(),
                        lambda reading=reading: reading.get_reconciliation(
                            self.company.id, self.other.id
                        ),
                    ):
                        with self.assertRaises(AccessError):
                            call()

    def test_a_document_opens_in_its_company(self):
        sale = self._sale(100)
        bill = self._bill(100, sale)
        for move in (sale, bill):
            action = self.reading.open_document(
                self.company.id, self.other.id, f"m{move.id}"
            )
            self.assertEqual(action["res_id"], move.id)
            self.assertEqual(
                action["context"]["allowed_company_ids"][0], move.company_id.id
            )
        stranger = self.env["account.move"].search(
            [("partner_id", "not in", self.both.partner_id.ids)], limit=1
        )
        self.assertTrue(stranger)

    def test_the_workbook_has_pairs_and_documents(self):
        sale = self._sale(100)
        self._bill(90, sale)
        stream = BytesIO()
        name = self.reading._write_workbook(stream, {})
        self.assertTrue(name.endswith(".xlsx"))
        book = load_workbook(stream)
        self.assertEqual(len(book.worksheets), 2)
        pair = list(book.worksheets[0].iter_rows(values_only=True))[1]
        self.assertEqual(pair[3:6], (100, 90, 10))
        row = list(book.worksheets[1].iter_rows(values_only=True))[1]
        self.assertEqual((row[7], row[13], row[14]), (100, 90, 10))


@tagged("post_install", "-at_install")
class TestIntragroupDifference(IntragroupCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sale = cls._sale(100)
        cls.differences = cls.env["recouvrement.intragroup.difference"]

    def _take_on(self, role="accountant", move=None):
        action = self.differences.with_user(self.users[role]).action_open_difference(
            self.company.id,
            self.other.id,
            fields.Date.to_string(self.today),
            f"m{(move or self.sale).id}",
        )
        return self.differences.browse(action["res_id"])

    def test_comment_and_owner_stay_until_it_is_resolved(self):
        found = self._take_on()
        self.assertEqual(
            (found.kind, found.amount, found.user_id, found.state),
            ("not_booked", 100, self.users["accountant"], "open"),
        )
        found.with_user(self.users["accountant"]).comment = "Asked for a copy"
        self.assertEqual(self._take_on("manager"), found)
        self.assertEqual(
            self._rows()[self.sale.name]["note"]["comment"], "Asked for a copy"
        )
        bill = self._bill(110, self.sale)
        self.differences._cron_follow()
        self.assertEqual((found.kind, found.amount), ("amount", -10))
        self.assertEqual(found.comment, "Asked for a copy")
        with self.assertRaises(UserError):
            found.with_user(self.users["accountant"]).action_resolve()
        bill.button_draft()
        bill.invoice_line_ids.price_unit = 100
        bill.action_post()
        self.differences._cron_follow()
        self.assertEqual((found.state, found.date_resolved), ("resolved", self.today))
        with self.assertRaises(UserError):
            self._take_on()
        with self.assertRaises(UserError):
            found.unlink()

    def test_it_is_taken_on_once(self):
        self.assertEqual(self._take_on(), self._take_on())
        self.assertEqual(
            self.reading.get_pairs()["pairs"][0]["followed"],
            1,
        )

    def test_what_the_ledger_says_is_not_entered(self):
        found = self._take_on().with_user(self.users["accountant"])
        for name, value in (("amount", 1), ("state", "resolved"), ("kind", "amount")):
            with self.subTest(name=name), self.assertRaises(AccessError):
                found.write({name: value})
        with self.assertRaises(AccessError):
            found.create(
                {
                    "company_id": self.company.id,
                    "other_company_id": self.other.id,
                    "key": "m1",
                    "name": "x",
                    "kind": "amount",
                }
            )

    def test_the_auditor_reads_and_changes_nothing(self):
        with self.assertRaises(AccessError):
            self._take_on("auditor")
        found = self._take_on()
        self.assertEqual(self._take_on("auditor"), found)
        with self.assertRaises(AccessError):
            found.with_user(self.users["auditor"]).comment = "x"
        with self.assertRaises(AccessError):
            self._rpc("auditor", found, "action_resolve")

    def test_who_lost_a_company_does_not_see_its_differences(self):
        found = self._take_on()
        user = self.users["accountant"]
        user.company_ids -= self.other
        self.assertNotIn(found, self.differences.with_user(user).search([]))
        with self.assertRaises(AccessError):
            found.with_user(user).read(["comment"])

    def test_a_day_that_is_no_day_is_refused(self):
        with self.assertRaises(UserError):
            self.reading.get_pairs("31/12/2025")
        future = fields.Date.to_string(self.today + timedelta(days=30))
        self.assertEqual(len(self.reading.get_pairs(future)["pairs"]), 1)
