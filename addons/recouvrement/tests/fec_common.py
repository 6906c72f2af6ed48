"""Small invented books, written as a FEC, and verbs to take them over."""

from datetime import timedelta
from decimal import Decimal

from .common import RecouvrementCommon

FIELDS = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum"
    " CompAuxLib PieceRef PieceDate EcritureLib Debit Credit EcritureLet DateLet"
    " ValidDate Montantdevise Idevise"
).split()


class FecBooks:
    """A year of bookkeeping, written entry by entry."""

    def __init__(self, names=None):
        self.rows = []
        self.names = names or {}
        self.number = 0

    def entry(self, journal, day, *legs, ref=None, piece_date=None, label=None):
        """``legs`` are (account, customer, amount, lettering, currency amount)."""
        self.number += 1
        for account, customer, amount, lettering, currency in legs:
            amount = Decimal(str(amount)).quantize(Decimal("0.01"))
            self.rows.append(
                (
                    *journal,
                    str(self.number),
                    f"{day:%Y%m%d}",
                    account,
                    "Clients" if customer else "Compte",
                    customer or "",
                    self.names.get(customer, f"Client {customer}") if customer else "",
                    ref or f"P{self.number}",
                    f"{piece_date or day:%Y%m%d}",
                    label or f"{journal[1]} {ref or self.number}",
                    self._money(max(amount, 0)),
                    self._money(max(-amount, 0)),
                    lettering,
                    "",
                    f"{day:%Y%m%d}",
                    self._money(currency[0]) if currency else "",
                    currency[1] if currency else "",
                )
            )

    @staticmethod
    def _money(amount):
        return f"{Decimal(str(amount)):.2f}".replace(".", ",")

    def _pair(self, journal, day, customer, amount, other, lettering, **extra):
        currency = extra.pop("currency", None)
        account = extra.pop("account", "411000")
        self.entry(
            journal,
            day,
            (account, customer, amount, lettering, currency),
            (other, None, -Decimal(str(amount)), "", None),
            **extra,
        )

    def sale(self, customer, day, amount, lettering="", **extra):
        """An invoice; a credit note when the amount is negative."""
        ventes = ("VE", "Ventes")
        self._pair(ventes, day, customer, amount, "707000", lettering, **extra)

    def payment(self, customer, day, amount, lettering="", **extra):
        """A receipt."""
        bank = ("BQ", "Banque")
        amount = -Decimal(str(amount))
        self._pair(bank, day, customer, amount, "512000", lettering, **extra)

    def opening(self, day, *lines):
        """The opening entry; ``lines`` are (customer, amount, ref, document date)."""
        journal = ("AN", "A nouveaux")
        for customer, amount, ref, piece_date in lines:
            self._pair(
                journal,
                day,
                customer,
                amount,
                "101000",
                "",
                ref=ref,
                piece_date=piece_date,
                label="A nouveaux",
            )
            self.number -= 1
        self.number += 1

    def raw(self, encoding="utf-8", separator="\t"):
        lines = [separator.join(FIELDS), *(separator.join(row) for row in self.rows)]
        return ("\r\n".join(lines) + "\r\n").encode(encoding)


class FecCommon(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.year = cls.today.year - 1
        cls.start = cls.today.replace(year=cls.year, month=1, day=1)
        cls.end = cls.start + timedelta(days=364)

    @classmethod
    def _date(cls, days):
        """A day of the year of the books."""
        return cls.start + timedelta(days=days)

    @classmethod
    def _attach(cls, content, name="123456789FEC.txt"):
        raw = content.raw() if isinstance(content, FecBooks) else content
        return cls.env["ir.attachment"].create({"name": name, "raw": raw})

    @classmethod
    def _read(cls, *contents, **vals):
        """A takeover whose files are read."""
        files = cls.env["ir.attachment"]
        for number, content in enumerate(contents):
            files |= cls._attach(content, vals.pop("file_name", f"FEC{number}.txt"))
        takeover = cls.env["recouvrement.fec.import"].create(
            {"company_id": cls.company.id, "attachment_ids": files.ids, **vals}
        )
        takeover.action_analyse()
        takeover._process_all()
        return takeover

    @classmethod
    def _load(cls, *contents, **vals):
        """A takeover read, loaded and proven."""
        takeover = cls._read(*contents, **vals)
        takeover.action_load()
        takeover._process_all()
        return takeover

    @classmethod
    def _taken(cls, takeover):
        """Its receivable journal items, in the order of the file."""
        return cls._items(takeover.move_ids).sorted("id")

    @classmethod
    def _partner(cls, ref):
        return (
            cls.env["res.partner"]
            .with_context(active_test=False)
            .search([("ref", "=", ref)])
        )

    def _books(self):
        """Three customers: one owes two invoices, one has paid, one is in credit."""
        books = FecBooks({"C1": "Alpha", "C2": "Bêta", "C3": "Gamma"})
        books.sale("C1", self._date(10), "1200.00", ref="FA1")
        books.sale("C1", self._date(40), "600.50", ref="FA2")
        books.sale("C2", self._date(15), "300.00", "AA", ref="FA3")
        books.payment("C2", self._date(60), "300.00", "AA", ref="VIR1")
        books.payment("C3", self._date(70), "99.99", ref="VIR2")
        return books

    def assertProven(self, takeover):
        self.assertEqual(takeover.state, "loaded", takeover.error)
        self.assertTrue(takeover.is_proven)
        self.assertEqual(takeover.posted_balance, takeover.balance)
