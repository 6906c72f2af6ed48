"""Odoo's merge of contacts joins their accounts, and loses nothing of either."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import RecouvrementCommon


class MergeCommon(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kept = cls._make_debtor("Menuiserie Roy", items=((1000, -20),))
        cls.gone = cls._make_debtor("Menuiserie ROY SARL", items=((500, -40),))

    @classmethod
    def _merge(cls, *others):
        """What the button of Odoo's wizard does."""
        partners = cls.kept.partner_id | cls.gone.partner_id
        for other in others:
            partners |= other.partner_id
        cls.env["base.partner.merge.automatic.wizard"]._merge(
            partners.ids, cls.kept.partner_id
        )
        cls.env["recouvrement.debtor"]._process_dirty()
        cls.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestPartnerMerge(MergeCommon):
    def test_the_accounts_are_joined_with_their_totals_and_history(self):
        name = self.gone.partner_id.display_name
        self.gone._make_promise(500.0, self._day(9), self._items_of(self.gone))
        self.gone._log_event("note", "Said on the phone")
        self.gone.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.env.uid
        )
        events = self.gone.event_ids | self.kept.event_ids
        self._merge()
        self.assertFalse(self.gone.exists())
        self.assertEqual(self.kept.open_amount, 1500)
        self.assertEqual(self.kept.overdue_amount, 1500)
        self.assertLessEqual(events, self.kept.event_ids)
        self.assertEqual(self.kept.activity_ids.mapped("res_id"), self.kept.ids)
        promise = self.env["recouvrement.promise"].search(
            [("debtor_id", "=", self.kept.id)]
        )
        self.assertEqual(promise.amount, 500)
        said = self.kept.event_ids.filtered(lambda one: name in one.summary)
        self.assertEqual(len(said), 1)

    def test_what_is_open_afterwards_is_still_chased(self):
        before = set(self._decisions(self.gone, 0).ids)
        self.assertTrue(before)
        self._merge()
        self.assertLessEqual(before, set(self._decisions(self.kept, 0).ids))

    def test_both_ratings_stay_and_one_is_current(self):
        ratings = self.env["recouvrement.rating"].sudo()
        ratings._compute_company(self.company)
        known = ratings.search([("debtor_id", "in", (self.kept | self.gone).ids)])
        self.assertEqual(len(known.filtered("is_current")), 2)
        current = self.kept.rating_id
        self._merge()
        self.assertEqual(known.debtor_id, self.kept)
        self.assertEqual(known.filtered("is_current"), current)

    def test_the_same_external_rating_counts_once(self):
        values = {
            "provider_id": self.env.ref("recouvrement.external_provider_creditsafe").id,
            "value": "64",
        }
        ratings = self.env["recouvrement.external.rating"]
        for debtor in (self.kept, self.gone):
            ratings.create({"debtor_id": debtor.id, **values})
        ratings.create({"debtor_id": self.gone.id, **values, "value": "30"})
        self._merge()
        found = ratings.search([("debtor_id", "=", self.kept.id)])
        self.assertEqual(sorted(found.mapped("value")), ["30", "64"])

    def test_anomalies_of_both_are_those_of_one_customer(self):
        for debtor in (self.kept, self.gone):
            debtor.partner_id.write({"company_registry": "732829320"})
        findings = self.env["recouvrement.identity.finding"]
        duplicates = [("kind", "=", "duplicate")]
        self.assertEqual(findings.search_count(duplicates), 2)
        self._merge()
        findings._refresh(self.kept)
        self.assertFalse(findings.search_count(duplicates))

    def test_two_customer_files_become_one_with_the_best_pieces(self):
        files = self.env["recouvrement.credit.file"]
        mine, theirs = (files._open_file(one) for one in (self.kept, self.gone))
        first, second = mine.piece_ids[:2]
        better = theirs.piece_ids.filtered(lambda one: one.kind_id == first.kind_id)
        better.sudo().write({"state": "checked", "note": "Theirs"})
        second.sudo().write({"state": "received", "note": "Mine"})
        kinds = mine.piece_ids.kind_id
        theirs.note = "Said by them"
        self._merge()
        self.assertFalse(theirs.exists())
        self.assertEqual(mine.piece_ids.kind_id, kinds)
        by_kind = {piece.kind_id: piece.note for piece in mine.piece_ids}
        self.assertEqual(by_kind[better.kind_id], "Theirs")
        self.assertEqual(by_kind[second.kind_id], "Mine")
        self.assertIn("Said by them", mine.note)

    def test_what_there_is_once_is_refused_and_nothing_moves(self):
        """Such as a change of bank details that waits for its second person."""
        for debtor in (self.kept, self.gone):
            self.env["recouvrement.bank.change"].sudo().create(
                {
                    "debtor_id": debtor.id,
                    "iban": "FR7630006000011234567890189",
                    "account_holder": "Menuiserie Roy",
                    "requester": "Mme Roy",
                    "state": "to_call",
                }
            )
        partner = self.gone.partner_id
        with self.assertRaises(UserError) as refused, self.cr.savepoint():
            self._merge()
        for text in ("Menuiserie Roy", "Menuiserie ROY SARL", "archive"):
            self.assertIn(text.casefold(), str(refused.exception).casefold())
        self.env.invalidate_all()
        self.assertTrue(self.gone.exists() and partner.exists())
        self.assertEqual(self.gone.open_amount, 500)

    def test_one_customer_file_follows(self):
        theirs = self.env["recouvrement.credit.file"]._open_file(self.gone)
        self._merge()
        self.assertEqual(theirs.debtor_id, self.kept)

    def _limit(self, debtor, amount):
        return self.env["recouvrement.credit.limit"].create(
            {"debtor_id": debtor.id, "amount": amount, "reason": "Agreed"}
        )

    def test_the_limit_of_the_account_that_stays_holds(self):
        """Not the newer and larger one of the account that goes, which is ended."""
        mine, theirs = self._limit(self.kept, 500), self._limit(self.gone, 9000)
        self._merge()
        self.assertEqual(self.kept.credit_limit, 500)
        self.assertEqual((mine.state, theirs.state), ("approved", "ended"))
        self.assertEqual(theirs.debtor_id, self.kept)
        told = self.kept.event_ids.filtered(lambda one: "ended" in one.summary)
        self.assertEqual(len(told), 1)

    def test_a_limit_follows_where_there_was_none(self):
        limit = self._limit(self.gone, 9000)
        self._merge()
        self.assertEqual((limit.state, self.kept.credit_limit), ("approved", 9000))

    def test_three_contacts_and_one_without_account(self):
        third = self._make_debtor("Roy Menuiserie", items=((300, 10),))
        self._merge(third)
        self.assertEqual(self.kept.open_amount, 1800)
        fresh = self._make_customer("Sans compte")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (fresh | self.kept.partner_id).ids, fresh
        )
        self.env["recouvrement.debtor"]._process_dirty()
        self.assertEqual(self.kept.partner_id, fresh)
        self.assertEqual(self.kept.open_amount, 1800)

    def test_each_legal_entity_keeps_its_own_account(self):
        other = self.setup_other_company()["company"]
        theirs = self.env["recouvrement.debtor"].sudo()
        theirs = theirs.create(
            {"partner_id": self.gone.partner_id.id, "company_id": other.id}
        )
        self._merge()
        self.assertEqual(theirs.partner_id, self.kept.partner_id)
        self.assertEqual(theirs.company_id, other)
        self.assertEqual(theirs.open_amount, 0)
        self.assertEqual(self.kept.open_amount, 1500)

    def _items_of(self, debtor):
        moves = self.env["account.move"].search(
            [("partner_id", "=", debtor.partner_id.id)]
        )
        return self._items(moves)
