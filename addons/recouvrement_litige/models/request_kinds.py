"""Kinds of requests beyond the account: billing, contract, refund, other party."""

import hashlib

from odoo import api, fields, models

BILLING_METHODS = [
    ("email", "By E-mail"),
    ("post", "By Post"),
    ("platform", "Through an Invoicing Platform"),
]
ADDRESS_USES = [("invoice", "Invoice Address"), ("main", "Registered Address")]
NOVATIONS = [
    ("contract", "Transfer of the Contract (C. civ. 1216)"),
    ("assumption", "Debt Taken Over, Former Debtor Jointly Liable (C. civ. 1327)"),
    ("novation", "Novation, Former Debtor Discharged (C. civ. 1329)"),
]
KINDS = [
    ("billing_params", "Billing Parameters"),
    ("address_change", "Change of Address"),
    ("contract_copy", "Copy of a Contract"),
    ("refund", "Refund of a Credit Balance"),
    ("credit_note", "Credit Note"),
    ("reinvoice", "Credit Note and New Invoice"),
    ("termination", "Termination"),
    ("novation", "Transfer or Novation"),
    ("mutation", "Change of Property Manager"),
]
ADDED = tuple(kind for kind, _label in KINDS)
# What the customer says in these forms: it makes two requests different.
TOLD = (
    "billing_method",
    "billing_email",
    "billing_reference",
    "address_use",
    "new_street",
    "new_zip",
    "new_city",
    "new_country_id",
    "contract_reference",
    "date_effect",
    "party_name",
    "party_registry",
    "party_email",
)


class RecouvrementRequest(models.Model):
    _name = "recouvrement.request"
    _inherit = ["recouvrement.request", "mail.activity.mixin"]

    kind = fields.Selection(
        selection_add=KINDS, ondelete=dict.fromkeys(ADDED, "cascade")
    )
    type_id = fields.Many2one("recouvrement.request.type", compute="_compute_type_id")
    with_items = fields.Boolean(related="type_id.with_items")
    with_amount = fields.Boolean(related="type_id.with_amount")
    with_address = fields.Boolean(related="type_id.with_address")
    with_billing = fields.Boolean(related="type_id.with_billing")
    with_contract = fields.Boolean(related="type_id.with_contract")
    with_day = fields.Boolean(related="type_id.with_day")
    with_party = fields.Boolean(related="type_id.with_party")
    with_account = fields.Boolean(related="type_id.with_account")
    amount_granted = fields.Monetary(
        string="Amount Agreed", help="Empty: the amount asked."
    )

    # == Billing parameters ==
    billing_method = fields.Selection(BILLING_METHODS, string="Invoices Sent")
    billing_email = fields.Char(string="E-mail for Invoices")
    billing_reference = fields.Char(
        string="Reference on Invoices",
        help="Order number, commitment number or service code to quote.",
    )

    # == Address ==
    address_use = fields.Selection(
        ADDRESS_USES, string="Address Changed", default="invoice"
    )
    new_street = fields.Char(string="Street")
    new_street2 = fields.Char(string="Street 2")
    new_zip = fields.Char(string="ZIP")
    new_city = fields.Char(string="City")
    new_country_id = fields.Many2one("res.country", string="Country")

    # == Contract and other party ==
    contract_reference = fields.Char(string="Contract")
    date_effect = fields.Date(string="Effective Date")
    novation_kind = fields.Selection(NOVATIONS, string="Effect")
    party_name = fields.Char(string="Other Party")
    party_registry = fields.Char(string="SIREN or SIRET")
    party_email = fields.Char(string="E-mail of the Other Party")
    party_id = fields.Many2one(
        "res.partner",
        string="Other Party on File",
        index="btree_not_null",
        domain="[('parent_id', '=', False)]",
    )

    # == Answer ==
    answer_file_ids = fields.Many2many(
        "ir.attachment",
        "recouvrement_request_answer_file_rel",
        string="Documents for the Customer",
    )
    piece_ids = fields.One2many("recouvrement.request.piece", "request_id")
    piece_missing = fields.Char(string="Pieces Missing", compute="_compute_pieces")

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("kind")
    def _compute_type_id(self):
        types = self.env["recouvrement.request.type"].sudo()
        by_kind = dict(types._read_group([], ["kind"], ["id:max"]))
        for request in self:
            request.type_id = by_kind.get(request.kind)

    @api.depends("piece_ids.state", "piece_ids.required")
    def _compute_pieces(self):
        for request in self:
            lacking = request.piece_ids._get_blocking("missing")
            request.piece_missing = ", ".join(lacking.mapped("name")) or False

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        """Delay, person in charge and pieces are those of the type."""
        given = [(vals.get("date_due"), vals.get("user_id")) for vals in vals_list]
        requests = super().create(vals_list)
        for request, (due, user) in zip(requests.sudo(), given, strict=True):
            kind = request.type_id
            if not kind:
                continue
            vals = {"piece_ids": request._prepare_pieces()}
            if not due and kind.days:
                today = fields.Date.context_today(request)
                vals["date_due"] = fields.Date.add(today, days=kind.days)
            if not user and request.debtor_id:
                vals["user_id"] = kind._get_owner(request.debtor_id).id
            request.write(vals)
        requests.sudo()._own_answer_files()
        return requests

    def write(self, vals):
        result = super().write(vals)
        if "answer_file_ids" in vals:
            self.sudo()._own_answer_files()
        return result

    def _prepare_pieces(self):
        """Commands that list the pieces asked for; those of a change of manager are on
        the change itself."""
        if self.kind == "mutation":
            return []
        return self.piece_ids._prepare_from_type(self.type_id)

    def _own_answer_files(self):
        for request in self:
            loose = request.answer_file_ids.filtered(lambda a: not a.res_id)
            loose.write({"res_model": self._name, "res_id": request.id})

    # EXTENDS 'recouvrement'
    def _get_digest(self):
        """What these forms say makes a request too."""
        digest = super()._get_digest()
        if not digest or self.kind not in ADDED:
            return digest
        facts = [str(self[name] or "") for name in TOLD if name != "new_country_id"]
        facts += [digest, str(self.new_country_id.id)]
        return hashlib.sha256(repr(facts).encode()).hexdigest()

    # EXTENDS 'recouvrement'
    def _close(self, state, answered=False):
        """Nobody wrote words to the customer: those of the type, in their language."""
        for request in self.filtered(lambda r: state == "done" and not r.answer):
            if request.kind in ADDED and request._expects_answer():
                lang = request.debtor_id._get_mail_lang(request._get_addressee())
                request.sudo().answer = request.type_id.with_context(lang=lang).answer
        return super()._close(state, answered=answered)

    # ------------------------------------------------------------------
    # TELLING COLLEAGUES
    # ------------------------------------------------------------------

    def _inform(self, summary, note, record=None):
        """An activity for who is informed of this type, with the facts: on a record
        that this person may open.

        :param Markup note: the facts.
        :param record: document it is about; default the request, else the customer.
        """
        self.ensure_one()
        company = self.sudo().company_id
        user = self.type_id._get_informed(company)
        if not user:
            return self.env["mail.activity"]
        target = record or self
        if not target.with_user(user).has_access("read"):
            target = self.sudo().debtor_id.partner_id
        return target.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=note,
            user_id=user.id,
            date_deadline=fields.Date.context_today(self),
        )
