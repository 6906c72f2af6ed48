"""A litigation file entrusted to a lawyer, an officer or an agency."""

from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [
    ("draft", "To Send"),
    ("sent", "Sent"),
    ("accepted", "Accepted"),
    ("refused", "Refused"),
    ("returned", "Returned"),
    ("closed", "Closed"),
]
OPEN = ("draft", "sent", "accepted")
STATUSES = [
    ("received", "Received"),
    ("in_progress", "In Progress"),
    ("promise", "Promise or Plan"),
    ("disputed", "Disputed"),
    ("insolvent", "Insolvent"),
    ("untraceable", "Not Found"),
    ("paid", "Paid"),
    ("closed", "Closed"),
]


class RecouvrementCounselAssignment(models.Model):
    """draft → sent (instructions left) → accepted or refused → returned or closed."""

    _name = "recouvrement.counsel.assignment"
    _description = "Mandate on a File"
    _inherit = ["recouvrement.guarded"]
    _order = "date desc, id desc"
    _check_company_auto = True

    litigation_id = fields.Many2one(
        "recouvrement.litigation", required=True, index=True, ondelete="cascade"
    )
    debtor_id = fields.Many2one(
        related="litigation_id.debtor_id", store=True, index=True
    )
    customer_id = fields.Many2one(
        related="debtor_id.partner_id", string="Customer", store=True, index=True
    )
    company_id = fields.Many2one(
        related="litigation_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    counsel_id = fields.Many2one(
        "recouvrement.counsel",
        required=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    kind = fields.Selection(related="counsel_id.kind", store=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    state = fields.Selection(
        STATES, required=True, readonly=True, default="draft", index=True
    )
    reference = fields.Char(
        string="Their Reference", index="btree_not_null", help="Their file number."
    )
    instructions = fields.Html()
    sent_on = fields.Datetime(readonly=True)
    sent_by_id = fields.Many2one("res.users", readonly=True)
    answer = fields.Text(help="What they answered.")
    status = fields.Selection(
        STATUSES, string="Their Status", readonly=True, help="As last reported."
    )
    status_date = fields.Date(string="Reported On", readonly=True)
    date_end = fields.Date(string="Ended On", readonly=True)
    is_silent = fields.Boolean(
        compute="_compute_is_silent",
        string="No News",
        help="Nothing was reported for 60 days.",
    )

    # == Money, in company currency ==
    amount_entrusted = fields.Monetary(
        string="Entrusted", readonly=True, help="Claimed when the file was sent."
    )
    amount_announced = fields.Monetary(
        string="Announced", readonly=True, help="Payments that they reported."
    )
    amount_collected = fields.Monetary(
        string="Collected",
        readonly=True,
        help="Money received on the items since the file was sent, in the ledger.",
    )
    gap = fields.Monetary(
        string="Not in the Ledger",
        compute="_compute_gap",
        help="Announced, but not received here yet. An agency passes on what it "
        "collects within a month (CPCE art. R124-6).",
    )
    cost_ids = fields.One2many("recouvrement.litigation.cost", "assignment_id")
    fee_total = fields.Monetary(string="Fees", readonly=True)
    report_line_ids = fields.One2many(
        "recouvrement.counsel.report.line", "assignment_id", readonly=True
    )

    _one_open = models.UniqueIndex(
        "(litigation_id, counsel_id) WHERE state IN ('draft', 'sent', 'accepted')",
        "This file is entrusted to them already.",
    )
    _open_idx = models.Index("(counsel_id) WHERE state IN ('sent', 'accepted')")

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("litigation_id", "counsel_id")
    def _compute_display_name(self):
        for one in self:
            parts = (one.litigation_id.name, one.counsel_id.name)
            one.display_name = " · ".join(filter(None, parts))

    @api.depends("amount_announced", "amount_collected")
    def _compute_gap(self):
        for one in self:
            one.gap = max(0.0, one.amount_announced - one.amount_collected)

    @api.depends("state", "status_date", "sent_on")
    def _compute_is_silent(self):
        limit = fields.Date.subtract(fields.Date.context_today(self), days=60)
        for one in self:
            last = one.status_date or (one.sent_on and one.sent_on.date())
            one.is_silent = one.state in ("sent", "accepted") and (
                not last or last < limit
            )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        self.flush_model(["state"])  # One that just ended is no obstacle.
        made = super().create(vals_list)
        if not self.env.su:
            made.litigation_id.check_access("write")
        return made

    def write(self, vals):
        result = super().write(vals)
        if "litigation_id" in vals and not self.env.su:
            self.litigation_id.check_access("write")
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if self.filtered(lambda one: one.state != "draft"):
            raise UserError(self.env._("A file that was sent is returned or closed."))

    # ------------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------------

    def action_write(self):
        """Write to them: instructions at first, then to ask for news."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Write to %s", self.counsel_id.name),
            "res_model": "recouvrement.counsel.mail",
            "view_mode": "form",
            "target": "new",
            "context": {"default_assignment_id": self.id},
        }

    def action_accept(self):
        self._move("sent", "accepted")

    def action_refuse(self):
        self._move("sent", "refused")

    def action_return(self):
        self._move("sent accepted", "returned")

    def action_close(self):
        self._move("sent accepted", "closed")

    def action_mark_sent(self):
        """Sent by other means than an e-mail from here."""
        self._check_state("draft")
        self.check_access("write")
        self._mark_sent()

    def _move(self, before, after):
        self.check_access("write")
        self._check_state(*before.split())
        vals = {"state": after}
        if after not in OPEN:
            vals["date_end"] = fields.Date.context_today(self)
        self.sudo().write(vals)
        self._tell()

    def _check_state(self, *states):
        if self.filtered(lambda one: one.state not in states):
            raise UserError(self.env._("This is not possible in this state."))

    def _mark_sent(self):
        """The files left: what was claimed then is what was entrusted."""
        for one in self.sudo():
            litigation = one.litigation_id
            one.write(
                {
                    "state": "sent",
                    "sent_on": fields.Datetime.now(),
                    "sent_by_id": self.env.uid,
                    "amount_entrusted": litigation.amount_claimed
                    or litigation.amount_remaining,
                }
            )
        self._tell()
        self._refresh_amounts()

    def _tell(self):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for one in self.sudo():
            one.litigation_id._message_log(
                body=self.env._(
                    "%(counsel)s: %(state)s",
                    counsel=one.counsel_id.name,
                    state=labels[one.state],
                )
            )
