from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_round

from .selections import AGE_BUCKETS


class RecouvrementImpairmentLine(models.Model):
    """The provision for one item, in company currency.

    ``provision = (net_base - cover) × rate``, ``delta = provision - booked``. A run
    writes its lines by one statement with the same arithmetic.
    """

    _name = "recouvrement.impairment.line"
    _description = "Provision for an Item"
    _order = "impairment_id desc, provision desc, id"
    _rec_name = "name"

    impairment_id = fields.Many2one(
        "recouvrement.impairment", required=True, readonly=True, ondelete="cascade"
    )
    state = fields.Selection(related="impairment_id.state")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    date = fields.Date(related="impairment_id.date", string="Closing Date")
    debtor_id = fields.Many2one(
        "recouvrement.debtor", readonly=True, index="btree_not_null"
    )
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    segment_id = fields.Many2one("recouvrement.segment", readonly=True)
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    name = fields.Char(string="Document", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    age_bucket = fields.Selection(AGE_BUCKETS, string="Age", readonly=True)
    item_currency_id = fields.Many2one("res.currency", readonly=True)
    residual_currency = fields.Monetary(
        string="Open Amount", currency_field="item_currency_id", readonly=True
    )
    residual = fields.Monetary(
        string="In Own Currency",
        readonly=True,
        help="Open amount at the closing date; foreign currency at the rate of that "
        "day.",
    )
    net_base = fields.Monetary(
        string="Net of VAT",
        readonly=True,
        help="VAT can be recovered on a final loss: it is never provided for.",
    )
    cover = fields.Monetary(
        string="Covered", help="Part that an insurer or another guarantee bears."
    )
    method = fields.Selection(
        [
            ("individual", "Individual"),
            ("matrix", "Ageing Matrix"),
            ("closed", "No Longer Needed"),
        ],
        required=True,
        readonly=True,
    )
    reason_id = fields.Many2one("recouvrement.doubtful.reason", readonly=True)
    rate = fields.Float(string="Loss (%)", digits=(5, 2), aggregator=None)
    note = fields.Char(string="Justification")
    edited = fields.Boolean(readonly=True, help="Changed by hand: kept when re-run.")
    provision = fields.Monetary(
        compute="_compute_provision", store=True, precompute=True
    )
    booked = fields.Monetary(string="Booked Before", readonly=True)
    delta = fields.Monetary(
        compute="_compute_provision",
        store=True,
        precompute=True,
        string="To Book",
        help="Positive: more provision; negative: reversal.",
    )

    _item_uniq = models.UniqueIndex(
        "(impairment_id, move_line_id)", "An item has one line in a provision run."
    )
    _booked_idx = models.Index(
        "(company_id, move_line_id) INCLUDE (impairment_id, delta) WHERE delta <> 0"
    )
    _amounts_check = models.Constraint(
        "CHECK (provision >= 0 AND cover >= 0 AND cover <= net_base "
        "AND provision <= net_base AND rate BETWEEN 0 AND 100)",
        "A provision is not negative and not higher than the claim net of VAT and "
        "cover; a rate lies between 0 and 100 %.",
    )

    @api.depends("net_base", "cover", "rate", "booked")
    def _compute_provision(self):
        for line in self:
            at_risk = (line.net_base - line.cover) * line.rate / 100
            rounding = line.currency_id.rounding or 0.01
            line.provision = float_round(at_risk, precision_rounding=rounding)
            line.delta = line.currency_id.round(line.provision - line.booked)

    def write(self, vals):
        """Cover, rate and justification are the user's, while the run is a draft."""
        if not self.env.su:
            self._check_edition(vals)
            vals = {**vals, "edited": True}
            return super(RecouvrementImpairmentLine, self.sudo()).write(vals)
        return super().write(vals)

    def _check_edition(self, vals):
        self.check_access("write")
        foreign = vals.keys() - {"cover", "rate", "note"}
        if foreign:
            raise UserError(
                self.env._("Only the cover, the rate and the justification change.")
            )
        if any(line.state != "draft" or line.method == "closed" for line in self):
            raise UserError(self.env._("Only lines of a draft can be changed."))
