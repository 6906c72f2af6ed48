"""The ledger side of collections: receivable → under way, on the collection date."""

from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

# What the bank has, or may have, in hand.
BOOKABLE = ("generated", "sent")
BOOKED_STATES = ("booked", "settled")


class RecouvrementSepaCollection(models.Model):
    _inherit = "recouvrement.sepa.collection"

    entry_id = fields.Many2one(
        "account.move",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="Books the collection, dated on its date.",
    )
    booking_note = fields.Char(
        string="About the Booking",
        readonly=True,
        copy=False,
        help="Why the entry has another date, or why it could not be made.",
    )

    _entry_uniq = models.UniqueIndex(
        "(entry_id) WHERE entry_id IS NOT NULL", "This collection is booked already."
    )

    # ------------------------------------------------------------------
    # WHEN
    # ------------------------------------------------------------------

    @api.model
    def _book_due(self):
        """Book what was sent and has come to its date; what cannot be booked says why
        and does not stop the others. Resumable: each collection is committed."""
        today = fields.Date.context_today(self)
        domain = [("state", "=", "sent"), ("date", "<=", today)]
        collections = self.search(domain, order="date, id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(collections))
        for collection in collections:
            try:
                with self.env.cr.savepoint():
                    collection._book()
            except UserError as error:
                collection.sudo().booking_note = str(error)
            if not cron._commit_progress(1):
                break

    def action_book(self):
        """Book now, on the collection date."""
        self._check_may_book()
        early = self.filtered(lambda c: c.date > fields.Date.context_today(self))
        if early:
            raise UserError(
                self.env._(
                    "%(name)s is collected on %(day)s: until then the invoices are "
                    "owed, and nothing is booked.",
                    name=early[0].display_name,
                    day=format_date(self.env, early[0].date),
                )
            )
        if not self._book():
            raise UserError(self.env._("There is nothing to book."))

    def action_entry(self):
        """The entry of the collection, and those of its returns."""
        self.ensure_one()
        entries = self.entry_id | self.line_ids.undo_move_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries of %s", self.name),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", entries.ids)],
        }

    def _check_may_book(self):
        self.check_access("write")

    # ------------------------------------------------------------------
    # THE ENTRY
    # ------------------------------------------------------------------

    def _book(self):
        """Make the entry of collections that are not booked yet, matched with the
        items they collect.

        Two workers at once: the second waits, then finds them booked. The collection
        date decides the date of the entry; in a closed period it is the first open
        day after it.

        :return: the collections that were booked.
        :raise UserError: when an account is missing, or the date is to come.
        """
        collections = self._lock_for_booking()
        for collection in collections:
            collection._book_one()
        return collections.sudo(self.env.su)

    def _lock_for_booking(self):
        self.flush_recordset()
        self.env.cr.execute(
            """SELECT id FROM recouvrement_sepa_collection
                WHERE id = ANY(%s) AND entry_id IS NULL AND state = ANY(%s)
                  AND date <= %s
             ORDER BY id FOR UPDATE""",
            [self.ids, list(BOOKABLE), fields.Date.context_today(self)],
        )
        found = self.sudo().browse(row[0] for row in self.env.cr.fetchall())
        found.invalidate_recordset()
        return found

    def _book_one(self):
        lines = self.line_ids.filtered(lambda line: line.state == "presented")
        if not lines:
            self._close_empty()
            return
        journal = self.journal_id
        self._check_currency()
        day = journal._get_sepa_open_day(self.date)
        entry = self._make_sepa_entry(journal, day, self._prepare_booking_rows(lines))
        entry.sepa_collection_id = self
        lines._match_collected(entry)
        lines.write({"move_id": entry.id})
        lines._set_state("booked")
        moved = day != self.date and self.env._(
            "The period of %(day)s is closed: the entry is dated %(first)s.",
            day=format_date(self.env, self.date),
            first=format_date(self.env, day),
        )
        self.write(
            {
                "entry_id": entry.id,
                "state": "booked",
                "date_booked": day,
                "booking_note": moved,
            }
        )
        lines._tell_over_collected(entry)

    def _close_empty(self):
        """All its debits were rejected before their day: there is nothing to book."""
        self.write(
            {
                "state": "closed",
                "booking_note": self.env._("All its debits were rejected before."),
            }
        )

    def _check_currency(self):
        """Direct debits are in euros; so are the books that they are entered in."""
        if self.journal_id.company_id.currency_id != self.currency_id:
            raise UserError(
                self.env._(
                    "The books of %s are not in euros: enter this collection by hand.",
                    self.journal_id.company_id.name,
                )
            )

    @api.model
    def _make_sepa_entry(self, journal, day, rows):
        """A posted entry; its lines carry no analytic and leave no track each, so that
        the number of queries does not grow with them."""
        moves = self.env["account.move"].sudo().with_company(journal.company_id)
        entry = moves.with_context(tracking_disable=True).create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": day,
                "ref": ", ".join(sorted(set(self.mapped("name")))) or False,
                "line_ids": [
                    Command.create({"analytic_distribution": False, **row})
                    for row in rows
                ],
            }
        )
        entry.with_context(tracking_disable=False)._post(soft=False)
        return entry.with_env(self.sudo().env)

    def _prepare_booking_rows(self, lines):
        transit = self.journal_id._get_sepa_transit_account()
        rows, under_way = [], defaultdict(float)
        for line in lines:
            own = line._prepare_collected_rows()
            rows += own
            under_way[line.payment_info_id] -= sum(row["balance"] for row in own)
        currency = self.journal_id.company_id.currency_id
        rows += [
            {
                "account_id": transit.id,
                "name": payment_info or self.name,
                "balance": currency.round(amount),
                "sepa_role": "transit",
                "sepa_payment_info": payment_info,
            }
            for payment_info, amount in under_way.items()
        ]
        return rows

    # ------------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------------

    # EXTENDS collection
    def _on_cancelled(self):
        booked = self.filtered("entry_id")
        if booked:
            raise UserError(
                self.env._(
                    "%s is booked: it is no longer cancelled. Record the returns of "
                    "its direct debits instead.",
                    booked[0].display_name,
                )
            )
        return super()._on_cancelled()


class RecouvrementSepaCollectionLine(models.Model):
    _inherit = "recouvrement.sepa.collection.line"

    undo_move_id = fields.Many2one(
        "account.move",
        string="Entry of the Return",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    over_amount = fields.Monetary(
        string="Collected Beyond",
        currency_field="currency_id",
        readonly=True,
        copy=False,
        help="More was collected than was owed on the day: the customer had paid "
        "meanwhile. It is left as a credit of the customer.",
    )

    # ------------------------------------------------------------------
    # ROWS
    # ------------------------------------------------------------------

    def _prepare_collected_rows(self):
        """Receivable rows of a direct debit: one per item, opposite to it.

        Credit notes pay the oldest items; what they pay is no receipt, and has a row
        of its own.
        """
        items = self.item_ids.sorted(
            lambda item: (
                item.move_line_id.date_maturity or item.move_line_id.date,
                item.id,
            )
        )
        currency = self.collection_id.journal_id.company_id.currency_id
        credit = currency.round(-sum(i.amount for i in items if i.amount < 0))
        rows = []
        for item in items:
            if item.amount < 0:
                rows.append(item._prepare_row("netted", -item.amount))
                continue
            netted = min(credit, item.amount)
            credit = currency.round(credit - netted)
            received = currency.round(item.amount - netted)
            if received:
                rows.append(item._prepare_row("collected", -received))
            if netted:
                rows.append(item._prepare_row("netted", -netted))
        return rows

    def _match_collected(self, entry):
        """Match the entry with what it collects, in one go; what was settled
        meanwhile leaves a credit of the customer."""
        plan = defaultdict(self.env["account.move.line"].sudo().browse)
        for row in entry.line_ids.filtered("sepa_item_id"):
            plan[row.sepa_item_id.move_line_id] |= row
        open_plan = [
            item | rows
            for item, rows in plan.items()
            if item.parent_state == "posted" and not item.reconciled
        ]
        self.env["account.move.line"]._match_sepa(open_plan)

    def _tell_over_collected(self, entry):
        """What was collected beyond what was owed is shown, never lost."""
        over = defaultdict(float)
        for row in entry.line_ids.filtered("sepa_item_id"):
            if not row.reconciled and row.balance < 0:
                over[row.sepa_line_id] -= row.amount_residual
        events = []
        for line, amount in over.items():
            if line.currency_id.compare_amounts(amount, 0.0) <= 0:
                continue
            line.over_amount = amount
            events.append(line._prepare_over_event(amount))
        self.env["recouvrement.event"].sudo().create(events)

    def _prepare_over_event(self, amount):
        return {
            "debtor_id": self.debtor_id.id,
            "company_id": self.company_id.id,
            "user_id": self.env.uid,
            "kind": "debit",
            "summary": self.env._(
                "Direct debit %(name)s: %(amount)s more than was still owed",
                name=self.end_to_end_id,
                amount=format_amount(self.env, amount, self.currency_id),
            ),
            "detail": self.env._(
                "Paid otherwise since the file was made. It is left as a credit of the "
                "customer: allocate it, or pay it back."
            ),
            "amount": amount,
            "currency_id": self.currency_id.id,
        }


class RecouvrementSepaCollectionItem(models.Model):
    _inherit = "recouvrement.sepa.collection.item"

    def _prepare_row(self, role, balance):
        """A receivable row of this item."""
        item = self.move_line_id
        return {
            "account_id": item.account_id.id,
            "partner_id": item.partner_id.id,
            "name": item.move_id.name or item.name,
            "date_maturity": self.line_id.date,
            "balance": balance,
            "sepa_line_id": self.line_id.id,
            "sepa_item_id": self.id,
            "sepa_role": role,
            "takeover_kind": "payment" if role == "collected" else False,
        }
