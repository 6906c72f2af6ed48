"""Companies and establishments that ceased, read from the open data of the Sirene
directory (``StockUniteLegale``, ``StockEtablissement``, or an extract of them).

The file has millions of lines and comes from outside: it is read line by line, in a
memory that does not grow with it, and only what is asked for is kept. Its size, what
its archive unpacks to, its lines and its rows are bounded. No Odoo here.
"""

import csv
import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from datetime import date

from .agreement import plain

MEGABYTE = 1024 * 1024
FILE_MAX = 128 * MEGABYTE
UNPACKED_MAX = 12 * 1024 * MEGABYTE
LINE_MAX = 32 * 1024
ROW_LINES_MAX = 20  # lines of a row whose quoted cells hold line ends
ROWS_MAX = 60_000_000
MEMBERS_MAX = 20
NAME_MAX = 200
NOT_TOLD = "[ND]"  # what the directory writes for who does not want to be named
ZIP_ERRORS = (
    EOFError,
    NotImplementedError,
    RuntimeError,
    zipfile.BadZipFile,
    zlib.error,
)
STATES = {"A": False, "C": True, "F": True}
# Column of the number and of the state, by kind of file.
KINDS = {
    "establishment": ("siret", "etatadministratifetablissement"),
    "company": ("siren", "etatadministratifunitelegale"),
}
LEGAL_FORMS = set(
    "sa sas sasu sarl eurl sci snc scop ste societe ets etablissements entreprise "
    "cie compagnie et".split()
)


class SireneError(ValueError):
    """The file as a whole is not taken.

    :param str code: ``empty``, ``size``, ``archive``, ``unpacked``, ``encoding``,
        ``columns``, ``line`` or ``rows``.
    :param str detail: what was found, or the bound.
    """

    def __init__(self, code, detail=""):
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Fact:
    """What the directory says of one number.

    :ivar number: SIREN of a company, SIRET of an establishment.
    :ivar ceased: whether it ceased (company) or closed (establishment).
    :ivar since: first day of what it says, None when it is not told.
    """

    number: str
    ceased: bool
    since: date | None
    name: str


@dataclass(frozen=True)
class Extract:
    """What a file held: its kind (of ``KINDS``), the facts by number, the rows read
    and those that could not be."""

    kind: str
    facts: dict
    rows: int
    refused: int


def read(stream, wanted):
    """Read an extract, CSV or an archive that holds one.

    :param stream: binary file that can be read again from its start.
    :param wanted: numbers looked for, SIREN and SIRET.
    :return: an :class:`Extract`.
    :raise SireneError: when the file as a whole is not taken.
    """
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if size > FILE_MAX:
        raise SireneError("size", str(FILE_MAX // MEGABYTE))
    is_archive = stream.read(4) == b"PK\x03\x04"
    stream.seek(0)
    if not is_archive:
        return _read_csv(stream, wanted)
    try:
        with _open_archive(stream) as member:
            return _read_csv(io.BufferedReader(member, MEGABYTE), wanted)
    except ZIP_ERRORS as error:
        raise SireneError("archive") from error


def same_name(ours, theirs):
    """Whether two names are those of one company: one has the words of the other,
    legal forms apart."""
    one, other = (_words(name) for name in (ours, theirs))
    return one <= other or other <= one


def _words(name):
    words = set(plain(re.sub(r"(?<=\b\w)\.(?=\w\b)", "", name)).split())
    return words - LEGAL_FORMS or words


def _open_archive(stream):
    """The only CSV of an archive; nothing is written to disk."""
    entries = sum(
        block.count(b"PK\x01\x02") for block in iter(lambda: stream.read(MEGABYTE), b"")
    )
    if entries > MEMBERS_MAX:
        raise SireneError("archive")
    archive = zipfile.ZipFile(stream)
    found = [
        member
        for member in archive.infolist()
        if member.filename.lower().endswith(".csv")
    ]
    if len(found) != 1 or found[0].flag_bits & 1:
        raise SireneError("archive")
    return archive.open(found[0])


def _lines(stream, pending):
    """The lines as text, each and all of them bounded.

    :param pending: list of one number: lines read since the caller had a row, so that
        a quote that nobody closes does not gather the whole file in one cell.
    """
    total = 0
    while line := stream.readline(LINE_MAX):
        total += len(line)
        pending[0] += 1
        if pending[0] > ROW_LINES_MAX:
            raise SireneError("line")
        if total > UNPACKED_MAX:
            raise SireneError("unpacked", str(UNPACKED_MAX // MEGABYTE))
        if len(line) == LINE_MAX and not line.endswith(b"\n"):
            raise SireneError("line")
        if b"\0" in line:
            raise SireneError("encoding")
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise SireneError("encoding") from error


def _read_csv(stream, wanted):
    pending = [0]
    lines = _lines(stream, pending)
    head = next(lines, "").removeprefix("\ufeff")
    if not head.strip():
        raise SireneError("empty")
    separator = ";" if head.count(";") > head.count(",") else ","
    header = [
        name.strip().lower() for name in next(csv.reader([head], delimiter=separator))
    ]
    kind = _get_kind(header)
    rows = csv.reader(lines, delimiter=separator)
    return _read_rows(kind, header, rows, wanted, pending)


def _get_kind(header):
    for kind, columns in KINDS.items():
        if set(columns) <= set(header):
            return kind
    raise SireneError(
        "columns", " / ".join(", ".join(columns) for columns in KINDS.values())
    )


def _read_rows(kind, header, rows, wanted, pending):
    place = header.index(KINDS[kind][0])
    facts, count, refused = {}, 0, 0
    try:
        for row in rows:
            count += 1
            pending[0] = 0
            if count > ROWS_MAX:
                raise SireneError("rows", str(ROWS_MAX))
            if len(row) != len(header):
                refused += bool(row)
            elif row[place] in wanted:
                fact = _make_fact(kind, dict(zip(header, row, strict=True)))
                if fact:
                    _keep(facts, fact)
                refused += not fact
    except csv.Error as error:
        raise SireneError("line") from error
    if not count:
        raise SireneError("empty")
    return Extract(kind, facts, count, refused)


def _keep(facts, fact):
    """Of several periods of one number, the newest counts."""
    known = facts.get(fact.number)
    if not known or (fact.since or date.min) >= (known.since or date.min):
        facts[fact.number] = fact


def _make_fact(kind, row):
    number, state = (row[name].strip() for name in KINDS[kind])
    if state not in STATES:
        return None
    name = row.get("denominationunitelegale", "").strip()[:NAME_MAX]
    return Fact(
        number,
        STATES[state],
        _read_day(row.get("datedebut", "")),
        "" if name == NOT_TOLD else name,
    )


def _read_day(text):
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None
