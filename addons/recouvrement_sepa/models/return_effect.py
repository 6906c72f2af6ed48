"""What a return does: to the debit in the ledger, then by the action table."""

from decimal import Decimal
from types import SimpleNamespace

from odoo import api, models
from odoo.tools import SQL

from ..tools.return_match import Debit, Debits, clean_iban, clean_reference, clean_rum
from ..tools.returns import IN_LEDGER, UNDER_WAY, effect, merge

CENT = Decimal("0.01")


class RecouvrementSepaReturn(models.Model):
    _inherit = "recouvrement.sepa.return"

    # ------------------------------------------------------------------
    # FINDING THE DEBIT
    # ------------------------------------------------------------------

    @api.model
    def _match(self, company, events):
        """The debit of each event: list of ``tools.return_match.Match``."""
        events = list(events)
        debits = Debits(self._find_debits(company, events))
        creditors = self._get_creditors(company)
        return [debits.find(event, creditors) for event in events]

    @api.model
    def _find_debits(self, company, events):
        """Debits that events may name, in one statement.

        Those that failed already are among them: the bank may tell it again.
        """
        self.env["recouvrement.sepa.collection.line"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.end_to_end_id, line.rum, line.iban, line.amount,
                       line.date, mandate.scheme
                  FROM recouvrement_sepa_collection_line line
                  JOIN recouvrement_sepa_mandate mandate
                    ON mandate.id = line.mandate_id
                 WHERE line.company_id = %(company)s AND line.state <> 'planned'
                   AND (line.end_to_end_id = ANY(%(references)s)
                        OR line.state <> 'cancelled'
                           AND (UPPER(REPLACE(line.rum, ' ', '')) = ANY(%(rums)s)
                                OR line.iban = ANY(%(ibans)s)))
                """,
                company=company.id,
                references=[
                    ref for e in events if (ref := clean_reference(e.end_to_end_id))
                ],
                rums=[rum for e in events if (rum := clean_rum(e.rum))],
                ibans=[iban for e in events if (iban := clean_iban(e.iban))],
            )
        )
        return [
            Debit(
                id_,
                reference or "",
                rum or "",
                iban or "",
                Decimal(str(amount)).quantize(CENT),
                day,
                scheme,
            )
            for id_, reference, rum, iban, amount, day, scheme in rows
        ]

    @api.model
    def _get_creditors(self, company):
        """Identifiers under which the company collects, or collected."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT own.ics FROM (
                    SELECT c.sepa_ics AS ics FROM res_company c WHERE c.id = %(id)s
                     UNION SELECT j.sepa_ics FROM account_journal j
                             JOIN res_company c ON c.id = j.company_id
                            WHERE c.parent_path LIKE %(path)s
                     UNION SELECT m.creditor_identifier
                             FROM recouvrement_sepa_mandate m
                            WHERE m.company_id = %(id)s) own
                 WHERE own.ics IS NOT NULL
                """,
                id=company.id,
                path=f"{company.parent_path}%",
            )
        )
        return [ics for [ics] in rows]

    @api.model
    def _lock_lines(self, ids):
        """Debits that fail now, one loader at a time.

        The version of each row moves, so that a loader that began before and waited is
        refused by the database, tried again by Odoo and finds the work of the first.
        """
        lines = self.env["recouvrement.sepa.collection.line"].browse(sorted(ids))
        if lines:
            lines.flush_model(["state"])
            self.env.cr.execute(
                SQL(
                    """UPDATE recouvrement_sepa_collection_line SET state = state
                        WHERE id IN (SELECT id FROM recouvrement_sepa_collection_line
                                      WHERE id = ANY(%s) ORDER BY id FOR UPDATE)""",
                    lines.ids,
                )
            )
            lines.invalidate_recordset(["state"])
        return lines

    # ------------------------------------------------------------------
    # THE LEDGER
    # ------------------------------------------------------------------

    def _go_on(self, created):
        """Move the ledger, count failures, apply the table, write history.

        :param created: those of these returns that are new.
        """
        matched = self.filtered(lambda record: record.line_id)
        matched._undo_lines()
        matched._count_failures()
        matched._apply_table()
        (matched & created)._log_history()

    def _undo_lines(self):
        """Take back the debits that failed, one call per booking day.

        A debit that the bank books back before its own booking is known is booked
        first: money came and went.
        """
        moving = self.filtered(
            lambda r: (
                r.state == "done"
                and effect(r.line_id.state, r.booked) in ("free", "undo")
            )
        )
        for record in self.filtered(lambda r: r.state == "done" and not r.move_id):
            if record.line_id.undo_move_id:
                record.move_id = record.line_id.undo_move_id
        early = moving.filtered(
            lambda r: (
                r.booked
                and r.line_id.state in UNDER_WAY
                and r.kind != "reject"
                and r.date >= r.line_id.date
            )
        )
        early.collection_id._book()
        for day, records in moving.grouped("date").items():
            moves = records.line_id._undo(
                day, {record.line_id.id: record._as_undo() for record in records}
            )
            for record in records:
                move = moves.get(record.line_id.id)
                if move:
                    record.move_id = move
        rejected = moving.filtered(lambda r: r.kind == "reject").line_id
        self._resend_amendments(rejected)

    def _resend_amendments(self, lines):
        """What changed on the mandates did not arrive with a rejected debit."""
        if lines and "recouvrement.sepa.amendment" in self.env:
            self.env["recouvrement.sepa.amendment"].sudo()._fall_back(lines)

    def _as_undo(self):
        """What the ledger needs to know of a return."""
        return SimpleNamespace(
            kind=self.kind,
            booked=self.booked,
            date=self.date,
            amount=Decimal(str(self.amount)).quantize(CENT),
            charges=Decimal(str(self.fee)).quantize(CENT),
            reason=self.reason_id.code or self.code or "",
            bank_reference=self.notice_ids.filtered("booked")[:1].bank_reference or "",
        )

    def _count_failures(self):
        """How often the items of each debit have failed, this time included."""
        if not self:
            return
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT r.id, COALESCE(MAX(f.number), 0) + 1
                  FROM recouvrement_sepa_return r
             LEFT JOIN recouvrement_sepa_collection_item item
                    ON item.line_id = r.line_id
             LEFT JOIN LATERAL (
                        SELECT COUNT(DISTINCT other.id) AS number
                          FROM recouvrement_sepa_collection_item same
                          JOIN recouvrement_sepa_return other
                            ON other.line_id = same.line_id
                           AND other.state IN ('waiting_booking', 'done')
                           AND other.kind <> 'reversal'
                         WHERE same.move_line_id = item.move_line_id
                           AND COALESCE(same.installment_id, 0)
                               = COALESCE(item.installment_id, 0)
                           AND same.line_id < r.line_id) f ON TRUE
                 WHERE r.id = ANY(%s)
              GROUP BY r.id
                """,
                self.ids,
            )
        )
        numbers = dict(rows)
        for record in self:
            record._write_changes(failures=numbers[record.id])

    # ------------------------------------------------------------------
    # A WHOLE FILE OR LOT
    # ------------------------------------------------------------------

    @api.model
    def _take_whole(self, company, news, bank_file):
        """Our bank refused a whole file, or a lot of it: no customer failed, all its
        debits are free again at once, and the accountant corrects it."""
        taken = self.browse()
        for key, event in news.items():
            record = self._take_one_whole(company, event, bank_file)
            self._keep_notices(company, bank_file, [(key, event, record)])
            taken |= record
        return taken

    @api.model
    def _take_one_whole(self, company, event, bank_file):
        collections = self.env["recouvrement.sepa.collection"]
        collection = collections.search(
            [
                ("company_id", "=", company.id),
                ("message_id", "=", event.message_id),
                ("message_id", "!=", False),
            ]
        )
        lines = collection.line_ids.filtered(
            lambda line: (
                line.state in (*UNDER_WAY, *IN_LEDGER)
                and (
                    event.level == "message"
                    or line.payment_info_id == event.payment_info_id
                )
            )
        )
        lot = event.payment_info_id if event.level == "group" else False
        known = self.search(
            [
                ("collection_id", "in", collection.ids),
                ("line_id", "=", False),
                ("payment_info_id", "=", lot),
                ("state", "=", "done"),
            ]
        )
        if known:
            return known
        record = self.create(
            self._prepare_whole_vals(company, event, collection, lines, bank_file)
        )
        if collection:
            self._lock_lines(lines.ids)
            lines._undo(
                record.date, {line.id: record._as_whole_undo(line) for line in lines}
            )
            self._resend_amendments(lines)
            record._ask_accountant()
        return record

    def _as_whole_undo(self, line):
        return SimpleNamespace(
            kind="reject",
            booked=False,
            date=self.date,
            amount=Decimal(str(line.amount)).quantize(CENT),
            charges=Decimal(0),
            reason=self.reason_id.code or self.code or "",
            bank_reference="",
        )

    @api.model
    def _prepare_whole_vals(self, company, event, collection, lines, bank_file):
        currency = self._get_currency(event.currency)
        found = len(collection) == 1
        return {
            "company_id": company.id,
            **self._prepare_file_vals(bank_file),
            "level": event.level,
            "currency_id": currency.id,
            "payment_info_id": event.payment_info_id or False,
            **self._prepare_names([event]),
            **self._prepare_facts_vals(merge([self._to_notice(event)])),
            "amount": sum(lines.mapped("amount")) if found else 0,
            "collection_id": collection.id if found else False,
            "state": "done" if found else "to_match",
            "match_how": "message" if found else "nothing",
            "action": "technical" if found else False,
            "action_state": "todo" if found else "none",
        }
