"""The one place that says whether a customer is above a limit: its own, or that of the
group of companies it belongs to."""

from collections import defaultdict, namedtuple

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .debtor_exposure import WHAT_IF

# In company currency; ``debtor`` is the account that carries the limit, ``exposure``
# what counts against it: without what guarantees bear.
Excess = namedtuple("Excess", "debtor exposure limit amount for_group")
# The limit of a group, in company currency: ``debtor`` is its head, ``exposure`` that
# of all its companies, guarantees deducted, ``left`` below zero above the limit.
GroupLimit = namedtuple("GroupLimit", "debtor exposure limit left")
MAX_DEPTH = 20


class RecouvrementCreditVerdict(models.AbstractModel):
    """Verdicts by customer and legal entity, in sudo: they are the same for every
    user, whatever companies are ticked and whatever the currency of the user.

    ``pairs`` are ids ``(commercial partner, legal entity)``; a pair without a partner
    is nobody's.
    """

    _name = "recouvrement.credit.verdict"
    _description = "Verdict of the Credit Limits"

    @api.model
    def _get_excesses(self, pairs):
        """What is above a controlled limit, ``{pair: Excess}``: what blocks goes
        before what warns, then the larger excess. A constant number of queries."""
        pairs = {pair for pair in pairs if all(pair)}
        if not pairs:
            return {}
        found = defaultdict(list)
        for pair, excess in self._get_own(pairs) + self._get_of_groups(pairs):
            if excess.debtor._get_credit_control() != "none":
                found[pair].append(excess)
        return {pair: max(choices, key=self._rank) for pair, choices in found.items()}

    @api.model
    def _get_excesses_with(self, supposed, pairs):
        """The same, if the customers owed that much more (or less): what an order not
        confirmed yet would exceed. Nothing is kept.

        :param dict supposed: amounts in company currency by pair.
        """
        supposed = {pair: amount for pair, amount in supposed.items() if amount}
        if not supposed:
            return self._get_excesses(pairs)
        debtors = self.env["recouvrement.debtor"].sudo()
        partner_ids = [partner for partner, _company in supposed]
        debtors._process_dirty()
        self.env.flush_all()
        data = self.env.cr.precommit.data
        data[WHAT_IF] = supposed
        try:
            with self.env.cr.savepoint(flush=False) as savepoint:
                debtors._refresh(
                    SQL("d.partner_id = ANY(%s)", partner_ids), partner_ids
                )
                debtors._forget_totals()
                excesses = self._get_excesses(pairs)
                savepoint.rollback()
        finally:
            del data[WHAT_IF]
            debtors._forget_totals()
        return excesses

    @api.model
    def _foresee(self, pair, added):
        """What a customer would exceed with that much more, from the totals as they
        are: for a screen, which must not write. As ``_get_excesses`` among limits.

        :param float added: in company currency.
        :return: ``Excess`` or None.
        """
        if not all(pair):
            return None
        found = [
            self._foresee_own(debtor, added)
            for debtor in self._find_debtors({pair}, [("credit_limited", "=", True)])
        ]
        found += [
            Excess(
                group.debtor,
                group.exposure + added,
                group.limit,
                added - group.left,
                True,
            )
            for _pair, group in self._get_groups({pair})
        ]
        exceeded = [
            one
            for one in found
            if one.debtor.currency_id.compare_amounts(one.amount, 0) > 0
            and one.debtor._get_credit_control() != "none"
        ]
        return max(exceeded, key=self._rank, default=None)

    @api.model
    def _foresee_own(self, debtor, added):
        """Guarantees bear more when there is more to bear."""
        covers = self.env["recouvrement.cover"]
        rows = self.env.execute_query(
            covers._cover_of_sql(debtor.ids, fields.Date.context_today(self))
        )
        whole = debtor.exposure_amount + added
        borne = min(float(rows[0][0]), max(whole, 0)) if rows else 0.0
        exposure = debtor.currency_id.round(whole - borne)
        amount = debtor.currency_id.round(exposure - debtor.credit_limit)
        return Excess(debtor, exposure, debtor.credit_limit, amount, False)

    @api.model
    def _rank(self, excess):
        return excess.debtor._get_credit_control() == "block", excess.amount

    @api.model
    def _find_debtors(self, pairs, domain):
        """Accounts of the pairs that fit a domain, archived ones too, in sudo."""
        partners, companies = zip(*pairs, strict=True)
        debtors = self.env["recouvrement.debtor"].sudo().with_context(active_test=False)
        return debtors.search(
            Domain("partner_id", "in", list(set(partners)))
            & Domain("company_id", "in", list(set(companies)))
            & Domain(domain)
        )

    @api.model
    def _get_own(self, pairs):
        debtors = self._find_debtors(
            pairs, [("credit_limited", "=", True), ("limit_excess", ">", 0)]
        )
        return [
            (
                (debtor.partner_id.id, debtor.company_id.id),
                Excess(
                    debtor,
                    debtor.exposure_amount - debtor.exposure_guaranteed,
                    debtor.credit_limit,
                    debtor.limit_excess,
                    False,
                ),
            )
            for debtor in debtors
        ]

    @api.model
    def _get_tightest_groups(self, pairs):
        """Of each pair whose group has a limit, the group with the least left:
        ``{pair: GroupLimit}``. A constant number of queries."""
        pairs = {pair for pair in pairs if all(pair)}
        found = {}
        for pair, group in self._get_groups(pairs) if pairs else ():
            if pair not in found or group.left < found[pair].left:
                found[pair] = group
        return found

    @api.model
    def _get_groups_exceeded(self):
        """Ids of the accounts that carry the limit of a group that is exceeded."""
        limits = self.env["recouvrement.credit.limit"]
        limits.flush_model()
        valid = limits._valid_sql(fields.Date.context_today(self), True)
        rows = self.env.execute_query(
            SQL("SELECT debtor_id, amount FROM (%s) AS valid", valid)
        )
        exposures = self._get_group_exposures([head for head, _limit in rows])
        debtors = self.env["recouvrement.debtor"].sudo()
        return [
            head
            for head, limit in rows
            if debtors.browse(head).currency_id.compare_amounts(
                exposures[head], float(limit)
            )
            > 0
        ]

    @api.model
    def _get_of_groups(self, pairs):
        return [
            (
                pair,
                Excess(group.debtor, group.exposure, group.limit, -group.left, True),
            )
            for pair, group in self._get_groups(pairs)
            if group.left < 0
        ]

    @api.model
    def _get_groups(self, pairs):
        """Every group limit of each pair: list of ``(pair, GroupLimit)``."""
        heads = self._get_heads(pairs)
        exposures = self._get_group_exposures({head for _pair, head, _limit in heads})
        debtors = self.env["recouvrement.debtor"].sudo()
        result = []
        for pair, head, limit in heads:
            debtor, exposure = debtors.browse(head), exposures[head]
            left = debtor.currency_id.round(limit - exposure)
            result.append((pair, GroupLimit(debtor, exposure, limit, left)))
        return result

    @api.model
    def _get_heads(self, pairs):
        """Accounts of the pairs' partners and of the companies above them that have a
        limit for their group today: list of ``(pair, debtor_id, limit)``."""
        partners, companies = zip(*pairs, strict=True)
        limits = self.env["recouvrement.credit.limit"]
        limits.flush_model()
        self.env["res.currency.rate"].flush_model()
        self.env["recouvrement.debtor"].flush_model(["partner_id", "company_id"])
        self.env["res.partner"].flush_model(["parent_id", "commercial_partner_id"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE above AS (
                    SELECT pair.partner_id, pair.company_id,
                           pair.partner_id AS head_id, 1 AS depth
                      FROM UNNEST(%(partners)s, %(companies)s)
                           AS pair (partner_id, company_id)
                 UNION ALL
                    SELECT above.partner_id, above.company_id,
                           parent.commercial_partner_id, depth + 1
                      FROM above
                      JOIN res_partner p ON p.id = above.head_id
                      JOIN res_partner parent ON parent.id = p.parent_id
                     WHERE depth < %(max_depth)s
                )
                SELECT DISTINCT above.partner_id, above.company_id, d.id, valid.amount
                  FROM above
                  JOIN recouvrement_debtor d ON d.partner_id = above.head_id
                   AND d.company_id = above.company_id
                  JOIN (%(valid)s) valid ON valid.debtor_id = d.id
                """,
                partners=list(partners),
                companies=list(companies),
                max_depth=MAX_DEPTH,
                valid=limits._valid_sql(fields.Date.context_today(self), True),
            )
        )
        return [
            ((partner, company), head, float(limit))
            for partner, company, head, limit in rows
        ]

    @api.model
    def _get_group_exposures(self, head_ids):
        """Exposure of each head with all the companies below it, in the legal entity
        of the head, members without an account by their drafts and orders:
        ``{id: amount}``."""
        if not head_ids:
            return {}
        debtors = self.env["recouvrement.debtor"].sudo()
        debtors._process_dirty()
        debtors._flush_sources()
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE member AS (
                    SELECT d.id AS head_id, d.partner_id, d.company_id
                      FROM recouvrement_debtor d WHERE d.id = ANY(%(heads)s)
                 UNION
                    SELECT member.head_id, p.id, member.company_id
                      FROM member
                      JOIN res_partner p ON p.parent_id = member.partner_id
                       AND p.commercial_partner_id = p.id
                ), account AS (
                    SELECT ROW_NUMBER() OVER () AS id, member.* FROM member
                     WHERE NOT EXISTS (
                           SELECT FROM recouvrement_debtor d
                            WHERE d.partner_id = member.partner_id
                              AND d.company_id = member.company_id)
                )
                SELECT head_id, SUM(amount) FROM (
                    SELECT member.head_id,
                           d.exposure_amount - d.exposure_guaranteed AS amount
                      FROM member
                      JOIN recouvrement_debtor d ON d.partner_id = member.partner_id
                       AND d.company_id = member.company_id
                 UNION ALL
                    SELECT account.head_id, draft.amount
                      FROM account
                      JOIN (%(drafts)s) draft ON draft.debtor_id = account.id
                 UNION ALL
                    SELECT account.head_id, ordered.amount
                      FROM account
                      JOIN (%(orders)s) ordered ON ordered.debtor_id = account.id
                ) part GROUP BY head_id
                """,
                heads=list(head_ids),
                drafts=debtors._drafts_sql(),
                orders=debtors._orders_sql(),
            )
        )
        return {head_id: float(amount or 0) for head_id, amount in rows}

    @api.model
    def _lock(self, pairs):
        """Have whoever checks the same accounts or groups wait for this transaction."""
        pairs = {pair for pair in pairs if all(pair)}
        if not pairs:
            return
        debtors = self._get_limited(pairs)
        debtors |= debtors.browse(
            head for _pair, head, _limit in self._get_heads(pairs)
        )
        debtors._lock_exposure()
        # Limits begin, end and are converted on the day of the check.
        debtors._mark_dirty_debtors(debtors.ids)

    @api.model
    def _get_limited(self, pairs):
        """Accounts with a limit of their own, straight from the table: nothing is
        recomputed before they are locked."""
        partners, companies = zip(*pairs, strict=True)
        debtors = self.env["recouvrement.debtor"].sudo()
        debtors.flush_model(["partner_id", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT d.id FROM recouvrement_debtor d
                 WHERE d.partner_id = ANY(%s) AND d.company_id = ANY(%s)
                   AND EXISTS (SELECT FROM recouvrement_credit_limit cl
                                WHERE cl.debtor_id = d.id AND cl.state = 'approved')
                """,
                list(set(partners)),
                list(set(companies)),
            )
        )
        return debtors.browse(debtor_id for [debtor_id] in rows)
