"""Reconciliation minutes (*PV de réconciliation*): the account of a customer at a day,
what it has in its own books, and the signatures of both sides."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date, formatLang

from ..tools.period import Period

STATES = [
    ("draft", "Draft"),
    ("sent", "Sent"),
    ("answered", "Answered"),
    ("signed", "Signed"),
    ("cancelled", "Cancelled"),
]
ANSWER_DAYS = 15


class RecouvrementReconciliation(models.Model):
    """The open items of one debtor at the end of a day, frozen when they are sent.

    draft → sent → answered → signed: the customer answers item by item, on its page or
    through a collector, and signs; then the company signs.
    """

    _name = "recouvrement.reconciliation"
    _description = "Reconciliation Minutes"
    _inherit = [
        "recouvrement.guarded",
        "recouvrement.stepped",
        "recouvrement.signed.document",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["name", "debtor_id.partner_id.name"]

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
    state = fields.Selection(
        STATES, default="draft", required=True, readonly=True, index=True
    )
    debtor_id = fields.Many2one(
        "recouvrement.debtor", required=True, index=True, ondelete="restrict"
    )
    customer_id = fields.Many2one(
        related="debtor_id.partner_id", string="Customer", store=True
    )
    collector_id = fields.Many2one(related="debtor_id.collector_id", store=True)
    company_id = fields.Many2one(related="debtor_id.company_id", store=True, index=True)
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    test_mode = fields.Boolean(related="company_id.recouvrement_test_mode")
    partner_id = fields.Many2one(
        "res.partner",
        string="Sent To",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        help="Person of the customer who answers and signs.",
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        compute="_compute_lang",
        string="Language",
    )
    user_id = fields.Many2one(
        "res.users",
        string="In Charge",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
    )
    as_of = fields.Date(
        string="Balance On",
        required=True,
        default=lambda self: self._default_as_of(),
        help="The items open at the end of this day.",
    )
    answer_before = fields.Date(
        default=lambda self: fields.Date.add(
            fields.Date.context_today(self), days=ANSWER_DAYS
        )
    )
    remind_by_mail = fields.Boolean(
        string="Remind by E-mail",
        default=True,
        help="One e-mail to the customer when it has not answered in time, besides the "
        "activity of who is in charge.",
    )
    note = fields.Text(help="For the file; the customer does not see it.")
    line_ids = fields.One2many(
        "recouvrement.reconciliation.line", "reconciliation_id", string="Our Items"
    )
    difference_line_ids = fields.One2many(
        "recouvrement.reconciliation.line",
        "reconciliation_id",
        string="Differences on Our Items",
        domain=[("is_difference", "=", True)],
    )
    extra_ids = fields.One2many(
        "recouvrement.reconciliation.extra",
        "reconciliation_id",
        string="Items of the Customer",
    )
    comment = fields.Text(string="Words of the Customer")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "recouvrement_reconciliation_file_rel",
        string="Documents of the Customer",
    )

    # == Where it stands ==
    date_sent = fields.Date(readonly=True)
    date_reminded = fields.Date(readonly=True)
    date_answered = fields.Datetime(readonly=True)
    answered_by = fields.Selection(
        [("portal", "On the Customer's Page"), ("hand", "By a Colleague")],
        readonly=True,
    )
    mail_obstacle = fields.Char(string="E-mail Not Sent", readonly=True)
    close_reason = fields.Char(string="Reason", readonly=True)
    balances = fields.Json(compute="_compute_balances")
    balance_text = fields.Char(string="Our Balance", compute="_compute_balances")
    customer_text = fields.Char(
        string="Balance of the Customer", compute="_compute_balances"
    )
    difference_text = fields.Char(string="Difference", compute="_compute_balances")
    item_count = fields.Integer(string="Items", compute="_compute_counts")
    unanswered_count = fields.Integer(string="No Answer", compute="_compute_counts")
    difference_count = fields.Integer(string="Differences", compute="_compute_counts")
    open_count = fields.Integer(
        string="Differences to Settle", compute="_compute_counts"
    )
    has_extras = fields.Boolean(compute="_compute_counts")

    _live_idx = models.Index("(debtor_id) WHERE state IN ('draft', 'sent', 'answered')")
    _late_idx = models.Index("(answer_before) WHERE state = 'sent'")

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    def _default_as_of(self):
        """The last month-end."""
        return Period.month(fields.Date.context_today(self)).eve

    @api.depends("debtor_id")
    def _compute_partner_id(self):
        for minutes in self:
            debtor = minutes.debtor_id.sudo()
            minutes.partner_id = debtor.contact_id or debtor.partner_id

    @api.depends("partner_id.lang", "debtor_id")
    def _compute_lang(self):
        for minutes in self:
            minutes.lang = minutes.debtor_id and minutes.debtor_id._get_mail_lang(
                minutes.partner_id
            )

    @api.depends("name", "customer_id")
    def _compute_display_name(self):
        for minutes in self:
            minutes.display_name = " · ".join(
                filter(None, (minutes.name, minutes.customer_id.display_name))
            )

    # ------------------------------------------------------------------
    # CONSTRAINTS AND CRUD
    # ------------------------------------------------------------------

    @api.constrains("as_of")
    def _check_as_of(self):
        today = fields.Date.context_today(self)
        if any(minutes.as_of > today for minutes in self):
            raise ValidationError(
                self.env._("The balance is that of today or of an earlier day.")
            )

    @api.constrains("partner_id", "debtor_id")
    def _check_partner(self):
        for minutes in self:
            if minutes.partner_id:
                minutes.debtor_id._check_person(minutes.partner_id)

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env.ref("recouvrement_reporting.sequence_reconciliation")
        records = super().create(vals_list)
        for record in records.sudo().filtered(lambda one: one.name == "/"):
            record.name = sequence.sudo()._next()
        records.debtor_id.check_access("write")
        records._read_items()
        return records

    def write(self, vals):
        if not self.env.su:
            self._check_editable(vals)
        result = super().write(vals)
        if {"as_of", "debtor_id"} & vals.keys():
            self._read_items()
        return result

    def _check_editable(self, vals):
        """What was sent stays as it was sent, what was answered as it was answered."""
        if {"debtor_id", "as_of"} & vals.keys():
            self._check_state("draft")
        if {"line_ids", "difference_line_ids"} & vals.keys():
            self._check_state("sent")
        if {"extra_ids", "comment", "attachment_ids"} & vals.keys():
            self._check_state("draft", "sent")
        if {"partner_id", "remind_by_mail", "answer_before"} & vals.keys():
            self._check_state("draft", "sent")
        if "debtor_id" in vals:
            self.env["recouvrement.debtor"].browse(vals["debtor_id"]).check_access(
                "write"
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(minutes.state != "draft" for minutes in self):
            raise UserError(
                self.env._("Minutes that were sent are a record: cancel them.")
            )

    # ------------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------------

    def _log(self, summary, detail=False):
        """One event for each in the history of its debtor."""
        for minutes in self:
            minutes.debtor_id._log_event(
                "reconciliation", f"{minutes.name}: {summary}", detail=detail
            )

    def _day(self, day):
        return format_date(self.env, day, lang_code=self.lang) if day else ""

    def _money(self, amount, currency):
        env = self.with_context(lang=self.lang).env
        return formatLang(env, float(amount), currency_obj=currency)
