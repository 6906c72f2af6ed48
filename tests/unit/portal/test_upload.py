"""Which documents of strangers are taken."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recouvrement.tools.upload import (
    FILE_BYTES_MAX,
    FILES_MAX,
    NAME_MAX,
    UploadError,
    check_uploads,
    is_small_png,
)

PDF = b"%PDF-1.7 text"


def archive(*names, first=None):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as zipped:
        if first:
            zipped.writestr("mimetype", first)
        for name in names:
            zipped.writestr(name, "x")
    return stream.getvalue()


def refused(name, content):
    with pytest.raises(UploadError) as caught:
        check_uploads([(name, content)])
    return caught.value.code


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("proof.pdf", PDF),
        ("PROOF.PDF", PDF),
        ("a.b.png", b"\x89PNG\r\n\x1a\n.."),
        ("photo.JPG", b"\xff\xd8\xff\xe0"),
        ("order.docx", archive("word/document.xml")),
        ("list.xlsx", archive("xl/workbook.xml")),
        ("o.odt", archive(first="application/vnd.oasis.opendocument.text")),
        ("o.ods", archive(first="application/vnd.oasis.opendocument.spreadsheet")),
    ],
)
def test_documents_people_really_send_are_taken(name, content):
    [taken] = check_uploads([(name, content)])
    assert (taken.name, taken.content) == (name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("run.exe", b"MZ"),
        ("page.html", b"<html>"),
        ("page.svg", b"<svg/>"),
        ("proof.pdf", b"<html>"),
        ("proof.pdf.html", PDF),
        ("pdf", PDF),
        (".pdf", b"MZ"),
        ("order.docx", archive("xl/workbook.xml")),
        ("order.docx", archive("word/document.xml", "word/vbaProject.bin")),
        ("archive.zip", archive("word/document.xml")),
    ],
)
def test_others_are_refused_by_name_or_content(name, content):
    assert refused(name, content) == "kind"


def test_empty_large_and_many_documents_are_refused():
    assert refused("a.pdf", b"") == "empty"
    assert refused("a.pdf", PDF.ljust(FILE_BYTES_MAX + 1)) == "size"
    check_uploads([("a.pdf", PDF.ljust(FILE_BYTES_MAX))])
    with pytest.raises(UploadError) as caught:
        check_uploads([("a.pdf", PDF)] * (FILES_MAX + 1))
    assert caught.value.code == "count"


@given(st.text(max_size=300))
def test_a_name_never_leaves_its_folder(stem):
    [taken] = check_uploads([(f"{stem}x.pdf", PDF)])
    assert taken.name.endswith(".pdf")
    assert len(taken.name) <= NAME_MAX + 4
    assert not set(taken.name) & set('/\\:*?"<>|\n\r\0')


@given(st.binary(max_size=60), st.sampled_from(["pdf", "png", "jpg", "docx", "exe"]))
def test_whatever_comes_is_taken_or_refused_with_a_reason(content, extension):
    try:
        check_uploads([(f"a.{extension}", content)])
    except UploadError as error:
        assert error.code in ("empty", "kind")


def _png(width, height, start=b"\x89PNG\r\n\x1a\n"):
    sides = width.to_bytes(4, "big") + height.to_bytes(4, "big")
    return start + b"\x00\x00\x00\rIHDR" + sides + b"\x08\x06\x00\x00\x00"


@pytest.mark.parametrize(
    ("content", "taken"),
    [
        (_png(600, 200), True),
        (_png(4000, 4000), True),
        (_png(4001, 1), False),
        (_png(1, 2**31), False),
        (_png(0, 10), False),
        (_png(600, 200, b"\xff\xd8\xff"), False),
        (_png(600, 200)[:18], False),
        (b"", False),
    ],
)
def test_a_drawing_is_a_png_of_a_size_that_a_person_draws(content, taken):
    assert is_small_png(content) is taken
