"""Small dialogs about returned debits: which debit, why set aside, when again."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.sepa_return import KINDS

CENT = Decimal("0.01")


class RecouvrementSepaReturnMatch(models.TransientModel):
    _name = "recouvrement.sepa.return.match"
    _description = "Find the Direct Debit of a Return"

    return_id = fields.Many2one("recouvrement.sepa.return", required=True)
    company_id = fields.Many2one(related="return_id.company_id")
    match_how = fields.Selection(related="return_id.match_how", string="Why")
    candidate_ids = fields.Many2many(related="return_id.candidate_ids")
    bank_amount = fields.Monetary(related="return_id.amount", string="Amount Returned")
    currency_id = fields.Many2one(related="return_id.currency_id")
    line_id = fields.Many2one(
        "recouvrement.sepa.collection.line",
        string="Direct Debit",
        required=True,
        domain="[('company_id', '=', company_id), "
        "('state', 'not in', ['planned', 'cancelled'])]",
    )
    line_amount = fields.Monetary(related="line_id.amount", string="Amount Collected")
    note = fields.Char(string="Why This One")

    def action_confirm(self):
        self.ensure_one()
        self.return_id._match_by_hand(self.line_id, self.note)
        return {"type": "ir.actions.act_window_close"}


class RecouvrementSepaReturnAside(models.TransientModel):
    _name = "recouvrement.sepa.return.aside"
    _description = "Set a Return Aside"

    return_ids = fields.Many2many(
        "recouvrement.sepa.return",
        "recouvrement_sepa_return_aside_rel",
        string="Returns",
        required=True,
    )
    state = fields.Selection(
        [("not_ours", "Not Ours"), ("ignored", "Nothing to Do")],
        string="What It Is",
        required=True,
        default="not_ours",
    )
    reason = fields.Text(required=True)

    def action_confirm(self):
        self.ensure_one()
        self.return_ids._set_aside(self.state, self.reason)
        return {"type": "ir.actions.act_window_close"}


class RecouvrementSepaReturnRepresent(models.TransientModel):
    _name = "recouvrement.sepa.return.represent"
    _description = "Collect a Returned Debit Again"

    return_ids = fields.Many2many(
        "recouvrement.sepa.return",
        "recouvrement_sepa_return_represent_rel",
        string="Returns",
        required=True,
    )
    date = fields.Date(
        string="Agreed Day",
        help="Empty: a sensible day of the action table. A day on which banks do not "
        "settle becomes the next one.",
    )

    @api.constrains("date")
    def _check_date(self):
        for wizard in self:
            if wizard.date and wizard.date < fields.Date.context_today(self):
                raise UserError(self.env._("The day is today or later."))

    def action_confirm(self):
        self.ensure_one()
        self.return_ids.action_represent(self.date)
        return {"type": "ir.actions.act_window_close"}


class RecouvrementSepaReturnEntry(models.TransientModel):
    _name = "recouvrement.sepa.return.entry"
    _description = "Enter a Returned Direct Debit"

    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company.root_id, required=True
    )
    line_id = fields.Many2one(
        "recouvrement.sepa.collection.line",
        string="Direct Debit",
        required=True,
        domain="[('company_id', '=', company_id), "
        "('state', 'in', ['presented', 'booked', 'settled'])]",
    )
    kind = fields.Selection(
        [kind for kind in KINDS if kind[0] in ("reject", "return", "refund")],
        required=True,
        default="return",
    )
    reason_id = fields.Many2one("recouvrement.sepa.reason", required=True)
    date = fields.Date(
        string="Booked On", required=True, default=fields.Date.context_today
    )
    booked = fields.Boolean(
        string="Booked on Our Account",
        default=True,
        help="Untick it for an announcement: the ledger then waits for the booking.",
    )
    currency_id = fields.Many2one(related="line_id.currency_id")
    amount = fields.Monetary(
        compute="_compute_amount",
        store=True,
        readonly=False,
        help="Without the bank's fee.",
    )
    fee = fields.Monetary(string="Bank Fee")
    reference = fields.Char(string="Reference of the Letter")
    text = fields.Text(string="Text of the Bank")

    @api.depends("line_id")
    def _compute_amount(self):
        for wizard in self:
            wizard.amount = wizard.line_id.amount

    def action_confirm(self):
        """Record the return, and show it."""
        self.ensure_one()
        if self.date > fields.Date.context_today(self):
            raise UserError(self.env._("A bank does not book in the future."))
        if self.amount <= 0 or self.fee < 0:
            raise UserError(self.env._("Enter the amount that came back."))
        record = self.env["recouvrement.sepa.return"]._enter(
            self.line_id,
            kind=self.kind,
            date=self.date,
            reason=self.reason_id,
            amount=Decimal(str(self.amount)).quantize(CENT),
            fee=Decimal(str(self.fee)).quantize(CENT),
            booked=self.booked,
            reference=self.reference,
            text=self.text,
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }


class RecouvrementSepaReversal(models.TransientModel):
    _name = "recouvrement.sepa.reversal"
    _description = "Give Direct Debits Back"

    line_ids = fields.Many2many(
        "recouvrement.sepa.collection.line",
        "recouvrement_sepa_reversal_line_rel",
        string="Direct Debits",
        required=True,
    )
    reason = fields.Selection(
        [("AM05", "Collected Twice"), ("MS02", "Other Reason of Ours")], required=True
    )
    file_ids = fields.Many2many(
        "ir.attachment",
        "recouvrement_sepa_reversal_file_rel",
        string="Files for the Bank",
        readonly=True,
    )

    def action_confirm(self):
        """Make the files, and stay open for the download."""
        self.ensure_one()
        self.file_ids = self.line_ids._reverse(self.reason)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Give Back to the Customer"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }
