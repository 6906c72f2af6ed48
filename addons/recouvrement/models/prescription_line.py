"""The limit date of a claim, stored on its journal item: see ``prescription.py``."""

from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    limit_date = fields.Date(
        readonly=True,
        copy=False,
        help="Day from which the debtor could oppose that too much time has passed, "
        "counting certain events only.",
    )
    limit_date_possible = fields.Date(
        string="Limit Date with Possible Events",
        readonly=True,
        copy=False,
        help="The same when events that are open to discussion, such as a partial "
        "payment, are counted.",
    )
    limit_alerted = fields.Integer(
        string="Limit Date Announced",
        readonly=True,
        copy=False,
        help="Smallest distance in months at which an activity announced the date.",
    )
