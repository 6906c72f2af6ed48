"""Who is no longer sold to on credit: the list of proven unpaid debts.

The conditions are those that the CNIL sets for such a list (deliberation 2021-130 on
commercial management, and its guidance on lists of unpaid debts): proven debts of this
seller only, checked by a person, the customer told before with time to react, nothing
shared, and erased within 48 hours of full payment. How long one that is never paid may
stay is a setting of the company.
"""

from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError

STATES = [
    ("draft", "To Check"),
    ("informed", "Customer Informed"),
    ("listed", "Credit Refused"),
]
CHANNELS = [
    ("email", "E-mail"),
    ("letter", "Letter"),
    ("registered", "Registered Letter"),
    ("spoken", "In Person or by Telephone"),
]
# What says that an item is certain and asked for: nothing holds it back.
PROVEN_STATUS = "to_chase"


class RecouvrementExclusion(models.Model):
    """A customer that a person decided to sell to for cash only, and why."""

    _name = "recouvrement.exclusion"
    _description = "Refusal of Credit"
    _inherit = ["recouvrement.guarded", "mail.thread"]
    _order = "id desc"
    _rec_name = "debtor_id"

    debtor_id = fields.Many2one(
        "recouvrement.debtor", required=True, index=True, ondelete="cascade"
    )
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    company_id = fields.Many2one(
        related="debtor_id.company_id", store=True, index=True, precompute=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    line_ids = fields.Many2many(
        "account.move.line",
        "recouvrement_exclusion_line_rel",
        "exclusion_id",
        "line_id",
        string="Proven Unpaid Items",
        readonly=True,
    )
    amount = fields.Monetary(
        string="Unpaid", compute="_compute_amount", compute_sudo=True
    )
    is_paid = fields.Boolean(
        string="Paid, to Erase", compute="_compute_amount", compute_sudo=True
    )
    facts = fields.Text(
        required=True,
        help="What happened, without a judgement of the person: it may be asked for.",
    )
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", index=True
    )
    user_id = fields.Many2one(
        "res.users",
        string="Checked By",
        readonly=True,
        default=lambda self: self.env.user,
    )
    date_informed = fields.Date(string="Informed On", readonly=True)
    informed_by = fields.Selection(CHANNELS, readonly=True)
    informed_proof = fields.Char(string="Reference of the Notice", readonly=True)
    date_reaction = fields.Date(
        string="Time to React Until",
        readonly=True,
        help="Nobody is listed before the end of that day.",
    )
    date_listed = fields.Date(string="Credit Refused Since", readonly=True)
    date_limit = fields.Date(string="Erased At the Latest", readonly=True)
    access_ids = fields.One2many("recouvrement.exclusion.access", "exclusion_id")

    _debtor_uniq = models.UniqueIndex(
        "(debtor_id)", "This customer is on the list already."
    )

    @api.depends("line_ids.amount_residual")
    def _compute_amount(self):
        for exclusion in self:
            lines = exclusion.line_ids
            exclusion.amount = sum(lines.mapped("amount_residual"))
            exclusion.is_paid = bool(lines) and all(
                line.company_currency_id.is_zero(line.amount_residual) for line in lines
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Enter customers with their proven unpaid items.

        :raise UserError: when a customer has none, or a program and no person enters.
        """
        if self.env.uid == SUPERUSER_ID:
            raise UserError(self.env._("A person decides whom credit is refused to."))
        exclusions = super().create(vals_list)
        for exclusion in exclusions:
            exclusion.debtor_id.check_access("write")
            lines = exclusion._get_proven_lines()
            if not lines:
                raise UserError(
                    self.env._(
                        "%s owes nothing that is overdue, reminded and undisputed: "
                        "only such a debt may lead to this list.",
                        exclusion.customer_id.display_name,
                    )
                )
            exclusion.sudo().line_ids = lines
        return exclusions

    def _get_proven_lines(self):
        """Items overdue, reminded, not disputed in any part, held by nothing."""
        self.ensure_one()
        items = self.env["recouvrement.open.item"].search(
            [
                ("debtor_id", "=", self.debtor_id.id),
                ("kind", "in", ("invoice", "other")),
                ("amount_residual", ">", 0),
                ("amount_disputed", "=", 0),
                ("date_due", "<", fields.Date.context_today(self)),
                ("last_reminder_date", "!=", False),
                ("collection_status", "=", PROVEN_STATUS),
            ]
        )
        return items.move_line_id

    # ------------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------------

    def action_write_notice(self):
        """The notice to the customer, to be read over and sent."""
        self.ensure_one()
        template = self.env.ref("recouvrement.template_exclusion_notice")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Inform the Customer"),
            "res_model": "mail.compose.message",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_composition_mode": "comment",
                "default_email_layout_xmlid": "mail.mail_notification_light",
                "exclusion_informs": True,
            },
        }

    def _message_post_after_hook(self, message, msg_vals):
        if self.env.context.get("exclusion_informs"):
            self.filtered(lambda one: one.state == "draft")._inform(
                fields.Date.context_today(self), "email", message.subject or ""
            )
        return super()._message_post_after_hook(message, msg_vals)

    def _inform(self, day, channel, proof):
        """The customer was told, and has time to react.

        :param date day: today or earlier.
        :raise UserError: for a day to come, or when the customer was told before.
        """
        self.check_access("write")
        if day > fields.Date.context_today(self):
            raise UserError(self.env._("The customer was informed today or earlier."))
        for exclusion in self:
            if exclusion.state != "draft":
                raise UserError(self.env._("The customer was informed already."))
            days = exclusion.company_id.recouvrement_exclusion_days
            exclusion.sudo().write(
                {
                    "state": "informed",
                    "date_informed": day,
                    "informed_by": channel,
                    "informed_proof": proof,
                    "date_reaction": day + timedelta(days=days),
                }
            )

    def action_inform(self):
        """Note a notice that left by another way."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customer Informed"),
            "res_model": "recouvrement.exclusion.notice",
            "view_mode": "form",
            "target": "new",
            "context": {"default_exclusion_id": self.id},
        }

    def action_list(self):
        """Refuse credit from today on, after a last look at the ledger.

        :raise UserError: before the end of the time to react, or without a proven debt.
        """
        self.check_access("write")
        today = fields.Date.context_today(self)
        for exclusion in self:
            if exclusion.state != "informed":
                raise UserError(self.env._("Inform the customer first."))
            if exclusion.date_reaction >= today:
                raise UserError(
                    self.env._(
                        "The customer may react until %s.", exclusion.date_reaction
                    )
                )
            lines = exclusion._get_proven_lines() & exclusion.line_ids
            if not lines:
                raise UserError(
                    self.env._(
                        "Nothing of it is proven any more: paid, disputed or held. "
                        "Take the customer off the list."
                    )
                )
            years = exclusion.company_id.recouvrement_exclusion_years
            exclusion.sudo().write(
                {
                    "line_ids": [fields.Command.set(lines.ids)],
                    "state": "listed",
                    "user_id": self.env.uid,
                    "date_listed": today,
                    "date_limit": today + relativedelta(years=years),
                }
            )

    def action_remove(self):
        """Take customers off the list: nothing of it is kept."""
        self.unlink()
        return self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_exclusion_action"
        )

    @api.model
    def _cron_erase(self):
        """Every night: what was paid, or has been there too long, is erased."""
        today = fields.Date.context_today(self)
        every = self.sudo().search([("company_id", "!=", False)])
        every.filtered(
            lambda one: one.is_paid or (one.date_limit and one.date_limit < today)
        ).unlink()

    # ------------------------------------------------------------------
    # WHO LOOKED
    # ------------------------------------------------------------------

    def read(self, fields=None, load="_classic_read"):
        result = super().read(fields, load)
        self._note_access("read")
        return result

    def export_data(self, fields_to_export):
        self._note_access("export")
        return super().export_data(fields_to_export)

    def _note_access(self, kind):
        if not self.env.su:
            self.env["recouvrement.exclusion.access"]._note(self, kind)
