"""Limit dates: from the ledger and from recorded facts, told in time, explained."""

from datetime import date

from dateutil.relativedelta import relativedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .access_common import AccessCommon
from .common import RecouvrementCommon


class PrescriptionCommon(RecouvrementCommon):
    @classmethod
    def _kind(cls, code):
        return cls.env.ref(f"recouvrement.prescription_kind_{code}")

    @classmethod
    def _record(cls, debtor, code, day, **vals):
        return cls.env["recouvrement.prescription.event"].create(
            {
                "debtor_id": debtor.id,
                "kind_id": cls._kind(code).id,
                "date": cls._day(day),
                **vals,
            }
        )

    @classmethod
    def _item(cls, debtor):
        return cls.env["recouvrement.open.item"].search(
            [("debtor_id", "=", debtor.id)], limit=1
        )

    def _limit(self, debtor):
        self.env["recouvrement.debtor"]._process_dirty()
        item = self._item(debtor)
        return item.limit_date, item.limit_date_possible


@tagged("post_install", "-at_install")
class TestPrescription(PrescriptionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.due = cls._day(-400)
        cls.debtor = cls._make_debtor(items=((1000.0, cls.due),))

    def test_the_limit_date_follows_the_due_date_by_five_years_between_traders(self):
        expected = self.due + relativedelta(years=5)
        self.assertEqual(self._limit(self.debtor), (expected, expected))
        self.assertEqual(self.debtor.first_limit_date, expected)

    def test_a_consumer_has_two_years(self):
        person = self._make_debtor(
            "Jeanne Petit", items=((80.0, self.due),), is_company=False
        )
        self.assertEqual(self._limit(person)[0], self.due + relativedelta(years=2))

    def test_a_public_body_has_four_years_from_the_next_january(self):
        tag = self.env.ref("recouvrement.tag_public_body")
        town = self._make_debtor(
            "Mairie", items=((80.0, self.due),), category_id=tag.ids
        )
        expected = date(self.due.year + 4, 12, 31)
        self.assertEqual(self._limit(town)[0], expected)

    def test_a_partial_payment_moves_only_the_possible_date(self):
        self._pay(self._item(self.debtor).move_id, 100.0, day=-30)
        safe, possible = self._limit(self.debtor)
        self.assertEqual(safe, self.due + relativedelta(years=5))
        self.assertEqual(possible, self._day(-30) + relativedelta(years=5))

    def test_a_credit_note_is_no_act_of_the_debtor(self):
        invoice = self._item(self.debtor).move_id
        credit = self._make_credit_note(self.debtor.partner_id, 100.0)
        self._items(invoice | credit).reconcile()
        expected = self.due + relativedelta(years=5)
        self.assertEqual(self._limit(self.debtor), (expected, expected))

    def test_a_certain_event_moves_the_safe_date_and_void_moves_it_back(self):
        event = self._record(self.debtor, "payment_order", -20)
        moved = self._day(-20) + relativedelta(years=5)
        self.assertEqual(self._limit(self.debtor), (moved, moved))
        event._set_void("Order lapsed")
        before = self.due + relativedelta(years=5)
        self.assertEqual(self._limit(self.debtor), (before, before))

    def test_a_formal_notice_moves_nothing(self):
        """Cass. com. 18/05/2022, n° 20-23.204."""
        self._record(self.debtor, "formal_notice", -20)
        expected = self.due + relativedelta(years=5)
        self.assertEqual(self._limit(self.debtor), (expected, expected))

    def test_a_written_demand_counts_for_public_bodies_only(self):
        self._record(self.debtor, "written_demand", -20, certainty="certain")
        self.assertEqual(self._limit(self.debtor)[0], self.due + relativedelta(years=5))
        tag = self.env.ref("recouvrement.tag_public_body")
        town = self._make_debtor(
            "Mairie", items=((80.0, self.due),), category_id=tag.ids
        )
        self._record(town, "written_demand", -20, certainty="certain")
        self.assertEqual(self._limit(town)[0], date(self._day(-20).year + 4, 12, 31))

    def test_an_event_about_one_item_leaves_the_others(self):
        other = self._make_invoice(self.debtor.partner_id, 500.0, due=-300)
        self._record(self.debtor, "enforcement", -10, line_ids=self._items(other).ids)
        self.env["recouvrement.debtor"]._process_dirty()
        self.assertEqual(
            self._items(other).limit_date, self._day(-10) + relativedelta(years=5)
        )
        first = self._item(self.debtor)
        self.assertEqual(first.limit_date, self.due + relativedelta(years=5))
        self.assertEqual(self.debtor.first_limit_date, first.limit_date)

    def test_an_event_before_a_document_does_not_concern_it(self):
        """Nothing interrupts a delay that had not begun."""
        self._record(self.debtor, "court_claim", -350)
        late = self._make_invoice(self.debtor.partner_id, 500.0, due=-300)
        self.env["recouvrement.debtor"]._process_dirty()
        self.assertEqual(
            self._items(late).limit_date, self._day(-300) + relativedelta(years=5)
        )

    def test_a_title_gives_ten_years(self):
        self._record(self.debtor, "title", -5)
        self.assertEqual(
            self._limit(self.debtor)[0], self._day(-5) + relativedelta(years=10)
        )

    def test_credits_have_no_limit_date(self):
        self._make_credit_note(self.debtor.partner_id, 5000.0)
        self.env["recouvrement.debtor"]._process_dirty()
        credit = self.env["recouvrement.open.item"].search(
            [("debtor_id", "=", self.debtor.id), ("amount_residual", "<", 0)]
        )
        self.assertFalse(credit.limit_date)
        with self.assertRaisesRegex(UserError, "credit is owed"):
            credit.action_explain_limit()

    def test_an_item_of_unknown_age_has_none(self):
        opening = self._make_opening(self.debtor.partner_id, 300.0, due=-50)
        opening.takeover_age_unknown = True
        self.debtor._refresh_limit_dates(self.debtor.partner_id.ids)
        self.assertFalse(opening.limit_date)

    def test_the_regime_kept_on_the_invoice_decides(self):
        """The invoice was posted under its regime: what changes later on the debtor
        does not move its date."""
        before = self._limit(self.debtor)
        self.debtor.forced_regime_id = self.env.ref("recouvrement.regime_fr_consumer")
        self.assertEqual(self._limit(self.debtor), before)

    def test_a_paid_item_is_no_longer_the_first(self):
        later = self._make_invoice(self.debtor.partner_id, 500.0, due=-100)
        self._pay(self._item(self.debtor).move_id)
        self.env["recouvrement.debtor"]._process_dirty()
        self.assertEqual(
            self.debtor.first_limit_date, self._day(-100) + relativedelta(years=5)
        )
        self._pay(later)
        self.env["recouvrement.debtor"]._process_dirty()
        self.assertFalse(self.debtor.first_limit_date)

    def test_the_number_of_statements_does_not_grow_with_the_items(self):
        big = self._make_debtor("Big", items=[(10.0, -30 - n) for n in range(30)])
        self.env["recouvrement.debtor"]._process_dirty()
        self.env.flush_all()
        with self.assertQueryCount(2):
            self.debtor._refresh_limit_dates(big.partner_id.ids)

    def test_the_whole_ledger_again_gives_the_same(self):
        before = self._limit(self.debtor)
        self.env.cr.execute("UPDATE account_move_line SET limit_date = NULL")
        self.env["account.move.line"].invalidate_model(["limit_date"])
        batches = list(self.env["recouvrement.debtor"]._refresh_all_limit_dates())
        self.assertTrue(batches)
        self.assertEqual(self._limit(self.debtor), before)

    # ------------------------------------------------------------------
    # ENTERING FACTS
    # ------------------------------------------------------------------

    def test_facts_are_kept(self):
        event = self._record(self.debtor, "acknowledgement", -3)
        with self.assertRaisesRegex(UserError, "kept"):
            event.sudo().unlink()
        with self.assertRaisesRegex(UserError, "why"):
            event._set_void("  ")
        kinds = self.debtor.event_ids.mapped("kind")
        self.assertIn("prescription", kinds)

    def test_a_fact_of_tomorrow_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "not happened"):
            self._record(self.debtor, "acknowledgement", 1)

    def test_items_of_another_customer_are_refused(self):
        stranger = self._make_debtor("Autre")
        with self.assertRaisesRegex(ValidationError, "not of"):
            self._record(
                self.debtor,
                "enforcement",
                -3,
                line_ids=self._item(stranger).move_line_id.ids,
            )

    def test_the_kind_gives_the_certainty(self):
        form = Form(
            self.env["recouvrement.prescription.event"].with_context(
                default_debtor_id=self.debtor.id
            )
        )
        form.kind_id = self._kind("acknowledgement")
        self.assertEqual(form.certainty, "possible")
        form.kind_id = self._kind("enforcement")
        self.assertEqual(form.certainty, "certain")

    def test_the_explanation_shows_each_fact(self):
        self._record(self.debtor, "payment_order", -20)
        item = self._item(self.debtor)
        wizard = self.env["recouvrement.prescription.explanation"].create(
            {"move_line_id": item.id}
        )
        self.assertEqual(wizard.limit_date, item.limit_date)
        self.assertIn("Service of a payment order", wizard.trail)
        self.assertIn("5 years", wizard.term)
        self.assertEqual(
            wizard.action_add_event()["context"]["default_line_ids"], item.ids
        )


@tagged("post_install", "-at_install")
class TestPrescriptionAlerts(PrescriptionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls._make_user("collector")
        # Five years minus 80 days ago: the alert of 3 months is reached, not that of 1.
        cls.due = cls.today - relativedelta(years=5) + relativedelta(days=80)
        cls.debtor = cls._make_debtor(items=((1000.0, cls.due), (50.0, -10)))
        cls.debtor.collector_id = cls.collector
        cls.debtor._process_dirty()

    def _alerts(self):
        return self.debtor.activity_ids.filtered(
            lambda activity: (
                activity.activity_type_id
                == self.env.ref("mail.mail_activity_data_warning")
            )
        )

    def _announce(self):
        self.env["recouvrement.debtor"]._announce_limit_dates(100)

    def test_one_activity_names_the_item_for_the_collector(self):
        self._announce()
        alert = self._alerts()
        self.assertEqual(len(alert), 1)
        self.assertEqual(alert.user_id, self.collector)
        invoice = self.env["recouvrement.open.item"].search(
            [("debtor_id", "=", self.debtor.id), ("date_due", "=", self.due)]
        )
        self.assertIn(invoice.name, alert.note)

    def test_a_second_run_announces_nothing_twice(self):
        self._announce()
        self._announce()
        self.assertEqual(len(self._alerts()), 1)

    def test_the_next_distance_is_announced_again(self):
        self._announce()
        item = self.env["recouvrement.open.item"].search(
            [("debtor_id", "=", self.debtor.id), ("date_due", "=", self.due)]
        )
        self.assertEqual(item.move_line_id.limit_alerted, 3)
        near = self.today - relativedelta(years=5) + relativedelta(days=20)
        item.move_line_id.date_maturity = near
        self.debtor._process_dirty()
        self._announce()
        self.assertEqual(len(self._alerts()), 2)

    def test_a_date_moved_away_is_announced_again_in_its_time(self):
        self._announce()
        self._record(self.debtor, "enforcement", 0)
        self.debtor._process_dirty()
        item = self._items(
            self.env["recouvrement.open.item"]
            .search([("debtor_id", "=", self.debtor.id), ("date_due", "=", self.due)])
            .move_id
        )
        self.assertFalse(item.limit_alerted)

    def test_paid_items_are_not_announced(self):
        item = self.env["recouvrement.open.item"].search(
            [("debtor_id", "=", self.debtor.id), ("date_due", "=", self.due)]
        )
        self._pay(item.move_id)
        self.debtor._process_dirty()
        self._announce()
        self.assertFalse(self._alerts())


@tagged("post_install", "-at_install")
class TestPrescriptionAccess(AccessCommon, PrescriptionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own_event = cls._record(cls.own, "acknowledgement", -3)
        cls.foreign_event = cls._record(cls.foreign, "acknowledgement", -3)

    def test_each_role_sees_the_events_of_its_portfolio(self):
        expected = {
            "salesperson": self.own_event,
            "collector": self.own_event,
            "accountant": self.own_event | self.foreign_event,
            "auditor": self.own_event | self.foreign_event,
            "manager": self.own_event | self.foreign_event,
        }
        for role, events in expected.items():
            with self.subTest(role=role):
                both = self.own_event | self.foreign_event
                found = self._as(both.browse(), role).search([("id", "in", both.ids)])
                self.assertEqual(found, events)

    def test_auditors_and_salespeople_void_nothing(self):
        for role in ("auditor", "salesperson"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._as(self.own_event, role)._set_void("Because")

    def test_void_is_not_written_by_hand(self):
        with self.assertRaises(AccessError):
            self._rpc("manager", self.own_event, "write", {"is_void": True})

    def test_another_companys_events_stay_there(self):
        event = self._record(self.elsewhere, "acknowledgement", -3)
        for role in ("collector", "manager", "accountant", "auditor"):
            with self.subTest(role=role):
                found = self._as(event.browse(), role).search([("id", "=", event.id)])
                self.assertFalse(found)
