"""What was open on a day, said a second time: slow, in plain Python, over all entries
and all matchings, and without anything of the addon.

The journal that it needs of what was undone or re-dated, it keeps itself, by looking
at Odoo's own records after each step.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

CENTS = Decimal("0.01")


def exact(amount):
    """An amount of Odoo as a Decimal of cents."""
    return Decimal(repr(amount or 0.0)).quantize(CENTS)


@dataclass
class Matching:
    """One partial reconciliation, for as long as it was there.

    :ivar made: day it was made
    :ivar undone: day it went away, or None
    """

    debit: int
    credit: int
    amount: Decimal
    debit_amount: Decimal
    credit_amount: Decimal
    max_date: date
    made: date
    undone: date | None = None

    def concerns(self, line_id):
        """Its effect on an item: company currency and own currency."""
        if line_id == self.debit:
            return -self.amount, -self.debit_amount
        return self.amount, self.credit_amount


class LedgerOracle:
    """Watches receivable items; call :meth:`look` after each step of a story."""

    def __init__(self, env, companies):
        self.env = env
        self.companies = companies
        self.matchings = {}
        self.dues = {}
        self.redated = defaultdict(list)

    def look(self, day):
        """Take note of what is there on a day."""
        self.env.flush_all()
        self._look_at_matchings(day)
        for line in self._lines():
            due = line.date_maturity or line.date
            known = self.dues.get(line.id)
            if known and known != due and line.move_id.posted_before:
                self.redated[line.id].append((day, known))
            self.dues[line.id] = due

    def _look_at_matchings(self, day):
        partials = self.env["account.partial.reconcile"].search([("id", "!=", False)])
        for one in partials:
            if one.id not in self.matchings:
                self.matchings[one.id] = Matching(
                    one.debit_move_id.id,
                    one.credit_move_id.id,
                    exact(one.amount),
                    exact(one.debit_amount_currency),
                    exact(one.credit_amount_currency),
                    one.max_date,
                    day,
                )
        for gone in self.matchings.keys() - set(partials.ids):
            self.matchings[gone].undone = self.matchings[gone].undone or day

    def _lines(self):
        return self.env["account.move.line"].search(
            [
                ("company_id", "in", self.companies.ids),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ]
        )

    # ------------------------------------------------------------------
    # THE ANSWER
    # ------------------------------------------------------------------

    def open_items(self, day):
        """Items open at the end of a day: ``{line: (company currency, own currency,
        due date)}``."""
        lines = {line.id: line for line in self._lines()}
        effects = defaultdict(lambda: [Decimal(0), Decimal(0)])
        for matching in self.matchings.values():
            if self._holds(matching, day, lines):
                for line_id in (matching.debit, matching.credit):
                    own, other = matching.concerns(line_id)
                    effects[line_id][0] += own
                    effects[line_id][1] += other
        found = {}
        for line_id, line in lines.items():
            if line.date > day:
                continue
            own = exact(line.balance) + effects[line_id][0]
            other = exact(line.amount_currency) + effects[line_id][1]
            if own or other:
                found[line] = own, other, self._due_on(line, day)
        return found

    def _holds(self, matching, day, lines):
        """A matching counts from the later of its items' dates. Undone, it counts for
        the days on which it was there; made again on one of the items, from the day
        that this was done."""
        start = matching.max_date
        if matching.undone:
            if matching.debit not in lines or matching.credit not in lines:
                return False
            dates = lines[matching.debit].date, lines[matching.credit].date
            return max(matching.made, start, *dates) <= day < matching.undone
        if self._is_made_again(matching):
            start = max(start, matching.made)
        return start <= day

    def _is_made_again(self, matching):
        return any(
            other.undone
            and other.made < other.undone
            and other.undone <= matching.made
            and (other.debit == matching.debit or other.credit == matching.credit)
            for other in self.matchings.values()
        )

    def _due_on(self, line, day):
        for changed, before in self.redated[line.id]:
            if changed > day:
                return before
        return line.date_maturity or line.date
