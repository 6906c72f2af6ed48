"""The share of the debits of a month that came back, by reason, counted by hand."""

from collections import Counter
from decimal import Decimal

from odoo.tests import tagged

from .return_common import ReturnCommon

# Day of the collection, amount, and why it came back.
DEBITS = (
    (-75, 100, "AM04"),
    (-75, 200, "AM04"),
    (-75, 300, "AC04"),
    (-75, 400, None),
    (-40, 500, "AM04"),
    (-40, 600, None),
    (-10, 700, None),
)


@tagged("post_install", "-at_install")
class TestReturnRate(ReturnCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rates = cls.env["recouvrement.sepa.return.rate"]
        cls.presented, cls.came = Counter(), Counter()
        cls.amounts, cls.charged = Counter(), Counter()
        cls.fellow = {}
        for place, (day, amount, reason) in enumerate(DEBITS):
            line = cls._debit(amount, day=day)
            month = line.date.replace(day=1)
            cls.presented[month] += 1
            cls.amounts[month] += amount
            if reason:
                fee = Decimal("2.50") if reason == "AC04" else Decimal("1.20")
                back = cls._take(
                    cls._event(line, reason, message_id=f"M{place}", charges=fee)
                )
                cls.came[month, reason] += 1
                cls.charged[month, reason] += back.fee
                cls.fellow.setdefault((month, reason), []).append(back.id)

    def _rows(self):
        return self.rates.search([("company_id", "=", self.company.id)])

    def test_each_row_is_what_a_plain_count_gives(self):
        rows = self._rows()
        reasons = {reason for _month, reason in self.came}
        self.assertEqual(len(rows), len(self.presented) * len(reasons))
        for row in rows:
            key = row.month, row.reason_id.code
            self.assertEqual(row.presented_count, self.presented[row.month])
            self.assertEqual(row.presented_amount, self.amounts[row.month])
            self.assertEqual(row.returned_count, self.came[key], key)
            self.assertAlmostEqual(row.fee, self.charged[key])
            self.assertAlmostEqual(
                row.rate, 100 * self.came[key] / self.presented[row.month]
            )

    def test_a_rate_counts_what_was_presented_once_whatever_the_groups(self):
        mine = [("company_id", "=", self.company.id)]
        [[whole, fees]] = self.rates._read_group(mine, [], ["rate:avg", "fee:sum"])
        returned = sum(self.came.values())
        self.assertAlmostEqual(whole, 100 * returned / len(DEBITS))
        self.assertAlmostEqual(fees, sum(self.charged.values()))
        for reason, rate in self.rates._read_group(mine, ["reason_id"], ["rate:avg"]):
            number = sum(
                n for (_m, code), n in self.came.items() if code == reason.code
            )
            self.assertAlmostEqual(rate, 100 * number / len(DEBITS), msg=reason.code)
        for month, rate in self.rates._read_group(mine, ["month:month"], ["rate:avg"]):
            number = sum(n for (at, _code), n in self.came.items() if at == month)
            self.assertAlmostEqual(rate, 100 * number / self.presented[month])

    def test_amounts_have_their_own_rate(self):
        mine = [("company_id", "=", self.company.id)]
        [[rate]] = self.rates._read_group(mine, [], ["rate_amount:avg"])
        back = sum(amount for _day, amount, reason in DEBITS if reason)
        total = sum(amount for _day, amount, _reason in DEBITS)
        self.assertAlmostEqual(rate, 100 * back / total)

    def test_a_row_opens_its_returns(self):
        for row in self._rows():
            action = row.action_open_returns()
            found = self.env[action["res_model"]].search(action["domain"])
            expected = self.fellow.get((row.month, row.reason_id.code), [])
            self.assertEqual(sorted(found.ids), sorted(expected))
            self.assertEqual(sum(found.mapped("amount")), row.returned_amount)

    def test_a_debit_that_never_left_does_not_count(self):
        before = self._rows().filtered("presented_count").mapped("presented_count")
        line = self._debit(900, day=-40)
        self.env.cr.execute(
            "UPDATE recouvrement_sepa_collection_line SET state = 'cancelled', "
            "live = FALSE WHERE id = %s",
            [line.id],
        )
        self.env.invalidate_all()
        after = self._rows().filtered("presented_count").mapped("presented_count")
        self.assertEqual(sorted(before), sorted(after))
