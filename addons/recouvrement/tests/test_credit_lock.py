"""Two transactions at once cannot both pass the same limit, with real commits."""

from contextlib import contextmanager

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import SQL, mute_logger


@tagged("post_install", "-at_install")
class TestCreditLock(BaseCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        cls.partner_ids, cls.debtor_ids = [], []
        cls.addClassCleanup(cls._delete)
        with cls._committed() as env:
            cls.company_id = env.ref("base.main_company").id
            holding, alone = env["res.partner"].create(
                [{"name": name, "is_company": True} for name in ("Lock A", "Lock B")]
            )
            below = env["res.partner"].create(
                [
                    {"name": name, "is_company": True, "parent_id": holding.id}
                    for name in ("Lock C", "Lock D")
                ]
            )
            partners = holding + alone + below
            cls.partner_ids, cls.below_ids = partners.ids, below.ids
            cls.alone_id = alone.id
            debtors = env["recouvrement.debtor"].create(
                [
                    {"partner_id": partner.id, "company_id": cls.company_id}
                    for partner in holding + alone
                ]
            )
            cls.debtor_ids = debtors.ids
            env["recouvrement.credit.limit"].create(
                [
                    {
                        "debtor_id": debtor.id,
                        "amount": 100,
                        "reason": "Opening",
                        "for_group": debtor.partner_id == holding,
                    }
                    for debtor in debtors
                ]
            )

    @classmethod
    @contextmanager
    def _committed(cls):
        with cls.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    @classmethod
    def _delete(cls):
        with cls._committed() as env:
            limits = env["recouvrement.credit.limit"].search(
                [("debtor_id", "in", cls.debtor_ids)]
            )
            env["mail.message"].search(
                [("model", "=", limits._name), ("res_id", "in", limits.ids)]
            ).unlink()
            for table in ("credit_limit", "event"):
                env.cr.execute(
                    SQL(
                        "DELETE FROM %s WHERE debtor_id = ANY(%s)",
                        SQL.identifier(f"recouvrement_{table}"),
                        cls.debtor_ids,
                    )
                )
            env.invalidate_all()
            env["recouvrement.debtor"].browse(cls.debtor_ids).unlink()
            env["res.partner"].browse(cls.partner_ids[::-1]).unlink()

    def _lock_in_two(self, first, second):
        """Lock for one customer each, in transactions that both have read before."""
        with self.registry.cursor() as one, self.registry.cursor() as two:
            verdicts = [
                api.Environment(cr, SUPERUSER_ID, {})["recouvrement.credit.verdict"]
                for cr in (one, two)
            ]
            for verdict in verdicts:
                verdict.env["recouvrement.debtor"].search([], limit=1).mapped("active")
            verdicts[0]._lock({(first, self.company_id)})
            one.commit()
            try:
                verdicts[1]._lock({(second, self.company_id)})
            finally:
                two.rollback()

    @mute_logger("odoo.sql_db")
    def test_the_same_customer_in_two_transactions(self):
        with self.assertRaises(SerializationFailure):
            self._lock_in_two(self.alone_id, self.alone_id)

    @mute_logger("odoo.sql_db")
    def test_two_members_of_a_group_in_two_transactions(self):
        with self.assertRaises(SerializationFailure):
            self._lock_in_two(*self.below_ids)

    def test_customers_of_different_limits_do_not_wait(self):
        self._lock_in_two(self.alone_id, self.below_ids[0])
