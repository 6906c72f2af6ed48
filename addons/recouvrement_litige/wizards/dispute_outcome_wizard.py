from odoo import api, fields, models
from odoo.fields import Command


class RecouvrementDisputeOutcomeWizard(models.TransientModel):
    """How a dispute ends, why, and what is credited."""

    _name = "recouvrement.dispute.outcome.wizard"
    _description = "Conclude a Dispute"

    dispute_id = fields.Many2one("recouvrement.dispute", required=True, readonly=True)
    currency_id = fields.Many2one(related="dispute_id.currency_id")
    outcome = fields.Selection(
        [
            ("founded", "Founded: Credit Note"),
            ("partly", "Founded in Part"),
            ("reinvoice", "Invoice Again"),
            ("unfounded", "Unfounded: Chase Again"),
            ("abandoned", "Given Up"),
        ],
        required=True,
    )
    cause_id = fields.Many2one(
        "recouvrement.dispute.category",
        string="Root Cause",
        required=True,
        compute="_compute_from_dispute",
        store=True,
        readonly=False,
    )
    reason = fields.Text(
        required=True, help="Kept with the dispute and on the credit note."
    )
    credit_by = fields.Selection(
        [("amount", "Amounts"), ("lines", "Invoice Lines")],
        string="Credit by",
        required=True,
        default="amount",
    )
    invoice_line_ids = fields.Many2many(
        "account.move.line",
        "recouvrement_dispute_outcome_invoice_line_rel",
        string="Invoice Lines",
    )
    move_ids = fields.Many2many(
        "account.move", compute="_compute_move_ids", compute_sudo=True
    )
    line_ids = fields.One2many(
        "recouvrement.dispute.outcome.line",
        "wizard_id",
        compute="_compute_from_dispute",
        store=True,
        readonly=False,
    )
    opinion = fields.Char(compute="_compute_opinion", string="Last Opinion")

    @api.depends("dispute_id")
    def _compute_from_dispute(self):
        for wizard in self:
            dispute = wizard.dispute_id.sudo()
            live = dispute.line_ids.filtered("is_live")
            wizard.cause_id = dispute.cause_id or dispute.category_id
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create({"line_id": line.id, "amount": line.amount_open})
                    for line in live
                ),
            ]

    @api.depends("dispute_id")
    def _compute_move_ids(self):
        for wizard in self:
            live = wizard.dispute_id.line_ids.filtered("is_live")
            wizard.move_ids = live.move_line_id.move_id

    @api.depends("dispute_id")
    def _compute_opinion(self):
        for wizard in self:
            answered = wizard.dispute_id.sudo().answer_ids.filtered(
                lambda one: one.state == "answered"
            )[:1]
            labels = dict(answered._fields["proposal"]._description_selection(self.env))
            wizard.opinion = answered and self.env._(
                "%(person)s: %(opinion)s",
                person=answered.partner_id.name,
                opinion=labels[answered.proposal],
            )

    def action_confirm(self):
        """Decide; the credit notes to post are shown."""
        self.ensure_one()
        dispute = self.dispute_id
        lines = None
        if self.credit_by == "lines" and self.outcome in ("founded", "partly"):
            lines = self.invoice_line_ids & self.move_ids.sudo().invoice_line_ids
        drafts = dispute._conclude(
            self.outcome,
            self.reason,
            accepted={one.line_id.id: one.amount for one in self.line_ids},
            invoice_lines=lines,
            cause=self.cause_id,
        )
        if drafts and self.env["account.move"].has_access("read"):
            return dispute.action_documents()
        return {"type": "ir.actions.act_window_close"}


class RecouvrementDisputeOutcomeLine(models.TransientModel):
    _name = "recouvrement.dispute.outcome.line"
    _description = "Part of a Disputed Item That Is Founded"

    wizard_id = fields.Many2one(
        "recouvrement.dispute.outcome.wizard", required=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        "recouvrement.dispute.line", required=True, ondelete="cascade"
    )
    name = fields.Char(related="line_id.move_line_id.move_id.name", string="Document")
    currency_id = fields.Many2one(related="line_id.currency_id")
    amount_open = fields.Monetary(related="line_id.amount_open")
    amount = fields.Monetary(string="Accepted")
