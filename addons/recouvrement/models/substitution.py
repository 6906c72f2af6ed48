from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

WATCHED = {"active", "company_id", "date_from", "date_to", "substitute_id", "user_id"}


class RecouvrementSubstitution(models.Model):
    """A colleague stands in for a collector for some days: sees and works the
    portfolio during that time only."""

    _name = "recouvrement.substitution"
    _description = "Substitution of a Collector"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        string="Collector",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        tracking=True,
    )
    substitute_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        domain="[('share', '=', False), ('id', '!=', user_id)]",
        tracking=True,
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
    )
    date_to = fields.Date(string="Until", required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    note = fields.Text(help="What the substitute must know.")
    active = fields.Boolean(default=True)
    state = fields.Selection(
        [("planned", "Planned"), ("running", "Running"), ("over", "Over")],
        compute="_compute_state",
        search="_search_state",
    )
    debtor_count = fields.Integer(compute="_compute_debtor_count")

    _dates_rise = models.Constraint(
        "CHECK (date_to >= date_from)", "A substitution ends after it starts."
    )
    _two_people = models.Constraint(
        "CHECK (substitute_id <> user_id)", "Nobody stands in for themselves."
    )
    # Ranges of one number, because whole numbers need an extension in such an index.
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(user_id, user_id, '[]') WITH &&, "
        "int4range(company_id, company_id, '[]') WITH &&, "
        "daterange(date_from, date_to, '[]') WITH &&) WHERE (active)",
        "This collector already has a substitute in that period.",
    )

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("user_id", "substitute_id")
    def _compute_display_name(self):
        for substitution in self:
            substitution.display_name = self.env._(
                "%(substitute)s for %(collector)s",
                substitute=substitution.substitute_id.name or "",
                collector=substitution.user_id.name or "",
            )

    @api.depends("date_from", "date_to")
    def _compute_state(self):
        today = fields.Date.context_today(self)
        for substitution in self:
            if not substitution.date_from or substitution.date_from > today:
                substitution.state = "planned"
            elif substitution.date_to and substitution.date_to < today:
                substitution.state = "over"
            else:
                substitution.state = "running"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        domains = {
            "planned": Domain("date_from", ">", today),
            "running": Domain("date_from", "<=", today)
            & Domain("date_to", ">=", today),
            "over": Domain("date_to", "<", today),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    @api.depends("user_id", "company_id")
    def _compute_debtor_count(self):
        counts = {
            (user, company): count
            for user, company, count in self.env["recouvrement.debtor"]
            .sudo()
            ._read_group(
                [
                    ("collector_id", "in", self.user_id.ids),
                    ("company_id", "in", self.company_id.ids),
                ],
                ["collector_id", "company_id"],
                ["__count"],
            )
        }
        for substitution in self:
            key = (substitution.user_id, substitution.company_id)
            substitution.debtor_count = counts.get(key, 0)

    # ------------------------------------------------------------------
    # CONSTRAINTS AND CRUD
    # ------------------------------------------------------------------

    @api.constrains("substitute_id", "company_id")
    def _check_substitute(self):
        for substitution in self.sudo():
            substitute = substitution.substitute_id
            if not substitute.has_group("recouvrement.group_collector"):
                raise ValidationError(
                    self.env._("%s is not a collector.", substitute.name)
                )
            if substitution.company_id not in substitute.company_ids.root_id:
                raise ValidationError(
                    self.env._(
                        "%(user)s does not work for %(company)s.",
                        user=substitute.name,
                        company=substitution.company_id.name,
                    )
                )

    @api.constrains("company_id")
    def _check_root_company(self):
        if any(substitution.company_id.parent_id for substitution in self):
            raise ValidationError(
                self.env._("Portfolios belong to the legal entity, not to a branch.")
            )

    def _check_own(self):
        """A collector arranges the own absence only."""
        if self.env.su or self.env.user.has_group("recouvrement.group_manager"):
            return
        if any(substitution.user_id != self.env.user for substitution in self):
            raise AccessError(
                self.env._("Only a credit manager arranges the absence of another.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        substitutions = super().create(vals_list)
        substitutions._check_own()
        substitutions._tell_substitutes()
        substitutions._apply()
        return substitutions

    def write(self, vals):
        if WATCHED & vals.keys():
            self._check_own()
        result = super().write(vals)
        if WATCHED & vals.keys():
            self._check_own()
            self._apply()
        return result

    def unlink(self):
        self._check_own()
        result = super().unlink()
        self._apply()
        return result

    # ------------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------------

    def _tell_substitutes(self):
        for substitution in self:
            substitution.sudo().message_notify(
                partner_ids=substitution.substitute_id.partner_id.ids,
                subject=substitution.display_name,
                body=self.env._(
                    "You stand in for %(collector)s from %(start)s to %(end)s. "
                    "%(note)s",
                    collector=substitution.user_id.name,
                    start=format_date(self.env, substitution.date_from),
                    end=format_date(self.env, substitution.date_to),
                    note=substitution.note or "",
                ),
            )

    @api.model
    def _apply(self):
        """Write on every debtor account who stands in for its collector today; one
        statement, which also ends what is over."""
        return self.env["recouvrement.debtor"].sudo()._apply_substitutions(SQL("TRUE"))

    @api.model
    def _cron_apply(self):
        self._apply()

    def action_end(self):
        """The collector is back: the substitution ended yesterday, or never began."""
        self._check_own()
        today = fields.Date.context_today(self)
        yesterday = fields.Date.subtract(today, days=1)
        for substitution in self:
            if substitution.date_from < today <= substitution.date_to:
                substitution.date_to = yesterday
            elif substitution.date_to >= today:
                substitution.active = False
