"""How a file is written: container, encoding, separator, columns.

LPF art. A47 A-1, VI to XII: first line = names of the fields, tab or ``|``, ASCII,
ISO 8859-15 or UTF-8. Real files also use ``;``, CP1252, other cases and names.
"""

import codecs
import csv
import functools
import hashlib
import io
import unicodedata
from dataclasses import dataclass
from typing import BinaryIO

from .issues import FecError
from .model import FecSource
from .values import clean

CHUNK = 1 << 20
MAX_LINE = 65_536

_SIGNATURES: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\3\4", "archive", "a zip archive"),
    (b"PK\5\6", "archive", "an empty zip archive"),
    (b"\x1f\x8b", "archive", "a gzip archive"),
    (b"7z\xbc\xaf", "archive", "a 7-Zip archive"),
    (b"Rar!", "archive", "a RAR archive"),
    (b"\xd0\xcf\x11\xe0", "not_text", "an Office document (.xls, .doc)"),
    (b"%PDF", "not_text", "a PDF document"),
    (b"\x89PNG", "not_text", "a picture (PNG)"),
    (b"\xff\xd8\xff", "not_text", "a picture (JPEG)"),
    (b"GIF8", "not_text", "a picture (GIF)"),
    (b"II*\0", "not_text", "a picture (TIFF)"),
    (b"MM\0*", "not_text", "a picture (TIFF)"),
    (b"RIFF", "not_text", "a picture or a sound (RIFF)"),
    (b"{\\rtf", "not_text", "an RTF document"),
    (b"SQLite format", "not_text", "a database (SQLite)"),
)
_NOT_C1 = bytes(byte for byte in range(256) if not 0x80 <= byte < 0xA0)
_OFFICE_PARTS = (b"[Content_Types].xml", b"xl/", b"word/", b"_rels/", b"mimetype")
_WIDE_BOMS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

SEPARATORS = ("\t", "|", ";", ",")

_NAMES: dict[str, tuple[str, ...]] = {
    "journal": ("JournalCode", "CodeJournal", "Journal"),
    "journal_label": ("JournalLib", "JournalLibelle", "LibelleJournal"),
    "number": ("EcritureNum", "NumEcriture", "EcritureNumero"),
    "date": ("EcritureDate", "DateEcriture", "Date"),
    "account": ("CompteNum", "CompteNumero", "NumCompte", "NumeroCompte", "Compte"),
    "account_label": ("CompteLib", "CompteLibelle", "LibelleCompte"),
    "aux": ("CompAuxNum", "CompteAuxNum", "CompAuxNumero", "CompteAuxiliaireNum"),
    "aux_label": ("CompAuxLib", "CompteAuxLib", "CompAuxLibelle"),
    "ref": ("PieceRef", "PieceReference", "RefPiece", "Piece"),
    "piece_date": ("PieceDate", "DatePiece"),
    "label": ("EcritureLib", "EcritureLibelle", "LibelleEcriture", "Libelle"),
    "debit": ("Debit", "MontantDebit"),
    "credit": ("Credit", "MontantCredit"),
    "amount": ("Montant",),
    "side": ("Sens", "SensEcriture"),
    "lettering": ("EcritureLet", "EcritureLettrage", "Lettrage", "CodeLettrage"),
    "lettering_date": ("DateLet", "DateLettrage", "LettrageDate"),
    "validated": ("ValidDate", "DateValid", "DateValidation", "ValidationDate"),
    "currency_amount": ("MontantDevise", "DeviseMontant"),
    "currency": ("IDevise", "IdDevise", "Devise", "DeviseId"),
    "cash_date": ("DateRglt", "DateReglement"),
    "cash_mode": ("ModeRglt", "ModeReglement"),
    "cash_nature": ("NatOp", "NatureOperation"),
    "cash_customer": ("IdClient",),
}


@functools.lru_cache(maxsize=1024)
def fold(name: str) -> str:
    """Case, accents, spaces and punctuation do not tell two field names apart."""
    plain = unicodedata.normalize("NFKD", clean(name).casefold())
    return "".join(char for char in plain if char.isalnum())


ALIASES = {fold(alias): field for field, all_ in _NAMES.items() for alias in all_}
OFFICIAL = {field: names[0] for field, names in _NAMES.items()}
OFFICIAL_FOLDED = {fold(name): field for field, name in OFFICIAL.items()}


@dataclass(frozen=True, slots=True)
class Container:
    """Physical facts found by one scan of the bytes."""

    size: int
    digest: str
    encoding: str
    is_xml: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each known field stands in a row.

    :param width: number of fields of the first line, empty names included.
    :param named: the same without the empty names at its end.
    """

    separator: str
    quoted: bool
    index: dict[str, int]
    width: int
    named: int

    def split(self, text: str) -> list[str]:
        """:raises csv.Error: when a quoted row cannot be read."""
        if self.quoted:
            return next(csv.reader([text], delimiter=self.separator), [])
        return text.split(self.separator)


def scan(source: FecSource, max_bytes: int) -> Container:
    """Read all bytes once: what it is, which encoding, which content.

    UTF-8 when every byte agrees; else CP1252 when bytes that ISO 8859-15 keeps for
    control codes are used; else ISO 8859-15, which accepts anything.

    :raises FecError: empty, too big, archive, picture, document, binary.
    """
    size = source.size()
    if size > max_bytes:
        raise FecError("too_big", source.name, size=size, limit=max_bytes)
    with source.open() as stream:
        head = stream.read(CHUNK)
        _refuse_foreign(head, source.name)
        encoding, digest = _scan_bytes(head, stream)
    return Container(size, digest, encoding, _is_xml(head, encoding))


def _refuse_foreign(head: bytes, name: str):
    if not head.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise FecError("empty", name)
    for signature, code, found in _SIGNATURES:
        if head.startswith(signature):
            if code == "archive" and any(part in head for part in _OFFICE_PARTS):
                code, found = "not_text", "an Office document (.xlsx, .docx, .ods)"
            raise FecError(code, name, found=found)
    if head.lstrip()[:9].lower().startswith((b"<!doctype", b"<html")):
        raise FecError("not_text", name, found="a web page (HTML)")


def _scan_bytes(head: bytes, stream: BinaryIO) -> tuple[str, str]:
    wide = next((name for bom, name in _WIDE_BOMS if head.startswith(bom)), None)
    utf8 = codecs.getincrementaldecoder("utf-8")()
    valid, controls, digest, chunk = True, False, hashlib.sha256(), head
    while chunk:
        digest.update(chunk)
        if valid:
            valid = _feed(utf8, chunk)
        controls = controls or bool(chunk.translate(None, _NOT_C1))
        chunk = stream.read(CHUNK)
    valid = valid and _feed(utf8, b"", final=True)
    legacy = "cp1252" if controls else "iso8859-15"
    return wide or ("utf-8-sig" if valid else legacy), digest.hexdigest()


def _feed(decoder: codecs.IncrementalDecoder, chunk: bytes, final=False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _is_xml(head: bytes, encoding: str) -> bool:
    start = head[:400].decode(encoding, "replace").lstrip("\ufeff \t\r\n")
    return start.startswith("<")


def open_text(source: FecSource, container: Container) -> io.TextIOWrapper:
    """Decoded lines, whatever ends them (CR and/or LF, LPF art. A47 A-1, VI)."""
    return io.TextIOWrapper(
        source.open(), container.encoding, errors="replace", newline=None
    )


def read_header(text: str, name: str, line_no: int = 1) -> Columns:
    """Find the separator and the columns in the line of field names.

    :raises FecError: no_header, missing_columns, duplicate_column, binary.
    """
    if "\0" in text:
        raise FecError("binary", name, line_no)
    quoted = text.lstrip().startswith('"')
    layouts = [_layout(text, separator, quoted) for separator in SEPARATORS]
    columns, names = max(layouts, key=lambda layout: len(layout[0].index))
    if len(columns.index) < 3:
        raise FecError("no_header", name, line_no, start=_printable(text[:60]))
    _refuse_duplicates(names, name, line_no)
    missing = _missing(columns.index)
    if missing:
        raise FecError("missing_columns", name, line_no, columns=", ".join(missing))
    return columns


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text.strip())


def _layout(text: str, separator: str, quoted: bool) -> tuple[Columns, list[str]]:
    """Columns under a separator; official names win over other names."""
    names = Columns(separator, quoted, {}, 0, 0).split(text)
    folded = [fold(name) for name in names]
    index = {OFFICIAL_FOLDED[name]: at for at, name in _known(folded, OFFICIAL_FOLDED)}
    for at, name in _known(folded, ALIASES):
        index.setdefault(ALIASES[name], at)
    named = len(names)
    while named and not names[named - 1].strip():
        named -= 1
    return Columns(separator, quoted, index, len(names), named), folded


def _known(folded: list[str], table: dict[str, str]) -> list[tuple[int, str]]:
    return [(at, name) for at, name in enumerate(folded) if name in table]


def _refuse_duplicates(folded: list[str], name: str, line_no: int):
    for column in folded:
        if column in ALIASES and folded.count(column) > 1:
            official = OFFICIAL[ALIASES[column]]
            raise FecError("duplicate_column", name, line_no, column=official)


def _missing(index: dict[str, int]) -> list[str]:
    wanted = ["date", "account"]
    wanted += ["amount", "side"] if "amount" in index else ["debit", "credit"]
    if "debit" in index and "credit" in index:
        wanted = wanted[:2]
    return [OFFICIAL[field] for field in wanted if field not in index]
