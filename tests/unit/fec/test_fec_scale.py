"""Memory and time do not follow the size of the file."""

import random
import time
import tracemalloc
from datetime import date, timedelta

from fec_books import NAMES_18, Books, run

from recouvrement.tools.fec import FecReader, FecSource

LINE = "{j}\t{j}\t{n}\t{d}\t{a}\tCompte\t{x}\t{x}\tF{n}\t{d}\tLibellé {n}\t{db}\t{cr}"


def write_big(path, entries: int, receivable_share: float = 0.2, seed: int = 3) -> int:
    """Write entries of four lines; return the number of lines."""
    rng = random.Random(seed)
    lines = 0
    with path.open("w", encoding="utf-8") as stream:
        stream.write("\t".join(NAMES_18) + "\n")
        for number in range(entries):
            day = date(2024, 1, 1) + timedelta(days=number * 365 // entries)
            amount = rng.randint(100, 99_999)
            sale = rng.random() < receivable_share
            who = f"C{rng.randint(1, 2000)}" if sale else ""
            legs = [
                ("411000" if sale else "401000", who, amount * 3),
                ("707000", "", -amount),
                ("706000", "", -amount),
                ("512000" if number % 2 else "708000", "", -amount),
            ]
            for account, aux, cents in legs:
                text = f"{abs(cents) // 100},{abs(cents) % 100:02}"
                stream.write(
                    LINE.format(
                        j="VE",
                        n=number,
                        d=f"{day:%Y%m%d}",
                        a=account,
                        x=aux,
                        db=text if cents > 0 else "0",
                        cr="0" if cents > 0 else text,
                    )
                    + "\t\t\t\t\t\n"
                )
                lines += 1
    return lines


def peak_of(action) -> int:
    tracemalloc.start()
    try:
        action()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_reading_needs_the_same_memory_for_ten_times_the_lines(tmp_path):
    peaks = []
    for entries in (500, 5_000):
        path = tmp_path / f"{entries}.txt"
        write_big(path, entries)
        reader = FecReader(FecSource.from_path(path))
        peaks.append(peak_of(lambda reader=reader: sum(1 for _line in reader)))
    assert peaks[1] < peaks[0] * 1.5 + 200_000


def test_analysing_keeps_only_receivable_lines(tmp_path):
    """Nine lines in ten are not receivables: they must leave almost no trace."""
    path = tmp_path / "big.txt"
    lines = write_big(path, 10_000, receivable_share=0.0)
    source = FecSource.from_path(path)
    peak = peak_of(lambda: run(source))
    assert peak < 6_000_000 + 60 * lines


def test_one_customer_of_many_equal_lines_is_not_quadratic():
    def seconds(count: int) -> float:
        books = Books()
        for number in range(count):
            day = date(2024, 1, 1) + timedelta(days=number % 300)
            books.sale("C1", day, 10, ref="")
            if number % 2:
                books.payment("C1", day, 10 if number % 4 == 1 else 7, ref="")
        source = books.source()
        start = time.perf_counter()
        run(source)
        return time.perf_counter() - start

    small, large = min(seconds(1_000) for _try in range(2)), seconds(8_000)
    assert large < small * 8 * 4 + 0.5
