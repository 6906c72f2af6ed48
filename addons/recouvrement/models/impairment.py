from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date


class RecouvrementImpairment(models.Model):
    """The provisions for doubtful claims of a legal entity at a closing date.

    Everything is read from the open items of that day (``impairment_compute.py``);
    the entry books the difference with what earlier runs and write-offs booked
    (``impairment_posting.py``). No item moves: the collection status, the matching and
    the aged balance are the same before and after.
    """

    _name = "recouvrement.impairment"
    _description = "Provision Run"
    _inherit = ["recouvrement.guarded", "mail.thread"]
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
        index=True,
        help="The legal entity; items of its branches are included.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        string="Closing Date",
        required=True,
        default=lambda self: self._default_date(),
        tracking=True,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("posted", "Posted"), ("cancelled", "Cancelled")],
        default="draft",
        readonly=True,
        tracking=True,
        copy=False,
    )
    statistical = fields.Boolean(
        string="Apply the Ageing Matrix",
        default=True,
        help="Items that are not marked as doubtful are provided for at the rate of "
        "their age and segment. French rules accept a statistical rate only when it "
        "is drawn from the company's own experience and precise enough.",
    )
    per_debtor = fields.Boolean(
        string="Entry per Debtor",
        help="The provision account has lines per debtor in the entry, instead of "
        "totals.",
    )
    date_computed = fields.Datetime(readonly=True, copy=False)
    account_id = fields.Many2one(
        "account.account", string="Provision Account", readonly=True, copy=False
    )
    move_id = fields.Many2one(
        "account.move", string="Entry", readonly=True, copy=False, index=True
    )
    reversal_move_id = fields.Many2one(
        "account.move", string="Reversal Entry", readonly=True, copy=False
    )
    line_ids = fields.One2many("recouvrement.impairment.line", "impairment_id")
    line_count = fields.Integer(compute="_compute_totals")
    amount_open = fields.Monetary(compute="_compute_totals", string="Claims Looked At")
    amount_provision = fields.Monetary(compute="_compute_totals", string="Provision")
    amount_booked = fields.Monetary(compute="_compute_totals", string="Booked Before")
    amount_increase = fields.Monetary(compute="_compute_totals", string="Increase")
    amount_decrease = fields.Monetary(compute="_compute_totals", string="Decrease")
    ledger_balance = fields.Monetary(
        compute="_compute_ledger_balance",
        string="Provision in the Ledger",
        help="Credit balance of the provision account in the entries of all runs and "
        "write-offs of the company.",
    )
    ledger_difference = fields.Monetary(compute="_compute_ledger_balance")
    note = fields.Html()

    _posted_uniq = models.UniqueIndex(
        "(company_id, date) WHERE state = 'posted'",
        "A company has one posted provision run per closing date: cancel it first.",
    )

    @api.model
    def _default_date(self):
        """Last day of the month before."""
        first = fields.Date.start_of(fields.Date.context_today(self), "month")
        return fields.Date.subtract(first, days=1)

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    @api.depends("date", "company_id")
    def _compute_display_name(self):
        for run in self:
            run.display_name = self.env._(
                "Provisions on %(day)s – %(company)s",
                day=format_date(self.env, run.date),
                company=run.company_id.name,
            )

    @api.depends("line_ids.provision", "line_ids.delta")
    def _compute_totals(self):
        self.env["recouvrement.impairment.line"].flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT impairment_id, COUNT(*) AS line_count,
                       SUM(residual) AS amount_open, SUM(provision) AS amount_provision,
                       SUM(booked) AS amount_booked,
                       SUM(GREATEST(delta, 0)) AS amount_increase,
                       SUM(GREATEST(-delta, 0)) AS amount_decrease
                  FROM recouvrement_impairment_line
                 WHERE impairment_id = ANY(%s)
              GROUP BY impairment_id
                """,
                self.ids,
            )
        )
        totals = {row.pop("impairment_id"): row for row in rows}
        empty = dict.fromkeys(
            (
                "line_count",
                "amount_open",
                "amount_provision",
                "amount_booked",
                "amount_increase",
                "amount_decrease",
            ),
            0,
        )
        for run in self:
            run.update(totals.get(run.id, empty))

    @api.depends("state", "move_id", "reversal_move_id")
    def _compute_ledger_balance(self):
        """What the provision account says against what the runs say they booked."""
        posted = self.filtered(lambda run: run.state == "posted")
        (self - posted).update({"ledger_balance": 0, "ledger_difference": 0})
        companies = posted.company_id
        ledger = companies._get_booked_in_ledger() if companies else {}
        booked = companies._get_booked_total() if companies else {}
        for run in posted:
            balance = ledger.get(run.company_id.id, 0)
            run.ledger_balance = balance
            run.ledger_difference = run.currency_id.round(
                balance - booked.get(run.company_id.id, 0)
            )

    # ------------------------------------------------------------------
    # CHECKS AND CRUD
    # ------------------------------------------------------------------

    @api.constrains("company_id", "date")
    def _check_run(self):
        for run in self:
            if run.company_id.parent_id:
                raise ValidationError(
                    self.env._("A provision run is made for the legal entity.")
                )
            if run.date > fields.Date.context_today(run):
                raise ValidationError(
                    self.env._("What will be open on a future day is not known yet.")
                )

    def write(self, vals):
        if {"company_id", "date", "statistical", "per_debtor"} & vals.keys():
            self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_booked(self):
        if any(run.move_id or run.state == "posted" for run in self):
            raise UserError(
                self.env._("A provision run that was posted is kept: cancel it.")
            )

    def _check_draft(self):
        if any(run.state != "draft" for run in self):
            raise UserError(self.env._("Only a draft can be changed."))

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_view_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_impairment_line_action"
        )
        action["domain"] = [("impairment_id", "=", self.id)]
        action["context"] = {}
        return action

    def action_view_moves(self):
        self.ensure_one()
        moves = self.move_id | self.reversal_move_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Entries"),
            "res_model": "account.move",
            "view_mode": "list,form",
            "domain": [("id", "in", moves.ids)],
        }
