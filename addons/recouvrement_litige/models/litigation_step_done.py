"""Recording a step: what it does to the file, to its limit dates and to its stage."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import format_date

FORMAL_NOTICE = "formal_notice"


class RecouvrementLitigationStep(models.Model):
    _inherit = "recouvrement.litigation.step"

    # ------------------------------------------------------------------
    # DONE
    # ------------------------------------------------------------------

    def action_done(self):
        """Ask when it was done and what came of it."""
        self.ensure_one()
        self._check_can_record()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "recouvrement.litigation.step.record",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_step_id": self.id},
        }

    def _check_can_record(self):
        self.litigation_id.check_access("write")
        self.litigation_id._check_open()
        if self.state not in ("todo", "late"):
            raise UserError(self.env._("This step is done already, or without object."))

    def _set_done(
        self, day=None, result=None, attachments=None, amount=0, granted=None
    ):
        """Record that this step was done.

        :param date day: default today.
        :param float amount: in company currency; what was seized, paid or granted.
        :param dict granted: amounts and reference of the title that it gives.
        :raise UserError: on a step that is over, a day to come, or before the file.
        """
        self.ensure_one()
        self._check_can_record()
        day = day or fields.Date.context_today(self)
        self._check_day(day)
        step = self.sudo().with_context(steps_recomputed=True)
        step.write(
            {
                "date_done": day,
                "done_by_id": self.env.uid,
                "result": result,
                "amount": amount,
                "state": "done",
            }
        )
        step._attach(attachments)
        step._void_others()
        step._have_effect(day)
        if step.template_id.is_order:
            step.litigation_id.order_date = day
            step.litigation_id._fit_regime()
        if step.template_id.title_kind:
            step._give_title(day, granted or {})
        step.litigation_id._advance(step.template_id.stage_id)
        step._work_out_again()
        self.litigation_id._log(
            self.env._(
                "%(step)s on %(day)s", step=self.name, day=format_date(self.env, day)
            ),
            result or False,
            amount=amount or False,
        )

    def _check_day(self, day):
        if day > fields.Date.context_today(self):
            raise UserError(self.env._("Record a step on the day it is done."))
        if after := self._get_after():
            if after.date_done and day < after.date_done:
                raise UserError(
                    self.env._(
                        "“%(step)s” cannot come before “%(before)s” of %(day)s.",
                        step=self.name,
                        before=after.name,
                        day=format_date(self.env, after.date_done),
                    )
                )

    def _get_siblings(self, codes):
        """Steps of the same procedure with these codes."""
        return self.litigation_id.step_ids.filtered(
            lambda one: one.round == self.round and one.code and one.code in codes
        )

    def _get_after(self):
        """The step this one runs from."""
        return self._get_siblings([self.template_id.after_code])

    def _attach(self, attachments):
        if attachments:
            attachments.sudo().write({"res_model": self._name, "res_id": self.id})
            self.attachment_ids = [Command.set(attachments.ids)]

    def _void_others(self):
        codes = self.template_id._get_void_codes() if self.template_id else []
        others = self._get_siblings(codes).filtered(lambda one: not one.date_done)
        others.filtered(lambda one: one.state != "void").write(
            {"state": "void", "void_by_id": self.id}
        )

    # ------------------------------------------------------------------
    # EFFECT ON THE LIMIT DATES
    # ------------------------------------------------------------------

    def _have_effect(self, day):
        """Record what the law makes of this step."""
        template = self.template_id
        kind = template.prescription_kind_id
        if kind and not template.title_kind:
            self.prescription_event_id = self.litigation_id._record_event(
                kind, day, self.display_name, template.effect_certainty
            )
            if kind.code == FORMAL_NOTICE:
                self.litigation_id._record_notice(day, self.display_name)
        ended = self._get_siblings([template.closes_code]).prescription_event_id
        ended.filtered(lambda event: not event.is_void).write({"date_end": day})
        undone = self._get_siblings([template.undoes_code]).prescription_event_id
        undone = undone.filtered(lambda event: not event.is_void)
        if undone:
            undone._set_void(self.display_name)

    def _give_title(self, day, granted):
        """The title that this step gives: of the day of the order, if there is one."""
        title = self.env["recouvrement.title"].create(
            {
                "litigation_id": self.litigation_id.id,
                "step_id": self.id,
                "kind": self.template_id.title_kind,
                "date": self._get_title_day(day),
                "enforceable_on": day,
                "served_on": self._get_siblings(["serve"]).date_done,
                **granted,
            }
        )
        title._begin()

    def _get_title_day(self, day):
        """Day of the decision: the safe start of the delay to enforce."""
        orders = self.litigation_id.step_ids.filtered(
            lambda one: (
                one.round == self.round
                and one.template_id.is_order
                and one.date_done
                and self.kind == "wait"
            )
        )
        return orders[:1].date_done or day

    # ------------------------------------------------------------------
    # UNDOING
    # ------------------------------------------------------------------

    def action_undo(self):
        """Take back what was recorded; asks why."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Undo: %s", self.name),
            "res_model": "recouvrement.litigation.step.undo",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_step_id": self.id},
        }

    def _undo(self, reason):
        """Take back a step that was recorded by mistake.

        Its prescription event and its title are made void, what it made void comes
        back, the days are worked out again.
        """
        self.ensure_one()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why."))
        self.litigation_id.check_access("write")
        self.litigation_id._check_open()
        self._check_undoable()
        step = self.sudo().with_context(steps_recomputed=True)
        event = step.prescription_event_id.filtered(lambda one: not one.is_void)
        if event:
            event._set_void(reason)
        titles = step.litigation_id.title_ids.filtered(
            lambda title: title.step_id == step and not title.is_void
        )
        titles._set_void(reason)
        ended = step._get_siblings([step.template_id.closes_code])
        ended.prescription_event_id.write({"date_end": False})
        step.search([("void_by_id", "=", step.id)]).write(
            {"state": "todo", "void_by_id": False}
        )
        if step.template_id.is_order:
            step.litigation_id.order_date = False
        step.write(
            {
                "date_done": False,
                "done_by_id": False,
                "state": "todo",
                "amount": 0,
                "prescription_event_id": False,
            }
        )
        step._work_out_again()
        self.litigation_id._log(self.env._("%s: taken back", self.name), reason.strip())

    def _work_out_again(self):
        """The days of the file, and the delay to enforce its titles."""
        self.litigation_id._recompute_steps()
        self.litigation_id.title_ids.filtered(
            lambda title: not title.is_void
        )._refresh_expiry()

    def _check_undoable(self):
        if not self.date_done:
            raise UserError(self.env._("This step is not done."))
        later = self.litigation_id.step_ids.filtered(
            lambda one: (
                one.round == self.round
                and one.date_done
                and one.template_id.after_code
                and one.template_id.after_code == self.code
                and one.kind != "wait"
            )
        )
        if later:
            raise UserError(
                self.env._("Take back first what follows: %s.", later[0].name)
            )


class RecouvrementLitigation(models.Model):
    _inherit = "recouvrement.litigation"

    title_ids = fields.One2many("recouvrement.title", "litigation_id")
    title_id = fields.Many2one(
        "recouvrement.title", compute="_compute_title_id", string="Title in Force"
    )
    title_expiry = fields.Date(compute="_compute_title_id", string="To Enforce Until")

    @api.depends("title_ids.is_void", "title_ids.date_expiry")
    def _compute_title_id(self):
        for litigation in self:
            live = litigation.title_ids.filtered(lambda title: not title.is_void)
            litigation.title_id = live[:1]
            litigation.title_expiry = live[:1].date_expiry

    def _record_event(self, kind, day, note, certainty=False):
        """A prescription event of the items of this file, in sudo.

        :param certainty: else that of its kind.
        """
        self.ensure_one()
        return (
            self.env["recouvrement.prescription.event"]
            .sudo()
            .create(
                {
                    "debtor_id": self.debtor_id.id,
                    "kind_id": kind.id,
                    "date": day,
                    "note": note,
                    "line_ids": [Command.set(self._get_live_lines().ids)],
                    **({"certainty": certainty} if certainty else {}),
                }
            )
        )

    def _get_live_lines(self):
        """Journal items that this file holds."""
        return self.line_ids.filtered("is_live").move_line_id

    def _record_notice(self, day, reason):
        """Items that were not noticed yet were, that day: interest may run from it."""
        lines = self._get_live_lines().sudo()
        noticed = self.env["recouvrement.interest"]._read_notices(lines.ids)
        fresh = lines.filtered(
            lambda line: line.id not in noticed and not line.formal_notice_date
        )
        if fresh:
            fresh._set_formal_notice(day, reason, fresh._get_debtors())
