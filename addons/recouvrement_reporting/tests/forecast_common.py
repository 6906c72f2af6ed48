"""Customers with a habit, and the forecast that follows from it."""

from decimal import Decimal

from odoo import Command

from odoo.addons.recouvrement.tests.common import RecouvrementCommon

from ..tools.flows import SOURCES

RATE = 0.5


class ForecastCommon(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.forecasts = cls.env["recouvrement.forecast"]
        cls.errors = cls.env["recouvrement.forecast.error"]

    @classmethod
    def _make_payer(cls, name, delay=0, count=10, first=-400, step=10, **vals):
        """A customer whose invoices of 100 were paid ``delay`` days after the day they
        fell due, one each ``step`` days, 30 days after they were made."""
        partner = cls._make_customer(name, **vals)
        due_days = [first + number * step for number in range(count)]
        cls._make_paid(
            partner, [(100.0, due - 30, due, due + delay) for due in due_days]
        )
        return partner

    @classmethod
    def _make_paid(cls, partner, facts):
        """Invoices ``(amount, made, due, paid or None)``, in days from today, with
        what paid them."""
        moves = cls.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_date": cls._day(made),
                    "date": cls._day(made),
                    "invoice_date_due": cls._day(due),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Service", "price_unit": amount, "tax_ids": False}
                        )
                    ],
                }
                for amount, made, due, _paid in facts
            ]
        )
        moves.action_post()
        paid = [(move, fact) for move, fact in zip(moves, facts, strict=True)]
        paid = [(move, fact) for move, fact in paid if fact[3] is not None]
        payments = cls.env["account.payment"].create(
            [
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": partner.id,
                    "amount": fact[0],
                    "date": cls._day(fact[3]),
                    "journal_id": cls.company_data["default_journal_bank"].id,
                    "payment_method_line_id": cls.inbound_payment_method_line.id,
                }
                for _move, fact in paid
            ]
        )
        payments.action_post()
        plan = [
            cls._items(move | payment.move_id)
            for (move, _fact), payment in zip(paid, payments, strict=True)
        ]
        cls.env["account.move.line"]._reconcile_plan(plan)
        return moves

    def _forecast(self, as_of=None, **vals):
        as_of = self.today if as_of is None else self._day(as_of)
        return self.forecasts._make_forecast(self.company, as_of, **vals)

    def _shares(self, forecast, partner=None, period=None, **domain):
        shares = self.env["recouvrement.forecast.share"]
        if period:
            shares = shares.with_context(forecast_week_id=period["id"])
        wanted = [("forecast_id", "=", forecast.id)]
        if partner:
            wanted.append(("customer_id", "=", partner.id))
        wanted += [(name, "=", value) for name, value in domain.items()]
        return shares.search(wanted)

    def _expected(self, forecast, **domain):
        """``{source: amount}`` within the horizon, of the items."""
        found = {}
        for share in self._shares(forecast, **domain):
            found[share.source] = found.get(share.source, 0) + self._exact(
                share.expected
            )
        return found

    def _exact(self, amount):
        return Decimal(str(round(amount, 2)))

    def _check_sums(self, forecast):
        """Every figure is the sum of its items; periods are the sum of sources."""
        for row in [*forecast._get_weeks(), *forecast._get_months()]:
            self.assertEqual(row["expected"], sum(row[one] for one in SOURCES))
            shares = self._shares(forecast, period=row)
            self.assertEqual(
                sum((self._exact(one.expected) for one in shares), Decimal(0)),
                row["expected"] - row["new"] - row["rate"],
            )
            self.assertLessEqual(row["p80"], row["p50"])
