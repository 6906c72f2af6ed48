from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.period import Period


class RecouvrementBonusWizard(models.TransientModel):
    """Works out the bonuses of a month, for the collectors who have none yet."""

    _name = "recouvrement.bonus.wizard"
    _description = "Work Out Bonuses"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    date = fields.Date(
        string="Month",
        required=True,
        default=lambda self: self._default_date(),
        help="Any day of the month; its figures must be frozen.",
    )
    rule_ids = fields.Many2many(
        "recouvrement.bonus.rule",
        string="Rules",
        compute="_compute_rule_ids",
        store=True,
        readonly=False,
        domain="[('company_id', '=', company_id)]",
    )

    @api.model
    def _default_date(self):
        """The month that ended last."""
        return Period.month(Period.month(fields.Date.context_today(self)).eve).start

    @api.depends("company_id", "date")
    def _compute_rule_ids(self):
        for wizard in self:
            rules = self.env["recouvrement.bonus.rule"].search(
                [("company_id", "=", wizard.company_id.id)]
            )
            month = Period.month(wizard.date) if wizard.date else None
            wizard.rule_ids = rules.filtered(
                lambda rule, month=month: month and rule._is_valid_for(month)
            )

    @api.onchange("date")
    def _onchange_date(self):
        if self.date:
            self.date = Period.month(self.date).start

    def action_confirm(self):
        """Make the statements and show them.

        :raise UserError: when there is nothing to make.
        """
        self.ensure_one()
        made = self.env["recouvrement.bonus.statement"]
        for rule in self.rule_ids:
            made |= made._make(rule, self.date)
        if not made:
            raise UserError(
                self.env._("Nobody is left to work out a bonus for in this month.")
            )
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_bonus_statement_action"
        )
        action["domain"] = [("id", "in", made.ids)]
        action["context"] = {}
        return action
