"""The control sheet: what whoever signs must see before a file leaves."""

import io

from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL, format_date

from odoo.addons.recouvrement.tools.workbook import Workbook

from .collection import PREPARED
from .collection_candidate import TAKEN

READERS = (
    "recouvrement.group_accountant,recouvrement.group_manager,"
    "recouvrement.group_auditor"
)
REPORT = "recouvrement_sepa.action_report_collection_sheet"
BIGGEST = 10  # debits shown by amount
SHOWN = 25  # of each kind of news on paper; all of them are in the workbook
FAR_ABOVE = 3  # times the usual debit of a customer
USUAL_DEBITS = 3  # debits that make a habit
LAPSES_WITHIN = 60  # days


class RecouvrementSepaCollection(models.Model):
    _inherit = "recouvrement.sepa.collection"

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_print_sheet(self):
        self._check_sheet()
        return self.env.ref(REPORT).report_action(self)

    def action_export_sheet(self):
        self._check_sheet()
        ids = ",".join(map(str, self.ids))
        return {
            "type": "ir.actions.act_url",
            "url": f"/recouvrement_sepa/collection/sheet?ids={ids}",
            "target": "download",
        }

    def action_view_lines(self):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_sepa.sepa_collection_line_action"
        )
        return {**action, "domain": [("collection_id", "in", self.ids)]}

    def _check_sheet(self):
        """The sheet shows all portfolios.

        :raise AccessError: for who sees only a part of them.
        """
        self.check_access("read")
        if not self.env.su and not self.env.user.has_groups(READERS):
            raise AccessError(
                self.env._("The control sheet is for those who see all customers.")
            )

    # ------------------------------------------------------------------
    # CONTENT
    # ------------------------------------------------------------------

    def _get_sheet_totals(self):
        """Collections by date, scheme and bank.

        :return: list of dicts, the total last.
        """
        self._check_sheet()
        rows = [
            {
                "name": collection.name,
                "date": collection.date,
                "scheme": collection.scheme,
                "bank": collection.journal_id.sudo().display_name,
                "account": collection.journal_id.sudo().bank_account_id.acc_number,
                "state": collection.state,
                "count": collection.count,
                "amount": collection.amount,
            }
            for collection in self.sorted(
                lambda c: (c.date, c.scheme, c.journal_id.id, c.id)
            )
        ]
        total = self.currency_id[:1].round(sum(row["amount"] for row in rows))
        count = sum(row["count"] for row in rows)
        return [*rows, {"name": "", "count": count, "amount": total, "is_total": True}]

    def _get_sheet(self):
        """The sheet of one collection, in sudo; see the keys below."""
        self.ensure_one()
        self._check_sheet()
        collection = self.sudo()
        lines = collection.line_ids.filtered(lambda x: x.state != "cancelled")
        news = collection._get_news()
        return {
            "sequences": collection._get_sequences(lines),
            "biggest": lines.sorted(lambda x: (-x.amount, x.id))[:BIGGEST],
            "news": news,
            "remarks": collection.refusal_ids,
            "left_out": collection._get_left_out(),
        }

    def _get_sequences(self, lines):
        labels = dict(lines._fields["sequence_type"]._description_selection(self.env))
        return [
            {
                "label": f"{sequence} ({labels[sequence]})",
                "count": len(found),
                "amount": self.currency_id.round(sum(found.mapped("amount"))),
            }
            for sequence, found in sorted(lines.grouped("sequence_type").items())
        ]

    def _get_news(self):
        """What differs from earlier collections, by kind; one statement.

        :return: list of ``{code, label, rows: [{line, note}]}``, kinds without rows
            left out.
        """
        self.env["recouvrement.sepa.candidate"]._flush_candidates()
        rows = self.env.execute_query(self._news_sql())
        lines = self.env["recouvrement.sepa.collection.line"].sudo()
        found = {}
        for line_id, code, before, day, amount in rows:
            line = lines.browse(line_id)
            note = self._describe_news(code, before, day, amount)
            found.setdefault(code, []).append({"line": line, "note": note})
        return [
            {"code": code, "label": label, "rows": found[code]}
            for code, label in self._get_news_labels().items()
            if code in found
        ]

    def _get_news_labels(self):
        return {
            "first": self.env._("First collection under the mandate"),
            "iban": self.env._("Account changed since the last debit"),
            "far": self.env._("Amount far above usual"),
            "again": self.env._("Presented again after a failure"),
            "receipt": self.env._("A receipt of the customer waits to be matched"),
            "lapse": self.env._("The mandate lapses soon"),
        }

    def _describe_news(self, code, before, day, amount):
        if code == "far":
            return self.env._("usually %s", self._format(float(amount)))
        if code == "receipt":
            return self._format(float(amount))
        if code == "first":
            return self.env._("signed on %s", format_date(self.env, day))
        if code == "again":
            return self.env._("failed on %s", format_date(self.env, day))
        if code == "lapse":
            return format_date(self.env, day)
        return before or ""

    def _news_sql(self):
        """Rows (line id, code, text before, day, amount)."""
        return SQL(
            """
            SELECT x.id, n.code, n.before, n.day, n.amount
              FROM recouvrement_sepa_collection_line x
              JOIN recouvrement_sepa_mandate k ON k.id = x.mandate_id
              JOIN recouvrement_debtor d ON d.id = x.debtor_id
         LEFT JOIN LATERAL (
                   SELECT y.iban FROM recouvrement_sepa_collection_line y
                    WHERE y.debtor_id = x.debtor_id AND y.id < x.id
                      AND y.state NOT IN ('planned', 'cancelled')
                 ORDER BY y.date DESC, y.id DESC LIMIT 1) last ON TRUE
         LEFT JOIN LATERAL (
                   SELECT AVG(y.amount) AS amount, COUNT(*) AS count
                     FROM recouvrement_sepa_collection_line y
                    WHERE y.debtor_id = x.debtor_id AND y.id < x.id
                      AND y.state NOT IN ('planned', 'cancelled')
                      AND y.date > x.date - 730) usual ON TRUE
         LEFT JOIN recouvrement_sepa_collection_line p ON p.id = x.previous_line_id
         LEFT JOIN LATERAL (
                   SELECT -SUM(l.amount_residual) AS amount
                     FROM account_move_line l
                     JOIN account_account a ON a.id = l.account_id
                     JOIN res_partner lp ON lp.id = l.partner_id
                     JOIN res_company c ON c.id = l.company_id
                    WHERE lp.commercial_partner_id = d.partner_id
                      AND a.account_type = 'asset_receivable'
                      AND l.parent_state = 'posted' AND l.reconciled IS NOT TRUE
                      AND l.amount_residual < 0 AND %(root)s = x.company_id
                      AND (l.payment_id IS NOT NULL OR l.statement_line_id IS NOT NULL)
                   ) receipt ON d.credit_amount > 0
        CROSS JOIN LATERAL (
                   SELECT 'first' AS code, NULL::varchar AS before, x.signed_on AS day,
                          NULL::numeric AS amount
                    WHERE NOT EXISTS (
                          SELECT FROM recouvrement_sepa_collection_line y
                           WHERE y.mandate_id = x.mandate_id AND y.id < x.id
                             AND y.state NOT IN ('planned', 'cancelled'))
                      AND k.collection_count
                          <= CASE WHEN x.state = 'planned' THEN 0 ELSE 1 END
                UNION ALL
                   SELECT 'iban', last.iban, NULL, NULL WHERE last.iban <> x.iban
                UNION ALL
                   SELECT 'far', NULL, NULL, usual.amount
                    WHERE usual.count >= %(habit)s AND x.amount > %(far)s * usual.amount
                UNION ALL
                   SELECT 'again', NULL, p.date, NULL WHERE p.id IS NOT NULL
                UNION ALL
                   SELECT 'receipt', NULL, NULL, receipt.amount
                    WHERE receipt.amount > 0
                UNION ALL
                   SELECT 'lapse', NULL, k.date_expiry, NULL
                    WHERE k.kind = 'recurrent'
                      AND COALESCE(k.date_last_collection, k.date_signed)
                          + INTERVAL '36 months' < x.date + %(lapse)s
                   ) n
             WHERE x.collection_id = %(collection)s AND x.state <> 'cancelled'
          ORDER BY x.amount DESC, x.id
            """,
            root=self.env["recouvrement.open.item"]._root_company_sql("c"),
            habit=USUAL_DEBITS,
            far=FAR_ABOVE,
            lapse=LAPSES_WITHIN,
            collection=self.id,
        )

    def _get_left_out(self):
        """What stays out of a collection being prepared, and why.

        :return: list of ``(label, number, amount)``; empty once the file is made.
        """
        if self.state not in PREPARED:
            return []
        candidates = self._get_candidates()
        labels = dict(candidates._fields["reason"]._description_selection(self.env))
        rows = candidates._read_group(
            [("reason", "not in", (*TAKEN, "in_collection"))],
            ["reason"],
            ["__count", "amount:sum"],
            order="__count DESC",
        )
        return [(labels[reason], count, amount) for reason, count, amount in rows]

    def _get_candidates(self):
        """The candidates on the terms of the collection."""
        return self.env["recouvrement.sepa.candidate"].with_context(
            sepa_company_id=self.company_id.id,
            sepa_journal_id=self.journal_id.id,
            sepa_scheme=self.scheme,
            sepa_until=fields.Date.to_string(self.date_until),
            sepa_date=fields.Date.to_string(self.date),
        )

    # ------------------------------------------------------------------
    # WORKBOOK
    # ------------------------------------------------------------------

    def _get_sheet_workbook(self):
        """The sheet with every debit, as a spreadsheet.

        :return: ``(file name, content)``.
        """
        self._check_sheet()
        stream = io.BytesIO()
        title = self.env._("Control sheet %s", ", ".join(self.mapped("name")))
        book = Workbook(stream, title)
        self._write_totals(book)
        self._write_debits(book)
        self._write_news(book)
        self._write_left_out(book)
        book.close()
        return f"{title}.xlsx".replace("/", "-"), stream.getvalue()

    def _write_totals(self, book):
        columns = [
            (self.env._("Collection"), "short"),
            (self.env._("Collection date"), "date"),
            (self.env._("Scheme"), "short"),
            (self.env._("Bank"), "text"),
            (self.env._("Account"), "text"),
            (self.env._("Debits"), "integer"),
            (self.env._("Amount"), "amount"),
        ]
        sheet = book.sheet(self.env._("Totals"), columns)
        for row in self._get_sheet_totals():
            keys = ("name", "date", "scheme", "bank", "account", "count", "amount")
            values = [row.get(key) or None for key in keys]
            if row.get("is_total"):
                values[0] = self.env._("Total")
            sheet.row(values, style="total" if row.get("is_total") else "plain")

    def _write_debits(self, book):
        columns = [
            (self.env._("Collection"), "short"),
            (self.env._("Customer"), "text"),
            (self.env._("Documents"), "text"),
            (self.env._("Mandate"), "short"),
            (self.env._("IBAN"), "text"),
            (self.env._("Sequence"), "short"),
            (self.env._("Attempt"), "integer"),
            (self.env._("Told on"), "date"),
            (self.env._("EndToEndId"), "text"),
            (self.env._("Amount"), "amount"),
        ]
        sheet = book.sheet(self.env._("Debits"), columns)
        lines = self.sudo().line_ids.filtered(lambda x: x.state != "cancelled")
        for line in lines.sorted(lambda x: (x.collection_id.name, x.id)):
            sheet.row(
                [
                    line.collection_id.name,
                    line.partner_id.name,
                    line.remittance or None,
                    line.rum,
                    line.iban,
                    line.sequence_type,
                    line.attempt,
                    line.prenotified_on or None,
                    line.end_to_end_id,
                    line.amount,
                ]
            )

    def _write_news(self, book):
        columns = [
            (self.env._("Collection"), "short"),
            (self.env._("What is new"), "text"),
            (self.env._("Customer"), "text"),
            (self.env._("Detail"), "text"),
            (self.env._("Amount"), "amount"),
        ]
        sheet = book.sheet(self.env._("What is new"), columns)
        for collection in self.sudo():
            for kind in collection._get_news():
                for row in kind["rows"]:
                    line = row["line"]
                    sheet.row(
                        [
                            collection.name,
                            kind["label"],
                            line.partner_id.name,
                            row["note"],
                            line.amount,
                        ]
                    )
            for remark in collection.refusal_ids:
                sheet.row(
                    [
                        collection.name,
                        dict(remark._fields["level"]._description_selection(self.env))[
                            remark.level
                        ],
                        remark.debtor_id.partner_id.name or None,
                        remark.message,
                        remark.line_id.amount or None,
                    ]
                )

    def _write_left_out(self, book):
        columns = [
            (self.env._("Collection"), "short"),
            (self.env._("Left out because"), "text"),
            (self.env._("Items"), "integer"),
            (self.env._("Amount"), "amount"),
        ]
        sheet = book.sheet(self.env._("Left out"), columns)
        for collection in self.sudo():
            for label, count, amount in collection._get_left_out():
                sheet.row([collection.name, label, count, amount])
