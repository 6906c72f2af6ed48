"""The people of a debtor on its 360° page."""

from odoo import models
from odoo.fields import Domain

CONTACTS = 30


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def _desk_contacts(self, _options):
        """Whom to call or write to, the addressee of reminders first.

        :return: list of dicts with ``id``, ``name``, ``function``, ``type`` (label),
            ``phone``, ``email``, ``lang`` (label) and ``is_addressee``.
        """
        partners = self._desk_people()
        field = partners._fields["type"]
        types = dict(field._description_selection(self.env))
        langs = dict(self.env["res.lang"].get_installed())
        return [
            {
                "id": partner.id,
                "name": partner.name or types.get(partner.type, ""),
                "function": partner.function or "",
                "type": "" if partner == self.partner_id else types.get(partner.type),
                "phone": partner.phone or "",
                "email": partner.email or "",
                # "French / Français" in the list of languages.
                "lang": langs.get(partner.lang, "").split(" / ")[-1],
                "is_addressee": partner == self.contact_id,
            }
            for partner in partners
        ]

    def _desk_people(self):
        """The customer, its active contacts and the addressee, as the user sees them;
        delivery addresses only when one can be called there."""
        partner = self.partner_id
        domain = Domain("commercial_partner_id", "=", partner.id) & (
            Domain("type", "!=", "delivery") | Domain("phone", "!=", False)
        )
        found = self.env["res.partner"].search(domain, limit=CONTACTS, order="name, id")
        first = self.contact_id | partner
        return first | found
