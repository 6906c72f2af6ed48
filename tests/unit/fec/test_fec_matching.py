"""Which credit pays which debit, and how sure that is."""

from datetime import date
from decimal import Decimal

import pytest
from fec_books import Books, balance_411, codes, lived_in_books, run

from recouvrement.tools.fec import BUCKETS, Kind, Step, bucket_of


def day(month, number=1):
    return date(2024, month, number)


def steps(analysis):
    return [(match.step, match.amount) for match in analysis.matches]


def test_lettering_links_whatever_the_dates():
    books = Books()
    books.sale("C1", day(1), 100)
    books.sale("C1", day(2), 100, lettering="AA")
    books.payment("C1", day(3), 100, lettering="AA")
    analysis = run(books.source())
    assert steps(analysis) == [(Step.LETTERING, 100)]
    assert [item.date for item in analysis.open_items] == [day(1)]


def test_a_code_belongs_to_one_customer():
    books = Books()
    books.sale("C1", day(1), 100, lettering="AA")
    books.payment("C2", day(2), 100, lettering="AA")
    analysis = run(books.source())
    assert analysis.matches == []
    assert {item.customer_key[1]: item.amount for item in analysis.open_items} == {
        "C1": 100,
        "C2": -100,
    }


def test_what_a_lettering_group_leaves_goes_on():
    books = Books()
    books.sale("C1", day(1), 100, lettering="AA")
    books.payment("C1", day(2), 60, lettering="AA")
    books.payment("C1", day(3), 40)
    analysis = run(books.source())
    assert steps(analysis) == [(Step.LETTERING, 60), (Step.AMOUNT, 40)]
    assert "group_unbalanced" in codes(analysis)
    assert analysis.open_items == []


def test_a_partly_paid_group_is_not_settled_later():
    books = Books()
    books.sale("C1", day(1), 100, lettering="AA")
    books.payment("C1", day(2), 60, lettering="AA")
    (item,) = run(books.source()).open_items
    assert (item.amount, item.original_amount) == (40, 100)
    assert not item.settled_later and item.chaseable


def test_the_same_piece_comes_before_the_same_amount():
    books = Books()
    books.sale("C1", day(1), 100, ref="F1")
    books.sale("C1", day(2), 100, ref="F2")
    books.payment("C1", day(3), 100, ref="F1")
    analysis = run(books.source())
    assert steps(analysis) == [(Step.PIECE, 100)]
    assert analysis.open_items[0].ref == "F2"


def test_the_same_amount_takes_the_latest_earlier_debit():
    books = Books()
    books.sale("C1", day(1), 100, ref="F1")
    books.sale("C1", day(2), 100, ref="F2")
    books.sale("C1", day(4), 100, ref="F3")
    books.payment("C1", day(3), 100)
    analysis = run(books.source())
    assert [match.debit.ref for match in analysis.matches] == ["F2"]


def test_the_rest_pays_the_oldest():
    books = Books()
    books.sale("C1", day(1), 100, ref="F1")
    books.sale("C1", day(2), 50, ref="F2")
    books.payment("C1", day(3), 120)
    analysis = run(books.source())
    assert steps(analysis) == [(Step.OLDEST, 100), (Step.OLDEST, 20)]
    (item,) = analysis.open_items
    assert (item.ref, item.amount) == ("F2", 30)
    assert analysis.report.matched_share()["oldest"] == 1


def test_a_lettered_debit_without_its_payment_was_settled_later():
    """Exported months after closing: the payment is in the next file."""
    books = Books()
    books.sale("C1", day(1), 500, ref="F1")
    books.sale("C1", day(12), 100, lettering="ZZ")
    books.payment("C1", day(12, 20), 100)
    analysis = run(books.source())
    later = {item.amount: item.settled_later for item in analysis.open_items}
    assert later == {Decimal(400): False, Decimal(100): True}
    assert analysis.report.settled_later.sum == 100
    assert [item.chaseable for item in analysis.open_items] == [True, False]
    assert "settled_later" in codes(analysis)


def test_settled_later_counts_in_the_balance():
    books = Books()
    books.sale("C1", day(12), 100, lettering="ZZ")
    books.payment("C1", day(12, 20), 30)
    analysis = run(books.source())
    assert analysis.report.balance_411 == 70
    assert [item.amount for item in analysis.open_items] == [70]


def test_payments_lettered_with_last_year_pay_the_opening_total():
    books = Books()
    books.opening(day(1), ("C1", 300, {}), ("C2", 10, {}))
    books.sale("C1", day(1, 5), 300, ref="F1")
    books.payment("C1", day(1, 20), 300, lettering="AB")
    analysis = run(books.source())
    assert [match.debit.kind for match in analysis.matches] == [Kind.OPENING]
    assert {item.ref for item in analysis.open_items} == {"F1", "P1"}


def test_one_sided_payments_are_left_to_allocate():
    books = Books()
    books.payment("C1", day(1), 10, lettering="A")
    books.payment("C1", day(2), 20, lettering="B")
    report = run(books.source()).report
    assert (report.open_items, report.open_credits) == (0, 2)
    assert (report.credit.count, report.credit.sum) == (1, -30)
    assert (report.files[0].groups, report.files[0].groups_unbalanced) == (2, 2)


def test_natures_come_from_the_other_accounts():
    books = Books()
    books.sale("C1", day(1), 100)
    books.sale("C2", day(1), -40)
    books.payment("C3", day(1), 30)
    books.payment("C4", day(1), -20)
    books.entry(
        "OD",
        "Divers",
        day(1),
        ("411000", "Clients", "C5", "", 5, {}),
        ("416000", "Douteux", "C5", "", -5, {}),
    )
    kinds = {one.customer_key[1]: one.kind for one in run(books.source()).open_items}
    assert kinds == {
        "C1": Kind.INVOICE,
        "C2": Kind.CREDIT_NOTE,
        "C3": Kind.PAYMENT,
        "C4": Kind.PAYMENT,
        "C5": Kind.OTHER,
    }


# -- ages and history ------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "bucket"),
    [
        ("2024-02-09", "not_due"),
        ("2024-02-10", "1_30"),
        ("2024-03-10", "1_30"),
        ("2024-03-11", "31_60"),
        ("2024-04-09", "31_60"),
        ("2024-04-10", "61_90"),
        ("2024-05-09", "61_90"),
        ("2024-05-10", "91_180"),
        ("2024-08-07", "91_180"),
        ("2024-08-08", "over_180"),
    ],
)
def test_ages_count_from_the_due_date(as_of, bucket):
    books = Books()
    books.sale("C1", day(1, 10), 100)
    as_of = date.fromisoformat(as_of)
    analysis = run(books.source(), as_of=as_of)
    assert bucket_of(analysis.open_items[0], as_of) == bucket
    assert {name for name, sum_ in analysis.report.aged.items() if sum_} == {bucket}
    assert tuple(analysis.report.aged) == BUCKETS


def test_terms_move_the_due_date():
    books = Books()
    books.sale("C1", day(1, 10), 100)
    assert run(books.source(), terms_days=45).open_items[0].due_date == day(2, 24)


def test_a_customer_may_have_its_own_terms():
    books = Books()
    books.sale("C1", day(1, 10), 100)
    books.sale("C2", day(1, 10), 100)
    analysis = run(books.source(), customer_terms={("411000", "C2"): 60})
    due = {item.customer_key[1]: item.due_date for item in analysis.open_items}
    assert due == {"C1": day(2, 9), "C2": day(3, 10)}


def test_the_due_date_counts_from_the_piece():
    books = Books()
    books.sale("C1", day(2), 100, piece_date=day(1))
    assert run(books.source()).open_items[0].due_date == day(1, 31)


def test_ages_are_at_the_last_entry_by_default():
    books = Books()
    books.sale("C1", day(1), 100)
    books.payment("C2", day(6, 30), 1)
    assert run(books.source()).report.as_of == day(6, 30)


def test_history_is_days_from_piece_to_last_payment():
    books = Books()
    books.sale("C1", day(1), 100, lettering="A")
    books.payment("C1", day(1, 31), 60, lettering="A")
    books.payment("C1", day(3, 1), 40, lettering="A")
    (paid,) = run(books.source()).history
    assert (paid.days, paid.step, paid.weight) == (60, Step.LETTERING, 1)
    assert [match.amount for match in paid.matches] == [60, 40]
    assert paid.item.original_amount == 100 and paid.item.amount == 0


def test_a_credit_note_is_no_payment():
    books = Books()
    books.sale("C1", day(1), 100, lettering="A")
    books.payment("C1", day(1, 11), 60, lettering="A")
    books.sale("C1", day(5), -40, lettering="A")
    books.sale("C2", day(1), 100, lettering="B")
    books.sale("C2", day(2), -100, lettering="B")
    (paid,) = run(books.source()).history
    assert (paid.item.customer_key[1], paid.days) == ("C1", 10)


def test_a_credit_taken_over_has_lost_its_day():
    books = Books()
    books.opening(day(1), ("C1", -100, {"lettering": "A"}), ("C2", 5, {}))
    books.sale("C1", day(2), 100, lettering="A")
    analysis = run(books.source())
    assert [match.step for match in analysis.matches] == [Step.LETTERING]
    assert analysis.history == []


def test_partly_taken_over_credits_make_no_history_either():
    books = Books()
    books.opening(day(1), ("C1", -40, {"lettering": "A"}), ("C2", 5, {}))
    books.sale("C1", day(2), 100, lettering="A")
    books.payment("C1", day(3), 60, lettering="A")
    assert run(books.source()).history == []


def test_one_reference_for_all_openings_is_no_key():
    books = Books()
    lines = [("C1", 100, {"ref": "510"}), ("C1", -30, {"ref": "510"})]
    books.opening(day(1), *lines)
    books.sale("C1", day(2), 1, ref="F1")
    analysis = run(books.source())
    assert steps(analysis) == [(Step.OLDEST, 30)]


def test_an_opening_that_kept_its_date_tells_the_slow_payers():
    books = Books()
    extra = {"piece_date": date(2023, 6, 1), "lettering": "A"}
    books.opening(day(1), ("C1", 100, extra))
    books.payment("C1", day(1, 28), 100, lettering="A")
    (paid,) = run(books.source()).history
    assert paid.days == 241


def test_only_lettered_history_unless_asked():
    books = Books()
    books.sale("C1", day(1), 100)
    books.payment("C1", day(2), 100)
    assert run(books.source()).history == []
    (paid,) = run(books.source(), history_steps=tuple(Step)).history
    assert paid.step is Step.AMOUNT and 0 < paid.weight < 1


def test_uids_do_not_depend_on_the_file():
    books = lived_in_books()
    one = run(books.source("a.txt"))
    other = run(books.source("b.csv", separator=";", encoding="cp1252", decimal="."))
    uids = [item.uid for item in one.open_items]
    assert uids == [item.uid for item in other.open_items]
    assert len(set(uids)) == len(uids)


def test_twin_lines_have_two_uids():
    books = Books()
    books.sale("C1", day(1), 163, ref="F")
    books.number -= 1
    books.sale("C1", day(1), 163, ref="F")
    one, other = run(books.source()).open_items
    assert one.uid != other.uid


def test_the_open_items_are_the_accounts():
    books = lived_in_books(customers=12)
    analysis = run(books.source())
    assert sum(item.amount for item in analysis.open_items) == balance_411(books.rows)
    for customer in analysis.customers:
        left = [
            item.amount
            for item in analysis.open_items
            if item.customer_key == customer.key
        ]
        assert sum(left) == customer.balance
        assert len({amount > 0 for amount in left}) <= 1
