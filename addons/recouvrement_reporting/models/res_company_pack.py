from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    recouvrement_pack_scheduled = fields.Boolean(
        string="Send the Monthly Pack",
        help="Prepared and e-mailed by itself each month.",
    )
    recouvrement_pack_day = fields.Integer(
        string="From the Day", default=5, help="Day of the following month."
    )
    recouvrement_pack_recipient_ids = fields.Many2many(
        "res.partner",
        "res_company_pack_recipient_rel",
        "company_id",
        "partner_id",
        string="Recipients of the Monthly Pack",
    )
    recouvrement_pack_user_id = fields.Many2one(
        "res.users",
        string="Responsible for the Pack",
        domain="[('share', '=', False)]",
        help="Told when the pack could not be prepared or sent; by default the credit "
        "managers.",
    )

    @api.constrains("recouvrement_pack_day")
    def _check_recouvrement_pack_day(self):
        for company in self:
            if not 1 <= company.recouvrement_pack_day <= 28:
                raise ValidationError(
                    self.env._("The pack leaves on a day from the 1st to the 28th.")
                )


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    recouvrement_pack_scheduled = fields.Boolean(
        related="company_id.recouvrement_pack_scheduled", readonly=False
    )
    recouvrement_pack_day = fields.Integer(
        related="company_id.recouvrement_pack_day", readonly=False
    )
    recouvrement_pack_recipient_ids = fields.Many2many(
        related="company_id.recouvrement_pack_recipient_ids", readonly=False
    )
    recouvrement_pack_user_id = fields.Many2one(
        related="company_id.recouvrement_pack_user_id", readonly=False
    )
