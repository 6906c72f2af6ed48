"""The debtor's 360° page: all that its first sight shows, in one call.

What it shows is read in set-based statements through the id of a debtor account that
the user may read; items of branches the user may not see are left out, so that every
amount on the page is the sum of the items listed. The
rooms, all ``debtor_desk_….py``: items, totals, tiles, timeline, people, blocks,
documents, actions.
"""

from odoo import api, models

PARTS = ("head", "tiles", "items", "timeline", "contacts", "blocks", "actions")


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def get_desk(self, options=None):
        """What the 360° page of one debtor shows.

        :param dict options: ``parts`` (names in ``PARTS``; default all of them),
            ``items`` (see ``_desk_items``) and ``timeline`` (see ``_desk_timeline``).
        :return: ``{part: dict or list}``.
        :raise AccessError: when the user may not read the debtor account.
        """
        self.ensure_one()
        self.check_access("read")
        self.env.flush_all()
        self.sudo()._process_dirty()
        options = options or {}
        wanted = options.get("parts") or PARTS
        return {
            part: getattr(self, f"_desk_{part}")(options.get(part) or {})
            for part in PARTS
            if part in wanted
        }

    def _desk_head(self, _options):
        """Who the debtor is and in what state its account is."""
        partner = self.partner_id
        return {
            "id": self.id,
            "name": self.display_name,
            "partner_id": partner.id,
            "partner_active": partner.active,
            "active": self.active,
            "ref": partner.ref or "",
            "vat": partner.vat or "",
            "city": partner.city or "",
            "country": self._desk_foreign_country(),
            "company": self._desk_company_name(),
            "currency_id": self.currency_id.id,
            "segment": self.segment_id.display_name or "",
            "policy": self.policy_id.display_name or "",
            "reached_rank": self.reached_rank,
            "collector": self.collector_id.name or "",
            "substitute": self.substitute_id.name or "",
            "salesperson": self.salesperson_id.name or "",
            "priority": int(self.priority or 0),
            "answered": self.answered,
            "test_mode": self.test_mode,
            "defects": self.defect_summary or "",
            "hold": self.is_held and self._desk_hold(),
            "sentence": self._desk_sentence() or "",
            "next_action": self.next_action or "",
            "next_action_date": self.next_action_date,
            "note": self.note or "",
            "warnings": self._get_desk_warnings(),
            "can_write": self.has_access("write"),
        }

    def _desk_foreign_country(self):
        """Country of a customer abroad; nothing for one of the company's country."""
        country = self.country_id
        return country.name if country != self.company_id.country_id else ""

    def _desk_company_name(self):
        """Legal entity, where the user works for several."""
        return self.company_id.name if len(self.env.user.company_ids) > 1 else ""

    def _desk_sentence(self):
        """Why the debtor needs work today, in a sentence: a hook."""
        return ""

    def _get_desk_warnings(self):
        """Sentences that stand in red at the top of the page: a hook."""
        return []

    def _desk_hold(self):
        return {
            "until": self.hold_until,
            "reason": self.hold_reason or "",
            "user": self.hold_user_id.name or "",
        }

    # ------------------------------------------------------------------
    # OPENING
    # ------------------------------------------------------------------

    def action_open_desk(self):
        """Open the 360° page of the debtor, with these records as its queue."""
        return self.browse(self.ids[:1])._get_desk_action(self.ids)

    @api.model
    def _get_desk_action(self, queue=()):
        """The client action of the 360° page.

        :param queue: ids of the debtors to go through, this one among them.
        """
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement.recouvrement_desk_action"
        )
        action["params"] = {"resId": self.id, "queue": list(queue)}
        return action
