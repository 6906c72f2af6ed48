"""Who decides alone up to which amount."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RecouvrementCommon


@tagged("post_install", "-at_install")
class TestAuthority(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            role: cls._make_user(role)
            for role in ("salesperson", "collector", "accountant", "manager")
        }

    def _authority(self, role):
        return self.env["recouvrement.authority"].with_user(self.roles[role])

    def _limit(self, role, **vals):
        return self.env["recouvrement.authority"].search(
            [("subject", "=", "waive_interest"), ("role", "=", role)]
        )

    def test_the_limits_shipped(self):
        for role, limit in (
            ("salesperson", 0),
            ("collector", 100),
            ("accountant", 0),
            ("manager", None),
        ):
            with self.subTest(role=role):
                self.assertEqual(
                    self._authority(role)._get_limit("waive_interest"), limit
                )

    def test_the_limit_itself_is_allowed_and_a_cent_more_is_not(self):
        authority = self._authority("collector")
        self.assertTrue(authority._allows("waive_interest", 100.0))
        self.assertFalse(authority._allows("waive_interest", 100.01))
        self.assertFalse(authority._allows("waive_interest", -100.01))
        authority._check("waive_interest", 100.0)
        with self.assertRaisesRegex(UserError, "up to .*100.00.* this is .*100.01"):
            authority._check("waive_interest", 100.01)

    def test_the_line_of_the_company_wins(self):
        self._limit("collector").copy({"company_id": self.company.id, "limit": 10})
        self.assertFalse(self._authority("collector")._allows("waive_interest", 11))
        other = self.setup_other_company()["company"]
        self.assertTrue(
            self._authority("collector")._allows("waive_interest", 11, other)
        )

    def test_a_branch_has_the_limits_of_its_legal_entity(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self._limit("collector").copy({"company_id": self.company.id, "limit": 10})
        self.assertFalse(
            self._authority("collector")._allows("waive_interest", 11, branch)
        )

    def test_no_line_means_nothing(self):
        self._limit("collector").unlink()
        self.assertFalse(self._authority("collector")._allows("waive_interest", 0.01))
        self.assertTrue(self._authority("collector")._allows("waive_interest", 0))

    def test_a_user_of_two_roles_has_the_higher_limit(self):
        self._limit("accountant").limit = 250
        self.roles["collector"].group_ids |= self.env.ref(
            "recouvrement.group_accountant"
        )
        self.assertEqual(self._authority("collector")._get_limit("waive_interest"), 250)
