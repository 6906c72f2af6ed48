from odoo import api, fields, models
from odoo.tools import format_date


class RecouvrementClosing(models.Model):
    """The check list of one legal entity at one closing, kept with its signatures."""

    _name = "recouvrement.closing"
    _description = "Month-end Check List"
    _inherit = ["recouvrement.guarded"]
    _order = "date desc, id desc"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Date(
        string="Closing Date",
        required=True,
        default=lambda self: self.env["recouvrement.as.of.wizard"]._default_date(),
    )
    line_ids = fields.One2many("recouvrement.closing.line", "closing_id")
    date_checked = fields.Datetime(string="Checked On", readonly=True)
    to_look_at = fields.Integer(compute="_compute_to_look_at", store=True)
    note = fields.Text()

    _company_date_uniq = models.UniqueIndex(
        "(company_id, date)", "This closing already has its check list."
    )

    @api.depends("company_id", "date")
    def _compute_display_name(self):
        for closing in self:
            closing.display_name = self.env._(
                "Closing of %(day)s, %(company)s",
                day=format_date(self.env, closing.date),
                company=closing.company_id.name,
            )

    @api.depends("line_ids.state")
    def _compute_to_look_at(self):
        for closing in self:
            closing.to_look_at = len(
                closing.line_ids.filtered(lambda line: line.state == "to_look_at")
            )

    def _get_items_context(self):
        """Context in which open items are those of the end of the closing day."""
        self.ensure_one()
        return {"open_items_as_of": fields.Date.to_string(self.date)}

    @api.model_create_multi
    def create(self, vals_list):
        closings = super().create(vals_list)
        closings.action_check()
        return closings

    def action_check(self):
        """Count again; a signature stands as long as its figures do."""
        self.check_access("write")
        checks = self.env["recouvrement.closing.check"]
        for closing in self:
            lines = closing.line_ids.grouped("code")
            values = []
            for sequence, code in enumerate(checks._get_checks()):
                count, amount = checks._measure(checks._find(code, closing))
                vals = {"count": count, "amount": amount, "sequence": sequence}
                if line := lines.get(code):
                    line.sudo().write(vals)
                else:
                    values.append({"closing_id": closing.id, "code": code, **vals})
            self.env["recouvrement.closing.line"].sudo().create(values)
        self.sudo().write({"date_checked": fields.Datetime.now()})

    def action_print(self):
        return self.env.ref("recouvrement.closing_report_action").report_action(self)
