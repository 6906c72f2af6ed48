"""Two years of invoices, credit notes, receipts and matchings, made in bulk."""

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

from odoo.fields import Command

from . import companies, promises, story

QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_create_nolog": True,
}
CREDIT_NOTE_SHARE = 0.05
MANY_ITEMS = 200
# Large customers pay on two days of the month, several invoices at once.
PAYMENT_DAYS = (10, 25)
# Who promises something has an invoice of that many days that nothing paid.
WAITING_DAYS = 130


def build(world):
    """Post the documents of every company, then match what was paid."""
    for key, company in world.companies.items():
        customers = [c for c in world.customers if c.company == key]
        Ledger(world, company, customers).build()


class Ledger:
    """The receivables of one company."""

    def __init__(self, world, company, customers):
        self.world = world
        self.company = company
        self.customers = customers
        self.env = world.env(context={**world.env.context, **QUIET})
        self.bank = companies.bank_journal(world, company)
        self.plan = []

    def build(self):
        """Make everything, in the order in which it happened."""
        invoices = self._create_invoices()
        self._create_credit_notes(invoices)
        receipts = self._plan_receipts(invoices)
        cheques = [r for r in receipts if r["customer"].segment == "consumer"]
        self._create_payments(cheques)
        self._create_bank_entries([r for r in receipts if r not in cheques])
        self._create_unallocated()
        self._create_takeover()
        self._reconcile()

    # Documents

    def _create_invoices(self):
        """Posted invoices, oldest first, each with its customer."""
        planned = sorted(
            (
                (day, customer.key, customer, self._prepare_invoice_vals(customer, day))
                for customer in self.customers
                for day in self._invoice_dates(customer)
            ),
            key=lambda planned: planned[:2],
        )
        moves = self.env["account.move"].create([vals for *_rest, vals in planned])
        moves._post(soft=False)
        return [
            (customer, move)
            for (_day, _key, customer, _vals), move in zip(planned, moves, strict=True)
        ]

    def _invoice_dates(self, customer):
        dates = story.invoice_dates(
            self.world.rng("dates", customer.key),
            self.world.count(customer.invoices),
            self._today,
        )
        if "due_soon" in customer.flags:
            dates.append(self._today - timedelta(days=int(customer.terms) - 6))
        if customer.flags & set(promises.FIXED):
            dates.append(self._waiting_day)
        return dates

    @property
    def _waiting_day(self):
        return self._today - timedelta(days=WAITING_DAYS)

    def _is_waiting(self, customer, move):
        """True for the invoice that a customer will make a promise for."""
        fixed = customer.flags & set(promises.FIXED)
        return bool(fixed) and move.invoice_date == self._waiting_day

    def _prepare_invoice_vals(self, customer, day):
        rng = self.world.rng("invoice", customer.key, day.toordinal())
        vals = self._prepare_move_vals(customer, day, "out_invoice")
        products = [
            {"price": Decimal(row["price"]), "product": product}
            for row, product in self.world.products
        ]
        vals["invoice_line_ids"] = [
            Command.create(
                {
                    "product_id": chosen["product"].id,
                    "name": chosen["product"].name,
                    "quantity": quantity,
                    "price_unit": float(chosen["price"]),
                    "tax_ids": [Command.set(self._taxes(customer).ids)],
                }
            )
            for chosen, quantity in story.invoice_lines(rng, customer.ticket, products)
        ]
        if customer.segment in ("key", "public"):
            vals["ref"] = f"BC-{day:%y}{rng.randint(1000, 9999)}"
        return vals

    def _prepare_move_vals(self, customer, day, move_type):
        partner = customer.partner
        addressee = partner.child_ids.filtered(lambda child: child.type == "invoice")
        return {
            "move_type": move_type,
            "company_id": self.company.id,
            "journal_id": companies.journal(self.world, self.company, "sale").id,
            "partner_id": (addressee[:1] or partner).id,
            "invoice_date": day,
            "date": day,
            "currency_id": self._currency(customer).id,
            "invoice_payment_term_id": self.world.terms[customer.terms].id,
            "invoice_user_id": partner.user_id.id,
        }

    def _taxes(self, customer):
        french = customer.partner.country_id.code == "FR"
        taxes = self.company.account_sale_tax_id
        return taxes if french else taxes.browse()

    def _currency(self, customer):
        return self.env.ref(f"base.{customer.currency}")

    def _create_credit_notes(self, invoices):
        """Credit notes on some invoices. Odoo matches those that name the invoice;
        the one of a flagged customer names none and stays unallocated."""
        allocated = [
            (customer, move)
            for customer, move in invoices
            if not {"credit", "many_items"} & customer.flags
            and customer.behaviour != "prompt"
            and not self._is_waiting(customer, move)
            and self._draw("refund", customer, move).random() < CREDIT_NOTE_SHARE
        ]
        newest = {c.key: (c, move) for c, move in invoices if "credit" in c.flags}
        refunds = self.env["account.move"].create(
            [
                self._prepare_refund_vals(customer, move)
                | {"reversed_entry_id": move.id}
                for customer, move in allocated
            ]
            + [self._prepare_refund_vals(*chosen) for chosen in newest.values()]
        )
        refunds._post(soft=False)

    def _prepare_refund_vals(self, customer, move):
        rng = self._draw("refund amount", customer, move)
        line = move.invoice_line_ids[0]
        day = min(move.invoice_date + timedelta(days=rng.randint(3, 12)), self._today)
        return self._prepare_move_vals(customer, day, "out_refund") | {
            "invoice_payment_term_id": False,
            "ref": f"Avoir sur {move.name}",
            "invoice_line_ids": [
                Command.create(
                    {
                        "name": f"Retour ou remise : {line.name}",
                        "quantity": 1,
                        "price_unit": float(
                            story.share_of(
                                Decimal(str(move.amount_untaxed)),
                                rng.choice((10, 15, 20, 30)),
                            )
                        ),
                        "tax_ids": [Command.set(line.tax_ids.ids)],
                    }
                )
            ],
        }

    @property
    def _today(self):
        return self.world.today

    def _draw(self, subject, customer, move):
        return self.world.rng(subject, customer.key, move.invoice_date.toordinal())

    def _receivables(self, moves):
        return moves.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )

    # Receipts

    def _plan_receipts(self, invoices):
        """Receipts to record: customer, day, amount and the items they pay.

        What an allocated credit note covers is not paid again.
        """
        grouped = defaultdict(lambda: [Decimal(0), self.env["account.move.line"]])
        customers = {}
        for customer, move in invoices:
            customers[customer.key] = customer
            if self._is_waiting(customer, move):
                continue
            rng = self._draw("payment", customer, move)
            for line in self._receivables(move):
                left = Decimal(str(line.amount_residual_currency))
                for day, paid in story.payments(
                    rng, customer.behaviour, line.date_maturity, left, self._today
                ):
                    whole = paid == left
                    key, pay_day = self._payment_key(customer, day, whole, line)
                    group = grouped[key, pay_day]
                    group[0] += paid
                    group[1] |= line
        return [
            {
                "customer": customers[key[0]],
                "day": day,
                "amount": amount,
                "lines": lines,
            }
            for (key, day), (amount, lines) in sorted(
                grouped.items(), key=lambda entry: (entry[0][1], entry[0][0])
            )
            if amount > 0
        ]

    def _payment_key(self, customer, day, whole, line):
        """What is received in one go, and when."""
        if customer.segment != "key" or not whole:
            return (customer.key, line.id), day
        pay_day = next((day.replace(day=d) for d in PAYMENT_DAYS if day.day <= d), day)
        return (customer.key, 0), min(pay_day, self._today)

    def _create_payments(self, receipts):
        """Cheques and card payments, as payments of Odoo."""
        payments = self.env["account.payment"].create(
            [
                {
                    "payment_type": "inbound",
                    "partner_type": "customer",
                    "partner_id": receipt["customer"].partner.id,
                    "amount": float(receipt["amount"]),
                    "date": receipt["day"],
                    "journal_id": self.bank.id,
                    "company_id": self.company.id,
                    "memo": f"Chèque {receipt['customer'].name}",
                }
                for receipt in receipts
            ]
        )
        payments.action_post()
        for receipt, payment in zip(receipts, payments, strict=True):
            self.plan.append(receipt["lines"] | self._receivables(payment.move_id))

    def _create_bank_entries(self, receipts):
        """Transfers, as lines of the bank statement put on the customer."""
        lines = self.env["account.bank.statement.line"].create(
            [
                self._prepare_bank_vals(
                    receipt["customer"],
                    receipt["day"],
                    receipt["amount"],
                    f"VIR {receipt['customer'].name} "
                    + " ".join(receipt["lines"].move_id.mapped("name")[:3]),
                )
                for receipt in receipts
            ]
        )
        for receipt, line in zip(receipts, lines, strict=True):
            self.plan.append(receipt["lines"] | self._receivables(line.move_id))

    def _prepare_bank_vals(self, customer, day, amount, label):
        partner = customer.partner.with_company(self.company)
        vals = {
            "journal_id": self.bank.id,
            "date": day,
            "amount": float(amount),
            "partner_id": partner.id,
            "payment_ref": label,
            "counterpart_account_id": partner.property_account_receivable_id.id,
        }
        currency = self._currency(customer)
        if currency != self.company.currency_id:
            vals |= {
                "foreign_currency_id": currency.id,
                "amount_currency": float(amount),
                "amount": currency._convert(
                    float(amount), self.company.currency_id, self.company, day
                ),
            }
        return vals

    def _create_unallocated(self):
        """Receipts that nobody could put on an invoice yet."""
        self.env["account.bank.statement.line"].create(
            [
                self._prepare_bank_vals(
                    customer,
                    self._today - timedelta(days=6 + customer.number % 20),
                    story.share_of(customer.ticket, 35),
                    f"VIR {customer.name} SANS REFERENCE",
                )
                for customer in self.customers
                if "unallocated" in customer.flags
            ]
        )

    def _create_takeover(self):
        """Items taken over from the former software: one entry, many items."""
        for customer in self.customers:
            if "many_items" in customer.flags:
                self._create_many_items(customer, self.world.count(MANY_ITEMS))

    def _create_many_items(self, customer, count):
        rng = self.world.rng("takeover", customer.key)
        partner = customer.partner.with_company(self.company)
        day = self._today - timedelta(days=125)
        lines = []
        for number in range(count):
            due = self._today - timedelta(days=rng.randint(-20, 120))
            lines.append(
                {
                    "account_id": partner.property_account_receivable_id.id,
                    "partner_id": partner.id,
                    "name": f"FA{due:%y%m}-{number + 1:04d}",
                    "debit": rng.randint(4_000, 65_000) / 100,
                    "date_maturity": due,
                    "takeover_kind": "invoice",
                    "takeover_date": min(due - timedelta(days=60), day),
                }
            )
        total = sum(Decimal(str(line["debit"])) for line in lines)
        balance = {
            "account_id": self.company.get_unaffected_earnings_account().id,
            "name": "Reprise des comptes clients",
            "credit": float(total),
        }
        self.env["account.move"].create(
            {
                "move_type": "entry",
                "company_id": self.company.id,
                "journal_id": companies.journal(self.world, self.company, "general").id,
                "date": day,
                "ref": "Reprise de l'ancien logiciel",
                "line_ids": [Command.create(vals) for vals in [*lines, balance]],
            }
        )._post(soft=False)

    # Matching

    def _reconcile(self):
        """Match all in two goes: items in the company's currency, then the others,
        whose exchange differences Odoo looks up one by one."""
        home = self.company.currency_id
        for foreign in (False, True):
            groups = [
                group
                for group in self.plan
                if any(line.currency_id != home for line in group) == foreign
            ]
            if groups:
                self.env["account.move.line"]._reconcile_plan(groups)
