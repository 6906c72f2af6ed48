from odoo import fields, models

from ..models.exclusion import CHANNELS


class RecouvrementExclusionNotice(models.TransientModel):
    """When and how a customer was told, when it was not by e-mail from here."""

    _name = "recouvrement.exclusion.notice"
    _description = "Notice of a Refusal of Credit"

    exclusion_id = fields.Many2one(
        "recouvrement.exclusion", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date(
        string="Informed On", required=True, default=fields.Date.context_today
    )
    channel = fields.Selection(
        CHANNELS, string="Informed By", required=True, default="registered"
    )
    proof = fields.Char(string="Reference of the Notice")

    def action_confirm(self):
        self.exclusion_id._inform(self.date, self.channel, self.proof)
        return {"type": "ir.actions.act_window_close"}
