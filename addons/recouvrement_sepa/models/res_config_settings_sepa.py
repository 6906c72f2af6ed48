from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sepa_ics = fields.Char(related="company_id.sepa_ics", readonly=False)
    sepa_creditor_name = fields.Char(
        related="company_id.sepa_creditor_name", readonly=False
    )
    sepa_prenotification_days = fields.Integer(
        related="company_id.sepa_prenotification_days", readonly=False
    )
    sepa_approval_amount = fields.Monetary(
        related="company_id.sepa_approval_amount", readonly=False
    )
    sepa_net_credit_notes = fields.Boolean(
        related="company_id.sepa_net_credit_notes", readonly=False
    )
    sepa_mandate_reminder_days = fields.Integer(
        related="company_id.sepa_mandate_reminder_days", readonly=False
    )
    sepa_prenotification_proof = fields.Selection(
        related="company_id.sepa_prenotification_proof", readonly=False
    )
