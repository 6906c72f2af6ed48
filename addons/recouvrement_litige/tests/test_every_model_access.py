"""Every model of the addon: who has no business here sees nothing."""

from odoo.tests import new_test_user, tagged

from odoo.addons.recouvrement.tests.access_common import AccessCommon

ADDON = "recouvrement_litige"
OPERATIONS = ("read", "write", "create", "unlink")
# Set up once for all companies; no customer is named in them.
SHARED = {
    "recouvrement.dispute.category",
    "recouvrement.dispute.stage",
    "recouvrement.insolvency.kind",
    "recouvrement.jurisdiction",
    "recouvrement.legal.delay",
    "recouvrement.litigation.piece.kind",
    "recouvrement.litigation.stage",
    "recouvrement.procedure",
    "recouvrement.procedure.cost",
    "recouvrement.procedure.step",
    "recouvrement.request.type",
    "recouvrement.request.type.piece",
}


@tagged("post_install", "-at_install")
class TestEveryModelAccess(AccessCommon):
    def _models(self, transient=False):
        for name in self.env.registry:
            model = self.env[name]
            own = model._original_module == ADDON and not model._abstract
            if own and model._transient == transient:
                yield model

    def test_customers_and_visitors_have_no_right_at_all(self):
        portal = new_test_user(self.env, "litige_portal", groups="base.group_portal")
        public = self.env.ref("base.public_user").sudo()
        employee = new_test_user(self.env, "litige_nobody", groups="base.group_user")
        count = 0
        for transient in (False, True):
            for model in self._models(transient):
                count += 1
                for user in (portal, public):
                    for operation in OPERATIONS:
                        with self.subTest(model=model._name, user=user.login):
                            allowed = model.with_user(user).has_access(operation)
                            self.assertFalse(allowed, operation)
                seen = model.with_user(employee)
                if not transient and seen.has_access("read"):
                    with self.subTest(model=model._name, user="employee"):
                        self.assertIn(model._name, self._seen_by_employees())
        self.assertGreater(count, 60)

    @staticmethod
    def _seen_by_employees():
        """What the owner of a dispute needs who has no other right: rules show the own
        disputes only."""
        return SHARED | {
            "recouvrement.dispute",
            "recouvrement.dispute.line",
            "recouvrement.dispute.answer",
        }

    def test_each_model_is_kept_to_its_companies(self):
        for model in self._models():
            if model._name in SHARED:
                continue
            rules = self._rules(model).filtered(lambda rule: not rule.groups)
            with self.subTest(model=model._name):
                self.assertIn("compan", " ".join(rules.mapped("domain_force")))

    def test_a_salesperson_sees_what_concerns_the_own_customers_only(self):
        group = self.env.ref("recouvrement.group_salesperson")
        user = self.users["salesperson"]
        for model in self._models():
            readable = model.with_user(user).has_access("read")
            if model._name in SHARED or not readable:
                continue
            named = "debtor_id" in model._fields or "dispute_id" in model._fields
            if not named:
                continue
            rules = self._rules(model).filtered(lambda rule: group in rule.groups)
            with self.subTest(model=model._name):
                self.assertIn("salesperson", " ".join(rules.mapped("domain_force")))

    def _rules(self, model):
        rules = self.env["ir.rule"].sudo()
        return rules.search([("model_id.model", "=", model._name)]).filtered(
            "perm_read"
        )
