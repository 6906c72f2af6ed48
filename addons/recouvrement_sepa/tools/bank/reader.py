"""Opens a bank's file, whatever its format."""

from . import camt, cfonb, pain002
from .encoding import (
    SIZE_LIMIT,
    Piece,
    as_ascii_superset,
    decode_text,
    is_xml,
    read_buffer,
    split_xml,
)
from .model import BankFileError
from .xml import Reader

__all__ = ["SIZE_LIMIT", "open_documents"]


def open_documents(stream, size_limit=SIZE_LIMIT, name=""):
    """Documents of a file, in order. Read one before you ask for the next.

    :param stream: bytes, or a binary file (a real one is mapped, not read).
    :param int size_limit: bytes above which a file is refused.
    :param str name: the file's name; only its extension helps, and only in messages.
    :return: iterator of :class:`~.model.Document`.
    :raise BankFileError: for a file that cannot be read as a whole; also while
        documents and entries are iterated. What was read before is then void.
    """
    buffer = read_buffer(stream, size_limit)
    if is_xml(buffer):
        yield from _xml_documents(buffer)
        return
    text = decode_text(buffer)
    if not cfonb.is_cfonb(text):
        raise BankFileError("format", "", {"name": name})
    yield from cfonb.documents(text)


def _xml_documents(buffer):
    buffer = as_ascii_superset(buffer)
    pieces = split_xml(buffer)
    for number, (start, end) in enumerate(pieces, 1):
        where = f"document {number}"
        reader = Reader(Piece(buffer, start, end), where)
        document = reader.open()
        if document.kind == "pain.002":
            document.statuses = pain002.statuses(document, reader)
        else:
            document.statements = camt.statements(document, reader)
        yield document
        _drain(document)


def _drain(document):
    """Read what the caller left: a fault at the end voids the file all the same."""
    for _item in document.statements:
        pass
    for _item in document.statuses:
        pass
