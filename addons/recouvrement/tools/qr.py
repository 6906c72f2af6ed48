"""Codes to scan, as pictures: with nothing but the QR encoder of reportlab, whose own
drawing of pictures needs libraries that not every server has."""

import io

from PIL import Image
from reportlab.graphics.barcode.qr import QrCodeWidget

QUIET = 4  # empty modules around the code, as the standard asks
PIXELS = 4  # of a module


def make_qr(text):
    """A QR code that says ``text``.

    :return: the picture as PNG, black on white.
    """
    code = QrCodeWidget(text, barLevel="L").qr
    code.make()
    size = code.moduleCount + 2 * QUIET
    picture = Image.new("1", (size, size), 1)
    for row in range(code.moduleCount):
        for column in range(code.moduleCount):
            if code.isDark(row, column):
                picture.putpixel((column + QUIET, row + QUIET), 0)
    stream = io.BytesIO()
    picture.resize((size * PIXELS, size * PIXELS)).save(stream, "PNG", optimize=True)
    return stream.getvalue()
