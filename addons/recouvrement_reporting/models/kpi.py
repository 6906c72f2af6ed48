"""The registry of key figures: what each means, and what is good."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..tools.kpi import KPIS

FAMILIES = [
    ("balance", "Receivables"),
    ("delay", "Delays"),
    ("quality", "Quality of the Receivables"),
    ("recovery", "Recovery"),
    ("commitment", "Disputes and Promises"),
    ("work", "Cash Application and Work"),
]
UNITS = [
    ("days", "Days"),
    ("percent", "%"),
    ("amount", "Amount"),
    ("count", "Number"),
    ("ratio", "Ratio"),
]
DIRECTIONS = [
    ("lower", "Lower is better"),
    ("higher", "Higher is better"),
    ("neutral", "Neither"),
]
# Limits that a figure comes with: those that the profession gives to the CEI.
FIRST_LIMITS = {"cei": (80, 50)}
EDITABLE = {"active", "sequence", "is_judged", "good_limit", "bad_limit"}


class RecouvrementKpi(models.Model):
    """A key figure. Its computation is code (``tools/kpi.py``), found by ``code``; its
    texts are data, its limits belong to the credit manager."""

    _name = "recouvrement.kpi"
    _description = "Key Figure"
    _order = "sequence, id"

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    family = fields.Selection(FAMILIES, required=True)
    definition = fields.Text(required=True, translate=True)
    formula = fields.Char(required=True, translate=True)
    source = fields.Char(required=True, translate=True)
    unit = fields.Selection(UNITS, required=True)
    direction = fields.Selection(DIRECTIONS, required=True, default="neutral")
    decimals = fields.Integer(default=2)
    sequence = fields.Integer(default=10)
    is_judged = fields.Boolean(
        string="Judged by Limits", help="Said to be good or bad by the limits below."
    )
    good_limit = fields.Float(string="Good From", digits=(16, 2))
    bad_limit = fields.Float(string="Bad From", digits=(16, 2))
    active = fields.Boolean(default=True)

    _code_uniq = models.UniqueIndex("(code)", "This figure is there already.")

    @api.constrains("code")
    def _check_code(self):
        for kpi in self:
            if kpi.code not in KPIS:
                raise ValidationError(
                    self.env._("No figure has the code “%s”.", kpi.code)
                )

    @api.constrains("is_judged", "good_limit", "bad_limit", "direction")
    def _check_limits(self):
        for kpi in self.filtered("is_judged"):
            gap = kpi.good_limit - kpi.bad_limit
            if kpi.direction == "neutral" or (gap > 0) != (kpi.direction == "higher"):
                raise ValidationError(
                    self.env._(
                        "The limits of “%s” do not go with what is good for it.",
                        kpi.name,
                    )
                )

    def write(self, vals):
        """What a figure is comes with the application.

        :raise AccessError: for anything but the limits, the order and whether it is
            shown.
        """
        if not self.env.su and not self.env.user.has_group("base.group_system"):
            fixed = vals.keys() - EDITABLE
            if fixed:
                raise AccessError(
                    self.env._("Only the limits and the order of a figure change.")
                )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_registry(self):
        raise UserError(self.env._("Archive a figure that is not to be shown."))

    @api.model
    def _set_first_limits(self):
        """Limits of figures that never had any; from then on they are the credit
        manager's."""
        for kpi in self.search([("code", "in", list(FIRST_LIMITS))]):
            if not (kpi.is_judged or kpi.good_limit or kpi.bad_limit):
                good, bad = FIRST_LIMITS[kpi.code]
                kpi.write({"good_limit": good, "bad_limit": bad, "is_judged": True})

    def _judge(self, value):
        """``good``, ``bad``, ``between`` by the limits; None when there are none."""
        if not self.is_judged or value is None:
            return None
        sign = -1 if self.direction == "lower" else 1
        if sign * value >= sign * self.good_limit:
            return "good"
        return "bad" if sign * value <= sign * self.bad_limit else "between"

    def _to_number(self, value):
        """A value as clients get it: rounded to its decimals; None stays."""
        if value is None:
            return None
        return float(round(value, self.decimals))
