from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class RecouvrementHandoverWizard(models.TransientModel):
    """Gives debtors to a colleague: in the history of each, and in the activities of
    the colleague."""

    _name = "recouvrement.handover.wizard"
    _description = "Hand Debtors Over"

    debtor_ids = fields.Many2many(
        "recouvrement.debtor",
        "recouvrement_handover_wizard_debtor_rel",
        string="Debtors",
        required=True,
        default=lambda self: self._default_debtor_ids(),
    )
    collector_id = fields.Many2one(
        "res.users",
        string="New Collector",
        required=True,
        domain="[('share', '=', False), ('id', '!=', uid)]",
    )
    note = fields.Text(required=True)
    make_activity = fields.Boolean(
        string="Activity for the Colleague",
        default=True,
        help="One per debtor, for today.",
    )

    def _default_debtor_ids(self):
        if self.env.context.get("active_model") != "recouvrement.debtor":
            return False
        return [Command.set(self.env.context.get("active_ids", []))]

    def _check(self):
        if not (self.note or "").strip():
            raise UserError(self.env._("Say what your colleague must know."))
        if not self.collector_id.sudo().has_group("recouvrement.group_collector"):
            raise UserError(
                self.env._("%s is not a collector.", self.collector_id.name)
            )
        self.debtor_ids.check_access("write")
        companies = self.collector_id.sudo().company_ids.root_id
        if self.debtor_ids.sudo().company_id - companies:
            raise UserError(
                self.env._(
                    "%s does not work for the company of these debtors.",
                    self.collector_id.name,
                )
            )
        if self.env.user.has_group("recouvrement.group_manager"):
            return
        foreign = self.debtor_ids.filtered(
            lambda debtor: debtor.collector_id != self.env.user
        )
        if foreign:
            raise UserError(
                self.env._(
                    "You hand over your own debtors only. Not yours: %s",
                    ", ".join(foreign[:5].mapped("display_name")),
                )
            )

    def action_confirm(self):
        """Write the collector on the debtors; events, and activities of the colleague.

        sudo: the debtors leave the portfolio of the user in the middle of the work;
        the rights were checked, the author stays the real user.
        """
        self.ensure_one()
        self._check()
        note = self.note.strip()
        debtors = self.debtor_ids.sudo().with_context(assignment_note=note)
        debtors.write({"collector_id": self.collector_id.id})
        if self.make_activity:
            self.env["mail.activity"].sudo().with_context(
                mail_activity_quick_update=True
            ).create(self._prepare_activities(debtors, note))
        return {"type": "ir.actions.act_window_close"}

    def _prepare_activities(self, debtors, note):
        model_id = self.env["ir.model"]._get_id("recouvrement.debtor")
        activity_type = self.env.ref("mail.mail_activity_data_todo").id
        return [
            {
                "res_model_id": model_id,
                "res_id": debtor.id,
                "activity_type_id": activity_type,
                "user_id": self.collector_id.id,
                "date_deadline": fields.Date.context_today(self),
                "summary": self.env._("Handed over by %s", self.env.user.name),
                "note": note,
            }
            for debtor in debtors
        ]
