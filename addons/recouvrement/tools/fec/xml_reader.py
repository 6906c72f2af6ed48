"""The XML form of the FEC, streamed through expat.

The structure is that of the tax office's schema (LPF art. A47 A-1, VI): journals hold
entries, entries hold lines; EcritureLet and DateLet sit on the entry. A document
type or an entity declaration is refused, so nothing can expand or be fetched.
"""

from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from .dialect import ALIASES, CHUNK, Columns, fold
from .issues import FecError

_FIELDS = tuple(dict.fromkeys(ALIASES.values()))
XML_COLUMNS = Columns(
    "\t",
    quoted=False,
    index={field: place for place, field in enumerate(_FIELDS)},
    width=len(_FIELDS),
    named=len(_FIELDS),
)
_SCOPES = ("journal", "ecriture", "ligne")
_MAX_TEXT = 65_536


class _Handler:
    """Collect the fields of the open journal, entry and line.

    Lines wait for the end of their entry, whose own fields may follow them.
    """

    def __init__(self, parser, name: str):
        self._parser = parser
        self._name = name
        self._values: dict[str, dict[str, str]] = {scope: {} for scope in _SCOPES}
        self._scope: list[str] = []
        self._text: list[str] = []
        self._pending: list[tuple[int, dict[str, str]]] = []
        self.rows: list[tuple[int, list[str]]] = []
        self.known = False

    def forbid(self, *_args):
        line = self._parser.CurrentLineNumber
        raise FecError("xml_forbidden", self._name, line)

    def start(self, tag: str, _attributes):
        scope = _local(tag)
        self._text.clear()
        if scope in _SCOPES:
            self.known = True
            self._scope.append(scope)
            self._values[scope] = {}

    def characters(self, text: str):
        if len(self._text) < _MAX_TEXT:
            self._text.append(text[:_MAX_TEXT])

    def end(self, tag: str):
        scope = _local(tag)
        if scope not in _SCOPES:
            self._field(scope)
        elif self._scope:
            self._scope.pop()
            self._close(scope)
        self._text.clear()

    def _field(self, name: str):
        field = ALIASES.get(name)
        if field and self._scope:
            self._values[self._scope[-1]][field] = "".join(self._text).strip()

    def _close(self, scope: str):
        if scope == "ligne":
            line_no = self._parser.CurrentLineNumber
            self._pending.append((line_no, self._values["ligne"]))
        elif scope == "ecriture":
            shared = self._values["journal"] | self._values["ecriture"]
            for line_no, own in self._pending:
                merged = shared | own
                self.rows.append(
                    (line_no, [merged.get(field, "") for field in _FIELDS])
                )
            self._pending.clear()


def _local(tag: str) -> str:
    return fold(tag.rpartition(":")[2])


def xml_rows(stream: BinaryIO, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, fields in the order of ``XML_COLUMNS``).

    :raises FecError: xml_broken, xml_forbidden, no_header.
    """
    parser = expat.ParserCreate()
    handler = _Handler(parser, name)
    parser.StartElementHandler = handler.start
    parser.EndElementHandler = handler.end
    parser.CharacterDataHandler = handler.characters
    parser.StartDoctypeDeclHandler = handler.forbid
    parser.EntityDeclHandler = handler.forbid
    parser.ExternalEntityRefHandler = handler.forbid
    parser.buffer_text = True
    while True:
        chunk = stream.read(CHUNK)
        try:
            parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            raise FecError(
                "xml_broken", name, error.lineno, error=expat.ErrorString(error.code)
            ) from error
        except (LookupError, ValueError) as error:
            raise FecError("xml_broken", name, error=str(error)) from error
        yield from handler.rows
        handler.rows.clear()
        if not chunk:
            break
    if not handler.known:
        raise FecError("no_header", name, start="<xml>")
