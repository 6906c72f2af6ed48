from odoo import api, fields, models
from odoo.exceptions import AccessError

SETTINGS = [
    "recouvrement_test_mode",
    "recouvrement_test_email",
    "recouvrement_chase_misc",
    "recouvrement_signatory",
    "recouvrement_default_collector_id",
    "recouvrement_mail_batch",
    "recouvrement_priority_step",
]


class RecouvrementCompanySettings(models.TransientModel):
    """The collection settings of a company, for credit managers who are no
    administrators of Odoo."""

    _name = "recouvrement.company.settings"
    _description = "Collection Settings of a Company"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company.root_id,
    )
    recouvrement_test_mode = fields.Boolean(string="Test Mode")
    recouvrement_test_email = fields.Char(string="Test Address")
    recouvrement_chase_misc = fields.Boolean(string="Chase Miscellaneous Entries")
    recouvrement_signatory = fields.Char(string="Signatory of Letters")
    recouvrement_default_collector_id = fields.Many2one(
        "res.users", string="Default Collector"
    )
    recouvrement_mail_batch = fields.Integer(string="Reminders per Batch")
    recouvrement_priority_step = fields.Float(string="Priority Step")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        company = self.env.company.root_id
        wanted = [name for name in SETTINGS if name in fields_list]
        if wanted:
            [stored] = company.sudo().read(wanted, load="_classic_write")
            values.update({name: stored[name] for name in wanted})
        return values

    def action_confirm(self):
        """Write the settings on the company.

        sudo: writing on a company needs an administrator; these fields are the
        credit manager's.
        """
        self.ensure_one()
        if not self.env.user.has_group("recouvrement.group_manager"):
            raise AccessError(
                self.env._("Only a credit manager changes the collection settings.")
            )
        company = self.env.company.root_id
        vals = self._convert_to_write({name: self[name] for name in SETTINGS})
        company.sudo().write(vals)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
