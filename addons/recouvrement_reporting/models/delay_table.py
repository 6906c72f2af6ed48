from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools.delay_table import BoundsError, read_bounds

RECEIVED, ISSUED = "received", "issued"
SIDES = [(RECEIVED, "Received (Suppliers)"), (ISSUED, "Issued (Customers)")]
CLOSING, YEAR = "closing", "year"
REFERENCES = [
    ("contractual", "Contractual"),
    ("legal", "Legal"),
    ("mixed", "Contractual, Legal When None Was Agreed"),
]
LEGAL_DAYS = 30
PREFIXES = {"FR": {ISSUED: "70", RECEIVED: "60 61 62"}}


class RecouvrementDelayTable(models.Model):
    """Payment delays of suppliers and customers, for the management report (C. com.
    art. L. 441-14, D. 441-6).

    Computed from the ledger as of the closing date into lines: each figure is the sum
    of its lines. Frozen, it no longer follows the ledger.
    """

    _name = "recouvrement.delay.table"
    _description = "Payment-delay Table"
    _inherit = ["recouvrement.guarded"]
    _order = "date_to desc, id desc"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
        help="The legal entity: its branches count with it.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(
        string="First Day",
        required=True,
        compute="_compute_date_from",
        store=True,
        readonly=False,
        precompute=True,
        help="Of the fiscal year; change it for a first year of another length.",
    )
    date_to = fields.Date(
        string="Closing Date",
        required=True,
        default=lambda self: self._default_date_to(),
    )
    part = fields.Selection(
        [
            (CLOSING, "I: Unpaid at Closing, Term Fallen"),
            (YEAR, "II: Paid Late During the Year"),
        ],
        string="Table",
        required=True,
        default=CLOSING,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("frozen", "Frozen"), ("replaced", "Replaced")],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )

    # == Choices ==
    basis = fields.Selection(
        [("untaxed", "Excluding Taxes"), ("taxed", "Including Taxes")],
        string="Amounts",
        required=True,
        default="untaxed",
    )
    bounds = fields.Char(
        string="Last Days of the Columns",
        required=True,
        default="30 60 90",
        help="In days of delay; the last column has no end.",
    )
    zero_day = fields.Selection(
        [
            ("term", "Term on the Day Itself"),
            ("not_due", "All That Is Not Late"),
        ],
        string="Column “0 Day”",
        required=True,
        default="term",
        help="The model only calls this column indicative.",
    )
    credit_notes = fields.Selection(
        [("apart", "Apart"), ("deducted", "Deducted in Their Column")],
        required=True,
        default="apart",
        help="Credit notes not allocated at closing; apart, the tie-out names them.",
    )
    exclude_disputed = fields.Boolean(
        string="Exclude Disputed Documents",
        default=True,
        help="Customer items disputed or in litigation, supplier bills whose payment "
        "is blocked, and the documents below, when the table is computed.",
    )
    excluded_move_ids = fields.Many2many(
        "account.move",
        string="Other Disputed Documents",
        domain="[('state', '=', 'posted'), ('move_type', '!=', 'entry'), "
        "('company_id', 'child_of', company_id)]",
    )
    with_penalties = fields.Boolean(
        string="Count Penalty Invoices",
        help="Invoices of late-payment penalties, in the table and in the turnover.",
    )
    with_unpaid = fields.Boolean(
        string="Count What Is Still Unpaid",
        help="Table II also counts what is late and unpaid at closing.",
    )
    denominator = fields.Selection(
        [("documents", "Documents of the Year"), ("ledger", "Accounts")],
        string="Percentages Of",
        required=True,
        default="documents",
        help="Purchases and turnover: invoices less credit notes of the year, or the "
        "balance of the accounts (amounts excluding taxes only).",
    )
    purchase_prefixes = fields.Char(
        string="Accounts of Purchases",
        default=lambda self: self._default_prefixes(RECEIVED),
        help="First digits of the accounts; empty: all accounts of expenses.",
    )
    turnover_prefixes = fields.Char(
        string="Accounts of Turnover",
        default=lambda self: self._default_prefixes(ISSUED),
        help="First digits of the accounts; empty: all accounts of income.",
    )
    reference_received = fields.Selection(
        REFERENCES, string="Delays of Suppliers", required=True, default="contractual"
    )
    reference_issued = fields.Selection(
        REFERENCES, string="Delays of Customers", required=True, default="contractual"
    )
    legal_days_received = fields.Integer(
        string="Legal Delay of Suppliers", required=True, default=LEGAL_DAYS
    )
    legal_days_issued = fields.Integer(
        string="Legal Delay of Customers", required=True, default=LEGAL_DAYS
    )

    # == Words printed ==
    title = fields.Text(default=lambda self: self._default_words("title"))
    heading_received = fields.Text(
        string="Heading of Suppliers",
        default=lambda self: self._default_words("received"),
    )
    heading_issued = fields.Text(
        string="Heading of Customers",
        default=lambda self: self._default_words("issued"),
    )
    terms_received = fields.Char(string="Delays of Suppliers in Words")
    terms_issued = fields.Char(string="Delays of Customers in Words")
    note = fields.Text(string="Comments")

    # == Result ==
    line_ids = fields.One2many("recouvrement.delay.table.line", "table_id")
    cells = fields.Json(readonly=True, copy=False)
    tie_out = fields.Json(readonly=True, copy=False)
    purchases = fields.Monetary(readonly=True, copy=False)
    turnover = fields.Monetary(readonly=True, copy=False)
    is_tied = fields.Boolean(string="Ties to the Ledger", readonly=True, copy=False)
    date_computed = fields.Datetime(string="Computed On", readonly=True, copy=False)
    date_frozen = fields.Datetime(string="Frozen On", readonly=True, copy=False)
    frozen_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    pdf_id = fields.Many2one(
        "ir.attachment", string="PDF", readonly=True, copy=False, index="btree_not_null"
    )
    pdf_sha256 = fields.Char(string="SHA-256 of the PDF", readonly=True, copy=False)
    xlsx_id = fields.Many2one(
        "ir.attachment",
        string="Workbook",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    xlsx_sha256 = fields.Char(
        string="SHA-256 of the Workbook", readonly=True, copy=False
    )
    replaces_id = fields.Many2one(
        "recouvrement.delay.table",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    _frozen_uniq = models.UniqueIndex(
        "(company_id, date_to, part) WHERE state = 'frozen'",
        "This closing already has its frozen table: replace it instead.",
    )

    # ------------------------------------------------------------------
    # DEFAULTS
    # ------------------------------------------------------------------

    @api.model
    def _default_date_to(self):
        """Last fiscal year of the company that is over."""
        company, today = self.env.company.root_id, fields.Date.context_today(self)
        year = company.compute_fiscalyear_dates(today)
        if year["date_to"] < today:
            return year["date_to"]
        return year["date_from"] - timedelta(days=1)

    @api.model
    def _default_prefixes(self, side):
        country = self.env.company.root_id.account_fiscal_country_id.code
        return PREFIXES.get(country, {}).get(side, "")

    @api.model
    def _default_words(self, key, part=None):
        """Words of the model, in the language of the document; to be edited."""
        self = self.with_context(lang=self._get_print_lang())
        if key == "title":
            return self.env._(
                "Payment delays of suppliers and customers "
                "(art. L. 441-14 and D. 441-6 of the French Commercial Code)"
            )
        if (part or self.env.context.get("default_part")) == YEAR:
            return {
                RECEIVED: self.env._(
                    "Article D. 441-6 II: invoices received that were paid late "
                    "during the year"
                ),
                ISSUED: self.env._(
                    "Article D. 441-6 II: invoices issued that were paid late "
                    "during the year"
                ),
            }[key]
        return {
            RECEIVED: self.env._(
                "Article D. 441-6 I.-1°: invoices received, unpaid at the closing "
                "date and whose term has fallen"
            ),
            ISSUED: self.env._(
                "Article D. 441-6 I.-2°: invoices issued, unpaid at the closing date "
                "and whose term has fallen"
            ),
        }[key]

    @api.model
    def _get_print_lang(self):
        """A French document for a French law, when the language is there."""
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        if "fr_FR" in installed:
            return "fr_FR"
        return self.env.lang or "en_US"

    # ------------------------------------------------------------------
    # COMPUTES AND CONSTRAINTS
    # ------------------------------------------------------------------

    @api.depends("company_id", "date_to")
    def _compute_date_from(self):
        for table in self:
            company = table.company_id or self.env.company
            if table.date_to:
                year = company.compute_fiscalyear_dates(table.date_to)
                table.date_from = year["date_from"]

    @api.depends("company_id", "date_to", "part")
    def _compute_display_name(self):
        parts = dict(self._fields["part"]._description_selection(self.env))
        for table in self:
            day = fields.Date.to_string(table.date_to)
            part = parts.get(table.part, "")
            table.display_name = f"{table.company_id.name} {day} ({part})"

    @api.onchange("part")
    def _onchange_part(self):
        """The headings follow the table, unless they were edited."""
        for side, _label in SIDES:
            known = {self._default_words(side, part) for part in (CLOSING, YEAR)}
            if self[f"heading_{side}"] in known | {False}:
                self[f"heading_{side}"] = self._default_words(side, self.part)

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for table in self:
            if table.date_from > table.date_to:
                raise ValidationError(self.env._("The year ends before it starts."))

    @api.constrains("bounds", "basis", "denominator")
    def _check_choices(self):
        for table in self:
            table._get_bounds()
            if table.denominator == "ledger" and table.basis == "taxed":
                raise ValidationError(
                    self.env._(
                        "The accounts hold no taxes: percentages of amounts including "
                        "taxes are those of the documents of the year."
                    )
                )

    @api.constrains("legal_days_received", "legal_days_issued")
    def _check_legal_days(self):
        for table in self:
            for days in (table.legal_days_received, table.legal_days_issued):
                if not 0 <= days <= 365:
                    raise ValidationError(
                        self.env._("A legal delay has from 0 to 365 days.")
                    )

    def _get_bounds(self):
        """Last days of the columns.

        :raise ValidationError: says what cannot be read.
        """
        self.ensure_one()
        try:
            return read_bounds(self.bounds)
        except BoundsError as error:
            raise ValidationError(
                self.env._("“%s” are not increasing numbers of days.", error.args[0])
            ) from error

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            part = vals.get("part", self.env.context.get("default_part", CLOSING))
            for side, _label in SIDES:
                vals.setdefault(f"heading_{side}", self._default_words(side, part))
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and self.filtered(lambda table: table.state != "draft"):
            raise UserError(self.env._("A frozen table no longer changes."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_frozen(self):
        if self.filtered(lambda table: table.state != "draft"):
            raise UserError(self.env._("A frozen table is kept with what was printed."))
