"""Who is told of which risk, and how."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RecouvrementAlertRule(models.Model):
    """A kind of fact of the risk agenda, or another one, and whom it concerns."""

    _name = "recouvrement.alert.rule"
    _description = "Alert Rule"
    _inherit = ["mail.thread"]
    _order = "sequence, id"

    name = fields.Char(compute="_compute_name", compute_sudo=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    kind = fields.Selection("_get_kinds", required=True, index=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        string="Legal Entity",
        domain="[('parent_id', '=', False)]",
        help="Empty: all of them.",
    )
    to_collector = fields.Boolean(
        string="To the Collector",
        default=True,
        tracking=True,
        help="Or whoever stands in for an absent one.",
    )
    to_salesperson = fields.Boolean(string="To the Salesperson", tracking=True)
    user_ids = fields.Many2many(
        "res.users",
        string="To These Users",
        domain="[('share', '=', False)]",
        help="They are told of the accounts that they may read.",
    )
    by_activity = fields.Boolean(
        tracking=True,
        help="On the debtor account. What is there already when the rule begins is "
        "told by e-mail only.",
    )
    by_mail = fields.Boolean(
        string="By E-mail",
        default=True,
        tracking=True,
        help="One message a day and person, with all that is new.",
    )
    min_exposure = fields.Float(
        string="From an Exposure Of",
        digits=(16, 2),
        tracking=True,
        help="In the currency of the company; zero: whatever the exposure.",
    )
    started_on = fields.Date(readonly=True, copy=False)
    alert_ids = fields.One2many("recouvrement.alert", "rule_id")

    _check_exposure = models.Constraint(
        "CHECK (min_exposure >= 0)", "The amount is not negative."
    )

    @api.model
    def _get_kinds(self):
        return self.env["recouvrement.alert"]._label_kinds()

    @api.depends("kind", "company_id")
    @api.depends_context("lang")
    def _compute_name(self):
        labels = dict(self._get_kinds())
        for rule in self:
            names = (labels.get(rule.kind), rule.company_id.name)
            rule.name = " · ".join(name for name in names if name)

    @api.constrains(
        "by_activity", "by_mail", "to_collector", "to_salesperson", "user_ids"
    )
    def _check_told(self):
        for rule in self:
            if not (rule.by_activity or rule.by_mail):
                raise ValidationError(
                    self.env._("Tell it by activity, by e-mail, or both.")
                )
            if not (rule.to_collector or rule.to_salesperson or rule.user_ids):
                raise ValidationError(self.env._("Say who is told."))

    def action_preview(self):
        """The accounts that the rule is about today, told or not."""
        self.ensure_one()
        self.check_access("read")
        rows = self.env["recouvrement.alert"]._find_accounts(self)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Concerned today: %s", self.name),
            "res_model": "recouvrement.debtor",
            "view_mode": "list,kanban,form",
            "domain": [("id", "in", rows)],
        }

    def action_view_alerts(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_alert_action"
        )
        action["domain"] = [("rule_id", "=", self.id)]
        action["context"] = {}
        return action
