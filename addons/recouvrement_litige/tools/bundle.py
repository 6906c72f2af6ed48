"""A court file of numbered pieces: one PDF, or one archive; no Odoo here.

Each piece is turned into pages on its own and stamped, one after another. What cannot
be printed (a workbook, a damaged file) is told by the caller on a page in its place: it
is in the archive as it came.
"""

import hashlib
import io
import re
import shutil
import tempfile
import warnings
import zipfile
from contextlib import contextmanager
from typing import NamedTuple

from PIL import Image, ImageOps
from reportlab.lib.utils import ImageReader, simpleSplit
from reportlab.pdfgen import canvas

try:
    from pypdf import PdfReader, PdfWriter
except ImportError:  # what Odoo 19 installs with Python 3.11 and 3.12
    from PyPDF2 import PdfReader, PdfWriter

from .pdf_stream import PdfStream

A4 = WIDTH, HEIGHT = 595.28, 841.89  # points
MARGIN = 42
IMAGE_TYPES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM")
IMAGE_SIDE = 2_000  # dots that a page needs; more is scaled down
IMAGE_DOTS_MAX = 60_000_000
PAGES_MAX = 2_000  # of one piece
NAME_MAX = 100
# Actions that a reader's program would carry out on its own.
ACTIVE = ("/AA", "/A", "/OpenAction")


class NotPrintable(ValueError):
    """A file that makes no pages.

    :ivar str reason: ``kind``, ``damaged``, ``locked`` or ``large``.
    """

    def __init__(self, reason):
        super().__init__(reason)
        self.reason = reason


class Part(NamedTuple):
    """Pages of one piece; ``label`` is stamped on each, ``title`` is its bookmark."""

    label: str
    title: str
    content: bytes


# ----------------------------------------------------------------------
# PAGES
# ----------------------------------------------------------------------


def to_pdf(content):
    """The content of a file as a PDF whose pages can be read.

    :return: ``(pdf, number of pages)``.
    :raises NotPrintable: when it makes none.
    """
    if content.startswith(IMAGE_TYPES):
        content = image_to_pdf(content)
    head = content[:1024].lstrip()
    if not head.startswith(b"%PDF-"):
        raise NotPrintable("kind")
    count = len(_read(content).pages)
    if not count:
        raise NotPrintable("damaged")
    if count > PAGES_MAX:
        raise NotPrintable("large")
    return content, count


def image_to_pdf(content):
    """A picture on A4 pages, scaled down to fit and turned as it was taken."""
    stream = io.BytesIO()
    page = canvas.Canvas(stream, pagesize=A4)
    with _reading():
        for frame in _frames(content):
            _draw(page, frame)
    page.save()
    return stream.getvalue()


def text_page(lines):
    """A page of a few lines, the first ones as a title."""
    stream = io.BytesIO()
    page = canvas.Canvas(stream, pagesize=A4)
    top = HEIGHT - 160
    for place, line in enumerate(lines):
        font, size = ("Helvetica-Bold", 14) if place < 2 else ("Helvetica", 11)
        page.setFont(font, size)
        for text in simpleSplit(line, font, size, WIDTH - 2 * MARGIN - 40) or [""]:
            page.drawString(MARGIN + 20, top, text)
            top -= size + 7
    page.showPage()
    page.save()
    return stream.getvalue()


def _frames(content):
    """Pictures of a file, each with a reasonable number of dots."""
    with Image.open(io.BytesIO(content)) as image:
        for place in range(min(getattr(image, "n_frames", 1), PAGES_MAX)):
            image.seek(place)
            if image.width * image.height > IMAGE_DOTS_MAX:
                raise NotPrintable("large")
            frame = ImageOps.exif_transpose(image)
            if frame.mode in ("RGBA", "LA", "P"):
                frame = frame.convert("RGBA")
                paper = Image.new("RGBA", frame.size, "white")
                frame = Image.alpha_composite(paper, frame)
            frame = frame.convert("RGB")
            frame.thumbnail((IMAGE_SIDE, IMAGE_SIDE))
            yield frame
            if image.format == "GIF":
                break


def _draw(page, frame):
    wide = frame.width > frame.height
    width, height = (HEIGHT, WIDTH) if wide else A4
    page.setPageSize((width, height))
    space = width - 2 * MARGIN, height - 2 * MARGIN
    scale = min(space[0] / frame.width, space[1] / frame.height, 1.0)
    size = frame.width * scale, frame.height * scale
    jpeg = io.BytesIO()
    frame.save(jpeg, "JPEG", quality=85)
    jpeg.seek(0)
    left, bottom = (width - size[0]) / 2, (height - size[1]) / 2
    page.drawImage(ImageReader(jpeg), left, bottom, *size)
    page.showPage()


@contextmanager
def _reading():
    """Whatever a damaged or hostile file breaks is one error."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except NotPrintable:
        raise
    except MemoryError:
        raise NotPrintable("large") from None
    except Exception as error:
        raise NotPrintable("damaged") from error


def _read(content):
    """The pages of a PDF, unlocked when it has an empty password."""
    with _reading():
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise NotPrintable("locked")
        len(reader.pages)
        return reader
    raise AssertionError


# ----------------------------------------------------------------------
# ONE FILE
# ----------------------------------------------------------------------


class Binder:
    """Pages of the front, then of each part, with bookmarks and running numbers.

    Each part is written to a temporary file as it comes: memory holds one at a time.

    :param str folio: text of the running number, with ``%(page)s`` and ``%(pages)s``.
    :param int pages: of the whole file.
    :param dict info: ``/Title``, ``/Author`` and the like.
    """

    def __init__(self, pages, folio="%(page)s / %(pages)s", info=None):
        self._file = tempfile.TemporaryFile()  # noqa: SIM115, closed by with
        self._stream = PdfStream(self._file, info)
        self._pages = pages
        self._folio = folio
        self._count = 0

    def __enter__(self):
        return self

    def __exit__(self, *_error):
        self._file.close()

    @property
    def count(self):
        """Pages so far."""
        return self._count

    def add(self, part):
        """Add the pages of a :class:`Part`.

        :return: number of its first page.
        :raises NotPrintable: when its content is no PDF; nothing is added then.
        """
        content, count = self._prepare(part)
        first = self._count + 1
        self._stream.add(content, part.title)
        self._count += count
        return first

    def _prepare(self, part):
        """The pages of a part, stamped, before the file has any of them.

        :return: ``(pdf, number of pages)``.
        """
        with _reading():
            writer, found = PdfWriter(), list(_read(part.content).pages)
            for place, page in enumerate(found, 1):
                label = part.label
                if label and len(found) > 1:
                    label = f"{label} – {place}/{len(found)}"
                copy = writer.add_page(page)
                _calm(copy)
                self._stamp(copy, label, self._count + place)
            stream = io.BytesIO()
            writer.write(stream)
            return stream.getvalue(), len(found)
        raise AssertionError

    def _stamp(self, page, label, number):
        """Write the number of the piece and of the page over a page."""
        if page.get("/Rotate"):
            page.transfer_rotation_to_content()
        box = page.cropbox
        left, bottom = float(box.left), float(box.bottom)
        width, height = float(box.width), float(box.height)
        stream = io.BytesIO()
        sheet = canvas.Canvas(stream, pagesize=(left + width, bottom + height))
        folio = self._folio % {"page": number, "pages": self._pages}
        sheet.setFont("Helvetica", 8)
        sheet.setFillGray(0.35)
        sheet.drawRightString(left + width - 18, bottom + 12, folio)
        if label:
            _draw_label(sheet, label, left + width - 14, bottom + height - 12)
        sheet.save()
        stream.seek(0)
        page.merge_page(PdfReader(stream).pages[0])
        page.compress_content_streams()  # Merging has unpacked them.

    def save(self, stream):
        """Write the file.

        :raises ValueError: when the pages are not as many as the numbers say.
        """
        if self._count != self._pages:
            raise ValueError(f"{self._count} pages instead of {self._pages}")
        self._stream.close()
        self._file.seek(0)
        shutil.copyfileobj(self._file, stream)


def _draw_label(sheet, label, right, top):
    size = 10
    width = sheet.stringWidth(label, "Helvetica-Bold", size) + 12
    sheet.setFillGray(1)
    sheet.setStrokeGray(0.2)
    sheet.setLineWidth(0.8)
    sheet.roundRect(right - width, top - 17, width, 17, 3, fill=1, stroke=1)
    sheet.setFillGray(0.1)
    sheet.setFont("Helvetica-Bold", size)
    sheet.drawCentredString(right - width / 2, top - 12, label)


def _calm(page):
    """Take off what a page would do by itself; what it shows stays."""
    page.pop("/AA", None)
    for annotation in page.get("/Annots") or ():
        shown = annotation.get_object()
        for key in ACTIVE:
            shown.pop(key, None)


# ----------------------------------------------------------------------
# THE ARCHIVE
# ----------------------------------------------------------------------


def piece_name(number, title, extension, width=2):
    """Name of a piece in the archive: ``03 - Invoice 2026-0001.pdf``."""
    plain = re.sub(r"[^\w .,()+'-]+", "-", title, flags=re.UNICODE)
    plain = " ".join(plain.split()).strip(" .-")[:NAME_MAX].rstrip(" .-")
    extension = re.sub(r"[^a-z0-9]", "", extension.lower())[:5] or "bin"
    return f"{number:0{width}d} - {plain or 'piece'}.{extension}"


def write_zip(stream, files, prints_name):
    """Write files as an archive, and the list of their SHA-256.

    :param files: ``(name, content)`` pairs, read one after another; a name that comes
        again gets a number.
    :param str prints_name: of the list.
    :return: number of files, the list not counted.
    """
    names, prints = set(), []
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            name = _free_name(name, names)
            archive.writestr(name, content)
            prints.append(f"{hashlib.sha256(content).hexdigest()}  {name}\n")
        archive.writestr(prints_name, "".join(prints))
    return len(prints)


def _free_name(name, names):
    stem, dot, extension = name.rpartition(".")
    free, count = name, 1
    while free.lower() in names:
        count += 1
        free = f"{stem} ({count}){dot}{extension}"
    names.add(free.lower())
    return free
