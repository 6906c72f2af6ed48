"""Who acts for a debtor, from which day to which: the property manager of an owners'
association. The debtor stays the association (C. civ. 1330: no novation)."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

KINDS = [
    ("manager", "Property Manager"),
    ("volunteer", "Volunteer Property Manager"),
    ("administrator", "Provisional Administrator"),
    ("other", "Other Representative"),
]


class RecouvrementRepresentative(models.Model):
    """A representative in office for a time, never two at once."""

    _name = "recouvrement.representative"
    _description = "Representative of a Debtor"
    _inherit = ["recouvrement.guarded"]
    _order = "debtor_id, date_from desc"
    _rec_name = "partner_id"

    debtor_id = fields.Many2one(
        "recouvrement.debtor", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="debtor_id.company_id", store=True)
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Association")
    currency_id = fields.Many2one(related="debtor_id.currency_id")
    open_amount = fields.Monetary(related="debtor_id.open_amount")
    kind = fields.Selection(KINDS, required=True, default="manager")
    partner_id = fields.Many2one(
        "res.partner",
        string="Representative",
        required=True,
        index=True,
        ondelete="restrict",
    )
    contact_id = fields.Many2one(
        "res.partner",
        string="Person",
        index="btree_not_null",
        domain="[('parent_id', '=', partner_id)]",
        help="Who gets the reminders there; empty: the representative.",
    )
    date_from = fields.Date(string="In Office From", required=True)
    date_to = fields.Date(string="Until", help="Empty: still in office.")
    mutation_id = fields.Many2one(
        "recouvrement.mutation", readonly=True, index="btree_not_null"
    )
    proof_ids = fields.Many2many(
        "ir.attachment", "recouvrement_representative_proof_rel", string="Proofs"
    )
    note = fields.Char()
    in_office = fields.Boolean(
        string="In Office Today",
        compute="_compute_in_office",
        search="_search_in_office",
    )

    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A representative leaves office after taking it.",
    )
    # Ranges of one number, because whole numbers need an extension in such an index.
    _no_overlap = models.Constraint(
        "EXCLUDE USING gist (int4range(debtor_id, debtor_id, '[]') WITH &&, "
        "daterange(date_from, date_to, '[]') WITH &&)",
        "This debtor already has a representative in that period.",
    )

    @api.depends("partner_id", "date_from", "date_to")
    def _compute_display_name(self):
        for one in self:
            name = one.partner_id.name or ""
            if one.date_from:
                name = self.env._(
                    "%(name)s since %(day)s",
                    name=name,
                    day=format_date(self.env, one.date_from),
                )
            one.display_name = name

    @api.depends("date_from", "date_to")
    def _compute_in_office(self):
        today = fields.Date.context_today(self)
        for one in self:
            one.in_office = bool(one.date_from and one._on(today))

    def _search_in_office(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = self._domain_on(fields.Date.context_today(self))
        return domain if True in value else ~domain

    @api.model
    def _domain_on(self, day):
        """Those in office on a day."""
        return Domain("date_from", "<=", day) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", day)
        )

    def _on(self, day):
        """Those of these that are in office on a day."""
        return self.filtered(
            lambda one: one.date_from <= day and (not one.date_to or one.date_to >= day)
        )

    @api.constrains("partner_id", "contact_id", "debtor_id")
    def _check_partner(self):
        for one in self.sudo():
            if one.partner_id == one.debtor_id.partner_id:
                raise ValidationError(self.env._("A debtor does not represent itself."))
            contact = one.contact_id
            if contact and contact.commercial_partner_id != (
                one.partner_id.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "%(person)s does not work for %(manager)s.",
                        person=contact.display_name,
                        manager=one.partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        found = super().create(vals_list)
        if not self.env.su:
            found.debtor_id.check_access("write")
            found._log_by_hand(self.env._("written by hand"))
        found._own_proofs()
        found._mark_debtors()
        return found

    def write(self, vals):
        debtors = self.sudo().debtor_id
        result = super().write(vals)
        if not self.env.su:
            self._log_by_hand(self.env._("changed by hand"))
        self._own_proofs()
        self._mark_debtors(debtors)
        return result

    def unlink(self):
        debtors = self.sudo().debtor_id
        result = super().unlink()
        self.env["recouvrement.debtor"]._mark_dirty_debtors(debtors.ids)
        return result

    def _log_by_hand(self, what):
        """What changes without a change of manager leaves a trace too."""
        for one in self:
            one.debtor_id._log_event(
                "mutation",
                self.env._(
                    "Representative %(name)s: %(what)s",
                    name=one.partner_id.name,
                    what=what,
                ),
                detail=one.display_name,
            )

    def _own_proofs(self):
        for one in self.sudo():
            loose = one.proof_ids.filtered(lambda a: not a.res_id)
            loose.write({"res_model": self._name, "res_id": one.id})

    def _mark_debtors(self, debtors=None):
        debtors = (debtors or self.env["recouvrement.debtor"]) | self.sudo().debtor_id
        self.env["recouvrement.debtor"]._mark_dirty_debtors(debtors.ids)

    def _get_addressee(self):
        """Who is written to."""
        self.ensure_one()
        return self.contact_id or self.partner_id
