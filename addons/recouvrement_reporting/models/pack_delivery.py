"""Who received a pack, where and when; each recipient once."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize

TEMPLATE = "recouvrement_reporting.template_pack"


class RecouvrementPackDelivery(models.Model):
    """A pack as one person received it."""

    _name = "recouvrement.pack.delivery"
    _description = "Delivery of a Monthly Pack"
    _inherit = ["recouvrement.guarded", "mail.thread"]
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
    email = fields.Char(string="E-mail", readonly=True, help="Where it was sent.")
    is_test = fields.Boolean(string="Test", readonly=True)
    mail_message_id = fields.Many2one(
        "mail.message", readonly=True, index="btree_not_null", ondelete="set null"
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

    def _send(self):
        """Queue the e-mails with the very files that are kept. In sudo."""
        for delivery in self:
            mail = self.env["mail.mail"].create(delivery._prepare_mail_vals())
            delivery.write(
                {
                    "mail_message_id": mail.mail_message_id.id,
                    "email": mail.email_to or delivery.partner_id.email,
                }
            )
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _prepare_mail_vals(self):
        pack, company = self.pack_id, self.company_id
        template = self.env.ref(TEMPLATE).with_context(lang=pack.lang)
        subject = template._render_field("subject", self.ids)[self.id]
        body = template._render_field("body_html", self.ids)[self.id]
        recipients = {"recipient_ids": [Command.set(self.partner_id.ids)]}
        if self.is_test:
            recipients = {"email_to": company.recouvrement_test_email}
            subject = self.env._(
                "[TEST for %(contact)s] %(subject)s",
                contact=self.partner_id.display_name,
                subject=subject,
            )
        sender = pack.sent_by_id if pack.sent_by_id.email else company
        return {
            "model": self._name,
            "res_id": self.id,
            "record_name": self.display_name,
            "record_company_id": company.id,
            "message_type": "email_outgoing",
            "subtype_id": self.env["ir.model.data"]._xmlid_to_res_id("mail.mt_note"),
            "is_internal": True,
            "subject": " ".join((subject or "").split()),
            "body": body,
            "body_html": body,
            "author_id": sender.partner_id.id,
            "email_from": sender.email and sender.email_formatted,
            "reply_to": sender.email and sender.email_formatted,
            "attachment_ids": [Command.set((pack.pdf_id | pack.xlsx_id).ids)],
            "is_notification": True,
            "auto_delete": True,
            "state": "outgoing",
            **recipients,
        }


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
        company = self.company_id
        if not self.recipient_ids:
            raise UserError(
                self.env._("Nobody receives the pack of %s.", self.display_name)
            )
        if company.recouvrement_test_mode:
            if not company.recouvrement_test_email:
                raise UserError(
                    self.env._(
                        "Test mode is on for %s, but no test address is set.",
                        company.name,
                    )
                )
            return
        without = self.recipient_ids.filtered(
            lambda partner: not email_normalize(partner.email, strict=False)
        )
        if without:
            raise UserError(
                self.env._(
                    "These recipients have no valid e-mail address: %s",
                    ", ".join(without.mapped("display_name")),
                )
            )
