from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

OUTCOMES = [
    ("mentioned", "Mention Only"),
    ("invoiced", "Invoice"),
    ("waived", "Waiver"),
]
CONSUMING_OUTCOMES = ("invoiced", "waived")
EVENT_KINDS = {"mentioned": "interest", "invoiced": "penalty", "waived": "waiver"}


class RecouvrementInterestStatement(models.Model):
    """Late interest and fixed indemnities of one debtor up to a day, and what was
    decided about them: invoiced, waived, or only mentioned.

    Days that were invoiced or waived are gone: the lines hold them under a database
    constraint, so that nothing is ever claimed twice. The penalty invoice and its
    credit notes decide what still stands: see ``interest_statement_ledger.py``.
    """

    _name = "recouvrement.interest.statement"
    _description = "Penalty Statement"
    _inherit = ["recouvrement.guarded"]
    _order = "date desc, id desc"
    _rec_names_search = ["name", "debtor_id.partner_id.name"]

    name = fields.Char(readonly=True, copy=False, index="trigram")
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        related="debtor_id.partner_id", string="Customer", store=True
    )
    collector_id = fields.Many2one(related="debtor_id.collector_id")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    date = fields.Date(required=True, readonly=True, help="Day of the decision.")
    date_until = fields.Date(
        string="Until",
        required=True,
        readonly=True,
        help="Last day of the interest, included.",
    )
    outcome = fields.Selection(OUTCOMES, required=True, readonly=True)
    state = fields.Selection(
        [
            ("draft", "Proposed"),
            ("to_approve", "To Approve"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        index=True,
    )
    reason_id = fields.Many2one("recouvrement.interest.waiver.reason", readonly=True)
    reason = fields.Text(string="Explanation", readonly=True)
    user_id = fields.Many2one("res.users", string="Author", readonly=True)
    approver_id = fields.Many2one("res.users", readonly=True)
    line_ids = fields.One2many(
        "recouvrement.interest.statement.line", "statement_id", readonly=True
    )
    item_count = fields.Integer(string="Items", compute="_compute_amounts", store=True)
    interest = fields.Monetary(compute="_compute_amounts", store=True)
    indemnity = fields.Monetary(
        string="Fixed Indemnities", compute="_compute_amounts", store=True
    )
    total = fields.Monetary(compute="_compute_amounts", store=True)
    company_total = fields.Monetary(
        string="Total in Company Currency",
        currency_field="company_currency_id",
        readonly=True,
        help="At the rate of the day of the decision; what authority limits look at.",
    )

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("line_ids.interest", "line_ids.indemnity", "line_ids.move_line_id")
    def _compute_amounts(self):
        for statement in self:
            lines = statement.line_ids
            currency = statement.currency_id
            statement.item_count = len(lines.move_line_id)
            statement.interest = currency.round(sum(lines.mapped("interest")))
            statement.indemnity = currency.round(sum(lines.mapped("indemnity")))
            statement.total = currency.round(statement.interest + statement.indemnity)

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        sequence = self.env.ref("recouvrement.sequence_interest_statement").sudo()
        for vals in vals_list:
            vals.setdefault("name", sequence._next())
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_trace(self):
        raise UserError(
            self.env._("A penalty statement is a record: cancel it instead.")
        )

    # ------------------------------------------------------------------
    # TRACE
    # ------------------------------------------------------------------

    def _log(self, summary):
        """One event per statement in the history of its debtor.

        :param str summary: text with ``%(total)s``.
        """
        self.env["recouvrement.event"].sudo().create(
            [
                {
                    "debtor_id": statement.debtor_id.id,
                    "company_id": statement.debtor_id.company_id.id,
                    "user_id": self.env.uid,
                    "kind": EVENT_KINDS[statement.outcome],
                    "summary": summary % {"total": statement._format(statement.total)},
                    "detail": statement._get_event_detail(),
                    "amount": statement.total,
                    "currency_id": statement.currency_id.id,
                }
                for statement in self
            ]
        )

    def _get_event_detail(self):
        self.ensure_one()
        parts = [
            self.name,
            self.env._(
                "%(count)s items, interest %(interest)s, indemnities %(indemnity)s",
                count=self.item_count,
                interest=self._format(self.interest),
                indemnity=self._format(self.indemnity),
            ),
            self.reason_id.name,
            self.reason,
        ]
        return "\n".join(part for part in parts if part)

    def _format(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)
