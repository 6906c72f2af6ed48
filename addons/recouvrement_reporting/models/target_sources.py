"""The targets that an amount aimed at is read from."""

from odoo import api, models

from .target import COLLECTED, FLOWS


class RecouvrementTarget(models.Model):
    _inherit = "recouvrement.target"

    @api.model
    def _get_sources(self, company, period, measure=COLLECTED, user=None):
        """Targets that ``_get_target`` reads its value from."""
        found = self._get_overlapping(company, period).filtered(
            lambda one: one.measure == measure
        )
        owner = user or self.env["res.users"]
        own = found.filtered(lambda one: one.user_id == owner and not one.team_id)
        picked = own._pick(period, measure)
        if picked or user:
            return picked
        sources = self.browse()
        for part in found._list_parts(period, measure):
            sources |= part._pick(period, measure)
        return sources

    @api.model
    def _open_sources(self, title, company, period, measure=COLLECTED, user=None):
        """Action that lists those targets; says when only a part of them counts."""
        sources = self._get_sources(company, period, measure, user)
        if measure in FLOWS and sources._get_periods() - {period}:
            title = self.env._("%s, by the working days of these targets", title)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_target_action"
        )
        # Another address would reopen all targets.
        action.pop("path", None)
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": [("id", "in", sources.ids)],
            "context": {},
        }
