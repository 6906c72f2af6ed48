"""What an answer to an item says of its amount. Plain Python, no database."""

from decimal import Decimal

AGREED, UNKNOWN, PAID, DIFFERS = "agreed", "unknown", "paid", "differs"
ANSWERS = (AGREED, UNKNOWN, PAID, DIFFERS)
ZERO = Decimal(0)


class AnswerError(ValueError):
    """An answer that says too little.

    :param str code: ``answer``, ``amount`` or ``date``.
    """

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def check_answer(answer, amount=None, day=None, today=None, residual=None):
    """Refuse an answer that is not complete.

    :param amount: Decimal the customer has (``differs``) or paid (``paid``; None: all).
    :param date day: of the payment, not later than ``today``.
    :param residual: Decimal that is open on our side.
    :raise AnswerError: with what is missing or wrong.
    """
    if answer not in ANSWERS:
        raise AnswerError("answer")
    if answer == DIFFERS and (amount is None or amount == residual):
        raise AnswerError("amount")
    if answer == PAID:
        if residual is not None and residual <= 0:
            raise AnswerError("answer")
        if day is None or (today is not None and day > today):
            raise AnswerError("date")
        if amount is not None and amount <= 0:
            raise AnswerError("amount")


def customer_amount(answer, residual, amount=None):
    """What the customer has open for one of our items.

    :param residual: Decimal that is open on our side, negative for a credit.
    :param amount: Decimal the customer has (``differs``) or paid (``paid``; None: all).
    :return: Decimal, or None when it has not answered.
    """
    if answer == AGREED:
        return residual
    if answer == UNKNOWN:
        return ZERO
    if answer == DIFFERS:
        return amount
    if answer == PAID:
        return residual - amount if amount is not None else ZERO
    return None


def extra_amount(kind, amount):
    """What an item that only the customer has weighs in its balance.

    :param str kind: ``invoice`` and ``other_debit`` add to what it owes,
        ``credit_note``, ``payment`` and ``other_credit`` take from it.
    :param amount: positive Decimal.
    """
    return amount if kind in ("invoice", "other_debit") else -amount
