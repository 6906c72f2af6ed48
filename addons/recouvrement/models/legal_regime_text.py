"""A legal regime in sentences that a credit manager reads."""

from odoo import api, fields, models
from odoo.tools import formatLang
from odoo.tools.float_utils import float_repr


class RecouvrementLegalRegime(models.Model):
    _inherit = "recouvrement.legal.regime"

    summary = fields.Text(
        string="In Plain Words",
        compute="_compute_summary",
        help="What the company may claim under this regime.",
    )

    @api.depends(
        "alert_months",
        "claim_interrupts",
        "contractual_allowed",
        "fixed_rate",
        "floor_code",
        "floor_factor",
        "indemnity_amount",
        "indemnity_code",
        "interest_start",
        "margin",
        "rate_code",
        "rate_kind",
        "term_count",
        "term_start",
        "term_unit",
    )
    @api.depends_context("lang")
    def _compute_summary(self):
        for regime in self:
            sentences = (
                regime._describe_interest(),
                regime._describe_contract(),
                regime._describe_indemnity(),
                regime._describe_limitation(),
            )
            regime.summary = "\n".join(filter(None, sentences))

    def _format_figure(self, value):
        """A number without useless zeros, in the user's language."""
        digits = len(float_repr(value, 4).rstrip("0").partition(".")[2])
        return formatLang(self.env, value, digits=digits)

    def _describe_interest(self):
        if self.rate_kind == "none":
            return self.env._("No late interest.")
        rate = self._describe_rate()
        if self.interest_start == "formal_notice":
            return self.env._("From the day after the formal notice: %s.", rate)
        return self.env._("From the day after the due date: %s.", rate)

    def _describe_rate(self):
        if self.rate_kind == "fixed":
            return self.env._("%s %% per year", self._format_figure(self.fixed_rate))
        rates = self.env["recouvrement.rate"]
        name = rates._get_name(self.rate_code) if self.rate_code else "?"
        if self.rate_kind == "half_year_frozen":
            text = self.env._(
                "%s of the half-year in which interest begins, kept to the end", name
            )
        else:
            text = self.env._("%s of each half-year", name)
        if not self.margin:
            return text
        return self.env._(
            "%(rate)s, plus %(margin)s points",
            rate=text,
            margin=self._format_figure(self.margin),
        )

    def _describe_contract(self):
        if self.rate_kind == "none":
            return False
        if not self.contractual_allowed:
            return self.env._("A rate agreed with the customer does not apply.")
        text = self.env._("A rate agreed with the customer replaces it.")
        if self.floor_code:
            text += " " + self.env._(
                "Below %(factor)s times “%(rate)s” it is flagged, never raised.",
                factor=self._format_figure(self.floor_factor),
                rate=self.env["recouvrement.rate"]._get_name(self.floor_code),
            )
        return text

    def _describe_indemnity(self):
        """Fee of an invoice that becomes late today."""
        amount, currency = self._get_known_indemnity()
        if not amount:
            return self.env._("No fixed fee.")
        return self.env._(
            "%s once per late invoice.",
            formatLang(self.env, amount, currency_obj=currency),
        )

    def _get_known_indemnity(self):
        """As ``_get_indemnity`` today, zero when the legal amount is not loaded."""
        today = fields.Date.context_today(self)
        rates = self.env["recouvrement.rate"]
        if self.indemnity_code:
            value = rates._get_value(self.indemnity_code, today)
            return value or 0, self.env.ref("base.EUR")
        return self.indemnity_amount, self.currency_id

    def _describe_limitation(self):
        if not self.term_count:
            return self.env._("No limit date is computed.")
        starts = {
            "due": self.env._("from the due date"),
            "document": self.env._("from the date of the document"),
            "next_january": self.env._("from 1 January after the due date"),
        }
        if self.term_unit == "years":
            length = self.env._("%s year(s)", self.term_count)
        else:
            length = self.env._("%s month(s)", self.term_count)
        text = self.env._(
            "Limitation period: %(length)s %(start)s.",
            length=length,
            start=starts[self.term_start],
        )
        if self.claim_interrupts:
            text += " " + self.env._("A written demand starts it anew.")
        return text
