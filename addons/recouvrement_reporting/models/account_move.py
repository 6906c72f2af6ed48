"""Since when an entry is in the ledger, and since when it no longer is."""

from odoo import fields, models

MOMENTS = ("posting_time", "withdrawal_time")


class AccountMove(models.Model):
    _inherit = "account.move"

    posting_time = fields.Datetime(
        string="Posted On",
        readonly=True,
        copy=False,
        help="When it was last posted; older entries have their creation only.",
    )
    withdrawal_time = fields.Datetime(
        string="Taken Back On",
        readonly=True,
        copy=False,
        help="When it was last reset to draft or cancelled.",
    )

    # EXTENDS 'account'
    def write(self, vals):
        """These moments are noted here and nowhere else."""
        vals = {name: value for name, value in vals.items() if name not in MOMENTS}
        if "state" in vals:
            moment = MOMENTS[vals["state"] != "posted"]
            # The clock of matchings and of freezes: that of the transaction.
            vals[moment] = self.env.cr.now()
        return super().write(vals)
