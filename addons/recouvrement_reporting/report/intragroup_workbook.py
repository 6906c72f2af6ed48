"""The intragroup reconciliation as a workbook: the pairs, then each document."""

from odoo import api, fields, models

from odoo.addons.recouvrement.tools.workbook import Workbook

from ..tools.intragroup import AGREED


class RecouvrementIntragroup(models.AbstractModel):
    _inherit = "recouvrement.intragroup"

    @api.model
    def _write_workbook(self, stream, values):
        """Write all pairs of the user, or one.

        :param dict values: ``day``, and ``company_id`` with ``other_id`` for one.
        :return: name of the file.
        """
        day = self._check_day(values.get("day"))
        companies = self._get_companies()
        if values.get("company_id"):
            pair = self._check_pair(values["company_id"], values.get("other_id"))
            companies, pairs = pair[0] | pair[1], [pair]
        else:
            pairs = [
                (company, other)
                for company in companies.sorted("name")
                for other in (companies - company).sorted("name")
            ]
        sides = self._read_sides(companies, day) if pairs else None
        name = self.env._("Intragroup %s", fields.Date.to_string(day))
        book = Workbook(stream, name)
        read = [(pair, *self._sum_pair(*pair, sides)) for pair in pairs]
        currencies = self._get_currencies()
        self._write_pairs(book, read, currencies)
        self._write_documents(book, read, sides, currencies)
        book.close()
        return f"{name}.xlsx"

    @api.model
    def _write_pairs(self, book, read, currencies):
        labels = self._get_kinds()
        kinds = [kind for kind in labels if kind not in AGREED]
        sheet = book.sheet(
            self.env._("Pairs"),
            [
                (self.env._("Creditor"), "text"),
                (self.env._("Debtor company"), "text"),
                (self.env._("Currency"), "short"),
                (self.env._("Claimed"), "amount"),
                (self.env._("Owed"), "amount"),
                (self.env._("Difference"), "amount"),
                *[(labels[kind], "amount") for kind in kinds],
            ],
        )
        for (company, other), _rows, sums in read:
            for currency, one in sums.items():
                amounts = [one["claimed"], one["owed"], one["difference"]]
                amounts += [one["kinds"].get(kind) for kind in kinds]
                sheet.row(
                    [
                        company.name,
                        other.name,
                        currencies[currency]["name"],
                        *[None if one is None else float(one) for one in amounts],
                    ],
                    decimals=currencies[currency]["digits"],
                )

    @api.model
    def _write_documents(self, book, read, sides, currencies):
        document = [
            (self.env._("Document"), "short"),
            (self.env._("Reference"), "short"),
            (self.env._("Date"), "date"),
            (self.env._("Due date"), "date"),
            (self.env._("Currency"), "short"),
            (self.env._("Open amount"), "amount"),
        ]
        sheet = book.sheet(
            self.env._("Documents"),
            [
                (self.env._("Creditor"), "text"),
                (self.env._("Debtor company"), "text"),
                *[
                    (self.env._("Creditor: %s", label), kind)
                    for label, kind in document
                ],
                *[(self.env._("Debtor: %s", label), kind) for label, kind in document],
                (self.env._("Difference"), "amount"),
                (self.env._("Explanation"), "text"),
                (self.env._("In charge"), "text"),
                (self.env._("Comment"), "text"),
            ],
        )
        labels = self._get_kinds()
        for (company, other), rows, _sums in read:
            notes = self._get_notes(company, other)
            for row in rows:
                note = notes.get(row.key, {})
                currency, amount = next(iter(row.differences.items()))
                sheet.row(
                    [
                        company.name,
                        other.name,
                        *self._document_cells(row.ours, sides, currencies),
                        *self._document_cells(row.theirs, sides, currencies),
                        float(amount) if row.kind != "currency" else None,
                        labels[row.kind],
                        note.get("owner"),
                        note.get("comment"),
                    ],
                    decimals=currencies[currency]["digits"],
                )

    @api.model
    def _document_cells(self, document, sides, currencies):
        if not document:
            return [None] * 6
        facts = sides["shown"][document.key]
        return [
            facts["name"],
            facts["ref"],
            facts["date"],
            facts["date_due"],
            currencies[document.currency]["name"],
            float(document.amount),
        ]
