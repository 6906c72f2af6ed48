"""A FEC as accounting packages write it: the same books in several dialects.

French law (LPF art. A47 A-1) gives 18 columns; what stands in between varies.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from zlib import crc32

COLUMNS = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum"
    " CompAuxLib PieceRef PieceDate EcritureLib Debit Credit EcritureLet DateLet"
    " ValidDate Montantdevise Idevise"
).split()
JOURNALS = {"VE": "Ventes", "BQ": "Banque", "AN": "À nouveaux"}
VAT = Decimal("1.2")
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Dialect:
    """How a package writes: separator, encoding, amounts, order of its columns.

    :ivar signed: ``Montant`` and ``Sens`` instead of ``Debit`` and ``Credit``
    """

    name: str
    separator: str = "\t"
    encoding: str = "utf-8"
    decimal: str = ","
    signed: bool = False
    end: str = "\r\n"

    def header(self):
        names = list(COLUMNS)
        if self.signed:
            names[11:13] = ["Montant", "Sens"]
        return names

    def amounts(self, amount):
        text = f"{abs(amount):.2f}".replace(".", self.decimal)
        if self.signed:
            return [text, "D" if amount >= 0 else "C"]
        nothing = f"0{self.decimal}00"
        return [text, nothing] if amount >= 0 else [nothing, text]


DIALECTS = (
    Dialect("onglets-utf8"),
    Dialect("barres-cp1252", "|", "cp1252"),
    Dialect("montant-sens-latin9", ";", "iso-8859-15", ".", signed=True, end="\n"),
    Dialect("onglets-bom", encoding="utf-8-sig", decimal="."),
)


@dataclass
class Books:
    """A year of sales and receipts; amounts of customers are debit - credit."""

    year: int
    lines: list = field(default_factory=list)
    balances: dict = field(default_factory=dict)
    _number: int = 0

    def opening(self, name, amount):
        """What a customer owed when the year began."""
        self._entry(
            "AN",
            date(self.year, 1, 1),
            "Solde au 1er janvier",
            [self._customer(name, amount), ("890000", "Bilan d'ouverture", -amount)],
        )

    def invoice(self, name, day, amount, lettering=""):
        """An invoice with 20 % of VAT; a negative amount is a credit note."""
        net = (amount / VAT).quantize(CENT)
        self._entry(
            "VE",
            day,
            f"{'Facture' if amount > 0 else 'Avoir'} à {name}",
            [
                self._customer(name, amount, lettering),
                ("706000", "Prestations", -net),
                ("445710", "TVA collectée", net - amount),
            ],
        )

    def receipt(self, name, day, amount, lettering=""):
        """A transfer received."""
        self._entry(
            "BQ",
            day,
            f"Virement reçu de {name}",
            [
                self._customer(name, -amount, lettering),
                ("512000", "Banque Crédit d'ici", amount),
            ],
        )

    @property
    def balance(self):
        """Balance of class 411."""
        return sum(self.balances.values(), Decimal(0))

    def write(self, dialect):
        """The file's content."""
        rows = [dialect.header()]
        rows += [self._row(line, dialect) for line in self.lines]
        lines = [dialect.separator.join(row) for row in rows]
        return (dialect.end.join(lines) + dialect.end).encode(dialect.encoding)

    def _customer(self, name, amount, lettering=""):
        known = self.balances.setdefault(name, Decimal(0))
        self.balances[name] = known + amount
        return ("411000", "Clients", amount, name, lettering)

    def _entry(self, journal, day, label, legs):
        self._number += 1
        for account, account_label, amount, *customer in legs:
            name, lettering = customer or ("", "")
            self.lines.append(
                (journal, day, label, self._number, account, account_label, amount)
                + (name, lettering)
            )

    def _row(self, line, dialect):
        journal, day, label, number, account, account_label, amount, *customer = line
        name, lettering = customer
        return [
            journal,
            JOURNALS[journal],
            str(number),
            f"{day:%Y%m%d}",
            account,
            account_label,
            f"{crc32(name.encode()):08X}" if name else "",
            name,
            f"{journal}{number:04d}",
            f"{day:%Y%m%d}",
            label,
            *dialect.amounts(amount),
            lettering,
            f"{day:%Y%m%d}" if lettering else "",
            f"{day:%Y%m%d}",
            "",
            "",
        ]


def a_year(prefix, year):
    """Books with what is open, paid, paid in part, credited and carried forward.

    :param prefix: makes the customers' names different from those of other books
    """
    books = Books(year)
    start = date(year, 1, 10)
    hotel, garage, mairie = (
        f"{prefix} {name}"
        for name in ("Hôtel Bélézy", "Garage Noël", "Mairie d'Œuilly")
    )
    books.opening(garage, Decimal("418.27"))
    books.invoice(hotel, start, Decimal("1234.56"), "AA")
    books.receipt(hotel, start + timedelta(days=40), Decimal("1234.56"), "AA")
    books.invoice(hotel, start + timedelta(days=180), Decimal("2400.00"))
    books.receipt(hotel, start + timedelta(days=230), Decimal("899.99"))
    books.invoice(garage, start + timedelta(days=60), Decimal("777.77"))
    books.invoice(garage, start + timedelta(days=75), Decimal("-120.00"))
    books.invoice(mairie, start + timedelta(days=300), Decimal("15600.40"))
    return books
