"""A customer with a credit limit, and orders of Odoo's Sales, which these tests find
on a database of their own (``./dev test``, tag ``beside_sale``)."""

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import new_test_user

from .test_credit_limit import CreditCommon


class OrderCommon(CreditCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create(
            {
                "name": "Luminaire",
                "type": "consu",
                "invoice_policy": "order",
                "list_price": 100.0,
                "taxes_id": [Command.clear()],
            }
        )

    @classmethod
    def get_default_groups(cls):
        return super().get_default_groups() | cls.quick_ref(
            "sales_team.group_sale_manager"
        )

    def _order(self, amount, quantity=1, partner=None, **vals):
        return self.env["sale.order"].create(
            {
                "partner_id": (partner or self.customer).id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": quantity,
                            "price_unit": amount / quantity,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **vals,
            }
        )

    def _assert_blocked(self, function, *args):
        """The error, of a call whose effects are undone."""
        savepoint = self.env.cr.savepoint()
        try:
            function(*args)
        except (UserError, RedirectWarning) as error:
            savepoint.rollback()
            self.env.invalidate_all()
            return error
        return self.fail("This is not refused")

    def _euros(self, rate):
        """A price list in a foreign currency, of so many to the company's."""
        euro = self.setup_other_currency("EUR", rates=[("2016-01-01", rate)])
        return self.env["product.pricelist"].create(
            {"name": "Euros", "currency_id": euro.id}
        )

    def _seller(self, *roles):
        groups = [f"recouvrement.group_{role}" for role in roles]
        groups.append("sales_team.group_sale_salesman_all_leads")
        login = "_".join(("seller", *roles))
        return new_test_user(self.env, login, groups=",".join(groups))
