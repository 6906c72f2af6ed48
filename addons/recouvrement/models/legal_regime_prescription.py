"""The limitation period of a legal regime, and the dates that follow from it."""

from odoo import models

from ..tools.prescription import Term

PERIOD_FIELDS = {"term_count", "term_unit", "term_start", "claim_interrupts"}


class RecouvrementLegalRegime(models.Model):
    _inherit = "recouvrement.legal.regime"

    def write(self, vals):
        result = super().write(vals)
        if PERIOD_FIELDS & vals.keys():
            self._refresh_limit_dates()
        return result

    def _get_term(self):
        """Limitation period as ``tools.prescription.Term``; None without one."""
        self.ensure_one()
        if not self.term_count:
            return None
        return Term(self.term_count, self.term_unit, self.term_start)

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
