"""Pieces become one file of numbered pages, or an archive."""

import gc
import hashlib
import io
import tracemalloc
import zipfile
from random import Random
from tempfile import TemporaryFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject
from recouvrement_litige.tools.bundle import (
    Binder,
    NotPrintable,
    Part,
    piece_name,
    to_pdf,
    write_zip,
)
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen import canvas


def pdf(*texts, rotate=0, size=(595, 842)):
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream, pagesize=size)
    for text in texts:
        sheet.drawString(72, 400, text)
        sheet.showPage()
    sheet.save()
    if not rotate:
        return stream.getvalue()
    writer = PdfWriter(clone_from=PdfReader(stream))
    for page in writer.pages:
        page.rotate(rotate)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def picture(kind="PNG", size=(300, 200), mode="RGB", **options):
    stream = io.BytesIO()
    Image.new(mode, size, "red" if mode != "1" else 1).save(stream, kind, **options)
    return stream.getvalue()


def bind(parts, pages, **options):
    binder = Binder(pages, **options)
    firsts = [binder.add(part) for part in parts]
    stream = io.BytesIO()
    binder.save(stream)
    return firsts, PdfReader(io.BytesIO(stream.getvalue()))


def test_pages_are_stamped_and_numbered_and_pieces_bookmarked():
    firsts, reader = bind(
        [
            Part("", "Cover", pdf("front")),
            Part("Pièce n° 1", "1. Contract", pdf("one", "two")),
            Part("Pièce n° 2", "2. Invoice", pdf("three")),
        ],
        4,
        folio="p. %(page)s / %(pages)s",
        info={"/Title": "Dossier"},
    )
    assert firsts == [1, 2, 4]
    texts = [page.extract_text() for page in reader.pages]
    assert "Pièce" not in texts[0] and "p. 1 / 4" in texts[0]
    assert "Pièce n° 1 – 1/2" in texts[1] and "one" in texts[1]
    assert "Pièce n° 1 – 2/2" in texts[2] and "p. 3 / 4" in texts[2]
    assert "Pièce n° 2" in texts[3] and "1/1" not in texts[3]
    marks = [
        (mark.title, reader.get_destination_page_number(mark))
        for mark in reader.outline
    ]
    assert marks == [("Cover", 0), ("1. Contract", 1), ("2. Invoice", 3)]
    assert reader.metadata.title == "Dossier"


def test_a_turned_page_is_stamped_where_the_reader_looks():
    _firsts, reader = bind([Part("Pièce n° 1", "x", pdf("x", rotate=90))], 1)
    page = reader.pages[0]
    assert not page.get("/Rotate")
    assert float(page.mediabox.width) > float(page.mediabox.height)
    assert "Pièce n° 1" in page.extract_text()


def test_numbers_that_lie_are_refused():
    with pytest.raises(ValueError):
        bind([Part("", "", pdf("x"))], 2)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "TIFF"])
def test_a_picture_makes_a_page(kind):
    content, count = to_pdf(picture(kind))
    assert count == 1
    assert len(PdfReader(io.BytesIO(content)).pages) == 1


@pytest.mark.parametrize("mode", ["RGBA", "LA", "L", "1"])
def test_a_picture_of_any_colours_makes_a_page(mode):
    assert to_pdf(picture("PNG", mode=mode))[1] == 1


def test_a_scan_of_several_pages_makes_as_many():
    frames = [Image.new("L", (100, 140)) for _ in range(3)]
    stream = io.BytesIO()
    frames[0].save(stream, "TIFF", save_all=True, append_images=frames[1:])
    assert to_pdf(stream.getvalue())[1] == 3


def test_a_picture_of_gigabytes_of_dots_is_not_unpacked():
    with pytest.raises(NotPrintable) as error:
        to_pdf(picture("PNG", size=(20_000, 20_000), mode="1"))
    assert error.value.reason in ("large", "damaged")


def test_a_large_scan_is_scaled_down():
    content, _count = to_pdf(picture("JPEG", size=(5_000, 7_000)))
    assert len(content) < 500_000


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "kind"),
        (b"PK\x03\x04 a workbook", "kind"),
        (b"%PDF-1.7 but nothing else", "damaged"),
        (b"\x89PNG\r\n\x1a\n broken", "damaged"),
        (b"\xff\xd8\xff broken", "damaged"),
    ],
)
def test_what_makes_no_pages_says_why(content, reason):
    with pytest.raises(NotPrintable) as error:
        to_pdf(content)
    assert error.value.reason == reason


def test_a_locked_file_says_so_and_an_empty_password_opens():
    def locked(password):
        writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("x"))))
        writer.encrypt(password, owner_password="owner", algorithm="RC4-128")
        stream = io.BytesIO()
        writer.write(stream)
        return stream.getvalue()

    with pytest.raises(NotPrintable) as error:
        to_pdf(locked("secret"))
    assert error.value.reason == "locked"
    content, count = to_pdf(locked(""))
    assert count == 1
    assert bind([Part("Pièce n° 1", "x", content)], 1)[0] == [1]


def test_a_piece_does_nothing_by_itself():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("x"))))
    script = DictionaryObject(
        {
            NameObject("/S"): NameObject("/JavaScript"),
            NameObject("/JS"): TextStringObject("app.alert(1)"),
        }
    )
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    writer.root_object[NameObject("/OpenAction")] = script
    writer.add_attachment("virus.exe", b"MZ")
    stream = io.BytesIO()
    writer.write(stream)
    binder = Binder(1)
    binder.add(Part("Pièce n° 1", "x", stream.getvalue()))
    out = io.BytesIO()
    binder.save(out)
    for sign in (b"JavaScript", b"app.alert", b"virus.exe", b"/AA"):
        assert sign not in out.getvalue()


def test_a_piece_that_breaks_leaves_the_file_as_it_was():
    binder = Binder(1)
    with pytest.raises(NotPrintable):
        binder.add(Part("Pièce n° 1", "x", b"%PDF-1.4 nothing"))
    assert binder.count == 0
    binder.add(Part("Pièce n° 1", "x", pdf("y")))
    binder.save(io.BytesIO())


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_make_pages_or_say_why(noise):
    for content in (noise, b"%PDF-1.4\n" + noise, b"\xff\xd8\xff" + noise):
        try:
            assert to_pdf(content)[1] > 0
        except NotPrintable as error:
            assert error.reason in ("kind", "damaged", "locked", "large")


def test_names_of_the_archive_are_plain():
    assert piece_name(3, "Facture FAC/2026/0001", "PDF") == (
        "03 - Facture FAC-2026-0001.pdf"
    )
    assert piece_name(12, "../../etc/passwd", "x/y", 3) == "012 - etc-passwd.xy"
    assert piece_name(1, "  ", "") == "01 - piece.bin"
    assert len(piece_name(1, "é" * 500, "pdf")) < 120


@given(st.text(), st.text())
def test_no_name_leaves_its_folder(title, extension):
    name = piece_name(1, title, extension)
    assert not set('/\\\0\n:*?"<>|') & set(name)
    assert name.startswith("01 - ")


def test_the_archive_tells_the_fingerprint_of_each_file():
    stream = io.BytesIO()
    files = [("01 - a.pdf", b"one"), ("01 - A.pdf", b"two")]
    assert write_zip(stream, iter(files), "SHA256.txt") == 2
    with zipfile.ZipFile(stream) as archive:
        assert archive.namelist() == ["01 - a.pdf", "01 - A (2).pdf", "SHA256.txt"]
        prints = archive.read("SHA256.txt").decode()
        assert f"{hashlib.sha256(b'two').hexdigest()}  01 - A (2).pdf" in prints


def test_three_hundred_pieces_make_one_file():
    content = pdf("invoice")
    parts = [Part(f"Pièce n° {n}", f"{n}", content) for n in range(1, 301)]
    firsts, reader = bind(parts, 300)
    assert firsts[-1] == 300 and len(reader.pages) == 300
    assert "300 / 300" in reader.pages[299].extract_text()


def _heavy():
    """A page of 200 kB that cannot be packed."""
    sheet, content = io.BytesIO(), io.BytesIO()
    noise = Random(1).randbytes(187_500)
    Image.frombytes("RGB", (250, 250), noise).save(content, "PNG")
    page = canvas.Canvas(sheet)
    page.drawImage(ImageReader(content), 0, 0)
    page.save()
    return sheet.getvalue()


def _peak(count, content):
    """Memory at its highest while a piece is bound so many times."""
    tracemalloc.start()
    try:
        with Binder(count) as binder, TemporaryFile() as stream:
            for number in range(count):
                binder.add(Part(f"{number}", f"{number}. Piece", content))
                gc.collect()  # Readers and pages refer to each other.
            binder.save(stream)
            assert stream.tell() > count * 150_000
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_number_of_pieces():
    content = _heavy()
    few, many = _peak(4, content), _peak(20, content)
    assert many < few + 500_000


def test_what_pages_share_is_written_once_and_links_stay():
    source = io.BytesIO()
    sheet = canvas.Canvas(source)
    for place in range(3):
        sheet.bookmarkPage(f"p{place}")
        sheet.linkRect("", "p2", (10, 10, 50, 50))
        sheet.showPage()
    sheet.save()
    _firsts, reader = bind([Part("A", "1. A", source.getvalue())] * 2, 6)
    assert len(reader.pages) == 6
    tree = reader.trailer["/Root"]["/Pages"]
    assert tree["/Count"] == 6
    assert all(page["/Parent"] == tree for page in reader.pages)
    numbers = [page.indirect_reference.idnum for page in reader.pages]
    assert len(set(numbers)) == 6


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=6), st.text(max_size=20))
def test_whatever_is_bound_is_read_again_strictly(sizes, title):
    title = title.replace("\0", "") or "x"
    parts = [
        Part("", f"{title}{place}", pdf(*(f"{place}-{n}" for n in range(size))))
        for place, size in enumerate(sizes)
    ]
    binder = Binder(sum(sizes), info={"/Title": title})
    for part in parts:
        binder.add(part)
    stream = io.BytesIO()
    binder.save(stream)
    reader = PdfReader(stream, strict=True)
    assert len(reader.pages) == sum(sizes)
    assert len(reader.outline) == len(sizes)
    assert reader.metadata.title == title
