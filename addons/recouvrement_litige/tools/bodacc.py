"""Announcements of the BODACC, read from an extract of its open data.

The data set ``annonces-commerciales`` is exported as CSV (semicolons), as a JSON list,
or as the answer of its interface (``results`` or ``records``); some columns hold JSON
in a text. The file comes from outside: its size, the number of rows, the length of
texts and the depth of JSON are bounded, and a row that cannot be read is told with its
number, never guessed at.
"""

import csv
import io
import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from stdnum.fr import siren as siren_number

FILE_BYTES_MAX = 40 * 1024 * 1024
ROWS_MAX = 200_000
CELL_MAX = 60_000  # characters of a column
TEXT_MAX = 4_000  # characters kept of the text of a judgment
NAME_MAX = 200
PROBLEMS_MAX = 200
YEARS = range(1950, 2101)
MONTHS = {
    name: number
    for number, name in enumerate(
        "janvier fevrier mars avril mai juin juillet aout septembre octobre "
        "novembre decembre".split(),
        start=1,
    )
}
REQUIRED = ("id", "dateparution", "familleavis")
COLLECTIVE = ("collective", "retablissement_professionnel")
# What a judgment is about, tried in this order on its plain text.
NATURES = (
    ("end", r"\bcloture\b|fin de la procedure|extinction du passif"),
    ("claims", r"etat des creances|liste des creances|depot de l.etat"),
    ("conversion", r"conversion|(?:prononc|resolu).{0,80}liquidation judiciaire"),
    (
        "plan",
        r"(?:arret|adopt|homolog|modifi|approuv).{0,60}\bplan\b|\bplan de (?:sauveg"
        r"arde|redressement|continuation|cession)",
    ),
    ("recovery", r"retablissement professionnel"),
    ("safeguard", r"sauvegarde"),
    ("liquidation", r"liquidation judiciaire"),
    ("reorganisation", r"redressement judiciaire"),
)
OPENINGS = ("recovery", "safeguard", "liquidation", "reorganisation")


class BodaccError(ValueError):
    """The file as a whole is not taken.

    :param str code: ``size``, ``empty``, ``encoding``, ``format``, ``columns``,
        ``rows``.
    :param str detail: what was found.
    """

    def __init__(self, code, detail=""):
        super().__init__(f"{code} {detail}".strip())
        self.code = code
        self.detail = detail


@dataclass(frozen=True)
class Announcement:
    """One announcement on collective proceedings.

    :param reference: identifier of the open data, the same for ever.
    :param nature: ``safeguard``, ``reorganisation``, ``liquidation``, ``recovery``
        (all openings), ``conversion``, ``plan``, ``claims``, ``end`` or ``other``.
    :param is_void: the announcement withdraws an earlier one.
    """

    reference: str
    published: date
    sirens: tuple
    name: str
    court: str
    nature: str
    label: str
    judged: date | None
    text: str
    url: str
    is_void: bool = False

    @property
    def is_opening(self):
        return self.nature in OPENINGS


@dataclass(frozen=True)
class Problem:
    """A row that was not taken: its number in the file (1 = first), and why.

    :param code: ``row``, ``cell``, ``reference``, ``date``, ``siren``, ``judgment``.
    """

    row: int
    code: str
    detail: str = ""


@dataclass(frozen=True)
class Extract:
    """What a file held.

    :param rows: rows read.
    :param others: announcements that are about no collective proceedings.
    :param repeated: rows that say again what another row said.
    """

    announcements: tuple
    problems: tuple
    problem_count: int
    rows: int
    others: int
    repeated: int


def read(content):
    """Read an extract.

    :param bytes content: CSV or JSON.
    :return: an :class:`Extract`.
    :raise BodaccError: when the file as a whole is not taken.
    """
    text = _decode(content)
    rows = _read_json(text) if text.lstrip()[:1] in ("[", "{") else _read_csv(text)
    found, problems = {}, []
    count = others = repeated = problem_count = 0
    for number, row in enumerate(rows, start=1):
        if number > ROWS_MAX:
            raise BodaccError("rows", str(ROWS_MAX))
        count = number
        result = _read_row(number, row)
        if isinstance(result, Problem):
            problem_count += 1
            if len(problems) < PROBLEMS_MAX:
                problems.append(result)
        elif result is None:
            others += 1
        elif result.reference in found:
            repeated += 1
        else:
            found[result.reference] = result
    if not count:
        raise BodaccError("empty")
    return Extract(
        tuple(found.values()), tuple(problems), problem_count, count, others, repeated
    )


def classify(text):
    """What a judgment is about: a nature of :class:`Announcement`."""
    plain = plain_text(text)
    for nature, pattern in NATURES:
        if re.search(pattern, plain):
            return nature
    return "other"


def plain_text(text):
    """Lower case, without accents or repeated blanks."""
    parts = unicodedata.normalize("NFKD", text or "")
    kept = "".join(c for c in parts if not unicodedata.combining(c))
    return " ".join(kept.lower().split())


def read_day(text):
    """A day as the open data writes it: ISO, ``31/12/2026`` or ``31 décembre 2026``.

    :return: date, or None when it is none.
    """
    plain = plain_text(text)[:40]
    for pattern, order in (
        (r"(\d{4})-(\d{2})-(\d{2})(?:t.*)?", (0, 1, 2)),
        (r"(\d{1,2})/(\d{1,2})/(\d{4})", (2, 1, 0)),
        (r"(?:le )?(\d{1,2})(?:er)? ([a-z]+) (\d{4})", (2, 1, 0)),
    ):
        match = re.fullmatch(pattern, plain, re.ASCII)
        if match:
            parts = [match.group(place + 1) for place in order]
            return _make_day(parts[0], MONTHS.get(parts[1], parts[1]), parts[2])
    return None


def read_sirens(value):
    """Company numbers in a column: a list, or a text with commas; the same number may
    stand there with and without blanks."""
    parts = value if isinstance(value, list) else str(value or "").split(",")
    found = []
    for part in parts[:50]:
        number = "".join(c for c in str(part)[:40] if c.isascii() and c.isdigit())
        if siren_number.is_valid(number) and number not in found:
            found.append(number)
    return tuple(found)


# The file


def _decode(content):
    if not content or not content.strip():
        raise BodaccError("empty")
    if len(content) > FILE_BYTES_MAX:
        raise BodaccError("size", str(FILE_BYTES_MAX // 1024 // 1024))
    if b"\0" in content:
        raise BodaccError("encoding")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _load(text):
    """JSON of any text; None when it is none, or nested beyond reason."""
    try:
        return json.loads(text, parse_constant=lambda _name: None)
    except (ValueError, RecursionError):
        return None


def _read_json(text):
    data = _load(text)
    if isinstance(data, dict):
        data = data.get("results") or data.get("records")
    if not isinstance(data, list):
        raise BodaccError("format")
    rows = [_unwrap(row) for row in data]
    known = [row for row in rows if row]
    if known and not any(set(REQUIRED) <= row.keys() for row in known):
        raise BodaccError("columns", ", ".join(REQUIRED))
    return rows


def _unwrap(row):
    """The columns of a record, whatever the version of the interface wraps it in."""
    for name in ("record", "fields"):
        inner = row.get(name) if isinstance(row, dict) else None
        if isinstance(inner, dict):
            row = inner
    return row if isinstance(row, dict) else {}


def _read_csv(text):
    head = text.split("\n", 1)[0]
    comma = head.count(",") > head.count(";")
    lines = io.StringIO(text, newline="")
    reader = csv.reader(lines, delimiter="," if comma else ";")
    try:
        header = [plain_text(name) for name in next(reader)]
    except (StopIteration, csv.Error) as error:
        raise BodaccError("format") from error
    missing = [name for name in REQUIRED if name not in header]
    if missing:
        raise BodaccError("columns", ", ".join(missing))
    return _csv_rows(reader, header)


def _csv_rows(reader, header):
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield None
            continue
        if any(cell.strip() for cell in cells):
            # A row of another width is shifted: none of its cells is trusted.
            fits = len(cells) == len(header)
            yield dict(zip(header, cells, strict=True)) if fits else None


# A row


def _read_row(number, row):
    """The announcement of a row; None when it is about something else."""
    if not row:
        return Problem(number, "row")
    for name, value in row.items():
        if isinstance(value, str) and len(value) > CELL_MAX:
            return Problem(number, "cell", str(name)[:60])
    family = plain_text(_text(row, "familleavis")).replace(" ", "_")
    if family not in COLLECTIVE:
        return None
    reference = _text(row, "id")
    if not re.fullmatch(r"[A-Za-z0-9._/-]{4,60}", reference):
        return Problem(number, "reference", reference[:60])
    published = read_day(_text(row, "dateparution"))
    if not published:
        return Problem(number, "date", _text(row, "dateparution")[:60])
    sirens = read_sirens(row.get("registre"))
    if not sirens:
        return Problem(number, "siren", str(row.get("registre") or "")[:60])
    return _make_announcement(number, row, reference, published, sirens)


def _make_announcement(number, row, reference, published, sirens):
    judgment = row.get("jugement")
    if isinstance(judgment, str) and judgment.strip():
        judgment = _load(judgment)
        if judgment is None:
            return Problem(number, "judgment", reference)
    judgment = judgment if isinstance(judgment, dict) else {}
    label = _text(judgment, "nature") or _text(judgment, "famille")
    text = _text(judgment, "complementjugement") or _text(
        judgment, "complementJugement"
    )
    nature = classify(label)
    if nature == "other":
        nature = classify(text)
    void = plain_text(_text(row, "typeavis") or _text(row, "typeavis_lib"))
    return Announcement(
        reference=reference,
        published=published,
        sirens=sirens,
        name=_line(_text(row, "commercant")),
        court=_line(_text(row, "tribunal")),
        nature=nature,
        label=_line(label),
        judged=read_day(_text(judgment, "date")),
        text=_clean(text)[:TEXT_MAX],
        url=_read_url(_text(row, "url_complete")),
        is_void="annulation" in void,
    )


def _text(row, name):
    value = row.get(name)
    return str(value).strip() if isinstance(value, str | int) else ""


def _clean(text):
    """Without control characters that mean nothing in a text."""
    return "".join(c for c in text if c in "\n\t" or c.isprintable()).strip()


def _line(text):
    return " ".join(_clean(text).split())[:NAME_MAX]


def _read_url(text):
    """Only the site of the announcements itself is ever opened from a file."""
    allowed = r"https://(?:www\.)?bodacc\.fr/[\w./?=&%:@+-]*"
    return text if re.fullmatch(allowed, text[:500], re.ASCII) else ""


def _make_day(year, month, day):
    try:
        year, month, day = int(year), int(month), int(day)
        return date(year, month, day) if year in YEARS else None
    except ValueError:
        return None
