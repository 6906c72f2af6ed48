"""What a company's own past says of the invoices that are paid late, with its error."""

from odoo import api, fields, models
from odoo.tools import format_date, formatLang

STATES = [("shown", "Shown"), ("silent", "Silent")]
SILENCES = [
    ("few", "Too few invoices whose outcome is known"),
    ("one_outcome", "Nearly all invoices had the same outcome"),
    ("unmatched", "Too few receipts are matched with invoices"),
    ("unconvincing", "The past of customers tells no more than the average"),
]


class RecouvrementLateModel(models.Model):
    """Learnt each night for a legal entity from invoices to companies; natural persons
    are neither learnt from nor judged (GDPR art. 22). Its chances are shown only when
    invoices issued later prove that they are worth something."""

    _name = "recouvrement.late.model"
    _description = "Chances of Late Payment"
    _inherit = ["recouvrement.guarded"]
    _order = "date desc, id desc"

    company_id = fields.Many2one(
        "res.company", string="Legal Entity", required=True, index=True, readonly=True
    )
    date = fields.Date(string="Learnt On", required=True, readonly=True)
    is_current = fields.Boolean(string="Current", readonly=True)
    state = fields.Selection(STATES, required=True, readonly=True)
    silence = fields.Selection(SILENCES, string="Why Silent", readonly=True)
    cutoff = fields.Date(
        string="Tested From",
        readonly=True,
        help="Invoices due before were learnt from, those issued since tested.",
    )
    learnt_count = fields.Integer(
        string="Invoices Learnt From", readonly=True, aggregator=None
    )
    tested_count = fields.Integer(
        string="Invoices Tested", readonly=True, aggregator=None
    )
    late_share = fields.Float(
        string="Paid Late (%)",
        digits=(5, 1),
        readonly=True,
        aggregator=None,
        help="Of the invoices that were tested.",
    )
    matched_share = fields.Float(
        string="Receipts Matched (%)", digits=(5, 1), readonly=True, aggregator=None
    )
    auc = fields.Float(
        string="Right Order (AUC)",
        digits=(4, 3),
        readonly=True,
        aggregator=None,
        help="Of a late invoice and one paid in time, how often the late one was given "
        "the higher chance: 0.5 is a toss of a coin, 1 is always.",
    )
    brier = fields.Float(
        string="Error (Brier)",
        digits=(4, 3),
        readonly=True,
        aggregator=None,
        help="Mean squared distance of the chance from what came: 0 is perfect.",
    )
    brier_plain = fields.Float(
        string="Error of the Average",
        digits=(4, 3),
        readonly=True,
        aggregator=None,
        help="The same error if every invoice were given the share that is paid late.",
    )
    groups = fields.Json(string="Groups of Invoices", readonly=True)
    weights = fields.Json(readonly=True)
    calibration = fields.Html(compute="_compute_tables", sanitize=False)
    reasons = fields.Html(compute="_compute_tables", sanitize=False)
    item_count = fields.Integer(
        string="Open Items Given a Chance", compute="_compute_item_count"
    )

    _current_uniq = models.UniqueIndex(
        "(company_id) WHERE is_current", "This company has current chances already."
    )

    @api.depends("company_id", "date")
    def _compute_display_name(self):
        for model in self:
            model.display_name = self.env._(
                "%(company)s, %(day)s",
                company=model.company_id.name or "",
                day=format_date(self.env, model.date),
            )

    @api.depends("is_current")
    def _compute_item_count(self):
        chances = self.env["recouvrement.late.chance"].sudo()
        counts = dict(
            chances._read_group(
                [("model_id", "in", self.ids)], ["model_id"], ["__count"]
            )
        )
        for model in self:
            model.item_count = counts.get(model._origin, 0)

    @api.depends("groups", "weights")
    @api.depends_context("lang")
    def _compute_tables(self):
        for model in self:
            model.calibration = model._render(
                "late_model_calibration", rows=model._get_group_rows()
            )
            model.reasons = model._render(
                "late_model_reasons", rows=model._get_weight_rows()
            )

    def _render(self, template, **values):
        return self.env["ir.qweb"]._render(f"recouvrement.{template}", values)

    def _get_group_rows(self):
        """Groups of invoices that were given about the same chance, in per cent."""
        return [
            {
                "number": formatLang(self.env, group["number"], digits=0),
                "said": self._percent(group["said"]),
                "came": self._percent(group["came"]),
                "width": round(100 * group["came"]),
            }
            for group in self.groups or []
        ]

    def _get_weight_rows(self):
        """Features from the heaviest, with the way each pulls."""
        labels = self._get_feature_labels()
        weights = sorted(
            (self.weights or {}).items(), key=lambda item: abs(item[1]), reverse=True
        )
        return [
            {
                "label": labels.get(code, code),
                "weight": formatLang(self.env, abs(weight), digits=2),
                "later": weight > 0,
            }
            for code, weight in weights
        ]

    def _percent(self, share):
        return self.env._("%s %%", formatLang(self.env, 100 * share, digits=0))

    @api.model
    def _get_feature_labels(self):
        return {
            "late_share": self.env._("Share of its earlier invoices paid late"),
            "days_late": self.env._("Its average days late so far"),
            "known": self.env._("How many invoices of it are known"),
            "overdue": self.env._("Invoices overdue on the day of issue"),
            "term": self.env._("Days from issue to due date"),
            "amount": self.env._("Amount of the invoice"),
        }

    def action_open_items(self):
        """Items not due yet, those most likely to be late first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "recouvrement.recouvrement_late_item_action"
        )
        action["domain"] = [
            ("debtor_company_id", "=", self.company_id.id),
            ("late_chance", ">", 0),
        ]
        return action
