from odoo import fields, models
from odoo.exceptions import UserError


class RecouvrementStatusWizard(models.TransientModel):
    """“Disputed” opens a dispute with an owner and a date; “To chase” ends it."""

    _inherit = "recouvrement.status.wizard"

    category_id = fields.Many2one(
        "recouvrement.dispute.category",
        default=lambda self: self.env["recouvrement.dispute.category"]._by_code(None),
    )
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        domain="[('share', '=', False)]",
        help="Who settles the dispute; empty: as the rules say.",
    )
    date_due = fields.Date(
        string="Settle Before", help="Empty: by the working days of the category."
    )

    # EXTENDS 'recouvrement'
    def _check_commitments(self):
        if self.status == "to_chase":
            self._end_disputes()
        return super()._check_commitments()

    # EXTENDS 'recouvrement'
    def _apply(self, items):
        if self.status == "disputed":
            # A dispute lasts until it is settled, and is late after its date.
            self.date_due = self.date_due or self.until
            self.until = False
        result = super()._apply(items)
        if self.status == "disputed":
            self._open_disputes(items)
        return result

    def _open_disputes(self, items):
        """One dispute for each customer; what is disputed already stays as it is."""
        chosen = {
            name: value
            for name, value in (
                ("user_id", self.user_id.id),
                ("date_due", self.date_due),
            )
            if value
        }
        for debtor, own in items.grouped("debtor_id").items():
            lines = self.move_line_ids.browse(own.ids).sudo()
            pairs = debtor._share_disputed(lines, None)
            if debtor and pairs:
                debtor._open_dispute(
                    pairs, self.category_id.code, self.reason, **chosen
                )

    def _end_disputes(self):
        """Give up the disputes that hold these items.

        :raise UserError: when one is about other items too.
        """
        lines = self.env["recouvrement.dispute.line"].sudo()
        held = lines.search(
            [
                ("move_line_id", "in", self.move_line_ids.ids),
                ("is_live", "=", True),
                ("is_holding", "=", True),
            ]
        )
        for dispute in held.dispute_id:
            live = dispute.line_ids.filtered("is_live")
            if live.move_line_id - self.move_line_ids:
                raise UserError(
                    self.env._(
                        "The dispute %(number)s is also about other items "
                        "(%(documents)s): choose them too, or conclude the dispute.",
                        number=dispute.name,
                        documents=dispute.item_names,
                    )
                )
            dispute.with_env(self.env)._conclude("abandoned", self.reason)
