"""The interest of items in words and formatted figures, for screens and documents."""

from decimal import Decimal

from odoo import api, models
from odoo.tools import format_date, formatLang

from ..tools.interest import CREDIT


class RecouvrementInterest(models.AbstractModel):
    _inherit = "recouvrement.interest"

    @api.model
    def _explain(self, items, lang=None):
        """What a reader needs to follow the computation, one section per currency.

        :param items: ``ItemInterest`` in the order of the document.
        :return: dicts ``currency`` and ``items``, see ``_explain_item``.
        """
        if lang:
            self = self.with_context(lang=lang)
        by_currency = {}
        for item in items:
            by_currency.setdefault(item.currency_id, []).append(item)
        return [
            {
                "currency": self.env["res.currency"].browse(currency_id),
                "items": [self._explain_item(item) for item in group],
            }
            for currency_id, group in by_currency.items()
        ]

    @api.model
    def _explain_item(self, item):
        """One item: its facts as values, its movements, segments and remarks as text
        in the language of the context."""
        regime = self.env["recouvrement.legal.regime"].sudo().browse(item.regime_id)
        return {
            "item": item,
            "name": item.name,
            "document_date": self._format_day(item.document_date),
            "date_due": self._format_day(item.date_due),
            "movements": [
                {
                    "day": self._format_day(movement.day),
                    "label": self._name_movement(movement),
                    "amount": -movement.amount,
                }
                for movement in item.movements
                if movement.day <= item.until
            ],
            "segments": [
                self._explain_segment(segment, item)
                for segment in (item.accrual.segments if item.accrual else ())
            ],
            "regime": regime.name or "",
            "source": regime.interest_source or "",
            "remark": item.error or self._explain_note(item),
        }

    @api.model
    def _explain_segment(self, segment, item):
        return {
            "first": self._format_day(segment.first),
            "last": self._format_day(segment.last),
            "days": segment.days,
            "rate": self._format_rate(segment.rate),
            "base": segment.base,
            "amount": segment.amount,
            "rule": self._name_rule(segment, item),
            "paused": segment.reason == "pause",
        }

    @api.model
    def _name_rule(self, segment, item):
        """Why the segment has its rate."""
        if segment.reason == "pause":
            return self._name_pause(segment.label)
        if segment.reason == "fixed":
            if item.contractual_rate:
                return self.env._("Contractual rate")
            return self.env._("Fixed rate")
        return segment.label

    @api.model
    def _name_pause(self, kind):
        texts = {
            "grace": self.env._("No interest: period of grace (C. civ. art. 1343-5)"),
            "insolvency": self.env._(
                "No interest: insolvency proceedings (C. com. art. L622-28)"
            ),
            "over_indebtedness": self.env._(
                "No interest: over-indebtedness (C. conso. art. L722-14)"
            ),
            "agreed": self.env._("No interest: agreed"),
        }
        return texts.get(kind) or self.env._("No interest")

    @api.model
    def _name_movement(self, movement):
        label = self.env._("Payment")
        if movement.kind == CREDIT:
            label = self.env._("Credit note or reduction")
        return f"{label} {movement.name}".strip()

    @api.model
    def _explain_note(self, item):
        """Why an item that is late bears nothing."""
        texts = {
            "no_regime": self.env._("No legal regime applies to this customer."),
            "no_notice": self.env._(
                "Interest runs from a formal notice only, and none is recorded."
            ),
            "no_interest": self.env._("The legal regime gives no interest."),
            "not_late": self.env._("Not overdue on that day, or paid in time."),
        }
        return texts.get(item.note, "")

    # ------------------------------------------------------------------
    # FORMATS
    # ------------------------------------------------------------------

    @api.model
    def _format_day(self, day):
        return format_date(self.env, day) if day else ""

    @api.model
    def _format_rate(self, percent):
        """A yearly percentage with two decimals, more when it has more."""
        text = str(Decimal(percent).normalize())
        decimals = len(text.partition(".")[2]) if "E" not in text else 0
        figure = formatLang(self.env, float(percent), digits=max(2, decimals))
        return f"{figure} %"

    @api.model
    def _format_money(self, amount, currency):
        return formatLang(self.env, float(amount), currency_obj=currency)
