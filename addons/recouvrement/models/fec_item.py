from odoo import fields, models


class RecouvrementFecItem(models.Model):
    """A receivable line of a FEC: what is left of it, and what became of it here.

    ``uid`` is that of the line's content, ``ledger_uid`` that of the line it was
    first taken over from: the opening of a new year repeats an item already here.
    """

    _name = "recouvrement.fec.item"
    _description = "Receivable Line of a FEC"
    _order = "import_id, customer_id, date, id"
    _rec_name = "ref"

    import_id = fields.Many2one(
        "recouvrement.fec.import", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    customer_id = fields.Many2one(
        "recouvrement.fec.customer", required=True, index=True, ondelete="cascade"
    )
    uid = fields.Char(required=True, readonly=True)
    ledger_uid = fields.Char(required=True, readonly=True)
    file_name = fields.Char(string="File", readonly=True)
    line_no = fields.Integer(string="Line", readonly=True, aggregator=None)
    journal = fields.Char(readonly=True)
    ref = fields.Char(string="Reference", readonly=True)
    label = fields.Char(readonly=True)
    date = fields.Date(readonly=True)
    piece_date = fields.Date(string="Document Date", readonly=True)
    date_due = fields.Date(string="Due Date", readonly=True)
    kind = fields.Selection(
        [
            ("invoice", "Invoice"),
            ("credit_note", "Credit Note"),
            ("payment", "Payment"),
            ("opening", "Opening"),
            ("other", "Other Entry"),
        ],
        readonly=True,
    )
    lettering = fields.Char(readonly=True)
    original_amount = fields.Monetary(readonly=True)
    matched_amount = fields.Monetary(
        string="Left", readonly=True, help="What all steps of matching leave open."
    )
    open_amount = fields.Monetary(
        readonly=True, help="What the accepted steps of matching leave open."
    )
    posted_amount = fields.Monetary(
        string="Already Here", readonly=True, help="Taken over from an earlier FEC."
    )
    to_post = fields.Monetary(readonly=True)
    currency_amount = fields.Float(readonly=True, digits=(16, 2))
    currency_name = fields.Char(string="Foreign Currency", readonly=True)
    age_certain = fields.Boolean(
        readonly=True, help="No: the item is at least that old."
    )
    settled_later = fields.Boolean(
        readonly=True, help="Lettered with a payment that is not in the files."
    )
    unnamed = fields.Boolean(readonly=True)
    paid_step = fields.Selection(
        [
            ("lettering", "Lettering"),
            ("piece", "Reference"),
            ("amount", "Amount"),
            ("oldest", "Oldest First"),
        ],
        readonly=True,
    )
    paid_date = fields.Date(readonly=True)
    role = fields.Selection(
        [
            ("open", "Open Item"),
            ("adjust", "Change of an Item Already Here"),
            ("history", "Paid Item"),
        ],
        readonly=True,
        help="How the item was posted; empty: not posted.",
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Journal Item",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )

    _uid_uniq = models.UniqueIndex("(import_id, uid)")
    # Exactly once, whatever is loaded again: the database refuses a second posting.
    _open_uniq = models.UniqueIndex(
        "(company_id, ledger_uid) WHERE role = 'open'",
        "This item of the FEC is already taken over.",
    )
    _history_uniq = models.UniqueIndex(
        "(company_id, uid) WHERE role = 'history'",
        "This paid item of the FEC is already taken over.",
    )
    _adjust_uniq = models.UniqueIndex(
        "(import_id, ledger_uid) WHERE role = 'adjust'",
        "This change of an item is already taken over.",
    )
    _known_idx = models.Index("(company_id, uid) WHERE role IN ('history', 'open')")
    _to_load_idx = models.Index(
        "(import_id, customer_id, id) WHERE to_post <> 0 AND role IS NULL"
    )


class RecouvrementFecMatch(models.Model):
    """An amount of a credit put on a debit, by one of the steps of matching."""

    _name = "recouvrement.fec.match"
    _description = "Matching of Two Lines of a FEC"
    _order = "import_id, id"

    import_id = fields.Many2one(
        "recouvrement.fec.import", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="import_id.currency_id")
    debit_item_id = fields.Many2one(
        "recouvrement.fec.item", required=True, index=True, ondelete="cascade"
    )
    credit_item_id = fields.Many2one(
        "recouvrement.fec.item", required=True, index=True, ondelete="cascade"
    )
    amount = fields.Monetary(readonly=True)
    date = fields.Date(readonly=True)
    step = fields.Selection(
        [
            ("lettering", "Lettering"),
            ("piece", "Reference"),
            ("amount", "Amount"),
            ("oldest", "Oldest First"),
        ],
        readonly=True,
    )
    in_newest = fields.Boolean(readonly=True)
