from odoo import fields, models


class RecouvrementLitigationPieceKind(models.Model):
    """A kind of piece that a court file has, or must have: its checklist."""

    _name = "recouvrement.litigation.piece.kind"
    _description = "Kind of Piece"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    is_required = fields.Boolean(
        string="Expected", help="Told as missing when the file has none."
    )
    replaced_by_id = fields.Many2one(
        "recouvrement.litigation.piece.kind",
        string="Or",
        help="Not missing when the file has a piece of this other kind.",
    )
    procedure_ids = fields.Many2many(
        "recouvrement.procedure",
        "recouvrement_piece_kind_procedure_rel",
        "kind_id",
        "procedure_id",
        string="Procedures",
        help="Expected for these only; empty: for all.",
    )
    words = fields.Char(
        help="Words of a file's name by which a document is known, separated by "
        "commas: bl, livraison, delivery."
    )
    help_text = fields.Char(string="Where to Find It", translate=True)

    is_internal = fields.Boolean(
        string="Internal",
        help="Not for the other party: left out of the court file unless somebody puts "
        "it in.",
    )

    _code_uniq = models.UniqueIndex("(code)", "The code must be unique.")

    def _is_expected(self, litigation):
        self.ensure_one()
        procedures = self.procedure_ids
        return self.is_required and (
            not procedures or litigation.procedure_id in procedures
        )

    def _get_words(self):
        return [word.strip().lower() for word in (self.words or "").split(",") if word]
