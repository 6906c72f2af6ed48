"""New customers go to the first segment whose filter matches; an empty filter takes
none, unless it is said to take all others."""

from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import RecouvrementCommon


@tagged("post_install", "-at_install")
class TestSegment(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.segments = cls.env["recouvrement.segment"]
        cls.private = cls.env.ref("recouvrement.segment_company")
        cls.person = cls._make_customer("Jeanne Petit", is_company=False)
        cls.firm = cls._make_customer("Firm", is_company=True)

    def _match(self, *partners):
        found = self.segments._match_partners(
            self.env["res.partner"].union(*partners), self.company
        )
        return [found.get(partner.id) for partner in partners]

    def _make(self, code, **vals):
        return self.segments.create({"name": code, "code": code, **vals})

    def test_a_new_segment_comes_last_and_takes_nobody(self):
        before = self._match(self.firm, self.person)
        self.assertEqual(before[0], self.private)
        new = self._make("new")
        others = self.segments.search([("id", "!=", new.id)])
        self.assertGreater(new.sequence, max(others.mapped("sequence")))
        self.assertEqual(self._match(self.firm, self.person), before)

    def test_a_new_segment_with_a_filter_takes_what_the_others_leave(self):
        new = self._make("new", partner_domain="[('name', '!=', False)]")
        self.assertEqual(self._match(self.firm), [self.private])
        new.sequence = 1
        self.assertEqual(self._match(self.firm), [new])

    def test_no_filter_at_the_top_of_the_list_takes_nobody_either(self):
        for number, domain in enumerate(("[]", False, "[(1, '=', 1)]")):
            with self.subTest(domain=domain):
                self._make(f"new {number}", partner_domain=domain, sequence=1)
                self.assertEqual(self._match(self.firm), [self.private])

    def test_the_one_that_takes_all_others_comes_last_wherever_it_is(self):
        others = self._make("rest", is_catch_all=True, sequence=1)
        self.assertEqual(self._match(self.firm), [self.private])
        (self.segments.search([]) - others).active = False
        self.assertEqual(self._match(self.firm, self.person), [others, others])
        debtor = self._make_debtor("New one")
        self.assertEqual(debtor.segment_id, others)

    def test_that_of_the_company_goes_before_that_of_all_companies(self):
        self.segments.search([]).active = False
        everywhere = self._make("rest", is_catch_all=True)
        own = self._make("own rest", is_catch_all=True, company_id=self.company.id)
        self.assertEqual(self._match(self.firm), [own])
        own.active = False
        self.assertEqual(self._match(self.firm), [everywhere])

    def test_one_only_takes_all_others(self):
        self._make("rest", is_catch_all=True)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self._make("rest 2", is_catch_all=True)

    def test_it_has_no_filter(self):
        with self.assertRaisesRegex(ValidationError, "it has no filter"):
            self._make("rest", is_catch_all=True, partner_domain="[('id', '=', 1)]")

    def test_segments_of_an_earlier_version_go_on(self):
        """The last one without a filter took what the others left."""
        self.segments.search([]).write({"active": False})
        first, last = self._make("first"), self._make("last")
        filtered = self._make("filtered", partner_domain="[('id', '=', 1)]")
        self.env.flush_all()
        self.segments._keep_last_without_filter()
        self.env.invalidate_all()
        self.assertEqual(
            (first + last + filtered).mapped("is_catch_all"), [False, True, False]
        )
