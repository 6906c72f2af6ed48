"""The credit manager sets test mode without being an administrator."""

from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import RecouvrementCommon


@tagged("post_install", "-at_install")
class TestCompanySettings(RecouvrementCommon):
    def _open_as(self, role):
        user = self._make_user(role)
        return self.env["recouvrement.company.settings"].with_user(user)

    def test_a_manager_changes_the_settings_of_the_company(self):
        self.company.recouvrement_signatory = "Claire Martin"
        with Form(self._open_as("manager")) as form:
            self.assertEqual(form.recouvrement_signatory, "Claire Martin")
            form.recouvrement_test_mode = True
            form.recouvrement_test_email = "test@example.com"
        form.record.action_confirm()
        self.assertRecordValues(
            self.company,
            [
                {
                    "recouvrement_test_mode": True,
                    "recouvrement_test_email": "test@example.com",
                    "recouvrement_signatory": "Claire Martin",
                }
            ],
        )

    def test_nobody_else_does(self):
        for role in ("collector", "accountant", "salesperson", "auditor"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                self._open_as(role).create({})

    def test_leaving_test_mode_gives_the_levels_back(self):
        self.company.write(
            {"recouvrement_test_mode": True, "recouvrement_test_email": "t@example.com"}
        )
        debtor = self._make_debtor(items=[(100, -10)])
        self._run_campaign()
        self._deliver()
        self.assertRecordValues(
            self._reminders(debtor), [{"state": "sent", "is_test": True}]
        )
        with Form(self._open_as("manager")) as form:
            form.recouvrement_test_mode = False
        form.record.action_confirm()
        self.assertEqual(self._reminders(debtor).state, "cancelled")
        self.assertEqual(self._decisions(debtor).mapped("role"), ["chase"])
