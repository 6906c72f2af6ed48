"""A legal regime as the engine of late interest takes it."""

from decimal import Decimal

from odoo import models

from ..tools.interest import FixedRate, HalfYearRate, Terms


def to_decimal(value):
    """Exact decimal of a figure stored with four digits."""
    return Decimal(str(value)).quantize(Decimal("0.0001"))


class RecouvrementLegalRegime(models.Model):
    _inherit = "recouvrement.legal.regime"

    def _get_terms(self, contractual_rate=0.0, company=None):
        """Rules of interest for the engine; None when no interest is due at all.

        :param float contractual_rate: % per year agreed with the customer, 0: none;
            it replaces the rate of the regime where the regime allows it, and is
            taken as it is, even under the floor.
        :param company: whose conventions (basis, imputation, capitalisation) apply.
        """
        self.ensure_one()
        company = (company or self.env.company).sudo().root_id
        rate = self._get_rate(contractual_rate)
        return rate and Terms(
            rate,
            basis=company.recouvrement_interest_basis or "365",
            imputation=company.recouvrement_interest_imputation or "principal_first",
            capitalise=company.recouvrement_interest_capitalise,
        )

    def _get_rate(self, contractual_rate):
        if self.rate_kind == "none":
            return None
        if contractual_rate and self.contractual_allowed:
            return FixedRate(to_decimal(contractual_rate))
        if self.rate_kind == "fixed":
            return FixedRate(to_decimal(self.fixed_rate))
        return HalfYearRate(
            self.env["recouvrement.rate"]._get_table(self.rate_code),
            to_decimal(self.margin),
            frozen=self.rate_kind == "half_year_frozen",
        )

    def _get_indemnity(self, day):
        """Fixed fee of one late invoice.

        :param date day: day on which the invoice became late.
        :return: ``(amount, currency)``; ``(Decimal(0), None)`` when none is due.
        :raise UserError: when the legal amount of that day is not loaded.
        """
        self.ensure_one()
        if self.indemnity_code:
            amount = self.env["recouvrement.rate"]._get_required(
                self.indemnity_code, day
            )
            return to_decimal(amount), self.env.ref("base.EUR")
        if self.indemnity_amount:
            return to_decimal(self.indemnity_amount), self.currency_id
        return Decimal(0), None

    def _get_floor(self, day):
        """Lowest contractual rate on a day, in % per year; None without a floor.

        :raise UserError: when the reference rate of that half-year is not loaded.
        """
        self.ensure_one()
        if not self.floor_code or not self.contractual_allowed:
            return None
        rate = self.env["recouvrement.rate"]._get_required(self.floor_code, day)
        return to_decimal(rate) * to_decimal(self.floor_factor)
