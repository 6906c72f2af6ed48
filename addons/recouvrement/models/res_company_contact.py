"""Settings of relays and of incoming e-mail."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    recouvrement_relay_days = fields.Integer(string="Days to Answer a Relay", default=3)
    recouvrement_relay_link_days = fields.Integer(
        string="Days a Relay's Link Outlives Its Due Date", default=14
    )
    recouvrement_alias_id = fields.Many2one(
        "mail.alias", string="Collection Address", copy=False, ondelete="set null"
    )
    recouvrement_alias_name = fields.Char(
        string="Collection Mailbox",
        compute="_compute_recouvrement_alias_name",
        inverse="_inverse_recouvrement_alias_name",
        compute_sudo=True,
        help="E-mails to this address go to the debtor account of their sender. Empty: "
        "no address.",
    )

    _recouvrement_relay_days_check = models.Constraint(
        "CHECK (recouvrement_relay_days >= 0 AND recouvrement_relay_link_days >= 0)",
        "Days are counted from zero.",
    )

    @api.depends("recouvrement_alias_id.alias_name")
    def _compute_recouvrement_alias_name(self):
        for company in self:
            company.recouvrement_alias_name = company.recouvrement_alias_id.alias_name

    def _inverse_recouvrement_alias_name(self):
        """Make, rename or remove the address.

        :raise UserError: without an alias domain: Odoo would receive nothing.
        """
        for company in self:
            name = (company.recouvrement_alias_name or "").strip()
            alias = company.sudo().recouvrement_alias_id
            if not name:
                alias.unlink()
            elif not company.alias_domain_id:
                raise UserError(
                    self.env._(
                        "%s has no alias domain: set one in the general settings.",
                        company.name,
                    )
                )
            elif alias:
                alias.alias_name = name
            else:
                company.sudo().recouvrement_alias_id = company._create_alias(name)

    def _create_alias(self, name):
        return (
            self.env["mail.alias"]
            .sudo()
            .create(
                {
                    "alias_name": name,
                    "alias_domain_id": self.alias_domain_id.id,
                    "alias_model_id": self.env["ir.model"]._get_id(
                        "recouvrement.debtor"
                    ),
                    "alias_defaults": repr({"company_id": self.root_id.id}),
                    "alias_contact": "everyone",
                }
            )
        )

    @api.constrains("recouvrement_alias_id")
    def _check_recouvrement_alias(self):
        for company in self:
            if company.recouvrement_alias_id and company.parent_id:
                raise ValidationError(
                    self.env._("The collection address is that of the legal entity.")
                )
