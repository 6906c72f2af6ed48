from odoo import api, fields, models
from odoo.exceptions import UserError

SIDES = [("prior", "Before the Judgment"), ("later", "After the Judgment")]


class RecouvrementInsolvencyClaim(models.Model):
    """An item of a debtor in proceedings, on one side of the judgment.

    ``amount`` and ``received`` are in the currency of the item; what is declared is in
    company currency at the rate of the day of the judgment (C. com. art. L622-25).
    """

    _name = "recouvrement.insolvency.claim"
    _description = "Claim in Insolvency Proceedings"
    _inherit = ["recouvrement.guarded"]
    _order = "side desc, date_due, id"
    _rec_name = "name"

    insolvency_id = fields.Many2one(
        "recouvrement.insolvency",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    state = fields.Selection(related="insolvency_id.state", string="State of the File")
    debtor_id = fields.Many2one(
        related="insolvency_id.debtor_id", store=True, index=True
    )
    company_id = fields.Many2one(
        related="insolvency_id.company_id", store=True, index=True
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Entry")
    name = fields.Char(string="Document", required=True, readonly=True)
    document_date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    date_born = fields.Date(
        string="Born On",
        readonly=True,
        help="Delivery or document, whichever came first; a credit note follows what "
        "it corrects.",
    )
    side = fields.Selection(SIDES, required=True, readonly=True)
    to_come = fields.Boolean(
        readonly=True, help="Fell due on the day of the judgment or later."
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount = fields.Monetary(
        string="Owed at the Judgment",
        readonly=True,
        help="On the day of the judgment, less credit notes granted since.",
    )
    amount_company = fields.Monetary(
        string="Principal", currency_field="company_currency_id", readonly=True
    )
    interest = fields.Monetary(
        currency_field="company_currency_id",
        readonly=True,
        help="Late interest up to the eve of the judgment.",
    )
    indemnity = fields.Monetary(currency_field="company_currency_id", readonly=True)
    interest_runs = fields.Boolean(
        string="Interest Runs On",
        readonly=True,
        help="Contract of a year or more (L622-28): interest is not stopped.",
    )
    amount_declared = fields.Monetary(
        string="Declared", currency_field="company_currency_id", readonly=True
    )
    amount_admitted = fields.Monetary(
        string="Admitted", currency_field="company_currency_id", readonly=True
    )
    amount_contested = fields.Monetary(
        string="Contested", currency_field="company_currency_id", readonly=True
    )
    received = fields.Monetary(
        string="Received Since",
        readonly=True,
        help="Money matched with it since the judgment.",
    )
    paid_after = fields.Monetary(
        string="Paid in Spite of the Judgment",
        readonly=True,
        help="Received between the judgment and the day it was known: such a payment "
        "may be void (L622-7).",
    )
    amount_open = fields.Monetary(
        related="move_line_id.amount_residual_currency", string="Open Amount"
    )
    is_live = fields.Boolean(
        readonly=True, help="The proceedings keep the item out of the reminders."
    )

    _one_live_claim_per_item = models.UniqueIndex(
        "(move_line_id) WHERE is_live",
        "This item is in other insolvency proceedings already.",
    )
    _live_is_prior = models.Constraint(
        "CHECK (NOT is_live OR side = 'prior')", "Only earlier claims are frozen."
    )

    def _get_total(self):
        """What a claim declares by itself: principal, interest and indemnity."""
        self.ensure_one()
        return self.company_currency_id.round(
            self.amount_company + self.interest + self.indemnity
        )

    @api.model
    def _check_movable(self, claims):
        if any(claim.state != "opened" for claim in claims):
            raise UserError(
                self.env._("The claim was declared: its items no longer change sides.")
            )

    def action_switch_side(self):
        """Put items on the other side of the judgment: the user knows better when the
        service was rendered."""
        self._check_movable(self)
        self.insolvency_id.check_access("write")
        for insolvency, claims in self.grouped("insolvency_id").items():
            insolvency._switch(claims)
