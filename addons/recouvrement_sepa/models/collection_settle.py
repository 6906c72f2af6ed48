"""What the bank booked: under way → bank, charges, what is still awaited."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..tools.target_calendar import add_open_days

# Interbank days in which the debtor's bank may return a debit: EPC rulebooks.
RETURN_DAYS = {"CORE": 5, "B2B": 3}
TRANSIT_ROLES = ("transit", "transit_back")


class RecouvrementSepaCollection(models.Model):
    _inherit = "recouvrement.sepa.collection"

    transit_line_ids = fields.One2many(
        "account.move.line",
        compute="_compute_transit",
        string="Items Under Way",
    )
    unsettled_amount = fields.Monetary(
        string="Not Yet at the Bank",
        compute="_compute_transit",
        currency_field="currency_id",
        help="Booked as under way, and not matched with a line of the bank yet.",
    )

    @api.depends("entry_id.line_ids.amount_residual", "state")
    def _compute_transit(self):
        for collection in self:
            rows = collection.sudo().entry_id.line_ids.filtered(
                lambda row: row.sepa_role == "transit"
            )
            collection.transit_line_ids = rows
            collection.unsettled_amount = sum(rows.mapped("amount_residual"))

    # ------------------------------------------------------------------
    # ONE AMOUNT FOR THE COLLECTIONS
    # ------------------------------------------------------------------

    def _settle(self, statement_lines, payment_info_ids=None, charges=0):
        """Match lines of the bank with these collections as a whole, or with some lots
        of them. What is not booked yet and has come to its date is booked first.

        - as much as expected: settled;
        - less, by exactly ``charges``: settled, the charges are booked;
        - less, by exactly the direct debits that the bank announced as rejected and
          that wait for its booking: these are undone on the day of the bank's line;
        - less: what came in is matched, the rest stays under way and is shown;
        - more: nothing is matched, a person decides.

        :param statement_lines: ``account.bank.statement.line`` not matched yet.
        :param payment_info_ids: lots that the lines are about, if not all.
        :param charges: taken by the bank out of its line, positive.
        :return: what the bank booked less what was expected, company currency.
        """
        collections = self.sudo()
        collections._book()
        collections = collections.filtered("entry_id")
        rows = collections._get_open_transit(payment_info_ids)
        lines = statement_lines.sudo().filtered(lambda line: not line.is_reconciled)
        if not rows or not lines:
            return 0.0
        currency = rows.company_currency_id
        suspense = lines._get_sepa_suspense()
        received = currency.round(-sum(suspense.mapped("balance")))
        expected = currency.round(sum(rows.mapped("amount_residual")))
        difference = currency.round(received - expected)
        charges = currency.round(float(charges))
        rejected = self.env["recouvrement.sepa.collection.line"]
        if difference < 0 and not currency.is_zero(difference + charges):
            charges = 0.0
            rejected = collections._get_announced_rejects(-difference)
        if difference > 0:
            return difference
        if rejected:
            rows |= rejected._undo_for_settlement(max(lines.mapped("date")))
        suspense = suspense._move_to_transit(rows[0].account_id, charges)
        self.env["account.move.line"]._match_sepa([rows | suspense])
        collections._refresh_settled()
        return 0.0 if rejected or charges else difference

    def _get_open_transit(self, payment_info_ids=None):
        """Rows of what is under way, of one account."""
        rows = self.transit_line_ids.filtered(lambda row: not row.reconciled)
        if payment_info_ids:
            wanted = set(payment_info_ids)
            rows = rows.filtered(lambda row: row.sepa_payment_info in wanted)
        if len(rows.account_id) > 1:
            raise UserError(
                self.env._("These collections are under way on different accounts.")
            )
        return rows

    def _get_announced_rejects(self, amount):
        """The direct debits that a pain.002 rejected and the bank has not booked, when
        they make up an amount exactly."""
        waiting = self.line_ids.filtered(lambda line: line._is_reject_announced())
        total = sum(waiting.mapped("amount"))
        if waiting and not self.currency_id[:1].compare_amounts(total, amount):
            return waiting
        return waiting.browse()

    def _refresh_settled(self):
        """Settled once nothing is under way."""
        booked = self.filtered(lambda c: c.state == "booked")
        booked.transit_line_ids.invalidate_recordset(["reconciled"])
        booked.transit_line_ids.fetch(["reconciled"])
        for collection in booked:
            if not all(collection.transit_line_ids.mapped("reconciled")):
                continue
            lines = collection.line_ids.filtered(lambda line: line.state == "booked")
            lines._set_state("settled")
            collection.write(
                {"state": "settled", "date_settled": fields.Date.context_today(self)}
            )

    # ------------------------------------------------------------------
    # THE END
    # ------------------------------------------------------------------

    @api.model
    def _close_due(self):
        """Close what is settled, once the debtors' banks may no longer return it
        (refunds come for weeks after, and find their debit all the same)."""
        today = fields.Date.context_today(self)
        settled = self.search([("state", "=", "settled")])
        ended = settled.filtered(
            lambda c: add_open_days(c.date, RETURN_DAYS[c.scheme]) < today
        )
        ended.line_ids._release()
        ended.sudo().write({"state": "closed"})
        return ended

    @api.model
    def _cron_ledger(self):
        """Book what has come to its date, close what cannot be returned any more."""
        self.sudo()._book_due()
        self.sudo()._close_due()


class RecouvrementSepaCollectionLine(models.Model):
    _inherit = "recouvrement.sepa.collection.line"

    def _is_reject_announced(self):
        """Whether the bank said that it rejected the debit, without booking it yet."""
        self.ensure_one()
        announced = "waiting_booking" in self.return_ids.mapped("state")
        return self.state == "booked" and announced

    def _undo_for_settlement(self, day):
        """Undo what the bank left out of its amount.

        :return: the rows that take it off what is under way.
        """
        entries = self._undo(day, {line.id: Rejected() for line in self}).values()
        rows = self.env["account.move.line"].concat(
            *{entry.id: entry.line_ids for entry in entries}.values()
        )
        return rows.filtered(lambda row: row.sepa_role == "transit_back")

    # ------------------------------------------------------------------
    # ONE LINE OF THE BANK PER DIRECT DEBIT
    # ------------------------------------------------------------------

    @api.model
    def _settle_each(self, pairs):
        """Match lines of the bank that are about single direct debits: what came in,
        or what was taken back and is undone already.

        Constant number of queries. A line whose amount is not that of its debits,
        charges included, is left for a person.

        :param dict pairs: ``{statement line: collection lines}``.
        :return: ``{statement line id: difference}``, company currency; 0.0 = matched.
        """
        lines = self.browse().concat(*pairs.values()).sudo()
        lines.collection_id._book()
        lines.invalidate_recordset(["state"])
        statement_lines = self.env["account.bank.statement.line"].concat(*pairs).sudo()
        suspense = {
            row.statement_line_id: row for row in statement_lines._get_sepa_suspense()
        }
        backs = lines._get_back_rows()
        plan, result, settled = {}, {}, self.browse()
        for statement_line, own in pairs.items():
            row = suspense.get(statement_line)
            if not row:
                continue
            own = own.sudo()
            difference, target = own._find_target(row, backs)
            result[statement_line.id] = difference
            if not difference and target:
                plan.setdefault(target, row.browse())
                plan[target] |= row
                settled |= own.filtered(lambda line: line.state == "booked")
        for rows_account, rows in self._by_account(plan).items():
            rows._move_to_transit(rows_account)
        self.env["account.move.line"]._match_sepa(
            [target | rows for target, rows in plan.items()]
        )
        settled._set_state("settled")
        lines.collection_id._refresh_settled()
        return result

    @api.model
    def _by_account(self, plan):
        found = {}
        for target, rows in plan.items():
            account = target.account_id
            found[account] = found.get(account, rows.browse()) | rows
        return found

    def _get_back_rows(self):
        """What was taken back and is not matched yet, by direct debit."""
        rows = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("sepa_line_id", "in", self.ids),
                    ("sepa_role", "=", "transit_back"),
                    ("parent_state", "=", "posted"),
                    ("reconciled", "=", False),
                ]
            )
        )
        return rows.grouped("sepa_line_id")

    def _find_target(self, row, backs):
        """What a line of the bank is matched with.

        :return: ``(difference, rows)``: no rows where nothing fits.
        """
        currency = row.company_currency_id
        none = row.browse()
        if row.balance > 0:
            target = none.concat(*(backs.get(line, none) for line in self))
            expected = -sum(target.mapped("amount_residual"))
        else:
            live = self.filtered(lambda line: line.state == "booked")
            target = live.collection_id.transit_line_ids.filtered(
                lambda r: (
                    r.sepa_payment_info in live.mapped("payment_info_id")
                    and not r.reconciled
                )
            )
            expected = -sum(live.mapped("amount"))
        if len(target.account_id) > 1 or not target:
            return currency.round(-row.balance), none
        return currency.round(expected - row.balance), target


class Rejected:
    """A direct debit that the bank did not credit."""

    kind = "reject"
    charges = 0


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    def _get_sepa_suspense(self):
        """Rows that wait for what the bank's lines are about."""
        accounts = self.journal_id.suspense_account_id
        return self.move_id.line_ids.filtered(
            lambda row: row.account_id in accounts and not row.reconciled
        )


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _move_to_transit(self, account, charges=0.0):
        """Have waiting rows of the bank stand on the account of what is under way.

        :param float charges: taken out of the bank's amount; booked on the first.
        :return: the rows.
        """
        rows = self.with_context(tracking_disable=True, skip_readonly_check=True)
        if charges:
            rows[0]._add_sepa_charges(charges)
        rows.write({"account_id": account.id, "analytic_distribution": False})
        return rows.with_env(self.env)

    def _add_sepa_charges(self, charges):
        journal = self.journal_id
        account = journal.sepa_fee_account_id
        if not account:
            raise UserError(
                self.env._(
                    "The bank took %(amount)s of charges: choose the account of bank "
                    "fees of %(bank)s in Configuration > Creditor and Banks.",
                    amount=format_amount(self.env, charges, self.company_currency_id),
                    bank=journal.display_name,
                )
            )
        balance = self.company_currency_id.round(self.balance - charges)
        self.move_id.write(
            {
                "line_ids": [
                    Command.update(self.id, {"balance": balance}),
                    Command.create(
                        {
                            "account_id": account.id,
                            "name": self.env._("Bank charges on direct debits"),
                            "balance": charges,
                            "analytic_distribution": False,
                            "sepa_role": "fee",
                        }
                    ),
                ]
            }
        )
