"""The bytes of a file: how big, which format, which alphabet, how many documents."""

import io
import mmap
import re

from .model import BankFileError

MEGABYTE = 1024 * 1024
SIZE_LIMIT = 100 * MEGABYTE
# Longest stretch without any entry that a parser may have to keep in memory.
GAP_MAX = 4 * MEGABYTE
COMPRESSED = (b"PK\x03\x04", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ", b"Rar!")
BOM8 = b"\xef\xbb\xbf"
BOMS16 = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
BARE16 = {b"<\x00?\x00": "utf-16-le", b"\x00<\x00?": "utf-16-be"}
# Names that a declaration may bear; each is a superset of ASCII, so that the bytes
# can be searched for what is forbidden.
ENCODINGS = {
    "utf-8",
    "utf8",
    "us-ascii",
    "ascii",
    "iso-8859-1",
    "iso-8859-15",
    "latin1",
    "latin-1",
    "windows-1252",
    "cp1252",
}
DECLARED = re.compile(rb"""^<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{1,40})["']""")
FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.I)
JUNCTION = re.compile(
    rb"</(?:[\w.\-]{1,40}:)?Document\s{0,20}>[\s\xef\xbb\xbf]{0,1000}"
    rb"(?=<(?:[\w.\-]{1,40}:)?Document[\s>])"
    rb"|(?=<\?xml\s)"
)
PIECES = re.compile(rb"<(?:[\w.\-]{1,40}:)?(?:Ntry|TxDtls|TxInfAndSts)[\s/>]")


def read_buffer(stream, size_limit=SIZE_LIMIT):
    """Bytes of a file, without a copy where the stream allows it.

    :raise BankFileError: ``too_big``, ``empty`` or ``compressed``.
    """
    buffer = _buffer(stream, size_limit)
    if len(buffer) > size_limit:
        raise _too_big(len(buffer), size_limit)
    head = bytes(buffer[:8])
    if head.startswith(COMPRESSED):
        raise BankFileError("compressed")
    if not re.search(rb"[^\s\x00\x1a]", buffer):
        raise BankFileError("empty")
    return buffer


def _buffer(stream, size_limit):
    if isinstance(stream, (bytes, bytearray, memoryview)):
        return stream
    if isinstance(stream, io.BytesIO):
        return stream.getvalue()
    try:
        return mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except (AttributeError, OSError, ValueError):
        return stream.read(size_limit + 1)


def _too_big(size, limit):
    sizes = {"size": size // MEGABYTE, "limit": limit // MEGABYTE}
    return BankFileError("too_big", "", sizes)


def is_xml(buffer):
    """Whether a file starts as XML does, in one of the alphabets we read."""
    head = bytes(buffer[:200])
    for bom, name in BOMS16.items():
        if head.startswith(bom):
            return head[2:].decode(name, "ignore").lstrip().startswith("<")
    if any(head.startswith(mark) for mark in BARE16):
        return True
    return head.removeprefix(BOM8).lstrip().startswith(b"<")


def as_ascii_superset(buffer):
    """The same XML in an alphabet whose first half is ASCII: UTF-16 becomes UTF-8.

    :raise BankFileError: ``encoding``.
    """
    head = bytes(buffer[:4])
    name = BOMS16.get(head[:2]) or BARE16.get(head)
    if not name:
        return buffer
    try:
        text = bytes(buffer).decode(name).lstrip("\ufeff")
    except UnicodeDecodeError:
        raise BankFileError("encoding", "", {"name": "UTF-16"}) from None
    return re.sub(r"^<\?xml[^>]{0,200}\?>", "", text, count=1).encode()


def split_xml(buffer):
    """Bounds ``(start, end)`` of the documents that follow each other in a file.

    :raise BankFileError: ``doctype`` for a file that declares anything, ``shape`` for
        one that no parser could read entry by entry.
    """
    if FORBIDDEN.search(buffer):
        raise BankFileError("doctype")
    _check_shape(buffer)
    starts = sorted({0} | {match.end() for match in JUNCTION.finditer(buffer)})
    bounds = zip(starts, [*starts[1:], len(buffer)], strict=True)
    return [(start, end) for start, end in bounds if not _is_blank(buffer, start, end)]


def _is_blank(buffer, start, end):
    if end - start > 4096:
        return False
    return not bytes(buffer[start:end]).replace(BOM8, b"").strip(b" \t\r\n\x00\x1a")


def _check_shape(buffer):
    last = 0
    for match in PIECES.finditer(buffer):
        if match.start() - last > GAP_MAX:
            break
        last = match.start()
    else:
        if len(buffer) - last <= GAP_MAX:
            return
    raise BankFileError("shape", "", {"limit": GAP_MAX // MEGABYTE})


class Piece(io.RawIOBase):
    """A part of a buffer as a file, blanks and byte order mark left out; what follows
    the last tag (end of file marks) is left out as well."""

    def __init__(self, buffer, start, end):
        super().__init__()
        self._view = memoryview(buffer)
        while start < end and self._view[start] in b" \t\r\n\x00\x1a\xef\xbb\xbf":
            start += 1
        while end > start and self._view[end - 1] in b" \t\r\n\x00\x1a\xef\xbb\xbf":
            end -= 1
        self._at, self._end = start, end

    def read(self, size=-1):  # pylint: disable=method-required-super
        stop = self._end if size is None or size < 0 else self._at + size
        stop = min(stop, self._end)
        data = bytes(self._view[self._at : stop])
        self._at = stop
        return data

    def declared_encoding(self):
        """Name in the declaration, lower case, or "".

        :raise BankFileError: ``encoding`` for one that we do not read.
        """
        match = DECLARED.match(bytes(self._view[self._at : self._at + 300]))
        name = match.group(1).decode("ascii", "replace").lower() if match else ""
        if name and name not in ENCODINGS:
            raise BankFileError("encoding", "", {"name": name})
        return name


def decode_text(buffer):
    """Text of a flat file: UTF-8 or UTF-16 when they say so, else CP1252."""
    data = bytes(buffer)
    for bom, name in BOMS16.items():
        if data.startswith(bom):
            return data[2:].decode(name, "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
