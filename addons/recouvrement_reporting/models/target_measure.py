"""What collectors and teams reached: the figures of the KPI registry, per owner."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from odoo import api, models

from ..tools.kpi import Facts, evaluate


@dataclass(frozen=True)
class Reached:
    """A figure of one owner.

    :ivar value: exact Decimal, or None when it cannot be worked out.
    :ivar measures: what it is made of, ``{name: Decimal}``.
    :ivar snapshots: ids of the frozen figures it was read from; none when computed.
    """

    value: Decimal | None
    measures: dict
    snapshots: tuple = ()


class RecouvrementTarget(models.Model):
    _inherit = "recouvrement.target"

    @api.model
    def _measure(self, company, period, codes, frozen=None):
        """Figures of every collector, team and of the company.

        :param bool frozen: True reads frozen figures only, False computes; None reads
            the frozen ones when the period has any, else computes.
        :return: ``{("user", id) | ("team", id) | ("company", id): {code: Reached}}``.
        """
        company = company.root_id
        codes = list(codes)
        users = whole = {}
        if frozen is not False:
            users = self._read_frozen(company, period, codes, "collector")
            whole = self._read_frozen(company, period, codes, "none")
        if not frozen and not users and not whole:
            users = self._compute_reached(company, period, codes, "collector")
            whole = self._compute_reached(company, period, codes, None)
        found = {("user", key): values for key, values in users.items() if key}
        for values in whole.values():
            found["company", company.id] = values
        return found | self._add_up_teams(company, period, codes, users)

    @api.model
    def _read_frozen(self, company, period, codes, dimension):
        """Figures that were frozen for just this period, with their records."""
        rows = (
            self.env["recouvrement.kpi.snapshot"]
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("date_start", "=", period.start),
                    ("date_end", "=", period.end),
                    ("code", "in", codes),
                    ("dimension", "=", dimension),
                ]
            )
        )
        found = defaultdict(dict)
        for row in rows:
            figure = row._get_value()
            reached = Reached(figure.value, figure.measures, (row.id,))
            found[row.key_id][row.code] = reached
        return found

    @api.model
    def _compute_reached(self, company, period, codes, by):
        computed = (
            self.env["recouvrement.kpi"]
            .sudo()
            ._compute_kpis(codes, period, by=by, companies=self._get_entity(company))
        )
        return {
            key: {
                code: Reached(figure.value, figure.measures)
                for code, figure in figures.items()
            }
            for key, figures in computed.items()
        }

    @api.model
    def _get_entity(self, company):
        """A legal entity with its branches."""
        company = company.sudo().root_id
        return company | company.search([("id", "child_of", company.id)])

    @api.model
    def _add_up_teams(self, company, period, codes, users):
        """The measures of the members are added up, then the formula applied: the rate
        of a team is not the mean of its members' rates."""
        teams = self.env["recouvrement.team"]._get_by_member(company)
        sums = defaultdict(lambda: defaultdict(lambda: defaultdict(Decimal)))
        snapshots = defaultdict(list)
        for user_id, figures in users.items():
            team = teams.get(user_id)
            for code, reached in figures.items() if team else ():
                snapshots[team.id, code].extend(reached.snapshots)
                for name, amount in reached.measures.items():
                    sums[team.id][code][name] += amount
        return {
            ("team", team_id): {
                code: Reached(
                    evaluate(code, Facts(period, dict(measures))).value,
                    dict(measures),
                    tuple(snapshots[team_id, code]),
                )
                for code, measures in figures.items()
            }
            for team_id, figures in sums.items()
        }

    @api.model
    def _get_kpis(self, codes):
        """``{code: record of the registry}``."""
        kpis = self.env["recouvrement.kpi"].sudo().with_context(active_test=False)
        return {
            kpi.code: kpi for kpi in kpis.search([("code", "in", list(set(codes)))])
        }
