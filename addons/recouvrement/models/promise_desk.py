"""Promises on the 360° page of a debtor."""

from odoo import models
from odoo.fields import Domain

BLOCK_LIMIT = 10
LEVELS = {"open": "info", "partly": "warning", "broken": "danger"}


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def _desk_blocks(self, options):
        """Open promises, then those that failed and whose items are still owed."""
        return [*super()._desk_blocks(options), *self._desk_promise_blocks()]

    def _desk_promise_blocks(self):
        # Salespeople see promises without the journal items behind them.
        still_owed = Domain("move_line_id", "any!", [("reconciled", "=", False)])
        failed = Domain("state", "in", ("partly", "broken")) & Domain(
            "line_ids", "any!", still_owed
        )
        promises = self.env["recouvrement.promise"].search(
            Domain("debtor_id", "=", self.id) & (Domain("state", "=", "open") | failed),
            limit=BLOCK_LIMIT,
        )
        if not promises:
            return []
        labels = dict(promises._fields["state"]._description_selection(self.env))
        return [
            {
                "key": "promises",
                "title": self.env._("Promises"),
                "icon": "fa-handshake-o",
                "items": [
                    {
                        "model": promise._name,
                        "id": promise.id,
                        "title": promise.partner_id.name or promise.display_name,
                        "date": promise.date,
                        "amount": promise.missing_amount or promise.amount,
                        "currency_id": promise.currency_id.id,
                        "state": labels[promise.state],
                        "level": LEVELS[promise.state],
                        "note": promise.explanation,
                    }
                    for promise in promises.sorted(
                        lambda promise: (promise.state != "open", promise.date)
                    )
                ],
            }
        ]

    def _desk_promises(self):
        decided = self.promise_decided_count
        return decided and {
            "kept": self.promise_kept_count,
            "decided": decided,
            "rate": round(100 * self.promise_kept_rate),
        }
