"""Statements of account of a period for many customers: who gets one, and how far the
sending is."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_date

from ..tools.period import Period

STATES = [
    ("draft", "Draft"),
    ("sending", "Sending"),
    ("done", "Done"),
    ("cancelled", "Cancelled"),
]
SCOPES = [
    ("moved", "Movement or Balance"),
    ("open", "Open Balance"),
    ("overdue", "Overdue"),
    ("chosen", "Chosen Customers"),
]
EDITED = {"company_id", "date_start", "date_end", "scope", "segment_ids"}
CHOSEN = EDITED | {"with_workbook"}


class RecouvrementStatementRun(models.Model):
    """A mailing of statements of account.

    Each customer has one line (unique index), which is sent once: the e-mail is queued
    in the transaction that marks it.
    """

    _name = "recouvrement.statement.run"
    _description = "Mailing of Statements of Account"
    _inherit = [
        "recouvrement.guarded",
        "recouvrement.stepped",
        "recouvrement.batched",
    ]
    _order = "id desc"

    name = fields.Char(compute="_compute_name", store=True)
    state = fields.Selection(STATES, default="draft", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_start = fields.Date(
        string="From", required=True, default=lambda self: self._default_period().start
    )
    date_end = fields.Date(
        string="To", required=True, default=lambda self: self._default_period().end
    )
    scope = fields.Selection(
        SCOPES, string="Customers with", required=True, default="moved"
    )
    segment_ids = fields.Many2many(
        "recouvrement.segment", string="Segments", help="Empty: all segments."
    )
    with_workbook = fields.Boolean(string="Also as a Spreadsheet")
    user_id = fields.Many2one(
        "res.users",
        string="Sent By",
        readonly=True,
        default=lambda self: self.env.user,
    )
    date_started = fields.Datetime(readonly=True)
    date_done = fields.Datetime(readonly=True)
    test_mode = fields.Boolean(related="company_id.recouvrement_test_mode")
    line_ids = fields.One2many("recouvrement.statement.run.line", "run_id")
    line_count = fields.Integer(string="Customers", compute="_compute_counts")
    sent_count = fields.Integer(string="Sent", compute="_compute_counts")
    left_count = fields.Integer(string="Not Sent", compute="_compute_counts")
    progress = fields.Integer(compute="_compute_counts")

    # ------------------------------------------------------------------
    # COMPUTES
    # ------------------------------------------------------------------

    def _default_period(self):
        """The last month that is over."""
        return Period.month(Period.month(fields.Date.context_today(self)).eve)

    @api.depends("date_start", "date_end")
    def _compute_name(self):
        for run in self:
            run.name = self.env._(
                "Statements from %(start)s to %(end)s",
                start=format_date(self.env, run.date_start),
                end=format_date(self.env, run.date_end),
            )

    @api.depends("line_ids.state")
    def _compute_counts(self):
        counts = {
            (run.id, state): count
            for run, state, count in self.env[
                "recouvrement.statement.run.line"
            ]._read_group(
                [("run_id", "in", self.ids)], ["run_id", "state"], ["__count"]
            )
        }
        for run in self:
            by_state = {
                state: counts.get((run.id, state), 0)
                for state in ("pending", "sent", "skipped", "failed")
            }
            run.line_count = total = sum(by_state.values())
            run.sent_count = by_state["sent"]
            run.left_count = by_state["skipped"] + by_state["failed"]
            done = total - by_state["pending"]
            run.progress = 100 * done // total if total else 0

    @api.constrains("date_start", "date_end")
    def _check_period(self):
        today = fields.Date.context_today(self)
        for run in self:
            if run.date_end < run.date_start:
                raise ValidationError(self.env._("The period ends before it begins."))
            if run.date_end > today:
                raise ValidationError(
                    self.env._("A statement of account ends today at the latest.")
                )

    def write(self, vals):
        if not self.env.su and CHOSEN & vals.keys():
            self._check_state("draft")
            self._check_customers()
        result = super().write(vals)
        if EDITED & vals.keys():
            self.filtered(lambda run: run.scope != "chosen")._get_all_lines().unlink()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_draft(self):
        self._check_state("draft")
        self._check_customers()

    def _check_customers(self):
        """A mailing is led by who may work on all of its customers.

        :raise AccessError: when one is of another portfolio.
        """
        self.check_access("write")
        self._get_all_lines().debtor_id.sudo(self.env.su).check_access("write")

    def _get_all_lines(self):
        """Those of all portfolios, in sudo. Searched: the cache holds what the user
        has read."""
        lines = self.env["recouvrement.statement.run.line"].sudo()
        return lines.search([("run_id", "in", self.ids)])

    def _get_period(self):
        self.ensure_one()
        return Period(self.date_start, self.date_end)

    # ------------------------------------------------------------------
    # WHO GETS ONE
    # ------------------------------------------------------------------

    @api.model
    def _create_for(self, debtors):
        """A mailing to these customers, a company at a time."""
        runs = self.browse()
        for company, theirs in debtors.grouped("company_id").items():
            run = self.create({"company_id": company.id, "scope": "chosen"})
            run._add_lines(Domain("id", "in", theirs.ids))
            runs |= run
        return runs

    def action_prepare(self):
        """List the customers of the draft again, with what they owe."""
        self._check_customers()
        for run in self:
            run._check_state("draft")
            if run.scope == "chosen":
                chosen = Domain("id", "in", run._get_all_lines().debtor_id.ids)
            else:
                chosen = run._get_scope_domain()
            run._get_all_lines().unlink()
            run._add_lines(chosen)
        return True

    def _get_scope_domain(self):
        domain = Domain("company_id", "=", self.company_id.id)
        if self.segment_ids:
            domain &= Domain("segment_id", "in", self.segment_ids.ids)
        return domain

    def _add_lines(self, domain):
        """One statement, whatever the number of customers; only those that the user
        may see."""
        self.ensure_one()
        debtors = self.env["recouvrement.debtor"]
        debtors.sudo()._process_dirty()
        debtors.sudo()._flush_sources()
        self.flush_recordset()
        query = debtors._search(domain & Domain("company_id", "=", self.company_id.id))
        self.env.cr.execute(self._lines_sql(query.select()))
        self.env["recouvrement.statement.run.line"].invalidate_model(flush=False)
        self.invalidate_recordset(["line_ids"], flush=False)

    def _lines_sql(self, debtors):
        items = self.env["recouvrement.open.item"].with_context(at_end_of_day=True)
        company = SQL(
            "l.company_id IN (SELECT id FROM res_company WHERE parent_path LIKE %s)",
            f"{self.company_id.id}/%",
        )
        wanted = {
            "moved": SQL("owed.debtor_id IS NOT NULL OR moved.debtor_id IS NOT NULL"),
            "open": SQL("owed.balance <> 0"),
            "overdue": SQL("owed.overdue > 0"),
            "chosen": SQL("TRUE"),
        }[self.scope]
        return SQL(
            """
            INSERT INTO recouvrement_statement_run_line
                   (run_id, debtor_id, company_id, state, balance, overdue,
                    create_uid, create_date, write_uid, write_date)
            SELECT %(run)s, d.id, d.company_id, 'pending', COALESCE(owed.balance, 0),
                   COALESCE(owed.overdue, 0), %(user)s, %(now)s, %(user)s, %(now)s
              FROM recouvrement_debtor d
         LEFT JOIN (SELECT p.commercial_partner_id AS debtor_id,
                           SUM(residual) AS balance,
                           SUM(residual) FILTER (
                               WHERE residual > 0 AND date_due < %(end)s) AS overdue
                      FROM (%(open)s) o JOIN res_partner p ON p.id = o.partner_id
                  GROUP BY 1) owed ON owed.debtor_id = d.partner_id
         LEFT JOIN (SELECT DISTINCT p.commercial_partner_id AS debtor_id
                      FROM account_move_line l
                      JOIN account_account a ON a.id = l.account_id
                       AND a.account_type = 'asset_receivable'
                      JOIN res_partner p ON p.id = l.partner_id
                     WHERE l.parent_state = 'posted' AND %(company)s
                       AND l.date BETWEEN %(start)s AND %(end)s) moved
                ON moved.debtor_id = d.partner_id
             WHERE d.id IN (%(debtors)s) AND (%(wanted)s)
       ON CONFLICT DO NOTHING
            """,
            run=self.id,
            user=self.env.uid,
            now=self.env.cr.now(),
            start=self.date_start,
            end=self.date_end,
            open=items._open_lines_sql(self.date_end, company),
            company=company,
            debtors=debtors,
            wanted=wanted,
        )
