"""Never chased while it must not be, always chased again when it must: whatever comes,
goes and comes back on the same items."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from .litigation_common import LitigationCommon

ACTIONS = (
    "open",
    "close",
    "abandon",
    "reopen",
    "withdraw",
    "add",
    "dispute",
    "undispute",
    "plan",
    "promise",
    "insolvency",
    "out_of_insolvency",
    "pay",
    "night",
)
HELD = {"litigation", "insolvency", "disputed", "plan", "promised"}


@tagged("post_install", "-at_install")
class TestLitigationProperties(LitigationCommon):
    """Each action is tried on one of the items; what is refused changes nothing."""

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.lists(
            st.tuples(st.sampled_from(ACTIONS), st.integers(0, 2)),
            min_size=1,
            max_size=9,
        )
    )
    def _check_path(self, path):
        with self.env.cr.savepoint() as savepoint:
            self.env.invalidate_all()
            self.marks = {}
            for action, index in path:
                self._try(action, self.lines[index])
                self._check(path)
            savepoint.rollback()
        self.env.invalidate_all()
        self.env.registry.clear_cache()

    def test_the_status_of_items_through_every_path(self):
        self._check_path()

    def _try(self, action, line):
        try:
            with self.env.cr.savepoint():
                getattr(self, f"_try_{action}")(line)
        except UserError:
            self.env.invalidate_all()
        self._settle()
        self.env.invalidate_all()

    def _of(self, line):
        rows = self.env["recouvrement.litigation.line"].search(
            [("move_line_id", "=", line.id)], order="id desc"
        )
        return rows[:1].litigation_id

    def _try_open(self, line):
        self._file(line)

    def _try_add(self, line):
        found = self.files.search(
            [("state", "=", "open"), ("debtor_id", "=", self.debtor.id)], limit=1
        )
        if found:
            found._add_items(line)

    def _try_close(self, line):
        self._of(line)._close("settlement", "Agreed") if self._of(line) else None

    def _try_abandon(self, line):
        self._of(line)._close("irrecoverable", "Gone") if self._of(line) else None

    def _try_reopen(self, line):
        if self._of(line):
            self._of(line).action_reopen()

    def _try_withdraw(self, line):
        rows = self.env["recouvrement.litigation.line"].search(
            [("move_line_id", "=", line.id), ("is_live", "=", True)]
        )
        rows.action_withdraw()

    def _try_dispute(self, line):
        line._commit("disputed", "Broken")

    def _try_undispute(self, line):
        line._release("disputed", "Mended")

    def _try_insolvency(self, line):
        line._commit("insolvency", "Judgment")

    def _try_out_of_insolvency(self, line):
        line._release("insolvency", "Judgment overturned")

    def _try_plan(self, line):
        self._accept(lines=line, number=2, first_date=self._day(20))

    def _try_promise(self, line):
        self.debtor._make_promise(line.amount_residual_currency, self._day(8), line)

    def _try_pay(self, line):
        if line.amount_residual > 0:
            self._pay(line.move_id)

    def _try_night(self, _line):
        self._night()

    def _check(self, path):
        """What the records say decides, for each item that is open."""
        held = self.env["recouvrement.litigation.line"].search(
            [("is_live", "=", True), ("move_line_id", "in", self.lines.ids)]
        )
        decisions = {row.id: row.reason for row in self._decisions(self.debtor)}
        for line in self.lines.filtered(lambda one: one.amount_residual > 0):
            status, reason = line.collection_status, decisions.get(line.id)
            if line in held.move_line_id:
                self.assertIn(status, ("litigation", "insolvency"), path)
                self.assertEqual(reason, status, path)
            else:
                self.assertNotEqual(status, "litigation", path)
            if status == "to_chase":
                self.assertNotIn(reason, HELD, path)
        for litigation in self.files.search([("debtor_id", "=", self.debtor.id)]):
            live = litigation.line_ids.filtered("is_live").move_line_id
            if litigation.state == "open":
                self.assertTrue(litigation.amount_open > 0, path)
                self.assertEqual(
                    litigation.amount_open, sum(live.mapped("amount_residual")), path
                )
            elif litigation.outcome != "irrecoverable":
                self.assertFalse(live, path)
