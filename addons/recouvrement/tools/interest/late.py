"""Whether a claim was paid late at all, for the sum fixed by decree."""

from datetime import date

from .model import CREDIT, PAYMENT, Claim
from .money import to_minor


def is_late(claim: Claim, day: date) -> bool:
    """Whether something of the claim was unpaid after its due date, on ``day``.

    The 40 € for recovery costs are owed once for each invoice paid late, even if
    partly paid in time (C. com. art. L441-10 II and D441-5); the caller says whether
    the debtor's regime has them. What was cancelled by a credit note since is taken
    as never owed.
    """
    if day <= claim.due:
        return False
    left = to_minor(claim.principal, claim.digits)
    for movement in claim.movements:
        counts = movement.kind == PAYMENT and movement.day <= claim.due
        if counts or (movement.kind == CREDIT and movement.day <= day):
            left -= to_minor(movement.amount, claim.digits)
    return left > 0
