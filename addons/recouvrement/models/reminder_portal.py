"""The link to the customer page in what leaves: made for a whole batch at the moment it
leaves, so that looking at a proposal opens nothing."""

import base64

from odoo import api, fields, models

from ..tools.qr import make_qr

WRITTEN = ("email", "letter", "registered")


class RecouvrementReminder(models.Model):
    _inherit = "recouvrement.reminder"

    portal_link_id = fields.Many2one(
        "recouvrement.access.link",
        string="Customer Page",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    portal_url = fields.Char(
        string="Address of the Customer Page",
        compute="_compute_portal_url",
        compute_sudo=True,
        help="Given when the reminder leaves.",
    )

    @api.depends("portal_link_id")
    def _compute_portal_url(self):
        for reminder in self:
            link = reminder.portal_link_id
            reminder.portal_url = link._get_url() if link else False

    # EXTENDS recouvrement
    @api.depends("portal_link_id")
    def _compute_rendered(self):
        return super()._compute_rendered()

    # EXTENDS recouvrement
    def _send_by(self, channel):
        if channel in WRITTEN:
            self._give_portal_links()
        return super()._send_by(channel)

    def _give_portal_links(self):
        """A link for the addressee of each reminder whose company wants one."""
        wanted = self.filtered("company_id.recouvrement_portal_link")
        links = self.env["recouvrement.access.link"]
        for company, reminders in wanted.grouped("company_id").items():
            given = links._give_many(
                "portal",
                [(reminder.debtor_id, reminder.partner_id) for reminder in reminders],
                company._get_portal_days(),
            )
            for reminder in reminders:
                key = (reminder.debtor_id.id, reminder.partner_id.id)
                reminder.portal_link_id = given[key]

    def _has_portal_block(self):
        """Whether the text offers the page: once left, whether it did."""
        self.ensure_one()
        if self._is_statement() or self.channel not in WRITTEN:
            return False
        if self.portal_link_id:
            return True
        leaving = self.state in ("proposed", "approved")
        return leaving and self.company_id.sudo().recouvrement_portal_link

    def _get_portal_qr(self):
        """The address as a QR code, to print: a data address of a picture. A proposal,
        which has no link yet, shows the site only."""
        self.ensure_one()
        address = self.portal_url or self.company_id.get_base_url()
        return f"data:image/png;base64,{base64.b64encode(make_qr(address)).decode()}"

    def _get_portal_href(self):
        """Address of the page, or before the reminder leaves what stands for it."""
        self.ensure_one()
        return self.portal_url or self._get_portal_placeholder()

    def _get_portal_placeholder(self):
        return f"{self.company_id.get_base_url()}/recouvrement/portal/link"

    # EXTENDS recouvrement
    def _render_part(self, own_field, template_field):
        """A text that was edited before the link existed gets it too."""
        texts, errors = super()._render_part(own_field, template_field)
        for reminder in self.filtered("portal_url"):
            text = texts.get(reminder.id)
            holder = f'"{reminder._get_portal_placeholder()}"'
            if text and reminder[own_field] and holder in text:
                texts[reminder.id] = text.replace(holder, f'"{reminder.portal_url}"')
        return texts, errors
