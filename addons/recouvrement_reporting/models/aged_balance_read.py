"""What the screen of the aged balance reads: rows, totals, items."""

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.options import columns_of
from .aged_balance_sql import GROUP_COLUMNS

PARTNER_GROUPS = ("debtor", "parent")  # many rows: named, sorted and paged in SQL
WORK_MEMORY = "64MB"
ITEM_FIELDS = [
    "name",
    "partner_id",
    "commercial_partner_id",
    "document_date",
    "date_due",
    "days_overdue",
    "column_index",
    "amount",
    "display_currency_id",
    "collection_status",
    "move_id",
]


class RecouvrementAgedBalance(models.Model):
    _inherit = "recouvrement.aged.balance"

    # ------------------------------------------------------------------
    # FOR THE SCREEN
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    def get_balance(self, values):
        """One page of the aged balance, with the totals of all of it.

        :param dict values: options, see ``tools/options.py``.
        :return: ``options`` as followed, ``columns``, ``currencies``, ``rows``,
            ``totals`` (one per currency) and ``count`` of rows in all.
        """
        options = self._read_options(values)
        columns = self._get_columns(options)
        rows, totals = self._read_page(options, len(columns))
        return {
            "options": options.to_dict(),
            "columns": columns,
            "rows": rows,
            "totals": totals,
            "count": sum(total["rows"] for total in totals),
            "currencies": self._describe_currencies(rows + totals),
            "as_of_label": self._describe_day(options.as_of),
            "compare_label": options.compare and self._describe_day(options.compare),
            "is_past": options.as_of < fields.Date.context_today(self),
        }

    @api.model
    @api.readonly
    def get_items(self, values, key, currency_id=False, offset=0, limit=80):
        """Items of one row of the balance, the oldest first.

        :return: ``{"items": [dict], "count": int}``.
        """
        options = self._read_options(values)
        model = self._with_options(options)
        domain = self._get_domain(options) & self._key_domain(options, key)
        if currency_id and not self._get_display_currency(options):
            domain &= Domain("currency_id", "=", currency_id)
        items = model.search_fetch(
            domain, ITEM_FIELDS, offset=offset, limit=min(limit or 80, 500)
        )
        codes = columns_of(options, self._has_unknown_ages())
        return {
            "items": [self._describe_item(item, codes) for item in items],
            "count": model.search_count(domain),
        }

    @api.model
    @api.readonly
    def get_choices(self):
        """What can be chosen on the screen."""
        companies = self.env.companies
        return {
            "groupings": [
                {"key": key, "label": label}
                for key, label in self._label_groupings().items()
                if key != "company" or len(companies) > 1
            ],
            "currencies": [
                {"id": currency.id, "name": currency.name}
                for currency in self.env["res.currency"].search([])
            ],
            "statuses": self._fields["collection_status"]._description_selection(
                self.env
            ),
            "company_ids": companies.ids,
            "many_companies": len(companies) > 1,
            "sees_ledger": self._sees_ledger(),
            "may_share": self._may_share(),
            "today": fields.Date.to_string(fields.Date.context_today(self)),
            "views": self.env["recouvrement.aged.balance.view"]._get_for_screen(),
        }

    # ------------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------------

    @api.model
    def _read_page(self, options, width):
        """``(rows, totals)`` in one statement."""
        rows, totals = [], []
        self._allow_memory()
        for record in self.env.execute_query_dict(self._page_sql(options, width)):
            (totals if record["is_total"] else rows).append(
                self._describe_row(record, width)
            )
        self._name_rows(options, rows)
        if options.group_by not in PARTNER_GROUPS:
            rows = self._sort_rows(options, rows)
            rows = rows[options.offset : options.offset + options.limit]
        return rows, totals

    @api.model
    def _allow_memory(self):
        """Sums of a large ledger without files on disk, for this transaction."""
        self.env.cr.execute(SQL("SET LOCAL work_mem = %s", WORK_MEMORY))

    @api.model
    def _page_sql(self, options, width):
        paged = options.group_by in PARTNER_GROUPS
        return SQL(
            """
            WITH grouped AS MATERIALIZED (%(grouped)s)
            SELECT TRUE AS is_total, NULL AS key, currency_id, %(sums)s,
                   SUM(total) AS total, SUM(other) AS other, SUM(items) AS items,
                   COUNT(*) AS rows, MIN(oldest) AS oldest, NULL AS label
              FROM grouped GROUP BY currency_id
         UNION ALL
            SELECT * FROM (%(page)s) page
            """,
            grouped=self._grouped_sql(options, width),
            sums=SQL(", ").join(
                SQL("SUM(%(name)s) AS %(name)s", name=name)
                for name in self._column_names(width)
            ),
            page=self._rows_sql(options, width) if paged else self._few_rows_sql(width),
        )

    @api.model
    def _few_rows_sql(self, width):
        """All rows of a grouping that has few of them; sorted afterwards."""
        return SQL(
            """SELECT FALSE, key::text, currency_id, %s, total, other, items, 0,
                      oldest, NULL FROM grouped""",
            SQL(", ").join(self._column_names(width)),
        )

    @api.model
    def _rows_sql(self, options, width):
        """One page of rows. Only sorting by name asks for the names of all."""
        names = SQL("LEFT JOIN res_partner p ON p.id = g.key")
        by_name = options.sort == "name"
        order = self._order_sql(options, width)
        return SQL(
            """
            SELECT FALSE, g.key::text, g.currency_id, %(columns)s, total, other, items,
                   0, oldest, p.complete_name
              FROM (SELECT g.* FROM grouped g %(names_before)s
                  ORDER BY %(order)s LIMIT %(limit)s OFFSET %(offset)s) g
                   %(names)s
          ORDER BY %(order)s
            """,
            columns=SQL(", ").join(self._column_names(width)),
            names_before=names if by_name else SQL(),
            names=names,
            order=order,
            limit=options.limit,
            offset=options.offset,
        )

    @api.model
    def _column(self, letter, number):
        return SQL.identifier(f"{letter}{number}")

    @api.model
    def _column_names(self, width):
        return [self._column(letter, n) for n in range(width) for letter in "ab"]

    @api.model
    def _grouped_sql(self, options, width):
        """Columns of each row: ``a0, a1…``; those of the second day: ``b0, b1…``."""
        days = [options.as_of] + ([options.compare] if options.compare else [])
        readings = SQL(" UNION ALL ").join(
            self._reading_sql(options.on(day), number)
            for number, day in enumerate(days)
        )
        sums = SQL(", ").join(
            self._column_sum_sql(reading, number, compared=bool(options.compare))
            for number in range(width)
            for reading in (0, 1)
        )
        return SQL(
            """
            SELECT key, currency_id, %(sums)s,
                   COALESCE(SUM(amount) FILTER (WHERE reading = 0), 0) AS total,
                   COALESCE(SUM(amount) FILTER (WHERE reading = 1), 0) AS other,
                   COALESCE(SUM(items) FILTER (WHERE reading = 0), 0) AS items,
                   MIN(oldest) FILTER (WHERE reading = 0) AS oldest
              FROM (SELECT reading, key, currency_id, column_index,
                           SUM(amount) AS amount, COUNT(*) AS items,
                           MIN(date_due) FILTER (WHERE amount > 0) AS oldest
                      FROM (%(readings)s) i
                  GROUP BY reading, key, currency_id, column_index) cell
          GROUP BY key, currency_id
            """,
            sums=sums,
            readings=readings,
        )

    @api.model
    def _column_sum_sql(self, reading, number, compared):
        """One column of a row on one of the days."""
        name = self._column("ab"[reading], number)
        if reading and not compared:
            return SQL("0::numeric AS %s", name)
        return SQL(
            """COALESCE(SUM(amount) FILTER (
                   WHERE reading = %s AND column_index = %s), 0) AS %s""",
            reading,
            number,
            name,
        )

    @api.model
    def _reading_sql(self, options, number):
        """The items of one day, with the access rules of the user."""
        model = self._with_options(options)
        query = model._search(self._get_domain(options))
        table = SQL.identifier(query.table)
        return query.select(
            SQL("%s AS reading", number),
            SQL("%s.%s AS key", table, SQL.identifier(GROUP_COLUMNS[options.group_by])),
            SQL("%s.display_currency_id AS currency_id", table),
            SQL("%s.column_index", table),
            SQL("%s.amount", table),
            SQL("%s.date_due", table),
        )

    @api.model
    def _order_sql(self, options, width):
        way = SQL("DESC NULLS LAST") if options.descending else SQL("ASC NULLS FIRST")
        expressions = {
            "name": SQL("LOWER(p.complete_name)"),
            "total": SQL("total"),
            "other": SQL("other"),
            "change": SQL("total - other"),
            "oldest": SQL("oldest"),
        }
        expression = expressions.get(options.sort)
        if expression is None:
            expression = self._column("a", min(int(options.sort), width - 1))
        return SQL("%s %s, g.key, g.currency_id", expression, way)

    @api.model
    def _sort_rows(self, options, rows):
        def value(row):
            if options.sort == "name":
                return row["label"].lower()
            if options.sort == "change":
                return row["total"] - row["other"]
            if options.sort in ("total", "other", "oldest"):
                return row[options.sort] or ""
            return row["amounts"][min(int(options.sort), len(row["amounts"]) - 1)]

        if options.sort in ("total", "other"):
            rows = sorted(rows, key=lambda row: row["label"].lower())
            return sorted(
                rows, key=lambda row: row[options.sort], reverse=options.descending
            )
        return sorted(rows, key=value, reverse=options.descending)

    @api.model
    def _describe_row(self, record, width):
        oldest = record["oldest"]
        return {
            "key": record["key"],
            "label": record["label"] or "",
            "currency_id": record["currency_id"],
            "amounts": [record[f"a{n}"] for n in range(width)],
            "others": [record[f"b{n}"] for n in range(width)],
            "total": record["total"],
            "other": record["other"],
            "items": int(record["items"]),
            "rows": int(record["rows"]),
            "oldest": oldest and fields.Date.to_string(oldest),
            "oldest_label": oldest and self._describe_day(oldest),
        }
