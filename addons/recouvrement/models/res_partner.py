from odoo import api, fields, models

CONTACT_FIELDS = {
    "active",
    "city",
    "commercial_partner_id",
    "country_id",
    "email",
    "parent_id",
    "phone",
    "recouvrement_wrong_phone",
    "street",
    "type",
    "zip",
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    type = fields.Selection(
        selection_add=[("collection", "Collection")],
        ondelete={"collection": "set default"},
    )
    debtor_ids = fields.One2many(
        "recouvrement.debtor", "partner_id", string="Debtor Accounts"
    )
    has_debtor_account = fields.Boolean(compute="_compute_has_debtor_account")

    @api.depends("commercial_partner_id")
    def _compute_has_debtor_account(self):
        accounts = self.env["recouvrement.debtor"]
        with_account = self.browse()
        if accounts.has_access("read"):
            with_account = accounts.search(
                [("partner_id", "in", self.commercial_partner_id.ids)]
            ).partner_id
        for partner in self:
            partner.has_debtor_account = partner.commercial_partner_id in with_account

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        partners.filtered("parent_id")._mark_debtor_contacts()
        return partners

    def write(self, vals):
        watched = bool(CONTACT_FIELDS & vals.keys())
        if watched:
            self._mark_debtor_contacts()
        result = super().write(vals)
        if watched:
            self._mark_debtor_contacts()
        return result

    def _mark_debtor_contacts(self):
        self.env["recouvrement.debtor"]._mark_dirty_partners(
            self.commercial_partner_id.ids
        )

    def action_view_debtors(self):
        """Open the debtor account of the customer, or the list when several."""
        debtors = self.commercial_partner_id.debtor_ids
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_debtor_action"
        )
        action["context"] = {}
        if len(debtors) == 1:
            action.update(res_id=debtors.id, view_mode="form", views=[(False, "form")])
        else:
            action["domain"] = [("id", "in", debtors.ids)]
        return action
