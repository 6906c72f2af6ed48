from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

STATES = [
    ("draft", "Draft"),
    ("analysing", "Reading"),
    ("analysed", "To Review"),
    ("loading", "Loading"),
    ("loaded", "Loaded"),
    ("undoing", "Undoing"),
    ("undone", "Undone"),
    ("failed", "Failed"),
]
WORKING = ("analysing", "loading", "undoing")
EDITABLE = ("draft", "analysed", "failed", "undone")
INLINE_BYTES = 1_000_000
INLINE_ITEMS = 1_000

ANALYSIS_OPTIONS = {
    "attachment_ids",
    "accounts",
    "payment_term_id",
    "terms_days",
    "as_of",
    "company_id",
}
STEP_OPTIONS = {"accept_piece", "accept_amount", "accept_oldest"}
LOAD_OPTIONS = {
    "takeover_date",
    "load_history",
    "journal_id",
    "balancing_account_id",
}


class RecouvrementFecImport(models.Model):
    """The receivables of another ledger, read from its FEC and taken over.

    Reading, loading and undoing run in committed batches that go on where they were
    when killed: what a batch did is recorded in the same transaction, and a unique
    index refuses to post the same item twice.
    """

    _name = "recouvrement.fec.import"
    _description = "FEC Takeover"
    _inherit = ["recouvrement.guarded", "mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(
        required=True,
        default=lambda self: self.env._(
            "FEC of %s", format_date(self.env, fields.Date.context_today(self))
        ),
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Loaded By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
    )
    state = fields.Selection(
        STATES, default="draft", required=True, readonly=True, tracking=True, index=True
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "recouvrement_fec_import_attachment_rel",
        "import_id",
        "attachment_id",
        string="FEC Files",
        help="One file or several years; the newest says what is open.",
    )

    # == Options of the reading ==
    accounts = fields.Char(
        string="Receivable Accounts",
        required=True,
        default="411",
        help="First digits of the accounts to take over, separated by commas: 411; "
        "often also 413 (bills), 416 (doubtful) and 4191 (advances received).",
    )
    payment_term_id = fields.Many2one(
        "account.payment.term",
        string="Payment Terms",
        check_company=True,
        help="For customers that have no terms in Odoo. Empty: a number of days.",
    )
    terms_days = fields.Integer(
        string="Days to Pay",
        default=30,
        help="From the date of the document to its due date, as a FEC holds no due "
        "date (30 days when nothing was agreed: art. L441-10 C. com.).",
    )
    as_of = fields.Date(
        string="Ages Counted On", help="Empty: the last entry of the newest file."
    )
    accept_piece = fields.Boolean(
        string="Match by Reference",
        default=True,
        help="Match what bears the same document reference.",
    )
    accept_amount = fields.Boolean(
        string="Match by Amount",
        default=True,
        help="Match a credit with the latest earlier debit of the same amount.",
    )
    accept_oldest = fields.Boolean(
        string="Match Oldest First",
        default=True,
        help="Put the credits that are left on the oldest debits.",
    )

    # == Options of the loading ==
    takeover_date = fields.Date(
        help="Date of the takeover entries. Empty: the last entry of the newest file."
    )
    load_history = fields.Selection(
        [
            ("none", "No"),
            ("lettering", "Lettered items"),
            ("piece", "Lettered or with the same reference"),
            ("all", "All that were matched"),
        ],
        string="Take Over Paid Items",
        default="none",
        required=True,
        help="Paid invoices with their payments show how each customer pays.",
    )
    journal_id = fields.Many2one(
        "account.journal",
        domain="[('type', '=', 'general')]",
        check_company=True,
        help="Empty: a takeover journal is created.",
    )
    balancing_account_id = fields.Many2one(
        "account.account",
        check_company=True,
        help="The other side of every takeover entry.",
    )

    # == Progress ==
    load_step = fields.Selection(
        [("partners", "Customers"), ("items", "Open items"), ("history", "Paid items")],
        readonly=True,
    )
    progress = fields.Float(readonly=True, copy=False)
    load_total = fields.Integer(readonly=True, copy=False)
    load_done = fields.Integer(readonly=True, copy=False)
    attempts = fields.Integer(readonly=True, copy=False)
    error = fields.Text(readonly=True, copy=False)

    # == What was found ==
    report_data = fields.Json(readonly=True, copy=False)
    customer_ids = fields.One2many(
        "recouvrement.fec.customer", "import_id", string="Customers"
    )
    item_ids = fields.One2many("recouvrement.fec.item", "import_id", string="Items")
    issue_ids = fields.One2many("recouvrement.fec.issue", "import_id", string="Remarks")
    move_ids = fields.One2many(
        "account.move", "takeover_import_id", string="Takeover Entries"
    )
    line_count = fields.Integer(string="Lines Read", readonly=True, copy=False)
    issue_count = fields.Integer(compute="_compute_issue_count")
    customer_count = fields.Integer(string="Customers Found", readonly=True, copy=False)
    balance = fields.Monetary(
        string="Receivables in the FEC", readonly=True, copy=False
    )

    # == Proof ==
    posted_balance = fields.Monetary(
        string="Receivables Taken Over", readonly=True, copy=False
    )
    is_proven = fields.Boolean(readonly=True, copy=False)
    date_loaded = fields.Datetime(readonly=True, copy=False)

    _one_load_uniq = models.UniqueIndex(
        "(company_id) WHERE state IN ('loading', 'undoing')",
        "Another FEC of this company is being loaded or undone. Wait for its end.",
    )

    # ------------------------------------------------------------------
    # COMPUTES AND CONSTRAINTS
    # ------------------------------------------------------------------

    @api.depends("issue_ids")
    def _compute_issue_count(self):
        counts = dict(
            self.env["recouvrement.fec.issue"]._read_group(
                [("import_id", "in", self.ids)], ["import_id"], ["__count"]
            )
        )
        for record in self:
            record.issue_count = counts.get(record, 0)

    @api.constrains("accounts")
    def _check_accounts(self):
        for record in self:
            prefixes = record._get_account_prefixes()
            if not prefixes or not all(
                prefix.isdigit() and prefix.isascii() and len(prefix) >= 3
                for prefix in prefixes
            ):
                raise ValidationError(
                    self.env._(
                        "Give the receivable accounts by their first digits, at least "
                        "three, separated by commas, for instance: 411, 416"
                    )
                )

    @api.constrains("terms_days")
    def _check_terms_days(self):
        if any(not 0 <= record.terms_days <= 365 for record in self):
            raise ValidationError(self.env._("The days to pay are between 0 and 365."))

    def _get_account_prefixes(self):
        texts = (self.accounts or "").replace(";", ",").split(",")
        return tuple(text.strip() for text in texts if text.strip())

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._own_attachments()
        return records

    def write(self, vals):
        options = (ANALYSIS_OPTIONS | STEP_OPTIONS | LOAD_OPTIONS) & vals.keys()
        if options:
            self._check_editable()
            if "attachment_ids" in vals:
                vals = {"takeover_date": False, **vals}
        result = super().write(vals)
        if "attachment_ids" in vals:
            self._own_attachments()
        if options:
            self.sudo()._options_changed(options)
        return result

    def _check_editable(self):
        allowed = EDITABLE + WORKING if self.env.su else EDITABLE
        if any(record.state not in allowed for record in self):
            raise UserError(
                self.env._(
                    "The options of a takeover cannot change while it runs or once "
                    "it is loaded. Undo it first."
                )
            )

    def _options_changed(self, options):
        for record in self.filtered(lambda one: one.state == "analysed"):
            if options & ANALYSIS_OPTIONS:
                record.state = "draft"
            elif options & STEP_OPTIONS:
                record._apply_steps()

    def _own_attachments(self):
        """Tie the files to the takeover, so that who reads it reads them."""
        for record in self:
            files = record.attachment_ids
            files.check_access("read")
            loose = files.filtered(
                lambda file: (
                    not file.res_id
                    and (file.res_model in (False, self._name))
                    and file.create_uid == self.env.user
                )
            )
            loose.sudo().write({"res_model": self._name, "res_id": record.id})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_loaded(self):
        for record in self:
            if record.state in WORKING or record.sudo().move_ids:
                raise UserError(
                    self.env._("Undo this takeover before deleting it: %s", record.name)
                )

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_analyse(self):
        """Read the files and show the control report; nothing is posted."""
        self.ensure_one()
        self.check_access("write")
        if self.state not in EDITABLE or self.sudo().move_ids:
            raise UserError(self.env._("This takeover is loaded or running already."))
        if not self.attachment_ids:
            raise UserError(
                self.env._(
                    "Add the FEC first: the text file your accounting software "
                    "exports for a tax audit, one for each year."
                )
            )
        self.attachment_ids.check_access("read")
        size = sum(self.attachment_ids.mapped("file_size"))
        self.sudo()._start("analysing", inline=size <= INLINE_BYTES)

    def action_load(self):
        """Create the customers and post the items."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "analysed":
            raise UserError(self.env._("Read the files and look at the report first."))
        record = self.sudo()
        record.user_id = self.env.user
        record._prepare_load()
        record._start("loading", inline=record.load_total <= INLINE_ITEMS)

    def action_resume(self):
        """Go on with a loading that stopped on an error."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "failed" or not self.load_step:
            raise UserError(self.env._("There is nothing to go on with."))
        self.sudo()._start("loading")

    def action_undo(self):
        """Remove everything the takeover posted and created."""
        self.ensure_one()
        self.check_access("write")
        record = self.sudo()
        if self.state != "loaded" and not (self.state == "failed" and record.move_ids):
            raise UserError(self.env._("Nothing of this takeover is loaded."))
        record._check_undoable()
        record._start("undoing", inline=len(record.move_ids) <= 20)

    def _start(self, state, inline=False):
        self.lock_for_update()
        self.write({"state": state, "progress": 0, "attempts": 0, "error": False})
        self.flush_recordset()
        if inline:
            self._process_all()
        else:
            self.env.ref("recouvrement.ir_cron_process_fec").sudo()._trigger()
