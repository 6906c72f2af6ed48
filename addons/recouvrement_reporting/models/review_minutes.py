import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError


class RecouvrementReviewMinutes(models.Model):
    """The minutes of a review as one participant received them, or as they are kept.

    Who may only see his own customers receives the part about them.
    """

    _name = "recouvrement.review.minutes"
    _description = "Minutes of an Account Review"
    _inherit = ["recouvrement.delivery"]
    _order = "review_id desc, partner_id, id"

    review_id = fields.Many2one(
        "recouvrement.review",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="review_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Sent To",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: the copy that is kept.",
    )
    scope = fields.Selection(
        [("full", "Full Minutes"), ("own", "Own Customers Only")],
        string="Contents",
        required=True,
        readonly=True,
    )
    item_count = fields.Integer(string="Debtors", readonly=True)
    attachment_id = fields.Many2one(
        "ir.attachment", string="Document", readonly=True, ondelete="restrict"
    )
    sha256 = fields.Char(string="SHA-256", readonly=True)
    date = fields.Datetime(
        string="Minutes Made On",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
    )

    _recipient_uniq = models.UniqueIndex(
        "(review_id, COALESCE(partner_id, 0))",
        "A participant receives the minutes of a review once.",
    )

    @api.depends("review_id.name", "partner_id.name")
    def _compute_display_name(self):
        for minutes in self:
            minutes.display_name = " · ".join(
                filter(None, (minutes.review_id.name, minutes.partner_id.name))
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        raise UserError(self.env._("Minutes are a record: they cannot be deleted."))

    def _attach(self, name, content):
        """Keep a document with its fingerprint."""
        self.ensure_one()
        attachment = self.env["ir.attachment"].create(
            {
                "name": name,
                "raw": content,
                "mimetype": "application/pdf",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        self.write(
            {
                "attachment_id": attachment.id,
                "sha256": hashlib.sha256(content).hexdigest(),
            }
        )

    def _get_pdf(self):
        """Bytes of the document, as their fingerprint proves.

        :raise UserError: when it is not the one that was made.
        """
        self.ensure_one()
        self.check_access("read")
        content = self.sudo().attachment_id.raw
        if not content or hashlib.sha256(content).hexdigest() != self.sha256:
            raise UserError(
                self.env._(
                    "The document of %s is not the one that was made: its fingerprint "
                    "differs.",
                    self.display_name,
                )
            )
        return content

    def action_download(self):
        """Download the document, after its fingerprint was checked."""
        self._get_pdf()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self.attachment_id.id}?download=true",
            "target": "download",
        }
