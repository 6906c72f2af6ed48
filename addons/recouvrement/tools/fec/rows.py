"""Turn the fields of a row into a ``FecLine``, or refuse the row."""

import re
from datetime import date

from .dialect import Columns
from .issues import Notes, RowRefused
from .model import FecLine
from .values import parse_amount, parse_date, parse_side

_AMOUNT = re.compile(r"[+-]?\d+(?:[.,]\d+)?$", re.ASCII)
_CACHE_LIMIT = 10_000
_NORMAL_IN_XML = frozenset({"amount_format", "date_format"})


class RowParser:
    """Turn the fields of a row into a ``FecLine``, or refuse it."""

    def __init__(self, columns: Columns, notes: Notes, is_xml: bool = False):
        self._columns = columns
        self._notes = notes
        self._quiet = _NORMAL_IN_XML if is_xml else frozenset()
        self._line_no = 0
        self._dates: dict[str, date | None] = {}
        place = columns.index
        self._text_at = tuple(
            place.get(field, -1)
            for field in (
                "journal",
                "journal_label",
                "number",
                "account",
                "account_label",
                "aux",
                "aux_label",
                "ref",
                "label",
                "lettering",
                "currency",
            )
        )
        self._date_at = place["date"]
        self._piece_date_at = place.get("piece_date", -1)
        self._currency_amount_at = place.get("currency_amount", -1)
        self._debit_at = place.get("debit", -1)
        self._credit_at = place.get("credit", -1)
        self._amount_at = place.get("amount", -1)
        self._side_at = place.get("side", -1)
        self._by_side = not ("debit" in place and "credit" in place)

    def parse(self, line_no: int, fields: list[str]) -> FecLine:
        """:raises RowRefused: with the reason."""
        self._line_no = line_no
        rebuilt = False
        if len(fields) != self._columns.width:
            fields, rebuilt = self._fit(fields)
        fields.append("")  # what an absent column (index -1) reads
        line = self._line(fields)
        if rebuilt:
            self._check_rebuilt(line, len(fields) - 1)
        return line

    def _line(self, fields: list[str]) -> FecLine:
        (
            journal,
            journal_label,
            number,
            account,
            account_label,
            aux,
            aux_label,
            ref,
            label,
            lettering,
            currency,
        ) = [fields[place] for place in self._text_at]
        if not (account[:3].isdigit() and account[:3].isascii() and len(account) > 2):
            raise RowRefused("bad_account", value=account[:40])
        day = self._date(fields[self._date_at], "EcritureDate")
        if day is None:
            raise RowRefused("no_date", field="EcritureDate")
        return FecLine(
            self._line_no,
            journal,
            journal_label,
            number,
            day,
            account,
            account_label,
            aux,
            aux_label,
            ref,
            self._piece_date(fields[self._piece_date_at]),
            label,
            self._amount(fields),
            lettering,
            self._currency_amount(fields[self._currency_amount_at]),
            currency,
        )

    def _amount(self, fields: list[str]):
        note = self._note
        if self._by_side:
            amount = parse_amount(fields[self._amount_at], "Montant", note)
            return amount * parse_side(fields[self._side_at]) if amount else amount
        return parse_amount(fields[self._debit_at], "Debit", note) - parse_amount(
            fields[self._credit_at], "Credit", note
        )

    def _currency_amount(self, text: str):
        if not text:
            return None
        try:
            return parse_amount(text, "Montantdevise")
        except RowRefused:
            return None

    def _date(self, text: str, field: str) -> date | None:
        if text in self._dates:
            return self._dates[text]
        noted = []
        day = parse_date(text, field, lambda *note: noted.append(note))
        for code, value in noted:
            self._note(code, value)
        if not noted and len(self._dates) < _CACHE_LIMIT:
            self._dates[text] = day
        return day

    def _piece_date(self, text: str) -> date | None:
        try:
            return self._date(text, "PieceDate")
        except RowRefused:
            self._note("piece_date_invalid", text[:40])
            return None

    def _note(self, code: str, value: str):
        if code not in self._quiet:
            self._notes.add(code, self._line_no, value)

    # -- rows of another width ------------------------------------------------

    def _fit(self, fields: list[str]) -> tuple[list[str], bool]:
        """Drop empty fields at the end, or put back a separator of EcritureLib.

        The reading that makes more sense is taken; a tie refuses the row.
        """
        width, named = self._columns.width, self._columns.named
        if named <= len(fields) < width:
            return fields + [""] * (width - len(fields)), False
        if len(fields) < width:
            raise self._wrong_count(len(fields))
        dropped = fields[:width] if not any(fields[width:]) else None
        joined = self._joined(fields)
        sense = self._sense(dropped), self._sense(joined)
        if sense[0] == sense[1]:
            raise self._wrong_count(len(fields))
        return (joined, True) if sense[1] > sense[0] else (dropped, False)

    def _joined(self, fields: list[str]) -> list[str] | None:
        """Fields up to PieceDate counted from the left, the rest from the right."""
        place = self._columns.index.get("label")
        if place is None or "piece_date" not in self._columns.index:
            return None
        end = len(fields) - (self._columns.width - place - 1)
        label = self._columns.separator.join(fields[place:end])
        return [*fields[:place], label, *fields[end:]]

    def _sense(self, fields: list[str] | None) -> int:
        """0 when a typed field does not hold its type; more when all are filled."""
        if fields is None:
            return 0
        values = {name: fields[at] for name, at in self._columns.index.items()}
        try:
            amounts = self._check_types(values)
        except RowRefused:
            return 0
        label = values.get("label", "")
        if not all(amounts) and (
            label[-1:] == self._columns.separator or (_AMOUNT.search(label))
        ):
            return 0  # an amount, or its blank, slipped into the label
        return 1 + 4 * bool(values.get("validated")) + 2 * all(amounts)

    def _check_types(self, values: dict[str, str]) -> list[str]:
        """Return the amounts as written, exactly one of them not zero.

        :raises RowRefused: when a field does not hold its type.
        """
        for name in ("date", "piece_date", "lettering_date", "validated"):
            parse_date(values.get(name, ""))
        parse_amount(values.get("currency_amount", ""))
        if self._by_side:
            parse_side(values["side"])
            amounts = [values["amount"]]
        else:
            amounts = [values["debit"], values["credit"]]
        misplaced = (
            sum(map(bool, map(parse_amount, amounts))) != 1
            or any(map(str.isdigit, values.get("currency", "")))
            or _AMOUNT.fullmatch(values.get("lettering", ""))
        )
        if misplaced:
            raise RowRefused("field_count")
        return amounts

    def _check_rebuilt(self, line: FecLine, width: int):
        """A separator that strayed elsewhere shows in the dates or the label."""
        first = line.label.split(self._columns.separator, 1)[0]
        if line.piece_date is None or _is_date(first):
            raise self._wrong_count(width + line.label.count(self._columns.separator))
        self._note("row_rebuilt", "")

    def _wrong_count(self, found: int) -> RowRefused:
        return RowRefused("field_count", found=found, expected=self._columns.named)


def _is_date(text: str) -> bool:
    try:
        return parse_date(text) is not None
    except RowRefused:
        return False
