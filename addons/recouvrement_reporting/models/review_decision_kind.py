from odoo import api, fields, models

from .review_section import KINDS


class RecouvrementReviewDecisionKind(models.Model):
    """What a review may decide about a debtor."""

    _name = "recouvrement.review.decision.kind"
    _description = "Kind of Decision of a Review"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=50)
    kind = fields.Selection(
        KINDS, string="Meeting", help="Empty: account reviews and credit committees."
    )
    icon = fields.Char(
        default="fa-check", help="Icon of Font Awesome on the button of the meeting."
    )
    owner_role = fields.Selection(
        [
            ("collector", "Collector"),
            ("salesperson", "Salesperson"),
            ("organiser", "Organiser of the Review"),
        ],
        string="Done By",
        required=True,
        default="collector",
        help="Proposed when the decision is taken; may be changed.",
    )
    delay_days = fields.Integer(
        string="Within",
        default=7,
        help="Days after the review, week-ends passed over. Zero: the day itself.",
    )
    action = fields.Selection(
        selection=lambda self: self._selection_action(),
        help="What the button of the decision opens.",
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        domain="[('res_model', 'in', (False, 'recouvrement.debtor'))]",
        ondelete="set null",
        help="Empty: to do.",
    )
    active = fields.Boolean(default=True)

    _delay_positive = models.Constraint(
        "CHECK (delay_days >= 0)", "A number of days is zero or more."
    )

    @api.model
    def _selection_action(self):
        methods = self._get_action_methods()
        return [(code, label) for code, (label, _method) in methods.items()]

    @api.model
    def _get_action_methods(self):
        """What a decision can do at once: a hook.

        :return: ``{code: (label, method of the debtor that returns an action)}``.
        """
        return {
            "contact": (self.env._("Log a Contact"), "action_log_contact"),
            "hold": (self.env._("Put on Hold"), "action_hold"),
            "promise": (self.env._("Take a Promise"), "action_promise"),
            "plan": (self.env._("Negotiate a Plan"), "action_plan"),
            "relay": (self.env._("Ask a Colleague"), "action_relay"),
            "items": (self.env._("Open the Items"), "action_overdue_items"),
            "debtor": (self.env._("Open the Debtor"), "action_open_desk"),
        }
