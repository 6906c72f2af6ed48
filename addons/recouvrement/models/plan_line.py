from odoo import fields, models

from ..tools.matches import Settled
from ..tools.plan import Item


class RecouvrementPaymentPlanLine(models.Model):
    """An item of a plan, with what was matched with it when the plan was offered."""

    _name = "recouvrement.payment.plan.line"
    _description = "Item of an Instalment Plan"
    _inherit = ["recouvrement.guarded"]
    _order = "date_due, id"

    plan_id = fields.Many2one(
        "recouvrement.payment.plan",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    debtor_id = fields.Many2one(related="plan_id.debtor_id", store=True, index=True)
    company_id = fields.Many2one(related="plan_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="plan_id.currency_id")
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Item",
        readonly=True,
        index=True,
        ondelete="set null",
    )
    name = fields.Char(string="Document", readonly=True)
    document_date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    base_received = fields.Monetary(
        readonly=True, help="Money received before the offer."
    )
    base_otherwise = fields.Monetary(
        readonly=True, help="Credit notes and the like before the offer."
    )
    base_residual = fields.Monetary(
        string="In the Plan", readonly=True, help="Open amount at the offer."
    )
    amount_received = fields.Monetary(string="Received", readonly=True)
    amount_remaining = fields.Monetary(string="Still to Pay", readonly=True)
    is_live = fields.Boolean(readonly=True)

    _one_live_plan_per_item = models.UniqueIndex(
        "(move_line_id) WHERE is_live",
        "This item is in another instalment plan already.",
    )

    def _get_item(self, facts):
        """The item as ``tools/plan.py`` sees it.

        :param dict facts: ``{move line id: (Settled, Decimal open amount)}``.
        """
        decimal = self.plan_id._decimal
        now, is_open = facts.get(self.move_line_id.id, (Settled(), decimal(0)))
        return Item(
            decimal(self.base_residual),
            Settled(decimal(self.base_received), decimal(self.base_otherwise)),
            now,
            is_open,
        )
