from odoo import fields, models


class RecouvrementFecIssue(models.Model):
    """A remark on a FEC, with its place in the file."""

    _name = "recouvrement.fec.issue"
    _description = "Remark on a FEC"
    _order = "import_id, level, file_name, line_no, id"
    _rec_name = "text"

    import_id = fields.Many2one(
        "recouvrement.fec.import", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    level = fields.Selection(
        [
            ("fatal", "File Not Read"),
            ("refused", "Line Refused"),
            ("doubtful", "To Check"),
            ("info", "For Information"),
        ],
        required=True,
        readonly=True,
    )
    code = fields.Char(required=True, readonly=True)
    file_name = fields.Char(string="File", readonly=True)
    line_no = fields.Integer(string="Line", readonly=True, aggregator=None)
    text = fields.Char(string="Remark", required=True, readonly=True)
