from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_date

DRAFT, APPROVED, CANCELLED = "draft", "approved", "cancelled"


class RecouvrementBonusStatement(models.Model):
    """The bonus of one collector for one month, explained line by line.

    Made from frozen figures only, with a copy of the rule; once per rule, collector and
    month; approved by somebody else than who made it and who earns it.
    """

    _name = "recouvrement.bonus.statement"
    _inherit = ["recouvrement.guarded", "mail.thread"]
    _description = "Collection Bonus Statement"
    _order = "date_start desc, user_id, id desc"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    rule_id = fields.Many2one(
        "recouvrement.bonus.rule",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users", string="Collector", required=True, index=True, readonly=True
    )
    team_id = fields.Many2one("recouvrement.team", readonly=True)
    date_start = fields.Date(string="From", required=True, readonly=True)
    date_end = fields.Date(string="Until", required=True, readonly=True)
    state = fields.Selection(
        [(DRAFT, "To Approve"), (APPROVED, "Approved"), (CANCELLED, "Cancelled")],
        required=True,
        default=DRAFT,
        readonly=True,
        tracking=True,
    )
    rule_data = fields.Json(readonly=True)
    facts = fields.Json(readonly=True)
    line_ids = fields.One2many("recouvrement.bonus.line", "statement_id", readonly=True)
    earned_amount = fields.Monetary(
        string="Earned", readonly=True, help="Before what is taken back."
    )
    taken_back_amount = fields.Monetary(
        string="Taken Back",
        readonly=True,
        help="For receipts of earlier months that were reversed.",
    )
    carried_amount = fields.Monetary(
        string="Carried Over",
        readonly=True,
        help="Taken back beyond what was earned: it waits for the next statement and "
        "is never taken from the salary.",
    )
    carried_to_id = fields.Many2one(
        "recouvrement.bonus.statement", readonly=True, index="btree_not_null"
    )
    total = fields.Monetary(string="To Pay", readonly=True, tracking=True)
    computed_by_id = fields.Many2one("res.users", string="Made By", readonly=True)
    computed_on = fields.Datetime(string="Made On", readonly=True)
    approved_by_id = fields.Many2one("res.users", readonly=True)
    approved_on = fields.Datetime(readonly=True)
    note = fields.Text()
    can_approve = fields.Boolean(compute="_compute_can_approve")

    _once_uniq = models.UniqueIndex(
        "(rule_id, user_id, date_start) WHERE state <> 'cancelled'",
        "This bonus was already worked out for this collector and this month.",
    )
    _second_person = models.Constraint(
        "CHECK (state <> 'approved' OR (approved_by_id IS NOT NULL "
        "AND approved_by_id <> user_id AND approved_by_id <> computed_by_id))",
        "A bonus is approved by somebody else than who made it and who earns it.",
    )
    _total_positive = models.Constraint(
        "CHECK (total >= 0 AND carried_amount >= 0)", "A bonus is never negative."
    )

    @api.depends("user_id", "date_start", "rule_id")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = self.env._(
                "%(rule)s, %(user)s, %(month)s",
                rule=statement.sudo().rule_id.name or "",
                user=statement.user_id.sudo().name or "",
                month=statement._describe_month(),
            )

    @api.depends_context("uid")
    @api.depends("state", "computed_by_id", "user_id", "total")
    def _compute_can_approve(self):
        authorities = self.env["recouvrement.authority"]
        for statement in self:
            statement.can_approve = (
                statement.state == DRAFT
                and statement._is_second_person()
                and authorities._allows("bonus", statement.total, statement.company_id)
            )

    def _describe_month(self):
        self.ensure_one()
        if not self.date_start:
            return ""
        return format_date(self.env, self.date_start, date_format="LLLL y")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_made(self):
        raise UserError(self.env._("A bonus statement is a record: cancel it instead."))

    # ------------------------------------------------------------------
    # APPROVAL
    # ------------------------------------------------------------------

    def _is_second_person(self):
        self.ensure_one()
        return self.env.user not in (self.computed_by_id, self.user_id)

    def action_approve(self):
        """A second person, within the limits of authority, agrees to the payment.

        :raise AccessError: to who made the statement or earns the bonus.
        :raise UserError: above the limit of the user, or when it is not a draft.
        """
        self.check_access("write")
        authorities = self.env["recouvrement.authority"]
        self.lock_for_update()
        for statement in self:
            if statement.state != DRAFT:
                raise UserError(
                    self.env._("%s is not to be approved.", statement.display_name)
                )
            if not statement._is_second_person():
                raise AccessError(
                    self.env._(
                        "A bonus is approved by somebody else than who made it and "
                        "who earns it."
                    )
                )
            authorities._check("bonus", statement.total, statement.company_id)
        self.sudo().write(
            {
                "state": APPROVED,
                "approved_by_id": self.env.uid,
                "approved_on": fields.Datetime.now(),
            }
        )

    def action_cancel(self):
        """Give a draft up; what it took back or carried is free again.

        :raise UserError: when it is approved: what is reversed later is taken back by
            the next statement.
        """
        self.check_access("write")
        if any(statement.state == APPROVED for statement in self):
            raise UserError(self.env._("An approved bonus is not cancelled."))
        self.sudo()._release()
        self.sudo().write({"state": CANCELLED})

    def _release(self):
        self.search([("carried_to_id", "in", self.ids)]).carried_to_id = False
        self.env["recouvrement.bonus.reversal"].search(
            [("statement_id", "in", self.ids)]
        ).unlink()

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_print(self):
        self.check_access("read")
        return self.env.ref(
            "recouvrement_reporting.action_report_bonus_statement"
        ).report_action(self)

    def _get_printed(self):
        """These statements with all that the paper shows: the names of others, the
        rule.

        :raise AccessError: to who may not read them.
        """
        self.check_access("read")
        return self.sudo()

    def action_open_receipts(self):
        """The receipts that were credited to the collector, as they were frozen."""
        self.ensure_one()
        return self._action_open_receipts(self.user_id.ids)

    def _action_open_receipts(self, collector_ids):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_bonus_receipt_action"
        )
        action["domain"] = [
            ("company_id", "=", self.company_id.id),
            ("collector_id", "in", collector_ids),
            ("date_start", "=", fields.Date.to_string(self.date_start)),
        ]
        return action
