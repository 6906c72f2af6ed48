"""ISO 20022 messages read element by element, whatever their namespace."""

import re
from functools import lru_cache

from lxml import etree

from .model import BankFileError, Document, Remark
from .values import clean, compact, read_moment

ROOTS = {
    "BkToCstmrAcctRpt": "camt.052",
    "BkToCstmrStmt": "camt.053",
    "BkToCstmrDbtCdtNtfctn": "camt.054",
    "CstmrPmtStsRpt": "pain.002",
}
# Versions that were read here; neighbours have the same structure and earn a remark.
KNOWN = {"camt": (2, 4, 8), "pain": tuple(range(3, 15))}
READABLE = {"camt": range(2, 14), "pain": range(3, 15)}
# National variants write "pain.002.003.03" or add a suffix.
MESSAGE = re.compile(r"(camt\.05[234]|pain\.002)\.(\d{3})\.(\d\d)(?!\d)", re.ASCII)
# Message, header, and what is handed over and freed one by one.
WATCHED = tuple(
    "{*}" + name
    for name in (
        *ROOTS,
        "GrpHdr",
        "Stmt",
        "Rpt",
        "Ntfctn",
        "Ntry",
        "TxDtls",
        "OrgnlGrpInfAndSts",
        "OrgnlPmtInfAndSts",
        "TxInfAndSts",
    )
)


def local(element):
    """Name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


class Node:
    """An element that was read: its text, its currency, its children by local name."""

    __slots__ = ("children", "currency", "text")

    def __init__(self, element, without):
        self.text = element.text
        self.currency = element.get("Ccy") or ""
        self.children = {}
        for child in element:
            name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
            if name not in without:
                self.children.setdefault(name, []).append(Node(child, without))


def tree(element, *without):
    """Content of an element, less the children of these names at any depth; None of
    none, as the parent of a root is."""
    return None if element is None else Node(element, without)


@lru_cache(maxsize=256)
def _steps(path):
    return tuple(path.split("/"))


def nodes(parent, path):
    """Nodes at a path of local names, in order; none under None."""
    level = [] if parent is None else [parent]
    for name in _steps(path):
        level = [child for item in level for child in item.children.get(name, ())]
    return level


def node(parent, path):
    """First node at a path, or None."""
    return next(iter(nodes(parent, path)), None)


def text(parent, *paths):
    """Text of the first of these paths that has any, on one line; "" when none."""
    for path in paths:
        for found in nodes(parent, path)[:1]:
            if found.text and (value := clean(found.text)):
                return value
    return ""


def identifier(parent, *paths):
    """Account number or IBAN: no blanks, upper case."""
    return compact(text(parent, *paths))


def forget(element):
    """Free an element that has been read, and the empty one before it."""
    element.clear()
    before = element.getprevious()
    if before is not None and before.tag == element.tag:
        element.getparent().remove(before)


def parse(piece, where):
    """Events of the watched elements: ``("start" | "end", element)``.

    Nothing outside the file is read, no entity is expanded.

    :raise BankFileError: ``xml`` when the file is no XML, or is cut short.
    """
    encoding = piece.declared_encoding()
    try:
        yield from etree.iterparse(
            piece,
            events=("start", "end"),
            tag=WATCHED,
            encoding=encoding or None,
            load_dtd=False,
            no_network=True,
            resolve_entities=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
    except etree.XMLSyntaxError as error:
        raise BankFileError("xml", where, _fault(error)) from None


def _fault(error):
    line = (error.position or (0, 0))[0]
    return {"line": line, "message": clean(error.msg or "")[:200]}


class Reader:
    """One document of a file: finds its message, then hands the events on."""

    def __init__(self, piece, where):
        self.where = where
        self.remarks = []
        self._events = parse(piece, where)

    def open(self):
        """The document, its version checked; its content is not read yet.

        :raise BankFileError: ``message`` for one we do not read, ``version``.
        """
        root = self._first()
        kind = ROOTS[local(root)]
        version = self._version(root, kind)
        return Document(kind, version, self.where, remarks=self.remarks)

    def _first(self):
        for action, element in self._events:
            if action == "start" and local(element) in ROOTS:
                return element
        raise BankFileError("message", self.where)

    def _version(self, root, kind):
        # What stands in a file is not always a name: ``QName`` would refuse it.
        space = root.tag[1:].rpartition("}")[0] if root.tag.startswith("{") else ""
        if not space:
            self.remark("no_namespace", self.where)
            return kind
        match = MESSAGE.search(space)
        if not match or match.group(1) != kind:
            raise BankFileError("message", self.where, {"name": space[:120]})
        number, family = int(match.group(3)), kind[:4]
        if number not in READABLE[family]:
            raise BankFileError("version", self.where, {"name": match.group(0)})
        if number not in KNOWN[family]:
            self.remark("version", self.where, name=match.group(0))
        return match.group(0)

    def events(self):
        """Watched events after the message's start; the header is read by the way."""
        return self._events

    def remark(self, code, where, **params):
        """Keep something odd; a thousand times the same is said a few times."""
        if sum(remark.code == code for remark in self.remarks) < 20:
            self.remarks.append(Remark(code, where, params))


def read_header(document, header):
    """Identity of the message, from its GrpHdr."""
    header = tree(header)
    document.message_id = text(header, "MsgId")
    document.created = read_moment(text(header, "CreDtTm"))
