from odoo import api, fields, models
from odoo.exceptions import UserError


class RecouvrementClosingLine(models.Model):
    _name = "recouvrement.closing.line"
    _description = "Month-end Check Done"
    _inherit = ["recouvrement.guarded"]
    _order = "sequence, id"
    _rec_name = "code"

    closing_id = fields.Many2one(
        "recouvrement.closing", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="closing_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(readonly=True)
    code = fields.Selection(
        selection=lambda self: self._selection_code(),
        string="Check",
        required=True,
        readonly=True,
    )
    help = fields.Text(string="What to Do", compute="_compute_help")
    count = fields.Integer(readonly=True, aggregator=None)
    amount = fields.Monetary(readonly=True, aggregator=None)
    comment = fields.Char()
    signed_user_id = fields.Many2one("res.users", string="Initialled By", readonly=True)
    signed_date = fields.Datetime(string="Initialled On", readonly=True)
    signed_count = fields.Integer(readonly=True, aggregator=None)
    signed_amount = fields.Monetary(readonly=True, aggregator=None)
    state = fields.Selection(
        [
            ("ok", "Nothing to Look At"),
            ("to_look_at", "To Look At"),
            ("signed", "Signed Off"),
        ],
        compute="_compute_state",
        store=True,
    )

    _closing_code_uniq = models.UniqueIndex("(closing_id, code)")

    @api.model
    def _selection_code(self):
        return list(self.env["recouvrement.closing.check"]._get_checks().items())

    @api.depends("code")
    def _compute_help(self):
        helps = self.env["recouvrement.closing.check"]._get_helps()
        for line in self:
            line.help = helps.get(line.code, False)

    @api.depends("count", "amount", "signed_user_id", "signed_count", "signed_amount")
    def _compute_state(self):
        for line in self:
            if not line.count:
                line.state = "ok"
            elif line._is_still_signed():
                line.state = "signed"
            else:
                line.state = "to_look_at"

    def _is_still_signed(self):
        """Whether the figures are those that were signed."""
        return (
            self.signed_user_id
            and self.signed_count == self.count
            and not self.currency_id.compare_amounts(self.signed_amount, self.amount)
        )

    def action_open(self):
        """Open the list that makes the count and the amount."""
        self.ensure_one()
        checks = self.env["recouvrement.closing.check"]
        return checks._open(self.code, self.closing_id)

    def action_sign(self):
        """Sign off what is left, with its explanation."""
        self.check_access("write")
        for line in self:
            if line.count and not (line.comment or "").strip():
                raise UserError(
                    self.env._(
                        "Say in the comment of “%s” why what is left may stay.",
                        dict(self._selection_code())[line.code],
                    )
                )
            line.sudo().write(
                {
                    "signed_user_id": self.env.uid,
                    "signed_date": fields.Datetime.now(),
                    "signed_count": line.count,
                    "signed_amount": line.amount,
                }
            )

    def action_unsign(self):
        self.check_access("write")
        self.sudo().write({"signed_user_id": False, "signed_date": False})
