"""The customer page of a debtor, from the desk: its address, who has it, until when."""

from odoo import api, fields, models


class RecouvrementPortalWizard(models.TransientModel):
    _name = "recouvrement.portal.wizard"
    _description = "Customer Page"

    debtor_id = fields.Many2one("recouvrement.debtor", required=True, readonly=True)
    customer_id = fields.Many2one(related="debtor_id.partner_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Given To",
        domain="[('commercial_partner_id', '=', customer_id)]",
        help="Person of the customer who gets the address.",
    )
    link_id = fields.Many2one("recouvrement.access.link", readonly=True)
    url = fields.Char(string="Address", compute="_compute_url", compute_sudo=True)
    date_expiry = fields.Date(related="link_id.date_expiry", string="Valid Until")
    date_last_use = fields.Datetime(related="link_id.date_last_use")
    portal_seen_date = fields.Date(related="debtor_id.portal_seen_date")
    link_ids = fields.Many2many(
        "recouvrement.access.link",
        string="Links That Open the Page",
        compute="_compute_link_ids",
    )

    @api.depends("debtor_id", "link_id.revoked", "link_id.date_expiry")
    def _compute_url(self):
        """Whoever has the address is the customer: only for who follows the debtor."""
        for wizard in self:
            link, debtor = wizard.link_id, wizard.debtor_id
            live = (
                link.purpose == "portal"
                and not link.revoked
                and link.debtor_id == debtor
                and debtor.sudo(False).has_access("write")
            )
            wizard.url = link._get_url() if live else False

    @api.depends("debtor_id", "link_id.revoked")
    def _compute_link_ids(self):
        for wizard in self:
            wizard.link_ids = self.env["recouvrement.access.link"].search(
                [
                    ("debtor_id", "=", wizard.debtor_id.id),
                    ("purpose", "=", "portal"),
                    ("revoked", "=", False),
                    ("date_expiry", ">=", fields.Date.context_today(self)),
                ]
            )

    @api.model_create_multi
    def create(self, vals_list):
        """The address is ready when the window opens."""
        wizards = super().create(vals_list)
        for wizard in wizards:
            partner = wizard.partner_id or wizard.debtor_id.sudo().contact_id
            wizard._give(partner or wizard.debtor_id.partner_id)
        return wizards

    def _give(self, partner):
        self.ensure_one()
        debtor = self.debtor_id
        debtor.check_access("write")
        debtor._check_person(partner)
        self.partner_id = partner
        self.link_id = self.env["recouvrement.access.link"]._give(
            "portal", debtor, partner, debtor.company_id._get_portal_days()
        )

    def action_give(self):
        """The address for the person chosen; a new one when there is none."""
        self.ensure_one()
        self._give(self.partner_id or self.debtor_id.partner_id)
        return self._reopen()

    def action_open(self):
        """Open the page as the customer sees it, without counting as a visit."""
        self.ensure_one()
        return self.link_id.action_open()

    def action_revoke(self):
        """Close the address shown, at once."""
        self.ensure_one()
        self.link_id.action_revoke()
        return self._reopen()

    def action_revoke_all(self):
        """Close every address of the page, at once."""
        self.ensure_one()
        self.link_ids.action_revoke()
        return self._reopen()

    def _reopen(self):
        self.invalidate_recordset()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Customer Page"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
