"""A PDF followed by its numbered annexes, in one file.

Annexes come from attachments that others made: one that cannot be read is named, and
never stops the others.
"""

import io

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from reportlab.pdfgen import canvas

PAGES_MAX = 300  # pages of one annex
MARGIN = 18  # points
# Errors of pypdf on damaged files, besides its own.
UNREADABLE = (
    PyPdfError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    RecursionError,
    OverflowError,
    NotImplementedError,
)


def merge(main, annexes):
    """Put annexes behind a document, each of their pages with its label.

    :param bytes main: PDF of the document.
    :param annexes: ``(label, bytes)`` pairs.
    :return: ``(bytes, [labels that could not be read])``.
    """
    writer = PdfWriter()
    for page in PdfReader(io.BytesIO(main)).pages:
        writer.add_page(page)
    left = []
    for label, content in annexes:
        pages = _read(content)
        if pages is None:
            left.append(label)
            continue
        for number, page in enumerate(pages, start=1):
            added = writer.add_page(page)
            _stamp(added, f"{label} – {number}/{len(pages)}")
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue(), left


def _read(content):
    """Pages of an annex, or None when there are none to be read."""
    try:
        reader = PdfReader(io.BytesIO(content or b""))
        if reader.is_encrypted and not reader.decrypt(""):
            return None
        pages = list(reader.pages)
        for page in pages:
            page.mediabox  # noqa: B018, a damaged page shows here
    except UNREADABLE:
        return None
    return pages if 0 < len(pages) <= PAGES_MAX else None


def _stamp(page, text):
    """Write a label at the top right of a page."""
    box = page.mediabox
    width, height = float(box.width), float(box.height)
    if not 0 < width < 15_000 or not 0 < height < 15_000:
        return
    stream = io.BytesIO()
    drawing = canvas.Canvas(stream, pagesize=(width, height))
    drawing.setFont("Helvetica-Bold", 9)
    label = text.encode("cp1252", errors="replace").decode("cp1252")
    size = drawing.stringWidth(label, "Helvetica-Bold", 9) + 8
    left, top = width - MARGIN - size, height - MARGIN
    drawing.setFillGray(1)
    drawing.rect(left, top - 14, size, 14, fill=1, stroke=1)
    drawing.setFillGray(0)
    drawing.drawRightString(width - MARGIN - 4, top - 10, label)
    drawing.save()
    try:
        page.merge_page(PdfReader(stream).pages[0])
    except UNREADABLE:
        return
