"""How an aged balance was made, and its tie-out, in its spreadsheet."""

from odoo import api, fields, models

from ..tools.ageing import MONTHS


class RecouvrementAgedBalance(models.Model):
    _inherit = "recouvrement.aged.balance"

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
