"""Five shapes of opening entries, and several years loaded together."""

from datetime import date
from decimal import Decimal

import pytest
from fec_books import Books, Dialect, codes, run

from recouvrement.tools.fec import FecSource, Kind


def y1(month, number=1):
    return date(2023, month, number)


def y2(month, number=1):
    return date(2024, month, number)


def first_year() -> Books:
    """Leaves C1: F2 200 and F3 150 of 2023, C2: F4 80 half paid, C3: -25."""
    books = Books()
    books.opening(y1(1), ("C9", 40, {}))
    books.payment("C9", y1(1, 15), 40)
    books.sale("C1", y1(2), 100, ref="F1", lettering="A")
    books.payment("C1", y1(3), 100, ref="R1", lettering="A")
    books.sale("C1", y1(10), 200, ref="F2")
    books.sale("C1", y1(11), 150, ref="F3")
    books.sale("C2", y1(12), 80, ref="F4")
    books.payment("C2", y1(12, 20), 30, ref="R2")
    books.payment("C3", y1(12, 28), 25, ref="R3")
    return books


OPEN_2023 = {"C1": Decimal(350), "C2": Decimal(50), "C3": Decimal(-25)}


def second_year(*openings, **journal) -> Books:
    books = Books()
    books.opening(y2(1), *openings, **journal)
    books.payment("C1", y2(2), 200, ref="R4")
    books.sale("C2", y2(3), 60, ref="F5")
    return books


DETAIL = (
    ("C1", 200, {"ref": "F2", "piece_date": y1(10)}),
    ("C1", 150, {"ref": "F3", "piece_date": y1(11)}),
    ("C2", 50, {"ref": "F4", "piece_date": y1(12)}),
    ("C3", -25, {"ref": "R3", "piece_date": y1(12, 28)}),
)
TOTALS = (("C1", 350, {}), ("C2", 50, {}), ("C3", -25, {}))
UNDATED = (
    ("C1", 200, {"ref": "510"}),
    ("C1", 150, {"ref": "510"}),
    ("C2", 60, {"ref": "510"}),
    ("C2", -10, {"ref": "510"}),
    ("C3", -25, {"ref": "510"}),
)
GLOBAL = (("", 375, {}),)


def pair(openings, **journal):
    return (
        first_year().source("2023.txt"),
        second_year(*openings, **journal).source("2024.txt"),
    )


def left(analysis) -> dict:
    return {
        (item.customer_key[1], item.ref): (item.amount, item.piece_date)
        for item in analysis.open_items
    }


# -- which lines open a year -----------------------------------------------------


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("AN", "OD54"),
        ("ANO", "x"),
        ("AD", "A Nouveaux Détaillés"),
        ("RAN", "x"),
        ("OUV", "Balance initiale"),
        ("2", "BILAN D'OUVERTURE"),
        ("99", "À nouveau"),
        ("99", "Report exercice précédent"),
    ],
)
def test_opening_journals(code, label):
    books = Books()
    books.opening(y2(1), *TOTALS, code=code, label=label)
    books.sale("C1", y2(2), 10)
    report = run(books.source()).report
    assert report.files[0].opening_411 == 3


def test_sales_in_a_journal_named_like_an_opening_open_nothing():
    books = Books()
    books.entry(
        "AN",
        "Annexe",
        y2(2),
        ("411000", "Clients", "C1", "", 10, {}),
        ("706000", "Ventes", "", "", -10, {}),
    )
    assert run(books.source()).open_items[0].kind is Kind.INVOICE


def test_the_entry_of_the_lowest_number_is_the_last_resort():
    books = Books()
    books.opening(y2(1), *TOTALS, code="OD", label="Divers")
    books.sale("C1", y2(1), 10)
    analysis = run(books.source())
    assert analysis.report.files[0].opening_411 == 3
    assert "opening_guessed" in codes(analysis)


def test_a_first_receipt_is_no_opening():
    books = Books()
    books.payment("C1", y2(1, 9), 10)
    books.payment("C1", y2(1, 10), 10)
    report = run(books.source()).report
    assert report.files[0].opening_411 == 0


# -- shapes ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("openings", "shape"),
    [
        (DETAIL, "dated"),
        (TOTALS, "customer"),
        (UNDATED, "detail"),
        (GLOBAL, "global"),
    ],
)
def test_shape(openings, shape):
    analysis = run(second_year(*openings).source())
    assert analysis.report.files[0].opening_shape == shape
    assert analysis.report.balance_411 == 375 - 200 + 60


def test_original_entry_dates_before_the_year_are_kept():
    """Detailed openings may bear the EcritureDate of the invoice."""
    books = Books()
    books.opening(y2(1), code="RAN", label="A nouveau")
    for who, amount, extra in DETAIL:
        books.opening(extra["piece_date"], (who, amount, extra), code="AD", label="AD")
    books.sale("C1", y2(2), 5)
    report = run(books.source(), as_of=y2(2)).report
    assert report.files[0].opening_shape == "dated"
    assert report.aged["91_180"] == 200  # F2, due on 31 October


def test_dated_openings_keep_their_age():
    analysis = run(second_year(*DETAIL).source(), as_of=y2(3, 31))
    due = {item.ref: item.due_date for item in analysis.open_items}
    assert due["F3"] == date(2023, 12, 1)
    assert analysis.report.aged["unknown"] == 0


def test_totals_have_an_unknown_age_and_never_over_180():
    analysis = run(second_year(*TOTALS).source(), as_of=date(2026, 1, 1))
    aged = analysis.report.aged
    assert (aged["unknown"], aged["over_180"]) == (200, 60)
    assert "opening_totals" in codes(analysis)
    assert {item.due_date for item in analysis.open_items if item.amount == 150} == {
        None
    }


def test_undated_details_age_from_the_opening_day_but_never_over_180():
    source = second_year(*UNDATED).source()
    assert run(source, as_of=y2(3, 15)).report.aged["31_60"] == 200
    late = run(source, as_of=y2(12, 31)).report.aged
    assert (late["unknown"], late["over_180"]) == (200, 60)


def test_one_line_for_all_cannot_be_chased():
    analysis = run(second_year(*GLOBAL).source())
    (item,) = [one for one in analysis.open_items if one.kind is Kind.OPENING]
    assert not item.chaseable and item.due_date is None
    assert "opening_global" in codes(analysis)


# -- two years -------------------------------------------------------------------


def test_the_first_year_alone():
    analysis = run(first_year().source())
    balances = {one.key[1]: one.balance for one in analysis.customers if one.balance}
    assert balances == OPEN_2023


@pytest.mark.parametrize("openings", [DETAIL, TOTALS, UNDATED, GLOBAL])
@pytest.mark.parametrize("backwards", [False, True])
def test_two_years_never_double(openings, backwards):
    files = pair(openings)
    report = run(*(reversed(files) if backwards else files)).report
    assert report.balance_411 == 375 - 200 + 60
    debits = sum(report.aged.values())
    assert debits + report.credit.sum == report.balance_411
    assert [one.role for one in report.files] == (
        ["current", "history"] if backwards else ["history", "current"]
    )


@pytest.mark.parametrize("openings", [DETAIL, TOTALS, UNDATED])
def test_undated_openings_get_back_the_invoices_of_the_year_before(openings):
    analysis = run(*pair(openings))
    found = left(analysis)
    assert found["C1", "F3"] == (150, y1(11))
    assert found["C2", "F4"] == (50, y1(12))
    assert found["C3", "R3"][0] == -25
    assert found["C2", "F5"] == (60, y2(3))
    assert len(found) == 4
    assert ("opening_replaced" in codes(analysis)) == (openings is not DETAIL)


def test_one_line_for_all_is_spread_over_its_invoices():
    analysis = run(*pair(GLOBAL))
    assert {key: value[0] for key, value in left(analysis).items()} == {
        ("C1", "F3"): 150,
        ("C2", "F4"): 50,
        ("C2", "F5"): 60,
        ("C3", "R3"): -25,
    }


def test_one_line_for_all_already_spread_by_hand_is_left_alone():
    year = second_year(*GLOBAL)
    year.entry(
        "OD",
        "Divers",
        y2(1),
        ("411000", "Clients", "", "", -375, {}),
        *(
            ("411000", "Clients", who, who, amount, {"ref": "OD"})
            for who, amount in OPEN_2023.items()
        ),
    )
    analysis = run(first_year().source("2023.txt"), year.source("2024.txt"))
    assert analysis.report.balance_411 == 375 - 200 + 60
    assert {ref for _who, ref in left(analysis)} == {"OD", "F5"}


def test_totals_that_differ_are_kept_and_told():
    files = pair((("C1", 350, {}), ("C2", 49, {}), ("C3", -25, {})))
    analysis = run(*files)
    assert analysis.report.balance_411 == 374 - 200 + 60
    (issue,) = [one for one in analysis.report.doubtful if one.code.endswith("differs")]
    assert (issue.params["opening"], issue.params["previous"]) == (49, 50)
    assert issue.line and issue.file == "2024.txt"
    assert left(analysis)["C1", "F3"] == (150, y1(11))


def test_what_an_older_year_left_is_never_added():
    """C2 was open in 2023 and the newest file knows nothing of it."""
    analysis = run(*pair((("C1", 350, {}), ("C3", -25, {}))))
    assert analysis.report.balance_411 == 325 - 200 + 60
    assert ("C2", "F4") not in left(analysis)
    assert "opening_differs" in codes(analysis)


def test_history_of_older_years_is_kept():
    analysis = run(*pair(TOTALS))
    assert [paid.item.ref for paid in analysis.history] == ["F1"]
    paid_later = run(*pair(TOTALS), history_steps=("lettering", "amount")).history
    assert {paid.item.ref: paid.days for paid in paid_later}["F2"] == 123


def test_a_code_of_the_next_file_tells_which_invoice_was_paid():
    older = Books()
    older.opening(y1(1), ("C9", 1, {}))
    older.sale("C1", y1(10), 100, ref="F1", lettering="ZA")
    older.sale("C1", y1(11), 100, ref="F2")
    newer = Books()
    newer.opening(y2(1), ("C1", 200, {}), ("C9", 1, {}))
    newer.payment("C1", y2(1, 20), 100, ref="R", lettering="ZA")
    alone = run(older.source("2023.txt"))
    assert [item.settled_later for item in alone.open_items].count(True) == 1
    both = run(older.source("2023.txt"), newer.source("2024.txt"))
    (paid,) = both.history
    assert (paid.item.ref, paid.days) == ("F1", 111)
    assert not any(item.settled_later for item in both.open_items)


def test_a_code_used_again_the_next_year_stays_in_its_year():
    older = Books()
    older.opening(y1(1), ("C9", 1, {}))
    older.sale("C1", y1(10), 100, ref="F1", lettering="A")
    newer = Books()
    newer.opening(y2(1), ("C1", 100, {}), ("C9", 1, {}))
    newer.sale("C1", y2(2), 60, ref="F2", lettering="A")
    newer.payment("C1", y2(3), 60, ref="R2", lettering="A")
    analysis = run(older.source("2023.txt"), newer.source("2024.txt"))
    assert [match.debit.ref for match in analysis.matches] == ["F2"]
    assert left(analysis)["C1", "F1"] == (100, y1(10))


def test_three_years_in_a_row():
    third = Books()
    third.opening(date(2025, 1, 1), ("C1", 150, {}), ("C2", 110, {}), ("C3", -25, {}))
    third.payment("C1", date(2025, 1, 9), 150)
    analysis = run(*pair(TOTALS), third.source("2025.txt"))
    assert analysis.report.balance_411 == 85
    assert set(left(analysis)) == {("C2", "F4"), ("C2", "F5"), ("C3", "R3")}


# -- files that are no other year ------------------------------------------------


def test_the_same_file_twice_counts_once():
    source = first_year().source("a.txt")
    analysis = run(source, FecSource("b.txt", data=source.data))
    assert analysis.report.balance_411 == 375
    assert "duplicate_file" in codes(analysis)


def test_a_large_file_cut_in_parts_is_one_year():
    rows = first_year().rows
    parts = [
        FecSource(name, data=Dialect().write(part))
        for name, part in (("1.txt", rows[:10]), ("2.txt", rows[10:]))
    ]
    whole = run(first_year().source())
    cut = run(*parts)
    assert cut.report.balance_411 == whole.report.balance_411 == 375
    assert cut.report.aged == whole.report.aged
    assert "no_opening" in codes(cut)


def test_a_draft_of_the_same_year_is_not_added():
    books = first_year()
    draft = FecSource("draft.txt", data=Dialect().write(books.rows[:12]))
    analysis = run(draft, books.source("final.txt"))
    assert analysis.report.balance_411 == 375
    assert {one.name: one.role for one in analysis.report.files} == {
        "draft.txt": "ignored",
        "final.txt": "current",
    }
    assert "overlap" in codes(analysis)


def test_two_exports_without_openings_are_not_added():
    books = first_year()
    rows = [row for row in books.rows if row.journal != "AN"]
    draft = FecSource("draft.txt", data=Dialect().write(rows[:12]))
    final = FecSource("final.txt", data=Dialect().write(rows))
    alone = run(final).report.balance_411
    analysis = run(draft, final)
    assert analysis.report.balance_411 == alone
    assert "overlap" in codes(analysis)


def test_lines_of_the_next_year_in_an_older_file_count_once():
    older = first_year()
    older.payment("C1", y2(2), 200, ref="R4")
    newer = second_year(*TOTALS)
    analysis = run(older.source("2023.txt"), newer.source("2024.txt"))
    assert analysis.report.balance_411 == 375 - 200 + 60
    assert "overlap" in codes(analysis)
    assert "opening_differs" not in codes(analysis)
