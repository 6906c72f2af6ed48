"""Codes to scan."""

import io

from PIL import Image

from recouvrement.tools.qr import PIXELS, QUIET, make_qr

ADDRESS = "https://www.example.com/recouvrement/portal/12345-" + "a1" * 32


def modules(text):
    picture = Image.open(io.BytesIO(make_qr(text)))
    assert picture.width == picture.height
    size = picture.width // PIXELS
    return [
        [picture.getpixel((x * PIXELS, y * PIXELS)) == 0 for x in range(size)]
        for y in range(size)
    ]


def test_the_code_has_its_three_corners_in_an_empty_frame():
    rows = modules(ADDRESS)
    size = len(rows)
    assert (size - 2 * QUIET - 17) % 4 == 0, "a size of the standard"
    assert not any(any(row[:QUIET]) or any(row[-QUIET:]) for row in rows)
    assert not any(any(row) for row in rows[:QUIET] + rows[-QUIET:])
    last = size - QUIET - 7
    for top, left in ((QUIET, QUIET), (QUIET, last), (last, QUIET)):
        assert all(rows[top][left : left + 7])
        assert rows[top + 1][left : left + 7] == [True] + [False] * 5 + [True]
        assert all(rows[top + 3][left + 2 : left + 5])


def test_another_address_is_another_code():
    assert make_qr(ADDRESS) == make_qr(ADDRESS)
    assert make_qr(ADDRESS) != make_qr(ADDRESS[:-1] + "0")


def test_the_code_of_an_address_is_large_enough_to_print_small():
    assert len(modules(ADDRESS)) <= 61, "0.38 mm a module on 23 mm of paper"
