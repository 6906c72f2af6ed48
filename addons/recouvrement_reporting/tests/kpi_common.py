"""The golden ledger and verbs of key figures."""

from datetime import date
from decimal import Decimal

from odoo import Command

from odoo.addons.recouvrement.tests.common import RecouvrementCommon

from ..tools.period import Period

MARCH = Period(date(2025, 3, 1), date(2025, 3, 31))
TAX = Decimal("1.2")


class KpiCommon(RecouvrementCommon):
    """January to March 2025: sales of 90 000, 84 000 and 93 000, taxes included;
    170 000 receivable at the end of February, 180 000 at the end of March, of which
    120 000 not due and 20 000, 15 000, 15 000, 10 000 late by 10, 45, 75, 120 days.

    Around it all that must not count: a doubtful invoice, a receipt that is not
    allocated, a penalty invoice paid at once, an invoice dated later.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kpis = cls.env["recouvrement.kpi"]
        cls.lines = cls.env["recouvrement.kpi.line"]
        cls.snapshots = cls.env["recouvrement.kpi.snapshot"]
        france = {"country_id": cls.env.ref("base.fr").id}
        group = cls.tax_sale_a.tax_group_id.copy(france)
        cls.tax = cls.tax_sale_a.copy(
            {"name": "20 %", "amount": 20, "tax_group_id": group.id, **france}
        )

    @classmethod
    def _make_golden(cls):
        one, two = cls._make_customer("Golden One"), cls._make_customer("Golden Two")
        cls.one, cls.two = one, two
        cls._invoice(one, 10000, "2024-11-01", "2024-12-01")
        january = cls._invoice(two, 75000, "2025-01-31", "2025-04-30")
        cls._invoice(one, 15000, "2025-01-02", "2025-01-15")
        february = cls._invoice(two, 69000, "2025-02-28", "2025-04-30")
        cls.disputed = cls._invoice(one, 7500, "2025-02-01", "2025-02-14")
        cls._invoice(one, 7500, "2025-02-01", "2025-02-14")
        cls._invoice(one, 20000, "2025-03-01", "2025-03-21")
        cls.disputed += cls._invoice(two, 1500, "2025-03-01", "2025-04-30")
        cls._invoice(two, 71500, "2025-03-31", "2025-04-30")
        cls._pay(january, 14000, date(2025, 2, 10))
        cls._pay(january, 61000, date(2025, 3, 10))
        cls._pay(february, 22000, date(2025, 3, 20))
        cls._dispute(cls.disputed, date(2025, 3, 5))
        cls._make_traps(one, two)
        cls._make_year(two)

    @classmethod
    def _make_traps(cls, one, two):
        doubtful = cls._invoice(one, 7000, "2024-12-10", "2024-12-20")
        reason = cls.env["recouvrement.doubtful.reason"].search([], limit=1)
        items = cls._items(doubtful)
        items._set_doubtful(reason, date(2025, 1, 31), 50, "Bad news")
        cls.receipt = cls._make_receipt(two, 5000, date(2025, 3, 25))
        cls.later = cls._invoice(two, 10000, "2025-04-01", "2025-04-15")

    @classmethod
    def _make_year(cls, partner):
        """Sales excluding tax of 12 months come to 1 080 000, losses to 5 400."""
        known = cls._net_sales()
        rest = Decimal(1080000) - known
        move = cls._invoice(partner, rest * TAX, "2024-06-15", "2024-06-30")
        cls._pay(move, None, date(2024, 6, 30))
        account = cls.company_data["default_account_expense"].copy()
        cls.company.recouvrement_loss_account_id = account
        cls.loss_account = account
        cls._lose(partner, 5400, date(2025, 3, 15))

    @classmethod
    def _net_sales(cls):
        moves = cls.env["account.move"].search(
            [
                ("company_id", "=", cls.company.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("invoice_date", ">=", "2024-04-01"),
                ("invoice_date", "<=", "2025-03-31"),
            ]
        )
        return sum(Decimal(str(move.amount_untaxed_signed)) for move in moves)

    @classmethod
    def _lose(cls, partner, amount, day, item=None):
        """Book a loss, on an item when one is given."""
        other = cls.company_data["default_account_assets"]
        if item:
            other = item.account_id
        move = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": cls.company_data["default_journal_misc"].id,
                "date": day,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": cls.loss_account.id,
                            "partner_id": partner.id,
                            "balance": amount,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": other.id,
                            "partner_id": partner.id,
                            "balance": -amount,
                        }
                    ),
                ],
            }
        )
        move.action_post()
        if item:
            (item + move.line_ids.filtered(lambda x: x.account_id == other)).reconcile()
        return move

    # ------------------------------------------------------------------
    # VERBS
    # ------------------------------------------------------------------

    @classmethod
    def _invoice(cls, partner, amount, day, due, **vals):
        """A posted invoice of an amount with its tax, dated in the past."""
        price = round(Decimal(amount) / TAX, 2)
        return cls._make_invoice(
            partner,
            due=date.fromisoformat(due),
            invoice_date=day,
            invoice_line_ids=[
                Command.create(
                    {
                        "name": "Service",
                        "price_unit": float(price),
                        "tax_ids": [Command.set(cls.tax.ids)],
                    }
                )
            ],
            **vals,
        )

    @classmethod
    def _dispute(cls, moves, since, until=False):
        cls.env["recouvrement.dispute.period"].sudo().create(
            [
                {
                    "move_line_id": item.id,
                    "company_id": item.company_id.id,
                    "date_from": since,
                    "date_to": until,
                }
                for item in cls._items(moves)
            ]
        )

    def _figures(self, *codes, period=MARCH, by=None):
        return self.kpis._compute_kpis(codes, period, by)

    def _figure(self, code, period=MARCH, digits=2):
        value = self._figures(code, period=period)[None][code].value
        return value if value is None else round(value, digits)

    def _sum_lines(self, code, measure, period=MARCH, by=None, key=None, user=None):
        """Total of the lines that a client gets for a measure, exact."""
        kpis = self.kpis.with_user(user) if user else self.kpis
        action = kpis.action_open_lines(
            code, measure, str(period.start), str(period.end), by, key
        )
        lines = kpis.env[action["res_model"]].with_context(**action["context"])
        [[total]] = lines._read_group(action["domain"], [], ["value:sum"])
        return Decimal(str(round(total or 0.0, 2)))
