from odoo import fields, models
from odoo.exceptions import UserError


class RecouvrementBankFileImport(models.TransientModel):
    """Loads one or several files of the bank."""

    _name = "recouvrement.bank.file.import"
    _description = "Load Bank Files"

    attachment_ids = fields.Many2many("ir.attachment", string="Files")

    def action_load(self):
        """Load each file on its own; show what became of them."""
        self.ensure_one()
        own = self.attachment_ids.filtered(
            lambda one: (
                one.create_uid == self.env.user and one.res_model in (False, self._name)
            )
        )
        if not own or own != self.attachment_ids:
            raise UserError(self.env._("Add at least one file."))
        return self.env["recouvrement.bank.file"]._take_attachments(own)._get_action()
