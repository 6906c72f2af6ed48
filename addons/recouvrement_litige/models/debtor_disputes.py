"""Disputes on the 360° page: what is open, and how much of each item is disputed."""

from odoo import models
from odoo.tools import formatLang


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # EXTENDS 'recouvrement'
    def _desk_blocks(self, options):
        blocks = super()._desk_blocks(options)
        block = self._desk_disputes()
        return [block, *blocks] if block["items"] else blocks

    def _desk_disputes(self):
        """Open disputes, the first to settle first."""
        return self._desk_block(
            "disputes",
            self.env._("Disputes"),
            "fa-exclamation-circle",
            "recouvrement.dispute",
            [("state", "=", "open")],
            "date_due, id",
            lambda dispute: {
                "title": f"{dispute.name} – {dispute.category_id.name}",
                "date": dispute.date_due,
                "amount": dispute.amount_open_company,
                "currency_id": dispute.currency_id.id,
                "state": dispute.stage_id.name,
                "level": {"late": "danger", "soon": "warning"}.get(
                    dispute.urgency, "info"
                ),
                "note": " – ".join(
                    filter(None, (dispute.item_names, dispute.user_id.name))
                ),
            },
        )

    # EXTENDS 'recouvrement'
    def _desk_badges(self, rows):
        badges = super()._desk_badges(rows)
        for row in rows:
            disputed = row.get("amount_disputed")
            if not disputed or row["collection_status"] == "disputed":
                continue
            currency = self.env["res.currency"].browse(row["currency_id"])
            amount = formatLang(self.env, float(disputed), currency_obj=currency)
            badges.setdefault(row["move_id"], []).append(
                {
                    "label": self.env._("%s disputed", amount),
                    "level": "warning",
                    "hint": self.env._(
                        "This part is not asked for while the dispute is open."
                    ),
                }
            )
        return badges

    # EXTENDS 'recouvrement'
    def _get_desk_item_buttons(self):
        """The button opens a dispute, it does not only mark."""
        buttons = super()._get_desk_item_buttons()
        for button in buttons:
            if button["key"] == "dispute":
                button["label"] = self.env._("Dispute")
        return buttons
