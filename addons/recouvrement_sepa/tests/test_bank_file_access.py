"""Accountants and managers load the bank's files, auditors read them, others do not."""

import base64

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.recouvrement.tests.rights import EDIT, READ

from .bank_file_common import BankFileCommon
from .common_rights import SepaRights

LOAD = (1, 1, 1, 0)
RIGHTS = {
    "recouvrement.bank.file": {
        "accountant": LOAD,
        "auditor": READ,
        "manager": LOAD,
    },
    "recouvrement.bank.file.issue": dict.fromkeys(
        ("accountant", "auditor", "manager"), READ
    ),
    "recouvrement.bank.file.import": dict.fromkeys(("accountant", "manager"), EDIT),
}
MENUS = {"bank_files": ("accountant", "auditor", "manager")}


@tagged("post_install", "-at_install")
class TestBankFileAccess(SepaRights, BankFileCommon):
    def test_each_role_has_just_its_rights_and_menus(self):
        self._check_rights(RIGHTS)
        self._check_menus(MENUS)

    def test_the_screens_open_for_each_role_that_has_their_menu(self):
        file = self._load(self._camt([(10, {})]))
        for role in MENUS["bank_files"]:
            files = self._as(self.files, role)
            with self.subTest(role=role):
                views = files.get_views([(False, "list"), (False, "form")])
                self.assertEqual(set(views["views"]), {"list", "form"})
                own = files.browse(file.id)
                self.assertEqual(own.statement_ids, file.statement_ids)
                self.assertEqual(own.return_count, 0)

    def test_accountants_load_and_undo_in_their_own_name(self):
        for number, role in enumerate(("accountant", "manager")):
            with self.subTest(role=role):
                files = self._as(self.files, role)
                content = self._camt([(10, {"ref": role})], opening=1000 + 10 * number)
                file = self._load(content, files=files)
                self.assertEqual(file.create_uid, self.users[role])
                self.assertEqual((file.state, file.line_count), ("loaded", 1))
        file.action_undo()
        self.assertEqual(file.state, "undone")

    def test_others_load_nothing(self):
        content = base64.b64encode(self._camt([(10, {})]).encode())
        for role in ("auditor", "collector", "salesperson"):
            files = self._as(self.files, role)
            attachment = self.env["ir.attachment"].create(
                {"name": "a.xml", "datas": content}
            )
            with self.subTest(role=role), self.assertRaises(AccessError):
                files._take_attachments(attachment.with_env(files.env))

    def test_what_is_read_only_on_screen_is_so_for_calls(self):
        file = self._as(self._load(self._camt([(10, {})])), "accountant")
        with self.assertRaises(AccessError):
            file.write({"state": "undone"})
        with self.assertRaises(AccessError):
            file.create({"name": "x", "sha256": "0", "company_id": self.company.id})
        with self.assertRaises(AccessError):
            file.issue_ids.create({"bank_file_id": file.id, "code": "x"})

    def test_only_own_fresh_attachments_are_loaded(self):
        files = self._as(self.files, "accountant")
        foreign = self.env["ir.attachment"].create(
            {"name": "a.xml", "raw": self._camt([(10, {})]).encode()}
        )
        with self.assertRaises(AccessError):
            files.create_document_from_attachment(foreign.ids)
        own = files.env["ir.attachment"].create(
            {"name": "a.xml", "raw": self._camt([(10, {})]).encode()}
        )
        action = files.create_document_from_attachment(own.ids)
        self.assertEqual(files.browse(action["res_id"]).state, "loaded")

    def test_another_company_sees_nothing_and_may_load_the_same_file(self):
        content = self._camt([(10, {})])
        file = self._load(content)
        user = self._make_user("accountant", login="test_bank_elsewhere")
        user.write(
            {
                "company_ids": [Command.set(self.other.ids)],
                "company_id": self.other.id,
            }
        )
        files = self.files.with_user(user).with_company(self.other)
        self.assertFalse(files.search([("id", "=", file.id)]))
        with self.assertRaises(AccessError):
            files.browse(file.id).read(["name"])
        elsewhere = self._load(content, files=files)
        self.assertEqual(elsewhere.company_id, self.other)
        self.assertEqual(self._codes(elsewhere.sudo()), ["unknown_account"])
