"""Which documents strangers may send, judged by name and by content."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
FILES_MAX = 5
FILE_BYTES_MAX = 8 * MEGABYTE
# Extension → beginnings of the content, by which programs tell the format.
SIGNATURES = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "docx": (b"PK\x03\x04",),
    "xlsx": (b"PK\x03\x04",),
    "odt": (b"PK\x03\x04",),
    "ods": (b"PK\x03\x04",),
}
# Folder that each office format has in its archive: another archive is refused.
ARCHIVE_MARKS = {
    "docx": b"word/",
    "xlsx": b"xl/",
    "odt": b"application/vnd.oasis.opendocument.text",
    "ods": b"application/vnd.oasis.opendocument.spreadsheet",
}
MACROS = b"vbaProject.bin"
# A drawn signature; a picture of a few bytes can stand for gigabytes of dots.
PNG_SIDE_MAX = 4000
NAME_MAX = 120


class UploadError(ValueError):
    """A document that is not taken.

    :param str code: ``count``, ``size``, ``empty`` or ``kind``.
    :param str name: name of the document, when one is at fault.
    """

    def __init__(self, code, name=""):
        super().__init__(f"{code} {name}".strip())
        self.code = code
        self.name = name


@dataclass(frozen=True)
class Upload:
    """A document that is taken: a plain file name and its content."""

    name: str
    content: bytes


def check_uploads(files):
    """Take documents, or refuse them all.

    :param files: ``(name, bytes)`` pairs, as the browser sent them.
    :return: list of :class:`Upload`.
    :raise UploadError: for the first that is not taken.
    """
    if len(files) > FILES_MAX:
        raise UploadError("count")
    return [_check(_clean(name), content) for name, content in files]


def is_small_png(content):
    """Whether a content is a PNG picture of a size that a person draws: read from its
    header, so that nothing is unpacked."""
    if not content.startswith(SIGNATURES["png"]) or content[12:16] != b"IHDR":
        return False
    sides = (content[16:20], content[20:24])
    return all(
        len(side) == 4 and 0 < int.from_bytes(side, "big") <= PNG_SIDE_MAX
        for side in sides
    )


def _check(name, content):
    if not content:
        raise UploadError("empty", name)
    if len(content) > FILE_BYTES_MAX:
        raise UploadError("size", name)
    stem, _dot, extension = name.lower().rpartition(".")
    if not stem or not content.startswith(SIGNATURES.get(extension, ())):
        raise UploadError("kind", name)
    mark = ARCHIVE_MARKS.get(extension)
    if mark and (mark not in content or MACROS in content):
        raise UploadError("kind", name)
    return Upload(name, content)


def _clean(name):
    """The last part of a name, without what is no letter, digit or plain sign."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c if c.isalnum() or c in " .-_()" else "_" for c in last).strip(
        " ."
    )
    stem, dot, extension = plain.rpartition(".")
    return f"{stem[: NAME_MAX - len(extension)]}{dot}{extension}" if dot else plain
