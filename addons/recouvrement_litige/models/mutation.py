"""Change of the property manager of an owners' association (*mutation*).

The debtor stays the association: neither a new debtor nor a new claim, nothing starts
again (C. civ. 1330). What changes is who acts for it, from a day on.
"""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import email_normalize

from ..tools.registry import is_siret

STATES = [
    ("draft", "Being Prepared"),
    ("to_validate", "To Validate"),
    ("validated", "Validated"),
    ("refused", "Refused"),
    ("cancelled", "Cancelled"),
]
DECISIONS = [
    ("meeting", "General Meeting"),
    ("contract", "Contract of the Manager"),
    ("order", "Court Order"),
    ("merger", "Merger of Managers"),
]
MANDATES = [
    ("none", "No Direct Debit"),
    ("asked", "To Be Signed Again"),
    ("signed", "Signed Again"),
]
EDITABLE_LATER = {"answer", "activity_ids", "message_ids", "message_follower_ids"}


class RecouvrementMutation(models.Model):
    """From the entry by a collector to the validation by customer accounting.

    draft → to_validate → validated, or refused with a reason; who entered it does not
    validate it.
    """

    _name = "recouvrement.mutation"
    _description = "Change of Property Manager"
    _inherit = ["recouvrement.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char(string="Number", readonly=True, copy=False, index="trigram")
    state = fields.Selection(
        STATES,
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
        tracking=True,
        group_expand=True,
    )
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        string="Association",
        required=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="debtor_id.company_id", store=True)
    customer_id = fields.Many2one(related="debtor_id.partner_id", string="Customer")
    collector_id = fields.Many2one(related="debtor_id.collector_id", string="Collector")
    currency_id = fields.Many2one(related="debtor_id.currency_id")
    open_amount = fields.Monetary(related="debtor_id.open_amount")
    overdue_amount = fields.Monetary(related="debtor_id.overdue_amount")
    request_id = fields.Many2one(
        "recouvrement.request", readonly=True, index="btree_not_null", copy=False
    )
    user_id = fields.Many2one(
        "res.users",
        string="Entered By",
        readonly=True,
        default=lambda self: self.env.user,
        index="btree_not_null",
    )
    date_due = fields.Date(
        string="To Be Done Before", default=lambda self: self._default_date_due()
    )
    is_late = fields.Boolean(compute="_compute_is_late")

    # == The change ==
    old_partner_id = fields.Many2one(
        "res.partner",
        string="Manager Before",
        compute="_compute_old_partner_id",
        store=True,
        readonly=True,
        index="btree_not_null",
    )
    new_partner_id = fields.Many2one(
        "res.partner",
        string="New Manager",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: written from the fields below when the change is validated.",
    )
    representative_kind = fields.Selection(
        lambda self: (
            self.env["recouvrement.representative"]
            ._fields["kind"]
            ._description_selection(self.env)
        ),
        string="Capacity",
        required=True,
        default="manager",
    )
    date_effect = fields.Date(string="In Office From", tracking=True)
    decision = fields.Selection(DECISIONS, string="Appointed By", default="meeting")
    date_decision = fields.Date(string="Date of the Decision")

    # == The new manager ==
    manager_name = fields.Char(string="Name")
    manager_siret = fields.Char(string="SIRET of the Manager")
    manager_street = fields.Char(string="Street")
    manager_street2 = fields.Char(string="Street 2")
    manager_zip = fields.Char(string="ZIP")
    manager_city = fields.Char(string="City")
    manager_email = fields.Char(string="E-mail for Invoices and Reminders")
    manager_phone = fields.Char(string="Phone")
    contact_name = fields.Char(
        string="Person in Charge", help="Accountant of the association there."
    )

    # == The association ==
    siret = fields.Char(string="SIRET of the Association")
    rnc_number = fields.Char(
        string="Registration Number (RNC)",
        help="Of the association in the national register of condominiums.",
    )
    billing_platform = fields.Char(
        string="E-invoicing Address", help="Platform or directory line for invoices."
    )
    mandate_state = fields.Selection(
        MANDATES, string="Direct Debit Mandate", required=True, default="none"
    )
    with_invoices = fields.Boolean(
        string="Send the Open Invoices Again",
        default=True,
        help="With the statement of account, once the new manager is in office.",
    )
    note = fields.Text()
    piece_ids = fields.One2many("recouvrement.request.piece", "mutation_id")
    archives_contacts = fields.Boolean(
        string="Archive the Former Contacts",
        default=True,
        help="Contacts of the association for invoices and reminders: they were the "
        "former manager's. Letters already sent keep them.",
    )

    # == Progress ==
    form_id = fields.Many2one("ir.attachment", readonly=True, copy=False)
    form_sha256 = fields.Char(string="SHA-256 of the Form", readonly=True, copy=False)
    date_submitted = fields.Datetime(readonly=True, copy=False)
    submitted_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    validated_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    date_validated = fields.Datetime(readonly=True, copy=False)
    refuse_reason = fields.Text(readonly=True, copy=False)
    representative_id = fields.Many2one(
        "recouvrement.representative", readonly=True, copy=False, index="btree_not_null"
    )
    date_applied = fields.Date(string="Contacts Changed On", readonly=True, copy=False)
    date_documents = fields.Date(string="Account Sent On", readonly=True, copy=False)
    document_obstacle = fields.Char(
        string="Account Not Sent", readonly=True, copy=False
    )
    can_validate = fields.Boolean(compute="_compute_can_validate")

    _two_people = models.Constraint(
        "CHECK (state <> 'validated' OR (validated_by_id IS NOT NULL "
        "AND validated_by_id <> user_id "
        "AND validated_by_id IS DISTINCT FROM submitted_by_id))",
        "A change of manager is validated by a second person.",
    )
    _one_waiting = models.UniqueIndex(
        "(debtor_id) WHERE state IN ('draft', 'to_validate')",
        "Another change of manager of this association is being prepared.",
    )
    _to_apply_idx = models.Index(
        "(date_effect) WHERE state = 'validated' AND date_applied IS NULL"
    )

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    def _default_date_due(self):
        kind = self.env["recouvrement.request.type"]._get_type("mutation")
        return fields.Date.add(fields.Date.context_today(self), days=kind.days or 10)

    @api.depends("state", "date_due")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for mutation in self:
            waiting = mutation.state in ("draft", "to_validate")
            mutation.is_late = bool(
                waiting and mutation.date_due and mutation.date_due < today
            )

    @api.depends("debtor_id", "date_effect")
    def _compute_old_partner_id(self):
        """Who is replaced; what was validated keeps it."""
        for mutation in self:
            if mutation.state == "validated":
                continue
            day = mutation.date_effect or fields.Date.context_today(mutation)
            before = fields.Date.subtract(day, days=1)
            debtor = mutation.debtor_id
            old = debtor and debtor._get_representative(before).partner_id
            mutation.old_partner_id = old or False

    @api.depends("state", "user_id", "submitted_by_id")
    @api.depends_context("uid")
    def _compute_can_validate(self):
        for mutation in self:
            mutation.can_validate = (
                mutation.state == "to_validate" and not mutation._get_obstacle()
            )

    @api.onchange("new_partner_id")
    def _onchange_new_partner_id(self):
        for mutation in self.filtered("new_partner_id"):
            mutation.update(mutation._read_manager(mutation.new_partner_id))

    @api.onchange("debtor_id")
    def _onchange_debtor_id(self):
        for mutation in self.filtered("debtor_id"):
            customer = mutation.customer_id
            mutation.siret = mutation.siret or customer.company_registry
            mutation.rnc_number = mutation.rnc_number or customer.rnc_number

    @api.model
    def _read_manager(self, partner):
        """Fields of the new manager, from who is on file."""
        return {
            "manager_name": partner.name,
            "manager_siret": partner.company_registry,
            "manager_street": partner.street,
            "manager_street2": partner.street2,
            "manager_zip": partner.zip,
            "manager_city": partner.city,
            "manager_email": partner.email,
            "manager_phone": partner.phone,
        }

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env["ir.sequence"].sudo()
        kind = self.env["recouvrement.request.type"]._get_type("mutation")
        mutations = super().create(vals_list)
        if not self.env.su:
            mutations.debtor_id.check_access("write")
        for mutation in mutations.sudo():
            mutation._fill_from_file()
            mutation.write(
                {
                    "name": sequence.next_by_code("recouvrement.mutation"),
                    "piece_ids": mutation.piece_ids._prepare_from_type(kind),
                }
            )
        mutations._log(self.env._("entered"))
        return mutations

    def _fill_from_file(self):
        """What is on file and was not given."""
        self.ensure_one()
        values = {
            "siret": self.customer_id.company_registry,
            "rnc_number": self.customer_id.rnc_number,
        }
        if self.new_partner_id:
            values.update(self._read_manager(self.new_partner_id))
        self.write({k: v for k, v in values.items() if v and not self[k]})

    def write(self, vals):
        if not self.env.su:
            locked = self.filtered(lambda m: m.state != "draft")
            if locked and vals.keys() - EDITABLE_LATER:
                raise UserError(
                    self.env._(
                        "This change of manager was submitted: send it back before "
                        "you change it."
                    )
                )
            if "debtor_id" in vals:
                raise UserError(self.env._("Enter the change on the other debtor."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        raise UserError(self.env._("A change of manager is a record: cancel it."))

    @api.constrains("manager_siret", "siret", "manager_email")
    def _check_numbers(self):
        for mutation in self:
            for number in (mutation.manager_siret, mutation.siret):
                if number and not is_siret(number):
                    raise ValidationError(
                        self.env._("“%s” is no SIRET: a digit is wrong.", number)
                    )
            email = mutation.manager_email
            if email and not email_normalize(email):
                raise ValidationError(self.env._("“%s” is no e-mail address.", email))
