"""That a customer was told of a direct debit: when, of what, how, and the proof."""

from odoo import api, fields, models
from odoo.tools import SQL, format_amount, format_date

CHANNELS = [
    ("invoice", "With the Invoice"),
    ("email", "E-mail"),
    ("schedule", "Schedule"),
]
STATES = [("queued", "Being Sent"), ("sent", "Sent"), ("failed", "Not Sent")]


class RecouvrementSepaPrenotification(models.Model):
    """One message to a customer about one or several direct debits of one mandate.

    It counts from the day the mail server took it; what failed, bounced or was sent in
    test mode counts for nothing. The message, kept on the customer's account or on the
    invoice, is the proof.
    """

    _name = "recouvrement.sepa.prenotification"
    _description = "Pre-notification of Direct Debits"
    _inherit = ["recouvrement.guarded"]
    _order = "id desc"
    _rec_names_search = ["debtor_id.partner_id.name", "mandate_id.name"]

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    mandate_id = fields.Many2one(
        "recouvrement.sepa.mandate",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one("res.partner", string="Addressee", readonly=True)
    channel = fields.Selection(CHANNELS, required=True, readonly=True)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="queued", index=True
    )
    is_test = fields.Boolean(string="Test", readonly=True)
    outcome = fields.Char(readonly=True, help="Why it was not sent, or what came back.")
    sent_on = fields.Date(readonly=True, index=True)
    days = fields.Integer(
        string="Days Agreed",
        readonly=True,
        aggregator=None,
        help="Between the message and the direct debit, when it was sent.",
    )
    due_on = fields.Date(
        string="First Direct Debit", compute="_compute_totals", store=True
    )
    amount = fields.Monetary(compute="_compute_totals", store=True)
    line_count = fields.Integer(
        string="Items", compute="_compute_totals", store=True, aggregator="sum"
    )
    collection_id = fields.Many2one(
        "recouvrement.sepa.collection", readonly=True, index="btree_not_null"
    )
    mail_message_id = fields.Many2one(
        "mail.message",
        string="Message",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="What the customer was sent, word for word.",
    )
    message_body = fields.Html(related="mail_message_id.body", string="Wording")
    user_id = fields.Many2one(
        "res.users", string="Author", readonly=True, default=lambda self: self.env.user
    )
    line_ids = fields.One2many(
        "recouvrement.sepa.prenotification.line", "prenotification_id", readonly=True
    )

    @api.depends("mandate_id.name", "due_on")
    def _compute_display_name(self):
        for notice in self:
            notice.display_name = " · ".join(
                filter(
                    None,
                    (
                        notice.mandate_id.name,
                        notice.due_on and format_date(self.env, notice.due_on),
                    ),
                )
            )

    @api.depends("line_ids.due_on", "line_ids.amount")
    def _compute_totals(self):
        for notice in self:
            days = notice.line_ids.mapped("due_on")
            notice.due_on = min(days, default=False)
            notice.amount = sum(notice.line_ids.mapped("amount"))
            notice.line_count = len(notice.line_ids)

    # ------------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------------

    def _confirm_sent(self):
        """The mail server took them: they count from today. In sudo."""
        waiting = self.filtered(lambda notice: notice.state == "queued")
        if not waiting:
            return
        waiting.write({"state": "sent", "sent_on": fields.Date.context_today(self)})
        told = waiting.filtered(lambda notice: not notice.is_test)
        told._note_on_debits()
        told._log_sent()

    def _mark_failed(self, reason):
        """They tell nobody, even those that were thought sent. In sudo."""
        self.filtered(lambda notice: notice.state != "failed").write(
            {"state": "failed", "outcome": reason}
        )

    def _note_on_debits(self):
        """The debits that wait for their file bear the day their customer was told."""
        rows = [
            (notice.collection_id.id, notice.mandate_id.id, notice.sent_on)
            for notice in self
            if notice.collection_id
        ]
        if not rows:
            return
        debits = self.env["recouvrement.sepa.collection.line"]
        debits.flush_model(["prenotified_on", "state"])
        collections, mandates, days = (list(x) for x in zip(*rows, strict=True))
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_sepa_collection_line x
                   SET prenotified_on = told.day
                  FROM unnest(%s::int[], %s::int[], %s::date[])
                       AS told(collection_id, mandate_id, day)
                 WHERE x.collection_id = told.collection_id
                   AND x.mandate_id = told.mandate_id AND x.state = 'planned'
                """,
                collections,
                mandates,
                days,
            )
        )
        debits.invalidate_model(["prenotified_on"], flush=False)

    def _log_sent(self):
        """One line in the history of each customer."""
        self.env["recouvrement.event"].create(
            [
                {
                    "debtor_id": notice.debtor_id.id,
                    "company_id": notice.company_id.id,
                    "user_id": notice.user_id.id,
                    "kind": "debit",
                    "summary": self.env._(
                        "Direct debit announced for %(day)s: %(amount)s",
                        day=format_date(self.env, notice.due_on),
                        amount=format_amount(
                            self.env, notice.amount, notice.currency_id
                        ),
                    ),
                    "detail": ", ".join(filter(None, notice.line_ids.mapped("name"))),
                    "amount": notice.amount,
                    "currency_id": notice.currency_id.id,
                }
                for notice in self
            ]
        )

    @api.model
    def _of_messages(self, messages):
        if not messages:
            return self.sudo().browse()
        return self.sudo().search([("mail_message_id", "in", messages.ids)])

    # ------------------------------------------------------------------
    # SQL
    # ------------------------------------------------------------------

    @api.model
    def _flush_told(self):
        self.flush_model()
        self.env["recouvrement.sepa.prenotification.line"].flush_model()

    @api.model
    def _prenotified_sql(self):
        """What customers were told and that still stands: ``move_line_id,
        installment_id, mandate_id, sent_on, due_on, amount``."""
        return SQL(
            """SELECT t.move_line_id, t.installment_id, n.mandate_id, n.sent_on,
                      t.due_on, t.amount
                 FROM recouvrement_sepa_prenotification_line t
                 JOIN recouvrement_sepa_prenotification n
                   ON n.id = t.prenotification_id
                WHERE n.state = 'sent' AND n.is_test IS NOT TRUE"""
        )


class RecouvrementSepaPrenotificationLine(models.Model):
    _name = "recouvrement.sepa.prenotification.line"
    _description = "Direct Debit Announced"
    _inherit = ["recouvrement.guarded"]
    _order = "due_on, id"
    _log_access = False

    prenotification_id = fields.Many2one(
        "recouvrement.sepa.prenotification",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="prenotification_id.company_id", store=True, index=True
    )
    debtor_id = fields.Many2one(
        related="prenotification_id.debtor_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="prenotification_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    installment_id = fields.Many2one(
        "recouvrement.payment.plan.installment",
        string="Instalment",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
    )
    name = fields.Char(string="Document", readonly=True)
    due_on = fields.Date(string="Direct Debit On", required=True, readonly=True)
    amount = fields.Monetary(required=True, readonly=True)
