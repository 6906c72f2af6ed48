"""Small dialogs of a dispute: ask somebody, answer, hand over."""

from odoo import api, fields, models

from ..models.dispute_answer import PROPOSALS
from ..models.dispute_category import ROLES


class RecouvrementDisputeAskWizard(models.TransientModel):
    _name = "recouvrement.dispute.ask.wizard"
    _description = "Ask about a Dispute"

    dispute_id = fields.Many2one("recouvrement.dispute", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", string="Person", required=True)
    email = fields.Char(related="partner_id.email", string="E-mail")
    question = fields.Text(required=True)
    date_due = fields.Date(
        string="Answer Before", compute="_compute_date_due", store=True, readonly=False
    )

    @api.depends("dispute_id")
    def _compute_date_due(self):
        for wizard in self:
            wizard.date_due = wizard.dispute_id.sudo()._get_answer_day()

    def action_confirm(self):
        self.ensure_one()
        self.dispute_id._ask(self.partner_id, self.question, self.date_due)
        return {"type": "ir.actions.act_window_close"}


class RecouvrementDisputeAnswerWizard(models.TransientModel):
    _name = "recouvrement.dispute.answer.wizard"
    _description = "Answer a Dispute"

    dispute_id = fields.Many2one("recouvrement.dispute", required=True, readonly=True)
    currency_id = fields.Many2one(related="dispute_id.currency_id")
    proposal = fields.Selection(PROPOSALS, string="Opinion", required=True)
    text = fields.Text(string="What Happened", required=True)
    amount = fields.Monetary(string="Amount to Credit")
    attachment_ids = fields.Many2many(
        "ir.attachment", "recouvrement_dispute_answer_wizard_rel", string="Documents"
    )

    def action_confirm(self):
        self.ensure_one()
        own = self.attachment_ids.filtered(
            lambda one: (
                one.create_uid == self.env.user and one.res_model in (False, self._name)
            )
        )
        self.dispute_id._answer_as_owner(self.proposal, self.text, self.amount, own)
        return {"type": "ir.actions.act_window_close"}


class RecouvrementDisputeTransferWizard(models.TransientModel):
    _name = "recouvrement.dispute.transfer.wizard"
    _description = "Hand a Dispute Over"

    dispute_id = fields.Many2one("recouvrement.dispute", required=True, readonly=True)
    role = fields.Selection(
        ROLES,
        string="To",
        required=True,
        compute="_compute_role",
        store=True,
        readonly=False,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        domain="[('share', '=', False)]",
        help="Empty: whom the rules name.",
    )
    reason = fields.Text(required=True)

    @api.depends("dispute_id")
    def _compute_role(self):
        """What is too technical goes to quality."""
        for wizard in self:
            technical = wizard.dispute_id.role == "technical"
            wizard.role = "quality" if technical else "technical"

    def action_confirm(self):
        self.ensure_one()
        self.dispute_id._transfer(self.role, self.user_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
