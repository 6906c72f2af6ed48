"""The steps of a file: their days, who does them, what came of them.

Doing and undoing them: ``litigation_step_done.py``.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import timeline
from .deadline import STATES, TIMINGS
from .procedure_step import KINDS, WHO

WATCHED = {"date_fixed", "user_id", "label"}


class RecouvrementLitigationStep(models.Model):
    _name = "recouvrement.litigation.step"
    _description = "Step of a Litigation File"
    _inherit = ["recouvrement.guarded"]
    _order = "litigation_id, round, sequence, id"

    litigation_id = fields.Many2one(
        "recouvrement.litigation", required=True, index=True, ondelete="cascade"
    )
    debtor_id = fields.Many2one(
        related="litigation_id.debtor_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="litigation_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    procedure_id = fields.Many2one(
        "recouvrement.procedure", readonly=True, index="btree_not_null"
    )
    template_id = fields.Many2one(
        "recouvrement.procedure.step", readonly=True, index="btree_not_null"
    )
    round = fields.Integer(
        readonly=True, default=99, help="Number of the procedure in the file."
    )
    sequence = fields.Integer(readonly=True, default=100)
    code = fields.Char(readonly=True)
    label = fields.Char(help="Of a step added by hand.")
    name = fields.Char(compute="_compute_name")
    kind = fields.Selection(KINDS, required=True, readonly=True, default="act")
    who = fields.Selection(WHO, string="By", required=True, default="us")
    timing = fields.Selection(TIMINGS, compute="_compute_timing")
    is_optional = fields.Boolean(readonly=True)
    source = fields.Char(related="template_id.source")
    confidence = fields.Selection(related="template_id.confidence")
    lapse_text = fields.Char(related="template_id.lapse_text")
    has_amount = fields.Boolean(related="template_id.has_amount")
    title_kind = fields.Selection(related="template_id.title_kind")

    # == Days ==
    date_start = fields.Date(readonly=True, help="Day the procedure was started.")
    date_fixed = fields.Date(
        string="Fixed Day",
        help="Given by the court or by hand; it goes before the delay of the law.",
    )
    date_due = fields.Date(string="Due Date", readonly=True)
    date_done = fields.Date(string="Done On", readonly=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="todo", index=True
    )
    user_id = fields.Many2one("res.users", string="Responsible", index="btree_not_null")

    # == What came of it ==
    done_by_id = fields.Many2one("res.users", readonly=True)
    result = fields.Text(readonly=True)
    amount = fields.Monetary(readonly=True, help="Seized, paid or granted.")
    attachment_ids = fields.Many2many("ir.attachment", string="Proof", readonly=True)
    void_by_id = fields.Many2one(
        "recouvrement.litigation.step", readonly=True, index="btree_not_null"
    )
    prescription_event_id = fields.Many2one(
        "recouvrement.prescription.event", readonly=True, index="btree_not_null"
    )

    _one_per_code = models.UniqueIndex(
        "(litigation_id, round, code) WHERE code IS NOT NULL",
        "This step is in the file already.",
    )
    _waiting_idx = models.Index("(date_due) WHERE state = 'todo' AND kind = 'wait'")

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("template_id.name", "label")
    def _compute_name(self):
        for step in self:
            step.name = step.label or step.template_id.name

    @api.depends("name", "litigation_id.name")
    def _compute_display_name(self):
        for step in self:
            step.display_name = f"{step.litigation_id.name} · {step.name or ''}"

    @api.depends("kind")
    def _compute_timing(self):
        for step in self:
            step.timing = "earliest" if step.kind == "wait" else "latest"

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        if not self.env.su:
            by_hand = steps.filtered(lambda step: not step.label)
            if by_hand:
                raise UserError(self.env._("Give the step a name."))
            steps.litigation_id._check_open()
            steps.litigation_id._recompute_steps()
        return steps

    def write(self, vals):
        if not self.env.su:
            self._check_by_hand(vals)
        result = super().write(vals)
        if WATCHED & vals.keys() and not self.env.context.get("steps_recomputed"):
            self.litigation_id._recompute_steps()
        return result

    def _check_by_hand(self, vals):
        self.litigation_id._check_open()
        if {"litigation_id"} & vals.keys():
            raise UserError(self.env._("A step stays in its file."))
        if "label" in vals and self.filtered("template_id"):
            raise UserError(self.env._("The steps of a procedure keep their names."))
        if "date_fixed" in vals and self.filtered("date_done"):
            raise UserError(self.env._("This step is done: undo it first."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_procedure(self):
        if not self.env.su and self.filtered(
            lambda one: one.template_id or one.date_done
        ):
            raise UserError(
                self.env._("Only a step added by hand that is not done can be deleted.")
            )

    def unlink(self):
        self.env["recouvrement.deadline"]._drop_all([(step, "step") for step in self])
        litigations = self.litigation_id
        result = super().unlink()
        litigations.sudo()._refresh_next()
        return result

    # ------------------------------------------------------------------
    # DAYS
    # ------------------------------------------------------------------

    def _get_fact(self):
        return timeline.Fact(
            done=self.date_done or None,
            fixed=self.date_fixed or None,
            void=self.state == "void",
        )

    def _get_rule(self):
        """When it falls due; a step added by hand on its fixed day."""
        if self.template_id:
            return self.template_id._get_rule()
        return timeline.Rule(key=f"#{self.id}")

    def _store_day(self, due, today):
        """Write the day and the state that follow from the facts: what may not happen
        is never late."""
        timing = self.timing if self._is_expected() else "earliest"
        self._write_changes(
            date_due=due or False,
            state=timeline.state(self._get_fact(), due, today, timing),
        )

    def _prepare_deadline(self):
        """Values of the deadline of this step; one without a day has none."""
        told = self._is_expected() or self.date_done
        return {
            "name": self.name,
            "date_due": told and self.date_due,
            "date_done": self.date_done,
            "timing": self.timing,
            "user_id": (self.user_id or self.litigation_id.user_id).id,
            "litigation_id": self.litigation_id.id,
            "alert_days": self.template_id.alert_days if self.template_id else 3,
            "escalate_days": self.template_id.escalate_days if self.template_id else 1,
            "source": self.source,
            "confidence": self.confidence or "S",
            "lapse_text": self.lapse_text,
            **({"state": "void"} if self.state == "void" else {}),
        }

    def _is_expected(self):
        """Whether somebody waits for this step: one that may not happen is, once its
        day is fixed or what it runs from, which might not have happened, did."""
        if not self.is_optional or self.date_fixed:
            return True
        after = self.template_id.after_code
        return any(
            one.code == after and one.is_optional and one.date_done
            for one in self.litigation_id.step_ids
            if one.round == self.round
        )

    def action_open_litigation(self):
        self.ensure_one()
        return self.litigation_id._get_form_action()
