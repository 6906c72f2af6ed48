"""The auditor reads everything and changes nothing: models, records, buttons."""

import inspect

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .access_common import AccessCommon

OPERATIONS = ("write", "create", "unlink")
OURS = "odoo.addons.recouvrement"  # this addon and those that stand on it
# What no auditor reads, and why.
UNREAD = {
    "recouvrement.rate.import": "a wizard of the manager: its result is the rates",
    "recouvrement.rate.import.line": "lines of that wizard",
}
# Forms that only ask which day or which item to show: nothing of theirs is kept.
QUESTIONS = {
    "recouvrement.as.of.wizard",
    "recouvrement.interest.detail",
    "recouvrement.prescription.explanation",
    "recouvrement.reminder.preview",
}
# Forms of every employee who owns a dispute; who owns none is refused when they are
# confirmed.
FOR_OWNERS = {
    "recouvrement.dispute.answer.wizard",
    "recouvrement.dispute.transfer.wizard",
}
# A file that the list of a reminder is made into when it is first asked for.
MADE_FOR_DOWNLOAD = {("recouvrement.reminder", "action_download_items")}
# Where what is read may leave a trace that is nobody's decision.
CACHES = ("bus_bus", "ir_attachment", "recouvrement_exclusion_access")


@tagged("post_install", "-at_install")
class TestAuditor(AccessCommon):
    def _models(self):
        return [
            model
            for name, model in sorted(self.env.items())
            if name.startswith("recouvrement.") and not model._abstract
        ]

    def test_every_model_is_read_or_left_out_for_a_reason(self):
        for model in self._models():
            readable = self._as(model, "auditor").has_access("read")
            with self.subTest(model=model._name):
                if model._transient or model._name in UNREAD:
                    self.assertEqual(readable, model._name in QUESTIONS | FOR_OWNERS)
                else:
                    self.assertTrue(readable)

    def test_nothing_is_written_created_or_deleted(self):
        for model in self._models():
            for operation in OPERATIONS:
                with self.subTest(model=model._name, operation=operation):
                    allowed = self._as(model, "auditor").has_access(operation)
                    asked = model._name in QUESTIONS | FOR_OWNERS
                    self.assertFalse(allowed and not asked)

    def test_every_record_is_read_and_refuses_a_change_by_a_remote_call(self):
        for model in self._models():
            record = self._find(model)
            if not record or model._transient:
                continue
            with self.subTest(model=model._name):
                self.assertTrue(self._as(record, "auditor").read(["id"]))
                name = next(iter(self._writable(model)), None)
                with self.assertRaises(UserError):
                    self._rpc("auditor", record, "write", {name: False})
                with self.assertRaises(UserError):
                    self._rpc("auditor", record, "unlink")

    def test_no_action_called_from_afar_changes_a_row(self):
        """Buttons, shown or not: an auditor's call is refused or leaves every table as
        it was, as PostgreSQL itself counts."""
        called = 0
        for model in self._models():
            record = self._find(model)
            for method in self._get_actions(model):
                if not record or (model._name, method) in MADE_FOR_DOWNLOAD:
                    continue
                with self.subTest(model=model._name, method=method):
                    self._check_harmless(record, method)
                    called += 1
        self.assertGreater(called, 30)

    # ------------------------------------------------------------------
    # TOOLS
    # ------------------------------------------------------------------

    def _find(self, model):
        model = model.sudo().with_context(active_test=False)
        domain = [("id", "!=", False)]
        if "company_id" in model._fields and model._fields["company_id"].store:
            domain.append(("company_id", "in", [False, self.company.id]))
        return model.search(domain, limit=1)

    def _writable(self, model):
        return (
            name
            for name, field in model._fields.items()
            if field.store and not field.related and name not in ("id", "active")
        )

    def _get_actions(self, model):
        """Public methods of our addons that take nothing but the records."""
        for name in dir(type(model)):
            if name.startswith("_") or not name.startswith(("action_", "button_")):
                continue
            function = getattr(type(model), name)
            if not callable(function) or not any(
                name in vars(one) and _is_ours(one) for one in type(model).__mro__
            ):
                continue
            parameters = list(inspect.signature(function).parameters.values())[1:]
            if all(
                one.default is not inspect.Parameter.empty
                or one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
                for one in parameters
            ):
                yield name

    def _check_harmless(self, record, method):
        self.env.flush_all()
        before = self._count_changes()
        model = self._as(record.browse(), "auditor")
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                is_of_model = getattr(
                    getattr(type(record), method), "_api_model", False
                )
                call_kw(model, method, [] if is_of_model else [record.ids], {})
                self.env.flush_all()
        except UserError:
            return
        changed = {
            table: count - before.get(table, 0)
            for table, count in self._count_changes().items()
            if count != before.get(table, 0) and table not in self._allowed_tables()
        }
        self.assertEqual(changed, {})

    def _allowed_tables(self):
        transient = {model._table for model in self.env.values() if model._transient}
        return transient | set(CACHES)

    def _count_changes(self):
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT relname, n_tup_ins + n_tup_upd + n_tup_del
                      FROM pg_stat_xact_user_tables
                     WHERE n_tup_ins + n_tup_upd + n_tup_del > 0
                    """
                )
            )
        )


def _is_ours(cls):
    return cls.__module__.startswith(OURS)
