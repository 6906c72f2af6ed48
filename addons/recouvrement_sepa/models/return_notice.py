from decimal import Decimal

from odoo import fields, models

from ..tools.returns import Notice
from .sepa_return import KINDS


class RecouvrementSepaReturnNotice(models.Model):
    """One message of the bank about a return: a reject file, a notification, a
    statement. Several of one failure are one return."""

    _name = "recouvrement.sepa.return.notice"
    _description = "Bank's Message about a Return"
    _inherit = ["recouvrement.guarded"]
    _order = "id"
    _rec_name = "document"

    return_id = fields.Many2one(
        "recouvrement.sepa.return",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    key = fields.Char(required=True, readonly=True)
    document = fields.Char(required=True, readonly=True)
    message_id = fields.Char(readonly=True)
    where = fields.Char(readonly=True, help="Place in the file.")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    booked = fields.Boolean(readonly=True)
    date = fields.Date(readonly=True)
    # Numeric, empty when the bank named no amount: zero would be one.
    amount_text = fields.Char(string="Amount", readonly=True)
    charges_text = fields.Char(string="Charges", readonly=True)
    code = fields.Char(string="Reason", readonly=True)
    reason_text = fields.Text(readonly=True)
    bank_reference = fields.Char(readonly=True)

    # The same message twice, or in two files, counts once.
    _key_once = models.UniqueIndex(
        "(company_id, key)", "This message of the bank was taken in already."
    )

    def _to_notices(self):
        """The messages as ``tools.returns.merge`` reads them."""
        return [
            Notice(
                document=notice.document or "",
                message_id=notice.message_id or "",
                where=notice.where or "",
                kind=notice.kind,
                booked=notice.booked,
                date=notice.date or None,
                amount=Decimal(notice.amount_text) if notice.amount_text else None,
                charges=Decimal(notice.charges_text or "0"),
                reason=notice.code or "",
                reason_text=notice.reason_text or "",
                bank_reference=notice.bank_reference or "",
            )
            for notice in self
        ]
