from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.dispute import SOURCES


class RecouvrementDisputeWizard(models.TransientModel):
    """Open a dispute on items of a customer, or on parts of them."""

    _name = "recouvrement.dispute.wizard"
    _description = "Open a Dispute"

    debtor_id = fields.Many2one("recouvrement.debtor", required=True, readonly=True)
    line_ids = fields.One2many("recouvrement.dispute.wizard.line", "wizard_id", "Items")
    category_id = fields.Many2one("recouvrement.dispute.category", required=True)
    text = fields.Text(string="Words of the Customer", required=True)
    source = fields.Selection(SOURCES, required=True, default="call")
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        compute="_compute_owner",
        store=True,
        readonly=False,
        domain="[('share', '=', False)]",
        help="Proposed by the rules; change it when you know better.",
    )
    date_due = fields.Date(
        string="Settle Before", compute="_compute_owner", store=True, readonly=False
    )
    relay_id = fields.Many2one("recouvrement.relay", readonly=True)

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        line_ids = self.env.context.get("dispute_line_ids") or []
        debtor = self.env["recouvrement.debtor"].browse(values.get("debtor_id") or [])
        if "line_ids" in fields_list and line_ids and debtor:
            lines = debtor._get_desk_lines(line_ids).sudo()
            values["line_ids"] = [
                Command.create(
                    {
                        "move_line_id": line.id,
                        "amount": line.amount_residual_currency,
                    }
                )
                for line in lines.filtered(lambda one: one.amount_residual_currency > 0)
            ]
        return values

    @api.depends("category_id")
    def _compute_owner(self):
        today = fields.Date.context_today(self)
        rules = self.env["recouvrement.dispute.rule"]
        disputes = self.env["recouvrement.dispute"]
        for wizard in self:
            category, debtor = wizard.category_id, wizard.debtor_id.sudo()
            if not category or not debtor:
                wizard.user_id = wizard.date_due = False
                continue
            [wizard.user_id] = rules._find_owners([(debtor, category, category.role)])
            wizard.date_due = disputes._get_due_day(debtor.company_id, category, today)

    def action_confirm(self):
        """Open the dispute and show it; on the 360° page, go on there."""
        self.ensure_one()
        if not self.line_ids:
            raise UserError(self.env._("Choose the items that are disputed."))
        self.debtor_id._get_desk_lines(self.line_ids.move_line_id.ids)
        dispute = self.debtor_id._open_dispute(
            [(line.move_line_id, line._get_part()) for line in self.line_ids],
            self.category_id.code,
            self.text,
            self.source,
            user_id=self.user_id.id,
            date_due=self.date_due,
            relay_id=self.relay_id.id,
        )
        if self.relay_id and not self.relay_id.is_handled:
            self.relay_id.action_handle()
        if self.env.context.get("stay_on_desk"):
            return {"type": "ir.actions.act_window_close"}
        return {
            "type": "ir.actions.act_window",
            "res_model": "recouvrement.dispute",
            "res_id": dispute.id,
            "views": [(False, "form")],
        }


class RecouvrementDisputeWizardLine(models.TransientModel):
    _name = "recouvrement.dispute.wizard.line"
    _description = "Item to Dispute"

    wizard_id = fields.Many2one(
        "recouvrement.dispute.wizard", required=True, ondelete="cascade"
    )
    move_line_id = fields.Many2one(
        "account.move.line", required=True, ondelete="cascade"
    )
    name = fields.Char(related="move_line_id.move_id.name", string="Document")
    date_due = fields.Date(related="move_line_id.date_maturity", string="Due Date")
    currency_id = fields.Many2one(related="move_line_id.currency_id")
    residual = fields.Monetary(
        related="move_line_id.amount_residual_currency", string="Open Amount"
    )
    amount = fields.Monetary(
        string="Disputed Part", help="The rest goes on being asked for."
    )

    def _get_part(self):
        """The part disputed; None: the whole item."""
        whole = self.currency_id.compare_amounts(self.amount, self.residual) == 0
        return None if whole else self.amount
