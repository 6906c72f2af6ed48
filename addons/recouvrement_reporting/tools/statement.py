"""What a statement of account says of its lines: which belong together, and the balance
after each of them. Plain Python, no database."""

from collections import defaultdict
from itertools import accumulate

LETTERS = 26


def letters(number):
    """``A`` for 0, ``B`` for 1, ``Z`` for 25, ``AA`` for 26, as columns are named.

    :raise ValueError: for a negative number.
    """
    if number < 0:
        raise ValueError(f"{number} is negative")
    text, number = "", number + 1
    while number:
        number, place = divmod(number - 1, LETTERS)
        text = chr(ord("A") + place) + text
    return text


def mark_groups(shown, pairs, still_open):
    """The matching mark of each line, the same for all lines matched together.

    :param shown: ids of the lines of the statement, in their order.
    :param pairs: ``(id, id)`` of lines matched with each other; lines that are not
        shown count as links between those that are.
    :param still_open: ids of the lines that are not settled in full.
    :return: ``{id: mark}`` of the shown lines that were matched: capitals when all of
        its group is settled, small letters when something of it is still open.
    """
    groups = _group(pairs)
    is_open = {groups[one] for one in still_open if one in groups}
    marks, names = {}, {}
    for line_id in shown:
        if line_id not in groups:
            continue
        group = groups[line_id]
        if group not in names:
            mark = letters(len(names))
            names[group] = mark.lower() if group in is_open else mark
        marks[line_id] = names[group]
    return marks


def partners_of(pairs):
    """What each line was matched with: ``{id: [ids]}`` in the order of the pairs."""
    found = defaultdict(list)
    for one, other in pairs:
        for line_id, partner in ((one, other), (other, one)):
            if partner not in found[line_id]:
                found[line_id].append(partner)
    return dict(found)


def running_balances(opening, amounts):
    """The balance after each amount, exactly.

    :param opening: Decimal before the first one.
    :param amounts: Decimals, in their order.
    """
    return list(accumulate(amounts, initial=opening))[1:]


def _group(pairs):
    """One number for all that hangs together: ``{id: smallest id of its group}``."""
    parents = {}

    def root(one):
        parents.setdefault(one, one)
        while parents[one] != one:
            parents[one] = parents[parents[one]]
            one = parents[one]
        return one

    for one, other in pairs:
        first, second = sorted((root(one), root(other)))
        parents[second] = first
    return {one: root(one) for one in list(parents)}
