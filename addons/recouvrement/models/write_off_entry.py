"""The entry of a write-off: loss, VAT, receivable and provision, and its undoing."""

from odoo import Command, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_date

# The taxes of the entry are those of the invoices, in proportion: nothing is computed
# anew, and a claim that is lost was not paid (no VAT becomes due).
ENTRY_CONTEXT = {
    "skip_invoice_sync": True,
    "skip_invoice_line_sync": True,
    "skip_account_move_synchronization": True,
    "no_cash_basis": True,
}


class RecouvrementWriteOff(models.Model):
    _inherit = "recouvrement.write.off"

    # ------------------------------------------------------------------
    # BOOKING
    # ------------------------------------------------------------------

    def action_post(self):
        """Book the loss and match it with the items.

        :raise AccessError: for users who may not post entries.
        :raise UserError: above the user's authority, without evidence, or when an item
            is not open for that amount any more.
        """
        self._check_may_post()
        self._lock()
        for write_off in self:
            write_off._check_before_posting()
            write_off.sudo()._settle_lines()
            write_off._book()
        self._log_write_off(self.env._("Claim written off"))
        return True

    def _check_may_post(self):
        self.check_access("write")
        if not self.env.user.has_group("account.group_account_invoice"):
            raise AccessError(
                self.env._("Only an accountant books and undoes write-offs.")
            )

    def _check_before_posting(self):
        if self.state != "draft":
            raise UserError(self.env._("%s is booked or cancelled.", self.name))
        if not self.approved_by_id:
            self._check_authority(self.amount)
        if self.ground_id.evidence_required and not self.sudo().attachment_ids:
            raise UserError(
                self.env._(
                    "Attach the evidence of the ground “%(ground)s”: %(evidence)s",
                    ground=self.ground_id.name,
                    evidence=self.ground_id.evidence or "",
                )
            )
        self.line_ids._check_open()

    def _settle_lines(self):
        """Fix the amounts of the lines from the ledger as it is now."""
        booked = self._get_booked_provisions()
        self._check_provision_date(booked)
        year_start = self.root_company_id.compute_fiscalyear_dates(self.date)
        for line in self.line_ids:
            line._settle(booked.get(line.move_line_id.id, 0), year_start["date_from"])

    def _get_booked_provisions(self):
        runs = self.env["recouvrement.impairment"].sudo()
        runs._flush_impairment_sources()
        rows = self.env.execute_query(
            SQL(
                "SELECT move_line_id, amount FROM (%s) b WHERE move_line_id = ANY(%s)",
                runs._booked_sql(self.root_company_id),
                self.line_ids.move_line_id.ids,
            )
        )
        return {line_id: float(amount) for line_id, amount in rows}

    def _check_provision_date(self, booked):
        if not booked:
            return
        last = (
            self.env["recouvrement.impairment"]
            .sudo()
            .search(
                [
                    ("company_id", "=", self.root_company_id.id),
                    ("state", "=", "posted"),
                    ("date", ">=", self.date),
                ],
                limit=1,
            )
        )
        if last:
            raise UserError(
                self.env._(
                    "These items are provided for on %s: date the write-off after "
                    "that day, or cancel that provision run first.",
                    format_date(self.env, last.date),
                )
            )

    def _book(self):
        lines = []
        for line in self.sudo().line_ids:
            lines += line._prepare_entry_lines()
        if self.amount_released:
            lines += self._prepare_release()
        move = self.env["account.move"].with_context(**ENTRY_CONTEXT)
        move = move.create(self._prepare_entry_vals(lines))
        move._post(soft=False)
        self._match(move)
        self.sudo().write({"state": "posted", "move_id": move.id})

    def _prepare_entry_vals(self, lines):
        return {
            "move_type": "entry",
            "company_id": self.company_id.id,
            "journal_id": self.company_id._get_closing_journal().id,
            "date": self.date,
            "ref": f"{self.name} {self.partner_id.name}",
            "line_ids": [
                Command.create({**vals, "sequence": position})
                for position, vals in enumerate(lines)
            ],
        }

    def _prepare_release(self):
        """The provision goes with the claim, in the same entry."""
        accounts = self.company_id._get_closing_accounts(
            "impairment", "impairment_income"
        )
        self.sudo().provision_account_id = accounts["impairment"]
        common = {
            "name": self.env._("Reversal of impairment of receivables"),
            "partner_id": self.partner_id.id,
        }
        amount = self.amount_released
        return [
            {**common, "account_id": accounts["impairment"].id, "balance": amount},
            {
                **common,
                "account_id": accounts["impairment_income"].id,
                "balance": -amount,
            },
        ]

    def _match(self, move):
        """Match what was credited with the items, and the pending VAT with itself."""
        plan = []
        credited = move.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).sorted("sequence")
        others = move.line_ids - credited
        for line, own in zip(self.sudo().line_ids, credited, strict=True):
            plan.append(line.move_line_id.with_env(self.env) | own)
            for pair in line._get_pending_pairs(others):
                plan.append(pair)
                others -= pair
        move.line_ids.with_context(**ENTRY_CONTEXT)._reconcile_plan(plan)

    # ------------------------------------------------------------------
    # UNDOING
    # ------------------------------------------------------------------

    def action_cancel(self):
        """Drop a proposal, or reverse the entry while its period is open: the items
        are open again, their provision too.

        :raise UserError: in a closed period, or after a later receipt.
        """
        drafts = self.filtered(lambda write_off: write_off.state == "draft")
        drafts.check_access("write")
        posted = self - drafts
        if posted:
            posted._check_may_post()
            posted._lock()
        for write_off in posted:
            write_off._check_may_undo()
            write_off._reverse()
        self.sudo().write({"state": "cancelled"})
        posted._log_write_off(self.env._("Write-off undone"))
        return True

    def _check_may_undo(self):
        if self.state != "posted":
            raise UserError(self.env._("%s is cancelled already.", self.name))
        if self.amount_recovered:
            raise UserError(
                self.env._(
                    "A later receipt was booked on %s: cancel it first.", self.name
                )
            )
        if self.company_id._get_violated_lock_dates(
            self.date, bool(self.amount_vat), self.move_id.journal_id
        ):
            raise UserError(
                self.env._(
                    "The period is closed. Book a receipt on the claim written off "
                    "when the customer pays."
                )
            )

    def _reverse(self):
        reversal = self.move_id.with_context(no_cash_basis=True)._reverse_moves(
            [{"date": self.date, "ref": self.env._("Undone: %s", self.move_id.ref)}],
            cancel=True,
        )
        self.sudo().reversal_move_id = reversal
