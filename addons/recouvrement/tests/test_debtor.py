"""Debtor accounts: opened by themselves, totals equal to the ledger (N0.9, N4.1)."""

from unittest.mock import patch

from psycopg2.errors import UniqueViolation

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import RecouvrementCommon


@tagged("post_install", "-at_install")
class TestDebtor(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._make_customer("Debtor SARL")

    def _assert_ledger(self):
        self.assertFalse(
            self.env["recouvrement.debtor"]._check_totals_against_ledger(),
            "The cached totals differ from the ledger",
        )

    def test_an_account_opens_with_the_first_item(self):
        self.assertFalse(self._debtor(self.partner))
        self._make_invoice(self.partner, 100, due=-3)
        debtor = self._debtor(self.partner)
        self.assertRecordValues(
            debtor,
            [
                {
                    "company_id": self.company.id,
                    "open_amount": 100,
                    "overdue_amount": 100,
                    "not_due_amount": 0,
                    "days_overdue": 3,
                    "open_item_count": 1,
                    "segment_id": self.env.ref("recouvrement.segment_company").id,
                    "policy_id": self.policy.id,
                }
            ],
        )

    def test_a_draft_invoice_owes_nothing(self):
        self._make_invoice(self.partner, 100, due=-3, post=False)
        self.assertFalse(self._debtor(self.partner))

    def test_an_item_due_today_is_not_overdue(self):
        self._make_invoice(self.partner, 100, due=0)
        self.assertRecordValues(
            self._debtor(self.partner),
            [{"overdue_amount": 0, "not_due_amount": 100, "days_overdue": 0}],
        )

    def test_posting_leaves_promises_plans_and_requests_alone(self):
        """They are refreshed for debtors that are marked, not at each posting; so are
        the regime and the substitute."""
        debtor = self._make_debtor()
        debtor._process_dirty()
        with (
            self._watch("_refresh_agreements") as agreements,
            self._watch("_refresh_assignments") as assignments,
        ):
            self._make_invoice(debtor.partner_id, 500.0)
            self.assertEqual(debtor.open_amount, 1500.0)
            agreements.assert_not_called()
            assignments.assert_not_called()
            debtor._mark_dirty_debtors(debtor.ids)
            debtor._process_dirty()
            agreements.assert_called_once()
            assignments.assert_called_once()

    def _watch(self, name):
        return patch.object(
            type(self.env["recouvrement.debtor"]), name, autospec=True, return_value=0
        )

    def test_a_new_account_has_its_regime_and_is_judged_once(self):
        debtors = self.env["recouvrement.debtor"]
        invoice = self._make_invoice(self.partner, 100, due=-400)
        before = self.env.cr.sql_log_count
        debtors._process_dirty()
        self.assertGreater(self.env.cr.sql_log_count, before)
        before = self.env.cr.sql_log_count
        debtors._process_dirty()
        self.assertEqual(self.env.cr.sql_log_count, before, "nothing is left to do")
        debtor = self._debtor(self.partner)
        self.assertTrue(debtor.regime_id)
        self.assertGreater(debtor.priority_score, 0)
        limits = invoice.line_ids.mapped("limit_date")
        self.assertEqual([debtor.first_limit_date], [day for day in limits if day])

    def test_totals_follow_the_ledger_within_the_transaction(self):
        invoice = self._make_invoice(self.partner, 1000, due=-20)
        debtor = self._debtor(self.partner)
        self.assertEqual(debtor.open_amount, 1000)
        self._pay(invoice, 400)
        self.assertEqual(debtor.open_amount, 600)
        self.assertEqual(debtor.last_payment_amount, 400)
        credit = self._make_invoice(self.partner, 100, due=0, move_type="out_refund")
        self.assertRecordValues(
            debtor, [{"open_amount": 500, "overdue_amount": 600, "credit_amount": 100}]
        )
        (self._items(invoice) | self._items(credit)).reconcile()
        self.assertRecordValues(debtor, [{"open_amount": 500, "credit_amount": 0}])
        self._items(invoice).remove_move_reconcile()
        self.assertEqual(debtor.open_amount, 500)
        invoice.button_draft()
        self.assertEqual(debtor.overdue_amount, 0)
        self._assert_ledger()

    def test_deleting_and_redating_are_noticed(self):
        invoice = self._make_invoice(self.partner, 100, due=-5)
        debtor = self._debtor(self.partner)
        self._items(invoice).date_maturity = self._day(5)
        self.assertRecordValues(debtor, [{"overdue_amount": 0, "not_due_amount": 100}])
        invoice.button_draft()
        invoice.with_context(force_delete=True).unlink()
        self.assertEqual(debtor.open_amount, 0)
        self._assert_ledger()

    def test_contacts_share_the_account_of_their_company(self):
        contact = self._make_customer(
            "Branch of debtor", parent_id=self.partner.id, is_company=False
        )
        self._make_invoice(contact, 100, due=-5)
        self._make_invoice(self.partner, 50, due=-5)
        self.assertEqual(self._debtor(self.partner).open_amount, 150)
        self.assertFalse(contact.debtor_ids)

    def test_branches_share_the_account_of_their_legal_entity(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.cr.precommit.run()  # loads the chart of accounts of the branch
        self.env.user.company_ids |= branch
        self._make_invoice(self.partner, 100, due=-5)
        move = (
            self.env["account.move"]
            .with_company(branch)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": branch.id,
                    "partner_id": self.partner.id,
                    "invoice_date": self._day(-5),
                    "invoice_payment_term_id": self.immediate.id,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Service", "price_unit": 40, "tax_ids": False}
                        )
                    ],
                }
            )
        )
        move.action_post()
        debtor = self._debtor(self.partner)
        self.assertEqual(debtor.company_id, self.company)
        self.assertEqual(debtor.open_amount, 140)
        item = self.env["recouvrement.open.item"].browse(self._items(move).id)
        self.assertRecordValues(
            item,
            [{"company_id": branch.id, "debtor_company_id": self.company.id}],
        )

    def test_an_archived_partner_still_owes(self):
        self._make_invoice(self.partner, 100, due=-5)
        self.partner.active = False
        debtor = self._debtor(self.partner)
        self.assertTrue(debtor.active)
        self.assertEqual(debtor.display_name, "Debtor SARL")
        self.assertEqual(debtor.open_amount, 100)

    def test_foreign_items_are_totalled_in_company_currency(self):
        usd = self.setup_other_currency("EUR")
        self._make_invoice(self.partner, 100, due=-5, currency_id=usd.id)
        self.assertEqual(self._debtor(self.partner).open_amount, 50)
        self._assert_ledger()

    # == Contact and defects ==

    def test_the_collection_contact_wins(self):
        self._make_invoice(self.partner, 100, due=-5)
        debtor = self._debtor(self.partner)
        self.assertEqual(debtor.contact_id, self.partner)
        invoice_contact = self._make_customer(
            "Invoices", parent_id=self.partner.id, type="invoice", is_company=False
        )
        self.assertEqual(debtor.contact_id, invoice_contact)
        collection = self._make_customer(
            "Payables", parent_id=self.partner.id, type="collection", is_company=False
        )
        self.assertEqual(debtor.contact_id, collection)
        chosen = self._make_customer(
            "Chosen", parent_id=self.partner.id, is_company=False
        )
        debtor.collection_contact_id = chosen
        self.assertEqual(debtor.contact_id, chosen)

    def test_defects_are_seen_and_go_away(self):
        partner = self._make_customer("Defective", email=False, zip=False)
        self._make_invoice(partner, 100, due=-5)
        debtor = self._debtor(partner)
        debtor.collector_id = False
        self.assertRecordValues(
            debtor,
            [
                {
                    "missing_email": True,
                    "missing_address": True,
                    "missing_collector": True,
                    "has_defect": True,
                }
            ],
        )
        partner.write({"email": "x@example.com", "zip": "75001"})
        debtor.collector_id = self.env.user
        self.assertFalse(debtor.has_defect)

    # == Policy and priority ==

    def test_an_imposed_policy_wins_over_the_rules(self):
        self._make_invoice(self.partner, 100, due=-5)
        debtor = self._debtor(self.partner)
        imposed = self.env.ref("recouvrement.policy_public")
        debtor.forced_policy_id = imposed
        self.assertEqual(debtor.policy_id, imposed)
        debtor.forced_policy_id = False
        self.assertEqual(debtor.policy_id, self.policy)

    def test_policies_are_given_by_segment_country_and_amount(self):
        big = self.policy.copy(
            {
                "name": "Big Belgian debts",
                "sequence": -1,
                "country_ids": [(6, 0, self.env.ref("base.be").ids)],
                "min_open_amount": 1000,
            }
        )
        belgian = self._make_customer(
            "Brussels SA", country_id=self.env.ref("base.be").id
        )
        self._make_invoice(belgian, 999, due=-5)
        self.assertEqual(self._debtor(belgian).policy_id, self.policy)
        self._make_invoice(belgian, 1, due=-5)
        self.assertEqual(self._debtor(belgian).policy_id, big)

    def test_priority_rises_with_amount_and_age(self):
        self._make_invoice(self.partner, 9000, due=0)
        debtor = self._debtor(self.partner)
        self.assertEqual((debtor.priority_score, debtor.priority), (0, "0"))
        self._make_invoice(self.partner, 6000, due=-30)
        self.assertEqual((debtor.priority_score, debtor.priority), (20, "1"))

    def test_segment_follows_the_tags(self):
        tags = {
            "tag_public_body": "segment_public",
            "tag_property_manager": "segment_property_manager",
            "tag_key_account": "segment_key_account",
        }
        for tag, segment in tags.items():
            partner = self._make_customer(tag)
            partner.category_id = self.env.ref(f"recouvrement.{tag}")
            self._make_invoice(partner, 10, due=-1)
            self.assertEqual(
                self._debtor(partner).segment_id,
                self.env.ref(f"recouvrement.{segment}"),
            )
        person = self._make_customer("Mme Dupont", is_company=False, vat=False)
        self._make_invoice(person, 10, due=-1)
        self.assertEqual(
            self._debtor(person).segment_id,
            self.env.ref("recouvrement.segment_consumer"),
        )

    # == Status, hold, history ==

    def test_a_status_needs_a_reason(self):
        item = self._items(self._make_invoice(self.partner, 100, due=-5))
        with self.assertRaises(UserError):
            item._set_collection_status("disputed", " ")
        with self.assertRaises(UserError):
            item.write({"collection_mark": "disputed"})
        self.assertEqual(item.collection_status, "to_chase")

    def test_only_receivables_have_a_status(self):
        move = self._make_invoice(self.partner, 100, due=-5)
        product_line = move.line_ids - self._items(move)
        self.assertEqual(set(product_line.mapped("collection_status")), {False})
        with self.assertRaises(UserError):
            product_line._set_collection_status("disputed", "x")

    def test_excluded_is_odoos_no_followup(self):
        item = self._items(self._make_invoice(self.partner, 100, due=-5))
        item._set_collection_status("excluded", "goodwill")
        self.assertTrue(item.no_followup)
        item._set_collection_status("to_chase", "goodwill over")
        self.assertFalse(item.no_followup)
        item.no_followup = True
        self.assertEqual(item.collection_status, "excluded")

    def test_an_item_paid_before_the_addon_came_has_a_status_when_it_reopens(self):
        for no_followup, status in ((False, "to_chase"), (True, "excluded")):
            with self.subTest(status=status):
                invoice = self._make_invoice(self.partner, 100, due=-5)
                item = self._items(invoice)
                payment = self._pay(invoice)
                other = self._items(payment.move_id)
                self.assertTrue(item.reconciled)
                self._forget_status(item + other, no_followup)
                item.remove_move_reconcile()
                self.assertRecordValues(
                    item + other, [{"collection_status": status}] * 2
                )
                self.env.flush_all()
                [[stored]] = self.env.execute_query(
                    SQL(
                        "SELECT collection_status FROM account_move_line WHERE id = %s",
                        item.id,
                    )
                )
                self.assertEqual(stored, status)
                reopened = self.env["recouvrement.open.item"].search(
                    [("move_line_id", "=", item.id)]
                )
                self.assertEqual(reopened.collection_status, status)

    def _forget_status(self, items, no_followup):
        """Items as ``hooks.pre_init_hook`` leaves what was paid before."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """UPDATE account_move_line
                      SET collection_status = NULL, no_followup = %s
                    WHERE id = ANY(%s)""",
                no_followup,
                items.ids,
            )
        )
        self.env.invalidate_all()

    def test_changes_are_events_with_who_and_why(self):
        item = self._items(self._make_invoice(self.partner, 100, due=-5))
        item._set_collection_status("disputed", "wrong price")
        debtor = self._debtor(self.partner)
        debtor._hold(self._day(5), "manager away")
        debtor.action_release_hold()
        debtor.collector_id = self._make_user("collector").id
        kinds = debtor.event_ids.sorted("id").mapped("kind")
        self.assertEqual(kinds, ["status", "hold", "hold", "assignment"])
        status = debtor.event_ids.filtered(lambda event: event.kind == "status")
        self.assertRecordValues(
            status,
            [
                {
                    "detail": "wrong price",
                    "amount": 100,
                    "user_id": self.env.uid,
                    "move_line_id": item.id,
                }
            ],
        )

    def test_a_portfolio_is_handed_over_in_one_write(self):
        """The queries of an assignment do not grow with the debtors."""
        collector = self._make_user("collector")

        def queries(count, tag):
            debtors = self.env["recouvrement.debtor"]
            for index in range(count):
                debtors |= self._make_debtor(f"{tag} {index}", items=[(10, -5)])
            debtors.mapped("display_name")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            debtors.with_context(tracking_disable=True).collector_id = collector
            used = self.env.cr.sql_log_count - before
            self.assertEqual(len(debtors.event_ids), count)
            return used

        queries(1, "warm up")
        self.assertEqual(queries(2, "few"), queries(20, "many"))

    def test_the_history_cannot_be_changed(self):
        self._make_invoice(self.partner, 100, due=-5)
        event = self._debtor(self.partner)._log_event("note", "called")
        with self.assertRaises(UserError):
            event.summary = "never called"
        with self.assertRaises(UserError):
            event.unlink()

    def test_a_hold_needs_a_reason_and_a_day_to_come(self):
        self._make_invoice(self.partner, 100, due=-5)
        debtor = self._debtor(self.partner)
        with self.assertRaises(UserError):
            debtor._hold(self._day(5), "")
        with self.assertRaises(UserError):
            debtor._hold(self._day(-1), "late")

    def test_one_account_per_customer_and_company(self):
        self._make_invoice(self.partner, 100, due=-5)
        debtor = self._debtor(self.partner)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self.env["recouvrement.debtor"].sudo().create(
                {"partner_id": self.partner.id, "company_id": debtor.company_id.id}
            )
            self.env.flush_all()

    # == Cost ==

    def test_refresh_takes_the_same_queries_for_one_and_for_many(self):
        def queries(count, tag):
            debtors = self.env["recouvrement.debtor"]
            for index in range(count):
                partner = self._make_customer(f"{tag} {index}")
                self._make_invoice(partner, 10, due=-5)
                debtors |= self._debtor(partner)
            debtors.partner_id.mapped("name")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            debtors._refresh_totals()
            return self.env.cr.sql_log_count - before

        queries(1, "warm up")
        self.assertEqual(queries(2, "few"), queries(20, "many"))

    def test_a_cache_that_drifted_is_found_and_cured(self):
        self._make_invoice(self.partner, 100, due=-5)
        debtor = self._debtor(self.partner)
        self.assertEqual(debtor.open_amount, 100)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE recouvrement_debtor SET open_amount = 1 WHERE id = %s", [debtor.id]
        )
        debtor.invalidate_recordset()
        self.assertEqual(
            self.env["recouvrement.debtor"]._check_totals_against_ledger(), debtor
        )
        self.env["recouvrement.debtor"]._refresh_totals()
        self._assert_ledger()


@tagged("post_install", "-at_install")
class TestOpenItem(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._make_customer("Items SARL")

    def _open(self, day=None):
        items = self.env["recouvrement.open.item"].with_context(
            open_items_as_of=day and fields.Date.to_string(day)
        )
        return items.search([("commercial_partner_id", "=", self.partner.id)])

    def test_kinds(self):
        moves = {
            "invoice": self._make_invoice(self.partner, 100, due=-5),
            "credit_note": self._make_invoice(
                self.partner, 10, due=-5, move_type="out_refund"
            ),
            "payment": self._make_receipt(self.partner, 20).move_id,
            "other": self._make_opening(self.partner, 30, due=-1).move_id,
        }
        kinds = {item.kind: item.move_id for item in self._open()}
        self.assertEqual(kinds, moves)

    def test_as_of_equals_what_today_showed_on_that_day(self):
        """Payments, credit notes and currencies are rewound to the cent."""
        usd = self.setup_other_currency("EUR")
        first = self._make_invoice(
            self.partner, 1000, due=-30, invoice_date=self._day(-60)
        )
        second = self._make_invoice(
            self.partner, 100, due=-30, invoice_date=self._day(-60), currency_id=usd.id
        )
        self._pay(first, 333.33, day=(-40))
        self._pay(first, 66.67, day=(-10))
        self._pay(second, 50, day=(-10))
        self._pay(first, 600, day=(-2))
        cases = {
            -70: {},
            -50: {first: (1000, 1000), second: (50, 100)},
            -40: {first: (666.67, 666.67), second: (50, 100)},
            -10: {first: (600, 600), second: (25, 50)},
            -2: {second: (25, 50)},
        }
        for offset, expected in cases.items():
            with self.subTest(day=offset):
                items = self._open(self._day(offset))
                self.assertEqual(items.move_id, items.move_id & (first | second))
                found = {
                    item.move_id: (item.amount_residual, item.amount_residual_currency)
                    for item in items
                }
                self.assertEqual(found.keys(), expected.keys())
                for move, (residual, residual_currency) in expected.items():
                    self.assertAlmostEqual(found[move][0], residual, delta=0.011)
                    self.assertAlmostEqual(found[move][1], residual_currency, places=2)

    def test_days_overdue_count_from_the_day_shown(self):
        self._make_invoice(self.partner, 100, due=-10, invoice_date=self._day(-60))
        self.assertEqual(self._open().days_overdue, 10)
        past = self._open(self._day(-15))
        self.assertRecordValues(past, [{"days_overdue": -5, "age_bucket": "0_not_due"}])

    def test_totals_equal_the_lines_behind_them(self):
        for days in (-5, 0, 10, 40, 70, 100, 200):
            self._make_invoice(self.partner, 100.01, due=-days)
        [[total]] = self.env["recouvrement.open.item"]._read_group(
            [("commercial_partner_id", "=", self.partner.id)],
            [],
            ["amount_residual:sum"],
        )
        debtor = self._debtor(self.partner)
        self.assertEqual(debtor.open_amount, 700.07)
        self.assertAlmostEqual(total, 700.07, places=2)
        self.assertEqual(
            sorted(self._open().mapped("age_bucket")),
            ["0_not_due", "0_not_due", "1_30", "31_60", "61_90", "91_180", "over_180"],
        )
