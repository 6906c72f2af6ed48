from odoo import fields, models


class RecouvrementWriteOffGround(models.Model):
    """Why a claim is lost for good, and what that ground allows."""

    _name = "recouvrement.write.off.ground"
    _description = "Ground of a Write-off"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    vat_recoverable = fields.Boolean(
        string="VAT Can Be Recovered",
        help="The VAT paid on the claim can be recovered, once the customer was sent "
        "a duplicate of the invoice (CGI art. 272, 1).",
    )
    evidence_required = fields.Boolean(help="A document must be attached.")
    evidence = fields.Text(translate=True, help="What to keep with the file.")
    source = fields.Char(help="Article of law or publication.")

    _code_uniq = models.UniqueIndex("(code)", "The code must be unique.")
