from odoo import api, fields, models
from odoo.exceptions import UserError


class RecouvrementFecCustomer(models.Model):
    """A customer account of a FEC, and who it is in Odoo."""

    _name = "recouvrement.fec.customer"
    _description = "Customer Account of a FEC"
    _order = "import_id, name, id"

    import_id = fields.Many2one(
        "recouvrement.fec.import", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(related="import_id.state", string="Takeover State")
    name = fields.Char(required=True, readonly=True)
    account_code = fields.Char(string="Account", readonly=True)
    aux_code = fields.Char(string="Customer Account", readonly=True)
    line_count = fields.Integer(string="Lines", readonly=True)
    balance = fields.Monetary(readonly=True)
    chaseable = fields.Boolean(
        default=True,
        readonly=True,
        help="No: the account gathers customers it does not name.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer in Odoo",
        index="btree_not_null",
        ondelete="set null",
        domain=[("parent_id", "=", False)],
        help="Empty: the customer is created.",
    )
    matched_by = fields.Selection(
        [
            ("earlier", "An earlier FEC"),
            ("ref", "Reference"),
            ("number", "VAT or registration number"),
            ("name", "Name"),
            ("hand", "By hand"),
            ("created", "Created by this takeover"),
        ],
        readonly=True,
    )

    _key_uniq = models.UniqueIndex(
        "(import_id, account_code, aux_code)",
        "This customer account is already in the takeover.",
    )

    @api.depends("account_code", "aux_code", "name")
    def _compute_display_name(self):
        for customer in self:
            codes = filter(None, (customer.account_code, customer.aux_code))
            customer.display_name = f"{' '.join(codes)} {customer.name}"

    def write(self, vals):
        if self.env.su:
            return super().write(vals)
        if vals.keys() != {"partner_id"}:
            raise UserError(self.env._("Only the customer in Odoo can be changed."))
        if any(customer.import_id.state != "analysed" for customer in self):
            raise UserError(
                self.env._("Customers are chosen before the takeover is loaded.")
            )
        matched_by = "hand" if vals["partner_id"] else False
        result = super(RecouvrementFecCustomer, self.sudo()).write(
            {**vals, "matched_by": matched_by}
        )
        for record in self.import_id.sudo():
            record._as_worker()._set_due_dates(self)
        return result
