from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .selections import APPROVALS, RELAY_ROLES, TONES


class RecouvrementDunningLevel(models.Model):
    _name = "recouvrement.dunning.level"
    _description = "Dunning Level"
    _order = "policy_id, rank"

    policy_id = fields.Many2one(
        "recouvrement.dunning.policy", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True)
    currency_id = fields.Many2one(related="policy_id.currency_id")
    name = fields.Char(required=True, translate=True)
    rank = fields.Integer(
        string="Level",
        required=True,
        default=1,
        help="0 is the preventive reminder; 1, 2, 3… follow after the due date.",
    )
    delay_days = fields.Integer(
        string="Days After Due Date",
        help="Days from the due date of each item; negative: before it.",
    )
    channel = fields.Selection(
        selection=lambda self: self.env["recouvrement.channel"]._selection_channel(),
        required=True,
        default="email",
    )
    fallback_channel = fields.Selection(
        selection=lambda self: self.env["recouvrement.channel"]._selection_channel(),
        help="Used when the debtor cannot be reached by the first channel.",
    )
    min_item_amount = fields.Monetary(
        help="Items below this amount, in the company currency, do not reach the level."
    )
    min_debtor_amount = fields.Monetary(
        help="Debtors asked for less, in the company currency, are not reminded."
    )
    use_zone_threshold = fields.Boolean(
        string="Threshold by Place",
        help="Take the minimum amount of an item from the table of thresholds by "
        "place of the customer.",
    )
    min_days_since_contact = fields.Integer(
        help="Days that must have passed since the last proven reminder."
    )
    template_id = fields.Many2one(
        "mail.template",
        string="E-mail Text",
        domain=[("model", "=", "recouvrement.reminder")],
    )
    letter_template_id = fields.Many2one(
        "mail.template",
        string="Letter Text",
        domain=[("model", "=", "recouvrement.reminder")],
        help="Subject and body of letters; empty: the text of the e-mail.",
    )
    tone = fields.Selection(TONES, default="courteous", required=True)
    is_formal_notice = fields.Boolean(string="Formal Notice")
    approval = fields.Selection(
        APPROVALS, string="Approved By", default="collector", required=True
    )
    include_statement = fields.Boolean(default=True)
    include_invoices = fields.Boolean(string="Include Copies of Invoices")
    include_interest = fields.Boolean(string="Include Late Interest and Fees")
    call_script = fields.Text(translate=True)
    relay_role = fields.Selection(RELAY_ROLES, default="salesperson")

    _rank_uniq = models.UniqueIndex(
        "(policy_id, rank)", "Two levels of a policy cannot have the same number."
    )
    _check_rank = models.Constraint(
        "CHECK (rank >= 0 AND (rank = 0) = (delay_days < 0))",
        "Level 0, and it only, is before the due date (a negative delay).",
    )

    @api.constrains("rank", "delay_days", "policy_id")
    def _check_delays_rise(self):
        for policy in self.policy_id:
            delays = policy.level_ids.sorted("rank").mapped("delay_days")
            if any(
                later <= earlier
                for earlier, later in zip(delays, delays[1:], strict=False)
            ):
                raise ValidationError(
                    self.env._(
                        "The delays of policy “%s” must rise from level to level.",
                        policy.name,
                    )
                )

    @api.constrains("channel", "template_id", "letter_template_id")
    def _check_template(self):
        for level in self:
            writes = level.channel in ("email", "letter", "registered")
            if writes and not level._get_template(level.channel):
                raise ValidationError(
                    self.env._(
                        "Level “%s” writes to the debtor: choose its text.", level.name
                    )
                )

    def _get_template(self, channel):
        """Text of the level for a channel: letters have their own."""
        self.ensure_one()
        if channel in ("letter", "registered"):
            return self.letter_template_id or self.template_id
        return self.template_id or self.letter_template_id
