"""Documentary credits: a bank pays against documents presented in time."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

# UCP 600, article 14 c, where the credit itself says nothing.
PRESENTATION_DAYS = 21


class RecouvrementCoverKind(models.Model):
    _inherit = "recouvrement.cover.kind"

    is_documentary = fields.Boolean(
        string="Documentary Credit",
        help="A bank pays against documents: shipment and presentation have their "
        "last days.",
    )
    presentation_days = fields.Integer(
        string="Usual Days to Present",
        default=PRESENTATION_DAYS,
        aggregator=None,
        help="Days after shipment within which documents are presented, unless the "
        "credit says otherwise.",
    )

    _check_presentation_days = models.Constraint(
        "CHECK (presentation_days >= 0)", "A number of days is not negative."
    )


class RecouvrementCover(models.Model):
    _inherit = "recouvrement.cover"

    is_documentary = fields.Boolean(related="kind_id.is_documentary")
    advising_bank_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        help="The bank that hands the credit on to us; it bears it too if it "
        "confirms it.",
    )
    is_confirmed = fields.Boolean(string="Confirmed Credit", tracking=True)
    date_shipment = fields.Date(string="Latest Shipment", tracking=True)
    date_shipped = fields.Date(string="Shipped On", tracking=True)
    presentation_days = fields.Integer(
        string="Days to Present",
        compute="_compute_presentation_days",
        store=True,
        readonly=False,
        precompute=True,
        aggregator=None,
        help="Days after shipment within which documents are presented.",
    )
    date_presentation = fields.Date(
        string="Documents Due By",
        compute="_compute_date_presentation",
        store=True,
        precompute=True,
        help="Days to present after the shipment, or after the latest one before it; "
        "never after the credit ends.",
    )
    date_presented = fields.Date(string="Documents Presented On", tracking=True)

    _check_presentation_days = models.Constraint(
        "CHECK (presentation_days >= 0)", "A number of days is not negative."
    )

    @api.depends("kind_id")
    def _compute_presentation_days(self):
        for cover in self:
            cover.presentation_days = cover.kind_id.presentation_days

    @api.depends(
        "kind_id.is_documentary",
        "date_shipment",
        "date_shipped",
        "date_to",
        "presentation_days",
    )
    def _compute_date_presentation(self):
        for cover in self:
            shipped = cover.date_shipped or cover.date_shipment
            days = timedelta(days=cover.presentation_days)
            ends = [shipped and shipped + days, cover.date_to]
            cover.date_presentation = cover.kind_id.is_documentary and min(
                filter(None, ends), default=False
            )

    @api.constrains("date_shipment", "date_shipped", "date_presented", "date_to")
    def _check_documentary_dates(self):
        for cover in self:
            if cover.date_to and (cover.date_shipment or cover.date_to) > cover.date_to:
                raise ValidationError(
                    self.env._("The latest shipment is not after the credit ends.")
                )
            shipped = cover.date_shipped
            if shipped and (cover.date_presented or shipped) < shipped:
                raise ValidationError(
                    self.env._("Documents are presented after the shipment.")
                )
