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
