"""A debtor with items, and the verbs of litigation files."""

from unittest.mock import patch

from odoo.tests import freeze_time

from odoo.addons.recouvrement.tests.plan_common import PlanCommon

ORDER = "payment_order_2026_09"


class LitigationCommon(PlanCommon):
    """Three items of 300 of one debtor; the tests live in November 2026."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = cls.env["recouvrement.litigation"]

    @classmethod
    def _procedure(cls, code=ORDER):
        return cls.env.ref(f"recouvrement_litige.procedure_{code}")

    @classmethod
    def _file(cls, lines=None, procedure=ORDER, debtor=None, **vals):
        debtor = debtor or cls.debtor
        lines = cls._open_lines(debtor) if lines is None else lines
        found = cls._procedure(procedure) if procedure else None
        return debtor.env["recouvrement.litigation"]._open(
            debtor, lines, procedure=found, **vals
        )

    @classmethod
    def _step(cls, litigation, code):
        """The step of a code in the last procedure that has it."""
        steps = litigation.step_ids.filtered(lambda step: step.code == code)
        return steps.sorted("round")[-1:]

    @classmethod
    def _do(cls, litigation, code, day=0, **vals):
        """Record a step."""
        step = cls._step(litigation, code)
        step._set_done(cls._day(day), **vals)
        return step

    @classmethod
    def _deadline(cls, litigation, code):
        step = cls._step(litigation, code)
        return cls.env["recouvrement.deadline"].search(
            [("res_model", "=", step._name), ("res_id", "=", step.id)]
        )

    def _statuses(self, lines=None):
        self.env.invalidate_all()
        return (self.lines if lines is None else lines).mapped("collection_status")

    def _night(self):
        """What the night does of files and deadlines."""
        self._settle()
        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", return_value=600.0):
            self.files.sudo()._cron_nightly()
            self.env["recouvrement.deadline"].sudo()._cron_nightly()
        self.env.invalidate_all()

    @classmethod
    def _on(cls, day):
        """Live on a day: ``2026-11-20`` or a number of days from today."""
        return freeze_time(day if isinstance(day, str) else str(cls._day(day)))
