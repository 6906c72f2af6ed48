"""From a review to its debtors, its decisions and its minutes."""

from odoo import models


class RecouvrementReview(models.Model):
    _inherit = "recouvrement.review"

    def action_meeting(self):
        """The debtors, one after the other, what is left to discuss first."""
        return self._open_items("form")

    def action_add(self):
        """Put more debtors on the agenda."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Add Debtors"),
            "res_model": "recouvrement.review.add",
            "view_mode": "form",
            "target": "new",
            "context": {"default_review_id": self.id},
        }

    def action_view_items(self):
        return self._open_items("kanban")

    def _open_items(self, first):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_review_item_action"
        )
        action["name"] = action["display_name"] = ", ".join(self.mapped("name"))
        action["domain"] = [("review_id", "in", self.ids)]
        action["context"] = {"default_review_id": self[:1].id, "in_review": True}
        if first == "form":
            items = self.env["recouvrement.review.item"].search(action["domain"])
            waiting = items.filtered(lambda item: item.state == "to_discuss")
            if items:
                action["res_id"] = (waiting or items)[0].id
                action["views"] = [(False, "form")]
                action["view_mode"] = "form"
                action["context"]["review_queue"] = items.ids
        return action

    def action_view_decisions(self):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_review_decision_action"
        )
        action["domain"] = [("review_id", "in", self.ids)]
        action["context"] = {}
        return action

    def action_view_minutes(self):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_review_minutes_action"
        )
        action["domain"] = [("review_id", "in", self.ids)]
        return action
