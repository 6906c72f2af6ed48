"""What disputes keep out of the reminders: items held whole, and parts of items."""

from odoo import api, models
from odoo.tools import SQL


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # EXTENDS 'recouvrement'
    def _set_collection_status(self, status, reason, until=None):
        """Who calls it opens the dispute, as the wizard and the requests do; the night
        takes over what was marked otherwise."""
        return super(
            AccountMoveLine, self.with_context(collection_status_set=True)
        )._set_collection_status(status, reason, until)

    def write(self, vals):
        """A mark that is written directly, by an import or a remote call, gets its
        dispute at once."""
        result = super().write(vals)
        direct = not self.env.context.get("collection_status_set")
        if direct and vals.get("collection_mark") == "disputed":
            self.env["recouvrement.dispute"].sudo()._take_over_marks(
                self.ids
            )._follow_owner()
        return result

    # EXTENDS 'recouvrement'
    @api.model
    def _get_commitment_models(self):
        return [*super()._get_commitment_models(), "recouvrement.dispute.line"]

    # EXTENDS 'recouvrement'
    @api.model
    def _commitments_sql(self, day):
        return SQL(
            """%s UNION ALL
               SELECT x.move_line_id, 'disputed', NULL::date, 30
                 FROM recouvrement_dispute_line x
                WHERE x.is_live AND x.is_holding""",
            super()._commitments_sql(day),
        )


class RecouvrementOpenItem(models.Model):
    _inherit = "recouvrement.open.item"
    _depends = {
        "recouvrement.dispute.line": [
            "move_line_id",
            "amount_open",
            "is_live",
            "is_holding",
        ]
    }

    # EXTENDS 'recouvrement'
    @api.model
    def _disputed_part_sql(self):
        """The few disputed items are found by a hash of their ids: the others, a
        million perhaps, cost nothing."""
        return SQL(
            """CASE WHEN l.id IN (SELECT x.move_line_id
                                    FROM recouvrement_dispute_line x WHERE x.is_live)
                    THEN (SELECT SUM(x.amount_open) FROM recouvrement_dispute_line x
                           WHERE x.move_line_id = l.id AND x.is_live)
                    ELSE 0 END"""
        )
