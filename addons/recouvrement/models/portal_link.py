"""Links to the customer page: given to the addressees of many reminders at once, and
opened a limited number of times a day."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

USES_PER_DAY = 1000


class RecouvrementAccessLink(models.Model):
    _inherit = "recouvrement.access.link"

    day_of_uses = fields.Date(readonly=True)
    day_use_count = fields.Integer(string="Uses on That Day", readonly=True)

    @api.model
    def _give_many(self, purpose, pairs, days):
        """The links of many people, as ``_give``: two statements, whatever their
        number.

        :param pairs: ``(debtor, partner)`` records; the same pair may come twice.
        :param int days: how long a new link is valid.
        :return: ``{(debtor id, partner id): link}`` in sudo.
        """
        wanted = dict.fromkeys((debtor.id, partner.id) for debtor, partner in pairs)
        today = fields.Date.context_today(self)
        found = self._find_live(purpose, wanted, today + timedelta(days=days // 2))
        missing = [pair for pair in wanted if pair not in found]
        made = self.sudo().create(
            [
                {
                    "purpose": purpose,
                    "debtor_id": debtor_id,
                    "partner_id": partner_id,
                    "date_expiry": today + timedelta(days=days),
                }
                for debtor_id, partner_id in missing
            ]
        )
        return found | dict(zip(missing, made, strict=True))

    @api.model
    def _find_live(self, purpose, pairs, until):
        """Live links of these pairs that last until a day at least."""
        links = self.sudo().search(
            [
                ("purpose", "=", purpose),
                ("debtor_id", "in", [debtor_id for debtor_id, _partner in pairs]),
                ("partner_id", "in", [partner_id for _debtor, partner_id in pairs]),
                ("res_id", "=", 0),
                ("revoked", "=", False),
                ("date_expiry", ">=", until),
            ],
            order="id",
        )
        found = {(link.debtor_id.id, link.partner_id.id): link for link in links}
        return {pair: link for pair, link in found.items() if pair in pairs}

    # EXTENDS recouvrement
    def _count_use(self):
        result = super()._count_use()
        today = fields.Date.context_today(self)
        self.env.cr.execute(
            SQL(
                """UPDATE recouvrement_access_link
                      SET day_use_count = CASE WHEN day_of_uses = %(today)s::date
                                               THEN day_use_count + 1 ELSE 1 END,
                          day_of_uses = %(today)s::date
                    WHERE id = ANY(%(ids)s)""",
                today=today,
                ids=self.ids,
            )
        )
        self.invalidate_recordset(["day_of_uses", "day_use_count"], flush=False)
        return result
        return result

    def _is_worn_out(self):
        """Whether a link was opened too often today to serve people only."""
        return self.sudo().day_use_count > USES_PER_DAY

    def action_open(self):
        """Open the page of the link as the customer sees it.

        :raise AccessError: to who only reads: whoever has the address is the customer.
        """
        self.ensure_one()
        self.check_access("read")
        self.debtor_id.check_access("write")
        return {"type": "ir.actions.act_url", "url": self._get_url(), "target": "new"}
