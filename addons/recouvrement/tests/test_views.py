"""Every screen opens for every role that has its menu, at a constant cost."""

from lxml import etree

from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL
from odoo.tools.safe_eval import safe_eval

from ..models.selections import AGE_BUCKETS
from .access_common import ROLES, AccessCommon

DESK = {
    "portfolio",
    "debtors",
    "to_approve",
    "reminders",
    "runs",
    "requests",
    "bank_changes",
    "receipts",
    "promises",
    "plans",
    "installments",
    "substitutions",
    "interactions",
    "relays",
}
ITEMS = {"open_items", "as_of"}
RISK = {
    "risk_agenda",
    "risk_concentration",
    "ratings",
    "late_models",
    "credit_limits",
    "credit_releases",
    "limits_exceeded",
    "external_ratings",
    "credit_files",
    "credit_pieces",
    "credit_reviews",
    "identity_findings",
    "covers",
    "documentary_credits",
    "nettings",
    "key_accounts",
    "intragroup_debtors",
    "alerts",
}
ANALYSIS = {"aged", "simulation", "history"} | RISK
CONFIGURATION = {
    "policies",
    "segments",
    "zones",
    "interaction_outcomes",
    "nonpayment_causes",
    "rates",
    "regimes",
    "waiver_reasons",
    "authorities",
    "plan_margins",
    "prescription_kinds",
    "doubtful_reasons",
    "write_off_grounds",
    "priority_rules",
    "score_models",
    "external_providers",
    "cover_kinds",
    "rating_grades",
    "piece_kinds",
    "credit_grid",
    "alert_rules",
}
CLAIMS = {
    "receipts_analysis",
    "interest_statements",
    "limit_dates",
    "prescription_events",
    "write_offs",
}
CLOSING = {"closing", "provisions", "matrix"}
COMMON = ITEMS | ANALYSIS | CLAIMS
MENUS = {
    "salesperson": {"customers", "relays_to_me", "open_items"} | RISK,
    "collector": DESK | COMMON,
    "accountant": DESK - {"portfolio", "to_approve"}
    | COMMON
    | CLOSING
    | {"closing_settings"},
    "auditor": DESK - {"portfolio", "to_approve"}
    | COMMON
    | CLOSING
    | CONFIGURATION
    | {"exclusions"},
    "manager": DESK
    | COMMON
    | CLOSING
    | CONFIGURATION
    | {"company_settings", "waivers", "closing_settings", "exclusions"},
}
DEBTOR_COUNT = 80


@tagged("post_install", "-at_install")
class TestViews(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own._log_event("note", "Something to show")
        cls.own._message_log(body="Something to read")
        oldest = cls.env["recouvrement.open.item"].search(
            [("debtor_id", "=", cls.own.id)], order="date_due", limit=1
        )
        cls.own._make_promise(100, cls.today, oldest.move_line_id)
        cls.own._declare("message", source="call", text="Something to answer")
        cls._make_receipt(cls.nobodys.partner_id, 100)
        cls.env["recouvrement.bank.change"].create(
            {
                "debtor_id": cls.own.id,
                "iban": "FR7630006000011234567890189",
                "account_holder": "Own",
                "requester": "Ana Petit",
            }
        )
        cls.env["recouvrement.late.model"].sudo()._learn(cls.company)
        cls._make_contacts()
        cls._make_statements()
        cls.env["recouvrement.closing"].create({"company_id": cls.company.id})
        cls._make_closing()
        cls._make_plan()
        cls._make_risk()
        cls.env["recouvrement.prescription.event"].create(
            {
                "debtor_id": cls.own.id,
                "kind_id": cls.env.ref(
                    "recouvrement.prescription_kind_acknowledgement"
                ).id,
            }
        )
        cls.env["recouvrement.substitution"].create(
            {
                "user_id": cls.other_collector.id,
                "substitute_id": cls.users["collector"].id,
                "date_to": cls.today,
            }
        )

    @classmethod
    def _make_risk(cls):
        """Ratings, a limit that is exceeded, and an invoice that it blocks."""
        cls.env["recouvrement.rating"].sudo()._compute_company(cls.company)
        cls.company.recouvrement_credit_control = "block"
        cls.env["recouvrement.credit.limit"].create(
            {"debtor_id": cls.own.id, "amount": 1, "reason": "Something to exceed"}
        )
        cls.env["recouvrement.external.rating"].create(
            {
                "debtor_id": cls.own.id,
                "provider_id": cls.env.ref("recouvrement.external_provider_bdf").id,
                "value": "4+",
            }
        )
        cls._make_exclusion()
        cls.env["recouvrement.credit.file"]._open_file(cls.own)
        cls.own.partner_id.vat = "FR44732829320"
        cls.env["recouvrement.cover"].create(
            [
                {
                    "debtor_id": cls.own.id,
                    "kind_id": cls.env.ref(f"recouvrement.cover_kind_{kind}").id,
                    "provider_id": cls.company.partner_id.id,
                    "amount": 10,
                }
                for kind in ("named", "documentary")
            ]
        )
        cls.env["recouvrement.netting"].create({"debtor_id": cls.own.id})
        draft = cls._make_invoice(cls.own.partner_id, 100, post=False)
        cls.env["recouvrement.credit.release"]._request(draft, "Something to release")
        cls.env["recouvrement.alert"].sudo()._refresh()

    @classmethod
    def _make_exclusion(cls):
        """A customer on the list of refusals of credit, still to be told."""
        unpaid = cls._make_debtor("Refused", [(900, -90)])
        cls._run_campaign().reminder_ids.filtered(
            lambda one: one.debtor_id == unpaid
        )._confirm_sent()
        cls.env["recouvrement.exclusion"].create(
            {"debtor_id": unpaid.id, "facts": "Two reminders unanswered."}
        )

    @classmethod
    def _make_plan(cls):
        """The draft of an instalment plan."""
        plans = cls.env["recouvrement.payment.plan"]
        plans._create_plan(
            cls.own,
            plans._get_default_lines(cls.own),
            first_date=cls._day(10),
            number=2,
        )

    @classmethod
    def _make_contacts(cls):
        """A contact, and a relay that the salesperson was asked."""
        outcome = cls.env.ref("recouvrement.interaction_outcome_promised")
        cls.own._log_contact({"outcome_id": outcome.id})
        cls.env["recouvrement.relay"]._ask(
            [
                {
                    "debtor_id": cls.own.id,
                    "role": "salesperson",
                    "user_id": cls.users["salesperson"].id,
                    "question": "Why is it unpaid?",
                    "date_due": cls.today,
                }
            ]
        )

    @classmethod
    def _make_closing(cls):
        """A provision run with a line, a row of the matrix and a write-off."""
        cls.own._set_doubtful(
            cls.env.ref("recouvrement.doubtful_reason_late"), cls.today, 50, "Late"
        )
        run = cls.env["recouvrement.impairment"].create({"date": cls.today})
        run.action_compute()
        cls.env["recouvrement.impairment.matrix"].create({"age_bucket": "1_30"})
        item = cls.env["recouvrement.open.item"].search(
            [("debtor_id", "=", cls.own.id)], limit=1
        )
        wizard = cls.env["recouvrement.write.off.wizard"]
        wizard = wizard.with_context(active_model=item._name, active_ids=item.ids)
        ground = cls.env.ref("recouvrement.write_off_ground_other")
        wizard.create({"ground_id": ground.id, "note": "Lost"}).action_propose()

    @classmethod
    def _make_statements(cls):
        """A claim of interest and a waiver that waits for approval."""
        values = {
            "debtor_id": cls.own.id,
            "company_id": cls.company.id,
            "currency_id": cls.company.currency_id.id,
            "date": cls.today,
            "date_until": cls.today,
            "user_id": cls.env.uid,
            "line_ids": [
                Command.create(
                    {
                        "move_line_id": cls.env["recouvrement.open.item"]
                        .search([("debtor_id", "=", cls.own.id)], limit=1)
                        .move_line_id.id,
                        "document": "INV/1",
                        "indemnity": 40.0,
                        "indemnity_initial": 40.0,
                    }
                )
            ],
        }
        cls.env["recouvrement.interest.statement"].sudo().create(
            [
                {**values, "outcome": "mentioned", "state": "done"},
                {**values, "outcome": "waived", "state": "to_approve"},
            ]
        )

    # ------------------------------------------------------------------
    # VERBS
    # ------------------------------------------------------------------

    def _menus(self, role):
        """Short names of the desk's menus that open something, for a role."""
        loaded = self._as(self.env["ir.ui.menu"], role).load_menus(False)
        prefix = "recouvrement.menu_recouvrement_"
        return {
            menu["xmlid"].removeprefix(prefix): menu
            for menu in loaded.values()
            if (menu.get("xmlid") or "").startswith(prefix) and menu.get("action_id")
        }

    def _specification(self, node, model):
        """What the web client asks to read for the fields of a view."""
        specification = {}
        for child in node.xpath(".//field[not(ancestor::field)]"):
            field = model._fields[child.get("name")]
            if field.relational:
                comodel = self.env[field.comodel_name]
                specification[field.name] = {
                    "fields": self._comodel_specification(child, field, comodel)
                }
            else:
                specification[field.name] = {}
        return specification

    def _comodel_specification(self, node, field, comodel):
        if field.type == "many2one":
            return {"display_name": {}}
        names = {sub.get("name") for sub in node.xpath("./*//field")}
        return {
            name: (
                {"fields": {"display_name": {}}}
                if comodel._fields[name].type == "many2one"
                else {}
            )
            for name in names or {"display_name"}
        }

    def _open(self, role, action):
        """Load the views of an action and read what they show, as the client does."""
        model = self._as(self.env[action.res_model], role).with_context(
            **safe_eval(action.context or "{}", {"uid": self.users[role].id})
        )
        views = [(False, mode) for mode in action.view_mode.split(",")]
        loaded = model.get_views(
            [*views, (False, "search")], {"toolbar": True, "action_id": action.id}
        )["views"]
        read = {}
        for mode in action.view_mode.split(","):
            arch = etree.fromstring(loaded[mode]["arch"])
            read[mode] = self._read_view(mode, arch, model)
        return read

    def _read_view(self, mode, arch, model):
        if mode in ("pivot", "graph"):
            fields = {node.get("name"): node.get("type") for node in arch.iter("field")}
            measures = [f"{n}:sum" for n, kind in fields.items() if kind == "measure"]
            groups = [n for n, kind in fields.items() if kind != "measure"]
            groups = [
                f"{n}:month" if model._fields[n].type in ("date", "datetime") else n
                for n in groups
            ]
            return model.formatted_read_group([], groups, [*measures, "__count"])
        specification = self._specification(arch, model)
        if mode == "form" and model.is_transient():
            return model.onchange({}, [], specification)
        if mode == "form":
            return model.search([], limit=2).web_read(specification)
        return model.web_search_read([], specification, limit=80, count_limit=10001)

    # ------------------------------------------------------------------
    # TESTS
    # ------------------------------------------------------------------

    def test_each_role_has_the_menus_of_what_it_may_use(self):
        for role in ROLES:
            with self.subTest(role=role):
                names = {n for n in self._menus(role) if not n.startswith("fec")}
                self.assertEqual(names, MENUS[role])

    def test_a_user_without_a_role_has_no_menu(self):
        user = new_test_user(self.env, "test_ordinary", groups="base.group_user")
        loaded = self.env["ir.ui.menu"].with_user(user).load_menus(False)
        xmlids = [menu.get("xmlid") or "" for menu in loaded.values()]
        self.assertFalse([xmlid for xmlid in xmlids if "menu_recouvrement" in xmlid])

    def test_every_screen_opens_for_every_role_that_has_its_menu(self):
        for role in ROLES:
            for name, menu in self._menus(role).items():
                action = self.env[menu["action_model"]].browse(menu["action_id"])
                if action.res_model == "res.config.settings":
                    continue
                with self.subTest(role=role, menu=name):
                    read = self._open(role, action)
                    self.assertEqual(set(read), set(action.view_mode.split(",")))

    def test_every_screen_shows_something(self):
        empty = []
        for name, menu in self._menus("manager").items():
            action = self.env[menu["action_model"]].browse(menu["action_id"])
            if (
                action.res_model.startswith("recouvrement.fec")
                or action.target == "new"
            ):
                continue
            if not self._as(self.env[action.res_model], "manager").search([], limit=1):
                empty.append(name)
        self.assertFalse(empty)

    def test_a_salesperson_opens_the_own_debtor_and_what_hangs_on_it(self):
        debtor = self._as(self.own, "salesperson")
        views = debtor.get_views([(False, "form")])["views"]
        arch = etree.fromstring(views["form"]["arch"])
        [values] = debtor.web_read(self._specification(arch, debtor))
        self.assertEqual(values["partner_id"]["display_name"], "Own")
        self.assertEqual(values["open_amount"], 1500)
        self.assertTrue(values["event_ids"])
        self.assertTrue(values["reminder_ids"])
        buttons = {node.get("name") for node in arch.iter("button")}
        self.assertFalse({"action_hold", "action_release_hold"} & buttons)
        for method in (
            "action_open_items",
            "action_overdue_items",
            "action_view_reminders",
            "action_view_events",
            "action_explain",
        ):
            action = getattr(debtor, method)()
            with self.subTest(method=method):
                found = self._as(self.env[action["res_model"]], "salesperson").search(
                    action["domain"]
                )
                self.assertTrue(found)

    def test_the_form_of_the_debtor_is_saved_by_who_may(self):
        for role in ("collector", "accountant", "manager"):
            with self.subTest(role=role), Form(self._as(self.own, role)) as form:
                form.next_action = f"Call, {role}"
                form.next_action_date = self.today
            self.assertEqual(self.own.next_action, f"Call, {role}")

    def test_a_campaign_is_started_from_its_form(self):
        for role in ("collector", "manager"):
            form = Form(self._as(self.env["recouvrement.dunning.run"], role))
            form.date = self.today
            campaign = form.save()
            with self.subTest(role=role):
                self.assertEqual(campaign.state, "draft")
                action = campaign.action_simulate()
                decisions = self._as(
                    self.env["recouvrement.dunning.decision"], role
                ).with_context(**action["context"])
                self.assertTrue(decisions.search([]))

    def test_buttons_are_hidden_from_readers(self):
        for role in ("auditor", "salesperson"):
            for model_name in (
                "recouvrement.debtor",
                "recouvrement.reminder",
                "recouvrement.open.item",
            ):
                model = self._as(self.env[model_name], role)
                views = model.get_views([(False, "list"), (False, "form")])["views"]
                for mode in ("list", "form"):
                    arch = etree.fromstring(views[mode]["arch"])
                    names = {
                        node.get("name") for node in arch.xpath(".//header//button")
                    }
                    with self.subTest(role=role, model=model_name, mode=mode):
                        self.assertLessEqual(
                            names,
                            {
                                "action_overdue_items",
                                "action_download_items",
                                "action_explain",
                                "action_open_desk",
                                "action_preview",
                                # of recouvrement_reporting: prints
                                "action_appraisal",
                                *(
                                    {"action_open_document"}
                                    if role == "auditor"
                                    else ()
                                ),
                            },
                        )

    def test_the_smart_buttons_lead_to_the_debtor(self):
        partner = self._as(self.own.partner_id, "collector")
        self.assertTrue(partner.has_debtor_account)
        self.assertEqual(partner.action_view_debtors()["res_id"], self.own.id)
        move = self.env["account.move"].search(
            [("partner_id", "=", partner.id), ("state", "=", "posted")], limit=1
        )
        move = self._as(move, "collector")
        self.assertEqual(move.collection_summary, "To Chase")
        self.assertEqual(move.action_view_debtor()["res_id"], self.own.id)
        ordinary = new_test_user(self.env, "test_ordinary", groups="base.group_user")
        partner = self.own.partner_id.with_user(ordinary)
        partner.invalidate_recordset()
        self.assertFalse(partner.has_debtor_account)

    def test_ages_come_in_order_wherever_they_are_grouped(self):
        """The database sorts groups by code."""
        codes = [code for code, _label in AGE_BUCKETS]
        rows = self.env.execute_query(
            SQL("SELECT code FROM unnest(%s) code ORDER BY code", codes)
        )
        self.assertEqual([code for [code] in rows], codes)

    def test_a_collector_prints_the_invoice_of_an_item(self):
        item = self._as(self.env["recouvrement.open.item"], "collector").search(
            [("debtor_id", "=", self.own.id)], limit=1
        )
        action = item.action_print_document()
        report = action.get("report_action", action)
        self.assertEqual(report["type"], "ir.actions.report")
        self.assertEqual(report["context"]["active_ids"], item.move_id.ids)
        self.assertEqual(item.action_open_document()["res_id"], item.move_id.id)

    def test_settings_are_saved(self):
        settings = self.env["res.config.settings"].sudo()
        with Form(settings) as form:
            form.recouvrement_test_mode = True
            form.recouvrement_test_email = "essais@example.com"
            form.group_recouvrement_all_portfolios = True
        form.record.execute()
        self.assertTrue(self.company.recouvrement_test_mode)
        self.assertEqual(self.company.recouvrement_test_email, "essais@example.com")
        collectors = self.env.ref("recouvrement.group_collector")
        self.assertIn(
            self.env.ref("recouvrement.group_all_portfolios"), collectors.implied_ids
        )
        form = Form(settings)
        form.group_recouvrement_all_portfolios = False
        form.save().execute()
        self.assertNotIn(
            self.env.ref("recouvrement.group_all_portfolios"), collectors.implied_ids
        )


@tagged("post_install", "-at_install")
class TestListQueries(AccessCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        partners = cls.env["res.partner"].create(
            [
                {"name": f"Customer {number:03}", "email": "accounts@example.com"}
                for number in range(DEBTOR_COUNT)
            ]
        )
        moves = cls.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": cls._day(-60),
                    "invoice_date_due": cls._day(-40),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Service", "price_unit": 100, "tax_ids": False}
                        )
                    ],
                }
                for partner in partners
            ]
        )
        moves.action_post()
        cls._propose()
        cls.env.flush_all()

    def _count(self, model, specification, limit):
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        read = model.web_search_read([], specification, limit=limit)
        self.assertEqual(len(read["records"]), limit)
        return self.env.cr.sql_log_count - before

    def test_lists_take_as_many_queries_for_80_lines_as_for_10(self):
        for model_name, most in (
            ("recouvrement.debtor", 25),
            ("recouvrement.open.item", 25),
            ("recouvrement.reminder", 20),
            ("recouvrement.dunning.decision", 30),
        ):
            model = self._as(self.env[model_name], "manager")
            arch = etree.fromstring(
                model.get_views([(False, "list")])["views"]["list"]["arch"]
            )
            specification = TestViews._specification(self, arch, model)
            self._count(model, specification, DEBTOR_COUNT)  # caches filled
            few = self._count(model, specification, 10)
            many = self._count(model, specification, DEBTOR_COUNT)
            with self.subTest(model=model_name):
                self.assertEqual(few, many)
                self.assertLessEqual(many, most)

    _comodel_specification = TestViews._comodel_specification
