"""Files that were downloaded, read back."""

import io
import re

from openpyxl import load_workbook
from pypdf import PdfReader


def pdf_pages(file):
    """Text of each page of a PDF, with plain spaces."""
    assert file["content"].startswith(b"%PDF"), file["name"]
    pages = PdfReader(io.BytesIO(file["content"])).pages
    return [re.sub(r"\s+", " ", page.extract_text()) for page in pages]


def squeezed(text):
    """A text without its spaces: a PDF puts some of its own between kerned letters."""
    return "".join(text.split())


def workbook(file):
    """A spreadsheet, opened."""
    return load_workbook(io.BytesIO(file["content"]))


def cells(sheet):
    """Every value of a sheet that is not empty."""
    return [value for row in sheet.values for value in row if value is not None]
