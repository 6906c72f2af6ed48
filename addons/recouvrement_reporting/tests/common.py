"""Fixtures and verbs of the aged balance."""

from decimal import Decimal

from odoo.addons.recouvrement.tests.common import RecouvrementCommon


class AgedBalanceCommon(RecouvrementCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.balance = cls.env["recouvrement.aged.balance"]

    def _read(self, user=None, **options):
        """The balance of a user as a client reads it."""
        balance = self.balance.with_user(user) if user else self.balance
        values = {"as_of": str(self.today), **options}
        if isinstance(values["as_of"], int):
            values["as_of"] = str(self._day(values["as_of"]))
        if isinstance(values.get("compare"), int):
            values["compare"] = str(self._day(values["compare"]))
        return balance.get_balance(values)

    def _rows(self, user=None, **options):
        """``{label: {column: amount}}``, columns without an amount left out."""
        data = self._read(user, **options)
        keys = [column["key"] for column in data["columns"]]
        return {
            row["label"]: {
                key: amount
                for key, amount in zip(keys, row["amounts"], strict=True)
                if amount
            }
            for row in data["rows"]
        }

    def _totals(self, user=None, **options):
        """``{row: total}`` as exact numbers."""
        return {
            row["label"]: self._exact(row["total"])
            for row in self._read(user, **options)["rows"]
        }

    def _exact(self, amount):
        return Decimal(str(round(amount, 2)))

    def _snapshot(self, day, **options):
        """All that is printed of a balance, but what says today's classification."""
        data = self._read(as_of=str(day), **options)
        return {
            "columns": data["columns"],
            "rows": data["rows"],
            "totals": data["totals"],
            "items": [
                self.balance.get_items(
                    {"as_of": str(day), **options}, row["key"], row["currency_id"]
                )["items"]
                for row in data["rows"]
            ],
        }
