from odoo import fields, models

LEVELS = [
    ("success", "Good"),
    ("info", "Fair"),
    ("warning", "Watch"),
    ("danger", "Bad"),
]


class RecouvrementRatingGrade(models.Model):
    """The scale of ratings: from which score on a debtor has which grade."""

    _name = "recouvrement.rating.grade"
    _description = "Rating Grade"
    _order = "rank"
    _rec_name = "code"
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True)
    name = fields.Char(string="Meaning", required=True, translate=True)
    rank = fields.Integer(required=True, help="1 is the best grade.", aggregator=None)
    lowest_score = fields.Float(
        required=True,
        digits=(5, 1),
        aggregator=None,
        help="The grade begins at this score, 0 to 100.",
    )
    level = fields.Selection(LEVELS, string="Colour", required=True, default="info")

    _code_uniq = models.UniqueIndex("(code)", "This grade exists already.")
    _rank_uniq = models.UniqueIndex("(rank)", "Two grades cannot have the same rank.")
    _check_lowest = models.Constraint(
        "CHECK (lowest_score BETWEEN 0 AND 100)", "A score lies between 0 and 100."
    )
