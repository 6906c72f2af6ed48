"""Credit insurance: what the insurer is told, by when; factoring: who is paid."""

from datetime import timedelta

from odoo.exceptions import UserError
from odoo.tests import tagged

from .insolvency_common import InsolvencyCommon


@tagged("post_install", "-at_install")
class TestInsurance(InsolvencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.insurer = cls._make_customer("Assureur")
        cls.policy = cls.env["recouvrement.insurance.policy"].create(
            {
                "name": "P-1",
                "insurer_id": cls.insurer.id,
                "company_id": cls.company.id,
                "date_from": "2020-01-01",
                "max_credit_days": 120,
                "max_credit_days_export": 180,
                "declare_days": 30,
                "claim_days": 60,
                "waiting_days": 150,
                "alert_days": 10,
                "min_amount": 300,
            }
        )
        cls.events = cls.env["recouvrement.insurance.event"]

    def _covered(self, *items, name="Assuré", **vals):
        debtor = self._make_debtor(name, items=items, **vals)
        debtor.insurance_policy_id = self.policy
        return debtor

    def _waiting(self, debtor):
        return self.events.search([("debtor_id", "=", debtor.id)])

    def test_a_default_comes_up_before_its_delay_is_over(self):
        # 120 days of credit and 30 to declare: 150 days after the invoice.
        debtor = self._covered((1000, -141), (500, -100))
        self.events._cron_propose()
        [event] = self._waiting(debtor)
        self.assertEqual(event.kind, "declaration")
        self.assertEqual(event.date_due, self._day(9))
        self.assertEqual(event.amount, 1000)
        deadline = self.env["recouvrement.deadline"].search(
            [("res_model", "=", event._name), ("res_id", "=", event.id)]
        )
        self.assertEqual((deadline.date_due, deadline.state), (self._day(9), "todo"))

    def test_not_yet_too_small_or_disputed_is_not_proposed(self):
        early = self._covered((1000, -139))
        small = self._covered((299, -141), name="Petit")
        disputed = self._covered((1000, -141), name="Contesté")
        item = self._items(
            self.env["account.move"].search(
                [("partner_id", "=", disputed.partner_id.id)]
            )
        )
        item._set_collection_status("disputed", "Quality")
        self.events._cron_propose()
        for debtor in (early, small, disputed):
            self.assertFalse(self._waiting(debtor), debtor.display_name)

    def test_abroad_the_credit_is_longer(self):
        debtor = self._covered((1000, -141), country_id=self.env.ref("base.be").id)
        self.events._cron_propose()
        self.assertFalse(self._waiting(debtor))

    def test_the_same_night_twice_proposes_once(self):
        debtor = self._covered((1000, -141))
        self.events._cron_propose()
        self.events._cron_propose()
        self.assertEqual(len(self._waiting(debtor)), 1)

    def test_each_step_starts_the_next_delay(self):
        debtor = self._covered((1000, -141))
        self.events._cron_propose()
        event = self._waiting(debtor)
        event._do(self.today, "DMS-77")
        self.assertEqual(event.state, "done")
        claim = self._waiting(debtor) - event
        self.assertEqual((claim.kind, claim.date_due), ("claim", self._day(60)))
        claim._do(self.today)
        indemnity = self._waiting(debtor) - event - claim
        self.assertEqual(indemnity.kind, "indemnity")
        self.assertEqual(indemnity.date_due, self.today + timedelta(days=150))
        indemnity._do(self.today, "IND-1", 900)
        self.assertEqual(indemnity.amount_indemnity, 900)
        with self.assertRaises(UserError):
            indemnity._do(self.today)

    def test_an_extension_puts_the_declaration_off(self):
        debtor = self._covered((1000, -141))
        self.events._cron_propose()
        declaration = self._waiting(debtor)
        due, lines = declaration.date_due, declaration.line_ids
        declaration.action_extend()
        self.assertEqual(declaration.state, "void")
        extension = self._waiting(debtor) - declaration
        self.assertEqual((extension.kind, extension.date_due), ("extension", due))
        self.assertEqual(extension.line_ids, lines)
        self.events._cron_propose()
        self.assertEqual(len(self._waiting(debtor)), 2)
        extension._do(self.today, "PR-5")
        later = self._waiting(debtor) - declaration - extension
        self.assertEqual((later.kind, later.date_due), ("declaration", self._day(30)))
        with self.assertRaises(UserError):
            extension.action_extend()

    def test_an_extension_that_is_refused_brings_the_declaration_back(self):
        debtor = self._covered((1000, -141))
        self.events._cron_propose()
        self._waiting(debtor).action_extend()
        self._waiting(debtor).filtered(lambda one: one.state == "todo").action_void()
        self.events._cron_propose()
        [again] = self._waiting(debtor).filtered(lambda one: one.state == "todo")
        self.assertEqual(again.kind, "declaration")

    def test_what_is_paid_is_no_longer_told(self):
        debtor = self._covered((1000, -141))
        self.events._cron_propose()
        move = self.env["account.move"].search(
            [("partner_id", "=", debtor.partner_id.id)]
        )
        self._pay(move)
        self.events._cron_propose()
        self.assertEqual(self._waiting(debtor).state, "void")

    def test_proceedings_are_told_at_once_and_not_when_undone(self):
        debtor = self._covered((1000, -60))
        one = self._open(debtor, judged=-5)
        event = self._waiting(debtor)
        self.assertEqual((event.kind, event.date_due), ("insolvency", self._day(10)))
        self.assertEqual(event.amount, 1000)
        self._decide(one, "undo", reason="Mistake")
        self.assertEqual(event.state, "void")


@tagged("post_install", "-at_install")
class TestFactoring(InsolvencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.factor = cls._make_customer("Factor SA")
        bank = cls.env["res.partner.bank"].create(
            {
                "partner_id": cls.factor.id,
                "acc_number": "FR7630006000011234567890189",
                "allow_out_payment": False,
            }
        )
        cls.contract = cls.env["recouvrement.factoring"].create(
            {
                "name": "F-1",
                "factor_id": cls.factor.id,
                "bank_id": bank.id,
                "company_id": cls.company.id,
                "date_from": "2020-01-01",
                "payer_text": "Pay the factor only.",
            }
        )
        cls.partner = cls._make_customer("Cliente")
        cls.move = cls._make_invoice(cls.partner, 1000, due=-40)
        cls.kept = cls._make_invoice(cls.partner, 500, due=-40)
        cls.item = cls._items(cls.move)
        cls.debtor = cls._debtor(cls.partner)

    def test_assigned_items_are_not_chased_and_the_others_are(self):
        self.contract._assign(self.item, self.today)
        self.assertEqual(self._statuses(self.move, self.kept), ["factored", "to_chase"])
        self._propose()
        lines = self._reminders(self.debtor).line_ids
        self.assertEqual(
            lines.filtered(lambda x: x.role == "chase").move_line_id,
            self._items(self.kept),
        )
        reasons = {d.move_line_id: d.reason for d in self._decisions(self.debtor)}
        self.assertEqual(reasons[self.item], "factored")

    def test_an_item_is_assigned_once(self):
        self.contract._assign(self.item, self.today)
        with self.assertRaises(UserError):
            self.contract._assign(self.item, self.today)

    def test_the_factor_gives_items_back(self):
        lines = self.contract._assign(self.item, self.today)
        with self.assertRaises(UserError):
            lines._take_back(self.today, " ")
        lines._take_back(self.today, "Recourse")
        self.assertEqual(self._statuses(self.move), ["to_chase"])
        self.assertEqual(lines.return_reason, "Recourse")
        self.contract._assign(self.item, self.today)

    def test_what_something_else_holds_is_not_assigned(self):
        self.item._set_collection_status("disputed", "Quality")
        with self.assertRaisesRegex(UserError, "held"):
            self.contract._assign(self.item, self.today)

    def test_the_payee_changes_on_the_statement_and_on_the_page(self):
        self.contract._assign(self.item, self.today)
        payees = self.debtor._get_payee((self.item | self._items(self.kept)).ids)
        self.assertEqual(set(payees), set(self.item.ids))
        self.assertEqual(
            payees[self.item.id]["number"], "FR76 3000 6000 0112 3456 7890 189"
        )
        [block] = self.debtor._get_statement_payees(self.company.currency_id)
        self.assertIn(self.move.name, block["documents"])
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("recouvrement.report_debtor_statement", self.debtor.ids)[
                0
            ]
            .decode()
        )
        self.assertIn("FR76 3000 6000 0112 3456 7890 189", html)
        self.assertIn("Pay the factor only.", html)

    def test_the_customer_page_lets_one_payee_be_paid_at_a_time(self):
        self.contract._assign(self.item, self.today)
        both = [{"id": self.item.id}, {"id": self._items(self.kept).id}]
        rows, payee = self.debtor._get_portal_payable(both)
        self.assertEqual(
            ([row["id"] for row in rows], payee), (self._items(self.kept).ids, False)
        )
        rows, payee = self.debtor._get_portal_payable(both[:1])
        self.assertEqual(payee["holder"], "Factor SA")

    def test_what_proceedings_freeze_is_not_paid_on_the_page(self):
        self._open(self.debtor, judged=-10)
        rows, payee = self.debtor._get_portal_payable([{"id": self.item.id}])
        self.assertFalse(rows or payee)

    def test_insolvency_goes_over_the_factor_and_comes_back_by_undo(self):
        self.contract._assign(self.item, self.today)
        one = self._open(self.debtor, judged=-10)
        self.assertEqual(self._statuses(self.move), ["insolvency"])
        self._decide(one, "undo", reason="Mistake")
        self.assertEqual(self._statuses(self.move, self.kept), ["factored", "to_chase"])

    def test_the_account_to_pay_is_the_factors(self):
        own = self.env["res.partner.bank"].create(
            {
                "partner_id": self.partner.id,
                "acc_number": "FR1420041010050500013M02606",
            }
        )
        with self.assertRaises(UserError):
            self.contract.bank_id = own

    def test_what_is_paid_is_no_longer_assigned(self):
        lines = self.contract._assign(self.item, self.today)
        self._pay(self.move)
        lines._cron_nightly()
        self.assertFalse(lines.is_live)
