"""The limitation period of a legal regime, and the dates that follow from it."""

from odoo import api, models, tools

from ..tools.prescription import Term

PERIOD_FIELDS = {"term_count", "term_unit", "term_start", "claim_interrupts"}


class RecouvrementLegalRegime(models.Model):
    _inherit = "recouvrement.legal.regime"

    def write(self, vals):
        result = super().write(vals)
        if PERIOD_FIELDS & vals.keys():
            self._refresh_limit_dates()
        return result

    @api.model
    @tools.ormcache("regime_id")
    def _get_period(self, regime_id):
        """Limitation period of a regime, which every posting reads.

        :return: ``(tools.prescription.Term or None, whether a written demand
            interrupts it)``.
        """
        regime = self.sudo().browse(regime_id)
        term = None
        if regime.term_count:
            term = Term(regime.term_count, regime.term_unit, regime.term_start)
        return term, regime.claim_interrupts

    def _refresh_limit_dates(self):
        """Have the limit dates of the ledger computed again in the background."""
        self.env.ref("recouvrement.ir_cron_limit_dates").sudo()._trigger()

    def _describe_term(self):
        """The period in words, for a screen: « 5 years from the due date (…) »."""
        self.ensure_one()
        if not self.term_count:
            return self.env._("No limitation period is set")
        labels = {
            field: dict(self._fields[field]._description_selection(self.env))
            for field in ("term_unit", "term_start")
        }
        return self.env._(
            "%(count)s %(unit)s, from: %(start)s (%(article)s)",
            count=self.term_count,
            unit=labels["term_unit"][self.term_unit].lower(),
            start=labels["term_start"][self.term_start].lower(),
            article=self.term_source or self.env._("no source given"),
        )
