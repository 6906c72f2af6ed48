"""The customer page: what it shows, and to whom."""

import io
from datetime import timedelta
from unittest.mock import patch

import openpyxl

from odoo.tests import freeze_time, tagged

from ..controllers import portal_scope
from ..models import portal_link
from .portal_common import PortalCommon


@tagged("post_install", "-at_install")
class TestPortal(PortalCommon):
    # ------------------------------------------------------------------
    # WHAT IT SHOWS
    # ------------------------------------------------------------------

    def test_the_page_shows_what_the_ledger_has(self):
        text = self._text(self._page())
        self.assertIn("Fournil Bernard", text)
        for amount in ("1,500.50", "99.99", "1,600.49"):
            self.assertIn(amount, text)
        self.assertNotIn("777.77", text)

    def test_tabs_tell_open_overdue_and_paid_apart(self):
        self._pay(self.late)
        self.assertEqual(len(self._names(self._page(tab="open"))), 2)
        [overdue] = self._names(self._page(tab="overdue"))
        self.assertIn(self.overdue.name, overdue)
        [paid] = self._names(self._page(tab="paid"))
        self.assertIn(self.late.name, paid)

    def test_what_was_paid_more_than_a_year_ago_is_not_shown(self):
        old = self._make_invoice(self.customer, 88.0, due=-500)
        self._pay(old, day=-400)
        self._pay(self.late)
        [paid] = self._names(self._page(tab="paid"))
        self.assertIn(self.late.name, paid)

    def test_a_partial_payment_lowers_what_is_due(self):
        self._pay(self.overdue, 200.0)
        [row] = self._names(self._page(search=self.overdue.name))
        self.assertIn("1,000.00", row)

    def test_credits_are_shown_in_favour_and_cannot_be_ticked(self):
        self._make_credit_note(self.customer, 50.0)
        tree = self._page()
        self.assertIn("50.00", self._text(tree))
        ticks = tree.xpath("//input[contains(@class,'o_receivable_tick')]/@value")
        self.assertEqual(len([t for t in ticks if t.isdigit()]), 3)

    def test_each_currency_has_its_own_totals(self):
        other = self.setup_other_currency("EUR")
        self._make_invoice(self.customer, 60.0, due=-3, currency_id=other.id)
        totals = self.debtor._get_portal_totals()
        self.assertEqual(
            [(t["currency"], float(t["overdue"])) for t in totals],
            [(self.company.currency_id, 1500.5), (other, 60.0)],
        )

    def test_search_and_order_hold_whatever_is_typed(self):
        for search in ("%", "_", "'; DROP TABLE res_users; --", '"><script>'):
            self.assertEqual(self._names(self._page(search=search)), [])
        [first, *_others] = self._names(self._page(sort="amount"))
        self.assertIn(self.overdue.name, first)
        self._page(sort="nonsense", tab="nonsense", page="-7")
        self._page(search="a\0b", page="9" * 5000)
        self.assertEqual(self._get("/items.xlsx", search="\0").status_code, 200)
        for number in ("9" * 12, "9" * 30):
            self.assertEqual(self._get(f"/document/{number}").status_code, 404)

    def test_an_addressee_outside_the_customer_opens_the_page_while_it_is_one(self):
        agent = self._make_customer("Cabinet Comptable")
        base = f"/recouvrement/portal/{self._give(self.debtor, agent)._get_token()}"
        self.assertEqual(self._get(base=base).status_code, 404)
        self.debtor.collection_contact_id = agent
        self._page(base=base)
        self.debtor.collection_contact_id = False
        self.assertEqual(self._get(base=base).status_code, 404)
        self._page(page="99999999999")

    def test_pages_of_a_long_account_add_up(self):
        partner = self._make_customer("Long")
        for number in range(45):
            self._make_invoice(partner, 10 + number, due=-number - 1)
        debtor = self._debtor(partner)
        base = f"/recouvrement/portal/{self._give(debtor)._get_token()}"
        first = self._names(self._page(base=base))
        second = self._names(self._page(base=base, page="2"))
        self.assertEqual((len(first), len(second)), (40, 5))
        self.assertFalse(set(first) & set(second))

    def test_texts_of_the_ledger_are_escaped(self):
        name = "<script>alert(1)</script>"
        self.customer.name = name
        response = self._get()
        self.assertNotIn(name, response.text)
        self.assertIn("&lt;script&gt;alert", response.text)

    def test_the_list_leaves_as_a_spreadsheet_without_formulas(self):
        opening = self._make_opening(self.customer, 12.0)
        opening.with_context(check_move_validity=False).name = "=1+1"
        response = self._get("/items.xlsx", tab="open")
        book = openpyxl.load_workbook(io.BytesIO(response.content))
        rows = list(book.active.iter_rows(min_row=2))
        self.assertEqual(len(rows), 4)
        cells = [row[0] for row in rows]
        self.assertIn("=1+1", [cell.value for cell in cells])
        self.assertTrue(all(cell.data_type == "s" for cell in cells))
        self.assertAlmostEqual(sum(row[7].value for row in rows), 1612.49)

    def test_an_invoice_is_downloaded(self):
        response = self._get(f"/document/{self._line(self.overdue).id}")
        self.assertEqual(response.status_code, 200)
        self.assertIn("attachment", response.headers["Content-Disposition"])
        self.assertTrue(response.content)

    # ------------------------------------------------------------------
    # LANGUAGES
    # ------------------------------------------------------------------

    def test_the_page_speaks_the_language_of_the_contact_or_the_chosen_one(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        self.assertEqual(self._page().get("lang"), "fr-FR")
        self.assertEqual(self._page(lang="en_US").get("lang"), "en-US")
        self.assertEqual(self._page().get("lang"), "en-US", "kept in a cookie")
        self.assertEqual(self._page(lang="xx_XX").get("lang"), "en-US")

    # ------------------------------------------------------------------
    # TO WHOM
    # ------------------------------------------------------------------

    def _assert_refused(self, path="", base=None):
        response = self._get(path, base)
        self.assertEqual(response.status_code, 404)
        self.assertNotIn("Fournil", response.text)
        self.assertNotIn("1,200.00", response.text)

    def test_a_link_that_is_wrong_expired_or_revoked_opens_nothing(self):
        token = self.link._get_token()
        number, signature = token.split("-")
        other = self._give(self.stranger)._get_token().split("-")[0]
        for wrong in (
            f"{number}-{'0' * 64}",
            f"{other}-{signature}",
            f"{number}-{signature[:-1]}",
            "1",
            "x-y",
        ):
            with self.subTest(token=wrong):
                self._assert_refused(base=f"/recouvrement/portal/{wrong}")
        with freeze_time(self.link.date_expiry + timedelta(days=1)):
            self._assert_refused()
        self.link.action_revoke()
        self._assert_refused()

    def test_an_archived_account_or_contact_closes_the_link(self):
        contact = self._make_customer(
            "Alice", parent_id=self.customer.id, is_company=False
        )
        link = self._give(self.debtor, contact)
        base = f"/recouvrement/portal/{link._get_token()}"
        self._page(base=base)
        contact.active = False
        self._assert_refused(base=base)
        contact.active = True
        self.debtor.active = False
        self._assert_refused(base=base)

    def test_a_contact_who_left_the_customer_sees_nothing_any_more(self):
        contact = self._make_customer(
            "Alice", parent_id=self.customer.id, is_company=False
        )
        link = self._give(self.debtor, contact)
        contact.parent_id = self.stranger.partner_id
        self._assert_refused(base=f"/recouvrement/portal/{link._get_token()}")

    def test_numbers_of_others_are_not_found(self):
        foreign = self._items(self.stranger.partner_id.invoice_ids)
        for path in (
            f"/document/{foreign.id}",
            "/document/999999999",
            "/plan/999999999",
        ):
            with self.subTest(path=path):
                self._assert_refused(path)

    def test_items_of_others_cannot_be_ticked(self):
        foreign = self._items(self.stranger.partner_id.invoice_ids)
        tree = self._page("/pay", items=[foreign.id, self._line(self.late).id])
        self.assertIn("300.50", self._text(tree))
        self.assertNotIn("777.77", self._text(tree))

    def test_the_account_at_another_company_is_not_reached(self):
        other = self.setup_other_company()["company"]
        elsewhere = (
            self.env["recouvrement.debtor"]
            .sudo()
            .create({"partner_id": self.customer.id, "company_id": other.id})
        )
        move = self.env["account.move"].with_company(other)
        invoice = self._make_invoice_in(move, 4321.0)
        line = self._items(invoice)
        self._assert_refused(f"/document/{line.id}")
        self.assertNotIn("4,321.00", self._text(self._page()))
        base = f"/recouvrement/portal/{self._give(elsewhere)._get_token()}"
        self.assertIn("4,321.00", self._text(self._page(base=base)))
        self._assert_refused(f"/document/{self._line(self.late).id}", base)

    def _make_invoice_in(self, moves, amount):
        move = moves.create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": self.today,
                "invoice_line_ids": [
                    (0, 0, {"name": "x", "price_unit": amount, "tax_ids": False})
                ],
            }
        )
        move.action_post()
        return move

    def test_a_link_that_is_opened_too_often_rests_until_tomorrow(self):
        with patch.object(portal_link, "USES_PER_DAY", 3):
            codes = [self._get().status_code for _time in range(4)]
        self.assertEqual(codes, [200, 200, 200, 429])

    # ------------------------------------------------------------------
    # PORTAL USERS
    # ------------------------------------------------------------------

    def test_a_portal_user_sees_the_account_of_the_own_customer_only(self):
        user = self._make_portal_user(self.customer, "portal_own")
        self.authenticate(user.login, user.login)
        response = self._get(base="/my/receivables")
        self.assertEqual(response.status_code, 303)
        own = f"/my/receivables/{self.debtor.id}"
        self.assertTrue(response.headers["Location"].endswith(own))
        self.assertIn("1,500.50", self._text(self._page(base=own)))
        self._assert_refused(base=f"/my/receivables/{self.stranger.id}")
        self._assert_refused(base="/my/receivables/999999999")

    def test_a_contact_of_the_customer_sees_the_account_too(self):
        contact = self._make_customer(
            "Alice", parent_id=self.customer.id, is_company=False
        )
        user = self._make_portal_user(contact, "portal_contact")
        self.authenticate(user.login, user.login)
        self._page(base=f"/my/receivables/{self.debtor.id}")

    def test_who_is_not_logged_in_is_asked_to(self):
        response = self._get(base=f"/my/receivables/{self.debtor.id}")
        self.assertEqual(response.status_code, 303)
        self.assertIn("/web/login", response.headers["Location"])

    def test_the_home_page_counts_what_is_open(self):
        user = self._make_portal_user(self.customer, "portal_own")
        self.authenticate(user.login, user.login)
        answer = self.make_jsonrpc_request(
            "/my/counters", {"counters": ["receivable_count"]}
        )
        self.assertEqual(answer["receivable_count"], 3)
        self.assertIn("/my/receivables", self.url_open("/my").text)

    # ------------------------------------------------------------------
    # TRACES AND HEADERS
    # ------------------------------------------------------------------

    def test_the_first_visit_of_the_day_is_written_down_once(self):
        self._page()
        self._page(tab="paid")
        events = self.debtor.event_ids.filtered(lambda e: e.kind == "portal")
        self.assertEqual(len(events), 1)
        self.assertIn("Fournil Bernard", events.summary)
        self.assertEqual(self.debtor.portal_seen_date, self.today)

    def test_a_colleague_who_looks_leaves_no_visit(self):
        self.authenticate(self.collector.login, self.collector.login)
        self._page()
        self.assertFalse(self.debtor.portal_seen_date)

    def test_nothing_is_kept_indexed_or_told_to_other_sites(self):
        for path in ("", "/items.xlsx", "/requests", "/nothing"):
            headers = self._get(path).headers
            if path == "/nothing":
                continue
            for name, value in portal_scope.HEADERS.items():
                with self.subTest(path=path, header=name):
                    self.assertEqual(headers[name], value)
        robots = self._page().xpath("//meta[@name='robots']/@content")
        self.assertEqual(robots, ["noindex, nofollow"])
