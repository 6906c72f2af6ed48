from odoo import api, fields, models


class RecouvrementLitigationStepRecord(models.TransientModel):
    """Records a step: the day, what came of it, its proof, what a title grants."""

    _name = "recouvrement.litigation.step.record"
    _description = "Record a Step"

    step_id = fields.Many2one(
        "recouvrement.litigation.step", required=True, ondelete="cascade"
    )
    name = fields.Char(related="step_id.name")
    source = fields.Char(related="step_id.source")
    title_kind = fields.Selection(related="step_id.title_kind")
    has_amount = fields.Boolean(related="step_id.has_amount")
    currency_id = fields.Many2one(related="step_id.currency_id")
    effect = fields.Text(compute="_compute_effect", string="What It Does")
    date = fields.Date(required=True, default=fields.Date.context_today)
    result = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Proof")
    amount = fields.Monetary(help="Seized or paid.")
    reference = fields.Char(help="Number of the decision.")
    amount_principal = fields.Monetary(
        string="Principal Granted",
        compute="_compute_amount_principal",
        store=True,
        readonly=False,
    )
    amount_interest = fields.Monetary(string="Interest Granted")
    amount_costs = fields.Monetary(string="Costs Granted")
    amount_article_700 = fields.Monetary(string="Article 700")

    @api.depends("step_id")
    def _compute_amount_principal(self):
        for wizard in self:
            is_title = wizard.step_id.title_kind
            file_open = wizard.step_id.litigation_id.amount_open
            wizard.amount_principal = file_open if is_title else 0

    @api.depends("step_id")
    def _compute_effect(self):
        for wizard in self:
            wizard.effect = "\n".join(wizard.step_id._describe_effects()) or False

    def action_confirm(self):
        self.ensure_one()
        granted = {
            "name": self.reference,
            "amount_principal": self.amount_principal,
            "amount_interest": self.amount_interest,
            "amount_costs": self.amount_costs,
            "amount_article_700": self.amount_article_700,
        }
        self.step_id._set_done(
            self.date,
            self.result,
            self.attachment_ids,
            self.amount,
            granted if self.title_kind else None,
        )
        return {"type": "ir.actions.act_window_close"}


class RecouvrementLitigationStep(models.Model):
    _inherit = "recouvrement.litigation.step"

    def _describe_effects(self):
        """What recording this step does, in sentences."""
        template = self.template_id
        found = []
        kind = template.prescription_kind_id
        if kind and kind.effect != "none":
            found.append(
                self.env._(
                    "Limit dates: %(kind)s (%(law)s).",
                    kind=kind.name,
                    law=kind.source or "",
                )
            )
        if template.title_kind:
            found.append(self.env._("The file has an enforceable title."))
        if template.is_order:
            found.append(self.env._("The day decides which regime applies."))
        others = self._get_siblings(template._get_void_codes() if template else [])
        names = others.filtered(lambda one: one.state in ("todo", "late")).mapped(
            "name"
        )
        if names:
            found.append(self.env._("Without object then: %s.", ", ".join(names)))
        return found
