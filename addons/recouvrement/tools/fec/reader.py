"""Stream the entry lines of a FEC; memory does not grow with the file.

A row that cannot be read is refused by its physical number and the file goes on; a
file that is not a FEC raises ``FecError``.
"""

import csv
import re
from collections.abc import Callable, Iterator

from .dialect import MAX_LINE, Columns, Container, open_text, read_header, scan
from .issues import FecError, FecIssue, Notes, RowRefused
from .model import FecLine, FecSource, Options
from .rows import RowParser
from .xml_reader import XML_COLUMNS, xml_rows

PROGRESS_EVERY = 2_000
GIVE_UP_AFTER, GIVE_UP_SHARE = 1_000, 5
_EXCEL_HINT = re.compile(r"\ufeff?sep=.", re.IGNORECASE)

Row = tuple[int, list[str]]


class FecReader:
    """Iterate once over the ``FecLine`` of a source.

    :ivar lines: rows seen so far, refused ones included.
    :ivar refused: one issue a refused row.
    :raises FecError: when the file cannot be used.
    """

    def __init__(
        self,
        source: FecSource,
        options: Options | None = None,
        on_bytes: Callable[[int], None] | None = None,
    ):
        options = options or Options()
        self.source = source
        self.container: Container = scan(source, options.max_bytes)
        self.columns: Columns | None = None
        self.notes = Notes(source.name)
        self.refused: list[FecIssue] = []
        self.lines = 0
        self._on_bytes = on_bytes or (lambda done: None)

    @property
    def separator(self) -> str:
        return "XML" if self.container.is_xml else self.columns.separator

    def __iter__(self) -> Iterator[FecLine]:
        rows = self._xml_rows() if self.container.is_xml else self._text_rows()
        parser = None
        for line_no, fields in rows:
            parser = parser or RowParser(
                self.columns, self.notes, self.container.is_xml
            )
            self.lines += 1
            if not self.lines % PROGRESS_EVERY:
                self._on_bytes(self._position())
            try:
                yield parser.parse(line_no, fields)
            except RowRefused as refusal:
                self._refuse(line_no, refusal)
        self._on_bytes(self.container.size)
        if self.lines == len(self.refused):
            raise FecError(
                "no_lines",
                self.source.name,
                refused=len(self.refused),
                first=self.refused[0] if self.refused else "-",
            )

    # -- rows -------------------------------------------------------------------

    def _text_rows(self) -> Iterator[Row]:
        with open_text(self.source, self.container) as stream:
            self._position = stream.buffer.tell
            header = ""
            for line_no, text in self._numbered(stream):
                if self.columns is None and _EXCEL_HINT.fullmatch(text):
                    continue
                if self.columns is None:
                    header = text
                    self.columns = read_header(text, self.source.name, line_no)
                elif text != header and (fields := self._split(text)) is not None:
                    yield line_no, fields
        if self.columns is None:
            raise FecError("empty", self.source.name)

    def _numbered(self, stream) -> Iterator[tuple[int, str]]:
        """Physical lines that hold something, their end stripped."""
        line_no = 0
        while text := stream.readline(MAX_LINE):
            line_no += 1
            if len(text) == MAX_LINE and text[-1] != "\n":
                self._skip_long_line(stream, line_no)
                continue
            text = text.rstrip("\r\n\x1a")
            if self.columns and ("\0" in text or "\ufffd" in text):
                text = self._mend(text, line_no)
            if text and not text.isspace():
                yield line_no, text

    def _skip_long_line(self, stream, line_no: int):
        if self.columns is None:
            raise FecError("no_header", self.source.name, line_no, start="…")
        while (rest := stream.readline(MAX_LINE)) and rest[-1] != "\n":
            pass
        self.lines += 1
        self._refuse(line_no, RowRefused("line_too_long", limit=MAX_LINE))

    def _mend(self, text: str, line_no: int) -> str:
        if "\0" in text:
            self.notes.add("nul_bytes", line_no)
        if "\ufffd" in text:
            self.notes.add("undecodable", line_no)
        return text.replace("\0", "")

    def _split(self, text: str) -> list[str] | None:
        """Fields of a row; None when all are blank."""
        try:
            fields = [field.strip() for field in self.columns.split(text)]
        except csv.Error:
            fields = ["?"]
        return fields if any(fields) else None

    def _xml_rows(self) -> Iterator[Row]:
        self.columns = XML_COLUMNS
        with self.source.open() as stream:
            self._position = stream.tell
            yield from xml_rows(stream, self.source.name)

    def _refuse(self, line_no: int, refusal: RowRefused):
        self.refused.append(
            FecIssue(refusal.code, refusal.params, self.source.name, line_no)
        )
        count = len(self.refused)
        if count > GIVE_UP_AFTER and count * GIVE_UP_SHARE > self.lines:
            raise FecError(
                "too_many_refused",
                self.source.name,
                refused=count,
                lines=self.lines,
                first=self.refused[0],
            )
