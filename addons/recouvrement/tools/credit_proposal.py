"""How much credit to propose: the lowest of what is asked and of what caps it, less the
part that waits for a complete file."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal


@dataclass(frozen=True)
class Step:
    """One line of the explanation.

    :ivar code: what was looked at
    :ivar amount: what it allows
    :ivar result: what may be granted after it
    """

    code: str
    amount: Decimal
    result: Decimal


def propose(
    requested: Decimal,
    caps: Sequence[tuple[str, Decimal]],
    *,
    complete: bool,
    incomplete_share: int,
    rounding: Decimal = Decimal("1"),
) -> list[Step]:
    """Steps from what is asked to what is proposed, which is the last result.

    :param caps: pairs ``(code, highest amount)``, in the order of the explanation
    :param incomplete_share: per cent that is granted while the file is incomplete
    :param rounding: of the proposal, downwards
    """
    result = max(requested, Decimal(0))
    steps = [Step("requested", requested, result)]
    for code, amount in caps:
        result = min(result, max(amount, Decimal(0)))
        steps.append(Step(code, amount, result))
    if not complete:
        part = result * incomplete_share / 100
        result = (part / rounding).quantize(Decimal(1), ROUND_DOWN) * rounding
        steps.append(Step("incomplete", part, result))
    return steps
