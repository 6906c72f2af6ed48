"""The insurer covers nothing new for a customer that is late for too long."""

from datetime import timedelta

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.common import RecouvrementCommon


@tagged("post_install", "-at_install")
class TestInsuranceStop(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insurer = cls._make_customer("Assureur")
        cls.policy = cls.env["recouvrement.insurance.policy"].create(
            {
                "name": "P-9",
                "insurer_id": cls.insurer.id,
                "company_id": cls.company.id,
                "date_from": "2020-01-01",
                "stop_days": 60,
            }
        )
        cls.debtor = cls._make_debtor("Assuré", items=((1000, -61), (500, 20)))
        cls.debtor.insurance_policy_id = cls.policy
        cls.cover = cls._cover(cls.debtor, 5000)

    @classmethod
    def _cover(cls, debtor, amount, provider=None, **vals):
        return cls.env["recouvrement.cover"].create(
            {
                "debtor_id": debtor.id,
                "kind_id": cls.env.ref("recouvrement.cover_kind_named").id,
                "provider_id": (provider or cls.insurer).id,
                "amount": amount,
                "date_from": cls._day(-400),
                **vals,
            }
        )

    def _night(self):
        self.env["recouvrement.insurance.event"]._cron_propose()
        self.env["recouvrement.debtor"]._process_dirty()
        self.env.invalidate_all()

    def _parts(self):
        self.env["recouvrement.debtor"]._process_dirty()
        self.env.invalidate_all()
        return self.debtor.exposure_insured, self.debtor.exposure_own

    def _item_of(self, amount):
        moves = self.env["account.move"].search(
            [("partner_id", "=", self.debtor.partner_id.id)]
        )
        return self._items(moves.filtered(lambda move: move.amount_total == amount))

    def test_invoices_of_before_stay_insured_and_those_of_after_are_not(self):
        self.assertEqual(self._parts(), (1350, 150))
        self._night()
        self.assertEqual(self.cover.stopped_on, self.today)
        self.assertEqual(self._parts(), (1350, 150))
        self._make_invoice(
            self.debtor.partner_id, 300.0, due=40, invoice_date=self._day(1)
        )
        self.assertEqual(self._parts(), (1350, 450))
        self._make_invoice(self.debtor.partner_id, 100.0, due=30, post=False)
        self.assertEqual(self._parts(), (1350, 550))

    def test_a_limit_that_is_asked_for_is_not_insured(self):
        self.assertEqual(self.debtor._get_uninsured(2000), 200)
        self._night()
        self.assertEqual(self.debtor._get_uninsured(2000), 2000)

    def test_a_disputed_item_does_not_stop_the_cover(self):
        self._item_of(1000)._set_collection_status("disputed", "Quality")
        self._night()
        self.assertFalse(self.cover.stopped_on)

    def test_not_before_the_days_of_the_policy_and_never_with_none(self):
        self.policy.stop_days = 61
        self._night()
        self.assertFalse(self.cover.stopped_on)
        self.policy.stop_days = 0
        self._night()
        self.assertFalse(self.cover.stopped_on)

    def test_it_resumes_when_paid_where_the_policy_says_so(self):
        self._night()
        self._pay(self._item_of(1000).move_id)
        self.policy.stop_lifts = False
        self._night()
        self.assertTrue(self.cover.stopped_on)
        self.policy.stop_lifts = True
        self._night()
        self.assertFalse(self.cover.stopped_on)

    def test_a_newer_answer_of_the_insurer_starts_anew(self):
        self._night()
        self._make_invoice(
            self.debtor.partner_id, 300.0, due=40, invoice_date=self._day(1)
        )
        self.assertEqual(self._parts(), (1350, 450))
        self.policy.stop_days = 50
        newer = self._cover(self.debtor, 5000, date_from=self.today)
        self.assertEqual(self._parts(), (1620, 180))
        self._night()
        self.assertFalse(newer.stopped_on)

    def test_the_history_and_the_agenda_tell_it_once(self):
        self._night()
        self._night()
        events = self.debtor.event_ids.filtered(lambda one: "stopped" in one.summary)
        self.assertEqual(len(events), 1)
        self.assertIn("Overdue", events.detail)
        found = self.env["recouvrement.risk.item"].search(
            [("kind", "=", "cover_stopped"), ("debtor_id", "=", self.debtor.id)]
        )
        self.assertEqual((found.date, found.res_id), (self.today, self.cover.id))
        # The same night: became too late today, when the newer answer came.
        newer = self._cover(self.debtor, 5000, date_from=self.today)
        self._night()
        self.assertTrue(newer.stopped_on)

    def test_only_covers_of_the_insurer_and_the_legal_entity(self):
        theirs = self._cover(self.debtor, 700, self._make_customer("Autre assureur"))
        early = self._make_debtor("À l’heure", items=((1000, -10),))
        early.insurance_policy_id = self.policy
        good = self._cover(early, 900)
        company = self.setup_other_company()["company"]
        accounts = self.env["recouvrement.debtor"].sudo()
        values = {"partner_id": self.debtor.partner_id.id, "company_id": company.id}
        elsewhere = self._cover(accounts.create(values), 900)
        self._night()
        for cover in (theirs, good, elsewhere):
            self.assertFalse(cover.stopped_on)
        self.assertTrue(self.cover.stopped_on)

    def test_deciding_takes_the_same_queries_for_more_customers(self):
        policies = self.env["recouvrement.insurance.policy"].sudo()
        self._night()
        counts = []
        for number in range(2):
            for place in range(5 * number):
                one = self._make_debtor(f"Client {place}", items=((100, -5),))
                one.insurance_policy_id = self.policy
                self._cover(one, 900)
            self.env["recouvrement.debtor"]._process_dirty()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            policies._judge_covers()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_it_is_not_entered_by_hand(self):
        user = self._make_user("manager")
        with self.assertRaises(AccessError):
            self.cover.with_user(user).write(
                {"stopped_on": self.today - timedelta(days=1)}
            )
