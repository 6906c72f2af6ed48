from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .fec_common import FecCommon

INLINE_BYTES = "odoo.addons.recouvrement.models.fec_import.INLINE_BYTES"
INLINE_ITEMS = "odoo.addons.recouvrement.models.fec_import.INLINE_ITEMS"


@tagged("post_install", "-at_install")
class TestFecImportAccess(FecCommon):
    """Accountants and managers load, auditors read, nobody else sees it."""

    def _takeover_of(self, user, **vals):
        takeover = self.env["recouvrement.fec.import"].with_user(user)
        files = self.env["ir.attachment"].with_user(user)
        file = files.create({"name": "FEC.txt", "raw": self._books().raw()})
        return takeover.create(
            {"company_id": self.company.id, "attachment_ids": file.ids, **vals}
        )

    def test_accountants_and_managers_load_and_undo(self):
        """A manager may not edit invoices, but may take over a ledger."""
        for role in ("accountant", "manager"):
            with self.subTest(role=role):
                takeover = self._takeover_of(self._make_user(role))
                takeover.action_analyse()
                self.assertTrue(takeover.control_report)
                takeover.action_load()
                self.assertProven(takeover)
                self.assertEqual(takeover.user_id, takeover.env.user)
                takeover.action_undo()
                self.assertEqual(takeover.state, "undone")

    def test_an_auditor_reads_and_changes_nothing(self):
        takeover = self._load(self._books()).with_user(self._make_user("auditor"))
        self.assertTrue(takeover.read(["control_report", "posted_balance"]))
        self.assertTrue(takeover.customer_ids.read(["name", "balance"]))
        self.assertTrue(takeover.item_ids.read(["ref"]))
        for call in (
            takeover.action_undo,
            takeover.action_load,
            takeover.action_analyse,
            takeover.action_resume,
        ):
            with self.assertRaises(UserError):
                call()
        self.assertEqual(takeover.state, "loaded")

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_others_see_nothing_of_it(self):
        takeover = self._read(self._books())
        for role in ("salesperson", "collector"):
            with self.subTest(role=role), self.assertRaises(AccessError):
                takeover.with_user(self._make_user(role)).read(["name"])

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_the_takeover_of_another_company_is_hidden(self):
        other = self.env["res.company"].create({"name": "Other"})
        user = self._make_user("accountant", login="elsewhere")
        user.sudo().write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        takeover = self._read(self._books())
        for records in (takeover, takeover.customer_ids, takeover.issue_ids):
            self.assertFalse(records.with_user(user).search([]))
        with self.assertRaises(AccessError):
            takeover.with_user(user).read(["name"])

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_a_private_file_of_somebody_else_cannot_be_read_through_it(self):
        secret = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": "secret.txt",
                    "raw": b"salaries",
                    "res_model": "ir.ui.view",
                    "res_id": 1,
                }
            )
        )
        user = self._make_user("accountant")
        with self.assertRaises(AccessError):
            self.env["recouvrement.fec.import"].with_user(user).create(
                {"company_id": self.company.id, "attachment_ids": secret.ids}
            )

    def test_the_progress_is_not_written_by_hand(self):
        takeover = self._read(self._books()).with_user(self._make_user("accountant"))
        for vals in ({"state": "loaded"}, {"is_proven": True}, {"balance": 0}):
            with self.assertRaises(UserError):
                takeover.write(vals)
        customer = takeover.customer_ids[0]
        with self.assertRaises(UserError):
            customer.write({"balance": 0})

    def test_a_loaded_takeover_is_not_deleted(self):
        takeover = self._load(self._books()).with_user(self._make_user("manager"))
        with self.assertRaises(UserError):
            takeover.unlink()
        takeover.action_undo()
        takeover.unlink()
        self.assertFalse(takeover.exists())

    # ------------------------------------------------------------------
    # BACKGROUND
    # ------------------------------------------------------------------

    def test_the_background_job_reads_and_loads_a_large_file(self):
        takeover = self._takeover_of(self._make_user("accountant"))
        cron = self.env.ref("recouvrement.ir_cron_process_fec").sudo()
        with self.enter_registry_test_mode():
            with patch(INLINE_BYTES, 0):
                takeover.action_analyse()
            self.assertEqual(takeover.state, "analysing")
            cron.method_direct_trigger()
            takeover.invalidate_recordset()
            self.assertEqual(takeover.state, "analysed", takeover.error)
            with patch(INLINE_ITEMS, 0):
                takeover.action_load()
            self.assertEqual(takeover.state, "loading")
            cron.method_direct_trigger()
            takeover.invalidate_recordset()
        self.assertProven(takeover)
        self.assertEqual(self._taken(takeover).create_uid, takeover.user_id)

    def test_what_the_background_job_cannot_do_is_shown_and_gone_on_with(self):
        takeover = self._takeover_of(self._make_user("accountant"))
        takeover.action_analyse()
        cron = self.env.ref("recouvrement.ir_cron_process_fec").sudo()
        with self.enter_registry_test_mode():
            with patch(INLINE_ITEMS, 0):
                takeover.action_load()
            with patch.object(
                type(takeover), "_load_items", side_effect=UserError("No luck")
            ):
                cron.method_direct_trigger()
            takeover.invalidate_recordset()
            self.assertEqual((takeover.state, takeover.error), ("failed", "No luck"))
            takeover.action_resume()
            cron.method_direct_trigger()
            takeover.invalidate_recordset()
        self.assertProven(takeover)
