"""The list of refusals of credit keeps what the law asks: proven debts, a person, a
notice, an end; and it holds where an invoice is posted."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, new_test_user, tagged

from .common import RecouvrementCommon


@tagged("post_install", "-at_install")
class TestExclusion(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._make_debtor("Unpaid", [(1000, -40), (200, -35)])
        cls.customer = cls.debtor.partner_id
        cls.list = cls.env["recouvrement.exclusion"]
        cls._run_campaign().reminder_ids._confirm_sent()

    def _enter(self, **vals):
        return self.list.create(
            {"debtor_id": self.debtor.id, "facts": "Two reminders unanswered.", **vals}
        )

    def _listed(self):
        exclusion = self._enter()
        exclusion._inform(self._day(-16), "registered", "1A 000 000 0000 1")
        exclusion.action_list()
        return exclusion

    def _draft(self, amount=50):
        return self._make_invoice(self.customer, amount, due=30, post=False)

    # == What may be entered ==

    def test_the_proven_items_are_found_and_add_up(self):
        exclusion = self._enter()
        self.assertEqual(exclusion.amount, 1200)
        self.assertEqual(len(exclusion.line_ids), 2)

    def test_what_was_never_reminded_is_not_proven(self):
        fresh = self._make_debtor("Never reminded", [(500, -40)])
        with self.assertRaisesRegex(UserError, "Never reminded"):
            self._enter(debtor_id=fresh.id)

    def test_what_is_disputed_is_not_proven(self):
        for line in self._enter().line_ids:
            line._set_collection_status("disputed", "Never delivered")
        self.list.search([("debtor_id", "=", self.debtor.id)]).unlink()
        with self.assertRaises(UserError):
            self._enter()

    def test_an_invoice_not_due_is_not_proven(self):
        self._make_invoice(self.customer, 9000, due=20)
        self.assertEqual(self._enter().amount, 1200)

    def test_a_program_enters_nobody(self):
        bot = self.env.ref("base.user_root")
        with self.assertRaisesRegex(UserError, "A person decides"):
            self.list.with_user(bot).create(
                {"debtor_id": self.debtor.id, "facts": "Score too low."}
            )

    # == Time to react ==

    def test_nobody_is_listed_without_being_told(self):
        with self.assertRaisesRegex(UserError, "Inform the customer"):
            self._enter().action_list()

    def test_nobody_is_listed_before_the_time_to_react_is_over(self):
        exclusion = self._enter()
        exclusion._inform(self.today, "letter", "")
        self.assertEqual(exclusion.date_reaction, self._day(15))
        with self.assertRaises(UserError):
            exclusion.action_list()
        with freeze_time(self._day(15)), self.assertRaises(UserError):
            exclusion.action_list()
        with freeze_time(self._day(16)):
            exclusion.action_list()
        self.assertEqual(exclusion.state, "listed")

    def test_the_notice_sent_from_here_counts_as_the_information(self):
        exclusion = self._enter()
        context = exclusion.action_write_notice()["context"]
        composer = self.env["mail.compose.message"].with_context(**context).create({})
        self.assertIn("1,000.00", composer.body)
        composer._action_send_mail()
        self.assertEqual(exclusion.state, "informed")
        self.assertEqual(exclusion.informed_by, "email")

    def test_what_was_paid_or_disputed_meanwhile_is_looked_at_again(self):
        exclusion = self._enter()
        exclusion._inform(self._day(-16), "letter", "")
        for line in exclusion.line_ids:
            line._set_collection_status("disputed", "Never delivered")
        with self.assertRaisesRegex(UserError, "proven any more"):
            exclusion.action_list()

    # == Effect ==

    def test_an_invoice_of_a_listed_customer_waits_for_a_person(self):
        self.assertFalse(self.debtor.credit_refused)
        self._listed()
        self.debtor.invalidate_recordset(["credit_refused"])
        self.assertTrue(self.debtor.credit_refused)
        move = self._draft()
        with self.assertRaisesRegex(UserError, "cash only"):
            move.action_post()
        self.env["recouvrement.credit.release"]._request(move, "Paid in advance")
        move.action_post()
        self.assertEqual(move.state, "posted")

    def test_a_collector_releases_nothing_of_a_listed_customer(self):
        self._listed()
        collector = new_test_user(
            self.env,
            "exclusion_collector",
            groups="recouvrement.group_collector,account.group_account_invoice",
        )
        self.debtor.collector_id = collector
        move = self._draft().with_user(collector)
        release = self.env["recouvrement.credit.release"].with_user(collector)
        self.assertEqual(release._request(move, "Please").state, "requested")
        with self.assertRaisesRegex(UserError, "cash only"):
            move.action_post()

    def test_who_was_only_told_still_buys_on_credit(self):
        self._enter()._inform(self.today, "letter", "")
        self._draft().action_post()

    def test_the_search_finds_who_is_listed(self):
        self._listed()
        debtors = self.env["recouvrement.debtor"]
        self.assertIn(self.debtor, debtors.search([("credit_refused", "=", True)]))
        self.assertNotIn(self.debtor, debtors.search([("credit_refused", "=", False)]))

    # == End ==

    def test_what_is_paid_is_erased_the_night_after(self):
        exclusion = self._listed()
        for move in exclusion.line_ids.move_id:
            self._pay(move, move.amount_residual)
        self.assertTrue(exclusion.is_paid)
        self._draft().action_post()
        self.list._cron_erase()
        self.assertFalse(exclusion.exists())
        self.assertFalse(
            self.env["mail.message"].search(
                [("model", "=", self.list._name), ("res_id", "=", exclusion.id)]
            )
        )

    def test_what_is_paid_in_part_stays(self):
        exclusion = self._listed()
        self._pay(exclusion.line_ids.move_id[0], 100)
        self.list._cron_erase()
        self.assertTrue(exclusion.exists())

    def test_what_is_never_paid_is_erased_after_the_years_of_the_company(self):
        exclusion = self._listed()
        years = self.company.recouvrement_exclusion_years
        self.assertEqual(exclusion.date_limit.year, self.today.year + years)
        with freeze_time(exclusion.date_limit):
            self.list._cron_erase()
            self.assertTrue(exclusion.exists())
        with freeze_time(exclusion.date_limit + timedelta(days=1)):
            self.list._cron_erase()
            self.assertFalse(exclusion.exists())

    # == Who looks ==

    def test_whoever_reads_leaves_a_trace_once_a_day(self):
        exclusion = self._listed()
        auditor = new_test_user(
            self.env,
            "exclusion_auditor",
            groups="recouvrement.group_auditor,base.group_allow_export",
        )
        seen = exclusion.with_user(auditor)
        seen.read(["facts"])
        seen.web_read({"facts": {}})
        seen.export_data(["facts"])
        log = exclusion.sudo().access_ids.filtered(lambda one: one.user_id == auditor)
        self.assertEqual(sorted(log.mapped("kind")), ["export", "read"])

    def test_who_sells_sees_the_verdict_and_not_the_list(self):
        self._listed()
        seller = new_test_user(
            self.env, "exclusion_seller", groups="recouvrement.group_salesperson"
        )
        self.debtor.partner_id.user_id = seller
        self.assertTrue(self.debtor.with_user(seller).credit_refused)
        with self.assertRaises(AccessError):
            self.list.with_user(seller).search([("debtor_id", "=", self.debtor.id)])
