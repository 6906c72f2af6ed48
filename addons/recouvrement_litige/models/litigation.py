"""A litigation file: items of one debtor, a procedure, its steps and its ending."""

from odoo import api, fields, models
from odoo.exceptions import UserError

OUTCOMES = [
    ("paid", "Paid"),
    ("settlement", "Settlement"),
    ("abandoned", "Abandoned"),
    ("irrecoverable", "Irrecoverable"),
]


class RecouvrementLitigation(models.Model):
    """Its items are marked « litigation » as long as it is open; it ends by itself when
    the ledger settles them all. Opened by ``_open`` (litigation_open.py)."""

    _name = "recouvrement.litigation"
    _description = "Litigation File"
    _inherit = ["recouvrement.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "next_date, id desc"
    _rec_names_search = ["name", "case_number", "debtor_id.partner_id.name"]

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
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
    line_ids = fields.One2many(
        "recouvrement.litigation.line", "litigation_id", string="Items", readonly=True
    )
    stage_id = fields.Many2one(
        "recouvrement.litigation.stage",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        group_expand="_group_expand_stages",
        default=lambda self: self._get_stage("prepare"),
    )
    state = fields.Selection(
        [("open", "In Progress"), ("closed", "Closed")],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    procedure_id = fields.Many2one(
        "recouvrement.procedure", readonly=True, index="btree_not_null", tracking=True
    )
    jurisdiction_id = fields.Many2one(
        "recouvrement.jurisdiction",
        string="Court",
        index="btree_not_null",
        tracking=True,
    )
    case_number = fields.Char(help="Number of the case at the court.", tracking=True)
    priority = fields.Selection(
        [("0", "Normal"), ("1", "Urgent")], default="0", tracking=True
    )
    note = fields.Html()
    date_open = fields.Date(
        string="Opened On",
        required=True,
        readonly=True,
        default=fields.Date.context_today,
    )
    date_closed = fields.Date(string="Closed On", readonly=True)
    order_date = fields.Date(
        string="Date of the Order",
        readonly=True,
        help="Day the judge signed the payment order: it decides on the delays.",
    )
    outcome = fields.Selection(OUTCOMES, readonly=True, tracking=True)
    outcome_reason = fields.Text(readonly=True)
    next_date = fields.Date(
        string="Next Deadline", readonly=True, index="btree_not_null"
    )

    urgency = fields.Selection(
        [
            ("late", "Late"),
            ("soon", "Within Two Weeks"),
            ("calm", "Later"),
            ("none", "Nothing Planned"),
        ],
        required=True,
        readonly=True,
        default="none",
        help="Of its next deadline.",
    )

    # == From the ledger, in company currency ==
    amount_transferred = fields.Monetary(string="Transferred", readonly=True)
    amount_open = fields.Monetary(
        string="Open Amount",
        readonly=True,
        help="What its items still owe, in company currency.",
    )

    _open_idx = models.Index("(stage_id, next_date, id) WHERE state = 'open'")
    _debtor_open_idx = models.Index("(debtor_id) WHERE state = 'open'")

    @api.depends("name", "customer_id")
    def _compute_display_name(self):
        for litigation in self:
            litigation.display_name = " · ".join(
                filter(None, (litigation.name, litigation.customer_id.display_name))
            )

    @api.model
    def _get_stage(self, code):
        """The stage of a code; a stage that was deleted leaves none."""
        return self.env["recouvrement.litigation.stage"].search(
            [("code", "=", code)], limit=1
        )

    @api.model
    def _group_expand_stages(self, stages, domain):
        return stages.search([("is_closed", "=", False)]) | stages

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env.ref("recouvrement_litige.sequence_litigation").sudo()
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                vals["name"] = sequence._next()
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and "stage_id" in vals:
            self._check_stage_by_hand(vals["stage_id"])
        return super().write(vals)

    def _check_stage_by_hand(self, stage_id):
        """By hand a file moves among the open stages only."""
        stage = self.env["recouvrement.litigation.stage"].browse(stage_id)
        if stage.is_closed or any(one.state == "closed" for one in self):
            raise UserError(
                self.env._("A file is closed and opened again by its buttons.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        raise UserError(self.env._("A litigation file is a record: close it instead."))
