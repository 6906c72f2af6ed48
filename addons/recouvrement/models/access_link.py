"""Links that open one page without a password: signed, expiring, revocable."""

import re
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL, consteq, hmac

SCOPE = "recouvrement.access.link"
TOKEN = re.compile(r"(\d{1,9})-([0-9a-f]{64})")


class RecouvrementAccessLink(models.Model):
    """What one person may open without logging in, until when.

    The address carries the number of the link and a signature of what it opens, made
    with the secret of the database: nothing that opens a page is stored, and a link
    whose row is changed, revoked or expired opens nothing.
    """

    _name = "recouvrement.access.link"
    _description = "Signed Link"
    _order = "id desc"
    _rec_name = "purpose"

    purpose = fields.Selection(
        [
            ("portal", "Customer Page"),
            ("relay", "Insider Relay"),
        ],
        required=True,
        readonly=True,
    )
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="debtor_id.company_id", store=True)
    partner_id = fields.Many2one(
        "res.partner",
        string="Given To",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    res_id = fields.Integer(
        readonly=True, help="Record the link is about, as its purpose says."
    )
    date_expiry = fields.Date(required=True, readonly=True, index=True)
    revoked = fields.Boolean(readonly=True)
    revoked_by_id = fields.Many2one("res.users", readonly=True)
    date_last_use = fields.Datetime(readonly=True)
    use_count = fields.Integer(readonly=True)

    # ------------------------------------------------------------------
    # GIVING
    # ------------------------------------------------------------------

    @api.model
    def _give(self, purpose, debtor, partner, days, res_id=0):
        """The link of a person for a purpose: the live one that lasts at least half
        as long as asked, or a new one.

        :param int days: how long a new one is valid.
        """
        today = fields.Date.context_today(self)
        links_sudo = self.sudo()
        link = links_sudo.search(
            [
                ("purpose", "=", purpose),
                ("debtor_id", "=", debtor.id),
                ("partner_id", "=", partner.id),
                ("res_id", "=", res_id),
                ("revoked", "=", False),
                ("date_expiry", ">=", today + timedelta(days=days // 2)),
            ],
            limit=1,
        )
        return link or links_sudo.create(
            {
                "purpose": purpose,
                "debtor_id": debtor.id,
                "partner_id": partner.id,
                "res_id": res_id,
                "date_expiry": today + timedelta(days=days),
            }
        )

    def _get_token(self):
        """Part of the address that proves the right to open it."""
        self.ensure_one()
        return f"{self.id}-{self._sign()}"

    def _sign(self):
        sudo = self.sudo()
        facts = (
            sudo.id,
            sudo.purpose,
            sudo.debtor_id.id,
            sudo.partner_id.id,
            sudo.res_id,
            fields.Date.to_string(sudo.date_expiry),
        )
        return hmac(sudo.env, SCOPE, facts)

    def _get_url(self):
        """Whole address of the page that the link opens."""
        self.ensure_one()
        base = self.sudo().company_id.get_base_url()
        return f"{base}/recouvrement/{self.purpose}/{self._get_token()}"

    # ------------------------------------------------------------------
    # OPENING
    # ------------------------------------------------------------------

    @api.model
    def _open(self, purpose, token):
        """The live link of a token that came from outside, in sudo; counted.

        :return: the link, or an empty record when the token is wrong, for another
            purpose, expired or revoked: who asks is not told which.
        """
        link = self._find_signed(purpose, token)
        if not link or link.revoked:
            return link.browse()
        if link.date_expiry < fields.Date.context_today(self):
            return link.browse()
        link._count_use()
        return link

    @api.model
    def _find_signed(self, purpose, token):
        """The link that a token was given for, even when it opens nothing any more, in
        sudo: good for choosing the language in which to say so, for nothing else."""
        links = self.sudo().browse()
        found = TOKEN.fullmatch(token or "")
        link = links.browse(int(found[1])).exists() if found else links
        if link and consteq(link._sign(), found[2]) and link.purpose == purpose:
            return link
        return links

    def _count_use(self):
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """UPDATE recouvrement_access_link
                      SET use_count = COALESCE(use_count, 0) + 1, date_last_use = %s
                    WHERE id = ANY(%s)""",
                self.env.cr.now().replace(microsecond=0),
                self.ids,
            )
        )
        self.invalidate_recordset(["use_count", "date_last_use"], flush=False)

    # ------------------------------------------------------------------
    # WITHDRAWING
    # ------------------------------------------------------------------

    def action_revoke(self):
        """Close links at once; whoever may write to the debtor may do it."""
        self.debtor_id.check_access("write")
        live = self.filtered(lambda link: not link.revoked)
        live.sudo().write({"revoked": True, "revoked_by_id": self.env.uid})
        for debtor, links in live.grouped("debtor_id").items():
            debtor._log_event(
                "portal",
                self.env._(
                    "Access withdrawn from %s",
                    ", ".join(links.partner_id.mapped("display_name")),
                ),
            )
