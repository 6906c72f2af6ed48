"""Who sees and sets targets; a collector reads the own bonus and nobody else's."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from odoo.addons.recouvrement.tests.rights import EDIT, NONE, READ, WITHOUT_SALES

from .common_rights import ReportingRights
from .test_bonus import STATEMENT, BonusCommon

MADE = (1, 1, 1, 0)
RULES = {
    "collector": READ,
    "accountant": READ,
    "auditor": READ,
    "manager": EDIT,
}
READERS = dict.fromkeys(WITHOUT_SALES, READ)
RIGHTS = {
    "recouvrement.team": RULES,
    "recouvrement.target": RULES,
    "recouvrement.assignment": {**READERS, "collector": NONE},
    "recouvrement.bonus.rule": RULES,
    "recouvrement.bonus.condition": RULES,
    "recouvrement.bonus.component": RULES,
    "recouvrement.bonus.step": RULES,
    "recouvrement.bonus.statement": {**READERS, "accountant": MADE, "manager": MADE},
    "recouvrement.bonus.line": READERS,
    "recouvrement.bonus.receipt": READERS,
    "recouvrement.bonus.reversal": READERS,
    "recouvrement.target.wizard": {"manager": EDIT},
    "recouvrement.bonus.wizard": {"manager": EDIT, "accountant": EDIT},
}
MENUS = {
    **dict.fromkeys(("performance", "targets", "bonuses"), WITHOUT_SALES),
    **dict.fromkeys(("teams", "bonus_rules"), ("auditor", "manager")),
}


@tagged("post_install", "-at_install")
class TestTargetAccess(ReportingRights, BonusCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.collector = cls.users["collector"]
        cls.team.member_ids |= cls.collector | cls.other_collector
        cls.own.collector_id = cls.collector
        cls.foreign.collector_id = cls.other_collector
        cls.env["recouvrement.debtor"]._process_dirty()
        cls._receive(cls.own, 1100)
        cls._receive(cls.foreign, 1300)
        for user in (cls.collector, cls.other_collector):
            cls._aim(1000, user)
        cls._aim(2000, team=cls.team)
        cls._freeze()
        cls.statements = (
            cls.env[STATEMENT]
            .with_user(cls.sophie)
            ._make(cls.rule.with_user(cls.sophie), cls.last.start)
        )
        cls.statements.with_user(cls.anne).action_approve()

    def test_each_role_has_just_its_rights_and_menus(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def test_a_collector_reads_the_own_bonus_only(self):
        mine = self.env[STATEMENT].with_user(self.collector).search([])
        self.assertEqual(mine.user_id, self.collector)
        self.assertEqual(mine.total, 300)
        self.assertTrue(mine.line_ids.mapped("explanation"))
        theirs = self.statements.filtered(lambda s: s.user_id == self.other_collector)
        with self.assertRaises(AccessError):
            theirs.with_user(self.collector).read(["total"])
        with self.assertRaises(AccessError):
            theirs.line_ids.with_user(self.collector).read(["amount"])
        with self.assertRaises(AccessError):
            theirs.with_user(self.collector).action_print()
        receipts = self.env["recouvrement.bonus.receipt"]
        found = receipts.with_user(self.collector).search([])
        self.assertEqual(found.collector_id, self.collector)
        self.assertEqual(sum(found.mapped("amount")), 1100)

    def test_a_draft_is_not_for_the_collector_yet(self):
        self.env["recouvrement.bonus.rule"].browse(self.rule.id).copy()
        second = self._make_rule(name="Second")
        draft = self._make(rule=second, user=self.collector)
        self.assertEqual(draft.state, "draft")
        mine = self.env[STATEMENT].with_user(self.collector).search([])
        self.assertNotIn(draft, mine)

    def test_the_paper_of_a_colleague_is_not_printed(self):
        theirs = self.statements.filtered(lambda s: s.user_id == self.other_collector)
        report = self.env["ir.actions.report"].with_user(self.collector)
        with self.assertRaises(AccessError):
            report._render_qweb_html(
                "recouvrement_reporting.report_bonus_statement", theirs.ids
            )

    def test_a_collector_makes_and_approves_nothing(self):
        statements = self.env[STATEMENT].with_user(self.collector)
        with self.assertRaises(AccessError):
            statements._make(self.rule.with_user(self.collector), self.last.start)
        with self.assertRaises(AccessError):
            statements.search([]).action_approve()

    def test_targets_of_colleagues_stay_theirs(self):
        targets = self.env["recouvrement.target"].with_user(self.collector)
        found = targets.search([])
        self.assertEqual(found.user_id, self.collector)
        self.assertEqual(found.team_id, self.team)
        with self.assertRaises(AccessError):
            found.write({"value": 1})

    def test_who_has_the_menu_opens_the_screens(self):
        action = "recouvrement_reporting.recouvrement_target_action_open"
        for role in WITHOUT_SALES:
            user = self.users[role]
            with self.subTest(role=role):
                opened = self.env.ref(action).with_user(user).run()
                model = self._as(self.env[opened["res_model"]], role)
                modes = opened["view_mode"].split(",")
                views = model.get_views([(False, mode) for mode in modes])["views"]
                self.assertEqual(set(views), set(modes))
                model.search([]).mapped("owner")
                statements = self._as(self.env[STATEMENT], role)
                statements.get_views([(False, "list"), (False, "form")])
                statements.search([]).line_ids.mapped("explanation")
        with self.assertRaises(AccessError):
            self.env.ref(action).with_user(self.users["salesperson"]).run()

    def test_the_wizards_work_for_who_has_them(self):
        manager = self.env(user=self.users["manager"])
        with Form(manager["recouvrement.target.wizard"]) as form:
            form.date_start = self.month.start
            self.assertEqual(len(form.line_ids), 3)
            form.change = 10
        form.record.action_confirm()
        self.assertEqual(self._get(self.month, user=self.collector), 1100)
        accountant = self.env(user=self.users["accountant"])
        second = self._make_rule(name="Second")
        with Form(accountant["recouvrement.bonus.wizard"]) as form:
            form.date = self.last.start
        wizard = form.record
        self.assertEqual(wizard.rule_ids.ids, (self.rule | second).sorted().ids)
        action = wizard.action_confirm()
        made = self.env[STATEMENT].search(action["domain"])
        self.assertEqual(made.rule_id, second)
        self.assertEqual(made.computed_by_id, self.users["accountant"])
