"""Cases of practice, worked out by hand: amount × days × rate / 36 500."""

from datetime import date
from decimal import Decimal

import pytest
from interest_books import LEGAL_PRO, table

from recouvrement.tools.interest import (
    Claim,
    FixedRate,
    HalfYearRate,
    MissingRate,
    Movement,
    Pause,
    Terms,
    accrue,
    is_late,
)

COMMERCIAL = Terms(HalfYearRate(table(), Decimal(10)))


def claim(principal, due, *movements, **more):
    return Claim(Decimal(principal), due, tuple(movements), **more)


def paid(day, amount, kind="payment"):
    return Movement(day, Decimal(amount), kind)


def told(accrual):
    """What a statement prints of each segment."""
    return [
        (f"{one.first:%d/%m/%y}", one.days, str(one.rate), str(one.base))
        + (str(one.amount),)
        for one in accrual.segments
    ]


def test_the_rate_follows_the_half_years_and_the_base_the_payments():
    # 10 000 × 77 × 10,00 / 36 500 = 210,9589            sum 210,9589 -> 210,96
    # 10 000 × 46 × 12,50 / 36 500 = 157,5342            sum 368,4932 -> 368,49
    #  6 000 × 135 × 12,50 / 36 500 = 277,3973           sum 645,8904 -> 645,89
    #  6 000 × 62 × 14,00 / 36 500 = 142,6849            sum 788,5753 -> 788,58
    owed = claim("10000", date(2022, 10, 15), paid(date(2023, 2, 15), "4000"))
    accrual = accrue(owed, COMMERCIAL, date(2023, 8, 31))
    assert told(accrual) == [
        ("16/10/22", 77, "10.00", "10000.00", "210.96"),
        ("01/01/23", 46, "12.50", "10000.00", "157.53"),
        ("16/02/23", 135, "12.50", "6000.00", "277.40"),
        ("01/07/23", 62, "14.00", "6000.00", "142.69"),
    ]
    assert accrual.total == Decimal("788.58")
    assert accrual.balance == Decimal("6000.00")
    assert [one.label for one in accrual.segments] == [
        "2022-S2",
        "2023-S1",
        "2023-S1",
        "2023-S2",
    ]
    assert {one.reason for one in accrual.segments} == {"half_year"}


def test_the_first_day_is_the_day_after_and_the_day_of_payment_counts():
    # 36 500 × 1 × 12,15 / 36 500 = 12,15 a day: the 11th to the 15th are five days
    owed = claim("36500", date(2026, 4, 10), paid(date(2026, 4, 15), "36500"))
    for day, expected in ((10, "0"), (11, "12.15"), (15, "60.75"), (16, "60.75")):
        accrual = accrue(owed, COMMERCIAL, date(2026, 4, day))
        assert accrual.total == Decimal(expected), day


def test_interest_earned_before_the_payment_stays_claimable_for_ever():
    # 1 000 × 30 × 12,15 / 36 500 = 9,9863; no figure is needed once all is paid
    owed = claim("1000", date(2026, 1, 31), paid(date(2026, 3, 2), "1000"))
    for until in (date(2026, 3, 2), date(2026, 9, 1), date(2031, 1, 1)):
        assert accrue(owed, COMMERCIAL, until).total == Decimal("9.99")


def test_a_public_buyer_keeps_the_rate_of_the_half_year_of_the_first_day():
    # 5 000 × 274 × (2,50 + 8) / 36 500 = 394,1096
    owed = claim("5000", date(2023, 5, 31), paid(date(2024, 2, 29), "5000"))
    frozen = Terms(HalfYearRate(table(), Decimal(8), frozen=True))
    accrual = accrue(owed, frozen, date(2024, 12, 31))
    assert told(accrual) == [("01/06/23", 274, "10.50", "5000.00", "394.11")]
    assert (accrual.segments[0].reason, accrual.segments[0].label) == (
        "frozen",
        "2023-S1",
    )
    # Not frozen: 30 days at 10,50, 184 at 12,00, 60 at 12,50:
    # 43,1507 + 302,4658 + 102,7397 = 448,3562
    moving = Terms(HalfYearRate(table(), Decimal(8)))
    assert accrue(owed, moving, date(2024, 12, 31)).total == Decimal("448.36")


def test_a_claim_due_on_30_june_of_a_public_buyer_has_the_rate_of_july():
    frozen = Terms(HalfYearRate(table(), Decimal(8), frozen=True))
    accrual = accrue(claim("100", date(2023, 6, 30)), frozen, date(2023, 7, 31))
    assert accrual.segments[0].rate == Decimal("12.00")


def test_a_consumer_owes_legal_interest_from_the_day_after_the_formal_notice():
    # 800 × 41 × 2,76 / 36 500 = 2,4802   800 × 31 × 2,62 / 36 500 = 1,7802
    legal = Terms(HalfYearRate(table(LEGAL_PRO, "fr_legal_pro")))
    owed = claim("800", date(2025, 9, 10), begin=date(2025, 11, 21))
    assert told(accrue(owed, legal, date(2026, 1, 31))) == [
        ("21/11/25", 41, "2.76", "800.00", "2.48"),
        ("01/01/26", 31, "2.62", "800.00", "1.78"),
    ]
    assert accrue(owed, legal, date(2025, 11, 20)).total == 0


def test_a_notice_sent_before_the_due_date_starts_nothing_early():
    early = claim("800", date(2025, 9, 10), begin=date(2025, 8, 1))
    plain = claim("800", date(2025, 9, 10))
    day = date(2025, 12, 31)
    assert accrue(early, COMMERCIAL, day) == accrue(plain, COMMERCIAL, day)


def test_in_2024_the_default_rate_is_not_lifted_to_the_floor_of_stipulated_rates():
    # Floor: 3 × 5,07 = 15,21. Default: 4,50 + 10 = 14,50.
    # 1 000 × 91 × 14,50 / 36 500 = 36,1507   1 000 × 91 × 15,21 / 36 500 = 37,9208
    owed, until = claim("1000", date(2024, 3, 31)), date(2024, 6, 30)
    assert accrue(owed, COMMERCIAL, until).total == Decimal("36.15")
    floor = Terms(FixedRate(Decimal("15.21")))
    assert accrue(owed, floor, until).total == Decimal("37.92")


def test_a_leap_year_over_365_has_366_parts():
    # 10 000 × 366 × 10 / 36 500 = 1 002,7397
    owed = claim("10000", date(2023, 12, 31))
    accrual = accrue(owed, Terms(FixedRate(Decimal(10))), date(2024, 12, 31))
    assert told(accrual) == [("01/01/24", 366, "10", "10000.00", "1002.74")]


def test_the_actual_basis_counts_the_days_of_each_year_over_its_own_length():
    # 10 000 × 10 % × (30/365 + 366/366 + 31/365) = 82,1918 + 1 000 + 84,9315
    owed = claim("10000", date(2023, 12, 1))
    actual = Terms(FixedRate(Decimal(10)), basis="actual")
    accrual = accrue(owed, actual, date(2025, 1, 31))
    assert [(one.days, one.year_days) for one in accrual.segments] == [
        (30, 365),
        (366, 366),
        (31, 365),
    ]
    assert accrual.total == Decimal("1167.12")


def test_common_years_in_a_row_are_one_segment_of_a_fixed_rate():
    actual = Terms(FixedRate(Decimal(10)), basis="actual")
    accrual = accrue(claim("100", date(2020, 12, 31)), actual, date(2023, 12, 31))
    assert [one.days for one in accrual.segments] == [3 * 365]
    assert accrual.total == Decimal("30.00")


def test_a_payment_may_pay_interest_first():
    # 10 000 × 100 × 12,15 / 36 500 = 332,8767 -> the 5 000 pay 332,88 and 4 667,12
    # 5 332,88 × 81 × 12,15 / 36 500 = 143,7905          sum 476,6672 -> 476,67
    owed = claim("10000", date(2025, 12, 31), paid(date(2026, 4, 10), "5000"))
    terms = Terms(COMMERCIAL.rate, imputation="interest_first")
    accrual = accrue(owed, terms, date(2026, 6, 30))
    assert told(accrual)[1:] == [("11/04/26", 81, "12.15", "5332.88", "143.79")]
    assert accrual.total == Decimal("476.67")
    assert accrual.balance == Decimal("5332.88")
    assert accrual.interest_paid == Decimal("332.88")
    # Principal first: 5 000 × 81 × 12,15 / 36 500 = 134,8151, sum 467,6918
    usual = accrue(owed, COMMERCIAL, date(2026, 6, 30))
    assert (usual.total, usual.balance) == (Decimal("467.69"), Decimal("5000.00"))


def test_a_small_payment_is_wholly_interest_when_interest_comes_first():
    owed = claim("10000", date(2025, 12, 31), paid(date(2026, 4, 10), "300"))
    terms = Terms(COMMERCIAL.rate, imputation="interest_first")
    accrual = accrue(owed, terms, date(2026, 4, 10))
    assert (accrual.balance, accrual.interest_paid) == (10000, 300)


def test_a_credit_note_lowers_the_principal_whatever_payments_pay_first():
    owed = claim("10000", date(2025, 12, 31), paid(date(2026, 4, 10), "5000", "credit"))
    terms = Terms(COMMERCIAL.rate, imputation="interest_first")
    accrual = accrue(owed, terms, date(2026, 6, 30))
    assert accrual == accrue(owed, COMMERCIAL, date(2026, 6, 30))
    assert (accrual.balance, accrual.interest_paid) == (5000, 0)


def test_a_payment_of_interest_leaves_the_principal():
    owed = claim("10000", date(2025, 12, 31), paid(date(2026, 4, 10), "50", "interest"))
    accrual = accrue(owed, COMMERCIAL, date(2026, 4, 10))
    assert (accrual.balance, accrual.interest_paid) == (10000, 50)


def test_a_payment_undone_gives_back_what_it_paid_last():
    # 1 000 at 36,5 % bears 1,00 a day: after ten days 300 pay 10 and 290
    terms = Terms(FixedRate(Decimal("36.5")), imputation="interest_first")
    due = date(2025, 12, 31)
    payment, back = paid(date(2026, 1, 10), "300"), paid(date(2026, 1, 10), "-300")
    bounced = claim("1000", due, payment, back._replace(day=date(2026, 1, 11)))
    accrual = accrue(bounced, terms, date(2026, 1, 11))
    assert (accrual.balance, accrual.interest_paid) == (1000, 0)
    same_day = claim("1000", due, payment, back)
    plain = claim("1000", due)
    day = date(2026, 3, 1)
    assert accrue(same_day, terms, day)[1:] == accrue(plain, terms, day)[1:]


def test_a_cheque_that_bounces_restores_the_base():
    # 2 000 × (10 + 8) × 12,15 / 36 500 = 11,9836
    owed = claim(
        "2000",
        date(2026, 1, 31),
        paid(date(2026, 2, 10), "2000"),
        paid(date(2026, 2, 20), "-2000"),
    )
    accrual = accrue(owed, COMMERCIAL, date(2026, 2, 28))
    assert [(one.first.day, one.days) for one in accrual.segments] == [(1, 10), (21, 8)]
    assert accrual.total == Decimal("11.98")


def test_a_deposit_paid_before_the_due_date_lowers_the_base_from_the_start():
    # 700 × 28 × 12,15 / 36 500 = 6,5244
    owed = claim("1000", date(2026, 1, 31), paid(date(2025, 12, 1), "300"))
    accrual = accrue(owed, COMMERCIAL, date(2026, 2, 28))
    assert told(accrual) == [("01/02/26", 28, "12.15", "700.00", "6.52")]


def test_overpaying_never_makes_the_base_negative():
    owed = claim("1000", date(2026, 1, 31), paid(date(2026, 2, 10), "1500"))
    accrual = accrue(owed, COMMERCIAL, date(2026, 6, 30))
    assert [one.days for one in accrual.segments] == [10]
    assert accrual.balance == Decimal("-500.00")


def test_a_period_of_grace_bears_nothing_and_is_told():
    # 1 000 × (28 + 30) × 12,15 / 36 500 = 19,3068
    grace = Pause(date(2026, 3, 1), date(2026, 5, 31), "grace")
    owed = claim("1000", date(2026, 1, 31), pauses=(grace,))
    accrual = accrue(owed, COMMERCIAL, date(2026, 6, 30))
    assert [(one.reason, one.days, one.label) for one in accrual.segments] == [
        ("half_year", 28, "2026-S1"),
        ("pause", 92, "grace"),
        ("half_year", 30, "2026-S1"),
    ]
    assert accrual.segments[1].amount == accrual.segments[1].rate == 0
    assert accrual.total == Decimal("19.31")


def test_insolvency_stops_interest_for_good_and_needs_no_figure():
    owed = claim(
        "1000", date(2026, 1, 31), pauses=(Pause(date(2026, 3, 1), None, "insolvency"),)
    )
    assert accrue(owed, COMMERCIAL, date(2035, 1, 1)).total == Decimal("9.32")


def test_a_pause_at_the_start_puts_off_the_day_that_freezes_the_rate():
    frozen = Terms(HalfYearRate(table(), Decimal(8), frozen=True))
    owed = claim(
        "100", date(2023, 5, 31), pauses=(Pause(date(2023, 5, 1), date(2023, 7, 9)),)
    )
    bearing = accrue(owed, frozen, date(2023, 12, 31)).segments[-1]
    assert (bearing.first, bearing.rate) == (date(2023, 7, 10), Decimal("12.00"))


def test_interest_of_a_full_year_bears_interest_when_capitalised():
    # 2023: 1 000 × 10 % = 100,00; 2024: 1 100 × 366 × 10 / 36 500 = 110,3014
    terms = Terms(FixedRate(Decimal(10)), capitalise=True)
    owed = claim("1000", date(2022, 12, 31))
    accrual = accrue(owed, terms, date(2024, 12, 31))
    assert told(accrual) == [
        ("01/01/23", 365, "10", "1000.00", "100.00"),
        ("01/01/24", 366, "10", "1100.00", "110.30"),
    ]
    assert (accrual.balance, accrual.capitalised) == (1000, 100)
    assert accrue(owed, terms, date(2023, 12, 31)).capitalised == 0


def test_a_pause_puts_off_the_full_year_that_capitalising_needs():
    terms = Terms(FixedRate(Decimal(10)), capitalise=True)
    owed = claim(
        "1000", date(2022, 12, 31), pauses=(Pause(date(2023, 6, 1), date(2023, 6, 30)),)
    )
    segments = accrue(owed, terms, date(2024, 12, 31)).segments
    grown = [one for one in segments if one.base > 1000]
    assert grown[0].first == date(2024, 1, 31)
    assert grown[0].base == Decimal("1100.00")


def test_interest_paid_is_not_capitalised():
    terms = Terms(FixedRate(Decimal(10)), imputation="interest_first", capitalise=True)
    owed = claim("1000", date(2022, 12, 31), paid(date(2023, 12, 31), "100"))
    accrual = accrue(owed, terms, date(2024, 12, 31))
    assert {one.base for one in accrual.segments} == {1000}
    late = claim("1000", date(2022, 12, 31), paid(date(2024, 1, 10), "40"))
    # Ten days of 1 100 first bear 3,01; the 40 pay the oldest interest.
    assert accrue(late, terms, date(2024, 1, 11)).segments[-1].base == 1060


def test_a_claim_from_29_february_has_its_full_year_on_1_march():
    terms = Terms(FixedRate(Decimal(10)), capitalise=True)
    owed = claim("1000", date(2024, 2, 28))
    segments = accrue(owed, terms, date(2025, 3, 31)).segments
    assert [one.first for one in segments] == [date(2024, 2, 29), date(2025, 3, 1)]


def test_a_half_year_without_a_figure_is_named():
    owed = claim("1000", date(2026, 11, 30))
    assert accrue(owed, COMMERCIAL, date(2026, 12, 31)).total > 0
    with pytest.raises(MissingRate) as caught:
        accrue(owed, COMMERCIAL, date(2027, 1, 1))
    error = caught.value
    assert (error.code, error.half_year) == ("ecb_mro", "2027-S1")
    assert error.day == date(2027, 1, 1)
    assert "ecb_mro" in str(error) and "2027-S1" in str(error)


def test_a_currency_without_decimals_keeps_whole_units():
    # 100 000 × 90 × 12,15 / 36 500 = 2 995,89
    yen = claim("100000", date(2025, 12, 31), digits=0)
    accrual = accrue(yen, COMMERCIAL, date(2026, 3, 31))
    assert (str(accrual.total), str(accrual.balance)) == ("2996", "100000")


def test_an_amount_finer_than_its_currency_is_rounded_half_up():
    assert accrue(claim("10.005", date(2026, 1, 1)), COMMERCIAL, date(2026, 1, 1)) == (
        (),
        0,
        Decimal("10.01"),
        0,
        0,
    )


def test_any_late_cent_makes_the_fixed_sum_due_once():
    due = date(2026, 1, 31)
    after = date(2026, 2, 1)
    assert not is_late(claim("100", due), due)
    assert is_late(claim("100", due), after)
    assert is_late(claim("100", due, paid(due, "99.99")), after)
    assert not is_late(claim("100", due, paid(due, "100")), after)
    assert is_late(claim("100", due, paid(after, "100")), date(2027, 1, 1))
    assert not is_late(claim("0", due), after)


def test_what_a_credit_note_cancels_was_never_late():
    due, later = date(2026, 1, 31), date(2026, 3, 1)
    cancelled = claim("100", due, paid(later, "100", "credit"))
    assert is_late(cancelled, date(2026, 2, 28))
    assert not is_late(cancelled, later)
