"""The check list of customer files: which piece, of which segments, for how long."""

from odoo import fields, models
from odoo.fields import Domain


class RecouvrementCreditPieceKind(models.Model):
    _name = "recouvrement.credit.piece.kind"
    _description = "Kind of Piece of a Customer File"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    segment_ids = fields.Many2many(
        "recouvrement.segment",
        "recouvrement_piece_kind_segment_rel",
        string="Segments",
        help="Empty: asked of every customer.",
    )
    is_required = fields.Boolean(
        string="Required", default=True, help="A file is not complete without it."
    )
    needs_document = fields.Boolean(
        default=True, help="Received only with the document itself."
    )
    needs_expiry = fields.Boolean(
        string="Expires", help="Checked only with the last day on which it is valid."
    )
    validity_months = fields.Integer(
        string="Asked Again after (Months)",
        aggregator=None,
        help="Rule of the house; 0: until the document itself ends.",
    )
    note = fields.Text(string="What to Look At", translate=True)

    _code_uniq = models.UniqueIndex(
        "(code) WHERE active", "Another active kind of piece has this code."
    )
    _check_validity = models.Constraint(
        "CHECK (validity_months >= 0)", "A validity is not negative."
    )

    def _find_asked(self, segment):
        """The pieces that customers of a segment are asked for."""
        return self.search(
            Domain("segment_ids", "=", False) | Domain("segment_ids", "in", segment.ids)
        )
