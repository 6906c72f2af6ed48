"""The 360° page of a debtor: what one call shows, to whom, and how fast."""

import logging
import time
from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .access_common import AccessCommon
from .common import RecouvrementCommon

_logger = logging.getLogger(__name__)

ITEMS = 5_000


@tagged("post_install", "-at_install")
class TestDesk(RecouvrementCommon):
    def _desk(self, debtor, **options):
        return debtor.get_desk(options)

    def _names(self, debtor, **filters):
        """Documents that the items of the page name, with these filters."""
        page = self._desk(debtor, parts=["items"], items=filters)["items"]
        return [row["name"] for row in page["rows"]]

    def test_the_first_sight_has_all_its_parts(self):
        desk = self._desk(self._make_debtor())
        self.assertEqual(
            set(desk),
            {"head", "tiles", "items", "timeline", "contacts", "blocks", "actions"},
        )
        self.assertEqual(desk["head"]["name"], "Boulangerie Dubois")

    def test_only_the_parts_asked_for_are_read(self):
        desk = self._desk(self._make_debtor(), parts=["items"])
        self.assertEqual(list(desk), ["items"])

    def test_tiles_equal_the_totals_of_the_ledger(self):
        partner = self._make_customer()
        self._make_invoice(partner, 1000, due=-40)
        self._make_invoice(partner, 500, due=-10)
        self._make_invoice(partner, 250, due=20)
        self._make_credit_note(partner, 80)
        self._make_receipt(partner, 20)
        debtor = self._debtor(partner)
        tiles = self._desk(debtor)["tiles"]
        self.assertEqual(tiles["open"], 1650)
        self.assertEqual(tiles["overdue"], 1500)
        self.assertEqual(tiles["not_due"], 250)
        self.assertEqual(tiles["credit"], 100)
        self.assertEqual(tiles["days"], 40)
        for tile, field in (
            ("open", "open_amount"),
            ("overdue", "overdue_amount"),
            ("not_due", "not_due_amount"),
            ("credit", "credit_amount"),
            ("count", "open_item_count"),
            ("overdue_count", "overdue_item_count"),
        ):
            self.assertEqual(tiles[tile], debtor[field], tile)

    def test_the_aged_bar_adds_up_to_what_is_open(self):
        partner = self._make_customer()
        for due in (20, -10, -45, -75, -120, -200):
            self._make_invoice(partner, 100, due=due)
        self._make_credit_note(partner, 30)
        tiles = self._desk(self._debtor(partner))["tiles"]
        buckets = {bucket["key"]: bucket["amount"] for bucket in tiles["buckets"]}
        self.assertEqual(
            buckets,
            {
                "0_not_due": 100,
                "1_30": 100,
                "31_60": 100,
                "61_90": 100,
                "91_180": 100,
                "over_180": 100,
                "credit": -30,
            },
        )
        self.assertEqual(sum(buckets.values()), tiles["open"])

    def test_a_partial_payment_leaves_what_is_open(self):
        partner = self._make_customer()
        invoice = self._make_invoice(partner, 1000, due=-40)
        self._pay(invoice, 400)
        desk = self._desk(self._debtor(partner))
        [row] = desk["items"]["rows"]
        self.assertEqual((row["amount"], row["residual"]), (1000, 600))
        self.assertEqual(desk["tiles"]["open"], 600)

    # Items

    def test_items_are_filtered_by_bucket_status_and_text(self):
        partner = self._make_customer()
        old = self._make_invoice(partner, 100, due=-100, ref="Chantier Gare")
        new = self._make_invoice(partner, 200, due=-5)
        credit = self._make_credit_note(partner, 30)
        debtor = self._debtor(partner)
        self._items(new)._set_collection_status("disputed", "Goods broken")
        self.assertEqual(self._names(debtor), [old.name, new.name, credit.name])
        self.assertEqual(self._names(debtor, buckets=["91_180"]), [old.name])
        self.assertEqual(self._names(debtor, buckets=["credit"]), [credit.name])
        self.assertEqual(self._names(debtor, statuses=["disputed"]), [new.name])
        self.assertEqual(self._names(debtor, text="gare"), [old.name])
        self.assertEqual(self._names(debtor, text=new.name), [new.name])
        self.assertEqual(self._names(debtor, text="100%"), [])

    def test_items_are_sorted_by_what_is_asked(self):
        partner = self._make_customer()
        large = self._make_invoice(partner, 300, due=-5)
        small = self._make_invoice(partner, 100, due=-50)
        debtor = self._debtor(partner)
        self.assertEqual(self._names(debtor), [small.name, large.name])
        self.assertEqual(
            self._names(debtor, order="residual", desc=True), [large.name, small.name]
        )
        self.assertEqual(
            self._names(debtor, order="id; DROP TABLE x"), [small.name, large.name]
        )

    def test_an_item_tells_its_status_until_when_and_why(self):
        partner = self._make_customer()
        invoice = self._make_invoice(partner, 100, due=-5)
        until = self.today + timedelta(days=9)
        self._items(invoice)._set_collection_status("promised", "On the phone", until)
        [row] = self._desk(self._debtor(partner))["items"]["rows"]
        self.assertEqual(row["status"], "promised")
        self.assertEqual(row["reason"], "On the phone")
        self.assertEqual(row["until"], until)

    def test_tick_all_gives_the_ids_that_pass_the_filters_and_their_sum(self):
        partner = self._make_customer()
        old = self._make_invoice(partner, 100, due=-100)
        older = self._make_invoice(partner, 250.55, due=-120)
        self._make_invoice(partner, 200, due=5)
        debtor = self._debtor(partner)
        answer = debtor.get_desk_item_ids({"buckets": ["91_180"]})
        self.assertEqual(answer["ids"], self._items(older).ids + self._items(old).ids)
        self.assertEqual(
            answer["totals"],
            [
                {
                    "currency_id": self.company.currency_id.id,
                    "amount": 350.55,
                    "count": 2,
                }
            ],
        )

    def test_foreign_currencies_keep_their_own_totals(self):
        dollar = self.setup_other_currency("EUR")
        partner = self._make_customer()
        self._make_invoice(partner, 100, due=-10)
        self._make_invoice(partner, 500, due=-20, currency_id=dollar.id)
        desk = self._desk(self._debtor(partner))
        self.assertEqual(desk["tiles"]["open"], 350)
        amounts = {
            row["currency_id"]: row["amount"] for row in desk["tiles"]["currencies"]
        }
        self.assertEqual(amounts, {self.company.currency_id.id: 100, dollar.id: 500})
        self.assertEqual([row["residual"] for row in desk["items"]["rows"]], [500, 100])

    def test_items_of_another_debtor_are_refused(self):
        debtor = self._make_debtor()
        other = self._make_debtor("Garage Martin")
        line_ids = other.get_desk_item_ids()["ids"]
        for method in ("action_desk_dispute", "action_desk_interest"):
            with self.assertRaises(UserError):
                getattr(debtor, method)(line_ids)
        with self.assertRaises(UserError):
            debtor.get_desk_documents(line_ids[0])

    def test_an_item_paid_meanwhile_is_refused(self):
        partner = self._make_customer()
        invoice = self._make_invoice(partner, 100)
        debtor = self._debtor(partner)
        line_ids = debtor.get_desk_item_ids()["ids"]
        self._pay(invoice)
        with self.assertRaises(UserError):
            debtor.action_desk_dispute(line_ids)

    def test_an_archived_customer_is_shown_with_its_debt(self):
        partner = self._make_customer()
        self._make_invoice(partner, 100)
        debtor = self._debtor(partner)
        partner.active = False
        desk = self._desk(debtor)
        self.assertFalse(desk["head"]["partner_active"])
        self.assertEqual(desk["tiles"]["open"], 100)
        self.assertEqual(desk["contacts"][0]["id"], partner.id)

    # Delay

    def test_the_delay_weighs_days_by_amount(self):
        partner = self._make_customer()
        self._pay(self._make_invoice(partner, 300, due=-30), day=-20)
        self._pay(self._make_invoice(partner, 100, due=-60), day=-10)
        self._make_invoice(partner, 50)
        delay = self._desk(self._debtor(partner))["tiles"]["delay"]
        self.assertEqual(delay["paid"], 400)
        self.assertEqual(delay["days"], 20)
        self.assertFalse(delay["trend"])

    def test_the_trend_compares_with_the_year_before(self):
        partner = self._make_customer()
        self._pay(self._make_invoice(partner, 100, due=-500), day=-460)
        self._pay(self._make_invoice(partner, 100, due=-30), day=-20)
        self._make_invoice(partner, 50)
        delay = self._desk(self._debtor(partner))["tiles"]["delay"]
        self.assertEqual((delay["days"], delay["previous"]), (10, 40))
        self.assertEqual(delay["trend"], "better")

    def test_a_credit_note_is_no_payment(self):
        partner = self._make_customer()
        invoice = self._make_invoice(partner, 100, due=-30)
        credit = self._make_credit_note(partner, 100)
        self._items(invoice | credit).reconcile()
        self._make_invoice(partner, 50)
        delay = self._desk(self._debtor(partner))["tiles"]["delay"]
        self.assertFalse(delay["days"])
        self.assertEqual(delay["paid"], 0)

    # Exposure

    def test_the_bar_compares_what_is_open_with_the_limit(self):
        partner = self._make_customer()
        self._make_invoice(partner, 750)
        debtor = self._debtor(partner)
        self.assertEqual(self._desk(debtor)["tiles"]["exposure"]["limit"], 0)
        self.company.account_use_credit_limit = True
        partner.credit_limit = 1000
        exposure = self._desk(debtor)["tiles"]["exposure"]
        self.assertEqual(exposure["amount"], 750)
        self.assertEqual(exposure["percent"], 75)

    # Timeline

    def test_the_timeline_has_events_receipts_and_messages_once(self):
        debtor = self._make_debtor()
        debtor._log_event("note", "Called the accountant")
        self._make_receipt(debtor.partner_id, 120, day=-3)
        debtor.message_post(
            body="We pay on Friday", subject="Your invoice", message_type="email"
        )
        timeline = self._desk(debtor)["timeline"]
        self.assertEqual(
            sorted(row["kind"] for row in timeline["rows"]),
            ["answer", "note", "payment"],
        )
        by_kind = {row["kind"]: row for row in timeline["rows"]}
        self.assertEqual(by_kind["payment"]["amount"], 120)
        self.assertEqual(by_kind["payment"]["date"], self.today - timedelta(days=3))
        self.assertEqual(by_kind["answer"]["title"], "Your invoice")
        self.assertEqual(by_kind["answer"]["detail"], "We pay on Friday")
        self.assertEqual(
            {kind["key"]: kind["count"] for kind in timeline["kinds"]},
            {"answer": 1, "note": 1, "payment": 1},
        )

    def test_a_reminder_sent_by_email_is_in_the_timeline_once(self):
        debtor = self._make_debtor()
        self._run_campaign()
        self._deliver()
        kinds = [row["kind"] for row in self._desk(debtor)["timeline"]["rows"]]
        self.assertEqual(kinds, ["reminder"])

    def test_the_timeline_is_filtered_and_paged_without_a_gap(self):
        debtor = self._make_debtor()
        for number in range(70):
            debtor._log_event("note", f"Note {number}")
        debtor._log_event("hold", "Held")
        seen, cursor = [], False
        while True:
            page = self._desk(
                debtor,
                parts=["timeline"],
                timeline={"kinds": ["note"], "cursor": cursor},
            )["timeline"]
            seen += [row["title"] for row in page["rows"]]
            cursor = page["next"]
            if not cursor:
                break
        self.assertEqual(seen, [f"Note {number}" for number in range(69, -1, -1)])

    # Documents, people, buttons

    def test_documents_behind_an_item_are_its_invoice_and_files(self):
        debtor = self._make_debtor()
        [line_id] = debtor.get_desk_item_ids()["ids"]
        move = self.env["account.move.line"].browse(line_id).move_id
        attach = self.env["ir.attachment"].create
        attach({"name": "order.pdf", "res_model": "account.move", "res_id": move.id})
        attach(
            {
                "name": "contract.pdf",
                "res_model": "res.partner",
                "res_id": debtor.partner_id.id,
            }
        )
        names = [row["name"] for row in debtor.get_desk_documents(line_id)]
        self.assertEqual(names, [f"{move.name}.pdf", "order.pdf", "contract.pdf"])
        [row] = self._desk(debtor)["items"]["rows"]
        self.assertEqual(row["file_count"], 1)

    def test_the_addressee_comes_first_with_its_language(self):
        debtor = self._make_debtor()
        accountant = self._make_customer(
            "Anne Petit",
            is_company=False,
            parent_id=debtor.partner_id.id,
            type="collection",
            lang="en_US",
            function="Accountant",
        )
        first, second = self._desk(debtor)["contacts"]
        self.assertEqual(first["id"], accountant.id)
        self.assertTrue(first["is_addressee"])
        self.assertEqual(first["lang"], "English (US)")
        self.assertEqual(second["id"], debtor.partner_id.id)

    def test_what_is_under_way_is_shown_until_it_is_over(self):
        debtor = self._make_debtor(items=((1000, -10), (500, -40)))
        line_ids = debtor.get_desk_item_ids()["ids"]
        lines = self.env["account.move.line"].browse(line_ids)
        day = self.today + timedelta(days=5)
        debtor._make_promise(500, day, lines[0])
        request = debtor._declare("duplicate", source="call", lines=lines[1])
        blocks = {block["key"]: block for block in self._desk(debtor)["blocks"]}
        self.assertEqual(set(blocks), {"promises", "requests"})
        [promise] = blocks["promises"]["items"]
        self.assertEqual((promise["amount"], promise["date"]), (500, day))
        self.assertEqual(blocks["requests"]["items"][0]["id"], request.id)
        self._pay(lines[0].move_id)
        blocks = {block["key"] for block in self._desk(debtor)["blocks"]}
        self.assertEqual(blocks, {"requests"})
        promises = self._desk(debtor)["tiles"]["promises"]
        self.assertEqual(promises, {"rate": 100, "kept": 1, "decided": 1})

    def test_every_button_of_the_desk_opens(self):
        debtor = self._make_debtor()
        line_ids = debtor.get_desk_item_ids()["ids"]
        buttons = {row["key"]: row for row in self._desk(debtor)["actions"]}
        self.assertLessEqual(
            {"promise", "plan", "dispute", "send", "relay", "contact", "promise_all"},
            set(buttons),
        )
        for row in buttons.values():
            args = {"none": [], "day": [self._day(7)]}.get(row["items"], [line_ids])
            action = getattr(debtor, row["method"])(*args)
            self.assertIn("type", action, row["key"])
            if action.get("target") == "new":
                model = self.env[action["res_model"]].with_context(
                    **action.get("context", {})
                )
                Form(model.browse(action.get("res_id") or []))

    def test_the_status_button_opens_the_wizard_ready(self):
        debtor = self._make_debtor()
        line_ids = debtor.get_desk_item_ids()["ids"]
        action = debtor.action_desk_status(line_ids, "disputed")
        wizard = (
            self.env[action["res_model"]]
            .with_context(**action["context"])
            .create({"reason": "Never delivered"})
        )
        wizard.action_confirm()
        lines = self.env["account.move.line"].browse(line_ids)
        self.assertEqual(lines.collection_status, "disputed")

    def test_the_page_opens_with_its_queue(self):
        debtors = self._make_debtor() | self._make_debtor("Garage Martin")
        action = debtors.action_open_desk()
        self.assertEqual(action["tag"], "recouvrement_desk")
        self.assertEqual(
            action["params"], {"resId": debtors[0].id, "queue": debtors.ids}
        )


@tagged("post_install", "-at_install")
class TestDeskVolume(RecouvrementCommon):
    """An account of 5,000 open items, half of them paid by earlier receipts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        items = [(90_000, -200), (50, 10)]
        cls.small = cls._make_debtor("Small", items)
        cls.large = cls._make_debtor("Large", items)
        for debtor in cls.small, cls.large:
            cls._pay(cls._make_invoice(debtor.partner_id, 70, due=-90), day=-50)
        cls.env.flush_all()
        cls._clone_items(ITEMS - 2)
        cls.large._refresh_totals()
        cls.env.flush_all()
        cls.env.cr.execute("ANALYZE account_move_line, account_partial_reconcile")
        cls.env.invalidate_all()

    @classmethod
    def _clone_items(cls, count):
        """Copies of an open item, of 1.00 to 100.99, due over the last two years."""
        [line_id, *_others] = cls.large.get_desk_item_ids()["ids"]
        names = cls.env["account.move.line"]._fields
        columns = [
            name
            for name, field in names.items()
            if field.store and field.column_type and name != "id"
        ]
        values = {name: SQL.identifier(name) for name in columns}
        amount = SQL("1 + n %% 100 + (n %% 100) / 100.0")
        for name in ("balance", "debit", "amount_currency", "amount_residual"):
            values[name] = amount
        values["amount_residual_currency"] = amount
        values["date_maturity"] = SQL("date_maturity - n %% 730")
        cls.env.cr.execute(
            SQL(
                """INSERT INTO account_move_line (%s)
                   SELECT %s FROM account_move_line, generate_series(1, %s) n
                    WHERE id = %s""",
                SQL(", ").join(SQL.identifier(name) for name in columns),
                SQL(", ").join(values[name] for name in columns),
                count,
                line_id,
            )
        )

    def _cost(self, debtor, **options):
        """Queries and seconds of one call, the second time."""
        debtor = debtor.with_user(self._collector)
        debtor.get_desk(options)
        self.env.invalidate_all()
        before, start = self.env.cr.sql_log_count, time.perf_counter()
        debtor.get_desk(options)
        return self.env.cr.sql_log_count - before, time.perf_counter() - start

    @property
    def _collector(self):
        return self.env["res.users"].search(
            [("login", "=", "test_collector")]
        ) or self._make_user("collector")

    def test_the_queries_do_not_grow_with_the_items(self):
        small, _seconds = self._cost(self.small)
        large, seconds = self._cost(self.large)
        _logger.info("360°: %s queries, %.3f s with %s items", large, seconds, ITEMS)
        self.assertEqual(large, small)
        self.assertLess(large, 45)
        # Generous: other work may share the machine.
        self.assertLess(seconds, 3)

    def test_the_page_shows_eighty_items_of_all(self):
        desk = self.large.get_desk()
        self.assertEqual(desk["items"]["total"], ITEMS)
        self.assertEqual(len(desk["items"]["rows"]), 80)
        self.assertEqual(desk["tiles"]["count"], ITEMS)
        self.assertEqual(desk["tiles"]["open"], self.large.open_amount)
        self.assertEqual(desk["tiles"]["overdue"], self.large.overdue_amount)

    def test_the_pages_show_every_item_once(self):
        seen = []
        for offset in range(0, ITEMS, 80):
            page = self.large.get_desk(
                {"parts": ["items"], "items": {"offset": offset, "order": "residual"}}
            )
            seen += [row["id"] for row in page["items"]["rows"]]
        self.assertEqual(len(seen), ITEMS)
        self.assertEqual(set(seen), set(self.large.get_desk_item_ids()["ids"]))

    def test_a_page_beyond_the_end_is_the_first(self):
        page = self.small.get_desk({"parts": ["items"], "items": {"offset": 800}})
        self.assertEqual(len(page["items"]["rows"]), 2)


@tagged("post_install", "-at_install")
class TestDeskAccess(AccessCommon):
    def _buttons(self, role):
        return {
            button["key"] for button in self._rpc(role, self.own, "get_desk")["actions"]
        }

    def test_each_role_sees_the_debtors_it_may_read(self):
        self.own._make_promise(300, self._day(5))
        self.own._declare("duplicate", source="call")
        for role in self.users:
            desk = self._rpc(role, self.own, "get_desk")
            self.assertEqual(desk["tiles"]["open"], 1500, role)
            self.assertEqual(len(desk["items"]["rows"]), 2, role)
            blocks = {block["key"] for block in desk["blocks"]}
            self.assertLessEqual({"promises", "requests"}, blocks, role)
            [line_id, *_others] = self._rpc(role, self.own, "get_desk_item_ids")["ids"]
            self._rpc(role, self.own, "get_desk_documents", line_id)

    def test_foreign_portfolios_and_companies_are_refused(self):
        for role, debtor in (
            ("salesperson", self.nobodys),
            ("collector", self.foreign),
            ("manager", self.elsewhere),
            (self.portal, self.own),
        ):
            for method in ("get_desk", "get_desk_item_ids"):
                with self.assertRaises(AccessError):
                    self._rpc(role, debtor, method)

    def test_who_only_reads_gets_no_button_that_writes(self):
        writing = {
            *("contact", "promise", "promise_all", "plan", "dispute", "send"),
            *("hold", "relay", "status", "portal"),
        }
        for role in ("salesperson", "auditor"):
            self.assertFalse(self._buttons(role) & writing, role)
        self.assertLessEqual(
            {"dispute", "status", "hold", "interest", "form"},
            self._buttons("collector"),
        )

    def test_items_of_a_branch_the_user_does_not_see_are_left_out(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.cr.precommit.run()  # loads the chart of accounts of the branch
        self.env.user.company_ids |= branch
        journal = self.env["account.journal"].search(
            [
                *self.env["account.journal"]._check_company_domain(branch),
                ("type", "=", "sale"),
            ],
            limit=1,
        )
        self._make_invoice(
            self.own.partner_id,
            700,
            due=-10,
            company_id=branch.id,
            journal_id=journal.id,
        )
        desk = self._rpc("collector", self.own, "get_desk")
        self.assertEqual(desk["tiles"]["open"], 1500)
        self.users["collector"].company_ids |= branch
        user = self.users["collector"]
        debtor = self.own.with_user(user).with_context(
            allowed_company_ids=[self.company.id, branch.id]
        )
        desk = debtor.get_desk()
        self.assertEqual(desk["tiles"]["open"], 2200)
        self.assertEqual(sum(row["residual"] for row in desk["items"]["rows"]), 2200)
        self.assertEqual(
            {row["branch"] for row in desk["items"]["rows"]}, {"", "Branch"}
        )
