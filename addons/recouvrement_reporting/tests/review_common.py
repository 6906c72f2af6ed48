"""A review with debtors in the portfolios of the access tests, and its verbs."""

from odoo import Command

from odoo.addons.recouvrement.tests.common import RecouvrementCommon


class ReviewCommon(RecouvrementCommon):
    @classmethod
    def _section(cls, rule, max_count=10, **vals):
        return cls.env["recouvrement.review.section"].create(
            {"name": rule, "rule": rule, "max_count": max_count, **vals}
        )

    @classmethod
    def _make_review(cls, sections=None, day=0, **vals):
        """A review of the company with just these sections (default: the biggest)."""
        sections = sections or cls._section("biggest")
        return cls.env["recouvrement.review"].create(
            {
                "date": cls._day(day),
                "company_id": cls.company.id,
                "section_ids": [Command.set(sections.ids)],
                **vals,
            }
        )

    @classmethod
    def _prepared(cls, sections=None, day=0, **vals):
        review = cls._make_review(sections, day, **vals)
        review.action_prepare()
        return review

    @classmethod
    def _kind(cls, code="chase"):
        return cls.env.ref(f"recouvrement_reporting.review_decision_kind_{code}")

    @classmethod
    def _item(cls, review, debtor):
        return review.item_ids.filtered(lambda item: item.debtor_id == debtor)

    @classmethod
    def _decide(cls, item, code="chase", **vals):
        """Take a decision, as the button of the meeting does."""
        decision = item.decision_ids.browse(item.decide(cls._kind(code).id))
        if vals:
            decision.write(vals)
        return decision
