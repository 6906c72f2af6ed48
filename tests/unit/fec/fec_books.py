"""Invented books, written in every dialect met in real files. Deterministic."""

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from recouvrement.tools.fec import FecSource, Options, analyse

NAMES_18 = (
    "JournalCode JournalLib EcritureNum EcritureDate CompteNum CompteLib CompAuxNum"
    " CompAuxLib PieceRef PieceDate EcritureLib Debit Credit EcritureLet DateLet"
    " ValidDate Montantdevise Idevise"
).split()
CASH_NAMES = "DateRglt ModeRglt NatOp IdClient".split()
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Row:
    """One line as its author means it; ``amount`` is debit - credit."""

    journal: str
    journal_label: str
    number: str
    date: date
    account: str
    account_label: str
    aux: str
    aux_label: str
    ref: str
    piece_date: date | None
    label: str
    amount: Decimal
    lettering: str = ""


@dataclass(frozen=True)
class Dialect:
    """How to write rows."""

    separator: str = "\t"
    encoding: str = "utf-8"
    eol: str = "\r\n"
    sides: str = "debit_credit"
    decimal: str = ","
    columns: int = 18

    def header(self) -> list[str]:
        names = list(NAMES_18)
        if self.sides != "debit_credit":
            names[11:13] = ["Montant", "Sens"]
        return names + self._tail(CASH_NAMES)

    def _tail(self, cash: list[str]) -> list[str]:
        return {18: [], 19: [""], 21: cash[:3], 22: cash}[self.columns]

    def fields(self, row: Row) -> list[str]:
        return [
            row.journal,
            row.journal_label,
            row.number,
            f"{row.date:%Y%m%d}",
            row.account,
            row.account_label,
            row.aux,
            row.aux_label,
            row.ref,
            f"{row.piece_date:%Y%m%d}" if row.piece_date else "",
            row.label,
            *self.amounts(row.amount),
            row.lettering,
            "",
            f"{row.date:%Y%m%d}",
            "",
            "",
            *self._tail(["", "", "", ""]),
        ]

    def amounts(self, amount: Decimal) -> tuple[str, str]:
        text = str(abs(amount)).replace(".", self.decimal)
        zero = f"0{self.decimal}00"
        if self.sides == "debit_credit":
            return (text, zero) if amount >= 0 else (zero, text)
        plus, minus = ("D", "C") if self.sides == "letters" else ("+1", "-1")
        return text, plus if amount >= 0 else minus

    def write(self, rows: list[Row]) -> bytes:
        lines = [self.separator.join(self.header())]
        lines += [self.separator.join(self.fields(row)) for row in rows]
        return (self.eol.join(lines) + self.eol).encode(self.encoding)


@dataclass
class Books:
    """A year of bookkeeping, built entry by entry."""

    rows: list[Row] = field(default_factory=list)
    number: int = 0
    seed: int = 1

    def entry(self, journal: str, label: str, day: date, *legs):
        """``legs`` are (account, account label, aux, name, amount, extras)."""
        self.number += 1
        for account, account_label, aux, name, amount, extra in legs:
            row = Row(
                journal=journal,
                journal_label=label,
                number=str(self.number),
                date=day,
                account=account,
                account_label=account_label,
                aux=aux,
                aux_label=name,
                ref=extra.get("ref", f"P{self.number}"),
                piece_date=extra.get("piece_date", day),
                label=extra.get("label", f"{label} {name}".strip()),
                amount=Decimal(amount).quantize(CENT),
                lettering=extra.get("lettering", ""),
            )
            self.rows.append(row)

    def _client(self, who: str, amount, extra: dict) -> tuple:
        return "411000", "Clients", who, f"Client {who}" if who else "", amount, extra

    def sale(self, who: str, day: date, amount, **extra):
        """An invoice, or a credit note when the amount is negative."""
        gross = Decimal(str(amount)).quantize(CENT)
        net = (gross / Decimal("1.2")).quantize(CENT)
        self.entry(
            "VE",
            "Ventes",
            day,
            self._client(who, gross, extra),
            ("707000", "Ventes", "", "", -net, extra | {"lettering": ""}),
            ("445710", "TVA", "", "", net - gross, extra | {"lettering": ""}),
        )

    def payment(self, who: str, day: date, amount, **extra):
        """A receipt, or a returned payment when the amount is negative."""
        cash = Decimal(str(amount))
        self.entry(
            "BQ",
            "Banque",
            day,
            self._client(who, -cash, extra),
            ("512000", "Banque", "", "", cash, extra | {"lettering": ""}),
        )

    def opening(self, day: date, *lines, code="AN", label="A nouveaux"):
        """``lines`` are (customer, amount, extras)."""
        legs = [
            self._client(who, Decimal(str(amount)), extra)
            for who, amount, extra in lines
        ]
        total = sum(leg[4] for leg in legs)
        legs.append(("101000", "Capital", "", "", -total - 500, {}))
        legs.append(("512000", "Banque", "", "", 500, {}))
        self.entry(code, label, day, *legs)

    def source(self, name="books.txt", **dialect) -> FecSource:
        return FecSource(name, data=Dialect(**dialect).write(self.rows))


def lived_in_books(seed: int = 7, year: int = 2024, customers: int = 9) -> Books:
    """A year with openings, sales, credit notes and payments of every manner."""
    rng = random.Random(seed)
    books = Books()
    first = date(year, 1, 1)
    names = [f"C{number:03}" for number in range(customers)]
    books.opening(first, *((who, rng.randint(-50, 900), {}) for who in names[:4]))
    for step in range(customers * 12):
        who = rng.choice(names)
        day = first + timedelta(days=step * 340 // (customers * 12))
        amount = Decimal(rng.randint(100, 999_999)) / 100
        code = f"A{step}" if rng.random() < 0.4 else ""
        books.sale(who, day, amount, lettering=code, label="Prestation d'été à Nîmes")
        later = day + timedelta(days=rng.randint(0, 20))
        if code or rng.random() < 0.5:
            books.payment(who, later, amount, lettering=code)
        elif rng.random() < 0.3:
            books.sale(who, later, -amount / 2)
        elif rng.random() < 0.5:
            books.payment(who, later, (amount / 3).quantize(CENT))
    return books


def balance_411(rows: list[Row]) -> Decimal:
    """The truth, summed from what was meant and not from a file."""
    return sum(
        (row.amount for row in rows if row.account.startswith("411")), Decimal(0)
    )


def run(*sources: FecSource, **options):
    return analyse(list(sources), Options(**options))


def codes(analysis) -> set[str]:
    return {issue.code for issue in analysis.report.doubtful}


def text_source(*lines: str, name="hand.txt", encoding="utf-8") -> FecSource:
    """A file written by hand, one string a line."""
    return FecSource(name, data="\n".join(lines).encode(encoding))


def shifted(row: Row, days: int) -> Row:
    return replace(row, date=row.date + timedelta(days=days))
