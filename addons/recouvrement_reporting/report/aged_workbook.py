"""The aged balance as a spreadsheet: the balance, every item, and how it was made."""

from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.recouvrement.tools.workbook import Workbook

from ..models.aged_balance_read import PARTNER_GROUPS
from ..tools.options import TRANSACTION

FETCHED = 10_000  # rows in memory at a time


class RecouvrementAgedBalance(models.Model):
    _inherit = "recouvrement.aged.balance"

    @api.model
    def _write_workbook(self, stream, values):
        """Write the spreadsheet of a balance.

        :param stream: binary file.
        :param dict values: options of a client.
        :return: name of the file.
        """
        options = self._read_options(values)
        columns = self._get_columns(options)
        name = self._get_file_name(options)
        book = Workbook(stream, name)
        names = self._write_balance_sheet(book, options, columns)
        self._write_detail_sheet(book, options, columns, names)
        self._write_parameter_sheet(book, options)
        book.close()
        return f"{name}.xlsx"

    @api.model
    def _get_file_name(self, options):
        return self.env._(
            "Aged balance %(company)s %(date)s",
            company=" ".join(self.env.company.name.split()),
            date=fields.Date.to_string(options.as_of),
        ).replace("/", "-")

    @api.model
    def _fetch(self, cursor, query):
        """Rows of a statement as dicts; see ``_fetch_rows``."""
        for names, rows in self._fetch_batches(cursor, query):
            for row in rows:
                yield dict(zip(names, row, strict=True))

    @api.model
    def _fetch_rows(self, cursor, query):
        """Rows of a statement as tuples, through a cursor of the database: a balance of
        any length takes the same memory."""
        for _names, rows in self._fetch_batches(cursor, query):
            yield from rows

    @api.model
    def _fetch_batches(self, cursor, query):
        for field in query.to_flush:
            self.env[field.model_name].flush_model([field.name])
        cr = self.env.cr
        cursor = SQL.identifier(cursor)
        cr.execute(SQL("DECLARE %s NO SCROLL CURSOR FOR %s", cursor, query))
        rows = True
        while rows:
            cr.execute(SQL("FETCH %s FROM %s", FETCHED, cursor))
            names = [column.name for column in cr.description]
            rows = cr.fetchall()
            yield names, rows
        cr.execute(SQL("CLOSE %s", cursor))

    # ------------------------------------------------------------------
    # THE BALANCE
    # ------------------------------------------------------------------

    @api.model
    def _write_balance_sheet(self, book, options, columns):
        """Rows and totals; returns the name of each row by its key."""
        width = len(columns)
        many = options.currency == TRANSACTION
        headings = [(self._label_groupings()[options.group_by], "text")]
        headings += [(self.env._("Currency"), "short")] if many else []
        headings += [(column["label"], "amount") for column in columns]
        headings.append((self.env._("Total"), "amount"))
        if options.compare:
            label = self._describe_day(options.compare)
            headings.append((self.env._("Total on %s", label), "amount"))
            headings.append((self.env._("Change"), "amount"))
        headings.append((self.env._("Items"), "integer"))
        headings.append((self.env._("Oldest due date"), "date"))
        sheet = book.sheet(self.env._("Balance"), headings)
        currencies = self._get_currency_looks()
        totals, names = [], {}
        for key, label, record in self._all_rows(options, width):
            if record["is_total"]:
                totals.append(record)
                continue
            names[key] = label
            currency, decimals = currencies[record["currency_id"]]
            sheet.row(
                self._sheet_row(options, label, record, width, currency),
                decimals=decimals,
            )
        for record in totals:
            currency, decimals = currencies[record["currency_id"]]
            label = self.env._("Total")
            sheet.row(
                self._sheet_row(options, label, record, width, currency),
                "total",
                decimals,
            )
        return names

    @api.model
    def _all_rows(self, options, width):
        """``(key, label, record)`` of the whole balance; small groupings sorted."""
        whole = self._whole_page_sql(options, width)
        records = self._fetch("aged_balance_rows", whole)
        if options.group_by in PARTNER_GROUPS:
            without = self._label_without(options.group_by)
            for record in records:
                yield record["key"], record["label"] or without, record
            return
        pairs = []
        for record in records:
            row = self._describe_row(record, width)
            row["record"] = record
            pairs.append(row)
        rows = [row for row in pairs if not row["record"]["is_total"]]
        self._name_rows(options, rows)
        rows = self._sort_rows(options, rows)
        rows += [row for row in pairs if row["record"]["is_total"]]
        for row in rows:
            yield row["key"], row["label"], row["record"]

    @api.model
    def _whole_page_sql(self, options, width):
        return self._page_sql(replace(options, offset=0, limit=2**31), width)

    @api.model
    def _sheet_row(self, options, label, record, width, currency):
        values = [label]
        if options.currency == TRANSACTION:
            values.append(currency)
        values += [record[f"a{number}"] for number in range(width)]
        values.append(record["total"])
        if options.compare:
            values += [record["other"], record["total"] - record["other"]]
        return [*values, record["items"], record["oldest"]]

    @api.model
    def _get_currencies_by_id(self):
        currencies = self.env["res.currency"].search([("active", "in", (True, False))])
        return {currency.id: currency for currency in currencies}

    @api.model
    def _get_currency_looks(self):
        """``{id: (name, decimals)}``: a loop reads them faster than fields."""
        return {
            key: (currency.name, currency.decimal_places)
            for key, currency in self._get_currencies_by_id().items()
        }
