"""The ledger closes disputes, and opens them again when what closed them is undone."""

from odoo import api, fields, models


class RecouvrementDispute(models.Model):
    _inherit = "recouvrement.dispute"

    @api.model
    def _judge_items(self, line_ids):
        """Judge again the disputes about items; called in sudo."""
        lines = self.env["recouvrement.dispute.line"].search(
            [("move_line_id", "in", list(line_ids))]
        )
        lines.dispute_id._judge()

    def _judge(self):
        """Store what the ledger leaves in dispute, close what is settled.

        Called in sudo; a constant number of queries.
        """
        judged = self.filtered(lambda d: d.state == "open" or d.closed_by_ledger)
        if not judged:
            return
        lines = self.env["recouvrement.dispute.line"]
        held_before = judged.line_ids._get_neighbours().filtered("is_holding")
        parts, residuals = judged.line_ids._get_open_parts()
        lines = lines.browse(parts)
        lines._store_parts(parts, residuals)
        lines._mark_items(held_before)
        lines._tell_parts()
        disputes = lines.dispute_id
        disputes._sum_open()
        disputes._settle()
        self.env["recouvrement.debtor"]._mark_dirty_debtors(disputes.debtor_id.ids)

    def _sum_open(self):
        for dispute in self:
            dispute._write_changes(
                amount_open_company=dispute.currency_id.round(
                    sum(dispute.line_ids.mapped("amount_open_company"))
                )
            )

    def _settle(self):
        """Close the disputes of which nothing is left, open the others again."""
        for dispute in self:
            live = any(line.is_live for line in dispute.line_ids)
            if dispute.state == "open" and not live:
                dispute._close(
                    dispute.outcome or dispute._get_settled_outcome(), ledger=True
                )
            elif dispute.state == "closed" and live:
                dispute._open_again(
                    self.env._("what had settled it in the ledger was undone")
                )

    def _get_settled_outcome(self):
        """``founded`` when credit notes settled it, else ``paid``."""
        free, own = self.line_ids._read_credits()
        credited = sum(own[self.id, line.move_line_id.id] for line in self.line_ids)
        for line in self.line_ids:
            beyond = free[line.move_line_id.id] - line._exact(line.base_credited)
            credited += max(beyond, 0)
        items = self.line_ids.move_line_id
        cancelled = all(item.parent_state == "cancel" for item in items)
        return "founded" if credited or cancelled else "paid"

    # ------------------------------------------------------------------
    # CLOSING
    # ------------------------------------------------------------------

    def _close(self, outcome, ledger=False):
        """Close, in sudo; who calls has checked the rights."""
        today = fields.Date.context_today(self)
        closed = self.env["recouvrement.dispute.stage"]._for("closed")
        labels = dict(self._fields["outcome"]._description_selection(self.env))
        for dispute in self:
            dispute.write(
                {
                    "state": "closed",
                    "outcome": outcome,
                    "closed_by_ledger": ledger,
                    "date_closed": today,
                    "days_open": (today - dispute.date_open).days,
                }
            )
            dispute.stage_id = closed
            dispute.activity_unlink(["mail.mail_activity_data_todo"])
            dispute._withdraw_questions()
            if not ledger:
                dispute._free_items()
            dispute._log(
                self.env._("closed: %s", labels[outcome]), dispute.outcome_reason
            )

    def _free_items(self):
        """The items of a dispute that a person closed are chased again, unless
        something else holds them; other disputes about them are judged again."""
        held = self.line_ids._get_neighbours().filtered("is_holding")
        self.line_ids.write(
            {
                "is_live": False,
                "is_holding": False,
                "amount_open": 0,
                "amount_open_company": 0,
            }
        )
        self.amount_open_company = 0
        self.line_ids._mark_items(held)
        self.line_ids._tell_parts()
        self._judge_items(self.line_ids.move_line_id.ids)

    def _open_again(self, reason):
        """Open closed disputes again, in sudo."""
        first = self.env["recouvrement.dispute.stage"]._for(
            "credit" if self.credit_move_ids else "new"
        )
        for dispute in self:
            ledger = dispute.closed_by_ledger
            outcome = dispute.outcome if dispute.credit_move_ids else False
            dispute.write(
                {
                    "state": "open",
                    "closed_by_ledger": False,
                    "date_closed": False,
                    "outcome": outcome,
                }
            )
            dispute.stage_id = first
            dispute._follow_owner()
            dispute._log(self.env._("open again: %s", reason))
            if not ledger:
                dispute._judge()


class RecouvrementDisputeLine(models.Model):
    _inherit = "recouvrement.dispute.line"

    def _get_neighbours(self):
        """All the dispute lines about the same items."""
        return self.search([("move_line_id", "in", self.move_line_id.ids)])

    def _get_words(self):
        """What the customer says of each item that is held: ``{item id: text}``."""
        return {
            line.move_line_id.id: line.dispute_id.text
            for line in self.filtered("is_holding")
        }

    def _tell_parts(self):
        """Tell how much is disputed now of the items of these lines."""
        items = self.move_line_id
        sums = self._read_group(
            [("move_line_id", "in", items.ids), ("is_live", "=", True)],
            ["move_line_id"],
            ["amount_open_company:sum"],
        )
        items._on_disputed_parts(
            {**dict.fromkeys(items.ids, 0.0), **{item.id: sum_ for item, sum_ in sums}}
        )

    def _mark_items(self, held_before):
        """The mark of the items follows what is held whole.

        :param held_before: lines that were holding before something changed.
        """
        holding = (self | held_before).filtered("is_holding").move_line_id
        told = {"collection_status_told": True}
        begun = holding - held_before.move_line_id
        unmarked = holding.filtered(lambda item: not item.collection_mark)
        # What is excluded stays so when the dispute ends.
        marked = (begun | unmarked).filtered(
            lambda item: item.collection_status != "excluded"
        )
        words = self._get_words()
        for reason, items in marked.grouped(
            lambda item: words.get(item.id) or self.env._("Dispute")
        ).items():
            items.with_context(**told)._commit("disputed", reason)
        ended = held_before.move_line_id - holding
        if ended:
            self.env.flush_all()
            ended.with_context(**told)._release(
                "disputed", self.env._("The dispute ended")
            )


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # EXTENDS 'recouvrement'
    @api.model
    def _on_items_matched(self, line_ids):
        result = super()._on_items_matched(line_ids)
        self.env["recouvrement.dispute"].sudo()._judge_items(line_ids)
        return result
