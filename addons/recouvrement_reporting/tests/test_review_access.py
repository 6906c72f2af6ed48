"""Each role sees the reviews of what it may see, and decides where it may."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.access_common import ROLES
from odoo.addons.recouvrement.tests.rights import EDIT, READ, WITHOUT_SALES

from .common_rights import ReportingRights
from .review_common import ReviewCommon

WORKING = {
    "salesperson": READ,
    "collector": EDIT,
    "accountant": EDIT,
    "auditor": READ,
    "manager": EDIT,
}
DATA = {**dict.fromkeys(ROLES, READ), "manager": EDIT}
DIALOG = {"collector": EDIT, "accountant": EDIT, "manager": EDIT}
RIGHTS = {
    "recouvrement.review": WORKING,
    "recouvrement.review.item": WORKING,
    "recouvrement.review.decision": WORKING,
    "recouvrement.review.minutes": dict.fromkeys(ROLES, READ),
    "recouvrement.review.section": DATA,
    "recouvrement.review.decision.kind": DATA,
    "recouvrement.review.cancel": DIALOG,
    "recouvrement.review.add": DIALOG,
    "recouvrement.review.close": {**DIALOG, "salesperson": EDIT},
}
MENUS = {
    **dict.fromkeys(("reviews", "review_decisions"), WITHOUT_SALES),
    "my_reviews": ("salesperson",),
    **dict.fromkeys(
        ("review_sections", "review_decision_kinds"), ("manager", "auditor")
    ),
}


@tagged("post_install", "-at_install")
class TestReviewAccess(ReportingRights, ReviewCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.review = cls._prepared()
        cls.review.participant_ids = [
            Command.set(
                (
                    cls.users["manager"]
                    | cls.users["salesperson"]
                    | cls.users["collector"]
                    | cls.users["accountant"]
                ).partner_id.ids
            )
        ]

    def _names(self, records):
        return set(records.mapped("debtor_id.display_name"))

    def test_each_role_has_just_its_rights_and_menus(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def test_the_screens_open_for_each_role(self):
        for role in ROLES:
            for name in ("review", "review.item", "review.decision", "review.minutes"):
                model = self._as(self.env[f"recouvrement.{name}"], role)
                with self.subTest(role=role, model=name):
                    for record in model.search([]):
                        record.read()
                    model.get_views([(False, "list"), (False, "search")])

    def test_each_role_reads_the_items_of_its_own_customers(self):
        items = self.env["recouvrement.review.item"]
        everything = {"Own", "Nobody", "Foreign"}
        for role, expected in (
            ("salesperson", {"Own"}),
            ("collector", {"Own", "Nobody"}),
            ("accountant", everything),
            ("auditor", everything),
            ("manager", everything),
        ):
            with self.subTest(role=role):
                found = self._as(items, role).search(
                    [("review_id", "=", self.review.id)]
                )
                self.assertEqual(self._names(found), expected)
                review = self._as(self.review, role)
                review.invalidate_recordset()
                self.assertEqual(review.item_count, len(expected))
                self.assertEqual(
                    review.overdue_amount, sum(found.mapped("overdue_amount"))
                )

    def test_a_salesperson_reads_only_the_reviews_with_own_customers(self):
        other = self._prepared(day=1)
        other.item_ids.filtered(lambda item: item.debtor_id == self.own).unlink()
        other.participant_ids = self.users["manager"].partner_id
        reviews = self._as(self.env["recouvrement.review"], "salesperson").search([])
        self.assertIn(self.review, reviews)
        self.assertNotIn(other, reviews)

    def test_a_collector_prepares_a_review_of_own_customers(self):
        sections = self._section("biggest")
        review = self._as(self.env["recouvrement.review"], "collector").create(
            {"section_ids": [Command.set(sections.ids)]}
        )
        review.action_prepare()
        self.assertEqual(self._names(review.sudo().item_ids), {"Own", "Nobody"})
        self.assertEqual(review.user_id, self.users["collector"])

    def test_a_collector_does_not_run_the_review_of_the_manager(self):
        review = self._as(self.review, "collector")
        stranger = self._make_customer("Stranger")
        for values in (
            {"user_id": self.users["collector"].id},
            {"participant_ids": [Command.link(stranger.id)]},
            {"salesperson_ids": [Command.clear()]},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                review.write(values)
        for method in ("action_prepare", "action_held"):
            with self.subTest(method=method), self.assertRaises(UserError):
                getattr(review, method)()
        with self.assertRaises(UserError):
            review.action_cancel("No")
        review.write({"conclusion": "<p>Noted by the collector</p>"})
        self.review.action_held()
        with self.assertRaises(UserError):
            review.action_send()
        with self.assertRaises(UserError):
            review.action_next()

    def test_a_draft_is_deleted_by_its_organiser_only(self):
        review = self._make_review()
        with self.assertRaises(UserError):
            self._rpc("collector", review, "unlink")
        self._rpc("manager", review, "unlink")
        self.assertFalse(review.exists())

    def test_the_agenda_is_that_of_the_organiser_whoever_prepares_it(self):
        review = self._make_review(user_id=self.users["collector"].id)
        review.action_prepare()
        self.assertEqual(self._names(review.item_ids), {"Own", "Nobody"})

    def test_who_may_only_read_changes_nothing(self):
        item = self._item(self.review, self.own)
        kind = self._kind().id
        for role in ("salesperson", "auditor"):
            with self.subTest(role=role):
                with self.assertRaises(AccessError):
                    self._rpc(role, item, "write", {"discussion": "x"})
                with self.assertRaises(AccessError):
                    self._rpc(role, item, "decide", kind)
                for method in ("action_held", "action_prepare", "action_send"):
                    with self.assertRaises(AccessError):
                        self._rpc(role, self.review, method)
                with self.assertRaises(AccessError):
                    self._rpc(role, self.review, "action_cancel", "No")

    def test_a_collector_decides_on_own_customers_only(self):
        kind = self._kind().id
        own, foreign = (
            self._item(self.review, debtor) for debtor in (self.own, self.foreign)
        )
        self._rpc("collector", own, "decide", kind)
        self.assertEqual(own.decision_ids.owner_id, self.users["collector"])
        with self.assertRaises(AccessError):
            self._rpc("collector", foreign, "decide", kind)

    def test_what_is_read_only_stays_so_by_remote_calls(self):
        item = self._item(self.review, self.own)
        decision = self._decide(item)
        for record, values in (
            (self.review, {"state": "sent"}),
            (self.review, {"figures_date": "2020-01-01"}),
            (item, {"overdue_amount": 1}),
            (item, {"received_total": 1}),
            (item, {"is_manual": True}),
            (decision, {"state": "done"}),
            (decision, {"result": "x"}),
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self._rpc("manager", record, "write", values)
        with self.assertRaises(AccessError):
            self._as(self.env["recouvrement.review"], "manager").create(
                {"state": "sent"}
            )

    def test_an_owner_must_be_able_to_open_the_debtor(self):
        foreign = self._item(self.review, self.foreign)
        decision = self._decide(foreign)
        for role in ("salesperson", "collector"):
            with self.subTest(role=role), self.assertRaises(UserError):
                decision.owner_id = self.users[role]
        decision.owner_id = self.users["accountant"]

    def test_a_salesperson_closes_the_decisions_that_are_his(self):
        item = self._item(self.review, self.own)
        his = self._decide(item, "salesperson")
        others = self._decide(item, "chase")
        self.assertEqual(his.owner_id, self.users["salesperson"])
        self.review.action_held()
        self._rpc("salesperson", his, "action_done", "Spoke with the director")
        self.assertEqual((his.state, his.done_by_id), ("done", his.owner_id))
        self.assertFalse(his.activity_id.active)
        with self.assertRaises(AccessError):
            self._rpc("salesperson", others, "action_done", "x")

    def test_each_participant_receives_what_he_may_see(self):
        for debtor in self.debtors:
            self._item(self.review, debtor).write(
                {"discussion": f"About {debtor.display_name}", "state": "discussed"}
            )
        self.review.action_held()
        self.review.action_send()
        texts, scopes = {}, {}
        for minutes in self.review.minutes_ids:
            key = minutes.partner_id.name or "kept"
            texts[key] = minutes.attachment_id.raw.decode()
            scopes[key] = minutes.scope
        for name, own, nobody, foreign in (
            ("kept", True, True, True),
            ("test_manager", True, True, True),
            ("test_accountant", True, True, True),
            ("test_salesperson", True, False, False),
            ("test_collector", True, True, False),
        ):
            with self.subTest(participant=name):
                self.assertEqual("About Own" in texts[name], own)
                self.assertEqual("About Nobody" in texts[name], nobody)
                self.assertEqual("About Foreign" in texts[name], foreign)
                self.assertEqual(scopes[name] == "full", foreign)

    def test_an_address_does_not_widen_the_minutes_that_are_printed(self):
        """The address of a report may carry a context of its own."""
        for debtor in self.debtors:
            self._item(self.review, debtor).discussion = f"About {debtor.display_name}"
        for role, expected in (
            ("salesperson", {"Own"}),
            ("collector", {"Own", "Nobody"}),
        ):
            reviews = self._as(self.env["recouvrement.review"], role)
            review = reviews.with_context(
                review_item_ids=self.review.item_ids.ids
            ).browse(self.review.id)
            blocks = review._get_minutes_values()["blocks"]
            printed = set().union(*(self._names(items) for _title, items in blocks))
            with self.subTest(role=role):
                self.assertEqual(printed, expected)

    def test_minutes_are_read_by_who_received_them(self):
        self.review.action_held()
        self.review.action_send()
        minutes = self.env["recouvrement.review.minutes"]
        for role, expected in (
            ("salesperson", 1),
            ("collector", 1),
            ("accountant", 5),
            ("auditor", 5),
            ("manager", 5),
        ):
            with self.subTest(role=role):
                found = self._as(minutes, role).search([])
                self.assertEqual(len(found), expected)
                found[0].action_download()
        kept = self.review.minutes_ids.filtered(lambda one: not one.partner_id)
        attachment = self._as(kept.attachment_id, "salesperson")
        with self.assertRaises(AccessError):
            attachment.read(["raw"])
        with self.assertRaises(AccessError):
            self._rpc("salesperson", kept, "action_download")

    def test_another_company_has_its_own_reviews(self):
        self.env.user.company_ids |= self.other
        elsewhere = self.env["recouvrement.review"].create(
            {"company_id": self.other.id}
        )
        elsewhere.action_prepare()
        self.assertFalse(elsewhere.item_ids)
        for role in ("manager", "accountant", "auditor", "collector"):
            with self.subTest(role=role):
                found = self._as(self.env["recouvrement.review"], role).search([])
                self.assertNotIn(elsewhere, found)
        with self.assertRaises(UserError):
            self.env["recouvrement.review.item"].create(
                {"review_id": self.review.id, "debtor_id": self.elsewhere.id}
            )
