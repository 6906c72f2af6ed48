from odoo import fields, models


class RecouvrementWriteOffLine(models.Model):
    """One item of a write-off, in company currency, and in its own where it differs.

    ``taxes`` freezes what the entry books per tax, so that a later receipt can book the
    contrary: see ``write_off_tax.py``.
    """

    _name = "recouvrement.write.off.line"
    _description = "Item Written Off"
    _order = "write_off_id desc, date_due, id"
    _rec_name = "name"

    write_off_id = fields.Many2one(
        "recouvrement.write.off",
        string="Write-off",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    state = fields.Selection(related="write_off_id.state", store=True)
    company_id = fields.Many2one(related="write_off_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    debtor_id = fields.Many2one(related="write_off_id.debtor_id", store=True)
    partner_id = fields.Many2one(related="write_off_id.partner_id", store=True)
    move_line_id = fields.Many2one(
        "account.move.line", string="Item", readonly=True, index="btree_not_null"
    )
    move_id = fields.Many2one(related="move_line_id.move_id", string="Document Entry")
    name = fields.Char(string="Document", required=True, readonly=True)
    document_date = fields.Date(readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    item_currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    amount_currency = fields.Monetary(
        string="Written Off",
        currency_field="item_currency_id",
        required=True,
        readonly=True,
    )
    amount = fields.Monetary(string="In Own Currency", readonly=True)
    vat = fields.Monetary(
        string="VAT",
        readonly=True,
        help="VAT that is no loss: recovered, or pending and never due.",
    )
    vat_paid = fields.Monetary(
        string="VAT to Recover",
        readonly=True,
        help="Part of the VAT that had been paid to the tax office.",
    )
    loss = fields.Monetary(readonly=True, help="Amount without the VAT.")
    entered_vat = fields.Monetary(
        readonly=True,
        help="VAT told by the user, for items without taxes of their own.",
    )
    prior_year = fields.Boolean(readonly=True)
    released = fields.Monetary(string="Provision Released", readonly=True)
    taxes = fields.Json(readonly=True)

    _item_draft_uniq = models.UniqueIndex(
        "(move_line_id) WHERE state = 'draft'",
        "This item is in a write-off that waits to be booked.",
    )
    _released_idx = models.Index("(move_line_id, released) WHERE released <> 0")
    _amount_positive = models.Constraint(
        "CHECK (amount_currency > 0 AND vat >= 0 AND released >= 0)",
        "What is written off is a positive amount.",
    )

    def _get_label(self):
        """What was sold, in short: the first lines of the invoice, else the item's."""
        item = self.move_line_id.sudo()
        names = item.move_id.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        ).mapped("name")
        texts = [name.splitlines()[0] for name in names if name] or [item.name or ""]
        return ", ".join(texts[:2])
