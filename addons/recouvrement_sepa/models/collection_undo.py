"""What the bank took back: the collection is undone on the day of the return."""

from collections import defaultdict

from odoo import api, models
from odoo.tools import format_date

from .collection_ledger import BOOKED_STATES

WAITING_STATES = ("presented",)
STATES_BY_KIND = {
    "reject": "rejected",
    "return": "returned",
    "refund": "refunded",
    "reversal": "reversed",
}
BACK = {"collected": "collected_back", "netted": "netted_back"}


class RecouvrementSepaCollectionLine(models.Model):
    _inherit = "recouvrement.sepa.collection.line"

    def _undo(self, day, events=None):
        """Undo direct debits that were rejected, returned, refunded or reversed.

        What is presented and not booked yet is only let go. What is booked is booked
        back on ``day``, or on the first open day after it; nothing is deleted: the
        matching with the invoice is taken off, the invoice is open again at its own
        due date, and what was collected is matched with what is booked back.

        Constant number of queries for the lines of one bank. A line that was undone
        is left alone.

        :param date day: on which the bank booked the returns.
        :param dict events: by id of line, objects that may have ``kind`` (of
            ``STATES_BY_KIND``), ``charges`` (fee within the bank's amount) and
            ``booked`` (False: the bank refused the debit and will book nothing).
        :return: ``{line id: entry}``; an empty entry where nothing was booked.
        """
        events = events or {}
        lines = self._lock_for_undo()
        waiting = lines.filtered(lambda line: line.state in WAITING_STATES)
        waiting._set_state("rejected")
        result = {line.id: self.env["account.move"] for line in waiting}
        booked = lines.filtered(lambda line: line.state in BOOKED_STATES)
        for journal, group in booked.grouped(
            lambda line: line.collection_id.journal_id
        ).items():
            entry = group._undo_booked(journal, day, events)
            result.update(dict.fromkeys(group.ids, entry))
        for state, group in booked.grouped(
            lambda line: STATES_BY_KIND.get(
                getattr(events.get(line.id), "kind", None), "returned"
            )
        ).items():
            group._set_state(state)
        booked.collection_id._refresh_settled()
        return result

    def _get_failure_text(self):
        """Why the direct debit failed, in plain words, or "": a hook."""
        return ""

    def _lock_for_undo(self):
        self.flush_recordset()
        self.env.cr.execute(
            """SELECT id FROM recouvrement_sepa_collection_line
                WHERE id = ANY(%s) AND undo_move_id IS NULL AND state = ANY(%s)
             ORDER BY id FOR UPDATE""",
            [self.ids, [*WAITING_STATES, *BOOKED_STATES]],
        )
        found = self.sudo().browse(row[0] for row in self.env.cr.fetchall())
        found.invalidate_recordset()
        return found

    def _undo_booked(self, journal, day, events):
        booked = self._get_booked_rows()
        open_day = journal._get_sepa_open_day(day)
        fees = self._get_fees(journal, events)
        rows = [row._prepare_back_row() for row in booked]
        rows += self._prepare_back_transit_rows(journal, booked, fees)
        collections = self.collection_id
        entry = collections._make_sepa_entry(journal, open_day, rows)
        entry.ref = self.env._("Returns: %s", entry.ref)
        entry.sepa_collection_id = collections if len(collections) == 1 else False
        if open_day != day:
            entry.message_post(
                body=self.env._(
                    "Booked by the bank on %(day)s, in a period that is closed: the "
                    "entry is dated on the first open day, %(first)s.",
                    day=format_date(self.env, day),
                    first=format_date(self.env, open_day),
                )
            )
        self._unmatch_collected(booked, open_day)
        booked._match_back(entry)
        self.write({"undo_move_id": entry.id})
        self._match_refused(entry, events)
        return entry

    def _match_refused(self, entry, events):
        """What the bank will neither credit nor take back is no longer under way."""
        refused = self.filtered(
            lambda line: getattr(events.get(line.id), "booked", True) is False
        )
        plan = []
        for (collection, payment_info), lines in refused.grouped(
            lambda line: (line.collection_id, line.payment_info_id)
        ).items():
            rows = collection._get_open_transit([payment_info])
            back = entry.line_ids.filtered(
                lambda row, lines=lines: (
                    row.sepa_role == "transit_back" and row.sepa_line_id in lines
                )
            )
            if rows:
                plan.append(rows | back)
        self.env["account.move.line"]._match_sepa(plan)

    def _get_booked_rows(self):
        return (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("sepa_line_id", "in", self.ids),
                    ("sepa_role", "in", list(BACK)),
                    ("parent_state", "=", "posted"),
                ],
                order="sepa_line_id, id",
            )
        )

    @api.model
    def _unmatch_collected(self, booked, day):
        """All that the collection settled is owed again, whatever it was used for.

        Taxes on receipts are taken back on the day of the return.
        """
        partials = booked.matched_debit_ids | booked.matched_credit_ids
        # Odoo reads the payments of each entry apart, unless they are known.
        entries = (partials.debit_move_id | partials.credit_move_id).move_id
        entries.matched_payment_ids  # noqa: B018
        partials.with_context(sepa_undone_on=day, tracking_disable=True).unlink()

    # ------------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------------

    def _get_fees(self, journal, events):
        """Bank charges by line, where the journal has an account for them."""
        if not journal.sepa_fee_account_id:
            return {}
        currency = journal.company_id.currency_id
        fees = {
            line.id: currency.round(float(getattr(events.get(line.id), "charges", 0)))
            for line in self
        }
        return {line_id: fee for line_id, fee in fees.items() if fee > 0}

    def _prepare_back_transit_rows(self, journal, booked, fees):
        """What the bank takes, one row per direct debit, with its charges."""
        transit = journal._get_sepa_transit_account()
        currency = journal.company_id.currency_id
        amounts = defaultdict(float)
        for row in booked:
            amounts[row.sepa_line_id] += row.balance
        rows = []
        for line, amount in amounts.items():
            fee = fees.get(line.id, 0.0)
            common = {
                "name": line.end_to_end_id,
                "sepa_line_id": line.id,
                "sepa_payment_info": line.payment_info_id,
            }
            rows.append(
                {
                    **common,
                    "account_id": transit.id,
                    "balance": currency.round(amount - fee),
                    "sepa_role": "transit_back",
                }
            )
            if fee:
                rows.append(
                    {
                        **common,
                        "account_id": journal.sepa_fee_account_id.id,
                        "name": self.env._(
                            "Bank charges on the return of %s", line.end_to_end_id
                        ),
                        "balance": fee,
                        "sepa_role": "fee",
                    }
                )
        return rows


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _prepare_back_row(self):
        """The opposite row. It is due when the item was: until the matchings of the
        days before are read, it stands for the item."""
        item = self.sepa_item_id.move_line_id
        return {
            "account_id": self.account_id.id,
            "partner_id": self.partner_id.id,
            "name": self.name,
            "date_maturity": item.date_maturity or item.date,
            "balance": -self.balance,
            "sepa_line_id": self.sepa_line_id.id,
            "sepa_item_id": self.sepa_item_id.id,
            "sepa_role": BACK[self.sepa_role],
            # Money that went back is no claim of its own: it bears no interest.
            "takeover_kind": "payment" if self.balance < 0 else False,
        }

    def _match_back(self, entry):
        """Match what was collected with what is booked back, row by row."""
        back = {
            (row.sepa_item_id, row.sepa_role): row
            for row in entry.line_ids.filtered("sepa_item_id")
        }
        self._match_sepa(
            [row | back[row.sepa_item_id, BACK[row.sepa_role]] for row in self]
        )
