"""Verbs of the tests of promises."""

from datetime import timedelta

from odoo.tests import freeze_time

from .common import RecouvrementCommon


class PromiseCommon(RecouvrementCommon):
    """One debtor who owes 1000 and 500, both overdue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partner = cls._make_customer("Promise SARL")
        cls.invoice = cls._make_invoice(cls.partner, 1000.0, due=-30)
        cls.second = cls._make_invoice(cls.partner, 500.0, due=-10)
        cls.debtor = cls._debtor(cls.partner)
        cls.item = cls._items(cls.invoice)
        cls.second_item = cls._items(cls.second)

    @classmethod
    def _promise(cls, amount=1000.0, day=5, lines=None, **vals):
        return cls.debtor._make_promise(
            amount, cls._day(day), cls.item if lines is None else lines, **vals
        )

    def _settle(self):
        """What a commit does: matching is judged, totals are recomputed."""
        self.env["recouvrement.debtor"].sudo()._process_dirty()

    def _bounce(self, payment):
        """The bank sends a receipt back: the payment is cancelled. Odoo keeps the
        matching of a payment that is only reset to draft."""
        payment.action_draft()
        payment.action_cancel()

    def _pass(self, days):
        """A night ``days`` from today, with its scheduled work."""
        with freeze_time(self.today + timedelta(days=days)):
            self.env["recouvrement.promise"]._cron_judge()
            self._settle()

    def _events(self):
        self._settle()
        return self.env["recouvrement.event"].search(
            [("debtor_id", "=", self.debtor.id), ("kind", "=", "promise")], order="id"
        )
