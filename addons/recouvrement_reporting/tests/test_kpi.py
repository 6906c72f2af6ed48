"""Key figures read from real entries."""

from odoo.tests import tagged

from odoo.addons.recouvrement.tests.common import RecouvrementCommon

from ..tools.kpi import KPIS
from ..tools.period import Period


@tagged("post_install", "-at_install")
class TestKpi(RecouvrementCommon):
    def test_every_figure_is_worked_out_for_every_grouping(self):
        self._make_debtor(items=((1000, -10), (500, 20)))
        period = Period(self.today.replace(day=1), self.today)
        kpis = self.env["recouvrement.kpi"]
        for by in (None, "segment", "collector", "salesperson", "company"):
            [values] = kpis._compute_kpis(list(KPIS), period, by).values()
            self.assertEqual(set(values), set(KPIS))
            self.assertEqual(values["overdue"].value, 1000)
            self.assertEqual(values["receivables"].value, 1500)
