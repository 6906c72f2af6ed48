"""Bank statements that come from files: written in sets, each line once."""

from odoo import fields, models
from odoo.tools import SQL, split_every

from .statement_copy import copy_rows

BATCH = 2000
QUIET = {
    "tracking_disable": True,
    "mail_notrack": True,
    "skip_invoice_sync": True,
    "skip_is_manually_modified": True,
}


class AccountBankStatement(models.Model):
    _inherit = "account.bank.statement"

    bank_file_id = fields.Many2one(
        "recouvrement.bank.file",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    # ------------------------------------------------------------------
    # LINES
    # ------------------------------------------------------------------

    def _load_lines(self, journal, rows):
        """Write the lines of this statement, each with its posted entry.

        Posting a line through the ORM takes about 5 statements each. Here the first
        line of a kind (a month, a direction) goes through it, and the others are
        copies of its records: what they hold differs by amount, day, texts and
        customer only. Journals in a foreign currency, or whose entries are sealed, go
        through the ORM all the way.

        :param journal: journal of the lines: a statement without lines has none.
        :param rows: iterable of ``{field: value}`` of lines, in the order of the bank;
            amounts in the journal's currency.
        :return: number of lines.
        """
        self.ensure_one()
        patterns = {}
        count = 0
        for batch in split_every(BATCH, rows, list):
            self._load_batch(journal, batch, patterns)
            count += len(batch)
        if count:
            self._refresh_from_lines(journal)
        return count

    def _load_batch(self, journal, batch, patterns):
        """Write a batch in its order: what the ORM writes and what is copied by turns.

        :param patterns: ``{kind: line}`` made so far, added to.
        """
        kinds = [self._get_kind(journal, row) for row in batch]
        start = 0
        while start < len(batch):
            kind, end = kinds[start], start + 1
            if kind in patterns:
                while end < len(batch) and kinds[end] in patterns:
                    end += 1
                used = [patterns[one] for one in kinds[start:end]]
                copy_rows(self, journal, list(zip(used, batch[start:end], strict=True)))
            else:
                while kind is None and end < len(batch) and kinds[end] is None:
                    end += 1
                lines = self._create_lines(journal, batch[start:end])
                if kind is not None:
                    patterns[kind] = lines
            start = end

    def _get_kind(self, journal, row):
        """What lines must share to be copies of each other: the numbering of the
        journal starts again with months or years. None: no copy."""
        company = journal.company_id
        foreign = journal.currency_id and journal.currency_id != (company.currency_id)
        if foreign or journal.restrict_mode_hash_table or not row["amount"]:
            return None
        year = company.compute_fiscalyear_dates(row["date"])["date_from"]
        return year, row["date"].year, row["date"].month, row["amount"] > 0

    def _create_lines(self, journal, rows):
        lines = self.env["account.bank.statement.line"].with_context(**QUIET)
        return lines.create(
            [{**row, "journal_id": journal.id, "statement_id": self.id} for row in rows]
        ).with_env(self.env)

    def _get_balance_before(self):
        """Balance of the statement before this one, 0 for the first."""
        before = self.search(
            [
                ("journal_id", "=", self.journal_id.id),
                ("first_line_index", "<", self.first_line_index),
                ("id", "!=", self.id),
            ],
            order="first_line_index desc",
            limit=1,
        )
        return before.balance_end_real

    def _refresh_from_lines(self, journal, balance_start=None, balance_end=None):
        """What a statement keeps about its lines, in one statement for all of them.

        :param balance_start: as the bank tells it; None keeps what stands there.
            Through the ORM, either balance would read all lines again.
        :param balance_end: likewise.
        """
        currency = journal.currency_id or journal.company_id.currency_id
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_bank_statement s
                   SET journal_id = %(journal)s,
                       company_id = %(company)s,
                       currency_id = %(currency)s,
                       first_line_index = t.first,
                       date = t.last,
                       balance_start = t.opening,
                       balance_end_real = t.closing,
                       balance_end = t.opening + t.total,
                       is_complete = round(t.opening + t.total, %(digits)s)
                                     = round(t.closing, %(digits)s)
                  FROM (
                      SELECT min(l.internal_index) AS first,
                             max(m.date) AS last,
                             sum(l.amount) AS total,
                             COALESCE(%(start)s::numeric, told.balance_start)
                                 AS opening,
                             COALESCE(%(end)s::numeric, told.balance_end_real)
                                 AS closing
                        FROM account_bank_statement told
                        JOIN account_bank_statement_line l ON l.statement_id = told.id
                        JOIN account_move m ON m.id = l.move_id
                       WHERE told.id = %(id)s
                    GROUP BY told.id
                  ) t
                 WHERE s.id = %(id)s
                """,
                journal=journal.id,
                company=journal.company_id.id,
                digits=currency.decimal_places,
                currency=currency.id,
                start=balance_start,
                end=balance_end,
                id=self.id,
            )
        )
        self.invalidate_recordset()


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    sepa_bank_key = fields.Char(
        string="Mark of the Bank's File",
        readonly=True,
        copy=False,
        help="What tells this booking from all others of its account: the same one is "
        "never loaded twice.",
    )

    _sepa_bank_key_unique = models.UniqueIndex(
        "(journal_id, sepa_bank_key) WHERE sepa_bank_key IS NOT NULL",
        "This booking of the bank was loaded before.",
    )
