"""What the minutes of a review say, in the language of the review."""

from odoo import models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date


class RecouvrementReview(models.Model):
    _inherit = "recouvrement.review"

    def _get_minutes_values(self):
        """What the printed minutes show, in the language of the review.

        Items are those of the context key ``review_item_ids``, in sudo only, because
        an address may carry a context; else those that the user may read.
        """
        self.ensure_one()
        review = self.with_context(lang=self.lang)
        items = review._get_printed_items()
        env, currency = review.env, self.currency_id

        def money(amount):
            return format_amount(env, amount, currency, lang_code=self.lang)

        held = self.state in ("held", "sent")
        standing = {
            item.id: (
                (item.held_overdue_amount, item.held_received)
                if held
                else (item.overdue_now, item.paid_since)
            )
            for item in items
        }
        totals = (
            sum(items.mapped("overdue_amount")),
            sum(overdue for overdue, _received in standing.values()),
            sum(received for _overdue, received in standing.values()),
        )
        return {
            "review": review,
            "company": review.company_id,
            "blocks": review._get_printed_blocks(items),
            "item_count": len(items),
            "decisions": items.decision_ids.filtered(
                lambda one: one.state != "dropped"
            ),
            "totals": [money(currency.round(amount)) for amount in totals],
            "standing": standing,
            "is_held": held,
            "money": money,
            "day": lambda value: format_date(env, value, lang_code=self.lang),
            "states": dict(
                env["recouvrement.review.decision"]
                ._fields["state"]
                ._description_selection(env)
            ),
        }

    def _get_printed_items(self):
        ids = self.env.context.get("review_item_ids") if self.env.su else None
        items = self.env["recouvrement.review.item"].with_context(in_review=True)
        domain = Domain("review_id", "=", self.id)
        if ids is None:
            items = items.with_user(self.env.user).sudo(False)
            return items.search(domain).sudo()
        return items.search(domain & Domain("id", "in", ids))

    def _get_printed_blocks(self, items):
        """``(title, items)`` in the order of the agenda; what was not discussed is at
        the end."""
        spoken = items.filtered(
            lambda item: (
                item.state == "discussed" or item.discussion or item.decision_ids
            )
        )
        blocks = []
        for item in spoken:
            title = item.section_id.name or self.env._("Other Debtors")
            if item.is_carried:
                title = self.env._("Decisions Still Open")
            if not blocks or blocks[-1][0] != title:
                blocks.append((title, items.browse()))
            blocks[-1] = (title, blocks[-1][1] | item)
        left = items - spoken
        if left:
            blocks.append((self.env._("Not Discussed"), left))
        return blocks
