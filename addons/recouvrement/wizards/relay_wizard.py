from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.relay import ROLES
from ..tools.workdays import after_weekend


class RecouvrementRelayWizard(models.TransientModel):
    _name = "recouvrement.relay.wizard"
    _description = "Ask a Relay"

    debtor_id = fields.Many2one("recouvrement.debtor", required=True, readonly=True)
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    company_id = fields.Many2one(related="debtor_id.company_id")
    test_mode = fields.Boolean(related="debtor_id.test_mode")
    role = fields.Selection(
        ROLES, required=True, default=lambda self: self._default_role()
    )
    person_kind = fields.Selection(
        [("user", "Odoo User"), ("partner", "Without a User, by E-mail")],
        required=True,
        compute="_compute_person",
        store=True,
        readonly=False,
    )
    user_id = fields.Many2one(
        "res.users",
        compute="_compute_person",
        store=True,
        readonly=False,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Person",
        compute="_compute_person",
        store=True,
        readonly=False,
        domain="[('email', '!=', False)]",
    )
    remember = fields.Boolean(
        string="Always This Person",
        help="Noted on the debtor account for this role.",
    )
    question = fields.Text(
        required=True, compute="_compute_question", store=True, readonly=False
    )
    date_due = fields.Date(
        string="Answer Before",
        required=True,
        compute="_compute_date_due",
        store=True,
        readonly=False,
    )
    line_ids = fields.Many2many(
        "account.move.line",
        "recouvrement_relay_wizard_line_rel",
        string="Items",
        help="Items it is about; empty: what is overdue.",
    )

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        line_ids = self.env.context.get("default_line_ids")
        if line_ids and "line_ids" in fields_list:
            values["line_ids"] = [Command.set(line_ids)]
        return values

    @api.model
    def _default_role(self):
        """The first role somebody plays for the debtor."""
        debtor = self.env["recouvrement.debtor"].browse(
            self.env.context.get("default_debtor_id")
        )
        for role, _label in ROLES[:-1]:
            if debtor and any(debtor._get_relay_person(role)):
                return role
        return "salesperson"

    @api.depends("role", "debtor_id")
    def _compute_person(self):
        for wizard in self:
            user, partner = self.env["res.users"], self.env["res.partner"]
            if wizard.role and wizard.role != "other":
                user, partner = wizard.debtor_id._get_relay_person(wizard.role)
            wizard.user_id, wizard.partner_id = user, partner
            wizard.person_kind = "partner" if partner else "user"

    @api.depends("debtor_id")
    def _compute_question(self):
        for wizard in self:
            wizard.question = self.env._(
                "%s has not paid the items below. Could you speak to your contact "
                "there and tell us what stands in the way?",
                wizard.debtor_id.display_name,
            )

    @api.depends("debtor_id")
    def _compute_date_due(self):
        today = fields.Date.context_today(self)
        for wizard in self:
            days = wizard.company_id.recouvrement_relay_days
            wizard.date_due = after_weekend(today + timedelta(days=days))

    def action_confirm(self):
        """Ask the person.

        :raise UserError: without a person, or a day that is past.
        """
        self.ensure_one()
        self.debtor_id.check_access("write")
        by_mail = self.person_kind == "partner"
        if not (self.partner_id if by_mail else self.user_id):
            raise UserError(self.env._("Choose whom to ask."))
        if not by_mail:
            self._check_user()
        if self.date_due < fields.Date.context_today(self):
            raise UserError(self.env._("The answer must be due today or later."))
        self.debtor_id._check_own_lines(self.line_ids)
        if self.remember:
            self._remember()
        self.env["recouvrement.relay"]._ask([self._prepare_relay()])
        return {"type": "ir.actions.act_window_close"}

    def _check_user(self):
        """What the customer owes is told to people of the company only.

        :raise UserError: on a user of another company, or of the portal.
        """
        user = self.user_id.sudo()
        if user.share or self.debtor_id.company_id not in user.company_ids.root_id:
            raise UserError(
                self.env._(
                    "%s does not work for the company of these debtors.", user.name
                )
            )

    def _prepare_relay(self):
        by_mail = self.person_kind == "partner"
        return {
            "debtor_id": self.debtor_id.id,
            "role": self.role,
            "user_id": not by_mail and self.user_id.id,
            "partner_id": by_mail and self.partner_id.id,
            "question": self.question.strip(),
            "date_due": self.date_due,
            "move_line_ids": [Command.set(self.line_ids.ids)],
        }

    def _remember(self):
        if self.person_kind == "user" and self.role != "other":
            self.debtor_id.write({f"{self.role}_id": self.user_id.id})
        elif f"{self.role}_partner_id" in self.debtor_id._fields:
            self.debtor_id.write({f"{self.role}_partner_id": self.partner_id.id})
