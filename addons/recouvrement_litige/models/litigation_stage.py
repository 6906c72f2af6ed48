from odoo import fields, models


class RecouvrementLitigationStage(models.Model):
    """Where a litigation file stands: the columns of its kanban."""

    _name = "recouvrement.litigation.stage"
    _description = "Stage of Litigation Files"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    fold = fields.Boolean(string="Folded")
    is_closed = fields.Boolean(
        string="Closed", help="Files end here by their buttons, not by hand."
    )

    _code_uniq = models.UniqueIndex("(code)", "The code of a stage must be unique.")
