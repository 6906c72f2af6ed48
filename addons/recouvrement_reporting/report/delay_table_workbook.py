"""The payment-delay table as a workbook: the model, the tie-out, every item."""

from odoo import models
from odoo.tools import SQL

from odoo.addons.recouvrement.tools.workbook import Workbook

LINE_COLUMNS = (
    "side",
    "category",
    "bucket",
    "partner",
    "name",
    "ref",
    "document_date",
    "date_due",
    "date_paid",
    "days",
    "amount",
    "amount_untaxed",
    "currency",
    "amount_currency",
)


class RecouvrementDelayTable(models.Model):
    _inherit = "recouvrement.delay.table"

    def _write_workbook(self, stream):
        """Write the table to a binary file."""
        self.ensure_one()
        book = Workbook(stream, self._get_file_name())
        figures = self._get_figures()
        self._write_model(book, figures)
        self._write_tie_out(book, figures)
        self._write_lines(book)
        book.close()

    # ------------------------------------------------------------------
    # THE MODEL
    # ------------------------------------------------------------------

    def _write_model(self, book, figures):
        labels = figures["labels"]
        grid = book.grid(self.env._("Table"), [46, *[17] * len(labels)])
        for label, text in self._describe_choices():
            grid.row([(label, "text"), (text, "text")])
        digits = self.currency_id.decimal_places
        for side in figures["sides"]:
            grid.row()
            grid.row([(side["heading"], "text")], "total")
            grid.row([("", "heading"), *[(label, "heading") for label in labels]])
            for label, cells in self._model_rows(side):
                grid.row([(label, "text"), *cells], decimals=digits)
            base = side["base"]
            grid.row(
                [(base["label"], "text"), (base["amount"], "amount")],
                "subtotal",
                digits,
            )
            grid.row([(self._label_part("b"), "text")], "subtotal")
            for row in side["excluded"]:
                grid.row(
                    [
                        (row["label"], "text"),
                        (row["number"], "integer"),
                        (row["amount"], "amount"),
                    ],
                    decimals=digits,
                )
            grid.row([(self._label_part("c"), "text")], "subtotal")
            grid.row([(side["reference"], "text")])
        if self.note:
            grid.row()
            grid.row([(self.note, "text")])

    def _model_rows(self, side):
        """``[(label, [(value, kind)])]`` of part (A)."""
        columns = side["columns"]
        rows = [
            (
                self.env._("Number of invoices"),
                [(column["number"], "integer") for column in columns],
            ),
            (
                self._label_amount(),
                [(column["amount"], "amount") for column in columns],
            ),
            (
                self._label_share(side["side"]),
                [(column["share"], "percent") for column in columns],
            ),
        ]
        if self.part == "year":
            shares = [(column["number_share"], "percent") for column in columns]
            rows.append((self.env._("Percentage of the number of invoices"), shares))
        return rows

    # ------------------------------------------------------------------
    # WHAT IT IS MADE OF
    # ------------------------------------------------------------------

    def _write_tie_out(self, book, figures):
        headings = [
            (self.env._("Block"), "text"),
            (self.env._("Line"), "text"),
            (self.env._("Amount"), "amount"),
            (self.env._("Excluding taxes"), "amount"),
        ]
        sheet = book.sheet(self.env._("Tie-out"), headings)
        digits = self.currency_id.decimal_places
        for side in figures["sides"]:
            for block in side["tie_out"]:
                rows = [
                    (row["label"], row["amount"], row.get("untaxed"))
                    for row in block["rows"]
                ]
                rows += [
                    (row["name"], row["amount"], None) for row in block["accounts"]
                ]
                for label, amount, untaxed in rows:
                    sheet.row([block["title"], label, amount, untaxed], decimals=digits)
                for label, amount in (
                    (self.env._("General ledger"), block["ledger"]),
                    (self.env._("Unexplained"), block["unexplained"]),
                ):
                    sheet.row([block["title"], label, amount, None], "total", digits)

    def _write_lines(self, book):
        lines = self.env["recouvrement.delay.table.line"]
        sides = dict(lines._fields["side"]._description_selection(self.env))
        categories = dict(self._label_categories())
        labels = self._label_columns()
        sheet = book.sheet(self.env._("Items"), self._get_line_headings())
        digits = self.currency_id.decimal_places
        for row in self.env.execute_query(self._lines_sql()):
            values = dict(zip(LINE_COLUMNS, row, strict=True))
            bucket = values["bucket"]
            values["side"] = sides[values["side"]]
            values["bucket"] = labels[bucket] if bucket else None
            values["category"] = categories[values["category"]]
            sheet.row([values[name] for name in LINE_COLUMNS], decimals=digits)

    def _get_line_headings(self):
        return [
            (self.env._("Invoices"), "text"),
            (self.env._("Category"), "text"),
            (self.env._("Column"), "short"),
            (self.env._("Partner"), "text"),
            (self.env._("Document"), "short"),
            (self.env._("Reference"), "short"),
            (self.env._("Document date"), "date"),
            (self.env._("Term"), "date"),
            (self.env._("Paid on"), "date"),
            (self.env._("Days"), "integer"),
            (self.env._("Including taxes"), "amount"),
            (self.env._("Excluding taxes"), "amount"),
            (self.env._("Currency"), "short"),
            (self.env._("In own currency"), "amount"),
        ]

    def _lines_sql(self):
        self.env.flush_all()
        return SQL(
            """
            SELECT l.side, l.category, l.bucket, p.complete_name, l.name, l.ref,
                   l.document_date, l.date_due, l.date_paid, l.days, l.amount::float,
                   l.amount_untaxed::float, c.name, l.amount_currency::float
              FROM recouvrement_delay_table_line l
         LEFT JOIN res_partner p ON p.id = l.partner_id
         LEFT JOIN res_currency c ON c.id = l.item_currency_id
             WHERE l.table_id = %s
          ORDER BY l.side, l.category, l.bucket, p.complete_name, l.date_due, l.id
            """,
            self.id,
        )

    # ------------------------------------------------------------------
    # WORDS OF THE MODEL
    # ------------------------------------------------------------------

    def _label_part(self, part):
        return {
            "a": self.env._("(A) Columns of delay"),
            "b": self.env._("(B) Invoices excluded from (A): disputed, or not booked"),
            "c": self.env._("(C) Reference payment delays used"),
        }[part]

    def _label_amount(self):
        return self.env._("Total amount of these invoices (%s)", self._label_basis())

    def _label_excluded(self):
        return self.env._(
            "Total amount of the invoices excluded (%s)", self._label_basis()
        )

    def _label_basis(self):
        if self.basis == "taxed":
            return self.env._("incl. tax")
        return self.env._("excl. tax")

    def _label_share(self, side):
        base = self._label_base(side)
        return self.env._(
            "Percentage: %(base)s (%(basis)s)", base=base, basis=self._label_basis()
        )
