"""What a customer lets the company debit: who, which account, under which scheme, and
where it stands."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_date

from odoo.addons.recouvrement.tools.bank_account import BankAccountError, read_iban

from ..tools.identifiers import SEPA_COUNTRIES
from ..tools.mandate import lapse_day

SCHEMES = [("CORE", "CORE"), ("B2B", "B2B")]
KINDS = [("recurrent", "Recurrent"), ("oneoff", "One-off")]
STATES = [
    ("draft", "Draft"),
    ("sent", "Sent"),
    ("signed", "Signed"),
    ("active", "Active"),
    ("suspended", "Suspended"),
    ("final", "Used"),
    ("cancelled", "Cancelled"),
    ("expired", "Expired"),
]
WAITING = ("draft", "sent", "signed")
LIVE = (*WAITING, "active", "suspended")
ENDED = ("final", "cancelled", "expired")
# What stays open to changes once the mandate was issued.
ALWAYS_EDITABLE = {"priority", "sale_journal_ids", "note", "prenotification_days"}
HOLDER_MAX = 70


class RecouvrementSepaMandate(models.Model):
    """A SEPA mandate: draft → sent → signed → (B2B: registered by the debtor's bank)
    → active ⇄ suspended → used, cancelled or expired.

    Reference, scheme, type, creditor identifier and creditor name are frozen when it
    is issued; what changes afterwards is an amendment.
    """

    _name = "recouvrement.sepa.mandate"
    _description = "Direct Debit Mandate"
    _inherit = [
        "recouvrement.guarded",
        "recouvrement.stepped",
        "recouvrement.signed.document",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_names_search = ["name", "debtor_id.partner_id.name", "iban"]

    name = fields.Char(
        string="Mandate Reference (RUM)",
        readonly=True,
        copy=False,
        help="Given when the mandate is issued.",
    )
    state = fields.Selection(
        STATES,
        default="draft",
        required=True,
        readonly=True,
        index=True,
        copy=False,
        group_expand=True,
    )
    debtor_id = fields.Many2one(
        "recouvrement.debtor", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="debtor_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        related="debtor_id.partner_id", string="Customer", store=True, index=True
    )
    collector_id = fields.Many2one(related="debtor_id.collector_id", store=True)
    signatory_id = fields.Many2one(
        "res.partner",
        string="Addressee",
        help="Person of the customer that the mandate is sent to; empty: the "
        "addressee of reminders.",
    )
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        compute="_compute_lang",
        string="Language",
    )
    note = fields.Text(help="For the file; the customer does not see it.")

    # == Terms, frozen when the mandate is issued ==
    # No default scheme: a mandate signed for one is void under the other.
    scheme = fields.Selection(
        SCHEMES,
        required=True,
        index=True,
        help="B2B: between companies only, registered by the debtor's bank, without a "
        "right to a refund.",
    )
    kind = fields.Selection(
        KINDS, string="Type of Payment", required=True, default="recurrent"
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Collected On",
        domain="[('type', '=', 'bank'), ('company_id', 'child_of', company_id)]",
        help="Bank account of the company, when the mandate bears its identifier "
        "instead of that of the company.",
    )
    creditor_identifier = fields.Char(
        string="Creditor Identifier (ICS)", readonly=True, copy=False
    )
    creditor_name = fields.Char(readonly=True, copy=False)
    iban = fields.Char(
        string="IBAN",
        index="btree_not_null",
        help="Account that is debited. Empty: the customer writes it when signing.",
    )
    bic = fields.Char(string="BIC", compute="_compute_bank", store=True)
    bank_name = fields.Char(string="Bank", compute="_compute_bank", store=True)
    account_holder = fields.Char(help="Empty: the name of the customer.")

    # == Use ==
    prenotification_days = fields.Integer(
        string="Days of Pre-notification",
        help="Agreed with this customer. 0: those of the company.",
    )
    priority = fields.Integer(
        default=10,
        aggregator=None,
        help="Of several mandates of a customer, the lowest number is used first.",
    )
    sale_journal_ids = fields.Many2many(
        "account.journal",
        "recouvrement_sepa_mandate_sale_journal_rel",
        "mandate_id",
        "journal_id",
        string="Invoice Journals",
        domain="[('type', '=', 'sale'), ('company_id', 'child_of', company_id)]",
        help="Invoices that it pays. Empty: those of all journals.",
    )

    # == What happened ==
    date_sent = fields.Date(readonly=True, copy=False)
    date_signed = fields.Date(readonly=True, copy=False)
    registered_on = fields.Date(
        string="Registered by the Debtor's Bank",
        readonly=True,
        copy=False,
        help="B2B: the bank rejects every debit of a mandate that it does not know.",
    )
    date_last_collection = fields.Date(
        string="Last Collection",
        readonly=True,
        copy=False,
        help="Due date of the last collection presented, even if it came back.",
    )
    collection_count = fields.Integer(
        string="Collections", readonly=True, copy=False, default=0
    )
    date_expiry = fields.Date(
        string="Lapses On",
        compute="_compute_date_expiry",
        store=True,
        help="36 months after the due date of the last collection presented, else "
        "after the signature.",
    )
    suspended_reason = fields.Char(readonly=True, copy=False)
    end_reason = fields.Char(string="Reason of the End", readonly=True, copy=False)
    date_end = fields.Date(string="Ended On", readonly=True, copy=False)
    can_collect = fields.Boolean(
        compute="_compute_can_collect",
        help="A collection due today may be presented under this mandate.",
    )

    # Banks drop spaces and case of references.
    _rum_uniq = models.UniqueIndex(
        "(creditor_identifier, UPPER(REPLACE(name, ' ', ''))) WHERE name IS NOT NULL",
        "This creditor already has a mandate of this reference.",
    )
    _live_debtor_idx = models.Index("(debtor_id, priority, id) WHERE state = 'active'")
    _issued_is_whole = models.Constraint(
        "CHECK (state = 'draft' OR state = 'cancelled' OR (name IS NOT NULL AND "
        "creditor_identifier IS NOT NULL AND creditor_name IS NOT NULL))",
        "A mandate is issued with its reference, creditor identifier and creditor.",
    )
    _active_is_whole = models.Constraint(
        "CHECK (state NOT IN ('active', 'suspended', 'final') OR (date_signed IS NOT "
        "NULL AND iban IS NOT NULL AND (scheme = 'CORE' OR registered_on IS NOT "
        "NULL)))",
        "An active mandate is signed, names an account and, in B2B, is registered by "
        "the debtor's bank.",
    )

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for mandate in self:
            name = mandate.name or self.env._("Draft mandate")
            mandate.display_name = " · ".join(
                filter(None, (name, mandate.partner_id.display_name))
            )

    @api.depends("signatory_id.lang", "debtor_id.lang")
    def _compute_lang(self):
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        for mandate in self:
            lang = mandate.sudo().signatory_id.lang
            mandate.lang = lang if lang in installed else mandate.debtor_id.lang

    @api.depends("iban")
    def _compute_bank(self):
        """A hint only: what the registers of banks say of the account."""
        for mandate in self:
            try:
                account = read_iban(mandate.iban)
            except BankAccountError:
                mandate.bic = mandate.bank_name = False
            else:
                mandate.bic, mandate.bank_name = account.bic, account.bank

    @api.depends("date_signed", "date_last_collection")
    def _compute_date_expiry(self):
        for mandate in self:
            mandate.date_expiry = lapse_day(
                mandate.date_signed, mandate.date_last_collection
            )

    @api.depends("state", "date_expiry", "registered_on", "date_signed", "iban")
    def _compute_can_collect(self):
        usable = self._get_usable(self.ids)
        for mandate in self:
            mandate.can_collect = mandate.id in usable

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.constrains("iban")
    def _check_iban(self):
        for mandate in self.filtered("iban"):
            self._read_iban(mandate.iban)

    @api.constrains("scheme", "debtor_id")
    def _check_scheme(self):
        """B2B is closed to consumers; what was issued before is not judged again."""
        for mandate in self.filtered(lambda m: m.state == "draft"):
            mandate._check_not_consumer()

    @api.constrains("kind", "account_holder", "prenotification_days")
    def _check_terms(self):
        for mandate in self:
            if len(mandate.account_holder or "") > HOLDER_MAX:
                raise ValidationError(
                    self.env._(
                        "The holder of an account has at most %s characters.",
                        HOLDER_MAX,
                    )
                )
            if mandate.prenotification_days < 0:
                raise ValidationError(
                    self.env._("A number of days cannot be negative.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_vals(vals) for vals in vals_list])

    def write(self, vals):
        if not self.env.su:
            self._check_guarded(vals)
            self._check_editable(vals)
        return super().write(self._clean_vals(vals))

    def _check_editable(self, vals):
        """Once issued, only what does not bind the customer changes by hand.

        :raise UserError: naming what is frozen.
        """
        frozen = [
            name
            for name in vals
            if name in self._fields
            and self._fields[name].store
            and name not in ALWAYS_EDITABLE
            and not name.startswith(("message_", "activity_", "website_message"))
        ]
        issued = self.filtered(lambda m: m.state != "draft")
        if frozen and issued:
            raise UserError(
                self.env._(
                    "%(mandate)s was issued: “%(field)s” does not change any more. "
                    "Amend it, or cancel it and issue another one.",
                    mandate=issued[0].name,
                    field=self._fields[frozen[0]]._description_string(self.env),
                )
            )

    @api.model
    def _clean_vals(self, vals):
        if not vals.get("iban"):
            return vals
        return {**vals, "iban": self._read_iban(vals["iban"]).iban}

    @api.model
    def _read_iban(self, text):
        """The account of an IBAN that a SEPA direct debit reaches.

        :raise ValidationError: saying what is wrong.
        """
        try:
            account = read_iban(text)
        except BankAccountError as error:
            reason = self.env["recouvrement.bank.change"]._describe_error(error)
            raise ValidationError(
                self.env._(
                    "“%(iban)s” is no valid IBAN: %(error)s", iban=text, error=reason
                )
            ) from error
        if account.country not in SEPA_COUNTRIES:
            raise ValidationError(
                self.env._(
                    "“%(iban)s”: banks of %(country)s take no SEPA direct debit.",
                    iban=text,
                    country=account.country,
                )
            )
        return account

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        if any(mandate.state != "draft" for mandate in self):
            raise UserError(
                self.env._("Only the draft of a mandate can be deleted: cancel it.")
            )

    # ------------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------------

    def _format_day(self, day, lang=None):
        return format_date(self.env, day, lang_code=lang) if day else ""

    def _get_holder(self):
        """Name of the account's holder."""
        self.ensure_one()
        return (self.account_holder or self.sudo().partner_id.name or "")[:HOLDER_MAX]

    def _get_prenotification_days(self):
        """Days before a collection on which the customer is told."""
        self.ensure_one()
        return self.prenotification_days or self.company_id._get_sepa_days(
            "prenotification"
        )

    def _log(self, summary, detail=False):
        """One event per mandate in the history of its debtor, and on its own page."""
        for mandate in self:
            mandate.debtor_id._log_event(
                "mandate",
                self.env._(
                    "Mandate %(mandate)s: %(what)s",
                    mandate=mandate.name or self.env._("draft"),
                    what=summary,
                ),
                detail=detail or False,
            )
        self.sudo()._message_log_batch(
            bodies={
                mandate.id: f"{summary}: {detail}" if detail else summary
                for mandate in self
            },
            author_id=self.env.user.partner_id.id,
        )
