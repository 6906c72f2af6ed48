from odoo import api, fields, models
from odoo.exceptions import UserError


class RecouvrementBankCall(models.TransientModel):
    """The call back on new bank details, or why they are rejected."""

    _name = "recouvrement.bank.call"
    _description = "Call Back on Bank Details"

    change_id = fields.Many2one("recouvrement.bank.change", required=True)
    mode = fields.Selection(
        [("call", "Call Back"), ("reject", "Reject")], required=True, default="call"
    )
    known_phones = fields.Text(related="change_id.known_phones", related_sudo=False)
    iban = fields.Char(related="change_id.iban", related_sudo=False)
    phone = fields.Char(
        string="Number Called", compute="_compute_phone", store=True, readonly=False
    )
    person = fields.Char(string="Person Who Confirmed")
    moment = fields.Datetime(string="When", default=fields.Datetime.now)
    note = fields.Text()
    reason = fields.Text()

    @api.depends("change_id")
    def _compute_phone(self):
        for wizard in self:
            known = (wizard.change_id.known_phones or "").split("\n")
            wizard.phone = known[0] if len(known) == 1 else False

    def action_confirm(self):
        self.ensure_one()
        if self.mode == "call":
            self.change_id._confirm_call(
                self.phone, self.person, self.note, self.moment
            )
        elif not (self.reason or "").strip():
            raise UserError(self.env._("Say why these bank details are rejected."))
        else:
            self.change_id.action_reject(self.reason)
        return {"type": "ir.actions.act_window_close"}
