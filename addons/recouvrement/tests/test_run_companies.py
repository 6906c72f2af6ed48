"""A campaign over two companies, seen by who works in one of them."""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import RecouvrementCommon


@tagged("post_install", "-at_install")
class TestRunCompanies(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.setup_other_company(name="Second House")["company"]
        cls.campaign = cls._make_run(
            company_ids=[Command.set((cls.company + cls.other).ids)]
        )
        cls.names = ", ".join((cls.company + cls.other).sorted().mapped("name"))
        cls.both = cls._make_user("manager", login="both")
        cls.both.company_ids += cls.other
        cls.one = cls._make_user("manager", login="one")

    def _seen_by(self, user, *companies):
        ids = [company.id for company in companies]
        return self.campaign.with_user(user).with_context(allowed_company_ids=ids)

    def _assert_told(self, run, everything, others):
        self.assertRecordValues(
            run, [{"company_names": everything, "other_company_names": others}]
        )
        with Form(run) as form:
            self.assertEqual(form.other_company_names, others)
            form.name = "Read and written"
        self.assertEqual(self.campaign.company_ids, self.company + self.other)

    def test_the_form_tells_what_the_tags_hide(self):
        """The client reads the companies first: the rules leave one of them."""
        self.company.recouvrement_test_mode = False
        self.other.recouvrement_test_mode = True
        self.env.invalidate_all()
        run = self._seen_by(self.both, self.company)
        [values] = run.web_read(
            {"company_ids": {"fields": {}}, "other_company_names": {}, "test_mode": {}}
        )
        self.assertEqual(values["company_ids"], [{"id": self.company.id}])
        self.assertEqual(values["other_company_names"], "Second House")
        self.assertTrue(values["test_mode"])
        self.assertEqual(
            run.action_simulate()["context"]["dunning_company_ids"],
            (self.company + self.other).sorted().ids,
        )

    def test_a_campaign_of_others_too_is_not_widened(self):
        run = self._seen_by(self.one, self.company)
        run.web_read({"company_ids": {"fields": {}}})
        with self.assertRaises(AccessError):
            run.company_ids = [Command.link(self.company.id)]

    def test_both_active_nothing_is_missing(self):
        run = self._seen_by(self.both, self.company, self.other)
        self._assert_told(run, self.names, "")

    def test_the_own_company_that_is_not_active_is_named(self):
        run = self._seen_by(self.both, self.company)
        self._assert_told(run, self.names, "Second House")

    def test_a_company_of_others_is_counted_not_named(self):
        run = self._seen_by(self.one, self.company)
        hidden = "one company that is not yours"
        self._assert_told(run, f"{self.company.name}, {hidden}", hidden)

    def test_several_companies_of_others_are_counted(self):
        self.campaign.company_ids += self.env["res.company"].create(
            {"name": "Third House"}
        )
        self.assertEqual(
            self._seen_by(self.one, self.company).other_company_names,
            "2 companies that are not yours",
        )

    def test_a_user_of_a_branch_has_the_legal_entity(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.one.write({"company_ids": [Command.set(branch.ids)], "company_id": branch})
        run = self._seen_by(self.one, branch)
        self.assertEqual(run.other_company_names, "one company that is not yours")
        self.assertIn(self.company.name, run.company_names)
