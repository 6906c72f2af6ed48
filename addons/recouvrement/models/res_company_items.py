"""How much of a long account a reminder prints and carries."""

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    recouvrement_message_items = fields.Integer(
        string="Items Listed in a Message",
        default=50,
        help="Documents listed in the text of an e-mail or letter, the oldest first; "
        "the others are one line with their number and total, and the full list is a "
        "spreadsheet. 0: no list.",
    )
    recouvrement_statement_items = fields.Integer(
        string="Items Listed on a Statement",
        default=1000,
        help="Documents listed on the statement in PDF that goes with an e-mail.",
    )
    recouvrement_invoice_copies = fields.Integer(
        string="Invoice Copies in a Message",
        default=20,
        help="Copies of invoices attached to one e-mail, the oldest first, where the "
        "level includes them.",
    )

    _recouvrement_list_limits = models.Constraint(
        "CHECK (recouvrement_message_items >= 0 "
        "AND recouvrement_statement_items >= 0 "
        "AND recouvrement_invoice_copies >= 0)",
        "The number of items to list and of copies to attach cannot be negative.",
    )
