"""Numbers that were found wrong."""

from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    recouvrement_wrong_phone = fields.Char(
        string="Number Found Wrong",
        copy=False,
        help="A number that did not reach this person. The mark goes when the number "
        "changes.",
    )
    is_phone_wrong = fields.Boolean(
        compute="_compute_is_phone_wrong", string="Wrong Number"
    )

    _recouvrement_wrong_phone_idx = models.Index(
        "(commercial_partner_id) WHERE recouvrement_wrong_phone IS NOT NULL"
    )

    @api.depends("phone", "recouvrement_wrong_phone")
    def _compute_is_phone_wrong(self):
        for partner in self:
            partner.is_phone_wrong = bool(
                partner.phone and partner.phone == partner.recouvrement_wrong_phone
            )

    def _mark_phone_wrong(self):
        """Note that the number of these persons does not reach them."""
        for partner in self.filtered("phone"):
            partner.recouvrement_wrong_phone = partner.phone

    def action_phone_is_right(self):
        """Take the mark back: the number works after all."""
        self.check_access("read")
        self.commercial_partner_id.debtor_ids.check_access("write")
        self.sudo().recouvrement_wrong_phone = False
