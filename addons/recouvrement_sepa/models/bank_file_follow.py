"""What follows from a bank's file: collections settled, returns taken; and undoing."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import SQL

RETURNS = "recouvrement.sepa.return"
COLLECTIONS = "recouvrement.sepa.collection"
DEBITS = "recouvrement.sepa.collection.line"


class RecouvrementBankFile(models.Model):
    _inherit = "recouvrement.bank.file"

    def _follow_up(self, report):
        """Credits first: a return needs the collection that it undoes."""
        self.env.flush_all()
        settled = self._settle(report.collections)
        self.settled_count = settled
        if report.events and RETURNS in self.env:
            self.env[RETURNS]._take(report.events, self)
        for why, count in sorted(report.skipped.items()):
            if why in ("hac", "other_message", "direction", "pending", "no_status"):
                self._tell(f"skipped_{why}", level="info", count=count)

    # ------------------------------------------------------------------
    # COLLECTIONS
    # ------------------------------------------------------------------

    def _settle(self, credits):
        """Match the credits of our direct debits with their collections.

        :param credits: list of (journal, key of the statement line, entry).
        :return: number of credits that were matched.
        """
        if not credits or COLLECTIONS not in self.env:
            return 0
        lines = self._get_lines_by_key(credits)
        found = self._find_collections(credits)
        settled = 0
        for journal, key, entry in credits:
            collection, lots = found(journal, entry)
            line = lines[journal.id, key]
            if not collection:
                self._tell("no_collection", entry.where, amount=f"{entry.amount:.2f}")
                continue
            difference = collection._settle(line, lots, charges=entry.charges)
            if line.is_reconciled:
                settled += 1
            else:
                self._tell(
                    "difference",
                    entry.where,
                    collection=collection.display_name,
                    amount=f"{difference:.2f}",
                )
        return settled

    def _get_lines_by_key(self, credits):
        lines = self.env["account.bank.statement.line"].search(
            [
                ("journal_id", "in", [journal.id for journal, *_rest in credits]),
                ("sepa_bank_key", "in", [key for _journal, key, _entry in credits]),
            ]
        )
        return {(line.journal_id.id, line.sepa_bank_key): line for line in lines}

    def _find_collections(self, credits):
        """Function ``(journal, entry) -> (collection, lots)``: by the lots that the
        bank names, else by the message, else by the only collection of that amount and
        day on that account."""
        lots, messages, days = set(), set(), set()
        for _journal, _key, entry in credits:
            lots |= self._get_lots(entry)
            messages |= self._get_messages(entry)
            days |= {entry.booked_on, entry.value_on} - {None}
        by_lot = self._get_collections_by_lot(lots)
        by_message = self._get_collections_by_message(messages)
        open_ones = self.env[COLLECTIONS].search(
            [
                ("journal_id", "in", [journal.id for journal, *_rest in credits]),
                ("date", "in", list(days)),
                ("state", "in", ["generated", "sent", "booked"]),
            ]
        )

        def find(journal, entry):
            named = self._get_lots(entry) & by_lot.keys()
            if named:
                collections = self.env[COLLECTIONS].union(
                    *(by_lot[lot] for lot in named)
                )
                return collections, sorted(named)
            messages = self._get_messages(entry) & by_message.keys()
            if messages:
                return by_message[min(messages)], None
            return self._get_only(open_ones, journal, entry), None

        return find

    def _get_only(self, collections, journal, entry):
        """The one collection of that amount and day, if there is just one."""
        same = collections.filtered(
            lambda one: (
                one.journal_id == journal
                and one.date in (entry.booked_on, entry.value_on)
                and not one.currency_id.compare_amounts(one.amount, float(entry.amount))
            )
        )
        return same if len(same) == 1 else same.browse()

    def _get_lots(self, entry):
        lots = {detail.payment_info_id for detail in entry.details}
        return (lots | {entry.batch.payment_info_id if entry.batch else ""}) - {""}

    def _get_messages(self, entry):
        messages = {detail.message_id for detail in entry.details}
        messages |= {detail.reference for detail in entry.details}
        return (messages | {entry.batch.message_id if entry.batch else ""}) - {""}

    def _get_collections_by_lot(self, lots):
        if not lots:
            return {}
        groups = self.env[DEBITS]._read_group(
            [
                ("payment_info_id", "in", list(lots)),
                ("company_id", "child_of", self.company_id.id),
            ],
            ["payment_info_id", "collection_id"],
        )
        return {lot: collection for lot, collection in groups}

    def _get_collections_by_message(self, messages):
        if not messages:
            return {}
        found = self.env[COLLECTIONS].search(
            [
                ("message_id", "in", list(messages)),
                ("company_id", "child_of", self.company_id.id),
            ]
        )
        return {collection.message_id: collection for collection in found}

    # ------------------------------------------------------------------
    # UNDO
    # ------------------------------------------------------------------

    def _get_undo_obstacle(self):
        """Why the file cannot be undone; nothing when it can."""
        self.ensure_one()
        self.env.flush_all()
        [[matched]] = self.env.execute_query(
            SQL(
                """
                SELECT count(*)
                  FROM account_bank_statement_line l
                  JOIN account_bank_statement s ON s.id = l.statement_id
                 WHERE s.bank_file_id = %s
                   AND (l.is_reconciled AND l.amount != 0 OR EXISTS (
                       SELECT 1 FROM account_move_line i
                        WHERE i.move_id = l.move_id AND i.matching_number IS NOT NULL))
                """,
                self.id,
            )
        )
        if matched:
            return self.env._("%s lines of this file were matched.", matched)
        if self.event_count and RETURNS in self.env:
            taken = (
                self.env[RETURNS]
                .sudo()
                .search_count(
                    [("bank_file_id", "=", self.id), ("state", "not in", ["ignored"])]
                )
            )
            if taken:
                return self.env._("Returns were taken in from this file.")
        return ""

    def action_undo(self):
        """Take back the statements of a file while nothing was matched."""
        self.check_access("write")
        for file in self.sudo():
            if file.state != "loaded":
                raise UserError(self.env._("This file is not loaded."))
            obstacle = file._get_undo_obstacle()
            if obstacle:
                raise UserError(obstacle)
            file._undo()
        return True

    def _undo(self):
        statements = self.statement_ids
        lines = statements.line_ids
        statements.unlink()
        lines.with_context(force_delete=True).unlink()
        self.write({"state": "undone", "line_count": 0, "partner_count": 0})
