"""Every item of an aged balance in its spreadsheet, with the subtotal of each row."""

from odoo import api, models
from odoo.tools import SQL, float_round

from ..models.aged_balance_read import PARTNER_GROUPS
from ..models.aged_balance_sql import GROUP_COLUMNS

DETAIL = (
    "display_currency_id",
    "currency_id",
    "column_index",
    "collection_status",
    "account_id",
    "partner_name",
    "name",
    "document_date",
    "date_due",
    "days_overdue",
    "amount",
    "residual_currency",
    "id",
)


class RecouvrementAgedBalance(models.Model):
    _inherit = "recouvrement.aged.balance"

    @api.model
    def _write_detail_sheet(self, book, options, columns, names):
        """Items in the order of the rows' names, each row closed by its subtotal."""
        sheet = book.sheet(self.env._("Items"), self._detail_headings(options))
        currencies = self._get_currency_looks()
        describe = self._detail_describer(columns, currencies)
        group, total, label = None, 0, ""
        query = self._detail_sql(options, names)
        for (
            key,
            exact,
            shown,
            own,
            place,
            status,
            account,
            name,
            *cells,
        ) in self._fetch_rows("aged_balance_items", query):
            if (key, shown) != group:
                self._write_subtotal(sheet, group, label, total, currencies)
                group, total = (key, shown), 0
                label = self._name_key(options, key, name, names)
            total += exact
            row = describe(label, shown, own, place, status, account, cells)
            sheet.row(row, decimals=currencies[shown][1])
        self._write_subtotal(sheet, group, label, total, currencies)

    @api.model
    def _detail_headings(self, options):
        return [
            (self._label_groupings()[options.group_by], "text"),
            (self.env._("Customer"), "text"),
            (self.env._("Document"), "text"),
            (self.env._("Document date"), "date"),
            (self.env._("Due date"), "date"),
            (self.env._("Days"), "integer"),
            (self.env._("Age"), "short"),
            (self.env._("Collection status"), "short"),
            (self.env._("Account"), "text"),
            (self.env._("Currency"), "short"),
            (self.env._("Open amount"), "amount"),
            (self.env._("In own currency"), "amount"),
            (self.env._("Own currency"), "short"),
        ]

    @api.model
    def _detail_describer(self, columns, currencies):
        """A function that makes the row of an item, with all names at hand."""
        accounts = self._get_account_names()
        statuses = dict(
            self._fields["collection_status"]._description_selection(self.env)
        )
        labels = [column["label"] for column in columns]

        def describe(label, shown, own, place, status, account, cells):
            partner, document, made, due, days, amount, own_amount = cells
            return (
                label,
                partner,
                document,
                made,
                due,
                days,
                labels[place],
                statuses.get(status),
                accounts.get(account),
                currencies[shown][0],
                amount,
                own_amount,
                currencies[own][0],
            )

        return describe

    @api.model
    def _write_subtotal(self, sheet, group, label, total, currencies):
        if group is None:
            return
        currency, decimals = currencies[group[1]]
        blanks = [None] * 8
        amount = float_round(total / 10**6, precision_digits=decimals)
        sheet.row(
            [self.env._("Total %s", label), *blanks, currency, amount, None, None],
            "subtotal",
            decimals,
        )

    @api.model
    def _name_key(self, options, key, name, names):
        if options.group_by in PARTNER_GROUPS:
            return name or self._label_without(options.group_by)
        if options.group_by == "status":
            return names.get(key, "")
        return names.get(int(key) if key and key != "0" else False, "")

    @api.model
    def _get_account_names(self):
        accounts = (
            self.env["account.account"]
            .sudo()
            .search([("account_type", "=", "asset_receivable")])
        )
        return {account.id: account.display_name for account in accounts}

    @api.model
    def _detail_sql(self, options, names):
        model = self._with_options(options)
        query = model._search(self._get_domain(options))
        table = SQL.identifier(query.table)
        key = SQL("%s.%s", table, SQL.identifier(GROUP_COLUMNS[options.group_by]))
        label, join = SQL("NULL::text"), SQL()
        if options.group_by in PARTNER_GROUPS:
            label = SQL("gp.complete_name")
            join = SQL("LEFT JOIN res_partner gp ON gp.id = i.key::integer")
        columns = SQL(", ").join(
            SQL("%s.%s", table, SQL.identifier(name)) for name in DETAIL
        )
        # Whole millionths add up exactly, floats do not.
        exact = SQL("(%s.amount * 1000000)::bigint AS exact", table)
        return SQL(
            """SELECT i.key, i.exact, i.display_currency_id, i.currency_id,
                      i.column_index, i.collection_status, i.account_id,
                      %(label)s AS label, i.partner_name, i.name, i.document_date,
                      i.date_due, i.days_overdue, i.amount, i.residual_currency
                 FROM (%(items)s) i %(join)s
             ORDER BY LOWER(%(label)s), i.key, i.display_currency_id, i.date_due, i.id
            """,
            label=label,
            items=query.select(SQL("%s::text AS key", key), exact, columns),
            join=join,
        )
