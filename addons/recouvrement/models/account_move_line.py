from odoo import api, fields, models
from odoo.exceptions import UserError

from .selections import COLLECTION_MARKS, COLLECTION_STATUSES, ITEM_KINDS

LEDGER_FIELDS = {
    "partner_id",
    "account_id",
    "company_id",
    "date_maturity",
    "parent_state",
    "balance",
    "amount_currency",
}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # == Collection ==
    collection_status = fields.Selection(
        COLLECTION_STATUSES,
        compute="_compute_collection_status",
        store=True,
        copy=False,
        help="Whether the receivable item is being chased, and if not, why.",
    )
    collection_mark = fields.Selection(
        COLLECTION_MARKS, copy=False, help="Status set by hand or by another process."
    )
    collection_reason = fields.Char(copy=False)
    collection_until = fields.Date(
        copy=False, help="The status lapses after this day; empty: no end."
    )

    # == Takeover of another ledger (FEC) ==
    takeover_kind = fields.Selection(ITEM_KINDS, copy=False)
    takeover_date = fields.Date(
        string="Original Document Date",
        copy=False,
        help="Date of the document in the ledger it was taken over from.",
    )

    _recouvrement_receipt_idx = models.Index(
        "(partner_id, date DESC, takeover_date DESC NULLS LAST) "
        "INCLUDE (company_id, account_id, balance) WHERE balance < 0 "
        "AND parent_state = 'posted' AND (payment_id IS NOT NULL "
        "OR statement_line_id IS NOT NULL OR takeover_kind = 'payment')"
    )

    # The receipts of a day or a week: see ``receipt.py``.
    _recouvrement_receipt_day_idx = models.Index(
        "(COALESCE(takeover_date, date), company_id) WHERE balance < 0 "
        "AND parent_state = 'posted' AND (payment_id IS NOT NULL "
        "OR statement_line_id IS NOT NULL OR takeover_kind = 'payment')"
    )

    # Those left to allocate, in the words that a domain on ``is_unallocated`` becomes.
    _recouvrement_receipt_free_idx = models.Index(
        "(COALESCE(takeover_date, date)) WHERE balance < 0 "
        "AND parent_state = 'posted' AND (payment_id IS NOT NULL "
        "OR statement_line_id IS NOT NULL OR takeover_kind = 'payment') "
        "AND (reconciled IS NOT TRUE AND (amount_residual <> 0 "
        "OR amount_residual_currency <> 0)) IS TRUE"
    )

    # All that the open items need, without the table: see ``_open_lines_sql``.
    _recouvrement_open_idx = models.Index(
        "(partner_id, account_id) INCLUDE (id, move_id, company_id, currency_id, "
        "company_currency_id, date, date_maturity, amount_residual, "
        "amount_residual_currency, journal_id, payment_id, statement_line_id, "
        "takeover_kind, doubtful_date, collection_until) "
        "WHERE parent_state = 'posted' "
        "AND reconciled IS NOT TRUE "
        "AND (amount_residual <> 0 OR amount_residual_currency <> 0)"
    )

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("account_id.account_type", "no_followup", "collection_mark")
    def _compute_collection_status(self):
        for line in self:
            if line.account_id.account_type != "asset_receivable":
                line.collection_status = False
            elif line.collection_mark:
                line.collection_status = line.collection_mark
            else:
                line.collection_status = "excluded" if line.no_followup else "to_chase"

    # EXTENDS 'account'
    @api.depends("journal_id.type")
    def _compute_no_followup(self):
        """Opening balances and other miscellaneous receivables are chased too."""
        result = super()._compute_no_followup()
        for line in self:
            if line.no_followup and line._is_chased_misc():
                line.no_followup = False
        return result

    def _is_chased_misc(self):
        return (
            self.account_id.account_type == "asset_receivable"
            and self.company_id.root_id.recouvrement_chase_misc
        )

    # EXTENDS 'account'
    def _compute_amount_residual(self):
        result = super()._compute_amount_residual()
        self._mark_debtors_dirty()
        return result

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    def write(self, vals):
        if "collection_mark" in vals and not vals.get("collection_reason"):
            raise UserError(
                self.env._(
                    "A change of collection status needs a reason. Use “Change "
                    "Status” on the open items."
                )
            )
        traced = self._trace_before(vals)
        result = super().write(vals)
        if traced is not None:
            self._trace_status_change(traced)
        if LEDGER_FIELDS & vals.keys():
            self._mark_debtors_dirty()
        return result

    def unlink(self):
        self._mark_debtors_dirty(resolve=True)
        return super().unlink()

    def _mark_debtors_dirty(self, resolve=False):
        """Have the totals of the debtors of these lines recomputed in time."""
        self.env["recouvrement.debtor"]._mark_dirty(self._origin.ids, resolve=resolve)

    # ------------------------------------------------------------------
    # COLLECTION STATUS
    # ------------------------------------------------------------------

    def _set_collection_status(self, status, reason, until=None):
        """Change the collection status of receivable items, and trace it.

        :param str status: a value of ``collection_status``.
        :param str reason: why; shown in the debtor's history.
        :param date until: last day of the status, or None.
        :raise UserError: without a reason, or on lines that are no receivables.
        """
        if not (reason or "").strip():
            raise UserError(
                self.env._("Say why the collection status of these items changes.")
            )
        lines = self.filtered("collection_status")
        if lines != self:
            raise UserError(
                self.env._("Only receivable items have a collection status.")
            )
        marked = status not in ("to_chase", "excluded")
        vals = {
            "collection_mark": status if marked else False,
            "collection_reason": reason.strip(),
            "collection_until": until if marked else False,
        }
        # No amount changes: the taxes of each entry need not be looked at again.
        lines = lines.with_context(skip_invoice_sync=True)
        excluded = status == "excluded"
        ticked = lines.filtered(
            lambda line: not marked and line.no_followup != excluded
        )
        ticked.write({**vals, "no_followup": excluded})
        (lines - ticked).write(vals)

    def _trace_before(self, vals):
        """Statuses to compare after a change that the history does not tell by itself
        (context key ``collection_status_told``)."""
        if not {"collection_mark", "no_followup"} & vals.keys():
            return None
        if self.env.context.get("collection_status_told"):
            return None
        return {line.id: line.collection_status for line in self}

    def _trace_status_change(self, before):
        changed = self.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.collection_status
                and line.collection_status != before[line.id]
            )
        )
        self.env["recouvrement.debtor"]._log_status_change(changed, before)
