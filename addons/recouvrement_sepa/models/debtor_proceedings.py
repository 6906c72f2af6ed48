"""Collective proceedings stop the direct debits of a debtor."""

from odoo import models

from .collection import PREPARED


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # EXTENDS 'recouvrement'
    def _on_proceedings_opened(self, lines, day, reason):
        """Debits that have no file yet leave their collection, mandates are suspended;
        what the bank has is told."""
        stopped = super()._on_proceedings_opened(lines, day, reason)
        items = self.env["recouvrement.sepa.collection.item"].search(
            [("move_line_id", "in", lines.ids), ("live", "=", True)]
        )
        debits = items.line_id.filtered(
            lambda debit: debit.state in ("planned", "presented", "booked")
        )
        planned = debits.filtered(
            lambda debit: (
                debit.state == "planned" and debit.collection_id.state in PREPARED
            )
        )
        told = [debit._tell_proceedings() for debit in debits - planned]
        collections = planned.collection_id
        collections._lock()
        planned.unlink()
        collections._refresh_totals()
        mandates = self.env["recouvrement.sepa.mandate"].search(
            [("debtor_id", "=", self.id), ("state", "=", "active")]
        )
        suspended = mandates._suspend(reason)
        return {
            **stopped,
            "told": [*stopped["told"], *told],
            "mandates": suspended.ids,
            "mandate_reason": reason,
        }

    # EXTENDS 'recouvrement'
    def _on_proceedings_undone(self, stopped):
        result = super()._on_proceedings_undone(stopped)
        mandates = self.env["recouvrement.sepa.mandate"].browse(
            stopped.get("mandates", [])
        )
        # Suspended for another reason since: it stays so.
        mandates.exists().filtered(
            lambda mandate: (
                mandate.state == "suspended"
                and not mandate.awaits_account
                and mandate.suspended_reason == stopped.get("mandate_reason")
            )
        ).action_resume()
        return result


class RecouvrementSepaCollectionLine(models.Model):
    _inherit = "recouvrement.sepa.collection.line"

    def _tell_proceedings(self):
        """What a person has to do about a debit that the bank has, or will get."""
        return self.env._(
            "Direct debit %(debit)s of %(amount)s is in the file of %(collection)s: "
            "have the bank cancel it, or give the money back.",
            debit=self.end_to_end_id,
            amount=self.currency_id.format(self.amount),
            collection=self.collection_id.name,
        )
