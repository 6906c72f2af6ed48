"""Covers: what insurers and guarantors bear, and what is left to us."""

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_credit_limit import CreditCommon


@tagged("post_install", "-at_install")
class TestCover(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insurer, cls.bank = cls.env["res.partner"].create(
            [{"name": "Insurer"}, {"name": "Bank"}]
        )

    def _cover(self, kind, amount, **vals):
        insured = kind in ("named", "unnamed")
        return self.env["recouvrement.cover"].create(
            {
                "debtor_id": self.debtor.id,
                "kind_id": self.env.ref(f"recouvrement.cover_kind_{kind}").id,
                "provider_id": (self.insurer if insured else self.bank).id,
                "amount": amount,
                **vals,
            }
        )

    def _parts(self):
        return (
            self.debtor.exposure_guaranteed,
            self.debtor.exposure_insured,
            self.debtor.exposure_own,
        )

    def test_the_parts_add_up_to_the_exposure(self):
        self.assertEqual(self._parts(), (0, 0, 800))
        self._cover("named", 500)
        self.assertEqual(self._parts(), (0, 450, 350))
        self._cover("bank", 400)
        self.assertEqual(self._parts(), (400, 360, 40))
        self._cover("deposit", 1000)
        self.assertEqual(self._parts(), (800, 0, 0))

    def test_the_newest_answer_of_an_insurer_counts(self):
        self._cover("unnamed", 300, date_from=self.today - timedelta(days=20))
        self.assertEqual(self._parts(), (0, 270, 530))
        self._cover("named", 600, date_from=self.today - timedelta(days=10))
        self.assertEqual(self._parts(), (0, 540, 260))
        self._cover("named", 0, state="refused")
        self.assertEqual(self._parts(), (0, 0, 800))

    def test_reduced_and_cancelled_from_their_day(self):
        cover = self._cover("named", 600)
        tomorrow = self.today + timedelta(days=1)
        cover.write(
            {"state": "reduced", "amount_reduced": 100, "date_effect": tomorrow}
        )
        self.assertEqual(self._parts(), (0, 540, 260))
        cover.date_effect = self.today
        self.assertEqual(self._parts(), (0, 90, 710))
        cover.write({"state": "cancelled", "date_effect": tomorrow})
        self.assertEqual(self._parts(), (0, 540, 260))
        self.assertTrue(cover.is_valid)
        cover.date_effect = self.today
        self.assertEqual(self._parts(), (0, 0, 800))
        self.assertFalse(cover.is_valid)

    def test_only_between_its_days(self):
        cover = self._cover("bank", 400, date_from=self.today + timedelta(days=1))
        self.assertEqual(self._parts(), (0, 0, 800))
        cover.date_from = self.today - timedelta(days=9)
        self.assertEqual(self._parts(), (400, 0, 400))
        cover.date_to = self.today - timedelta(days=1)
        self.assertEqual(self._parts(), (0, 0, 800))
        cover.unlink()
        self.assertEqual(self._parts(), (0, 0, 800))

    def test_an_invoice_with_too_long_a_term_is_not_insured(self):
        """Term counted from the invoice, to the day; the shortest of the insurers."""
        days = 90
        self._make_invoice(self.customer, 200, due=-30)
        self._make_invoice(self.customer, 100, due=days)
        self.assertEqual(self.debtor.exposure_amount, 1100)
        cover = self._cover("named", 2000, max_credit_days=days)
        self.assertEqual(self._parts(), (0, 990, 110))
        cover.max_credit_days = days - 1
        self.assertEqual(self._parts(), (0, 900, 200))
        cover.max_credit_days = 0
        self.assertEqual(self._parts(), (0, 990, 110))
        self._cover("named", 1000, provider_id=self.bank.id, max_credit_days=days - 1)
        self.assertEqual(self._parts(), (0, 900, 200))

    def test_an_amount_in_another_currency(self):
        currency = self.env["res.currency"].create(
            {
                "name": "XCV",
                "symbol": "X",
                "rate_ids": [(0, 0, {"name": "2020-01-01", "rate": 4})],
            }
        )
        self._cover("bank", 1000, currency_id=currency.id)
        self.assertEqual(self._parts(), (250, 0, 550))

    def test_a_guarantee_leaves_room_under_the_limit_and_insurance_does_not(self):
        self._limit(1000)
        self._cover("named", 5000)
        with self.assertRaises(UserError):
            self._draft(500).action_post()
        self._cover("bank", 400)
        self._draft(500).action_post()
        self.assertEqual(self.debtor.limit_excess, -100)

    def test_guarantees_are_off_the_exposure_that_is_told(self):
        """Limit and excess make the exposure, for a customer as for its group."""
        self._cover("bank", 300)
        pair = self.customer.id, self.company.id
        for for_group in (False, True):
            limit = self._limit(400, for_group=for_group)
            [excess] = (
                self.env["recouvrement.credit.verdict"]._get_excesses({pair}).values()
            )
            with self.subTest(for_group=for_group):
                self.assertEqual(excess.for_group, for_group)
                self.assertEqual(
                    (excess.exposure, excess.limit, excess.amount), (500, 400, 100)
                )
            limit.action_end()

    def test_the_uninsured_part_of_an_amount(self):
        self.assertEqual(self.debtor._get_uninsured(1000), 1000)
        self._cover("named", 500)
        self._cover("bank", 100)
        self.assertEqual(self.debtor._get_uninsured(1000), 450)
        self.assertEqual(self.debtor._get_uninsured(300), 20)
        self.assertEqual(self.debtor._get_uninsured(50), 0)

    def test_a_collector_reads_and_does_not_enter(self):
        collector = self._user("collector")
        self.debtor.collector_id = collector
        cover = self._cover("bank", 400)
        self.assertEqual(cover.with_user(collector).amount, 400)
        with self.assertRaises(AccessError):
            cover.with_user(collector).amount = 5000

    def test_what_makes_no_sense_is_refused(self):
        for vals in ({"amount": -1}, {"share": 101}, {"state": "cancelled"}):
            with (
                self.subTest(vals=vals),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._cover("bank", **{"amount": 5, **vals})
        with self.assertRaises(ValidationError):
            self._cover(
                "bank",
                5,
                state="reduced",
                amount_reduced=5,
                date_effect=self.today,
            )
