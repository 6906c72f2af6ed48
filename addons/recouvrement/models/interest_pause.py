from odoo import api, fields, models
from odoo.exceptions import ValidationError

PRIOR_ONLY = ("insolvency", "over_indebtedness")


class RecouvrementInterestPause(models.Model):
    """Days on which items of a debtor bear no late interest."""

    _name = "recouvrement.interest.pause"
    _description = "Pause of Late Interest"
    _order = "date_from desc, id desc"

    debtor_id = fields.Many2one(
        "recouvrement.debtor", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="debtor_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    kind = fields.Selection(
        [
            ("grace", "Period of Grace Granted by a Court"),
            ("insolvency", "Insolvency Proceedings"),
            ("over_indebtedness", "Over-indebtedness of a Consumer"),
            ("agreed", "Agreed with the Customer"),
        ],
        required=True,
        default="agreed",
    )
    date_from = fields.Date(
        string="First Day", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="Last Day", help="Empty: until further notice.")
    line_ids = fields.Many2many(
        "account.move.line",
        "recouvrement_interest_pause_line_rel",
        "pause_id",
        "line_id",
        string="Items",
        help="Empty: all the items of the debtor; in insolvency and "
        "over-indebtedness, those of documents dated before the first day.",
    )
    prior_only = fields.Boolean(
        compute="_compute_prior_only",
        store=True,
        precompute=True,
        help="Without chosen items, only documents dated before the first day.",
    )
    reason = fields.Char(required=True)
    source = fields.Char(compute="_compute_source")

    _dates_ordered = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A pause ends on its first day or later.",
    )

    @api.depends("kind")
    def _compute_prior_only(self):
        for pause in self:
            pause.prior_only = pause.kind in PRIOR_ONLY

    @api.depends("kind")
    def _compute_source(self):
        sources = {
            "grace": self.env._("C. civ. art. 1343-5"),
            "insolvency": self.env._("C. com. art. L622-28"),
            "over_indebtedness": self.env._("C. conso. art. L722-14"),
            "agreed": self.env._("Agreement"),
        }
        for pause in self:
            pause.source = sources.get(pause.kind)

    @api.constrains("line_ids", "debtor_id")
    def _check_lines(self):
        for pause in self:
            partners = pause.line_ids.partner_id.commercial_partner_id
            if partners - pause.debtor_id.partner_id:
                raise ValidationError(
                    self.env._("The items of a pause are those of its debtor.")
                )

    @api.depends("kind", "date_from", "date_to")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for pause in self:
            pause.display_name = labels.get(pause.kind) or ""

    # ------------------------------------------------------------------
    # HISTORY
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        pauses = super().create(vals_list)
        pauses._log(self.env._("Late interest paused"))
        return pauses

    def write(self, vals):
        result = super().write(vals)
        self._log(self.env._("Pause of late interest changed"))
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_traced(self):
        self._log(self.env._("Pause of late interest removed"))

    def _log(self, summary):
        for pause in self:
            pause.debtor_id._log_event(
                "regime", summary, detail=pause._get_description()
            )

    def _get_description(self):
        """Kind, days and reason in one line."""
        self.ensure_one()
        days = fields.Date.to_string(self.date_from)
        if self.date_to:
            days += f" → {fields.Date.to_string(self.date_to)}"
        return f"{self.display_name}, {days}: {self.reason}"
