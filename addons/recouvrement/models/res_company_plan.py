from odoo import fields, models

# What a company without figures of its own uses, in days.
PLAN_DAYS = {"offer": 10, "grace": 5, "forfeit": 8}


class ResCompany(models.Model):
    _inherit = "res.company"

    recouvrement_plan_offer_days = fields.Integer(
        string="Days to Accept a Plan",
        default=PLAN_DAYS["offer"],
        help="An offer ends after them, and at the latest on its first instalment.",
    )
    recouvrement_plan_grace_days = fields.Integer(
        string="Days of Grace of an Instalment", default=PLAN_DAYS["grace"]
    )
    recouvrement_plan_forfeit_days = fields.Integer(
        string="Days to Pay after a Warning",
        default=PLAN_DAYS["forfeit"],
        help="Once they are over, the plan may be ended and the whole debt called in.",
    )
    recouvrement_plan_auto_forfeit = fields.Boolean(
        string="End Missed Plans Automatically",
        help="Otherwise the collector confirms it.",
    )

    def _get_plan_days(self, kind):
        """Days of a kind of ``PLAN_DAYS``, of the legal entity; never below zero."""
        days = self.root_id.sudo()[f"recouvrement_plan_{kind}_days"]
        return max(days or 0, 0)
