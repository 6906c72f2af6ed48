"""Who may do what: roles × models × operations, portfolios, companies."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .access_common import ROLES, AccessCommon

# Operations per model, one string per role in the order of ROLES.
RIGHTS = {
    "recouvrement.segment": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.threshold.zone": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.rate": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.rate.import": ("", "", "", "", "rwc"),
    "recouvrement.rate.import.line": ("", "", "", "", "rwcu"),
    "recouvrement.legal.regime": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.interest.pause": ("r", "rwc", "rwc", "r", "rwcu"),
    "recouvrement.regime.wizard": ("", "", "rwc", "", "rwc"),
    "recouvrement.notice.wizard": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.dunning.policy": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.dunning.level": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.debtor": ("r", "rw", "rw", "r", "rw"),
    "recouvrement.event": ("r", "r", "r", "r", "r"),
    "recouvrement.promise": ("r", "rw", "rw", "r", "rw"),
    "recouvrement.promise.line": ("r", "r", "r", "r", "r"),
    "recouvrement.promise.wizard": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.promise.cancel": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.interaction": ("r", "rw", "rw", "r", "rw"),
    "recouvrement.interaction.outcome": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.nonpayment.cause": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.interaction.wizard": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.interaction.cancel": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.relay": ("r", "rw", "rw", "r", "rw"),
    "recouvrement.relay.wizard": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.relay.answer": ("rwc", "rwc", "rwc", "", "rwc"),
    "recouvrement.access.link": ("", "r", "r", "r", "r"),
    "recouvrement.open.item": ("r", "r", "r", "r", "r"),
    "recouvrement.dunning.decision": ("r", "r", "r", "r", "r"),
    "recouvrement.dunning.run": ("", "rwc", "r", "r", "rwcu"),
    "recouvrement.reminder": ("r", "rw", "r", "r", "rw"),
    "recouvrement.reminder.line": ("r", "r", "r", "r", "r"),
    "recouvrement.request": ("r", "rwc", "rwc", "r", "rwc"),
    "recouvrement.request.refuse": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.bank.change": ("", "rwc", "rwc", "r", "rwc"),
    "recouvrement.bank.call": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.send.wizard": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.receipt": ("r", "r", "r", "r", "r"),
    "recouvrement.receipt.match": ("r", "r", "r", "r", "r"),
    "recouvrement.risk.item": ("r", "r", "r", "r", "r"),
    "recouvrement.risk.concentration": ("r", "r", "r", "r", "r"),
    "recouvrement.interest.statement": ("r", "rw", "rw", "r", "rw"),
    "recouvrement.interest.statement.line": ("r", "r", "r", "r", "r"),
    "recouvrement.interest.waiver.reason": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.authority": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.payment.plan": ("r", "rwu", "rwu", "r", "rwu"),
    "recouvrement.payment.plan.line": ("r", "r", "r", "r", "r"),
    "recouvrement.payment.plan.installment": ("r", "r", "r", "r", "r"),
    "recouvrement.plan.margin": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.plan.wizard": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.plan.decision": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.claim.wizard": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.priority.rule": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.rating": ("r", "r", "r", "r", "r"),
    "recouvrement.late.model": ("r", "r", "r", "r", "r"),
    "recouvrement.late.chance": ("", "", "", "r", "r"),
    "recouvrement.rating.grade": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.score.model": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.score.factor": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.score.step": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.external.rating": ("r", "rwc", "rwc", "r", "rwcu"),
    "recouvrement.external.provider": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.external.value": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.external.rating.import": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.external.rating.import.line": ("", "rwcu", "rwcu", "", "rwcu"),
    "recouvrement.exclusion": ("", "", "", "r", "rwcu"),
    "recouvrement.exclusion.access": ("", "", "", "r", "r"),
    "recouvrement.exclusion.notice": ("", "", "", "", "rwc"),
    "recouvrement.cover": ("r", "r", "rwc", "r", "rwcu"),
    "recouvrement.netting": ("r", "r", "rwc", "r", "rwcu"),
    "recouvrement.alert": ("r", "r", "r", "r", "r"),
    "recouvrement.alert.rule": ("", "r", "r", "r", "rwcu"),
    "recouvrement.cover.kind": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.cover.import": ("", "", "rwc", "", "rwc"),
    "recouvrement.cover.stop": ("", "", "", "", "rwc"),
    "recouvrement.cover.import.line": ("", "", "rwcu", "", "rwcu"),
    "recouvrement.credit.limit": ("r", "rwcu", "rwcu", "r", "rwcu"),
    "recouvrement.credit.release": ("r", "rw", "rw", "r", "rw"),
    "recouvrement.credit.release.wizard": ("rwc", "rwc", "rwc", "", "rwc"),
    "recouvrement.credit.refusal": ("", "", "", "", "rwc"),
    "recouvrement.credit.piece.kind": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.credit.file": ("r", "rw", "rw", "r", "rw"),
    "recouvrement.identity.finding": ("r", "r", "r", "r", "r"),
    "recouvrement.identity.accept": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.sirene.upload": ("", "", "rwc", "", "rwc"),
    "recouvrement.credit.piece": ("r", "rw", "rw", "r", "rw"),
    "recouvrement.credit.grid": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.credit.decision": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.credit.file.wizard": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.rating.decision": ("", "", "", "", "rwc"),
    "recouvrement.substitution": ("", "rwcu", "r", "r", "rwcu"),
    "recouvrement.handover.wizard": ("", "rwc", "", "", "rwc"),
    "recouvrement.portal.wizard": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.hold.wizard": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.status.wizard": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.assign.wizard": ("", "", "", "", "rwc"),
    "recouvrement.stop.wizard": ("", "", "", "", "rwc"),
    "recouvrement.company.settings": ("", "", "", "", "rwc"),
    "recouvrement.as.of.wizard": ("rwc",) * 5,
    "recouvrement.interest.detail": ("rwc",) * 5,
    "recouvrement.letters.posted": ("", "rwcu", "", "", "rwcu"),
    "recouvrement.letters.posted.line": ("", "rwcu", "", "", "rwcu"),
    "recouvrement.registered.proof": ("", "rwcu", "", "", "rwcu"),
    "recouvrement.reminder.preview": ("rwcu",) * 5,
    "recouvrement.doubtful.reason": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.doubtful.wizard": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.impairment": ("", "", "rwcu", "r", "rwcu"),
    "recouvrement.impairment.line": ("", "", "rw", "r", "rw"),
    "recouvrement.impairment.matrix": ("", "", "rwcu", "r", "rwcu"),
    "recouvrement.write.off": ("", "rw", "rw", "r", "rw"),
    "recouvrement.write.off.line": ("", "r", "r", "r", "r"),
    "recouvrement.write.off.ground": ("", "r", "r", "r", "rwcu"),
    "recouvrement.recovery": ("", "r", "rw", "r", "rw"),
    "recouvrement.write.off.wizard": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.write.off.wizard.line": ("", "rwcu", "rwcu", "", "rwcu"),
    "recouvrement.recovery.wizard": ("", "", "rwc", "", "rwc"),
    "recouvrement.closing.settings": ("", "", "rwc", "", "rwc"),
    "recouvrement.closing": ("", "", "rwc", "r", "rwcu"),
    "recouvrement.closing.line": ("", "", "rw", "r", "rw"),
    "recouvrement.prescription.kind": ("r", "r", "r", "r", "rwcu"),
    "recouvrement.prescription.event": ("r", "rwc", "rwc", "r", "rwc"),
    "recouvrement.prescription.void": ("", "rwc", "rwc", "", "rwc"),
    "recouvrement.prescription.explanation": ("rwc",) * 5,
}
OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "unlink"}


@tagged("post_install", "-at_install")
class TestAccess(AccessCommon):
    def test_every_role_has_exactly_the_rights_of_the_table(self):
        for model_name, rights in RIGHTS.items():
            for role, granted in zip(ROLES, rights, strict=True):
                model = self._as(self.env[model_name], role)
                found = "".join(
                    letter for letter, op in OPERATIONS.items() if model.has_access(op)
                )
                with self.subTest(model=model_name, role=role):
                    self.assertEqual(found, granted)

    def test_the_table_covers_every_model_of_the_desk(self):
        models = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("recouvrement.")
            and not model._abstract
            and model._original_module == "recouvrement"
        }
        covered_elsewhere = {
            name for name in models if name.startswith("recouvrement.fec.")
        }
        self.assertEqual(models - covered_elsewhere, set(RIGHTS))

    def test_portal_public_and_ordinary_users_get_nothing(self):
        ordinary = new_test_user(self.env, "test_ordinary", groups="base.group_user")
        public = self.env.ref("base.public_user")
        for model_name in RIGHTS:
            for user in (self.portal, public, ordinary):
                for operation in OPERATIONS.values():
                    with self.subTest(model=model_name, user=user.id):
                        self.assertFalse(
                            self.env[model_name].with_user(user).has_access(operation)
                        )

    def test_administrators_are_credit_managers(self):
        self.assertTrue(
            self.env.ref("base.user_admin").has_group("recouvrement.group_manager")
        )

    def test_a_plain_administrator_group_does_not_open_the_desk(self):
        system = new_test_user(self.env, "test_system", groups="base.group_system")
        self.assertFalse(system.has_group("recouvrement.group_salesperson"))
        self.assertFalse(
            self.env["recouvrement.debtor"].with_user(system).has_access("read")
        )

    # ------------------------------------------------------------------
    # PORTFOLIOS
    # ------------------------------------------------------------------

    VISIBLE = {
        "salesperson": "own",
        "collector": "own nobodys",
        "accountant": "own nobodys foreign",
        "auditor": "own nobodys foreign",
        "manager": "own nobodys foreign",
    }

    def _expected(self, role):
        return self.debtors.browse(
            getattr(self, name).id for name in self.VISIBLE[role].split()
        )

    def test_each_role_sees_the_debtors_of_its_portfolio(self):
        for role in ROLES:
            found = self._as(self.env["recouvrement.debtor"], role).search(
                [("id", "in", self.debtors.ids)]
            )
            with self.subTest(role=role):
                self.assertEqual(set(found.ids), set(self._expected(role).ids))

    def test_what_hangs_on_a_debtor_follows_its_portfolio(self):
        self.debtors._log_event("note", "Seen")
        for model_name in (
            "recouvrement.event",
            "recouvrement.open.item",
            "recouvrement.reminder",
            "recouvrement.reminder.line",
            "recouvrement.dunning.decision",
        ):
            for role in ROLES:
                records = self._as(self.env[model_name], role).search(
                    [("debtor_id", "in", self.debtors.ids)]
                )
                with self.subTest(model=model_name, role=role):
                    self.assertEqual(
                        set(records.sudo().debtor_id.ids),
                        set(self._expected(role).ids),
                    )

    def test_the_setting_opens_all_portfolios_to_collectors(self):
        collectors = self.env.ref("recouvrement.group_collector")
        collectors.implied_ids |= self.env.ref("recouvrement.group_all_portfolios")
        found = self._as(self.env["recouvrement.debtor"], "collector").search(
            [("id", "in", self.debtors.ids)]
        )
        self.assertEqual(found, self.debtors.with_user(found.env.user) & found)
        self.assertEqual(len(found), 3)

    def test_a_collector_cannot_touch_a_foreign_debtor(self):
        for method, args in (
            ("write", [{"next_action": "Call"}]),
            ("action_release_hold", []),
            ("action_mark_answer_read", []),
            ("web_read", [{"open_amount": {}}]),
        ):
            self.foreign.sudo().hold_until = self.today
            with self.subTest(method=method), self.assertRaises(AccessError):
                self._rpc("collector", self.foreign, method, *args)

    def test_a_collector_cannot_approve_or_cancel_a_foreign_reminder(self):
        reminder = self._reminders(self.foreign)
        for method in ("action_approve", "action_cancel", "action_send_now"):
            with self.subTest(method=method), self.assertRaises(AccessError):
                self._rpc("collector", reminder, method)

    def test_a_salesperson_who_also_collects_writes_only_in_the_portfolio(self):
        self.users["salesperson"].group_ids |= self.env.ref(
            "recouvrement.group_collector"
        )
        self.foreign.salesperson_id = self.users["salesperson"]
        foreign = self._as(self.foreign, "salesperson")
        self.assertTrue(foreign.has_access("read"))
        self.assertFalse(foreign.has_access("write"))
        self.assertTrue(self._as(self.nobodys, "salesperson").has_access("write"))

    # ------------------------------------------------------------------
    # COMPANIES
    # ------------------------------------------------------------------

    def test_another_company_is_invisible_to_every_role(self):
        for role in ROLES:
            debtors = self._as(self.env["recouvrement.debtor"], role)
            events = self._as(self.env["recouvrement.event"], role)
            with self.subTest(role=role):
                self.assertFalse(debtors.search([("id", "=", self.elsewhere.id)]))
                self.assertFalse(events.search([("debtor_id", "=", self.elsewhere.id)]))
                with self.assertRaises(AccessError):
                    self._as(self.elsewhere, role).read(["open_amount"])

    def test_configuration_of_another_company_is_invisible(self):
        policy = self.policy.sudo().copy({"company_id": self.other.id})
        shared = self.policy.sudo().copy({"company_id": False, "name": "Shared"})
        found = self._as(policy.browse(), "manager").search(
            [("id", "in", (policy | shared).ids)]
        )
        self.assertEqual(found.ids, shared.ids)

    def test_nobody_starts_a_campaign_in_a_company_that_is_not_theirs(self):
        runs = self._as(self.env["recouvrement.dunning.run"], "manager")
        with self.assertRaises(AccessError):
            runs.create({"company_ids": [Command.set((self.company | self.other).ids)]})

    def test_a_user_of_a_branch_sees_the_debtors_of_the_legal_entity(self):
        branch = (
            self.env["res.company"]
            .sudo()
            .create({"name": "Branch", "parent_id": self.company.id})
        )
        user = new_test_user(
            self.env,
            "test_branch",
            groups="base.group_user,recouvrement.group_manager",
            company_id=branch.id,
            company_ids=[Command.set(branch.ids)],
        )
        debtor = self.own.with_user(user).with_company(branch)
        self.assertTrue(debtor.has_access("read"))
        self.assertTrue(
            self._reminders(self.own)
            .with_user(user)
            .with_company(branch)
            .has_access("write")
        )
        items = self.env["recouvrement.open.item"].with_user(user).with_company(branch)
        self.assertFalse(
            items.search([("debtor_id", "=", self.own.id)]),
            "items of the mother company are not the branch's",
        )

    # ------------------------------------------------------------------
    # COMMENTS
    # ------------------------------------------------------------------

    def test_a_salesperson_comments_the_own_customer(self):
        debtor = self._as(self.own, "salesperson")
        message = debtor.message_post(body="He promised me to pay on Friday")
        self.assertEqual(message.author_id, self.users["salesperson"].partner_id)
        with self.assertRaises(AccessError):
            self._as(self.foreign, "salesperson").message_post(body="x")

    def test_an_auditor_writes_nothing(self):
        with self.assertRaises(AccessError):
            self._as(self.own, "auditor").message_post(body="x")
        with self.assertRaises(AccessError):
            self._as(self.own, "auditor").activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=self.users["auditor"].id,
            )
        for model_name in RIGHTS:
            if model_name in (
                "recouvrement.as.of.wizard",
                "recouvrement.interest.detail",
                "recouvrement.prescription.explanation",
                "recouvrement.reminder.preview",
            ):
                continue  # dialogs that only show
            model = self._as(self.env[model_name], "auditor")
            with self.subTest(model=model_name):
                self.assertFalse(
                    any(map(model.has_access, ("write", "create", "unlink")))
                )
