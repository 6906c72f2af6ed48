from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    recouvrement_test_mode = fields.Boolean(
        related="company_id.recouvrement_test_mode", readonly=False
    )
    recouvrement_test_email = fields.Char(
        related="company_id.recouvrement_test_email", readonly=False
    )
    recouvrement_chase_misc = fields.Boolean(
        related="company_id.recouvrement_chase_misc", readonly=False
    )
    recouvrement_signatory = fields.Char(
        related="company_id.recouvrement_signatory", readonly=False
    )
    recouvrement_default_collector_id = fields.Many2one(
        related="company_id.recouvrement_default_collector_id", readonly=False
    )
    recouvrement_mail_batch = fields.Integer(
        related="company_id.recouvrement_mail_batch", readonly=False
    )
    recouvrement_message_items = fields.Integer(
        related="company_id.recouvrement_message_items", readonly=False
    )
    recouvrement_statement_items = fields.Integer(
        related="company_id.recouvrement_statement_items", readonly=False
    )
    recouvrement_invoice_copies = fields.Integer(
        related="company_id.recouvrement_invoice_copies", readonly=False
    )
    recouvrement_star_points = fields.Integer(
        related="company_id.recouvrement_star_points", readonly=False
    )
    recouvrement_call_amount = fields.Monetary(
        related="company_id.recouvrement_call_amount", readonly=False
    )
    recouvrement_call_anyway_amount = fields.Monetary(
        related="company_id.recouvrement_call_anyway_amount", readonly=False
    )
    recouvrement_silence_days = fields.Integer(
        related="company_id.recouvrement_silence_days", readonly=False
    )
    recouvrement_retry_days = fields.Integer(
        related="company_id.recouvrement_retry_days", readonly=False
    )
    recouvrement_limit_days = fields.Integer(
        related="company_id.recouvrement_limit_days", readonly=False
    )
    recouvrement_portal_link = fields.Boolean(
        related="company_id.recouvrement_portal_link", readonly=False
    )
    recouvrement_portal_days = fields.Integer(
        related="company_id.recouvrement_portal_days", readonly=False
    )
    recouvrement_promise_tolerance_days = fields.Integer(
        related="company_id.recouvrement_promise_tolerance_days", readonly=False
    )
    recouvrement_promise_tolerance_amount = fields.Float(
        related="company_id.recouvrement_promise_tolerance_amount", readonly=False
    )
    recouvrement_promise_default_days = fields.Integer(
        related="company_id.recouvrement_promise_default_days", readonly=False
    )
    recouvrement_promise_max_days = fields.Integer(
        related="company_id.recouvrement_promise_max_days", readonly=False
    )
    recouvrement_alias_name = fields.Char(
        related="company_id.recouvrement_alias_name", readonly=False
    )
    recouvrement_relay_days = fields.Integer(
        related="company_id.recouvrement_relay_days", readonly=False
    )
    recouvrement_relay_link_days = fields.Integer(
        related="company_id.recouvrement_relay_link_days", readonly=False
    )
    group_recouvrement_all_portfolios = fields.Boolean(
        string="Collectors See All Portfolios",
        group="recouvrement.group_collector",
        implied_group="recouvrement.group_all_portfolios",
        help="Otherwise a collector sees the debtors of the own portfolio and those "
        "that have no collector.",
    )
