"""The statement of account of a debtor: all that is open today, by currency."""

import io

from odoo import fields, models
from odoo.tools import SQL, format_date, formatLang

from ..tools.spreadsheet import Column, TableWriter

REPORT = "recouvrement.action_report_debtor_statement"
# Rows on the first and on the next pages: an unpatched wkhtmltopdf cuts rows in two
# wherever it has to find the page break itself.
FIRST_PAGE, NEXT_PAGE = 24, 38


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # ------------------------------------------------------------------
    # DOCUMENT
    # ------------------------------------------------------------------

    def _make_statement(self, lang=None):
        """The statement of account, and the list of the items as a spreadsheet when
        it does not show them all.

        :return: ``ir.attachment`` records, in sudo.
        """
        self.ensure_one()
        name, content = self._get_statement_pdf(lang)
        attachments = self._attach(name, content)
        blocks = self.sudo()._get_statement_blocks()
        if any(block["rest_count"] for block in blocks):
            attachments |= self._make_item_list(lang=lang)
        return attachments

    def _get_statement_pdf(self, lang=None):
        """The statement of account as it is now.

        :param str lang: language; default the customer's.
        :return: ``(file name, content)``.
        """
        self.ensure_one()
        debtor = self.sudo().with_context(
            statement_lang=lang or self._get_mail_lang(self.sudo().contact_id)
        )
        report = debtor.env["ir.actions.report"]
        content, kind = report._render_qweb_pdf(REPORT, res_ids=debtor.ids)
        env = debtor.with_context(lang=debtor._get_statement_lang()).env
        name = env._(
            "Statement of account %(customer)s %(day)s",
            customer=debtor.partner_id.name,
            day=fields.Date.context_today(debtor),
        )
        return f"{name}.{kind}".replace("/", "-"), content

    def _get_statement_lang(self):
        asked = self.env.context.get("statement_lang")
        return asked or self._get_mail_lang(self.contact_id)

    # ------------------------------------------------------------------
    # CONTENTS
    # ------------------------------------------------------------------

    def _statement_items_sql(self, lines=None):
        """Open items of the debtor, of all branches of its company."""
        items = self.env["recouvrement.open.item"]
        condition = self._lines_of_partners_sql(self.partner_id.ids)
        if lines is not None:
            condition = SQL("%s AND l.id = ANY(%s)", condition, lines.ids)
        return SQL(
            "SELECT o.* FROM (%s) o WHERE o.debtor_id = %s",
            items._open_items_sql(condition=condition),
            self.id,
        )

    def _get_statement_blocks(self):
        """What is open, one block for each currency; debts first, the oldest first,
        then credits. Two queries, whatever the number of items.

        :return: dicts ``currency, pages, rest_count, rest, overdue, not_due, credit,
            balance``; amounts are decimals in the currency.
        """
        self.ensure_one()
        self._flush_sources()
        limit = self.company_id.recouvrement_statement_items
        listed = {}
        for row in self.env.execute_query_dict(self._statement_rows_sql(limit)):
            listed.setdefault(row["currency_id"], []).append(row)
        currencies = self.env["res.currency"]
        return [
            {
                **total,
                "currency": currencies.browse(total["currency_id"]),
                "pages": self._cut_pages(listed.get(total["currency_id"], [])),
            }
            for total in self.env.execute_query_dict(self._statement_totals_sql(limit))
        ]

    def _statement_rows_sql(self, limit):
        return SQL(
            """
            SELECT * FROM (
                SELECT o.currency_id, o.name, o.kind, o.document_date, o.date_due,
                       GREATEST(o.days_overdue, 0) AS days_late, o.amount,
                       o.amount_residual_currency AS residual,
                       o.amount_residual_currency < 0 AS is_credit,
                       %(place)s AS place
                  FROM (%(items)s) o) x
             WHERE place <= %(limit)s
          ORDER BY currency_id, place
            """,
            items=self._statement_items_sql(),
            place=self._statement_place_sql(),
            limit=limit,
        )

    def _statement_place_sql(self):
        return SQL(
            """ROW_NUMBER() OVER (PARTITION BY o.currency_id
                   ORDER BY o.amount_residual_currency < 0, o.date_due, o.id)"""
        )

    def _statement_totals_sql(self, limit):
        return SQL(
            """
            SELECT currency_id,
                   COUNT(*) FILTER (WHERE place > %(limit)s) AS rest_count,
                   COALESCE(SUM(residual) FILTER (WHERE place > %(limit)s), 0) AS rest,
                   COALESCE(SUM(residual) FILTER (
                       WHERE residual > 0 AND days_overdue > 0), 0) AS overdue,
                   COALESCE(SUM(residual) FILTER (
                       WHERE residual > 0 AND days_overdue <= 0), 0) AS not_due,
                   COALESCE(SUM(residual) FILTER (WHERE residual < 0), 0) AS credit,
                   SUM(residual) AS balance
              FROM (SELECT o.currency_id, o.days_overdue,
                           o.amount_residual_currency AS residual,
                           %(place)s AS place
                      FROM (%(items)s) o) x
          GROUP BY currency_id
          ORDER BY currency_id
            """,
            items=self._statement_items_sql(),
            place=self._statement_place_sql(),
            limit=limit,
        )

    @staticmethod
    def _cut_pages(rows):
        pages, size = [], FIRST_PAGE
        while rows:
            pages.append(rows[:size])
            rows, size = rows[size:], NEXT_PAGE
        return pages or [[]]

    # ------------------------------------------------------------------
    # FORMATS, in the language of the statement
    # ------------------------------------------------------------------

    def _format_amount_in(self, amount, currency):
        env = self.with_context(lang=self._get_statement_lang()).env
        return formatLang(env, amount, currency_obj=currency)

    def _format_statement_day(self, day):
        lang = self._get_statement_lang()
        return format_date(self.env, day, lang_code=lang) if day else ""

    def _get_statement_day(self):
        return self._format_statement_day(fields.Date.context_today(self))

    def _get_statement_reference(self):
        """What the customer should quote: its own number, else ours."""
        return self.partner_id.ref or f"D{self.id}"

    def _get_statement_address(self, partner):
        text = partner._display_address(without_company=True)
        return [" ".join(row.split()) for row in text.splitlines() if row.strip()]

    # ------------------------------------------------------------------
    # SPREADSHEET
    # ------------------------------------------------------------------

    def _make_item_list(self, lines=None, lang=None):
        """The open items of the debtor, or chosen ones, as a spreadsheet.

        :return: ``ir.attachment``, in sudo.
        """
        self.ensure_one()
        debtor = self.sudo().with_context(
            lang=lang or self._get_mail_lang(self.sudo().contact_id)
        )
        env = debtor.env
        stream = io.BytesIO()
        columns = debtor._get_item_list_columns()
        writer = TableWriter(stream, env._("List of documents"), columns)
        rows = debtor._get_item_list_rows(lines)
        writer.write_rows(rows)
        totals = {}
        for row in rows:
            totals[row[6]] = totals.get(row[6], 0) + row[5]
        for currency, total in totals.items():
            writer.write_totals(
                [env._("Total"), None, None, None, None, total, currency]
            )
        writer.close()
        name = env._("List of documents %s.xlsx", debtor._get_statement_reference())
        return self._attach(name, stream.getvalue())

    def _get_item_list_columns(self):
        env = self.env
        return [
            Column(env._("Document")),
            Column(env._("Date"), "date"),
            Column(env._("Due date"), "date"),
            Column(env._("Days late"), "integer"),
            Column(env._("Amount"), "amount"),
            Column(env._("Still due"), "amount"),
            Column(env._("Currency")),
        ]

    def _get_item_list_rows(self, lines=None):
        """All at once: an account has some thousands of items at most."""
        self._flush_sources()
        return self.env.execute_query(
            SQL(
                """
                SELECT COALESCE(o.name, ''), o.document_date, o.date_due,
                       NULLIF(GREATEST(o.days_overdue, 0), 0), o.amount,
                       o.amount_residual_currency, currency.name
                  FROM (%s) o
                  JOIN res_currency currency ON currency.id = o.currency_id
              ORDER BY currency.name, o.amount_residual_currency < 0, o.date_due, o.id
                """,
                self._statement_items_sql(lines),
            )
        )
