"""A colleague stands in for some days: sees and works the portfolio then only."""

from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import freeze_time, tagged
from odoo.tools import mute_logger

from .access_common import AccessCommon


@tagged("post_install", "-at_install")
class TestSubstitution(AccessCommon):
    """``foreign`` is the debtor of the other collector; ours stands in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.substitute = cls.users["collector"]

    def _substitute(self, start=0, end=3, user=None, **vals):
        model = self.env["recouvrement.substitution"]
        return model.with_user(user or self.env.user).create(
            {
                "user_id": self.other_collector.id,
                "substitute_id": self.substitute.id,
                "date_from": self._day(start),
                "date_to": self._day(end),
                **vals,
            }
        )

    def _sees(self, debtor=None):
        debtor = (debtor or self.foreign).with_user(self.substitute)
        debtor.invalidate_recordset()
        return debtor.has_access("read") and debtor.has_access("write")

    def _night(self, day):
        with freeze_time(self._day(day)):
            self.env["recouvrement.substitution"]._cron_apply()

    def test_the_portfolio_is_open_during_the_period_only(self):
        self.assertFalse(self._sees())
        self._substitute(start=1, end=3)
        for day, open_ in ((0, False), (1, True), (3, True), (4, False)):
            self._night(day)
            with self.subTest(day=day):
                self.assertEqual(self._sees(), open_)

    def test_it_starts_at_once_when_it_starts_today(self):
        self._substitute()
        self.assertEqual(self.foreign.substitute_id, self.substitute)
        self.assertTrue(self._sees())
        self._rpc("collector", self.foreign, "write", {"next_action": "Call"})
        self._rpc("collector", self.foreign, "action_log_attempt")
        self.assertEqual(self.foreign.event_ids[0].user_id, self.substitute)

    def test_what_hangs_on_a_debtor_opens_with_it(self):
        self.foreign._log_event("note", "Seen")
        domain = [("debtor_id", "=", self.foreign.id)]
        for model in ("event", "open.item", "reminder", "dunning.decision"):
            records = self._as(self.env[f"recouvrement.{model}"], "collector")
            with self.subTest(model=model):
                self.assertFalse(records.search(domain))
        self._substitute()
        for model in ("event", "open.item", "reminder", "dunning.decision"):
            records = self._as(self.env[f"recouvrement.{model}"], "collector")
            with self.subTest(model=model):
                self.assertTrue(records.search(domain))

    def test_other_portfolios_stay_closed(self):
        third = self._make_user("collector", login="test_collector_3")
        self.nobodys.collector_id = third
        self._substitute()
        self.assertFalse(self._sees(self.nobodys))
        self.assertFalse(self._sees(self.elsewhere))

    def test_my_portfolio_has_the_debtors_i_stand_in_for(self):
        self._substitute()
        found = self._as(self.env["recouvrement.debtor"], "collector").search(
            [
                "|",
                ("collector_id", "=", self.substitute.id),
                ("substitute_id", "=", self.substitute.id),
            ]
        )
        self.assertEqual(set(found.ids), {self.own.id, self.foreign.id})

    def test_a_debtor_that_changes_hands_changes_substitute(self):
        self._substitute()
        self.nobodys.collector_id = self.other_collector
        self.assertEqual(self.nobodys.substitute_id, self.substitute)
        self.foreign.collector_id = self.users["manager"]
        self.assertFalse(self.foreign.substitute_id)
        new = self._make_debtor("New", items=((500, -20),))
        new.collector_id = self.other_collector
        self.assertEqual(new.substitute_id, self.substitute)

    def test_ending_it_closes_the_portfolio_at_once(self):
        running = self._substitute(start=-2, end=5)
        running.action_end()
        self.assertEqual(running.date_to, self._day(-1))
        self.assertEqual(running.state, "over")
        self.assertFalse(self._sees())
        today = self._substitute()
        today.action_end()
        self.assertFalse(today.active)
        self.assertFalse(self._sees())

    def test_deleting_or_moving_it_applies_at_once(self):
        substitution = self._substitute()
        substitution.date_from = self._day(1)
        self.assertFalse(self._sees())
        substitution.date_from = self.today
        self.assertTrue(self._sees())
        substitution.unlink()
        self.assertFalse(self._sees())

    def test_two_substitutes_at_once_are_refused(self):
        self._substitute(start=0, end=3)
        manager = self.users["manager"]
        for start, end in ((3, 5), (-5, 0), (1, 2), (-9, 9)):
            with (
                self.subTest(start=start, end=end),
                mute_logger("odoo.sql_db"),
                self.assertRaises(ExclusionViolation),
                self.env.cr.savepoint(),
            ):
                self._substitute(start, end, substitute_id=manager.id)
        self._substitute(start=4, end=5, substitute_id=manager.id)
        self._substitute(start=0, end=3, user_id=manager.id)

    def test_the_state_follows_the_day(self):
        substitution = self._substitute(start=1, end=2)
        model = self.env["recouvrement.substitution"]
        for day, state in ((0, "planned"), (1, "running"), (2, "running"), (3, "over")):
            with self.subTest(day=day), freeze_time(self._day(day)):
                substitution.invalidate_recordset()
                self.assertEqual(substitution.state, state)
                found = model.search([("state", "=", state)])
                self.assertIn(substitution, found)
                others = model.search([("state", "!=", state)])
                self.assertNotIn(substitution, others)

    # == Who may ==

    def test_a_collector_arranges_the_own_absence(self):
        self._substitute(user=self.other_collector)
        self.assertTrue(self._sees())

    def test_a_collector_does_not_arrange_the_absence_of_another(self):
        """Otherwise anybody would open any portfolio."""
        with self.assertRaises(AccessError):
            self._substitute(user=self.substitute)
        own = self._substitute(
            user=self.substitute,
            user_id=self.substitute.id,
            substitute_id=self.other_collector.id,
        )
        with self.assertRaises(AccessError):
            own.write(
                {
                    "user_id": self.other_collector.id,
                    "substitute_id": self.substitute.id,
                }
            )

    def test_the_substitute_does_not_make_it_longer(self):
        substitution = self._substitute(user=self.other_collector)
        mine = substitution.with_user(self.substitute)
        self.assertTrue(mine.has_access("read"))
        for vals in ({"date_to": self._day(90)}, {"active": False}):
            with self.subTest(vals=vals), self.assertRaises(AccessError):
                mine.write(vals)
        with self.assertRaises(AccessError):
            mine.unlink()
        with self.assertRaises(AccessError):
            mine.action_end()

    def test_only_collectors_of_the_company_stand_in(self):
        stranger = self._make_user("collector", login="test_stranger")
        stranger.write(
            {"company_ids": [(6, 0, self.other.ids)]} | {"company_id": self.other.id}
        )
        for user in (self.users["salesperson"], self.users["auditor"], stranger):
            with self.subTest(user=user.name), self.assertRaises(ValidationError):
                self._substitute(substitute_id=user.id)

    def test_nobody_stands_in_for_themselves(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self._substitute(substitute_id=self.other_collector.id)
            self.env.flush_all()

    def test_the_substitute_is_told(self):
        substitution = self._substitute(note="Dubois calls on Friday")
        message = self.env["mail.message"].search(
            [
                ("model", "=", substitution._name),
                ("res_id", "=", substitution.id),
                ("partner_ids", "in", self.substitute.partner_id.ids),
            ]
        )
        self.assertIn("Dubois calls on Friday", message.body)

    def test_applying_takes_the_same_queries_for_one_and_for_many(self):
        def queries(count, tag):
            for index in range(count):
                debtor = self._make_debtor(f"{tag} {index}", items=[(10, -5)])
                debtor.collector_id = self.other_collector
            self.env.flush_all()
            self.env["recouvrement.debtor"]._process_dirty()
            before = self.env.cr.sql_log_count
            self.env["recouvrement.substitution"]._apply()
            return self.env.cr.sql_log_count - before

        self._substitute()
        queries(1, "warm up")
        self.assertEqual(queries(2, "few"), queries(15, "many"))
