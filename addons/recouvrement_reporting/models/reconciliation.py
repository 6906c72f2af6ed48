"""Reconciliation minutes (*PV de réconciliation*): the account of a customer at a day,
what it has in its own books, and the signatures of both sides."""

from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, formatLang

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

    @api.depends(
        "line_ids.residual",
        "line_ids.customer_amount",
        "extra_ids.customer_amount",
    )
    def _compute_balances(self):
        """Both balances per currency; the customer's is known once it has answered
        everything."""
        totals = self._read_balances()
        for minutes in self:
            rows = totals.get(minutes.id, [])
            minutes.balances = [
                {**row, "ours": str(row["ours"]), "theirs": str(row["theirs"])}
                for row in rows
            ]
            is_told = minutes.state in ("answered", "signed")
            minutes.balance_text = minutes._join(rows, lambda row: row["ours"])
            minutes.customer_text = is_told and minutes._join(
                rows, lambda row: row["theirs"]
            )
            minutes.difference_text = is_told and minutes._join(
                rows, lambda row: row["ours"] - row["theirs"]
            )

    def _join(self, rows, amount):
        currencies = self.env["res.currency"]
        return " + ".join(
            formatLang(
                self.env,
                float(amount(row)),
                currency_obj=currencies.browse(row["currency_id"]),
            )
            for row in rows
        )

    def _read_balances(self):
        """``{id: [{currency_id, ours, theirs}]}`` in one query, as Decimals."""
        lines = self.env["recouvrement.reconciliation.line"]
        extras = self.env["recouvrement.reconciliation.extra"]
        lines.flush_model()
        extras.flush_model()
        found = defaultdict(list)
        for minutes_id, currency_id, ours, theirs in self.env.execute_query(
            SQL(
                """
                SELECT reconciliation_id, currency_id, SUM(ours)::text,
                       SUM(theirs)::text
                  FROM (SELECT reconciliation_id, currency_id, residual AS ours,
                               COALESCE(customer_amount, 0) AS theirs
                          FROM recouvrement_reconciliation_line
                         WHERE reconciliation_id = ANY(%(ids)s)
                     UNION ALL
                        SELECT reconciliation_id, currency_id, 0, customer_amount
                          FROM recouvrement_reconciliation_extra
                         WHERE reconciliation_id = ANY(%(ids)s)) x
              GROUP BY reconciliation_id, currency_id
              ORDER BY reconciliation_id, currency_id
                """,
                ids=self.ids,
            )
        ):
            found[minutes_id].append(
                {
                    "currency_id": currency_id,
                    "ours": Decimal(ours or 0),
                    "theirs": Decimal(theirs or 0),
                }
            )
        return found

    @api.depends(
        "line_ids.answer",
        "line_ids.is_difference",
        "line_ids.is_resolved",
        "extra_ids.is_resolved",
    )
    def _compute_counts(self):
        items = self._count("line")
        unanswered = self._count("line", answer=False)
        differences = self._count("line", is_difference=True)
        extras = self._count("extra")
        open_lines = self._count("line", is_difference=True, is_resolved=False)
        open_extras = self._count("extra", is_resolved=False)
        for minutes in self:
            one = minutes._origin
            minutes.item_count = items.get(one, 0)
            minutes.unanswered_count = unanswered.get(one, 0)
            minutes.has_extras = bool(extras.get(one))
            minutes.difference_count = differences.get(one, 0) + extras.get(one, 0)
            minutes.open_count = open_lines.get(one, 0) + open_extras.get(one, 0)

    def _count(self, suffix, **values):
        """Items of each that have these values: ``{minutes: number}``."""
        domain = Domain("reconciliation_id", "in", self.ids)
        for name, value in values.items():
            domain &= Domain(name, "=", value)
        items = self.env[f"recouvrement.reconciliation.{suffix}"]
        return dict(items._read_group(domain, ["reconciliation_id"], ["__count"]))

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
    # OUR ITEMS
    # ------------------------------------------------------------------

    def action_read_items(self):
        """Read the items of the draft again from the ledger."""
        self.check_access("write")
        self._check_state("draft")
        self._read_items()
        return True

    def _read_items(self):
        """Write down the items open at the end of the day: one statement for each
        record, whatever the number of items."""
        lines = self.env["recouvrement.reconciliation.line"].sudo()
        lines.search([("reconciliation_id", "in", self.ids)]).unlink()
        self.flush_recordset()
        for minutes in self.sudo():
            minutes.debtor_id._flush_sources()
            self.env.cr.execute(minutes._items_sql())
        lines.invalidate_model(flush=False)
        self.invalidate_recordset(["line_ids"], flush=False)

    def _items_sql(self):
        items = self.env["recouvrement.open.item"].with_context(at_end_of_day=True)
        return SQL(
            """
            INSERT INTO recouvrement_reconciliation_line
                   (reconciliation_id, debtor_id, company_id, move_line_id, name, kind,
                    document_date, date_due, currency_id, amount, residual,
                    is_difference, is_resolved,
                    create_uid, create_date, write_uid, write_date)
            SELECT %(minutes)s, %(debtor)s, %(company)s, o.id, COALESCE(o.name, ''),
                   o.kind, o.document_date, o.date_due, o.currency_id, o.amount,
                   o.amount_residual_currency, FALSE, FALSE,
                   %(user)s, %(now)s, %(user)s, %(now)s
              FROM (%(items)s) o
             WHERE o.debtor_id = %(debtor)s AND o.amount_residual_currency <> 0
          ORDER BY o.currency_id, o.amount_residual_currency < 0, o.date_due, o.id
            """,
            minutes=self.id,
            debtor=self.debtor_id.id,
            company=self.company_id.id,
            user=self.env.uid,
            now=self.env.cr.now(),
            items=items._open_items_sql(
                self.as_of, self.debtor_id._lines_of_partners_sql(self.customer_id.ids)
            ),
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
