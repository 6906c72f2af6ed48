"""A collection of direct debits: what is debited on one day, through one bank, under
one scheme; where it stands and its file."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date, formatLang

from ..tools import target_calendar
from .mandate import SCHEMES

STATES = [
    ("draft", "Draft"),
    ("to_approve", "To Approve"),
    ("approved", "Approved"),
    ("generated", "File Made"),
    ("sent", "Sent to the Bank"),
    ("booked", "In the Ledger"),
    ("settled", "Paid In"),
    ("closed", "Closed"),
    ("cancelled", "Called Off"),
]
PREPARED = ("draft", "to_approve", "approved")
WITH_FILE = ("generated", "sent", "booked", "settled", "closed")


class RecouvrementSepaCollection(models.Model):
    """Draft → to approve → approved → file made → sent → booked → settled → closed.

    One file for ever: it is made once, kept with its hash and served as kept. An item
    is in one live collection only, which the database sees to.
    """

    _name = "recouvrement.sepa.collection"
    _description = "Direct Debit Collection"
    _inherit = [
        "recouvrement.guarded",
        "recouvrement.stepped",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date desc, id desc"

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
    state = fields.Selection(
        STATES,
        default="draft",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    company_id = fields.Many2one(
        "res.company",
        string="Legal Entity",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank",
        required=True,
        domain="[('type', '=', 'bank'), ('company_id', 'child_of', company_id)]",
        index=True,
    )
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.ref("base.EUR"), readonly=True
    )
    # No default: a mandate signed for one scheme is void under the other.
    scheme = fields.Selection(SCHEMES, required=True)
    date = fields.Date(
        string="Collection Date",
        required=True,
        index=True,
        tracking=True,
        help="Day on which customers are debited: an open day of TARGET.",
    )
    date_until = fields.Date(
        string="Due Until",
        required=True,
        help="What falls due until this day is collected.",
    )

    # == What is in it ==
    line_ids = fields.One2many(
        "recouvrement.sepa.collection.line", "collection_id", string="Debits"
    )
    refusal_ids = fields.One2many(
        "recouvrement.sepa.collection.refusal",
        "collection_id",
        string="To Correct",
        readonly=True,
    )
    amount = fields.Monetary(readonly=True, copy=False, tracking=True)
    count = fields.Integer(string="Debits", readonly=True, copy=False)
    refusal_count = fields.Integer(compute="_compute_refusal_count")
    live_amount = fields.Monetary(
        compute="_compute_live",
        string="Not Come Back",
        help="What was neither rejected nor returned.",
    )
    live_count = fields.Integer(compute="_compute_live", string="Debits Not Come Back")

    # == The file ==
    version = fields.Char(string="Version of the File", readonly=True, copy=False)
    message_id = fields.Char(
        string="Message Identifier", readonly=True, copy=False, help="MsgId of the file"
    )
    file_id = fields.Many2one(
        "ir.attachment",
        readonly=True,
        copy=False,
        ondelete="restrict",
        groups="recouvrement.group_accountant,recouvrement.group_manager",
    )
    file_sha256 = fields.Char(string="SHA-256 of the File", readonly=True, copy=False)
    download_count = fields.Integer(string="Downloads", readonly=True, copy=False)

    # == Who and when ==
    author_id = fields.Many2one(
        "res.users",
        string="Prepared By",
        readonly=True,
        default=lambda self: self.env.user,
    )
    submitted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    approved_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_approved = fields.Datetime(readonly=True, copy=False)
    date_generated = fields.Datetime(string="File Made On", readonly=True, copy=False)
    date_sent = fields.Date(string="Sent On", readonly=True, copy=False)
    date_booked = fields.Date(string="Booked On", readonly=True, copy=False)
    date_settled = fields.Date(string="Settled On", readonly=True, copy=False)
    cancel_reason = fields.Char(readonly=True, copy=False)

    _name_uniq = models.UniqueIndex(
        "(name) WHERE name <> '/'", "Collections are numbered once."
    )
    _message_uniq = models.UniqueIndex(
        "(message_id) WHERE message_id IS NOT NULL",
        "A message identifier is used once.",
    )
    _file_is_whole = models.Constraint(
        "CHECK (state NOT IN ('generated', 'sent', 'booked', 'settled', 'closed') OR "
        "(file_id IS NOT NULL AND file_sha256 IS NOT NULL AND message_id IS NOT NULL))",
        "A collection that left has its file.",
    )

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("refusal_ids")
    def _compute_refusal_count(self):
        counts = dict(
            self.env["recouvrement.sepa.collection.refusal"]
            .sudo()
            ._read_group(
                [("collection_id", "in", self.ids)], ["collection_id"], ["__count"]
            )
        )
        for collection in self:
            collection.refusal_count = counts.get(collection, 0)

    @api.depends("line_ids.live", "line_ids.amount")
    def _compute_live(self):
        rows = self.env["recouvrement.sepa.collection.line"]._read_group(
            [("collection_id", "in", self.ids), ("live", "=", True)],
            ["collection_id"],
            ["amount:sum", "__count"],
        )
        found = {collection: (amount, count) for collection, amount, count in rows}
        for collection in self:
            amount, count = found.get(collection, (0.0, 0))
            collection.live_amount, collection.live_count = amount, count

    # ------------------------------------------------------------------
    # CONSTRAINTS AND CRUD
    # ------------------------------------------------------------------

    @api.constrains("date")
    def _check_date(self):
        for collection in self:
            if not target_calendar.is_open(collection.date):
                following = target_calendar.next_open(collection.date)
                raise ValidationError(
                    self.env._(
                        "Banks do not settle on %(day)s: take %(next)s.",
                        day=format_date(self.env, collection.date),
                        next=format_date(self.env, following),
                    )
                )

    @api.constrains("company_id", "journal_id")
    def _check_journal(self):
        for collection in self:
            journal = collection.journal_id.sudo()
            if (
                journal.type != "bank"
                or journal.company_id.root_id != collection.company_id
            ):
                raise ValidationError(
                    self.env._(
                        "“%(journal)s” is no bank of %(company)s.",
                        journal=journal.display_name,
                        company=collection.company_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env.ref("recouvrement_sepa.sequence_sepa_collection").sudo()
        collections = super().create(vals_list)
        for collection in collections.sudo():
            if collection.name == "/":
                collection.name = sequence._next()
        return collections

    def write(self, vals):
        """Once proposed, the terms of a collection change by a new proposal only."""
        terms = {"company_id", "journal_id", "scheme", "date", "date_until"}
        changed = terms & vals.keys()
        if changed and not self.env.su:
            self._check_state("draft")
            if any(collection.line_ids for collection in self):
                raise UserError(
                    self.env._(
                        "Its debits were proposed on these terms: empty the collection "
                        "before you change them."
                    )
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(collection.state != "draft" for collection in self):
            raise UserError(
                self.env._("Only the draft of a collection can be deleted: cancel it.")
            )

    # ------------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------------

    def _lock(self):
        """One step at a time: who comes second sees what the first did, or is told.

        The version of the row moves, so that a transaction that began before and
        waited is refused by the database and tried again by Odoo.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """UPDATE recouvrement_sepa_collection SET write_date = write_date
                    WHERE id IN (SELECT id FROM recouvrement_sepa_collection
                                  WHERE id = ANY(%s) ORDER BY id FOR UPDATE)""",
                self.ids,
            )
        )
        self.invalidate_recordset()

    def _refresh_totals(self):
        """Amount and number of debits, from the lines; one statement."""
        if not self:
            return
        self.env["recouvrement.sepa.collection.line"].flush_model()
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_sepa_collection c
                   SET amount = COALESCE(x.amount, 0), count = COALESCE(x.count, 0)
                  FROM unnest(%(ids)s) AS wanted(id)
             LEFT JOIN (SELECT collection_id, SUM(amount) AS amount, COUNT(*) AS count
                          FROM recouvrement_sepa_collection_line
                         WHERE collection_id = ANY(%(ids)s) AND state <> 'cancelled'
                      GROUP BY 1) x ON x.collection_id = wanted.id
                 WHERE c.id = wanted.id
                """,
                ids=self.ids,
            )
        )
        self.invalidate_recordset()

    def _format(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    # ------------------------------------------------------------------
    # HOOKS
    # ------------------------------------------------------------------

    def _on_generated(self):
        """The file was made; in the same transaction: a hook."""

    def _on_sent(self):
        """The file was handed to the bank: a hook."""

    def _on_cancelled(self):
        """The collection was cancelled, its lines are cancelled too: a hook."""
