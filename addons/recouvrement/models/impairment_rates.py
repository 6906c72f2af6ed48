"""Loss rates by age, proposed from what became of the items of past month-ends."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..tools.impairment import ENOUGH_MONTHS, roll_rates
from .impairment_history import ALL_SEGMENTS

# The tool reads months overdue one by one; the open items are shown in wider buckets.
AGES = {
    "0_not_due": (0,),
    "1_30": (1,),
    "31_60": (2,),
    "61_90": (3,),
    "91_180": (4, 5, 6),
    "over_180": (7,),
}


class RecouvrementImpairmentMatrix(models.Model):
    _inherit = "recouvrement.impairment.matrix"

    def action_propose(self):
        """Propose rates for the company of the user, for all segments together and for
        each one with enough past. The rates in force are not touched."""
        if not self.has_access("write"):
            raise AccessError(self.env._("You may not change the ageing matrix."))
        company = self.env.company.root_id
        history = self._get_history(company)
        found = {
            segment_id: self._get_proposals(snapshots)
            for segment_id, snapshots in history.items()
        }
        found = {segment_id: rates for segment_id, rates in found.items() if rates}
        self.sudo()._write_proposals(company, found)
        return self._tell(found, history)

    @api.model
    def _get_proposals(self, snapshots):
        """``{age bucket: (rate, months)}`` where the past says something."""
        rates = roll_rates(snapshots)
        result = {}
        for bucket, columns in AGES.items():
            weights = [
                sum(snapshot.amounts[column] for snapshot in snapshots)
                for column in columns
            ]
            losses = [rates.losses[column] for column in columns]
            known = [
                (loss, weight)
                for loss, weight in zip(losses, weights, strict=True)
                if loss is not None and weight
            ]
            if known:
                total = sum(weight for _loss, weight in known)
                rate = sum(loss * weight for loss, weight in known) / total
                result[bucket] = (rate, rates.months)
        return result

    # ------------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------------

    def _write_proposals(self, company, found):
        rows = self.search([("company_id", "=", company.id)])
        rows.write({"has_proposal": False, "proposed_rate": 0, "proposal_note": False})
        known = {(row.segment_id.id or None, row.age_bucket): row for row in rows}
        missing = [
            {
                "company_id": company.id,
                "segment_id": segment_id,
                "age_bucket": bucket,
                **self._prepare_proposal(*proposal),
            }
            for segment_id, proposals in found.items()
            for bucket, proposal in proposals.items()
            if (segment_id, bucket) not in known
        ]
        for segment_id, proposals in found.items():
            for bucket, proposal in proposals.items():
                if row := known.get((segment_id, bucket)):
                    row.write(self._prepare_proposal(*proposal))
        self.create(missing)

    def _prepare_proposal(self, rate, months):
        return {
            "has_proposal": True,
            "proposed_rate": float(rate),
            "proposal_note": self.env._(
                "Roll rates of %(months)s months up to %(day)s",
                months=months,
                day=fields.Date.to_string(fields.Date.context_today(self)),
            ),
        }

    def _tell(self, found, history):
        snapshots = history.get(ALL_SEGMENTS, [])
        if found:
            message = self.env._(
                "Rates are proposed for %s ages and segments. Read them, then take "
                "over those you can justify.",
                sum(len(rates) for rates in found.values()),
            )
        else:
            message = self.env._(
                "Nothing is proposed: %(months)s month-ends with open items and losses "
                "or payments of old items are known, %(needed)s in a row are needed.",
                months=len(snapshots),
                needed=ENOUGH_MONTHS + 1,
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success" if found else "warning",
                "sticky": not found,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
