from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from odoo.addons.recouvrement.models.selections import COLLECTION_STATUSES

from ..tools.ageing import MONTHS, AgeingError
from ..tools.options import CONTEXT_KEY, columns_of, read_options


class RecouvrementAgedBalance(models.Model):
    """Receivable items open at a date, each in one column of the aged balance.

    The context key ``aged_balance`` holds the options (``tools/options.py``). The same
    composable SQL serves the screen, the pivot, the spreadsheet and the PDF.
    """

    _name = "recouvrement.aged.balance"
    _description = "Aged Balance"
    _auto = False
    _order = "date_due, id"
    _rec_name = "name"
    _depends = {
        "account.account": ["account_type"],
        "recouvrement.open.item": [],
        "recouvrement.debtor": ["policy_id"],
        "recouvrement.due.date.change": ["date", "date_old", "move_line_id"],
        "recouvrement.matching.undone": ["date_from", "date_to"],
        "res.currency.rate": ["rate", "name"],
        "res.partner": ["complete_name", "parent_id", "ref"],
    }

    move_line_id = fields.Many2one("account.move.line", string="Item", readonly=True)
    move_id = fields.Many2one("account.move", string="Entry", readonly=True)
    name = fields.Char(string="Document", readonly=True)
    document_date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    days_overdue = fields.Integer(
        string="Days", readonly=True, aggregator=None, help="Negative before due date."
    )
    company_id = fields.Many2one("res.company", readonly=True)
    account_id = fields.Many2one("account.account", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    commercial_partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True
    )
    parent_partner_id = fields.Many2one(
        "res.partner", string="Parent Company", readonly=True
    )
    partner_name = fields.Char(string="Name of Customer", readonly=True)
    partner_ref = fields.Char(string="Reference of Customer", readonly=True)
    debtor_id = fields.Many2one("recouvrement.debtor", readonly=True)
    collector_id = fields.Many2one("res.users", readonly=True)
    substitute_id = fields.Many2one("res.users", readonly=True)
    salesperson_id = fields.Many2one("res.users", readonly=True)
    segment_id = fields.Many2one("recouvrement.segment", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    policy_id = fields.Many2one("recouvrement.dunning.policy", readonly=True)
    reached_rank = fields.Integer(
        string="Level Reached", aggregator="max", readonly=True
    )
    collection_status = fields.Selection(COLLECTION_STATUSES, readonly=True)
    doubtful_reason_id = fields.Many2one(
        "recouvrement.doubtful.reason", string="Doubtful", readonly=True
    )
    column_index = fields.Integer(
        string="Column", aggregator=None, readonly=True, help="From 0: not due."
    )
    age = fields.Char(readonly=True)
    display_currency_id = fields.Many2one(
        "res.currency", string="Currency Shown", readonly=True
    )
    amount = fields.Monetary(
        string="Open Amount", currency_field="display_currency_id", readonly=True
    )
    company_currency_id = fields.Many2one("res.currency", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    residual = fields.Monetary(
        string="Open Amount (Company Currency)",
        currency_field="company_currency_id",
        readonly=True,
    )
    residual_currency = fields.Monetary(
        string="Open Amount (Own Currency)",
        currency_field="currency_id",
        readonly=True,
    )

    # ------------------------------------------------------------------
    # OPTIONS
    # ------------------------------------------------------------------

    @api.model
    def _read_options(self, values):
        """Checked options of a client.

        :raise UserError: says in words what cannot be followed.
        """
        try:
            return read_options(values, fields.Date.context_today(self))
        except AgeingError as error:
            raise UserError(self._explain_option(error)) from error

    @api.model
    def _explain_option(self, error):
        params = error.params
        texts = {
            "unit": self.env._("Ages are counted in days or in months."),
            "base": self.env._("Ages count from the due date or the document date."),
            "bound": self.env._(
                "“%s” is not a whole number of days or months.", params.get("value")
            ),
            "too_far": self.env._(
                "%(value)s is too far: the limit is %(most)s.",
                value=params.get("value"),
                most=params.get("most"),
            ),
            "negative": self.env._(
                "A document has no negative age: %s.", params.get("value")
            ),
            "none": self.env._("Give at least one limit, such as 30."),
            "too_many": self.env._("No more than %s limits.", params.get("most")),
            "future": self.env._("What will be open on a future day is not known yet."),
            "date": self.env._("“%s” is not a date.", params.get("value")),
        }
        return texts.get(error.code) or self.env._(
            "This choice is not known: %s.", params.get("value")
        )

    @api.model
    def _get_options(self):
        return self._read_options(self.env.context.get(CONTEXT_KEY))

    def _with_options(self, options):
        return self.with_context(**{CONTEXT_KEY: options.to_dict()})

    # ------------------------------------------------------------------
    # COLUMNS
    # ------------------------------------------------------------------

    @api.model
    def _has_unknown_ages(self):
        """Whether a takeover left items whose age nobody knows."""
        imports = self.env["recouvrement.fec.import"].sudo()
        return bool(imports.with_context(active_test=False).search([], limit=1))

    @api.model
    def _get_columns(self, options):
        """Columns of amounts: ``[{key, label, kind}]``."""
        codes = columns_of(options, self._has_unknown_ages())
        labels = self._label_columns(options)
        return [
            {
                "key": code,
                "label": labels[code],
                "kind": self._kind_of_column(options, code),
            }
            for code in codes
        ]

    @api.model
    def _kind_of_column(self, options, code):
        """``age`` that is not late, ``late``, or the name of another column."""
        if not code.isdecimal():
            return code
        over = options.plan.buckets[int(code)].over
        if options.plan.base != "due" or over is None or over < 0:
            return "age"
        return "late"

    @api.model
    def _label_columns(self, options):
        plan = options.plan
        labels = {
            str(number): self._label_bucket(plan, bucket)
            for number, bucket in enumerate(plan.buckets)
        }
        return labels | {
            "unknown": self.env._("Age unknown"),
            "disputed": self.env._("Disputed"),
            "doubtful": self.env._("Doubtful"),
            "credit": self.env._("Credits"),
        }

    @api.model
    def _label_bucket(self, plan, bucket):
        over, upto = bucket.over, bucket.upto
        if plan.base == "due" and upto is not None and upto <= 0:
            return self._label_not_due(plan, over, upto)
        if plan.unit == MONTHS:
            return self._label_months(over, upto)
        if upto is None:
            return self.env._("Over %s days", over)
        first = 0 if over is None else over + 1
        return self.env._("%(first)s–%(last)s days", first=first, last=upto)

    @api.model
    def _label_months(self, over, upto):
        if upto is None:
            return self.env._("Over %s months", over)
        if not over:
            return self.env._("Up to %s months", upto)
        return self.env._("%(over)s to %(upto)s months", over=over, upto=upto)

    @api.model
    def _label_not_due(self, plan, over, upto):
        months = plan.unit == MONTHS
        if over is None and upto == 0:
            return self.env._("Not due")
        if over is None and months:
            return self.env._("Due in %s months or more", -upto)
        if over is None:
            return self.env._("Due in %s days or more", -upto)
        values = {"first": -upto, "last": -over}
        if months:
            return self.env._("Due in %(first)s to %(last)s months", **values)
        values["last"] -= 1
        return self.env._("Due in %(first)s–%(last)s days", **values)

    @api.model
    def _describe_day(self, day):
        return format_date(self.env, day)
