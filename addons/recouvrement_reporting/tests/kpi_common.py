"""The golden ledger and verbs of key figures."""

from datetime import date, timedelta
from decimal import Decimal

from odoo import Command

from odoo.addons.recouvrement.models.account_partial_reconcile import BY_SUGGESTION
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

    @classmethod
    def _remind(cls, item, rank, day, reached, **vals):
        debtor = cls._debtor(item.partner_id)
        common = {
            "debtor_id": debtor.id,
            "company_id": cls.company.id,
            "currency_id": item.currency_id.id,
        }
        return (
            cls.env["recouvrement.reminder"]
            .sudo()
            .create(
                {
                    **common,
                    "level_id": cls.levels[rank].id,
                    "rank": rank,
                    "channel": "email",
                    "state": "sent",
                    "date_sent": day,
                    "collector_id": debtor.collector_id.id,
                    "line_ids": [
                        Command.create(
                            {
                                **common,
                                "move_line_id": item.id,
                                "role": "chase",
                                "rank": rank,
                                "claimed": True,
                                "amount_residual": reached,
                            }
                        )
                    ],
                    **vals,
                }
            )
        )

    @classmethod
    def _promise(cls, debtor, state, required, paid, day, made=date(2025, 2, 1)):
        return (
            cls.env["recouvrement.promise"]
            .sudo()
            .create(
                {
                    "debtor_id": debtor.id,
                    "currency_id": cls.company.currency_id.id,
                    "amount": required,
                    "amount_company": required,
                    "required_amount": required,
                    "paid_in_time": paid,
                    "date": day,
                    "deadline": day,
                    "date_made": made,
                    "state": state,
                }
            )
        )

    @classmethod
    def _contact(cls, debtor, user, moment, outcome, channel="call_out", **vals):
        cls.env["recouvrement.interaction"].sudo().create(
            {
                "debtor_id": debtor.id,
                "user_id": user.id,
                "date": moment,
                "channel": channel,
                "outcome_id": outcome.id,
                **vals,
            }
        )

    @classmethod
    def _make_work(cls):
        """Something of every measure that the golden ledger has nothing of."""
        debtor = cls._debtor(cls.one)
        cls.env["recouvrement.action.cost"].create(
            {"kind": "contact_call_out", "unit_cost": 4, "date_from": "2025-01-01"}
        )
        outcome = cls.env["recouvrement.interaction.outcome"].search([], limit=1)
        for day in ("2025-03-03", "2025-03-04"):
            cls._contact(debtor, cls.env.user, f"{day} 10:00:00", outcome)
        for state, paid in (("kept", 500), ("partly", 200)):
            cls._promise(debtor, state, 500, paid, date(2025, 3, 10))
        cls._promise(debtor, "open", 700, 0, date(2025, 4, 10), date(2025, 3, 9))
        chased = cls._invoice(cls.one, 3000, "2024-11-20", "2024-12-10")
        for rank in range(1, 5):
            day = date(2025, 1, 5) + timedelta(days=10 * rank)
            cls._remind(cls._items(chased), rank, day, 3000)
            cls._pay(chased, 100 * rank, day + timedelta(days=1))
        cls._dispute(chased, date(2025, 1, 2), date(2025, 1, 31))
        item = cls._items(cls._invoice(cls.two, 800, "2024-09-01", "2024-10-01"))
        cls._lose(cls.two, 300, date(2025, 3, 18), item)
        cls._invoice(cls.one, 450, "2025-03-02", "2025-03-12")
        cls._age_buckets()
        cls._match_by_system()

    @classmethod
    def _age_buckets(cls):
        """An item of every age at both ends of March."""
        for due in (
            "2025-03-10",
            "2025-02-15",
            "2025-01-20",
            "2024-12-20",
            "2024-11-20",
        ):
            cls._invoice(cls.two, 60, "2024-11-01", due)

    @classmethod
    def _match_by_system(cls):
        """One receipt by a job, one as it was suggested."""
        robot = {"user": cls.env.ref("base.user_root"), "context": {}}
        person = {"user": cls.env.user, "context": BY_SUGGESTION}
        for who in (robot, person):
            item = cls._items(cls._invoice(cls.two, 60, "2025-01-10", "2025-02-10"))
            receipt = cls._make_receipt(cls.two, 60, date(2025, 3, 6))
            lines = (item + cls._items(receipt.move_id)).with_user(who["user"])
            lines.with_context(**who["context"]).reconcile()
