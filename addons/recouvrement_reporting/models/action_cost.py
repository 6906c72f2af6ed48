"""What one act of collection costs the company."""

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from odoo.addons.recouvrement.models.interaction import CHANNELS


class RecouvrementActionCost(models.Model):
    _name = "recouvrement.action.cost"
    _description = "Cost of a Collection Action"
    _order = "company_id, kind, date_from DESC"

    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company.root_id,
        domain="[('parent_id', '=', False)]",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(selection="_selection_kind", string="Action", required=True)
    unit_cost = fields.Monetary(
        required=True, help="Postage, paper and time of one action."
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    note = fields.Char(string="How It Was Worked Out")

    _kind_uniq = models.UniqueIndex(
        "(company_id, kind, date_from)",
        "This action has a cost from that day on already.",
    )
    _cost_positive = models.Constraint(
        "CHECK (unit_cost >= 0)", "A cost is not negative."
    )

    @api.model
    def _selection_kind(self):
        """Reminders by channel, then contacts by channel."""
        reminders = self.env["recouvrement.channel"]._get_channels()
        return [
            *(
                (f"reminder_{code}", self.env._("Reminder: %s", label))
                for code, label in reminders.items()
            ),
            *(
                (f"contact_{code}", self.env._("Contact: %s", label))
                for code, label in self._get_contact_labels().items()
            ),
        ]

    @api.model
    def _get_contact_labels(self):
        field = self.env["recouvrement.interaction"]._fields["channel"]
        labels = dict(field._description_selection(self.env))
        return {code: labels[code] for code, _label in CHANNELS}

    @api.depends("kind", "date_from")
    def _compute_display_name(self):
        labels = dict(self._selection_kind())
        for cost in self:
            cost.display_name = (
                f"{labels.get(cost.kind, '')} · {format_date(self.env, cost.date_from)}"
            )

    @api.model
    def _cost_sql(self):
        """Unit cost of action ``a`` (``kind, date, company_id``) on its day."""
        root = self.env["recouvrement.open.item"]._root_company_sql("cc")
        return SQL(
            """
            SELECT ac.unit_cost FROM recouvrement_action_cost ac
              JOIN res_company cc ON cc.id = a.company_id
             WHERE ac.kind = a.kind AND ac.date_from <= a.date
               AND ac.company_id = %s
          ORDER BY ac.date_from DESC LIMIT 1
            """,
            root,
        )
