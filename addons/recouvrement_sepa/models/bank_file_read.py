"""From the documents of a bank's file to statements, lines and messages."""

from decimal import Decimal

from odoo import fields, models

from ..tools.bank import (
    BankFileError,
    entry_events,
    open_documents,
    status_event,
)
from .bank_file_lines import Lines

STATEMENTS = ("camt.053", "cfonb120")


class RecouvrementBankFile(models.Model):
    _inherit = "recouvrement.bank.file"

    def _load_content(self, stream, report):
        """Write what a file holds.

        :param Report report: filled on the way.
        :raise BankFileError: nothing of the file may stay.
        """
        limit = self._get_size_limit()
        for document in open_documents(stream, limit, self.name):
            report.documents += 1
            report.kinds.add(document.kind)
            report.versions.add(document.version)
            for statement in document.statements:
                self._read_statement(document, statement, report)
            for status in document.statuses:
                report.hear(status_event(document, status))
            self._add_remarks(document)
        self._follow_up(report)
        self.write(
            {
                **report.values(),
                "state": "loaded",
                "date_loaded": fields.Datetime.now(),
                "journal_ids": [fields.Command.set(sorted(report.journals))],
                "problem_count": len(
                    self.issue_ids.filtered(lambda issue: issue.level != "info")
                ),
            }
        )

    def _read_statement(self, document, statement, report):
        journal = self._find_journal(statement)
        report.journals.add(journal.id)
        report.days += filter(None, [statement.date_start, statement.date_end])
        if document.kind in STATEMENTS:
            self._load_statement(document, statement, journal, report)
            report.days += filter(None, [statement.date_end])
        else:
            for entry in statement.entries:
                for item in entry_events(document, statement, entry):
                    report.hear(item)

    def _add_remarks(self, document):
        issues = self.env["recouvrement.bank.file.issue"]
        for remark in document.remarks:
            issues._add(self, f"remark_{remark.code}", remark.where, remark.params)

    # ------------------------------------------------------------------
    # JOURNALS
    # ------------------------------------------------------------------

    def _find_journal(self, statement):
        """The journal whose account the statement is about: found by its number, never
        guessed.

        :raise BankFileError: ``unknown_account``, ``two_journals`` or ``currency``.
        """
        number = statement.account_iban or statement.account_number
        journals = self._get_journals_by_number().get(number, [])
        if not journals and statement.account_number:
            journals = self._get_journals_by_number().get(statement.account_number, [])
        if len(journals) != 1:
            code = "two_journals" if journals else "unknown_account"
            raise BankFileError(code, statement.where, {"account": number or "?"})
        [journal] = journals
        currency = (journal.currency_id or journal.company_id.currency_id).name
        if statement.currency and statement.currency != currency:
            params = {"currency": statement.currency, "journal": journal.display_name}
            raise BankFileError("currency", statement.where, params)
        return journal

    def _get_journals_by_number(self):
        journals = self.env["account.journal"].search(
            [
                ("company_id", "child_of", self.company_id.id),
                ("type", "in", ["bank", "credit"]),
                ("bank_account_id", "!=", False),
            ]
        )
        found = {}
        for journal in journals:
            number = journal.bank_account_id.sanitized_acc_number
            found.setdefault(number, []).append(journal)
        return found

    # ------------------------------------------------------------------
    # STATEMENTS
    # ------------------------------------------------------------------

    def _load_statement(self, document, statement, journal, report):
        """Write a statement and its lines; what it says of our debits is heard."""
        lines = Lines(self, document, statement, journal)
        record = self._create_statement(statement, journal)
        entries = self._read_entries(document, statement, lines, report)
        record._load_lines(journal, entries)
        self._check_balance(statement, lines, journal)
        if not lines.written:
            record.unlink()
            self._tell_nothing_new(statement, lines)
            return
        self._finish_statement(record, statement, lines)
        report.lines += lines.written
        report.partners += lines.partners
        report.collections += [(journal, *pair) for pair in lines.collections]

    def _read_entries(self, document, statement, lines, report):
        """Values of the lines, in the order of the bank."""
        for batch in lines.batches(statement.entries):
            for entry in batch:
                for item in entry_events(document, statement, entry):
                    report.hear(item)
            rows = lines.values(batch)
            self._check_open_period(rows, statement, lines.journal)
            yield from rows

    def _create_statement(self, statement, journal):
        name = " ".join(filter(None, [journal.code, statement.number]))
        day = statement.date_end or statement.date_start
        return self.env["account.bank.statement"].create(
            {
                "name": f"{name} {day or ''}".strip(),
                "reference": statement.reference or self.name,
                "journal_id": journal.id,
                "bank_file_id": self.id,
                "balance_start": statement.opening or 0.0,
                "balance_end_real": statement.closing or 0.0,
            }
        )

    def _check_open_period(self, rows, statement, journal):
        """:raise BankFileError: ``closed``: nothing is booked in a closed period."""
        if not rows:
            return
        first = min(row["date"] for row in rows)
        lock = journal.company_id._get_user_fiscal_lock_date(journal)
        if first <= lock:
            params = {"day": first.isoformat(), "lock": lock.isoformat()}
            raise BankFileError("closed", statement.where, params)

    def _check_balance(self, statement, lines, journal):
        """:raise BankFileError: ``balance`` when the bank's own figures disagree."""
        if statement.opening is None or statement.closing is None:
            self._tell("no_balance", statement.where, journal=journal.display_name)
            return
        found = statement.opening + lines.total
        if found != statement.closing:
            raise BankFileError(
                "balance",
                statement.where,
                {
                    "opening": f"{statement.opening:.2f}",
                    "sum": f"{lines.total:.2f}",
                    "found": f"{found:.2f}",
                    "closing": f"{statement.closing:.2f}",
                },
            )

    def _tell_nothing_new(self, statement, lines):
        if lines.duplicates:
            self._tell("already", statement.where, count=lines.duplicates)

    def _finish_statement(self, record, statement, lines):
        """The bank's figures, and whether they follow those of the statement before."""
        start, closing = record.balance_start, statement.closing
        if statement.opening is None:
            start = record._get_balance_before()
        if closing is None:
            closing = Decimal(str(start)) + lines.total
        record._refresh_from_lines(lines.journal, start, closing)
        if not record._get_statement_validity():
            before = record._get_balance_before()
            self._tell(
                "gap",
                statement.where,
                opening=f"{record.balance_start:.2f}",
                before=f"{before:.2f}",
            )

    def _tell(self, code, where="", level="warning", **params):
        self.env["recouvrement.bank.file.issue"]._add(self, code, where, params, level)
