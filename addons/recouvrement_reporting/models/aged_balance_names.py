"""Names of the rows, currencies and items of an aged balance."""

from odoo import api, models

from ..tools.options import GROUPINGS
from .aged_balance_read import PARTNER_GROUPS
from .aged_balance_sql import GROUP_COLUMNS


class RecouvrementAgedBalance(models.Model):
    _inherit = "recouvrement.aged.balance"

    @api.model
    def _label_groupings(self):
        labels = {
            "debtor": self.env._("Customer"),
            "parent": self.env._("Parent company"),
            "collector": self.env._("Collector"),
            "salesperson": self.env._("Salesperson"),
            "segment": self.env._("Segment"),
            "country": self.env._("Country"),
            "account": self.env._("Account"),
            "currency": self.env._("Currency"),
            "company": self.env._("Company"),
            "policy": self.env._("Policy"),
            "level": self.env._("Level reached"),
            "status": self.env._("Collection status"),
        }
        return {key: labels[key] for key in GROUPINGS}

    @api.model
    def _name_rows(self, options, rows):
        """Name rows and give them the keys that the client sends back."""
        group_by = options.group_by
        without = self._label_without(group_by)
        for row in rows:
            if group_by == "status":
                continue
            row["key"] = int(row["key"]) if row["key"] else False
        names = self._get_names(group_by, {row["key"] for row in rows if row["key"]})
        for row in rows:
            row["label"] = names.get(row["key"]) or row["label"] or without

    @api.model
    def _get_names(self, group_by, keys):
        """Names of rows: of what the user's own rules may hide, a name says nothing."""
        if group_by in PARTNER_GROUPS:
            return {}
        if group_by == "status":
            return dict(
                self._fields["collection_status"]._description_selection(self.env)
            )
        if group_by == "level":
            return {key: self.env._("Level %s", key) for key in keys}
        comodel = self._fields[GROUP_COLUMNS[group_by]].comodel_name
        records = self.env[comodel].sudo().browse(keys)
        return {record.id: record.display_name for record in records}

    @api.model
    def _label_without(self, group_by):
        return {
            "debtor": self.env._("Without customer"),
            "parent": self.env._("Without customer"),
            "collector": self.env._("Without collector"),
            "salesperson": self.env._("Without salesperson"),
            "segment": self.env._("Without segment"),
            "country": self.env._("Without country"),
            "policy": self.env._("Without policy"),
            "level": self.env._("Never reminded"),
        }.get(group_by, self.env._("None"))

    @api.model
    def _describe_currencies(self, rows):
        ids = {row["currency_id"] for row in rows}
        ids.add(self.env.company.currency_id.id)
        currencies = self.env["res.currency"].browse(ids)
        return {
            currency.id: {
                "name": currency.name,
                "symbol": currency.symbol,
                "position": currency.position,
                "digits": currency.decimal_places,
            }
            for currency in currencies
        }

    @api.model
    def _describe_item(self, item, codes):
        return {
            "id": item.id,
            "name": item.name or "",
            "partner": item.sudo().partner_id.display_name or "",
            "document_date": self._describe_day(item.document_date),
            "date_due": self._describe_day(item.date_due),
            "days": item.days_overdue,
            "column": item.column_index,
            "kind": codes[item.column_index],
            "amount": item.amount,
            "currency_id": item.display_currency_id.id,
            "status": item.collection_status,
        }
