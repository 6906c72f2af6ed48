"""Extracts of the BODACC: alerts on customers, once, and nothing by itself."""

import base64
import json

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .insolvency_common import InsolvencyCommon


def row(siren, reference="A202600000001", nature="liquidation", **vals):
    label = {
        "liquidation": "Jugement d'ouverture de liquidation judiciaire",
        "end": "Jugement de clôture pour insuffisance d'actif",
    }[nature]
    return {
        "id": reference,
        "dateparution": "2026-03-20",
        "familleavis": "collective",
        "typeavis": "annonce",
        "tribunal": "Tribunal de commerce de Lyon",
        "commercant": "MENUISERIE PERRIN",
        "registre": [siren],
        "jugement": json.dumps({"nature": label, "date": "2026-03-10"}),
        **vals,
    }


@tagged("post_install", "-at_install")
class TestBodacc(InsolvencyCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._make_debtor(
            "Perrin", items=((1000, -400),), company_registry="73282932000074"
        )
        cls.by_vat = cls._make_debtor(
            "Par TVA", items=((10, -400),), vat="FR40303265045"
        )

    def _take(self, *rows, company=None):
        return self.env["recouvrement.bodacc.import"]._take(
            "extract.json", json.dumps(rows).encode(), company or self.company
        )

    def test_customers_are_found_by_registry_and_by_vat_number(self):
        record = self._take(
            row("732829320"),
            row("303265045", "A202600000002"),
            row("552100554", "A202600000003"),
        )
        self.assertEqual(record.notice_ids.debtor_id, self.debtor | self.by_vat)
        self.assertEqual((record.unknown_count, record.notice_count), (1, 2))

    def test_nothing_is_opened_by_itself(self):
        record = self._take(row("732829320"))
        self.assertFalse(self.debtor.insolvency_ids)
        self.assertEqual(record.notice_ids.state, "new")
        self.assertEqual(
            set(self._items(self._invoices()).mapped("collection_status")), {"to_chase"}
        )
        self.assertIn(
            "BODACC",
            self.debtor.event_ids.filtered(lambda e: e.kind == "insolvency").summary,
        )
        self.assertTrue(self.debtor.activity_ids)

    def _invoices(self):
        return self.env["account.move"].search(
            [("partner_id", "=", self.debtor.partner_id.id)]
        )

    def test_the_same_announcement_counts_once(self):
        self._take(row("732829320"), row("732829320"))
        again = self._take(row("732829320"))
        self.assertEqual((again.notice_count, again.repeated_count), (0, 1))
        found = self.env["recouvrement.bodacc.notice"].search(
            [("debtor_id", "=", self.debtor.id)]
        )
        self.assertEqual(len(found), 1)

    def test_the_report_tells_what_was_refused_and_where(self):
        record = self._take(
            row("732829320"),
            row("123456789", "A202600000004"),
            row("732829320", "A202600000005", dateparution="x"),
            row("732829320", "A202600000006", familleavis="vente"),
        )
        self.assertEqual((record.row_count, record.refused_count), (4, 2))
        self.assertEqual(record.other_count, 1)
        self.assertIn("2", record.problems.splitlines()[0])
        self.assertIn("3", record.problems.splitlines()[1])

    def test_a_file_that_is_no_extract_is_refused_in_words(self):
        imports = self.env["recouvrement.bodacc.import"]
        for content in (b"", b"\0", b"[1", b"a;b\n1;2"):
            with self.assertRaises(UserError) as error:
                imports._take("x", content, self.company)
            self.assertNotIn("%s", str(error.exception))

    def test_the_alert_opens_the_wizard_filled_in(self):
        notice = self._take(row("732829320")).notice_ids
        action = notice.action_open_proceedings()
        form = Form(self.env[action["res_model"]].with_context(**action["context"]))
        self.assertEqual(form.kind_id.code, "liquidation")
        self.assertEqual(str(form.date_published), "2026-03-20")
        result = form.save().action_open()
        self.assertEqual(notice.state, "treated")
        self.assertEqual(notice.insolvency_id.id, result["res_id"])
        self.assertEqual(notice.insolvency_id.bodacc_reference, notice.reference)
        with self.assertRaises(UserError):
            notice.action_open_proceedings()

    def test_an_alert_is_set_aside_and_read_again(self):
        notice = self._take(row("732829320")).notice_ids
        notice.action_ignore()
        self.assertEqual(notice.state, "ignored")
        notice.action_reopen()
        self.assertEqual(notice.state, "new")

    def test_what_follows_joins_the_file_that_is_known(self):
        one = self._open(self.debtor, judged=-10)
        notice = self._take(row("732829320", nature="end")).notice_ids
        notice.action_follow()
        self.assertEqual((notice.state, notice.insolvency_id), ("treated", one))

    def test_customers_of_another_company_are_not_looked_for(self):
        other = self.setup_other_company()["company"]
        record = self._take(row("732829320"), company=other)
        self.assertEqual((record.notice_count, record.unknown_count), (0, 1))

    def test_only_those_who_decide_import(self):
        collector = self._make_user("collector")
        imports = self.env["recouvrement.bodacc.import"].with_user(collector)
        with self.assertRaises(AccessError):
            imports._take("x", json.dumps([row("732829320")]).encode(), self.company)

    def test_the_cost_does_not_grow_with_the_file(self):
        rows = [row("552100554", f"A2026{n:08}") for n in range(200)]
        self._take(row("552100554"))
        with self.assertQueryCount(25):
            self._take(*rows)

    def test_the_upload_gives_the_report(self):
        wizard = self.env["recouvrement.bodacc.upload"].create(
            {
                "name": "x.json",
                "content": base64.b64encode(json.dumps([row("732829320")]).encode()),
            }
        )
        action = wizard.action_import()
        record = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(record.notice_count, 1)
        self.assertTrue(record.sha256)
