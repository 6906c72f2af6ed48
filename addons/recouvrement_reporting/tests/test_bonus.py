"""The bonus: from frozen figures, explained, approved by another, taken back."""

from datetime import timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..tools.period import Period
from .past import make_past
from .test_target import TargetCommon

STATEMENT = "recouvrement.bonus.statement"


class BonusCommon(TargetCommon):
    """A rule that pays 100 from 80 % of the target, 300 from 100 % and 500 from 120 %.

    ``cls.before`` is the month before ``cls.last``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.before = Period.month(cls.last.eve)
        cls.rule = cls._make_rule()

    @classmethod
    def _make_rule(cls, components=None, **vals):
        components = components or [
            {"steps": [(80, 100), (100, 300), (120, 500)], "name": "Collected"}
        ]
        return cls.env["recouvrement.bonus.rule"].create(
            {
                "name": "Bonus",
                "company_id": cls.company.id,
                "component_ids": [
                    Command.create(
                        {
                            **{k: v for k, v in component.items() if k != "steps"},
                            "step_ids": [
                                Command.create({"bound": bound, "reward": reward})
                                for bound, reward in component["steps"]
                            ],
                        }
                    )
                    for component in components
                ],
                **vals,
            }
        )

    @classmethod
    def _freeze(cls, period=None):
        snapshots = cls.env["recouvrement.kpi.snapshot"].sudo()
        return snapshots._freeze(cls.company, period or cls.last)

    def _make(self, period=None, user=None, rule=None):
        """The statements of a month as Sophie makes them, or that of one collector."""
        made = (
            self.env[STATEMENT]
            .with_user(self.sophie)
            ._make(
                (rule or self.rule).with_user(self.sophie), (period or self.last).start
            )
        )
        return made.filtered(lambda s: s.user_id == user) if user else made

    def _approve(self, statement):
        statement.with_user(self.anne).action_approve()
        return statement

    def _paid(self, debtor, amount, period):
        """A receipt of an invoice of its own, in the middle of a month."""
        day = period.start + timedelta(days=9)
        invoice = self._make_invoice(
            debtor.partner_id, amount, day - timedelta(days=30)
        )
        return self._pay(invoice, day=day)

    def _lines(self, statement, kind):
        return statement.line_ids.filtered(lambda line: line.kind == kind)


@tagged("post_install", "-at_install")
class TestBonus(BonusCommon):
    def test_a_bonus_is_worked_out_from_frozen_figures_and_explained(self):
        self._aim(1000, self.claire)
        self._receive(self.first, 1100)
        self._freeze()
        made = self._make()
        self.assertEqual(made.user_id, self.claire | self.karim)
        own = made.filtered(lambda s: s.user_id == self.claire)
        self.assertRecordValues(
            own,
            [{"total": 300, "earned_amount": 300, "computed_by_id": self.sophie.id}],
        )
        line = own.line_ids
        self.assertRecordValues(
            line, [{"outcome": "paid", "amount": 300, "measure": "collected"}]
        )
        self.assertEqual(
            line.detail["snapshots"], own.facts["user:collected"]["snapshots"]
        )
        frozen = self.env["recouvrement.kpi.snapshot"].browse(line.detail["snapshots"])
        self.assertRecordValues(
            frozen,
            [{"code": "collected", "value": 1100, "key_id": self.claire.id}],
        )
        self.assertIn("110", line.explanation)
        self.assertIn("100", line.explanation)
        other = made - own
        self.assertEqual(other.line_ids.outcome, "no_target")
        self.assertEqual(other.total, 0)

    def test_without_frozen_figures_there_is_no_bonus(self):
        self._aim(1000, self.claire)
        with self.assertRaisesRegex(UserError, "not frozen"):
            self._make()
        with self.assertRaisesRegex(UserError, "not over"):
            self._make(self.month)

    def test_what_comes_after_the_freeze_changes_nothing(self):
        self._aim(1000, self.claire)
        self._receive(self.first, 1100)
        self._freeze()
        self._receive(self.first, 5000)
        self.assertEqual(self._make(user=self.claire).total, 300)

    def test_a_figure_opens_the_receipts_that_were_frozen(self):
        """Not those that came, or went, after the freeze."""
        self._aim(1000, self.claire)
        self._receive(self.first, 1100)
        self._freeze()
        self._receive(self.first, 5000)
        line = self._make(user=self.claire).line_ids
        action = line.with_user(self.sophie).action_open_lines()
        found = self.env[action["res_model"]].with_user(self.sophie)
        receipts = found.search(action["domain"])
        self.assertEqual(sum(receipts.mapped("amount")), 1100)
        self.assertEqual(float(line.detail["value"]), 1100)

    def test_the_part_of_the_team_and_other_figures_open_as_they_were_frozen(self):
        rule = self._make_rule(
            [
                {"name": "Team", "scope": "team", "steps": [(100, 200)]},
                {
                    "name": "Recovery",
                    "measure": "recovery_month",
                    "basis": "value",
                    "steps": [(0, 10)],
                },
            ],
        )
        self._aim(2000, team=self.team)
        self._paid(self.first, 1500, self.last)
        self._paid(self.second, 600, self.last)
        self._freeze()
        team, recovery = self._make(user=self.claire, rule=rule).line_ids
        [snapshot] = recovery._get_snapshots()
        recovered = float(snapshot.measures["recovered"])
        self.assertEqual(recovered, 1500)
        make_past(self.env, ("recouvrement_kpi_snapshot", "frozen_on"))
        self._paid(self.first, 5000, self.last)
        self._paid(self.second, 700, self.last)
        self.assertEqual(self._sum_opened(team, "amount"), 2100)
        self.assertEqual(team.detail["value"], "2100.00")
        self.assertEqual(self._sum_opened(recovery, "value"), recovered)
        live = self.env["recouvrement.target"]._action_open_figure(
            self.claire, "recovery_month", self.last.start, self.last.end
        )
        lines = self.env[live["res_model"]].with_context(**live["context"])
        self.assertEqual(
            sum(lines.search(live["domain"]).mapped("value")), recovered + 5000
        )

    def _sum_opened(self, line, name):
        action = line.with_user(self.sophie).action_open_lines()
        found = self.env[action["res_model"]].with_user(self.sophie)
        if isinstance(action["context"], dict):
            found = found.with_context(**action["context"])
        return sum(found.search(action["domain"]).mapped(name))

    def test_changing_the_rule_changes_no_statement(self):
        self._aim(1000, self.claire)
        self._receive(self.first, 1100)
        self._freeze()
        statement = self._make(user=self.claire)
        self.rule.component_ids.step_ids.write({"reward": 9999})
        statement.invalidate_recordset()
        self.assertEqual(statement.total, 300)
        self.assertEqual(
            statement.rule_data["components"][0]["steps"][1], ["100.0", "300.0"]
        )

    def test_a_bonus_is_worked_out_once(self):
        self._aim(1000, self.claire)
        self._receive(self.first, 1100)
        self._freeze()
        first = self._make()
        self.assertFalse(self._make())
        own = first.filtered(lambda s: s.user_id == self.claire)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            own.sudo().copy({"state": "draft"})
        # Given up, it is made again.
        own.with_user(self.sophie).action_cancel()
        self.assertEqual(self._make().user_id, self.claire)

    def test_a_second_person_approves(self):
        self._aim(1000, self.claire)
        self._receive(self.first, 1100)
        self._freeze()
        statement = self._make(user=self.claire)
        self.assertFalse(statement.with_user(self.sophie).can_approve)
        with self.assertRaises(AccessError):
            statement.with_user(self.sophie).action_approve()
        self.assertEqual(statement.state, "draft")
        self._approve(statement)
        self.assertRecordValues(
            statement, [{"state": "approved", "approved_by_id": self.anne.id}]
        )
        with self.assertRaises(UserError):
            statement.with_user(self.anne).action_approve()
        with self.assertRaises(UserError):
            statement.with_user(self.sophie).action_cancel()
        # The database refuses too.
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            statement.sudo().write({"approved_by_id": self.sophie.id})
            statement.flush_recordset()

    def test_nobody_approves_the_own_bonus(self):
        self.team.member_ids |= self.anne
        self._aim(1, self.anne)
        self._freeze()
        statement = self._make(user=self.anne)
        with self.assertRaises(AccessError):
            statement.with_user(self.anne).action_approve()

    def test_an_authority_limits_who_approves(self):
        self._aim(1000, self.claire)
        self._receive(self.first, 1100)
        self._freeze()
        statement = self._make(user=self.claire)
        accountant = self._make_user("accountant")
        with self.assertRaises(UserError):
            statement.with_user(accountant).action_approve()
        self.env["recouvrement.authority"].create(
            {"subject": "bonus", "role": "accountant", "limit": 300}
        )
        statement.with_user(accountant).action_approve()
        self.assertEqual(statement.approved_by_id, accountant)

    def test_nothing_of_a_statement_is_written_by_hand(self):
        self._aim(1000, self.claire)
        self._receive(self.first, 1100)
        self._freeze()
        statement = self._make(user=self.claire)
        manager = statement.with_user(self.anne)
        for vals in (
            {"total": 9999},
            {"state": "approved"},
            {"approved_by_id": self.anne.id},
            {"facts": {}},
        ):
            with self.subTest(**vals), self.assertRaises(AccessError):
                manager.write(vals)
        with self.assertRaises(AccessError):
            manager.line_ids.write({"amount": 9999})
        with self.assertRaises(UserError):
            statement.sudo().unlink()
        manager.write({"note": "Paid in December."})

    # ------------------------------------------------------------------
    # RULES
    # ------------------------------------------------------------------

    def test_a_rule_by_slices_with_a_team_part_a_condition_and_a_cap(self):
        rule = self._make_rule(
            [
                {
                    "name": "Own",
                    "reward": "rate",
                    "method": "slices",
                    "steps": [(80, 1), (100, 2)],
                },
                {"name": "Team", "scope": "team", "steps": [(100, 200)]},
            ],
            cap=220,
            condition_ids=[
                Command.create(
                    {
                        "name": "Recovery",
                        "measure": "recovery_month",
                        "basis": "value",
                        "limit": 0,
                    }
                )
            ],
        )
        self._aim(1000, self.claire)
        self._aim(2000, team=self.team)
        self._receive(self.first, 1500)
        self._receive(self.second, 600)
        self._freeze()
        statement = self._make(user=self.claire, rule=rule)
        # 200 at 1 % and 500 at 2 %; the team is at 105 %; 212 is under the cap.
        amounts = [(line.kind, line.amount) for line in statement.line_ids]
        self.assertEqual(
            amounts, [("condition", 0), ("component", 12), ("component", 200)]
        )
        self.assertEqual(statement.total, 212)
        facts = statement.facts["team:collected"]
        self.assertEqual(facts["value"], "2100.00")
        self.assertEqual(len(facts["snapshots"]), 2)

    def test_a_condition_that_fails_pays_nothing_and_says_why(self):
        self.rule.condition_ids = [
            Command.create(
                {
                    "name": "Old debts",
                    "measure": "over_90_pct",
                    "basis": "value",
                    "comparison": "at_most",
                    "limit": 30,
                }
            )
        ]
        self._aim(1000, self.claire)
        self._receive(self.first, 1100)
        self._freeze()
        statement = self._make(user=self.claire)
        self.assertEqual(statement.total, 0)
        self.assertEqual(
            statement.line_ids.mapped("outcome"), ["not_met", "paid", "refused"]
        )
        self.assertIn("at most", statement.line_ids[0].explanation)

    def test_rules_that_cannot_be_applied_are_refused(self):
        for component in (
            {"name": "x", "steps": []},
            {"name": "x", "steps": [(1, 1), (1, 2)]},
            {"name": "x", "steps": [(1, -1)]},
            {"name": "x", "steps": [(1, 1)], "method": "slices"},
            {
                "name": "x",
                "steps": [(1, 1)],
                "measure": "recovery_month",
                "reward": "rate",
            },
        ):
            with self.subTest(component=component), self.assertRaises(ValidationError):
                self._make_rule([component])
        with self.assertRaises(ValidationError):
            self.rule.component_ids = [Command.clear()]

    def test_a_rule_holds_for_its_months_only(self):
        self.rule.date_from = self.month.start
        self._freeze()
        with self.assertRaisesRegex(UserError, "does not apply"):
            self._make()

    # ------------------------------------------------------------------
    # TAKEN BACK
    # ------------------------------------------------------------------

    def _two_months(self):
        """Claire earned 300 for 1 100 in the month before, and has 1 000 now."""
        for period in (self.before, self.last):
            self._aim(1000, self.claire, period=period)
        self._paid(self.first, 800, self.before)
        payment = self._paid(self.first, 300, self.before)
        self._paid(self.first, 1000, self.last)
        self._freeze(self.before)
        self._approve(self._make(self.before, self.claire))
        self._make(self.before)
        drafts = self.env[STATEMENT].search([("state", "=", "draft")])
        drafts.with_user(self.sophie).action_cancel()
        return payment

    def test_a_cancelled_receipt_takes_its_bonus_back_once(self):
        payment = self._two_months()
        payment.action_draft()
        payment.action_cancel()
        self._freeze()
        statement = self._make(user=self.claire)
        # 800 of 1 000 earns 100 instead of 300; 1 000 of 1 000 earns 300.
        back = self._lines(statement, "clawback")
        self.assertRecordValues(back, [{"amount": -200, "outcome": "taken_back"}])
        self.assertIn("300", back.explanation)
        self.assertRecordValues(
            statement,
            [{"earned_amount": 300, "taken_back_amount": 200, "total": 100}],
        )
        reversals = self.env["recouvrement.bonus.reversal"].search([])
        self.assertRecordValues(
            reversals, [{"amount": 300, "statement_id": statement.id}]
        )
        # Given up and made again, it takes back the same, once.
        statement.with_user(self.sophie).action_cancel()
        again = self._make(user=self.claire)
        self.assertEqual(again.total, 100)
        self.assertEqual(len(self.env["recouvrement.bonus.reversal"].search([])), 1)

    def test_a_payment_that_came_back_is_borne_by_one_month(self):
        payment = self._two_months()
        self._return(payment, self.last.start + timedelta(days=12))
        self._freeze()
        statement = self._make(user=self.claire)
        # The figure of the month counts the return: 700. The month before bears it.
        fact = statement.facts["user:collected"]
        self.assertEqual((fact["value"], fact["added"]), ("700.00", "300.00"))
        self.assertEqual(self._lines(statement, "component").amount, 300)
        self.assertEqual(self._lines(statement, "clawback").amount, -200)
        self.assertEqual(statement.total, 100)

    def _return(self, payment, day):
        """The bank takes a payment back: its entry is reversed on a later day."""
        move = payment.move_id
        reversal = move._reverse_moves([{"date": day}], cancel=True)
        self.assertEqual(reversal.state, "posted")

    def test_what_is_taken_back_beyond_what_was_earned_is_carried_over(self):
        payment = self._two_months()
        self.env["recouvrement.target"].search(
            [("date_start", "=", self.last.start)]
        ).value = 100_000
        payment.action_draft()
        payment.action_cancel()
        self._freeze()
        statement = self._make(user=self.claire)
        self.assertRecordValues(
            statement,
            [
                {
                    "earned_amount": 0,
                    "taken_back_amount": 200,
                    "carried_amount": 200,
                    "total": 0,
                }
            ],
        )
        self.assertEqual(sum(statement.line_ids.mapped("amount")), 0)

    def test_the_next_month_takes_what_was_carried_over(self):
        self._aim(1000, self.claire)
        self._receive(self.first, 1300)
        self._freeze(self.before)
        earlier = self._make(self.before, self.claire)
        self._approve(earlier)
        earlier.sudo().carried_amount = 120
        self._freeze()
        with self.assertRaisesRegex(UserError, "earlier statement"):
            self._make()
        self.env[STATEMENT].search([("state", "=", "draft")]).with_user(
            self.sophie
        ).action_cancel()
        statement = self._make(user=self.claire)
        self.assertEqual(self._lines(statement, "carry").amount, -120)
        self.assertEqual(statement.total, 380)
        self.assertEqual(earlier.carried_to_id, statement)
        statement.with_user(self.sophie).action_cancel()
        self.assertFalse(earlier.carried_to_id)

    def test_nothing_is_taken_back_after_its_time(self):
        self.rule.clawback_months = 0
        payment = self._two_months()
        payment.action_draft()
        payment.action_cancel()
        self._freeze()
        statement = self._make(user=self.claire)
        self.assertFalse(self._lines(statement, "clawback"))
        self.assertEqual(statement.total, 300)

    def test_the_receipts_credited_make_the_frozen_figure(self):
        self._receive(self.first, 1100)
        self._receive(self.first, 250)
        self._receive(self.second, 40)
        self._freeze()
        receipts = self.env["recouvrement.bonus.receipt"]
        for user in (self.claire, self.karim):
            frozen = (
                self.env["recouvrement.kpi.snapshot"]
                .sudo()
                .search(
                    [
                        ("code", "=", "collected"),
                        ("dimension", "=", "collector"),
                        ("key_id", "=", user.id),
                        ("date_start", "=", self.last.start),
                    ]
                )
            )
            mine = receipts.search([("collector_id", "=", user.id)])
            self.assertEqual(sum(mine.mapped("amount")), frozen.value)
        self.assertFalse(self._freeze())

    # ------------------------------------------------------------------
    # PAPER
    # ------------------------------------------------------------------

    def test_the_statement_is_printed(self):
        self._aim(1000, self.claire)
        self._receive(self.first, 1100)
        self._freeze()
        statement = self._approve(self._make(user=self.claire))
        report = self.env["ir.actions.report"].with_user(self.claire)
        html, _kind = report._render_qweb_html(
            "recouvrement_reporting.report_bonus_statement", statement.ids
        )
        text = html.decode()
        for expected in ("Claire", "Collected", "Sophie", "Anne", "110.00"):
            self.assertIn(expected, text)
        self.assertNotIn("Not approved", text)

    def test_two_companies_pay_their_own(self):
        other = self.setup_other_company()["company"]
        self._receive(self.first, 1100)
        self._aim(1000, self.claire)
        self._freeze()
        team = self.team.copy({"company_id": other.id, "name": "Paris"})
        rule = self._make_rule(company_id=other.id, team_ids=[Command.set(team.ids)])
        self.sophie.company_ids |= other
        with self.assertRaisesRegex(UserError, "not frozen"):
            self._make(rule=rule)
        self.assertEqual(self._make(user=self.claire).company_id, self.company)
        alone = new_test_user(
            self.env,
            "test_far",
            groups="base.group_user,recouvrement.group_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self.env[STATEMENT].with_user(alone).search([]))
        self.assertEqual(
            fields.Date.to_string(self.last.start),
            fields.Date.to_string(self.env[STATEMENT].search([], limit=1).date_start),
        )
