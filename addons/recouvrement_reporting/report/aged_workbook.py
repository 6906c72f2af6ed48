"""The aged balance as a spreadsheet: the balance, every item, and how it was made."""

from dataclasses import replace

from odoo import api, fields, models
from odoo.tools import SQL, float_round

from odoo.addons.recouvrement.tools.workbook import Workbook

from ..models.aged_balance_read import PARTNER_GROUPS
from ..models.aged_balance_sql import GROUP_COLUMNS
from ..tools.ageing import MONTHS
from ..tools.options import TRANSACTION

FETCHED = 10_000  # rows in memory at a time
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

    # ------------------------------------------------------------------
    # EVERY ITEM
    # ------------------------------------------------------------------

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

    # ------------------------------------------------------------------
    # HOW IT WAS MADE
    # ------------------------------------------------------------------

    @api.model
    def _write_parameter_sheet(self, book, options):
        headings = [(self.env._("Parameter"), "text"), (self.env._("Value"), "text")]
        sheet = book.sheet(self.env._("Parameters"), headings)
        for label, text in self._describe_options(options):
            sheet.row([label, text])
        tie_out = self.get_tie_out(options.to_dict())
        if not tie_out:
            return
        headings = [
            (self.env._("Account"), "text"),
            (self.env._("Company"), "text"),
            (self.env._("General ledger"), "amount"),
            (self.env._("Matched with another company"), "amount"),
            (self.env._("Aged balance"), "amount"),
            (self.env._("Difference"), "amount"),
            (self.env._("Of which without customer"), "amount"),
        ]
        sheet = book.sheet(self.env._("Tie-out"), headings)
        for style, lines in (("plain", tie_out["lines"]), ("total", tie_out["totals"])):
            for line in lines:
                sheet.row(
                    [
                        line["account"] or self.env._("Total"),
                        line["company"] or None,
                        line["ledger"],
                        line["between"],
                        line["balance"],
                        line["difference"],
                        line["without_customer"],
                    ],
                    style,
                )

    @api.model
    def _describe_options(self, options):
        """What the balance was asked with: ``[(label, text)]``."""
        labels = self._label_groupings()
        lines = [
            (self.env._("As of"), self._describe_day(options.as_of)),
            (
                self.env._("Companies"),
                ", ".join(self._get_companies(options).mapped("name")),
            ),
            (self.env._("Rows"), labels[options.group_by]),
            (self.env._("Ages"), self._describe_ages(options)),
            (self.env._("Currency"), self._describe_currency(options)),
            (self.env._("Credits"), self._describe_credits(options)),
        ]
        if options.compare:
            day = self._describe_day(options.compare)
            lines.insert(1, (self.env._("Compared with"), day))
        if options.apart:
            lines.append(
                (self.env._("Apart"), self.env._("Disputed and doubtful items"))
            )
        for name, wanted in options.filters.items():
            if name != "company":
                lines.append(
                    (self._label_filter(name), self._name_values(name, wanted))
                )
        if options.search:
            lines.append((self.env._("Search"), options.search))
        lines.append(
            (
                self.env._("Made on"),
                fields.Datetime.context_timestamp(self, fields.Datetime.now()).strftime(
                    "%Y-%m-%d %H:%M"
                ),
            )
        )
        lines.append((self.env._("Made by"), self.env.user.name))
        return lines

    @api.model
    def _label_filter(self, name):
        if name == "partner":
            return self.env._("Customer")
        return self._label_groupings()[name]

    @api.model
    def _name_values(self, name, values):
        group = "currency" if name == "currency" else name
        if name == "partner":
            partners = self.env["res.partner"].sudo().browse([v for v in values if v])
            return ", ".join(partners.mapped("display_name"))
        names = self._get_names(group, {value for value in values if value})
        without = self._label_without(group)
        return ", ".join(names.get(value) or without for value in values)

    @api.model
    def _describe_ages(self, options):
        columns = [
            column["label"]
            for column in self._get_columns(options)
            if column["key"].isdecimal()
        ]
        base = (
            self.env._("from the due date")
            if options.plan.base == "due"
            else self.env._("from the document date")
        )
        unit = (
            self.env._("in calendar months")
            if options.plan.unit == MONTHS
            else self.env._("in days")
        )
        return f"{base}, {unit}: {' | '.join(columns)}"

    @api.model
    def _describe_currency(self, options):
        currency = self._get_display_currency(options)
        if not currency:
            return self.env._("Each item in its own currency")
        if options.rate == "as_of":
            return self.env._(
                "%(currency)s, at the rate of %(day)s",
                currency=currency.name,
                day=self._describe_day(options.as_of),
            )
        return self.env._("%s, at the rate of each document", currency.name)

    @api.model
    def _describe_credits(self, options):
        if options.credits == "column":
            return self.env._("In a column of their own")
        return self.env._("Netted in the ages")
