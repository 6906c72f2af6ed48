"""The entry of a provision run, its cancellation, and the proof against the ledger."""

from odoo import Command, api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date


class RecouvrementImpairment(models.Model):
    _inherit = "recouvrement.impairment"

    # ------------------------------------------------------------------
    # POSTING
    # ------------------------------------------------------------------

    def action_post(self):
        """Book the difference with what was provided for before.

        :raise AccessError: for users who may not post entries.
        :raise UserError: out of order, without accounts, or when the ledger changed.
        """
        self._check_may_post()
        for run in self:
            run._check_draft()
            run._lock_company_runs()
            run._check_order()
            if not run.date_computed:
                raise UserError(self.env._("Compute the provisions first."))
            run.sudo()._check_still_true()
            run._book()
        return True

    def _check_may_post(self):
        self.check_access("write")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(
                self.env._("Only an accountant posts and cancels provisions.")
            )

    def _lock_company_runs(self):
        """Two runs of a company are never posted or cancelled at the same time."""
        self.env.cr.execute(
            SQL(
                "SELECT id FROM res_company WHERE id = %s FOR NO KEY UPDATE",
                self.company_id.id,
            )
        )

    def _check_order(self):
        """Runs are posted in the order of their dates: each starts from the last.

        The database refuses a second one of the same date with its own message.
        """
        later = self._last_posted()
        if later and later.date > self.date:
            raise UserError(
                self.env._(
                    "A run of %s is posted already: cancel it before posting an "
                    "earlier one.",
                    format_date(self.env, later.date),
                )
            )

    def _last_posted(self):
        return self.search(
            [("company_id", "=", self.company_id.id), ("state", "=", "posted")],
            order="date desc",
            limit=1,
        )

    def _book(self):
        self.ensure_one()
        move = self.env["account.move"]
        values = {"state": "posted"}
        lines = self._prepare_entry_lines()
        if lines:
            move = move.create(self._prepare_entry_vals(lines))
            move._post(soft=False)
            values["move_id"] = move.id
            values["account_id"] = self._get_accounts()["impairment"].id
        self.sudo().write(values)
        self.env.flush_all()

    def _get_accounts(self):
        return self.company_id._get_closing_accounts(
            "impairment_expense", "impairment", "impairment_income"
        )

    def _prepare_entry_vals(self, lines):
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.company_id._get_closing_journal().id,
            "date": self.date,
            "ref": self.display_name,
            "line_ids": [Command.create(vals) for vals in lines],
        }

    def _prepare_entry_lines(self):
        """Allowance and reversal in total, the provision in total or per debtor.

        :return: values of journal items; none when there is nothing to book.
        """
        rows = self._get_movements()
        if not rows:
            return []
        accounts = self._get_accounts()
        provision, lines = accounts["impairment"], []
        allowance = self.env._("Allowance to impairment of receivables")
        reversal = self.env._("Reversal of impairment of receivables")
        for partner_id, increase, decrease in rows:
            for name, amount in ((allowance, -increase), (reversal, decrease)):
                lines.append(self._prepare_line(provision, name, amount, partner_id))
        expense, income = accounts["impairment_expense"], accounts["impairment_income"]
        round_amount = self.currency_id.round
        increase = round_amount(sum(increase for _id, increase, _decrease in rows))
        decrease = round_amount(sum(decrease for _id, _increase, decrease in rows))
        lines.append(self._prepare_line(expense, allowance, increase))
        lines.append(self._prepare_line(income, reversal, -decrease))
        return [line for line in lines if line["balance"]]

    def _get_movements(self):
        """``[(partner id or None, increase, decrease)]`` of what is to be booked."""
        self.line_ids.flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT %(partner)s, SUM(GREATEST(delta, 0)),
                       SUM(GREATEST(-delta, 0))
                  FROM recouvrement_impairment_line
                 WHERE impairment_id = %(id)s AND delta <> 0
              GROUP BY 1 ORDER BY 1
                """,
                partner=SQL("partner_id" if self.per_debtor else "NULL::integer"),
                id=self.id,
            )
        )

    @api.model
    def _prepare_line(self, account, name, amount, partner_id=None):
        return {
            "name": name,
            "partner_id": partner_id,
            "account_id": account.id,
            "balance": amount,
        }

    # ------------------------------------------------------------------
    # CANCELLING
    # ------------------------------------------------------------------

    def action_cancel(self):
        """Reverse the entry on its own date; the run before is in force again.

        :raise UserError: unless it is the last run of the company, in an open period.
        """
        self._check_may_post()
        for run in self:
            if run.state == "posted":
                run._lock_company_runs()
                run._check_may_cancel()
                run._reverse()
            elif run.state == "cancelled":
                raise UserError(self.env._("This run is cancelled already."))
            run.sudo().state = "cancelled"
        self.env.flush_all()
        self.sudo()._check_no_negative()
        return True

    def _check_may_cancel(self):
        if self._last_posted() != self:
            raise UserError(
                self.env._("Later runs start from this one: cancel the last run first.")
            )
        if self.move_id and self.company_id._get_violated_lock_dates(
            self.date, False, self.move_id.journal_id
        ):
            raise UserError(
                self.env._(
                    "The period is closed. The next run reverses what is no longer "
                    "needed."
                )
            )

    def _reverse(self):
        if not self.move_id:
            return
        reversal = self.move_id._reverse_moves(
            [
                {
                    "date": self.date,
                    "ref": self.env._("Cancelled: %s", self.move_id.ref),
                }
            ],
            cancel=True,
        )
        self.sudo().reversal_move_id = reversal

    def _check_no_negative(self):
        """A write-off may have released what the cancelled run had booked."""
        for run in self:
            booked = self.env.execute_query(
                SQL(
                    "SELECT name FROM (%s) booked WHERE amount < 0 LIMIT 5",
                    run._booked_sql(run.company_id),
                )
            )
            if booked:
                raise UserError(
                    self.env._(
                        "Write-offs released provisions of this run: undo them first "
                        "(%s).",
                        ", ".join(name or "?" for [name] in booked),
                    )
                )

    def action_draft(self):
        """Work on a cancelled run again, with a new entry to come."""
        self.check_access("write")
        if any(run.state != "cancelled" for run in self):
            raise UserError(self.env._("Only a cancelled run becomes a draft again."))
        if any(run.move_id for run in self):
            raise UserError(
                self.env._("This run had an entry: make a new run for the date.")
            )
        self.sudo().write({"state": "draft"})
