"""The agenda of a review: who is on it and why, with the figures of the day frozen.

The number of statements does not depend on the number of debtors.
"""

from odoo import fields, models
from odoo.fields import Command
from odoo.tools import SQL


class RecouvrementReview(models.Model):
    _inherit = "recouvrement.review"

    def action_prepare(self):
        """Build the agenda, or build it again: debtors already discussed, decided or
        added by hand stay, with fresh figures until the meeting."""
        self.check_access("write")
        self._check_state("draft", "prepared")
        for review in self:
            review._prepare()
        return True

    def _prepare(self, as_of=None):
        """Build the agenda of one review.

        Only debtors that the user may read are listed: a collector without all
        portfolios prepares the review of his own.

        :param date as_of: past day whose ledger is read; default: now.
        """
        self.ensure_one()
        day = as_of or fields.Date.context_today(self)
        found = self._find_debtors(day, as_of)
        kept = self.sudo().item_ids.filtered(lambda item: item._is_kept())
        (self.sudo().item_ids - kept).unlink()
        missing = [debtor for debtor in found if debtor not in kept.debtor_id.ids]
        items = self.env["recouvrement.review.item"].sudo()
        items.create(
            [
                {"review_id": self.id, "debtor_id": debtor, **found[debtor]}
                for debtor in missing
            ]
        )
        for item in kept:
            item.write(found.get(item.debtor_id.id, {"reasons": item.reasons or []}))
        self.sudo().write({"state": "prepared", "figures_date": day})
        self.invalidate_recordset(["item_ids"])
        self.sudo().item_ids._freeze(as_of)

    # ------------------------------------------------------------------
    # DEBTORS
    # ------------------------------------------------------------------

    def _get_scope(self):
        """Select of the ids of the debtors that may be on the agenda."""
        domain = [("company_id", "=", self.company_id.id)]
        if self.salesperson_ids:
            domain.append(("salesperson_id", "in", self.salesperson_ids.ids))
        debtors = self.env["recouvrement.debtor"].with_context(active_test=False)
        return debtors._search(domain).subselect()

    def _find_debtors(self, day, as_of):
        """Values of the items, one per debtor, in the order of the agenda.

        First those whose decisions are still open, then section after section; a
        debtor found by several is listed once, in the first.

        :return: ``{debtor id: values}``.
        """
        found = {
            debtor_id: {"is_carried": True, "reasons": []}
            for debtor_id in self._find_carried()
        }
        sections = self.section_ids.filtered("active")
        rows = sections._find_candidates(self._get_scope(), self.company_id, day, as_of)
        for row in rows:
            values = found.setdefault(row["debtor_id"], {"reasons": []})
            values.setdefault("section_id", row["section_id"])
            values["reasons"].append(
                {
                    "section": row["section_id"],
                    "amount": None if row["amount"] is None else str(row["amount"]),
                    "day": fields.Date.to_string(row["day"]) or None,
                    "number": row["number"],
                }
            )
        for position, values in enumerate(found.values(), start=1):
            values["sequence"] = position
            values["section_ids"] = [
                Command.set([reason["section"] for reason in values["reasons"]])
            ]
        return found

    def _find_carried(self):
        """Debtors in scope with a decision of an earlier review that is still open,
        the one due first at the top."""
        self.env["recouvrement.review.decision"].flush_model()
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT d.debtor_id
                  FROM recouvrement_review_decision d
                  JOIN recouvrement_review r ON r.id = d.review_id
                 WHERE d.state = 'open' AND r.id <> %(review)s
                   AND r.company_id = %(company)s AND r.kind = %(kind)s
                   AND r.state IN ('held', 'sent') AND r.date <= %(day)s
                   AND d.debtor_id IN (%(scope)s)
              GROUP BY d.debtor_id ORDER BY MIN(d.date_due), d.debtor_id
                """,
                review=self.id,
                company=self.company_id.id,
                kind=self.kind,
                day=self.date,
                scope=self._get_scope(),
            )
        )
        return [debtor_id for [debtor_id] in rows]
