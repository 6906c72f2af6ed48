"""A debtor with items, and the verbs of instalment plans."""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo.tests import freeze_time

from .common import RecouvrementCommon


class PlanCommon(RecouvrementCommon):
    """Three items of 300 in one currency; a plan is three instalments of 300, the first
    in ten days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debtor = cls._make_debtor(
            items=((300.0, -60), (300.0, -40), (300.0, -20)), ref="C042"
        )
        cls.lines = cls._open_lines(cls.debtor)
        cls.plans = cls.env["recouvrement.payment.plan"]

    @classmethod
    def _open_lines(cls, debtor):
        items = cls.env["recouvrement.open.item"].search(
            [("debtor_id", "=", debtor.id), ("amount_residual_currency", ">", 0)]
        )
        return items.move_line_id

    @classmethod
    def _make_plan(cls, debtor=None, lines=None, **terms):
        debtor = debtor or cls.debtor
        lines = cls._open_lines(debtor) if lines is None else lines
        terms.setdefault("first_date", cls._day(10))
        if "each" not in terms:
            terms.setdefault("number", 3)
        return debtor.env["recouvrement.payment.plan"]._create_plan(
            debtor, lines, **terms
        )

    @classmethod
    def _offer(cls, *args, **terms):
        plan = cls._make_plan(*args, **terms)
        plan.action_offer()
        return plan

    @classmethod
    def _accept(cls, *args, **terms):
        """A plan that runs, signed on the customer's page."""
        plan = cls._offer(*args, **terms)
        plan._accept("Anne Dubois", "192.0.2.7", "Firefox")
        return plan

    @classmethod
    def _settle(cls):
        """What happens at commit: matched items are judged, totals refreshed."""
        cls.env["recouvrement.debtor"]._process_dirty()
        cls.env.flush_all()

    def _later(self, days=0, **delta):
        """Today moved on; to be used in ``with``."""
        return freeze_time(
            (self.today + timedelta(days=days) + relativedelta(**delta)).isoformat()
        )

    def _night(self, plan):
        """What the nightly job does with a plan."""
        self.env.invalidate_all()
        plan._work_nightly()
        self._settle()

    def _invoices(self):
        return self.lines.move_id.sorted("invoice_date_due")

    def _credit(self, invoice, amount):
        """A credit note matched with an invoice."""
        credit = self._make_credit_note(invoice.partner_id, amount)
        self._items(invoice | credit).filtered(
            lambda line: not line.reconciled
        ).reconcile()
        self._settle()
        return credit

    def _mails_of(self, debtor=None):
        """Messages queued for the customer of a debtor."""
        debtor = debtor or self.debtor
        return self.env["mail.mail"].search(
            [("model", "=", "recouvrement.debtor"), ("res_id", "=", debtor.id)],
            order="id",
        )

    def _plan_events(self, debtor=None):
        debtor = debtor or self.debtor
        return self.env["recouvrement.event"].search(
            [("debtor_id", "=", debtor.id), ("kind", "=", "plan")], order="id"
        )
