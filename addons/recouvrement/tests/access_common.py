"""Three debtors of three portfolios, one of another company, a user of each role."""

from odoo import Command
from odoo.service.model import call_kw
from odoo.tests import new_test_user

from .common import RecouvrementCommon

ROLES = ("salesperson", "collector", "accountant", "auditor", "manager")


class AccessCommon(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {role: cls._make_user(role) for role in ROLES}
        cls.other_collector = cls._make_user("collector", login="test_collector_2")
        cls.portal = new_test_user(cls.env, "test_portal", groups="base.group_portal")
        cls.own = cls._make_debtor("Own", items=((1000, -60), (500, -20)))
        cls.own.write(
            {
                "collector_id": cls.users["collector"].id,
                "salesperson_id": cls.users["salesperson"].id,
            }
        )
        cls.nobodys = cls._make_debtor("Nobody", items=((2000, -60),))
        cls.foreign = cls._make_debtor("Foreign", items=((3000, -60),))
        cls.foreign.collector_id = cls.other_collector
        cls.campaign = cls._propose(collector_ids=[Command.clear()])
        cls.debtors = cls.own | cls.nobodys | cls.foreign
        cls.other = cls.setup_other_company()["company"]
        partner = cls._make_customer("Elsewhere")
        values = {"partner_id": partner.id, "company_id": cls.other.id}
        cls.elsewhere = cls.env["recouvrement.debtor"].sudo().create(values)
        cls.elsewhere._log_event("note", "Elsewhere")

    def _as(self, records, role):
        """The same records as a user of a role sees them through a remote call."""
        return records.with_user(self.users.get(role) or role)

    def _rpc(self, role, records, method, *args, **kwargs):
        model = self._as(records.browse(), role)
        return call_kw(model, method, [records.ids, *args], kwargs)
