"""From the change of a figure to the lines that moved between two month-ends."""

from odoo import models
from odoo.exceptions import UserError

from ..tools.kpi import KPIS
from ..tools.pack import difference
from .kpi_line import CONTEXT_KEY


class RecouvrementPackFigure(models.Model):
    _inherit = "recouvrement.pack.figure"

    def action_open_change(self):
        """What the change since the month before is made of: the lines that came, went
        or changed; of the aged balance, the balance of both days side by side; of a
        rate, the amounts that it divides, each with its change.

        :raise UserError: when the month before was not read from the ledger.
        """
        self.ensure_one()
        self.check_access("read")
        if not self.has_before:
            raise UserError(self.env._("This figure has no lines of its own."))
        source, before = dict(self.source), self._get_source_before()
        if source.pop("kind") == "aged":
            return self._with_scope()._open_aged_change(
                before["options"]["as_of"], **source
            )
        parts = self._get_parts(source["code"], source["start"], source["end"])
        if len(parts) > 1:
            return self._open_parts(parts)
        return self._with_scope()._open_kpi_change(before, **source)

    def _open_kpi_change(self, before, code, measure, start, end, partner=None):
        if not self._is_of_measure() and len(KPIS[code].measures) == 1:
            measure = KPIS[code].measures[0]
        action = self._open_kpi(code, measure, start, end, partner)
        asked = {
            **action["context"][CONTEXT_KEY],
            "against": [before["start"], before["end"]],
        }
        allowed = self.env.context["allowed_company_ids"]
        action["context"] = {
            **action["context"],
            CONTEXT_KEY: asked,
            "allowed_company_ids": allowed,
        }
        name = self._name_change(self._sum_lines(action))
        return {**action, "name": name, "display_name": name}

    def _name_change(self, moved):
        """With what the lines of today add up to, beside the change that was frozen."""
        if self.unit not in ("amount", "count"):
            return self.env._(
                "%(figure)s, change of what it is worked out from: %(change)s",
                figure=self.label,
                change=self.env["recouvrement.pack"]._show_change(moved),
            )
        change = difference(self._get_value(), self._get_value("exact_before"))
        if change is not None and round(change, 2) == moved:
            return self.env._(
                "%(figure)s, change: %(change)s",
                figure=self.label,
                change=self._show_difference(moved),
            )
        return self.env._(
            "%(figure)s, change in the ledger of today: %(today)s (frozen: %(frozen)s)",
            figure=self.label,
            today=self._show_difference(moved),
            frozen=self.change_text,
        )

    def _open_aged_change(self, compare, options, key=None, column=None):
        """Two days of the aged balance by customer; of one of them, if asked."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "recouvrement_reporting.recouvrement_aged_balance_action"
        )
        asked = {**options, "compare": compare, "group_by": "debtor"}
        if key is not None and options.get("group_by") == "debtor":
            asked["filters"] = {**options.get("filters", {}), "partner": [key]}
        # Another address would reopen the balance of today.
        action.pop("path", None)
        return {
            **action,
            "context": {
                "aged_options": asked,
                "allowed_company_ids": self.env.context["allowed_company_ids"],
            },
        }
