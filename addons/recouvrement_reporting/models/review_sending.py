"""The minutes of a review: made, kept with their fingerprint, e-mailed as kept."""

from odoo import fields, models

REPORT = "recouvrement_reporting.report_review_minutes"
READERS = (
    "recouvrement.group_all_portfolios",
    "recouvrement.group_accountant",
    "recouvrement.group_auditor",
)


class RecouvrementReview(models.Model):
    _inherit = "recouvrement.review"

    recipient_note = fields.Text(
        string="Who Receives What", compute="_compute_recipient_note"
    )

    def _compute_recipient_note(self):
        for review in self:
            full, own = review._split_participants()
            lines = []
            if full:
                names = ", ".join(full.mapped("display_name"))
                lines.append(self.env._("Full minutes: %s", names))
            if own:
                names = ", ".join(own.mapped("display_name"))
                lines.append(self.env._("Only their own customers: %s", names))
            review.recipient_note = "\n".join(lines)

    def _split_participants(self):
        """Participants who receive everything, and those who may only see their own
        customers: users of the application without the whole company."""
        participants = self.participant_ids.sudo()
        own = participants.filtered(
            lambda partner: (
                any(
                    user.has_group("recouvrement.group_salesperson")
                    or user.has_group("recouvrement.group_collector")
                    for user in partner._get_internal_users()
                )
                and not any(
                    user.has_group(group)
                    for user in partner._get_internal_users()
                    for group in READERS
                )
            )
        )
        return participants - own, own

    # ------------------------------------------------------------------
    # SENDING
    # ------------------------------------------------------------------

    def action_send(self):
        """Make the minutes, keep them and queue them for the participants."""
        self._check_organiser()
        self._check_state("held")
        for review in self.sudo():
            self.env["recouvrement.review.minutes"]._check_recipients(
                review.company_id, review.participant_ids
            )
            minutes = review._make_minutes()
            review.write({"state": "sent", "sent_on": fields.Datetime.now()})
            minutes._send()
        return True

    def _make_minutes(self):
        """The copy that is kept, and one for each participant.

        :return: those of the participants.
        """
        full, own = self._split_participants()
        records = self.env["recouvrement.review.minutes"]
        kept = self._make_copies(records.env["res.partner"], self.item_ids, "full")
        copies = self._make_copies(full, self.item_ids, "full", kept)
        for partner in own:
            copies |= self._make_copies(partner, self._get_items_of(partner), "own")
        return copies

    def _get_items_of(self, partner):
        """Items that a participant may read."""
        users = partner._get_internal_users()
        items = self.env["recouvrement.review.item"]
        for user in users:
            items |= (
                items.with_user(user)
                .with_context(allowed_company_ids=user.company_ids.ids)
                .sudo(False)
                .search([("review_id", "=", self.id)])
                .sudo()
            )
        return items.with_env(self.env).sorted()

    def _make_copies(self, partners, items, scope, source=None):
        """Minutes with these items, for partners or, without any, to be kept.

        :param source: minutes whose very bytes are taken.
        """
        owners = list(partners) if source or partners else [partners]
        if not owners:
            return self.env["recouvrement.review.minutes"]
        content = source._get_pdf() if source else self._render_minutes(items)
        copies = self.env["recouvrement.review.minutes"].create(
            [
                {
                    "review_id": self.id,
                    "partner_id": partner.id,
                    "scope": scope,
                    "item_count": len(items),
                    "is_test": self.company_id.recouvrement_test_mode,
                }
                for partner in owners
            ]
        )
        for copy in copies:
            copy._attach(self._get_minutes_name(), content)
        return copies

    def _render_minutes(self, items):
        self.env.flush_all()
        content, _kind = (
            self.env["ir.actions.report"]
            .sudo()
            .with_context(lang=self.lang, review_item_ids=items.ids)
            ._render_qweb_pdf(REPORT, res_ids=self.ids)
        )
        return content

    def _get_minutes_name(self):
        env = self.with_context(lang=self.lang).env
        return env._("Minutes %(review)s.pdf", review=self.name.replace("/", "-"))

    def action_preview(self):
        """The minutes as they are now, for who may see them all."""
        self.ensure_one()
        return self.env.ref(
            "recouvrement_reporting.action_report_review_minutes"
        ).report_action(self)
