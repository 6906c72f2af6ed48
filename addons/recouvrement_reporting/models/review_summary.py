"""What the reviews of a period decided and what came of it, for the monthly pack."""

from collections import Counter, defaultdict
from decimal import Decimal

from odoo import api, models


class RecouvrementReview(models.Model):
    _inherit = "recouvrement.review"

    @api.model
    def _get_summary(self, company, period):
        """What the reviews of a period decided and what came of it.

        Whole company: for the monthly pack.

        :param company: legal entity.
        :param period: ``tools.period.Period``.
        :return: dict: ``reviews`` (list of ``id, name, kind, date, participants,
            debtors, discussed, decisions, overdue, received``), ``decisions`` (counts
            ``taken, open, late, done, dropped`` at the end of the period), ``kinds``
            (the same per kind of decision, list with ``name``), ``overdue`` and
            ``received`` (Decimal, company currency) and ``next`` (``name, date`` or
            None).
        """
        reviews = self.sudo().search(
            [
                ("company_id", "=", company.root_id.id),
                ("state", "in", ("held", "sent")),
                ("date", ">=", period.start),
                ("date", "<=", period.end),
            ],
            order="date, id",
        )
        rows = [review._summarise() for review in reviews]
        counts, kinds = reviews.decision_ids._count_at(period.end)
        upcoming = self.sudo().search(
            [
                ("company_id", "=", company.root_id.id),
                ("state", "in", ("draft", "prepared")),
                ("date", ">", period.end),
            ],
            order="date, id",
            limit=1,
        )
        return {
            "reviews": rows,
            "decisions": counts,
            "kinds": kinds,
            "overdue": sum((row["overdue"] for row in rows), Decimal(0)),
            "received": sum((row["received"] for row in rows), Decimal(0)),
            "next": (
                {"name": upcoming.name, "date": upcoming.date} if upcoming else None
            ),
        }

    def _summarise(self):
        items, quantum = (
            self.item_ids,
            Decimal(1).scaleb(-self.currency_id.decimal_places),
        )

        def total(name):
            amounts = (Decimal(str(amount)) for amount in items.mapped(name))
            return sum(amounts, Decimal(0)).quantize(quantum)

        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "date": self.date,
            "participants": len(self.participant_ids),
            "debtors": len(items),
            "discussed": len(items.filtered(lambda item: item.state == "discussed")),
            "decisions": len(self.decision_ids),
            "overdue": total("overdue_amount"),
            "received": total("paid_since"),
        }


class RecouvrementReviewDecision(models.Model):
    _inherit = "recouvrement.review.decision"

    def _count_at(self, day):
        """How these decisions stood at the end of a day.

        :return: ``(counts, kinds)``, as in ``_get_summary``.
        """
        totals, by_kind = Counter(), defaultdict(Counter)
        for decision in self:
            for key in decision._get_standing(day):
                totals[key] += 1
                by_kind[decision.kind_id][key] += 1
        return (
            self._complete(totals),
            [
                {"name": kind.name, **self._complete(by_kind[kind])}
                for kind in sorted(by_kind, key=lambda k: (k.sequence, k.id))
            ],
        )

    @api.model
    def _complete(self, counts):
        keys = ("taken", "open", "late", "done", "dropped")
        return {key: counts[key] for key in keys}

    def _get_standing(self, day):
        closed = self.state != "open" and self.done_on and self.done_on <= day
        if closed:
            return ("taken", self.state)
        late = ("late",) if self.date_due < day else ()
        return ("taken", "open", *late)
