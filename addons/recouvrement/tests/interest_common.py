"""A euro company under French law and fixed days, for tests of late interest.

Rates of 2026: ECB 2.15 then 2.40 from July, legal interest (professionals) 2.62 then
2.75. All the expected amounts are computed by hand in the comments.
"""

from datetime import date

from .common import RecouvrementCommon

DUE = date(2026, 1, 31)
UNTIL = date(2026, 3, 31)


class InterestCommon(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.env.ref("base.EUR")
        cls.euro.active = True
        cls.company.write(
            {
                "currency_id": cls.euro.id,
                "account_fiscal_country_id": cls.env.ref("base.fr").id,
            }
        )
        cls.feed = cls.env["recouvrement.interest"]
        cls.customer = cls._make_customer()

    @classmethod
    def _regime(cls, name):
        return cls.env.ref(f"recouvrement.regime_{name}")

    @classmethod
    def _impose(cls, partner, name):
        """Put a customer, before its first invoice, under a legal regime."""
        debtor = cls._make_account(partner)
        debtor.forced_regime_id = cls._regime(name)
        cls.env["recouvrement.debtor"]._process_dirty()
        return debtor

    @classmethod
    def _make_account(cls, partner, company=None):
        """An empty debtor account, as the first invoice would open it."""
        company = company or cls.company
        debtors = cls.env["recouvrement.debtor"].sudo()
        values = {"partner_id": partner.id, "company_id": company.id}
        return debtors.create(values).sudo(False)

    @classmethod
    def _interest(cls, moves, until=UNTIL):
        """``ItemInterest`` of the items of entries; one when there is one."""
        found = list(cls.feed._get_items(cls._items(moves).ids, until=until).values())
        return found[0] if len(found) == 1 else found

    @classmethod
    def _credit(cls, move, amount, day):
        """A credit note of a day, matched with an invoice."""
        note = cls._make_credit_note(
            move.partner_id, amount, invoice_date=day, invoice_date_due=day
        )
        (cls._items(move) | cls._items(note)).reconcile()
        return note

    def assertAmounts(self, item, interest, indemnity=40, error=""):
        self.assertEqual(
            (str(item.due), float(item.indemnity_due), item.error),
            (interest, indemnity, error),
        )

    def assertSegments(self, item, *expected):
        """Segments as ``(first, last, days, rate, base, amount)``, days as text."""
        self.assertEqual(
            [
                (
                    str(s.first),
                    str(s.last),
                    s.days,
                    float(s.rate),
                    float(s.base),
                    str(s.amount),
                )
                for s in item.accrual.segments
            ],
            list(expected),
        )
