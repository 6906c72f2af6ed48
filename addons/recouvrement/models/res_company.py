from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recouvrement_test_mode = fields.Boolean(
        string="Collection Test Mode",
        default=True,
        help="Nothing reaches a customer: e-mails go to the test address, letters "
        "are marked as tests.",
    )
    recouvrement_test_email = fields.Char(string="Test Address")
    recouvrement_chase_misc = fields.Boolean(
        string="Chase Miscellaneous Entries",
        default=True,
        help="Receivables of miscellaneous journals, such as opening balances, are "
        "chased like invoices.",
    )
    recouvrement_signatory = fields.Char(
        string="Signatory of Letters",
        help="Name and function printed under letters; empty: the collector.",
    )
    recouvrement_default_collector_id = fields.Many2one(
        "res.users", string="Default Collector"
    )
    recouvrement_mail_batch = fields.Integer(
        string="Reminders per Batch",
        default=200,
        help="Reminders sent between two commits.",
    )

    def write(self, vals):
        leaving_test = entering_test = self.browse()
        if vals.get("recouvrement_test_mode"):
            entering_test = self.filtered(lambda c: not c.recouvrement_test_mode)
        if vals.get("recouvrement_test_mode") is False:
            leaving_test = self.filtered("recouvrement_test_mode")
        result = super().write(vals)
        if leaving_test:
            self.env["recouvrement.reminder"]._forget_tests(leaving_test)
        if entering_test:
            self.env["recouvrement.reminder"]._hold_mails_back(entering_test)
        return result
