from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.insolvency import MEANS

KINDS = [
    ("declare", "Declaration Sent"),
    ("contest", "Claim Contested"),
    ("answer", "Contest Answered"),
    ("admit", "Claim Admitted"),
    ("plan", "Plan or Distribution"),
    ("convert", "Other Proceedings"),
    ("close", "Proceedings Closed"),
    ("undo", "Entered by Mistake"),
]


class RecouvrementInsolvencyDecision(models.TransientModel):
    """What happened in the proceedings, with its day, its amounts and its proofs."""

    _name = "recouvrement.insolvency.decision"
    _description = "Step of Insolvency Proceedings"

    insolvency_id = fields.Many2one(
        "recouvrement.insolvency", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="insolvency_id.currency_id")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    means = fields.Selection(MEANS, string="Sent By", default="registered")
    tracking_number = fields.Char()
    reason = fields.Char()
    outcome = fields.Selection(
        [
            ("paid", "Paid"),
            ("plan_kept", "Plan Carried Out"),
            ("irrecoverable", "Irrecoverable"),
            ("resumed", "Ended without Effect: Chased Again"),
        ],
    )
    new_kind_id = fields.Many2one("recouvrement.insolvency.kind", string="Becomes")
    date_published = fields.Date(string="Published On")
    representative_id = fields.Many2one(
        "res.partner", string="Representative of the Creditors"
    )
    note = fields.Text(string="Terms")
    attachment_ids = fields.Many2many("ir.attachment", string="Proofs")
    line_ids = fields.One2many(
        "recouvrement.insolvency.decision.line",
        "decision_id",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    dividend_ids = fields.One2many(
        "recouvrement.insolvency.decision.dividend", "decision_id"
    )
    total = fields.Monetary(compute="_compute_total")

    @api.depends("insolvency_id", "kind")
    def _compute_line_ids(self):
        """The claims declared: admitted as declared, contested not at all, until the
        user says otherwise."""
        for one in self:
            claims = one.insolvency_id.claim_ids.filtered(
                lambda claim: claim.side == "prior" and claim.amount_declared
            )
            if one.kind not in ("admit", "contest"):
                claims = claims.browse()
            one.line_ids = [
                Command.clear(),
                *(
                    Command.create(
                        {
                            "claim_id": claim.id,
                            "amount": claim.amount_declared
                            if one.kind == "admit"
                            else 0.0,
                        }
                    )
                    for claim in claims
                ),
            ]

    @api.depends("line_ids.amount")
    def _compute_total(self):
        for one in self:
            one.total = sum(one.line_ids.mapped("amount"))

    def action_confirm(self):
        """Carry out the step with the rights of the user."""
        self.ensure_one()
        getattr(self, f"_confirm_{self.kind}")(self.insolvency_id)
        return {"type": "ir.actions.act_window_close"}

    def _get_amounts(self):
        return {line.claim_id: line.amount for line in self.line_ids}

    def _confirm_declare(self, one):
        one._declare(self.date, self.means, self.tracking_number, self.attachment_ids)

    def _confirm_contest(self, one):
        one._contest(self.date, self._get_amounts(), self.attachment_ids)

    def _confirm_answer(self, one):
        one._answer(self.date, self.attachment_ids)

    def _confirm_admit(self, one):
        one._admit(self.date, self._get_amounts(), self.attachment_ids)

    def _confirm_plan(self, one):
        one._adopt_plan(
            self.date,
            [(row.date_due, row.percent, row.amount) for row in self.dividend_ids],
            self.note,
            self.attachment_ids,
        )

    def _confirm_convert(self, one):
        if not self.new_kind_id:
            raise UserError(self.env._("Choose the proceedings that follow."))
        one._convert(
            self.new_kind_id,
            self.date,
            self.date_published,
            self.representative_id,
            self.attachment_ids,
        )

    def _confirm_close(self, one):
        if not self.outcome:
            raise UserError(self.env._("Choose how the proceedings ended."))
        one._finish(self.date, self.outcome, self.reason, self.attachment_ids)

    def _confirm_undo(self, one):
        one._undo(self.reason)


class RecouvrementInsolvencyDecisionLine(models.TransientModel):
    _name = "recouvrement.insolvency.decision.line"
    _description = "Amount of a Step"

    decision_id = fields.Many2one(
        "recouvrement.insolvency.decision", required=True, ondelete="cascade"
    )
    claim_id = fields.Many2one("recouvrement.insolvency.claim", required=True)
    currency_id = fields.Many2one(related="claim_id.company_currency_id")
    declared = fields.Monetary(related="claim_id.amount_declared")
    amount = fields.Monetary()


class RecouvrementInsolvencyDecisionDividend(models.TransientModel):
    _name = "recouvrement.insolvency.decision.dividend"
    _description = "Dividend Announced"
    _order = "date_due, id"

    decision_id = fields.Many2one(
        "recouvrement.insolvency.decision", required=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="decision_id.currency_id")
    date_due = fields.Date(string="Announced For", required=True)
    percent = fields.Float(string="Share (%)", digits=(5, 2))
    amount = fields.Monetary(help="Instead of a share.")
