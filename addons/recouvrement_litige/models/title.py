from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.procedural_calendar import add_months
from .procedure_step import TITLE_KINDS

TITLE = "recouvrement.prescription_kind_title"
# Days before the end of the delay to enforce: told, then escalated.
ALERT_DAYS, ESCALATE_DAYS = 365, -90


class RecouvrementTitle(models.Model):
    """An enforceable title and the delay to enforce it (CPCE art. L111-4).

    The ten years are those of the prescription event « enforceable title »; an act of
    enforcement starts them again (C. civ. art. 2231 and 2244).
    """

    _name = "recouvrement.title"
    _description = "Enforceable Title"
    _inherit = ["recouvrement.guarded", "mail.thread"]
    _order = "date desc, id desc"

    name = fields.Char(string="Reference", help="Number of the decision.")
    litigation_id = fields.Many2one(
        "recouvrement.litigation",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    step_id = fields.Many2one(
        "recouvrement.litigation.step", readonly=True, index="btree_not_null"
    )
    debtor_id = fields.Many2one(
        related="litigation_id.debtor_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="litigation_id.company_id", store=True, index=True
    )
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(TITLE_KINDS, required=True, default="judgment")
    date = fields.Date(string="Dated", required=True, readonly=True)
    served_on = fields.Date(tracking=True)
    enforceable_on = fields.Date(readonly=True)
    date_expiry = fields.Date(
        string="To Enforce Until",
        readonly=True,
        help="Last day of the delay to enforce it, from the title or from the last act "
        "of enforcement.",
    )
    amount_principal = fields.Monetary(string="Principal Granted", tracking=True)
    amount_interest = fields.Monetary(string="Interest Granted", tracking=True)
    amount_costs = fields.Monetary(string="Costs Granted", tracking=True)
    amount_article_700 = fields.Monetary(string="Article 700", tracking=True)
    amount_total = fields.Monetary(
        compute="_compute_amount_total", store=True, string="Granted"
    )
    is_void = fields.Boolean(string="Void", readonly=True)
    attachment_ids = fields.Many2many("ir.attachment", string="Copy")
    prescription_event_id = fields.Many2one(
        "recouvrement.prescription.event", readonly=True, index="btree_not_null"
    )
    note = fields.Text()

    _served_check = models.Constraint(
        "CHECK (served_on IS NULL OR served_on >= date)",
        "A title is served after it was made.",
    )

    @api.depends(
        "amount_principal", "amount_interest", "amount_costs", "amount_article_700"
    )
    def _compute_amount_total(self):
        for title in self:
            title.amount_total = (
                title.amount_principal
                + title.amount_interest
                + title.amount_costs
                + title.amount_article_700
            )

    @api.depends("kind", "name")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for title in self:
            title.display_name = " ".join(
                filter(None, (labels[title.kind], title.name))
            )

    @api.constrains("served_on")
    def _check_served_on(self):
        today = fields.Date.context_today(self)
        if any(title.served_on and title.served_on > today for title in self):
            raise ValidationError(self.env._("Enter the service on its day."))

    # ------------------------------------------------------------------
    # DELAY TO ENFORCE
    # ------------------------------------------------------------------

    def _begin(self):
        """Record the title as a prescription event of the items: in sudo."""
        kind = self.env.ref(TITLE)
        for title in self:
            title.prescription_event_id = title.litigation_id._record_event(
                kind, title.date, title.display_name
            )
        self._refresh_expiry()

    def _refresh_expiry(self):
        """The delay runs from the title, or from the last act that interrupted it."""
        years = self.env.ref(TITLE).term_years
        for title in self.sudo():
            acts = title.litigation_id.step_ids.prescription_event_id.filtered(
                lambda event, title=title: (
                    event.effect == "interrupt"
                    and event.certainty == "certain"
                    and not event.is_void
                    and event.date >= title.date
                )
            )
            last = max([title.date, *acts.mapped("date")])
            title._write_changes(date_expiry=add_months(last, 12 * years))
        self._sync_deadline()

    def _sync_deadline(self):
        deadlines = self.env["recouvrement.deadline"]
        for titles in self._in_desk_languages():
            deadlines._put_all(
                [(title, "expiry", title._prepare_deadline()) for title in titles]
            )
        self.litigation_id.sudo()._refresh_next()

    def _prepare_deadline(self):
        over = self.is_void or self.litigation_id.state == "closed"
        values = {
            "name": self.env._("Enforce: %s", self.display_name),
            "date_due": self.date_expiry,
            "user_id": self.litigation_id.user_id.id,
            "litigation_id": self.litigation_id.id,
            "alert_days": ALERT_DAYS,
            "escalate_days": ESCALATE_DAYS,
            "source": self.env.ref(TITLE).source,
            "lapse_text": self.env._("The title can no longer be enforced."),
        }
        return {**values, "state": "void"} if over else values

    def _set_void(self, reason):
        """Take a title away that was entered by mistake, or that was overturned."""
        self.prescription_event_id._set_void(reason)
        self.sudo().is_void = True
        self._sync_deadline()
