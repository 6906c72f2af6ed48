"""Collective proceedings against a customer, or the over-indebtedness of a consumer."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount, format_date

from ..tools import procedural_calendar
from .legal_delay import PLACES

STATES = [
    ("opened", "To Declare"),
    ("declared", "Declared"),
    ("contested", "Contested"),
    ("admitted", "Admitted"),
    ("plan", "In a Plan"),
    ("closed", "Closed"),
    ("undone", "Entered by Mistake"),
]
LIVE = ("opened", "declared", "contested", "admitted", "plan")
OUTCOMES = [
    ("settled", "Settled in the Ledger"),
    ("paid", "Paid"),
    ("plan_kept", "Plan Carried Out"),
    ("irrecoverable", "Irrecoverable"),
    ("resumed", "Ended without Effect: Chased Again"),
]
MEANS = [
    ("registered", "Registered Letter"),
    ("electronic", "Electronic Registered Letter"),
    ("hand", "Handed Over Against Receipt"),
    ("email", "E-mail"),
    ("other", "Other"),
]


class RecouvrementInsolvency(models.Model):
    """What was born before the judgment is frozen (``claim_ids``), what was born since
    goes on being chased.

    Opened in one click (``insolvency_open.py``), taken back as long as nothing was
    declared; its deadlines follow from its dates (``insolvency_dates.py``), its steps
    are in ``insolvency_steps.py``, what came in is read from the ledger
    (``insolvency_ledger.py``).
    """

    _name = "recouvrement.insolvency"
    _description = "Insolvency Proceedings"
    _inherit = [
        "recouvrement.guarded",
        "recouvrement.signed.document",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "date_judgment desc, id desc"
    _rec_names_search = ["name", "case_number", "debtor_id.partner_id.name"]

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
    state = fields.Selection(
        STATES,
        default="opened",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
        group_expand=True,
    )
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
    collector_id = fields.Many2one(related="debtor_id.collector_id", store=True)
    company_id = fields.Many2one(related="debtor_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        index=True,
        tracking=True,
    )
    kind_id = fields.Many2one(
        "recouvrement.insolvency.kind",
        string="Proceedings",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        tracking=True,
    )
    family = fields.Selection(related="kind_id.family", store=True)
    declares = fields.Boolean(related="kind_id.declares")
    kind_note = fields.Text(related="kind_id.note")

    # == The court ==
    jurisdiction_id = fields.Many2one(
        "recouvrement.jurisdiction", string="Court", index="btree_not_null"
    )
    court = fields.Char(
        string="Court or Commission", help="As the announcement names it."
    )
    case_number = fields.Char(help="Number of the case at the court.", tracking=True)
    representative_id = fields.Many2one(
        "res.partner",
        string="Representative of the Creditors",
        index="btree_not_null",
        tracking=True,
        help="Mandataire judiciaire, liquidator or commission: who takes the claims.",
    )
    administrator_id = fields.Many2one(
        "res.partner", index="btree_not_null", help="Administrator, if there is one."
    )
    bodacc_reference = fields.Char(string="Announcement", tracking=True)
    place = fields.Selection(
        PLACES,
        string="Creditor In",
        required=True,
        default="metropole",
        help="Creditors who do not live in metropolitan France have longer.",
    )

    # == Dates ==
    date_judgment = fields.Date(
        string="Judgment",
        required=True,
        readonly=True,
        tracking=True,
        help="It counts from the first hour of its day; for over-indebtedness, the "
        "decision that the application is admissible.",
    )
    date_published = fields.Date(
        string="Published On",
        tracking=True,
        help="Announcement in the BODACC: the delays run from it.",
    )
    date_notified = fields.Date(
        string="Personal Notice",
        help="For creditors with a published security or contract.",
    )
    date_letter = fields.Date(string="Contested On", readonly=True, tracking=True)
    date_answered = fields.Date(string="Answered On", readonly=True, tracking=True)
    date_termination = fields.Date(string="Contract Terminated On")
    date_option = fields.Date(
        string="Notice to Choose",
        help="Notice to go on with a running contract or not.",
    )
    date_observation_end = fields.Date(string="End of Observation")
    date_opened = fields.Date(
        string="Entered On",
        required=True,
        readonly=True,
        default=fields.Date.context_today,
    )
    date_closed = fields.Date(string="Closed On", readonly=True, tracking=True)
    deadline_ids = fields.One2many(
        "recouvrement.deadline", "insolvency_id", string="Deadlines"
    )
    next_date = fields.Date(
        string="Next Deadline", readonly=True, index="btree_not_null"
    )

    # == The claim ==
    claim_ids = fields.One2many(
        "recouvrement.insolvency.claim", "insolvency_id", string="Claims"
    )
    security = fields.Text(
        string="Privileges and Securities", help="As the declaration states them."
    )
    running_interest = fields.Text(
        string="Interest Still Running",
        help="Contracts of a year or more only: how it is computed (R622-23).",
    )
    has_retention = fields.Boolean(
        string="Retention of Title", help="Goods that can be claimed back."
    )
    with_interest = fields.Boolean(
        string="Late Interest Declared",
        readonly=True,
        help="Interest and indemnities up to the eve of the judgment.",
    )
    amount_prior = fields.Monetary(
        string="Owed on the Day of the Judgment", readonly=True
    )
    amount_declared = fields.Monetary(string="Declared", readonly=True)
    amount_admitted = fields.Monetary(string="Admitted", readonly=True)
    amount_contested = fields.Monetary(string="Contested Amount", readonly=True)
    amount_received = fields.Monetary(
        string="Received Since",
        readonly=True,
        help="Money matched with the claims since the judgment, from the ledger.",
    )
    amount_open = fields.Monetary(
        string="Still Open", readonly=True, help="What the claims owe today."
    )

    # == Declaration ==
    signatory_id = fields.Many2one("res.users", help="Who certifies the claim.")
    signatory_quality = fields.Char(
        string="Capacity", help="Legal representative, employee, holder of a power."
    )
    power_id = fields.Many2one("ir.attachment", readonly=True)
    declaration_id = fields.Many2one("ir.attachment", readonly=True, copy=False)
    declaration_sha256 = fields.Char(string="SHA-256", readonly=True, copy=False)
    declaration_obstacle = fields.Text(
        string="Missing in the Annexes", readonly=True, copy=False
    )
    date_declared = fields.Date(string="Sent On", readonly=True, tracking=True)
    declared_by = fields.Selection(MEANS, string="Sent By", readonly=True)
    tracking_number = fields.Char(readonly=True)
    proof_ids = fields.Many2many(
        "ir.attachment",
        "recouvrement_insolvency_proof_rel",
        "insolvency_id",
        "attachment_id",
        string="Proofs",
        readonly=True,
    )
    prescription_event_id = fields.Many2one(
        "recouvrement.prescription.event", readonly=True, copy=False
    )

    # == What became of it ==
    date_admitted = fields.Date(string="Admitted On", readonly=True, tracking=True)
    date_plan = fields.Date(string="Plan Adopted On", readonly=True, tracking=True)
    plan_note = fields.Text(string="Terms of the Plan", readonly=True)
    dividend_ids = fields.One2many(
        "recouvrement.insolvency.dividend", "insolvency_id", string="Dividends"
    )
    certificate_id = fields.Many2one("ir.attachment", readonly=True, copy=False)
    outcome = fields.Selection(OUTCOMES, readonly=True, tracking=True)
    note = fields.Html()
    stopped = fields.Json(readonly=True, copy=False)
    stopped_told = fields.Text(
        string="To Stop Elsewhere",
        readonly=True,
        help="What a person has to stop at a bank or an officer of the court.",
    )
    pause_id = fields.Many2one(
        "recouvrement.interest.pause", readonly=True, copy=False, ondelete="set null"
    )
    undo_reason = fields.Char(readonly=True)
    may_undo = fields.Boolean(compute="_compute_may_undo")
    lang = fields.Selection(
        selection=lambda self: self.env["res.lang"].get_installed(),
        compute="_compute_lang",
        string="Language",
    )

    _live_idx = models.Index(
        "(debtor_id) WHERE state IN "
        "('opened', 'declared', 'contested', 'admitted', 'plan')"
    )

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("name", "customer_id")
    def _compute_display_name(self):
        for one in self:
            one.display_name = " · ".join(
                filter(None, (one.name, one.customer_id.display_name))
            )

    @api.depends("state", "date_declared")
    def _compute_may_undo(self):
        for one in self:
            one.may_undo = one.state == "opened" and not one.date_declared

    @api.depends("representative_id.lang")
    def _compute_lang(self):
        """The declaration goes to a French court: in French where it is installed."""
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        french = [code for code in installed if code.startswith("fr")]
        for one in self:
            one.lang = (french or [one.company_id.partner_id.lang or installed[0]])[0]

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.constrains("date_published", "date_judgment")
    def _check_dates(self):
        for one in self:
            if one.date_published and one.date_published < one.date_judgment:
                raise ValidationError(
                    self.env._("An announcement is published after the judgment.")
                )

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env.ref("recouvrement_litige.sequence_insolvency").sudo()
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = sequence._next()
        return super().create(vals_list)

    def write(self, vals):
        result = super().write(vals)
        if self._get_date_fields() & vals.keys():
            self._sync_deadlines()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        raise UserError(self.env._("Proceedings are a record: undo or close them."))

    # ------------------------------------------------------------------
    # HELPERS
    # ------------------------------------------------------------------

    def _check_state(self, *states):
        """:raise UserError: naming the first whose state does not allow the step."""
        labels = dict(self._fields["state"]._description_selection(self.env))
        for one in self.filtered(lambda x: x.state not in states)[:1]:
            raise UserError(
                self.env._(
                    "%(file)s is “%(state)s”: this is not possible.",
                    file=one.name,
                    state=labels[one.state],
                )
            )

    def _get_region(self):
        """Whose holidays count: those of the seat of the court."""
        return self.jurisdiction_id.region or procedural_calendar.METROPOLE

    def _format(self, amount):
        return format_amount(self.env, amount, self.currency_id)

    def _format_day(self, day):
        return format_date(self.env, day)

    def _log(self, summary, detail=None, amount=0.0):
        """Tell the history of the debtor."""
        for one in self:
            one.debtor_id._log_event(
                "insolvency",
                f"{one.name}: {summary}",
                detail=detail,
                amount=amount,
                currency_id=one.currency_id.id,
            )
