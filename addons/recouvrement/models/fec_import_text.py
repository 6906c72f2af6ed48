"""What the reader of FEC files has to say, in the user's language.

The reader itself is plain Python and speaks English; it gives a code and values.
"""

from datetime import date
from decimal import Decimal

from odoo import models
from odoo.tools import format_date, formatLang

from ..tools.fec import FecIssue


class RecouvrementFecImport(models.Model):
    _inherit = "recouvrement.fec.import"

    def _format_issue(self, issue):
        """Sentence of an issue, without its place."""
        values = {key: self._format_value(value) for key, value in issue.params.items()}
        return self._get_issue_texts()[issue.code] % values

    def _format_value(self, value):
        if isinstance(value, FecIssue):
            return self._format_place(value) + self._format_issue(value)
        if isinstance(value, Decimal):
            return formatLang(self.env, float(value), currency_obj=self.currency_id)
        if isinstance(value, date):
            return format_date(self.env, value)
        if isinstance(value, str):
            return self._get_file_kinds().get(value, value)
        return value

    def _format_place(self, issue):
        if issue.line:
            return self.env._("line %s: ", issue.line)
        return ""

    def _format_fatal(self, issue):
        """What is wrong with a file, where, and what to do."""
        place = issue.file
        if issue.line:
            place = self.env._(
                "%(file)s, line %(line)s", file=issue.file, line=issue.line
            )
        text = self._format_issue(issue)
        return f"{place}: {text}" if place else text

    def _get_issue_texts(self):
        """Template of each issue code, in the language of the environment."""
        return {
            **self._get_fatal_texts(),
            **self._get_refused_texts(),
            **self._get_format_texts(),
            **self._get_balance_texts(),
            **self._get_opening_texts(),
            **self._get_takeover_texts(),
        }

    def _get_fatal_texts(self):
        return {
            "empty": self.env._("The file is empty. Export the FEC again."),
            "not_found": self.env._(
                "The file cannot be opened: %(error)s. Add it again."
            ),
            "too_big": self.env._(
                "The file has %(size)s bytes, over the limit of %(limit)s. Split it "
                "by year."
            ),
            "not_text": self.env._(
                "This is %(found)s, not a FEC. Give the text file exported by the "
                "accounting software (the .txt of the tax audit export)."
            ),
            "archive": self.env._(
                "This is %(found)s. Unpack it and give the text file it contains."
            ),
            "binary": self.env._(
                "The file holds binary data. Save it as UTF-8 text, or export the FEC "
                "again."
            ),
            "no_header": self.env._(
                "The first line is not the line of field names of a FEC "
                "(JournalCode, EcritureDate, CompteNum, Debit, Credit…). It starts "
                "with: %(start)s"
            ),
            "missing_columns": self.env._(
                "The line of field names lacks %(columns)s. Add these columns to the "
                "export."
            ),
            "duplicate_column": self.env._(
                "The field name %(column)s stands twice in the first line. Remove one."
            ),
            "no_lines": self.env._(
                "No entry line of the file can be read (%(refused)s refused; the "
                "first: %(first)s)."
            ),
            "too_many_refused": self.env._(
                "%(refused)s of the first %(lines)s lines cannot be read (the first: "
                "%(first)s). The file is damaged or is not a FEC."
            ),
            "xml_broken": self.env._(
                "The XML is broken: %(error)s. Export the FEC again."
            ),
            "xml_forbidden": self.env._(
                "The XML declares a document type or entities, which a FEC never "
                "needs. It is not read, for safety."
            ),
            "no_files": self.env._("No file was given."),
        }

    def _get_refused_texts(self):
        return {
            "field_count": self.env._("%(found)s fields instead of %(expected)s"),
            "line_too_long": self.env._("The line is longer than %(limit)s characters"),
            "bad_date": self.env._("%(field)s is not a date: %(value)s"),
            "no_date": self.env._("%(field)s is blank"),
            "bad_account": self.env._(
                "CompteNum does not start with three digits of the chart: %(value)s"
            ),
            "bad_amount": self.env._("%(field)s is not an amount: %(value)s"),
            "ambiguous_amount": self.env._(
                "%(field)s can be read in two ways (thousands or decimals): %(value)s"
            ),
            "bad_side": self.env._("Sens is neither D, C, +1 nor -1: %(value)s"),
        }

    def _get_format_texts(self):
        return {
            "row_rebuilt": self.env._(
                "A stray separator in EcritureLib was put back (%(count)s rows)"
            ),
            "amount_format": self.env._(
                "Amounts not written with a decimal comma alone, e.g. %(value)s "
                "(%(count)s)"
            ),
            "amount_precision": self.env._(
                "Amounts with more than two decimals, rounded to the cent, e.g. "
                "%(value)s (%(count)s)"
            ),
            "date_format": self.env._(
                "Dates not written YYYYMMDD, e.g. %(value)s (%(count)s)"
            ),
            "piece_date_invalid": self.env._(
                "PieceDate cannot be read and EcritureDate stands in, e.g. %(value)s "
                "(%(count)s)"
            ),
            "piece_date_missing": self.env._(
                "PieceDate is blank and EcritureDate stands in (%(count)s receivable "
                "lines)"
            ),
            "piece_date_far": self.env._(
                "PieceDate is years away from EcritureDate, e.g. %(value)s (%(count)s)"
            ),
            "nul_bytes": self.env._("NUL bytes were dropped (%(count)s lines)"),
            "undecodable": self.env._(
                "Some characters could not be decoded (%(count)s lines)"
            ),
            "zero_lines": self.env._(
                "Receivable lines of zero were dropped (%(count)s)"
            ),
            "name_period": self.env._(
                "The file name says %(name)s, its entries end on %(end)s; the entries "
                "are right"
            ),
        }

    def _get_balance_texts(self):
        return {
            "journal_unbalanced": self.env._(
                "Journal %(journal)s does not balance: debit - credit = %(difference)s"
            ),
            "entry_unbalanced": self.env._(
                "The entry that starts here does not balance: debit - credit = "
                "%(difference)s"
            ),
            "entries_unbalanced": self.env._(
                "%(count)s entries do not balance; only the first %(shown)s are listed"
            ),
            "file_unbalanced": self.env._(
                "The file does not balance: debit - credit = %(difference)s"
            ),
            "group_unbalanced": self.env._(
                "Lettering %(code)s of %(customer)s does not balance: %(difference)s"
            ),
            "no_receivables": self.env._("No line on the accounts %(accounts)s"),
            "no_customer": self.env._(
                "Account %(account)s gathers all customers without naming them: "
                "nothing in it can be chased"
            ),
            "passing_customers": self.env._(
                "%(customer)s gathers several passing customers: not to be chased as "
                "one"
            ),
            "settled_later": self.env._(
                "%(customer)s: %(amount)s is lettered with a payment after this file; "
                "to confirm before chasing"
            ),
        }

    def _get_opening_texts(self):
        return {
            "opening_global": self.env._(
                "One opening line of %(amount)s for all of the receivables: its "
                "customers and dates are unknown"
            ),
            "opening_totals": self.env._(
                "Opening lines without the dates of the invoices (%(count)s lines): "
                "age unknown"
            ),
            "opening_day_dates": self.env._(
                "Opening lines dated on the opening day itself (%(count)s lines): they "
                "are at least that old"
            ),
            "opening_guessed": self.env._(
                "No journal is named as opening; the entry of the lowest number is "
                "taken as such"
            ),
            "opening_replaced": self.env._(
                "Opening lines replaced by the open items of the year before "
                "(%(count)s customers)"
            ),
            "opening_differs": self.env._(
                "%(customer)s: opening %(opening)s, but %(previous)s open at the end "
                "of the file before; the opening is kept"
            ),
            "no_opening": self.env._(
                "No opening entry: the file is read as the continuation of %(previous)s"
            ),
            "duplicate_file": self.env._("Same content as %(other)s: not read twice"),
            "overlap": self.env._(
                "%(count)s receivable lines dated from %(start)s on are in a newer "
                "file: not read twice"
            ),
        }

    def _get_takeover_texts(self):
        """Remarks of the takeover itself, not of the reader."""
        return {
            "already_loaded": self.env._(
                "This file was loaded on %(date)s by %(user)s (%(takeover)s): its "
                "items are not taken over twice"
            ),
            "read_with": self.env._(
                "Read together with %(file)s, loaded on %(date)s: what it left here is "
                "kept, only the changes are posted"
            ),
            "other_company": self.env._(
                "The file name bears the SIREN %(siren)s, but %(company)s has "
                "%(expected)s: is it the right company?"
            ),
            "own_items": self.env._(
                "%(company)s already has %(count)s open receivable items of its own "
                "for %(amount)s: if the FEC holds them too, they will count twice"
            ),
            "partner_ambiguous": self.env._(
                "%(customer)s: several customers in Odoo bear this name or reference; "
                "a new one will be created unless you choose"
            ),
            "partner_name_differs": self.env._(
                "%(customer)s has the reference of %(partner)s in Odoo, under another "
                "name: check that it is the same customer"
            ),
            "currency_unknown": self.env._(
                "%(count)s items in %(currency)s, which is not active in Odoo: taken "
                "over in %(company_currency)s"
            ),
            "more_issues": self.env._("… and %(count)s more remarks like these"),
        }
