"""The figures of a pack one by one, each with the lines that make it up."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import formatLang

from ..tools.pack import change_unit, difference

SECTIONS = [
    ("synopsis", "Synopsis"),
    ("trend", "Trends"),
    ("facts", "Facts"),
    ("balance", "Aged Balance"),
    ("kpi", "Key Figures"),
    ("measure", "What Key Figures Are Made Of"),
    ("disputes", "Disputes and Litigation"),
    ("provisions", "Provisions"),
    ("forecast", "Forecast"),
    ("targets", "Targets"),
    ("reviews", "Account Reviews"),
]
UNITS = [
    ("amount", "Amount"),
    ("percent", "%"),
    ("days", "Days"),
    ("count", "Number"),
    ("ratio", "Ratio"),
]


class RecouvrementPackFigure(models.Model):
    """One number of a pack, as it was shown."""

    _name = "recouvrement.pack.figure"
    _description = "Figure of a Monthly Pack"
    _inherit = ["recouvrement.guarded"]
    _order = "pack_id desc, sequence, id"
    _rec_name = "label"
    _log_access = False

    pack_id = fields.Many2one(
        "recouvrement.pack",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="pack_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="pack_id.currency_id")
    sequence = fields.Integer(readonly=True)
    section = fields.Selection(SECTIONS, required=True, readonly=True)
    label = fields.Char(string="Figure", required=True, readonly=True)
    unit = fields.Selection(UNITS, required=True, readonly=True)
    decimals = fields.Integer(readonly=True)
    exact = fields.Char(
        string="Exact Value", readonly=True, help="Empty: not computable."
    )
    exact_before = fields.Char(string="Exact Value Before", readonly=True)
    value = fields.Float(digits=(20, 6), readonly=True, aggregator=None)
    value_text = fields.Char(string="Amount or Rate", compute="_compute_texts")
    before_text = fields.Char(string="Month Before", compute="_compute_texts")
    change_text = fields.Char(string="Change", compute="_compute_texts")
    source = fields.Json(string="Made Of", readonly=True)
    has_source = fields.Boolean(compute="_compute_has_source")
    has_before = fields.Boolean(compute="_compute_has_source")

    @api.depends("exact", "exact_before", "unit", "decimals")
    def _compute_texts(self):
        packs = self.env["recouvrement.pack"]
        for one in self:
            value, before = one._get_value(), one._get_value("exact_before")
            show = packs._show
            args = one.unit, one.decimals, one.currency_id
            one.value_text = show(value, *args)
            one.before_text = show(before, *args) if before is not None else ""
            change = difference(value, before)
            one.change_text = packs._show_change(change, *args) if change else ""

    @api.depends("source", "exact_before", "pack_id.date_start")
    def _compute_has_source(self):
        for one in self:
            one.has_source = bool(one.source)
            one.has_before = bool(one.exact_before and one._get_source_before())

    def _get_value(self, name="exact"):
        """The exact number, None when it cannot be worked out."""
        self.ensure_one()
        return Decimal(self[name]) if self[name] else None


class RecouvrementPack(models.Model):
    _inherit = "recouvrement.pack"

    @api.model
    def _show(self, value, unit="amount", decimals=2, currency=None):
        """A number with its unit, as it is read in the user's language."""
        if value is None:
            return "–"
        value = round(Decimal(value), decimals)
        if unit == "amount":
            if currency:
                return formatLang(self.env, float(value), currency_obj=currency)
            return formatLang(self.env, float(value), digits=decimals)
        text = formatLang(self.env, float(value), digits=decimals)
        if unit == "percent":
            return f"{text} %"
        if unit == "points":
            return self.env._("%s pts", text)
        return self.env._("%s days", text) if unit == "days" else text

    @api.model
    def _show_change(self, change, unit="amount", decimals=2, currency=None):
        """What a figure gained, with its sign."""
        text = self._show(change, change_unit(unit), decimals, currency)
        return f"+{text}" if round(change, decimals) > 0 else text
