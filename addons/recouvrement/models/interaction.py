"""Contacts with customers: logged in seconds, kept for good."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import format_date

CHANNELS = [
    ("call_out", "Call"),
    ("call_in", "Incoming Call"),
    ("email", "E-mail"),
    ("visit", "Visit"),
    ("meeting", "Meeting"),
    ("other", "Other"),
]
SPOKEN = ("call_out", "call_in", "visit", "meeting")


class RecouvrementInteraction(models.Model):
    """One contact, or attempt, with a customer: who, how, what came of it and why
    the customer has not paid.

    Its author corrects it on its day; afterwards it is a record, which may be
    cancelled with a reason and never deleted.
    """

    _name = "recouvrement.interaction"
    _description = "Contact with a Customer"
    _inherit = ["recouvrement.guarded"]
    _order = "date desc, id desc"

    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    customer_id = fields.Many2one(
        related="debtor_id.partner_id", string="Customer", store=True, index=True
    )
    company_id = fields.Many2one(related="debtor_id.company_id", store=True, index=True)
    date = fields.Datetime(
        required=True, readonly=True, default=fields.Datetime.now, index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Collector",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        index=True,
    )
    partner_id = fields.Many2one("res.partner", string="Person", index="btree_not_null")
    channel = fields.Selection(CHANNELS, required=True, default="call_out")
    outcome_id = fields.Many2one(
        "recouvrement.interaction.outcome",
        string="Result",
        required=True,
        index=True,
        ondelete="restrict",
    )
    reached = fields.Boolean(related="outcome_id.reached", store=True)
    cause_id = fields.Many2one(
        "recouvrement.nonpayment.cause", index="btree_not_null", ondelete="restrict"
    )
    note = fields.Text()
    duration = fields.Integer(
        string="Minutes", help="Length of the call or meeting, in minutes."
    )
    next_action = fields.Char()
    next_action_date = fields.Date()
    move_line_ids = fields.Many2many(
        "account.move.line",
        "recouvrement_interaction_line_rel",
        "interaction_id",
        "line_id",
        string="Items",
        help="Items that were spoken of; empty: the whole account.",
    )
    item_names = fields.Char(
        string="Documents", compute="_compute_item_names", compute_sudo=True
    )
    is_cancelled = fields.Boolean(string="Cancelled", readonly=True)
    cancel_reason = fields.Char(readonly=True)
    cancelled_by_id = fields.Many2one("res.users", readonly=True)

    _debtor_idx = models.Index("(debtor_id, date DESC, id DESC)")
    _duration_check = models.Constraint(
        "CHECK (duration >= 0)", "A contact cannot last less than no time."
    )

    @api.depends("outcome_id", "date")
    def _compute_display_name(self):
        for interaction in self:
            interaction.display_name = (
                f"{interaction.outcome_id.name or ''} · "
                f"{format_date(self.env, interaction._get_day())}"
            )

    @api.depends("move_line_ids.move_id.name")
    def _compute_item_names(self):
        """For who may not read journal items."""
        for interaction in self:
            moves = interaction.move_line_ids.move_id
            interaction.item_names = ", ".join(moves.mapped("name"))

    def _get_day(self):
        """Day of the contact where the user is."""
        moment = self.date or fields.Datetime.now()
        return fields.Datetime.context_timestamp(self, moment).date()

    def _describe(self):
        """Cause, note and items, one per line, for the history."""
        parts = [
            self.cause_id.name,
            self.note and self.note.strip(),
            self.item_names,
        ]
        return "\n".join(filter(None, parts))

    @api.constrains("move_line_ids", "debtor_id")
    def _check_lines(self):
        for interaction in self:
            interaction.debtor_id.sudo()._check_own_lines(interaction.move_line_ids)

    @api.constrains("partner_id", "debtor_id")
    def _check_person(self):
        for interaction in self.sudo():
            person = interaction.partner_id
            if person and not interaction.debtor_id._has_person(person):
                raise ValidationError(
                    self.env._(
                        "%(person)s is no contact of %(customer)s.",
                        person=person.display_name,
                        customer=interaction.debtor_id.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # A RECORD
    # ------------------------------------------------------------------

    def write(self, vals):
        """By its author, on its day.

        :raise AccessError: by somebody else, or later.
        """
        if not self.env.su:
            self._check_editable()
        result = super().write(vals)
        self.sudo().debtor_id._refresh_last_contacts()
        return result

    def _check_editable(self):
        today = fields.Date.context_today(self)
        for interaction in self:
            if (
                interaction.user_id.id != self.env.uid
                or interaction._get_day() != today
            ):
                raise AccessError(
                    self.env._(
                        "A contact is corrected by its author, on its day. Afterwards "
                        "it is a record: cancel it and say why."
                    )
                )
            if interaction.is_cancelled:
                raise UserError(self.env._("This contact was cancelled."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        raise UserError(self.env._("A contact is kept. Cancel it and say why instead."))

    def _cancel(self, reason):
        """Take contacts that did not happen out of the figures, and trace it.

        :raise UserError: without a reason.
        """
        if not (reason or "").strip():
            raise UserError(self.env._("Say why this contact is cancelled."))
        self.check_access("write")
        live = self.filtered(lambda interaction: not interaction.is_cancelled)
        live._check_canceller()
        live.sudo().write(
            {
                "is_cancelled": True,
                "cancel_reason": reason.strip(),
                "cancelled_by_id": self.env.uid,
            }
        )
        for interaction in live:
            interaction.debtor_id._log_event(
                "contact",
                self.env._("Contact cancelled: %s", interaction.display_name),
                detail=reason.strip(),
            )

    def _check_canceller(self):
        """The author, or a credit manager."""
        if self.env.su or self.env.user.has_group("recouvrement.group_manager"):
            return
        if any(interaction.user_id.id != self.env.uid for interaction in self):
            raise AccessError(
                self.env._("A contact is cancelled by its author or a credit manager.")
            )

    def action_cancel(self):
        """Ask for the reason."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel a Contact"),
            "res_model": "recouvrement.interaction.cancel",
            "view_mode": "form",
            "target": "new",
            "context": {"default_interaction_ids": self.ids},
        }

    def action_open_debtor(self):
        self.ensure_one()
        return self.debtor_id.get_formview_action()
