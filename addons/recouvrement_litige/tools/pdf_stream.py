"""A PDF that is written while it grows: what was added is on disk, not in memory.

Of the pages that are written only their numbers are kept, 100 bytes or so each.
"""

import io
from collections import deque

try:
    from pypdf import PdfReader
    from pypdf import generic as pdf

    KEY = ()
except ImportError:  # what Odoo 19 installs with Python 3.11 and 3.12
    from PyPDF2 import PdfReader
    from PyPDF2 import generic as pdf

    KEY = (None,)  # its writers ask for a key of encryption

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
ROOT, PAGES, INFO = 1, 2, 3  # numbers of the objects that are written last
NO_OBJECT = b"0000000000 65535 f \n"


class PdfStream:
    """Pages of several documents, one after another, with bookmarks.

    :param stream: binary file opened for writing, empty.
    :param dict info: ``/Title``, ``/Author`` and the like.
    """

    def __init__(self, stream, info=None):
        self._stream = stream
        self._info = info or {}
        self._places = [None] * INFO
        self._pages = []
        self._marks = []
        stream.write(HEADER)

    def add(self, content, title=None):
        """Write the pages of a document.

        :param bytes content: PDF that a ``PdfWriter`` made: its pages are in one row.
        :param str title: bookmark of its first page.
        """
        reader = PdfReader(io.BytesIO(content))
        tree = reader.trailer["/Root"]["/Pages"]
        copy = _Copy(self, reader)
        pages = [copy.number(page) for page in tree["/Kids"]]
        if title and pages:
            self._marks.append((title, pages[0]))
        self._pages += pages
        copy.run(set(pages))

    def close(self):
        """Write what ties the pages together; the stream stays open."""
        root = {"/Type": pdf.NameObject("/Catalog"), "/Pages": _ref(PAGES)}
        if self._marks:
            root["/Outlines"] = _ref(self._write_marks())
            root["/PageMode"] = pdf.NameObject("/UseOutlines")
        kids = pdf.ArrayObject(_ref(page) for page in self._pages)
        count = pdf.NumberObject(len(self._pages))
        pages = {"/Type": pdf.NameObject("/Pages"), "/Kids": kids, "/Count": count}
        self.write_object(PAGES, _dictionary(pages))
        info = {key: _text(value) for key, value in self._info.items()}
        self.write_object(INFO, _dictionary(info))
        self.write_object(ROOT, _dictionary(root))
        self._write_table()

    # ------------------------------------------------------------------
    # OBJECTS
    # ------------------------------------------------------------------

    def reserve(self):
        """Number of an object that is written later."""
        self._places.append(None)
        return len(self._places)

    def write_object(self, number, content):
        self._places[number - 1] = self._stream.tell()
        self._stream.write(b"%d 0 obj\n" % number)
        content.write_to_stream(self._stream, *KEY)
        self._stream.write(b"\nendobj\n")

    def _write_marks(self):
        """Bookmarks, in one level.

        :return: number of what they hang on.
        """
        root, ids = self.reserve(), [self.reserve() for _mark in self._marks]
        for place, (title, page) in enumerate(self._marks):
            mark = {
                "/Title": _text(title),
                "/Parent": _ref(root),
                "/Dest": pdf.ArrayObject([_ref(page), pdf.NameObject("/Fit")]),
            }
            if place:
                mark["/Prev"] = _ref(ids[place - 1])
            if place + 1 < len(ids):
                mark["/Next"] = _ref(ids[place + 1])
            self.write_object(ids[place], _dictionary(mark))
        tied = {
            "/Type": pdf.NameObject("/Outlines"),
            "/First": _ref(ids[0]),
            "/Last": _ref(ids[-1]),
            "/Count": pdf.NumberObject(len(ids)),
        }
        self.write_object(root, _dictionary(tied))
        return root

    def _write_table(self):
        start, size = self._stream.tell(), len(self._places) + 1
        self._stream.write(b"xref\n0 %d\n" % size + NO_OBJECT)
        for place in self._places:
            line = b"%010d 00000 n \n" % place if place else NO_OBJECT
            self._stream.write(line)
        trailer = _dictionary(
            {
                "/Size": pdf.NumberObject(size),
                "/Root": _ref(ROOT),
                "/Info": _ref(INFO),
            }
        )
        self._stream.write(b"trailer\n")
        trailer.write_to_stream(self._stream, *KEY)
        self._stream.write(b"\nstartxref\n%d\n%%%%EOF\n" % start)


class _Copy:
    """Objects of one document with new numbers: those that its pages need."""

    def __init__(self, target, reader):
        self._target = target
        self._reader = reader
        self._numbers = {}
        self._waiting = deque()

    def number(self, reference):
        """New number of an object, which will be written."""
        key = reference.idnum, reference.generation
        if key not in self._numbers:
            self._numbers[key] = self._target.reserve()
            self._waiting.append(reference)
        return self._numbers[key]

    def run(self, pages):
        """Write all that was numbered, and what that refers to.

        :param pages: new numbers of pages, whose parent is the one of the new file.
        """
        while self._waiting:
            reference = self._waiting.popleft()
            number = self.number(reference)
            content = self._reader.get_object(reference)
            if number in pages:
                content.pop("/Parent", None)
            content = self._translate(content)
            if number in pages:
                content[pdf.NameObject("/Parent")] = _ref(PAGES)
            self._target.write_object(number, content)

    def _translate(self, content):
        if isinstance(content, pdf.IndirectObject):
            return _ref(self.number(content))
        if isinstance(content, dict):
            for key, value in list(content.items()):
                dict.__setitem__(content, key, self._translate(value))
        elif isinstance(content, list):
            content[:] = [self._translate(value) for value in content]
        return pdf.NullObject() if content is None else content


def _ref(number):
    return pdf.IndirectObject(number, 0, None)


def _text(value):
    return pdf.TextStringObject(value)


def _dictionary(values):
    return pdf.DictionaryObject(
        {pdf.NameObject(key): value for key, value in values.items()}
    )
