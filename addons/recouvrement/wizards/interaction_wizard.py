"""Logging a contact while the telephone is still warm."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import clean_context

from ..models.interaction import CHANNELS
from ..tools.workdays import after_weekend

# Dialog that each follow-up opens on the debtor account.
FOLLOW_UP_ACTIONS = {
    "promise": "action_promise",
    "plan": "action_plan",
    "dispute": "action_desk_dispute",
    "send": "action_send",
    "relay": "action_relay",
}
QUICK_DAYS = [("1", "Tomorrow"), ("3", "In 3 Days"), ("7", "In a Week")]


class RecouvrementInteractionWizard(models.TransientModel):
    _name = "recouvrement.interaction.wizard"
    _description = "Log a Contact"

    debtor_id = fields.Many2one("recouvrement.debtor", required=True, readonly=True)
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    company_id = fields.Many2one(related="debtor_id.company_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        domain="[('id', 'child_of', customer_id)]",
    )
    phone = fields.Char(related="partner_id.phone")
    new_person = fields.Boolean(string="Somebody New")
    new_name = fields.Char(string="Name")
    new_function = fields.Char(string="Job Position")
    new_phone = fields.Char(string="Phone")
    new_email = fields.Char(string="Email")
    channel = fields.Selection(CHANNELS, required=True, default="call_out")
    outcome_id = fields.Many2one(
        "recouvrement.interaction.outcome",
        string="Result",
        required=True,
        ondelete="cascade",
    )
    reached = fields.Boolean(related="outcome_id.reached")
    is_wrong_number = fields.Boolean(related="outcome_id.is_wrong_number")
    follow_up = fields.Selection(related="outcome_id.follow_up")
    cause_id = fields.Many2one("recouvrement.nonpayment.cause", ondelete="cascade")
    note = fields.Text()
    duration = fields.Integer(string="Minutes")
    next_action = fields.Char(compute="_compute_next_step", store=True, readonly=False)
    next_action_date = fields.Date(
        string="On", compute="_compute_next_step", store=True, readonly=False
    )
    quick_date = fields.Selection(QUICK_DAYS, string="Quick Choice", store=False)
    line_ids = fields.Many2many(
        "account.move.line",
        "recouvrement_interaction_wizard_line_rel",
        string="Items",
        help="Items that were spoken of; empty: the whole account.",
    )

    # ------------------------------------------------------------------
    # PROPOSALS
    # ------------------------------------------------------------------

    @api.model
    def default_get(self, fields_list):
        """Only items of the debtor that are still there."""
        values = super().default_get(fields_list)
        line_ids = self.env.context.get("default_line_ids")
        if line_ids and "line_ids" in fields_list:
            values["line_ids"] = [Command.set(line_ids)]
        return values

    @api.depends("debtor_id")
    def _compute_partner_id(self):
        for wizard in self:
            wizard.partner_id = wizard.debtor_id.contact_id or wizard.customer_id

    @api.depends("outcome_id")
    def _compute_next_step(self):
        """What the outcome proposes; before one is chosen, what was agreed already
        when it is still to come."""
        today = fields.Date.context_today(self)
        for wizard in self:
            outcome, debtor = wizard.outcome_id, wizard.debtor_id
            if outcome.next_action or outcome.next_days:
                wizard.next_action = outcome.next_action
                wizard.next_action_date = outcome.next_days and wizard._days_ahead(
                    outcome.next_days
                )
            elif debtor.next_action_date and debtor.next_action_date > today:
                wizard.next_action = debtor.next_action
                wizard.next_action_date = debtor.next_action_date
            else:
                wizard.next_action = wizard.next_action_date = False

    @api.onchange("quick_date")
    def _onchange_quick_date(self):
        if self.quick_date:
            self.next_action_date = self._days_ahead(int(self.quick_date))

    def _days_ahead(self, days):
        """A day so many days from today, moved on to Monday from a week-end."""
        today = fields.Date.context_today(self)
        return after_weekend(today + timedelta(days=days))

    # ------------------------------------------------------------------
    # SAVING
    # ------------------------------------------------------------------

    def action_save(self):
        """Log the contact, then open the dialog named by ``follow_up`` of the
        context."""
        self.ensure_one()
        follow_up = self.env.context.get("follow_up")
        if follow_up == "dispute" and not self.line_ids:
            raise UserError(self.env._("Choose the items that are disputed."))
        contact = self.debtor_id._log_contact(self._prepare_contact())
        method = FOLLOW_UP_ACTIONS.get(follow_up)
        if not method:
            return {"type": "ir.actions.act_window_close"}
        context = clean_context(self.env.context) | {"promise_contact_id": contact.id}
        debtor = self.debtor_id.with_env(self.env(context=context))
        return getattr(debtor, method)(self.line_ids.ids or None)

    def _prepare_contact(self):
        person = self._create_person() if self.new_person else self.partner_id
        return {
            "partner_id": person.id,
            "channel": self.channel,
            "outcome_id": self.outcome_id.id,
            "cause_id": self.reached and self.cause_id.id,
            "note": self.note,
            "duration": self.duration,
            "next_action": self.next_action,
            "next_action_date": self.next_action_date,
            "move_line_ids": [Command.set(self.line_ids.ids)],
        }

    def _create_person(self):
        """A contact of the customer.

        sudo: whoever follows the debtor may write down whom it spoke to.
        """
        if not (self.new_name or "").strip():
            raise UserError(self.env._("Enter the name of the person."))
        self.debtor_id.check_access("write")
        return (
            self.env["res.partner"]
            .sudo()
            .create(
                {
                    "name": self.new_name.strip(),
                    "parent_id": self.customer_id.id,
                    "type": "contact",
                    "function": self.new_function,
                    "phone": self.new_phone,
                    "email": self.new_email,
                }
            )
            .sudo(False)
        )
