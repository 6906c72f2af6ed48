"""Who received a pack, where and when; each recipient once."""

from odoo import api, fields, models
from odoo.exceptions import UserError

TEMPLATE = "recouvrement_reporting.template_pack"


class RecouvrementPackDelivery(models.Model):
    """A pack as one person received it."""

    _name = "recouvrement.pack.delivery"
    _description = "Delivery of a Monthly Pack"
    _inherit = ["recouvrement.delivery"]
    _order = "pack_id desc, partner_id, id"
    _rec_name = "partner_id"

    pack_id = fields.Many2one(
        "recouvrement.pack",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(related="pack_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Sent To",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    date = fields.Datetime(
        string="Sent On", required=True, readonly=True, default=fields.Datetime.now
    )

    _once = models.UniqueIndex(
        "(pack_id, partner_id)", "A recipient receives a pack once."
    )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_record(self):
        raise UserError(self.env._("What was sent is a record: it is kept."))

    def _get_template(self):
        return self.env.ref(TEMPLATE)

    def _get_lang(self):
        return self.pack_id.lang

    def _get_sender(self):
        return self.pack_id.sent_by_id

    def _get_files(self):
        return self.pack_id.pdf_id | self.pack_id.xlsx_id


class RecouvrementPack(models.Model):
    _inherit = "recouvrement.pack"

    def _get_headlines(self):
        """Synopsis of the mail: ``[(figure, value, change)]``."""
        return [
            (one.label, one.value_text, one.change_text)
            for one in self.synopsis_ids[:6]
        ]

    def action_send(self):
        """Queue the pack for its recipients; from then on it is kept as sent."""
        self.check_access("write")
        for pack in self:
            pack.sudo().lock_for_update()
            pack._check_state("ready")
            pack.sudo()._send(self.env.user)
        return True

    def _send(self, user):
        """In sudo.

        :raise UserError: nobody to send it to, or an address that cannot be written
            to; or a file that is not the one that was made.
        """
        self._check_recipients()
        for kind in ("pdf", "xlsx"):
            self._get_file(kind)
        self.replaces_id.write({"state": "replaced"})
        self.env.flush_all()
        self.write(
            {
                "state": "sent",
                "sent_on": fields.Datetime.now(),
                "sent_by_id": user.id,
            }
        )
        deliveries = self.env["recouvrement.pack.delivery"].create(
            [
                {
                    "pack_id": self.id,
                    "partner_id": partner.id,
                    "is_test": self.company_id.recouvrement_test_mode,
                }
                for partner in self.recipient_ids
            ]
        )
        deliveries._send()

    def _check_recipients(self):
        if not self.recipient_ids:
            raise UserError(
                self.env._("Nobody receives the pack of %s.", self.display_name)
            )
        deliveries = self.env["recouvrement.pack.delivery"]
        deliveries._check_recipients(self.company_id, self.recipient_ids)
