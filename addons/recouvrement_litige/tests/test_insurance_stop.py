"""The automatic stop of cover: who is too late is not insured for what is new."""

from unittest.mock import patch

from odoo.tests import tagged

from .insolvency_common import InsolvencyCommon

DAYS = 60


@tagged("post_install", "-at_install")
class TestInsuranceStop(InsolvencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insurer = cls._make_customer("Assureur")
        cls.policy = cls._policy(cls.company)
        cls.events = cls.env["recouvrement.insurance.event"]

    @classmethod
    def _policy(cls, company):
        return cls.env["recouvrement.insurance.policy"].create(
            {
                "name": "P-1",
                "insurer_id": cls.insurer.id,
                "company_id": company.id,
                "date_from": "2020-01-01",
                "stop_days": DAYS,
            }
        )

    def _covered(self, *items, name="Assuré"):
        debtor = self._make_debtor(name, items=items)
        debtor.insurance_policy_id = self.policy
        return self._cover(debtor)

    def _cover(self, debtor, **vals):
        return self.env["recouvrement.cover"].create(
            {
                "debtor_id": debtor.id,
                "kind_id": self.env.ref("recouvrement.cover_kind_named").id,
                "provider_id": self.insurer.id,
                "amount": 10000,
                "share": 90,
                "date_from": self._day(-300),
                **vals,
            }
        )

    def _night(self):
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", return_value=600.0):
            self.events._cron_propose()
        self.env.flush_all()

    def _moves(self, cover):
        return self.env["account.move"].search(
            [("partner_id", "=", cover.customer_id.id), ("state", "=", "posted")]
        )

    def _told(self, cover):
        return self.env["recouvrement.event"].search(
            [("debtor_id", "=", cover.debtor_id.id), ("summary", "ilike", "Assureur")]
        )

    def test_from_the_first_day_after_the_days_of_the_policy(self):
        early = self._covered((1000, -DAYS))
        late = self._covered((1000, -DAYS - 1), (200, -DAYS - 5), name="En retard")
        self._night()
        self.assertFalse(early.stopped_on)
        self.assertEqual(late.stopped_on, self._day(-4))
        self.assertIn(str(DAYS), late.stop_reason)
        self.assertFalse(late.stopped_by_hand)
        self.assertEqual(late.debtor_id.exposure_insured, 1080)
        self._make_invoice(late.customer_id, 500, due=30)
        self.assertEqual(late.debtor_id.exposure_insured, 1080)
        self.assertEqual(late.debtor_id._get_uninsured(100), 100)
        self.assertEqual(early.debtor_id._get_uninsured(100), 10)

    def test_only_the_insurer_of_the_policy_and_covers_in_force(self):
        cover = self._covered((1000, -90))
        debtor = cover.debtor_id
        other = self._cover(debtor, provider_id=self.company.partner_id.id)
        ended = self._cover(debtor, date_to=self._day(-1))
        refused = self._cover(debtor, state="refused", date_from=self._day(-301))
        self._night()
        self.assertTrue(cover.stopped_on)
        self.assertFalse((other | ended | refused).filtered("stopped_on"))

    def test_an_answer_given_after_it_was_so_late_is_not_stopped_for_it(self):
        """The insurer knew; an older answer that it replaced is left alone."""
        old = self._covered((1000, -DAYS - 9))
        newer = self._cover(old.debtor_id, date_from=self._day(-2))
        self._night()
        self.assertFalse(newer.stopped_on)
        self.assertFalse(old.stopped_on)
        newer.date_from = self._day(-20)
        self._night()
        self.assertTrue(newer.stopped_on)
        self.assertFalse(old.stopped_on)

    def test_zero_days_never_stop(self):
        self.policy.stop_days = 0
        cover = self._covered((1000, -300))
        self._night()
        self.assertFalse(cover.stopped_on)

    def test_a_disputed_item_does_not_stop(self):
        cover = self._covered((1000, -90))
        self._items(self._moves(cover))._set_collection_status("disputed", "Quality")
        self._night()
        self.assertFalse(cover.stopped_on)
        self._items(self._moves(cover))._set_collection_status("to_chase", "Settled")
        self._night()
        self.assertEqual(cover.stopped_on, self._day(-29))

    def test_paid_it_comes_back_when_the_policy_says_so(self):
        cover = self._covered((1000, -90), (300, -5))
        self.policy.stop_lifts = False
        self._night()
        self._pay(self._moves(cover).filtered(lambda move: move.amount_total == 1000))
        self._night()
        self.assertTrue(cover.stopped_on)
        self.policy.stop_lifts = True
        self._night()
        self.assertFalse(cover.stopped_on)
        self.assertFalse(cover.stop_reason)
        self.assertEqual(cover.debtor_id._get_uninsured(100), 10)

    def test_the_same_night_twice_tells_once(self):
        cover = self._covered((1000, -90))
        cover.debtor_id.collector_id = self.env.user
        before = len(self._told(cover))
        self._night()
        self._night()
        self.assertEqual(len(self._told(cover)), before + 1)
        self.assertEqual(cover.activity_ids.user_id, self.env.user)
        self.assertEqual(len(cover.activity_ids), 1)
        self._pay(self._moves(cover))
        self._night()
        self._night()
        self.assertEqual(len(self._told(cover)), before + 2)
        self.assertFalse(cover.activity_ids)

    def test_what_a_manager_decided_stays(self):
        cover = self._covered((1000, -90))
        self._night()
        cover._resume_by_hand("The insurer agreed")
        self._night()
        self.assertFalse(cover.stopped_on)
        cover.sudo().resumed_on = self._day(-30)
        self._night()
        self.assertTrue(cover.stopped_on)
        paid = self._covered((100, -5), name="Payé")
        paid._stop_by_hand("Letter")
        self._night()
        self.assertEqual(paid.stopped_on, self.today)

    def test_each_company_by_its_policy(self):
        cover = self._covered((1000, -90))
        other = self.setup_other_company()["company"]
        debtor = self.env["recouvrement.debtor"].sudo()
        debtor = debtor.create(
            {"partner_id": cover.customer_id.id, "company_id": other.id}
        )
        debtor.insurance_policy_id = self._policy(other)
        theirs = self._cover(debtor)
        self._night()
        self.assertTrue(cover.stopped_on)
        self.assertFalse(theirs.stopped_on)

    def test_more_customers_cost_the_same(self):
        counts = []
        for wave, size in enumerate((2, 2, 8)):
            covers = [
                self._covered((1000, -90), name=f"Client {wave} {number}")
                for number in range(size)
            ]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["recouvrement.cover"].sudo()._stop_batch(self.today)
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            for cover in covers:
                self.assertTrue(cover.stopped_on)
        self.assertLessEqual(counts[2], counts[1] + 1)
