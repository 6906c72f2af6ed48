from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class RecouvrementDoubtfulWizard(models.TransientModel):
    """Marks debtors or items as doubtful, or takes the mark away."""

    _name = "recouvrement.doubtful.wizard"
    _description = "Mark as Doubtful"

    debtor_ids = fields.Many2many(
        "recouvrement.debtor",
        "recouvrement_doubtful_wizard_debtor_rel",
        string="Debtors",
        default=lambda self: self._default_ids("recouvrement.debtor"),
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        "recouvrement_doubtful_wizard_line_rel",
        string="Items",
        default=lambda self: self._default_ids("recouvrement.open.item"),
    )
    record_count = fields.Integer(compute="_compute_record_count", string="Selected")
    clear = fields.Boolean(string="No Longer Doubtful")
    reason_id = fields.Many2one("recouvrement.doubtful.reason")
    date = fields.Date(default=fields.Date.context_today, string="Since")
    rate = fields.Float(
        string="Expected Loss (%)",
        digits=(5, 2),
        compute="_compute_rate",
        store=True,
        readonly=False,
    )
    note = fields.Char(
        string="Facts",
        required=True,
        help="What makes the loss probable: dates, events, letters. A provision has to "
        "be justified debtor by debtor.",
    )

    @api.model
    def _default_ids(self, model):
        if self.env.context.get("active_model") != model:
            return False
        return [Command.set(self.env.context.get("active_ids", []))]

    @api.depends("debtor_ids", "move_line_ids")
    def _compute_record_count(self):
        for wizard in self:
            wizard.record_count = len(wizard.debtor_ids) + len(wizard.move_line_ids)

    @api.depends("reason_id")
    def _compute_rate(self):
        for wizard in self:
            wizard.rate = wizard.reason_id.rate

    def action_confirm(self):
        """Collectors may do this on their debtors, though not edit journal items:
        sudo after the check on the debtor accounts."""
        self.ensure_one()
        if not self.debtor_ids and not self.move_line_ids:
            raise UserError(self.env._("Select debtors or open items first."))
        self.debtor_ids.check_access("write")
        items = self.env["recouvrement.open.item"].browse(self.move_line_ids.ids)
        if items.exists() != items:
            raise UserError(
                self.env._("Some of these items are no longer open: reload the list.")
            )
        items.check_access("read")
        items.debtor_id.check_access("write")
        lines = self.move_line_ids.sudo()
        if self.clear:
            self.debtor_ids._clear_doubtful(self.note)
            lines._clear_doubtful(self.note)
        else:
            values = (self.reason_id, self.date, self.rate, self.note)
            if self.debtor_ids:
                self.debtor_ids._set_doubtful(*values)
            if lines:
                lines._set_doubtful(*values)
        return {"type": "ir.actions.act_window_close"}
