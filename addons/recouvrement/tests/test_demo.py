from collections import Counter
from decimal import Decimal

from schwifty import IBAN
from stdnum.fr import siren, siret

from odoo.tests import TransactionCase, tagged

from ..demo import identity
from ..demo.world import read_csv

SCALE = 0.1


@tagged("post_install", "-at_install")
class TestDemoCompany(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.world = cls.env["recouvrement.demo.company"]._load("unittest", SCALE)
        cls.companies = cls.world.companies["main"] + cls.world.companies["services"]
        cls.debtors = cls.env["recouvrement.debtor"].search(
            [("company_id", "in", cls.companies.ids)]
        )

    def _items(self, *domain):
        return self.env["recouvrement.open.item"].search(
            [("debtor_company_id", "in", self.companies.ids), *domain]
        )

    def test_the_customers_cover_every_segment(self):
        """At least 60 customers, in all the segments of the addon."""
        self.assertGreaterEqual(len({c.partner for c in self.world.customers}), 60)
        partners = self.env["res.partner"].union(
            *(customer.partner for customer in self.world.customers)
        )
        segments = self.env["recouvrement.segment"]._match_partners(
            partners, self.companies[0]
        )
        expected = self.env["recouvrement.segment"].search([("company_id", "=", False)])
        self.assertLessEqual(
            {
                self.env.ref(f"recouvrement.segment_{name}").id
                for name in (
                    "company",
                    "public",
                    "consumer",
                    "intragroup",
                    "property_manager",
                    "key_account",
                )
            },
            {segment.id for segment in segments.values()} & set(expected.ids),
        )
        self.assertEqual(len(segments), len(partners), "a customer has no segment")

    def test_customers_are_in_and_out_of_paris_and_abroad(self):
        """Places on both sides of the threshold zones, and other countries."""
        places = Counter(
            "idf" if partner.zip[:2] in identity.PARIS else "province"
            for partner in (customer.partner for customer in self.world.customers)
            if partner.country_id.code == "FR"
        )
        countries = {c.partner.country_id.code for c in self.world.customers}
        self.assertGreater(places["idf"], 20)
        self.assertGreater(places["province"], 20)
        self.assertLessEqual({"FR", "BE", "NL", "DE", "CH", "GB"}, countries)

    def test_identifiers_are_valid(self):
        """SIRET, SIREN, VAT key and IBAN of every customer pass the checkers."""
        for customer in self.world.customers:
            partner = customer.partner
            with self.subTest(customer=customer.name):
                if customer.segment == "consumer":
                    self.assertFalse(partner.vat or partner.company_registry)
                elif partner.country_id.code == "FR":
                    self.assertTrue(siret.is_valid(partner.company_registry))
                    self.assertTrue(siren.is_valid(partner.company_registry[:9]))
                if partner.vat:
                    self.assertTrue(identity.is_valid_vat(partner.vat), partner.vat)
                for bank in partner.bank_ids:
                    IBAN(bank.sanitized_acc_number, validate_bban=True)
        numbers = [
            c.partner.vat or c.partner.company_registry
            for c in self.world.customers
            if c.segment != "consumer" and "same" not in c.flags
        ]
        self.assertEqual(len(numbers), len(set(numbers)))

    def test_mail_addresses_reach_nobody(self):
        """Every address is in a domain reserved for examples."""
        names = [c.partner for c in self.world.customers] + list(
            self.companies.partner_id
        )
        for partner in self.env["res.partner"].union(*names):
            for address in filter(None, (partner | partner.child_ids).mapped("email")):
                self.assertRegex(address, r"(@example\.com|\.example)$")

    def test_totals_equal_the_ledger(self):
        """The debtor accounts add up to the receivables of each company."""
        self.assertFalse(
            self.debtors._check_totals_against_ledger() & self.debtors,
        )
        for company in self.companies:
            [[balance]] = self.env["account.move.line"]._read_group(
                [
                    ("company_id", "=", company.id),
                    ("account_id.account_type", "=", "asset_receivable"),
                    ("parent_state", "=", "posted"),
                ],
                aggregates=["balance:sum"],
            )
            accounts = self.debtors.filtered(lambda d, c=company: d.company_id == c)
            self.assertAlmostEqual(sum(accounts.mapped("open_amount")), balance, 2)
            self.assertGreater(balance, 0)

    def test_receivables_come_in_every_kind(self):
        """Invoices, credit notes and receipts are open, in several currencies, with
        every collection status."""
        items = self._items()
        self.assertLessEqual(
            {"invoice", "credit_note", "payment"}, set(items.mapped("kind"))
        )
        self.assertLessEqual({"EUR"}, set(items.currency_id.mapped("name")))
        moves = self.env["account.move"].search(
            [
                ("company_id", "in", self.companies.ids),
                ("move_type", "=", "out_invoice"),
            ]
        )
        self.assertLessEqual(
            {"EUR", "CHF", "GBP"}, set(moves.currency_id.mapped("name"))
        )
        self.assertTrue(
            {"promised", "disputed", "plan", "litigation", "insolvency"}
            & set(items.mapped("collection_status"))
        )
        states = set(moves.mapped("payment_state"))
        self.assertLessEqual({"paid", "not_paid"}, states)

    def test_instalment_plans_tell_three_stories(self):
        """One is kept, one may be ended, one waits for the customer."""
        plans = self.env["recouvrement.payment.plan"].search(
            [("company_id", "in", self.companies.ids)]
        )
        self.assertEqual(set(plans.mapped("state")), {"accepted", "late", "offered"})
        kept = plans.filtered(lambda plan: plan.state == "accepted")
        self.assertEqual(kept.installment_ids.sorted("number")[0].state, "paid")
        self.assertTrue(plans.filtered("may_forfeit"))
        for plan in plans:
            self.assertTrue(plan._get_agreement_pdf())

    def test_invoices_cover_two_years(self):
        """The oldest invoice is about two years old; none is in the future."""
        dates = (
            self.env["account.move"]
            .search(
                [
                    ("company_id", "in", self.companies.ids),
                    ("move_type", "=", "out_invoice"),
                ]
            )
            .mapped("invoice_date")
        )
        self.assertGreater((self.world.today - min(dates)).days, 540)
        self.assertLessEqual(max(dates), self.world.today)

    def test_a_campaign_waits_for_approval(self):
        """Today's campaign is proposed, the past ones are done and left their mark."""
        run = self.env.ref("recouvrement.unittest_run_today")
        self.assertEqual(run.state, "proposed")
        self.assertEqual(run.date, self.world.today)
        self.assertTrue(run.reminder_ids)
        self.assertEqual(set(run.reminder_ids.mapped("state")), {"proposed"})
        past = self.env["recouvrement.dunning.run"].union(
            *(self.env.ref(f"recouvrement.unittest_run_past_{n}") for n in (1, 2, 3))
        )
        self.assertEqual(set(past.mapped("state")), {"done"})
        sent = past.reminder_ids.filtered(lambda reminder: reminder.state == "sent")
        self.assertTrue(sent)
        for reminder in sent:
            self.assertEqual(reminder.date_sent, reminder.run_id.date)
        events = self.env["recouvrement.event"].search(
            [("reminder_id", "in", sent.ids), ("kind", "=", "reminder")]
        )
        self.assertEqual(events.reminder_id, sent)
        for event in events:
            self.assertEqual(event.date.date(), event.reminder_id.date_sent)

    def test_nothing_leaves(self):
        """The companies stay in test mode; building sent no mail."""
        for company in self.companies:
            self.assertTrue(company.recouvrement_test_mode)
            self.assertTrue(company.recouvrement_test_email)
        partners = self.env["res.partner"].search(
            [("id", "child_of", [c.partner.id for c in self.world.customers])]
        )
        self.assertFalse(
            self.env["mail.mail"].search_count(
                [("recipient_ids", "in", partners.ids), ("state", "=", "outgoing")]
            )
        )

    def test_defects_are_there(self):
        """Files with a defect, an archived customer in debt, debtors on hold."""
        partners = [c.partner for c in self.world.flagged("no_email")]
        self.assertTrue(all(not partner.email for partner in partners))
        self.assertTrue(self.world.flagged("no_address"))
        self.assertTrue(self.debtors.filtered("missing_collector"))
        archived = self.world.flagged("archived")[0].partner
        self.assertFalse(archived.active)
        self.assertTrue(self.debtors.filtered("is_held"))

    def test_an_answer_waits_to_be_read(self):
        [customer] = self.world.flagged("answered")
        [debtor] = self.debtors.filtered("answered")
        self.assertEqual(debtor.partner_id, customer.partner)
        answer = debtor.event_ids.filtered(lambda event: event.kind == "answer")
        self.assertEqual(len(answer), 1)

    def test_promises_are_there_in_every_state(self):
        """Taken by the collectors, judged on the ledger, told in the history."""
        promises = self.env["recouvrement.promise"].search(
            [("company_id", "in", self.companies.ids)]
        )
        self.assertLessEqual(
            {"open", "kept", "partly", "broken"}, set(promises.mapped("state"))
        )
        before = {promise: promise.state for promise in promises}
        promises._judge()
        self.assertEqual({p: p.state for p in promises}, before)
        broken = promises.filtered(lambda p: p.state == "broken").debtor_id
        self.assertTrue(all(debtor.promise_broken_count for debtor in broken))
        opened = promises.filtered(lambda p: p.state == "open")
        self.assertEqual(
            set(opened.line_ids.move_line_id.mapped("collection_status")), {"promised"}
        )

    def test_the_worklist_of_the_collectors_is_short_and_varied(self):
        """Several kinds of work, and most of the portfolio left alone."""
        ours = self.debtors.filtered("collector_id")
        kinds = set(ours.mapped("work_kind"))
        self.assertLessEqual({"reply", "relay", "callback", "limit", "none"}, kinds)
        due = ours.filtered("to_work")
        self.assertLess(len(due), len(ours) / 2)
        self.assertTrue(all(due.mapped("work_sentence")))
        away = self.env["recouvrement.substitution"].search(
            [("company_id", "in", self.companies.ids)]
        )
        self.assertEqual(set(away.mapped("state")), {"planned"})

    def test_each_log_in_works(self):
        """Every row of logins.csv is a French user with its role."""
        for row in read_csv("logins.csv"):
            user = self.world.users[row["login"]]
            with self.subTest(login=row["login"]):
                self.assertTrue(user.has_group(f"recouvrement.{row['group']}"))
                self.assertEqual(user.tz, "Europe/Paris")
                self.assertEqual(user.company_id, self.companies[0])
                self.assertEqual(user.company_ids, self.companies)
        roles = {row["group"] for row in read_csv("logins.csv")}
        self.assertEqual(len(roles), 5)

    def test_same_seed_same_amounts(self):
        """A second demonstration of the same seed has the same invoices and receipts,
        and loading one that is there changes nothing."""
        demo = self.env["recouvrement.demo.company"]
        self.assertIsNone(demo._load("unittest", SCALE))
        twin = demo._load("twin", SCALE)
        self.assertEqual(self._fingerprint(twin), self._fingerprint(self.world))

    def _fingerprint(self, world):
        """Documents and matching of a demonstration, free of ids."""
        lines = self.env["account.move.line"].search(
            [
                ("company_id", "in", [c.id for c in world.companies.values()]),
                ("account_id.account_type", "=", "asset_receivable"),
            ]
        )
        return Counter(
            (
                line.partner_id.ref,
                line.date,
                line.date_maturity,
                Decimal(str(line.amount_currency)),
                Decimal(str(line.amount_residual)),
                line.collection_status,
            )
            for line in lines
        )
