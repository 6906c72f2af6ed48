"""The proposal of a credit limit: what caps it, and the steps that explain it."""

from decimal import Decimal

import pytest

from recouvrement.tools.credit_proposal import propose


@pytest.mark.parametrize(
    ("requested", "caps", "complete", "expected"),
    [
        ("500", [], True, "500"),
        ("500", [("grade", "300"), ("advised", "400")], True, "300"),
        ("500", [("grade", "800"), ("advised", "0")], True, "0"),
        ("501", [("grade", "800")], False, "250"),
        ("-5", [("grade", "800")], True, "0"),
        ("500.55", [("grade", "800")], True, "500.55"),
    ],
)
def test_the_lowest_cap_counts(requested, caps, complete, expected):
    steps = propose(
        Decimal(requested),
        [(code, Decimal(amount)) for code, amount in caps],
        complete=complete,
        incomplete_share=50,
    )
    assert steps[-1].result == Decimal(expected)
    assert [step.code for step in steps][: 1 + len(caps)] == [
        "requested",
        *(code for code, _amount in caps),
    ]
    assert all(
        one.result >= two.result for one, two in zip(steps, steps[1:], strict=False)
    )
