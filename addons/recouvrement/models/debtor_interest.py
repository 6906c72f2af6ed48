from collections import defaultdict
from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

# Open items of an account above which its interest is computed on demand only: a page
# opens at once, whatever the account.
AT_ONCE = 2_000
# What a claim adds up.
ADDED = ("principal", "interest", "indemnity", "penalties", "costs")


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    late_interest = fields.Monetary(
        compute="_compute_late_interest",
        help="Interest that may be claimed to this day, on open items and on those "
        "settled late, in company currency.",
    )
    late_indemnity = fields.Monetary(
        string="Fixed Indemnities",
        compute="_compute_late_interest",
        help="Fixed indemnities for recovery costs that may be claimed.",
    )
    late_interest_error = fields.Char(
        string="Interest Not Computed", compute="_compute_late_interest"
    )
    late_interest_on_demand = fields.Boolean(compute="_compute_late_interest")

    @api.depends("open_amount", "overdue_amount", "contractual_rate", "regime_id")
    def _compute_late_interest(self):
        """For all the accounts in a constant number of queries for each batch of
        items; those with very many items are left for the breakdown."""
        large = self.filtered(lambda debtor: debtor.open_item_count > AT_ONCE)
        counted = (self - large)._origin
        totals = defaultdict(lambda: defaultdict(lambda: [Decimal(0), Decimal(0)]))
        errors = defaultdict(list)
        feed = self.env["recouvrement.interest"]
        for item in feed._get_debtor_items(counted) if counted else ():
            sums = totals[item.debtor_id][item.currency_id]
            sums[0] += item.due
            sums[1] += item.indemnity_due
            if item.error:
                errors[item.debtor_id].append(item.error)
        for debtor in self:
            own = totals.get(debtor._origin.id, {})
            debtor.late_interest = debtor._convert_sums(own, 0)
            debtor.late_indemnity = debtor._convert_sums(own, 1)
            debtor.late_interest_error = debtor._sum_up(errors[debtor._origin.id])
            debtor.late_interest_on_demand = debtor in large

    def _convert_sums(self, sums, place):
        """Total in company currency, each currency at today's rate."""
        today = fields.Date.context_today(self)
        company = self.company_id
        amounts = [
            self.env["res.currency"]
            .browse(currency_id)
            ._convert(float(values[place]), company.currency_id, company, today)
            for currency_id, values in sums.items()
            if values[place]
        ]
        return company.currency_id.round(sum(amounts))

    def _sum_up(self, errors):
        """The first error, and how many items have one."""
        if len(errors) > 1:
            return self.env._(
                "%(error)s (and %(count)s other items)",
                error=errors[0],
                count=len(errors) - 1,
            )
        return errors[0] if errors else False

    # ------------------------------------------------------------------
    # BREAKDOWN
    # ------------------------------------------------------------------

    def action_late_interest(self):
        """Show how the interest of the debtor is made up."""
        return self._get_interest_action()

    def _get_interest_action(self, line_ids=None, day=None):
        """Open the breakdown of one debtor's interest.

        :param line_ids: only these of its items.
        :param day: last day of interest; default today.
        """
        self.ensure_one()
        self.check_access("read")
        detail = self.env["recouvrement.interest.detail"].create(
            {
                "debtor_id": self.id,
                "chosen_ids": line_ids or False,
                "date": day or fields.Date.context_today(self),
            }
        )
        return detail._get_action()

    # ------------------------------------------------------------------
    # CLAIM
    # ------------------------------------------------------------------

    def _get_claim(self, lines=None, day=None):
        """What may be claimed from the debtor on a day: a hook for lawsuits.

        :param lines: items to claim; None: all that are late, less the credits that
            are not allocated, with the penalty invoices that are not paid.
        :param date day: last day of interest; default today.
        :return: ``{currency: dict}`` with Decimal ``principal``, ``interest``,
            ``indemnity``, ``costs`` (zero here), ``penalties``, ``credits`` (above
            zero, deducted) and ``total``; ``invoiced`` and ``waived`` interest, which
            is in none of them; ``count`` of indemnities; ``items``
            (``ItemInterest``) and ``errors``.
        """
        self.ensure_one()
        items = self.env["recouvrement.interest"]._get_debtor_items(
            self, day, None if lines is None else lines.ids
        )
        claims = self._sum_claims(items)
        return claims if lines is not None else self._add_others(claims, day)

    @api.model
    def _sum_claims(self, items):
        """Sums of ``ItemInterest`` per currency."""
        claims = {}
        for item in items:
            currency = self.env["res.currency"].browse(item.currency_id)
            claim = claims.setdefault(currency, self._new_claim())
            claim["principal"] += item.residual
            claim["interest"] += item.due
            claim["indemnity"] += item.indemnity_due
            claim["count"] += bool(item.indemnity_due)
            claim["invoiced"] += item.claimed
            claim["waived"] += item.waived
            claim["items"].append(item)
            if item.error:
                claim["errors"].append(item.error)
        for claim in claims.values():
            self._set_claim_total(claim)
        return claims

    @api.model
    def _new_claim(self):
        amounts = (*ADDED, "credits", "invoiced", "waived")
        return {
            **dict.fromkeys(amounts, Decimal(0)),
            "count": 0,
            "items": [],
            "errors": [],
        }

    @api.model
    def _set_claim_total(self, claim):
        claim["total"] = sum(claim[part] for part in ADDED) - claim["credits"]

    def _add_others(self, claims, day=None):
        """Credits that are not allocated and unpaid penalty invoices."""
        self.ensure_one()
        for currency_id, penalties, credit in self._read_others(day):
            currency = self.env["res.currency"].browse(currency_id)
            claim = claims.setdefault(currency, self._new_claim())
            claim["penalties"] += Decimal(penalties)
            claim["credits"] += Decimal(credit)
            self._set_claim_total(claim)
        return claims

    def _read_others(self, day):
        """Per currency: id, unpaid penalty invoices, credits (above zero)."""
        self._flush_sources()
        items = self.env["recouvrement.open.item"]
        return self.env.execute_query(
            SQL(
                """
                SELECT o.currency_id,
                       COALESCE(SUM(o.residual_currency)
                           FILTER (WHERE o.residual_currency > 0), 0)::text,
                       COALESCE(-SUM(o.residual_currency)
                           FILTER (WHERE o.residual_currency < 0), 0)::text
                  FROM (%(lines)s) o
                  JOIN account_move m ON m.id = o.move_id
                  JOIN res_company c ON c.id = o.company_id
                 WHERE %(root)s = %(company)s
                   AND (o.residual_currency < 0 OR m.penalty_statement_id IS NOT NULL)
              GROUP BY o.currency_id
                """,
                lines=items._open_lines_sql(
                    day, self._lines_of_partners_sql(self.partner_id.ids)
                ),
                root=items._root_company_sql("c"),
                company=self.company_id.id,
            )
        )
