"""The level of a reminder is that of what it asks for, also after a choice by hand."""

from odoo.tests import tagged

from .common import RecouvrementCommon

LADDER = [
    {"rank": 1, "delay_days": 5, "channel": "email", "approval": "collector"},
    {"rank": 2, "delay_days": 15, "channel": "email", "approval": "none"},
    {
        "rank": 3,
        "delay_days": 30,
        "channel": "registered",
        "approval": "manager",
        "is_formal_notice": True,
    },
]


@tagged("post_install", "-at_install")
class TestLevelByHand(RecouvrementCommon):
    """A formal notice for one item, that reminds of a younger one at level 1 and
    recalls one that is not worth a reminder yet."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ladder = cls._make_policy(LADDER, skip_levels=True)
        cls.formal = cls.ladder.level_ids.filtered("is_formal_notice")
        cls.first = cls.ladder.level_ids.filtered(lambda level: level.rank == 1)
        cls.collector = cls._make_user("collector")

    def setUp(self):
        super().setUp()
        self.debtor = self._make_debtor(
            "By Hand", [(1000, -40), (400, -8), (30, -2)], zip="69003"
        )
        self.debtor.forced_policy_id = self.ladder
        self.reminder = self._propose().reminder_ids
        by_amount = self.reminder.line_ids.sorted("amount")
        self.recalled, self.young, self.old = by_amount
        self._assert_level(self.formal, "registered")
        self.assertEqual(
            by_amount.mapped("role"), ["recall", "chase", "chase"], "the story"
        )

    def _assert_level(self, level, channel, **vals):
        self.assertRecordValues(
            self.reminder,
            [
                {
                    "level_id": level.id,
                    "rank": level.rank,
                    "channel": channel,
                    "is_formal_notice": level.is_formal_notice,
                    "approval": level.approval,
                    **vals,
                }
            ],
        )

    def test_removing_the_highest_item_takes_its_level_away(self):
        self.old.action_remove()
        self._assert_level(self.first, "email", amount_net=430)
        self.reminder.with_user(self.collector).action_send_now()
        [mail] = self._deliver()
        self.assertEqual(mail["subject"], self.reminder._format_amount(430))
        self.assertRecordValues(
            self.debtor.event_ids.filtered(lambda event: event.kind == "reminder"),
            [{"amount": 430, "reminder_id": self.reminder.id}],
        )
        self.assertIn(
            self.first.name,
            self.debtor.event_ids.filtered(lambda e: e.kind == "reminder").summary,
        )
        again = self._propose().reminder_ids
        self.assertRecordValues(again, [{"level_id": self.formal.id}])

    def test_removing_another_item_changes_nothing(self):
        self.young.action_remove()
        self.recalled.action_remove()
        self._assert_level(self.formal, "registered", amount_net=1000)

    def test_putting_it_back_gives_the_level_back(self):
        self.old.action_remove()
        self.old.action_put_back()
        self._assert_level(self.formal, "registered", amount_net=1430)
        self.assertTrue(self.old.claimed)

    def test_a_collector_cannot_smuggle_a_formal_notice_past_the_manager(self):
        mine = self.reminder.with_user(self.collector)
        self.old.with_user(self.collector).action_remove()
        mine.action_approve()
        self.assertEqual(self.reminder.state, "approved")
        self.old.with_user(self.collector).action_put_back()
        self._assert_level(
            self.formal, "registered", state="proposed", approved_by_id=False
        )

    def test_a_channel_chosen_by_hand_stays(self):
        self.reminder.channel = "letter"
        self.old.action_remove()
        self._assert_level(self.first, "letter")

    def test_the_preferred_channel_counts(self):
        self.debtor.preferred_channel = "letter"
        self.old.action_remove()
        self._assert_level(self.first, "letter")

    def test_without_a_channel_the_present_one_stays(self):
        self.debtor.partner_id.email = False
        self.old.action_remove()
        self._assert_level(self.first, "registered")

    def test_a_recalled_item_comes_back_as_recalled(self):
        self.recalled.action_remove()
        self.assertRecordValues(self.recalled, [{"role": "out", "reason": "removed"}])
        self.recalled.action_put_back()
        self.assertRecordValues(
            self.recalled,
            [{"role": "recall", "reason": "level_not_reached", "claimed": False}],
        )

    def test_removing_twice_and_putting_back_once_restores_the_item(self):
        self.old.action_remove()
        self.old.action_remove()
        self.old.action_put_back()
        self.assertRecordValues(self.old, [{"role": "chase", "claimed": True}])

    def test_a_reminder_without_any_item_left_says_so(self):
        (self.old + self.young).action_remove()
        self.assertEqual(self.reminder.amount_net, 30, "recalled, not reminded")
        self.reminder.action_send_now()
        self.assertEqual(self.reminder.state, "cancelled")
        self.assertIn("by hand", self.reminder.cancel_reason)
        self.assertFalse(self._queued_mails())
