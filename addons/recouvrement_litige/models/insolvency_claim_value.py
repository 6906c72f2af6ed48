"""What a claim is worth at the judgment."""

from odoo import models

from ..tools.insolvency import PRIOR, eve


class RecouvrementInsolvencyClaim(models.Model):
    _inherit = "recouvrement.insolvency.claim"

    def _value(self):
        """Work out what the claims are worth in company currency: principal at the
        rate of the day of the judgment, interest and indemnities up to its eve."""
        for insolvency, claims in self.grouped("insolvency_id").items():
            borne = claims._read_interest(insolvency)
            for claim in claims:
                prior = claim.side == PRIOR
                interest, indemnity = borne.get(claim.move_line_id.id, (0.0, 0.0))
                claim.write(
                    {
                        "amount_company": claim._to_company(claim.amount)
                        if prior
                        else 0.0,
                        "interest": claim._to_company(interest) if prior else 0.0,
                        "indemnity": claim._to_company(indemnity) if prior else 0.0,
                    }
                )
                claim.amount_declared = claim._get_total() if prior else 0.0

    def _read_interest(self, insolvency):
        """``{line id: (interest, indemnity)}`` in the currency of the items."""
        lines = self.filtered(
            lambda claim: claim.side == PRIOR and claim.amount > 0
        ).move_line_id
        if not lines or not insolvency.with_interest:
            return {}
        items = self.env["recouvrement.interest"]._get_debtor_items(
            insolvency.debtor_id, eve(insolvency.date_judgment), lines.ids
        )
        return {
            item.line_id: (float(item.due), float(item.indemnity_due)) for item in items
        }

    def _to_company(self, amount):
        """At the rate of the day of the judgment (C. com. art. L622-25)."""
        return self.currency_id._convert(
            amount,
            self.company_currency_id,
            self.company_id,
            self.insolvency_id.date_judgment,
        )
