"""The statement of account of a period as files, and by e-mail."""

import io

from odoo import fields, models

from odoo.addons.recouvrement.tools.workbook import Workbook

from ..tools.period import Period

REPORT = "recouvrement_reporting.report_period_statement"
# Rows of the first and of the next pages: an unpatched wkhtmltopdf cuts rows in two
# wherever it has to find the page break itself.
FIRST_PAGE, NEXT_PAGE = 22, 36
SETTLES_SHOWN = 3
FORMATS = ("pdf", "xlsx")


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # ------------------------------------------------------------------
    # FILES
    # ------------------------------------------------------------------

    def _make_period_statement(self, period, lang=None, formats=("pdf",)):
        """The statement of a period as files on the debtor's thread.

        The spreadsheet goes along by itself when the PDF does not show all the rows.

        :param formats: among ``pdf`` and ``xlsx``.
        :return: ``ir.attachment`` records, in sudo.
        """
        self.ensure_one()
        attachments = self.env["ir.attachment"].sudo()
        is_cut = False
        if "pdf" in formats:
            debtor = self._with_statement_period(period, lang)
            is_cut = any(b["rest_count"] for b in debtor._get_printed_statement())
            attachments |= self._attach(*self._get_period_statement_pdf(period, lang))
        if "xlsx" in formats or is_cut:
            attachments |= self._attach(*self._get_period_workbook(period, lang))
        return attachments

    def _get_period_statement_pdf(self, period, lang=None):
        """The statement of a period, of one debtor or of many one after another.

        :return: ``(file name, content)``.
        """
        debtors = self._with_statement_period(period, lang)
        content, kind = (
            debtors.env["ir.actions.report"]
            .sudo()
            ._render_qweb_pdf(REPORT, res_ids=debtors.ids)
        )
        return self[:1]._get_period_file_name(period, kind, lang), content

    def _get_period_workbook(self, period, lang=None):
        """The statement of a period as a spreadsheet: a sheet for each currency.

        :return: ``(file name, content)``.
        """
        self.ensure_one()
        debtor = self._with_statement_period(period, lang)
        debtor = debtor.with_context(lang=debtor._get_statement_lang())
        stream = io.BytesIO()
        book = Workbook(stream, debtor.env._("Statement of Account"))
        for block in debtor._get_period_statement(period):
            debtor._write_period_sheet(book, block, period)
        book.close()
        return self._get_period_file_name(period, "xlsx", lang), stream.getvalue()

    def _with_statement_period(self, period, lang=None):
        """The debtors, in sudo, as their statement reads them."""
        context = {
            "statement_start": fields.Date.to_string(period.start),
            "statement_end": fields.Date.to_string(period.end),
        }
        if lang:
            context["statement_lang"] = lang
        return self.sudo().with_context(**context)

    def _get_statement_period(self):
        context = self.env.context
        return Period(
            fields.Date.to_date(context["statement_start"]),
            fields.Date.to_date(context["statement_end"]),
        )

    def _get_period_file_name(self, period, kind, lang=None):
        debtor = self.sudo()
        lang = lang or debtor._get_mail_lang(debtor.contact_id)
        name = debtor.with_context(lang=lang).env._(
            "Statement of account %(customer)s %(start)s %(end)s",
            customer=debtor.partner_id.name,
            start=period.start,
            end=period.end,
        )
        return f"{name}.{kind}".replace("/", "-")

    # ------------------------------------------------------------------
    # PRINTED
    # ------------------------------------------------------------------

    def _get_printed_statement(self):
        """The blocks of the statement, cut in pages; what is beyond the company's
        limit of rows is counted and in the spreadsheet.

        :return: the dicts of ``_get_period_statement`` with ``pages, rest_count,
            rest``.
        """
        limit = self.company_id.recouvrement_statement_items
        blocks = self._get_period_statement(self._get_statement_period())
        for block in blocks:
            rows, rest = block["rows"][:limit], block["rows"][limit:]
            block["pages"] = self._cut_statement_pages(rows)
            block["rest_count"] = len(rest)
            block["rest"] = sum(row["amount"] for row in rest)
        return blocks

    @staticmethod
    def _cut_statement_pages(rows, first=FIRST_PAGE, following=NEXT_PAGE):
        """Rows page by page; one with a second line takes more room."""
        pages, page, room = [], [], first
        for row in rows:
            size = 1.6 if row["settles"] or row["branch"] else 1
            if size > room:
                pages.append(page)
                page, room = [], following
            page.append(row)
            room -= size
        return [*pages, page]

    def _format_exact(self, amount, currency):
        """A Decimal in the language of the statement."""
        return self._format_amount_in(float(amount), currency)

    def _describe_settled(self, names):
        """Documents that a payment settled, in a few words."""
        shown = ", ".join(names[:SETTLES_SHOWN])
        rest = len(names) - SETTLES_SHOWN
        if rest <= 0:
            return shown
        env = self.with_context(lang=self._get_statement_lang()).env
        return env._("%(names)s and %(count)s more", names=shown, count=rest)

    # ------------------------------------------------------------------
    # SPREADSHEET
    # ------------------------------------------------------------------

    def _write_period_sheet(self, book, block, period):
        env, currency = self.env, block["currency"]
        decimals = currency.decimal_places
        sheet = book.sheet(currency.name, self._get_period_columns())
        kinds = self._get_period_kinds()
        opening = [period.eve, None, env._("Opening balance"), None, None, None, None]
        sheet.row([*opening, block["opening"]], "subtotal", decimals)
        for row in block["rows"]:
            debit, credit = max(row["amount"], 0), max(-row["amount"], 0)
            sheet.row(
                [
                    row["date"],
                    row["name"] or "",
                    self._describe_period_row(row, kinds),
                    row["date_due"] if row["amount"] > 0 else None,
                    row["mark"] or None,
                    debit or None,
                    credit or None,
                    row["balance"],
                ],
                decimals=decimals,
            )
        closing = [period.end, None, env._("Closing balance"), None, None]
        sheet.row(
            [*closing, block["debit"], block["credit"], block["closing"]],
            "total",
            decimals,
        )
        for key, label in self._get_open_labels().items():
            if block[key]:
                sheet.row(
                    [None, None, label, *[None] * 4, block[key]], "plain", decimals
                )

    def _describe_period_row(self, row, kinds):
        parts = [kinds[row["kind"]], ", ".join(row["settles"]), row["branch"]]
        return " – ".join(filter(None, parts))

    def _get_period_columns(self):
        env = self.env
        return [
            (env._("Date"), "date"),
            (env._("Document"), "text"),
            (env._("Nature"), "text"),
            (env._("Due date"), "date"),
            (env._("Matching"), "short"),
            (env._("Debit"), "amount"),
            (env._("Credit"), "amount"),
            (env._("Balance"), "amount"),
        ]

    def _get_period_kinds(self):
        """What a row is called, in the language of the statement."""
        env = self.with_context(lang=self._get_statement_lang()).env
        return {
            "invoice": env._("Invoice"),
            "credit_note": env._("Credit note"),
            "payment": env._("Payment"),
            "other": env._("Other entry"),
            "exchange": env._("Settled in another currency"),
        }

    def _get_open_labels(self):
        env = self.with_context(lang=self._get_statement_lang()).env
        return {
            "overdue": env._("Of which overdue"),
            "not_due": env._("Of which not due"),
            "to_allocate": env._("Of which credit notes and payments to allocate"),
        }

    # ------------------------------------------------------------------
    # BY E-MAIL
    # ------------------------------------------------------------------

    # EXTENDS 'recouvrement'
    def _make_documents(
        self, duplicates=None, statement=False, lang=None, period=None, formats=("pdf",)
    ):
        attachments = self.env["ir.attachment"].sudo()
        if period:
            attachments |= self._make_period_statement(period, lang, formats)
        if duplicates or statement or not period:
            attachments |= super()._make_documents(duplicates, statement, lang)
        return attachments

    # EXTENDS 'recouvrement'
    def _describe_documents(
        self, duplicates=None, statement=False, period=None, formats=()
    ):
        values = super()._describe_documents(duplicates, statement)
        return {**values, "with_statement": bool(statement or period)}

    def action_statement_run(self):
        """Statements of a period to these customers, to be checked and sent."""
        self.check_access("write")
        runs = self.env["recouvrement.statement.run"]._create_for(self)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recouvrement_reporting.recouvrement_statement_run_action"
        )
        action["domain"] = [("id", "in", runs.ids)]
        if len(runs) == 1:
            action.update(res_id=runs.id, views=[(False, "form")], domain=[])
        return action
