"""What each kind of customer request asks for, who deals with it and until when."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

OWNERS = [
    ("collector", "Collector"),
    ("salesperson", "Salesperson"),
    ("person", "Person Named Here"),
]
APPROVERS = [
    ("none", "Nobody"),
    ("accountant", "Accountant or Credit Manager"),
    ("manager", "Credit Manager"),
]


class RecouvrementRequestType(models.Model):
    """One row per kind: form, pieces, delay, owner, approver, who is told."""

    _name = "recouvrement.request.type"
    _description = "Type of Customer Request"
    _order = "sequence, id"
    _rec_name = "kind"

    kind = fields.Selection(selection="_selection_kind", required=True, readonly=True)
    sequence = fields.Integer(default=10)
    days = fields.Integer(
        string="Days to Answer", help="0: the delay of the company settings."
    )
    owner_role = fields.Selection(
        OWNERS, string="In Charge", required=True, default="collector"
    )
    owner_id = fields.Many2one(
        "res.users",
        string="Person in Charge",
        company_dependent=True,
        domain="[('share', '=', False)]",
    )
    approver_role = fields.Selection(
        APPROVERS,
        string="Approved By",
        required=True,
        default="none",
        help="Somebody else than who entered and submitted the request.",
    )
    informed_id = fields.Many2one(
        "res.users",
        string="Person Informed",
        company_dependent=True,
        domain="[('share', '=', False)]",
        help="Gets an activity with the facts once it is accepted, such as billing. "
        "Empty: an accountant.",
    )
    piece_ids = fields.One2many("recouvrement.request.type.piece", "type_id")

    # == Form ==
    with_items = fields.Boolean(string="Items", help="The form lists items.")
    with_amount = fields.Boolean(string="Amount")
    with_address = fields.Boolean(string="Address")
    with_billing = fields.Boolean(string="Billing Parameters")
    with_contract = fields.Boolean(string="Contract")
    with_day = fields.Boolean(string="Effective Date")
    with_party = fields.Boolean(string="Other Party")
    with_account = fields.Boolean(string="Bank Account")
    with_text = fields.Boolean(
        string="Text Required", help="The customer must explain the request."
    )

    # == Customer page ==
    portal = fields.Boolean(
        string="On the Customer Page", help="Customers may ask for it on their page."
    )
    portal_name = fields.Char(string="Title for Customers", translate=True)
    answer = fields.Text(
        string="Answer When Accepted",
        translate=True,
        help="Words to the customer when nobody writes others.",
    )

    _kind_uniq = models.UniqueIndex("(kind)", "This kind of request has its type.")
    _check_days = models.Constraint("CHECK (days >= 0)", "A delay is not negative.")

    @api.model
    def _selection_kind(self):
        field = self.env["recouvrement.request"]._fields["kind"]
        return field._description_selection(self.env)

    @api.depends("kind")
    def _compute_display_name(self):
        labels = dict(self._selection_kind())
        for kind in self:
            kind.display_name = labels.get(kind.kind, kind.kind)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_type(self):
        raise UserError(
            self.env._("Each kind of request keeps its type: change it instead.")
        )

    @api.model
    def _get_type(self, kind):
        """The type of a kind, in sudo; empty when there is none."""
        types = self.sudo()
        ids = dict(types._read_group([], ["kind"], ["id:max"]))
        return types.browse(ids.get(kind) or [])

    @api.model
    def _find_accountant(self, company):
        """Who keeps the customers' accounts of a company: the first accountant, else
        the first credit manager."""
        users = self.env["res.users"].sudo()
        for role in ("accountant", "manager"):
            group = self.env.ref(f"recouvrement.group_{role}")
            found = users.search(
                Domain("all_group_ids", "in", group.ids)
                & Domain("company_ids", "in", company.ids)
                & Domain("share", "=", False),
                order="id",
                limit=1,
            )
            if found:
                return found
        return users

    def _get_informed(self, company):
        """Who is told of what was accepted, in sudo."""
        self.ensure_one()
        named = self.sudo().with_company(company).informed_id
        return named or self._find_accountant(company)

    def _get_owner(self, debtor):
        """Who deals with a request of a debtor; empty: nobody is named."""
        self.ensure_one()
        debtor = debtor.sudo()
        if self.owner_role == "salesperson":
            return debtor.salesperson_id or debtor.collector_id
        if self.owner_role == "person":
            kind = self.sudo().with_company(debtor.company_id)
            return kind.owner_id or self._find_accountant(debtor.company_id)
        return debtor.collector_id


class RecouvrementRequestTypePiece(models.Model):
    """A document that a kind of request needs."""

    _name = "recouvrement.request.type.piece"
    _description = "Piece Asked For"
    _order = "sequence, id"

    type_id = fields.Many2one(
        "recouvrement.request.type", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    required = fields.Boolean(default=True)
    is_internal = fields.Boolean(
        string="Internal",
        help="Ours to make: neither asked of the customer nor named on what it gets.",
    )
    help_text = fields.Char(string="What to Look At", translate=True)
