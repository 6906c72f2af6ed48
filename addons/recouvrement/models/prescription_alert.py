"""Activities that announce the limit date of claims, once per item and distance."""

from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL, format_amount, format_date

DEBTORS_PER_BATCH = 200
LISTED_ITEMS = 20


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    @api.model
    def _cron_limit_dates(self):
        """Recompute the limit dates of the ledger, then announce those that come
        near. Each batch is committed: a run killed in between goes on where it was,
        because what was announced is written on the items."""
        for _count in self._refresh_all_limit_dates():
            self.env["ir.cron"]._commit_progress()
        while count := self._announce_limit_dates(DEBTORS_PER_BATCH):
            self.env["ir.cron"]._commit_progress(count)

    @api.model
    def _announce_limit_dates(self, debtor_count):
        """Create the activities of the next debtors that need one.

        :return: number of debtors announced; 0 when nothing is left.
        """
        distances = self._alert_distances()
        if not distances:
            return 0
        near = self._items_near_limit(distances, debtor_count)
        if not near:
            return 0
        self._mark_announced(near)
        debtors = self.browse(near)
        activities = [
            debtor._prepare_limit_activity(near[debtor.id]) for debtor in debtors
        ]
        self.env["mail.activity"].with_context(mail_activity_quick_update=True).create(
            activities
        )
        return len(near)

    @api.model
    def _alert_distances(self):
        """Distances in months of each regime: ``[(regime_id, months)]``."""
        regimes = self.env["recouvrement.legal.regime"].sudo()
        return [
            (regime.id, months)
            for regime in regimes.search([("term_count", ">", 0)])
            for months in regime._get_alert_months()
        ]

    @api.model
    def _items_near_limit(self, distances, debtor_count):
        """Items whose date came within a distance not announced yet.

        :param distances: ``[(regime_id, months)]``.
        :return: ``{debtor_id: [(line_id, limit_date, months)]}`` of at most
            ``debtor_count`` debtors.
        """
        today = fields.Date.context_today(self)
        regime_ids, months = map(list, zip(*distances, strict=True))
        horizons = [today + relativedelta(months=count) for count in months]
        self._flush_limit_sources()
        rows = self.env.execute_query(
            SQL(
                """
                WITH distance AS (
                    SELECT * FROM unnest(%(regimes)s::integer[], %(months)s::integer[],
                                         %(horizons)s::date[])
                        AS t(regime_id, months, horizon)
                ), near AS (
                    SELECT o.id, d.id AS debtor_id, l.limit_date,
                           MIN(distance.months) AS months
                      FROM (%(lines)s) o
                      JOIN account_move_line l ON l.id = o.id
                      JOIN account_move m ON m.id = o.move_id
                      JOIN res_company c ON c.id = o.company_id
                      JOIN res_partner p ON p.id = o.partner_id
                      JOIN recouvrement_debtor d
                        ON d.partner_id = p.commercial_partner_id
                       AND d.company_id = %(root)s
                      JOIN distance
                        ON distance.regime_id
                           = COALESCE(m.legal_regime_id, d.regime_id)
                       AND l.limit_date <= distance.horizon
                     WHERE l.limit_date >= %(today)s
                  GROUP BY o.id, d.id, l.limit_date, l.limit_alerted
                    HAVING MIN(distance.months) < COALESCE(l.limit_alerted, 32767)
                ), chosen AS (
                    SELECT DISTINCT debtor_id FROM near
                  ORDER BY debtor_id LIMIT %(debtor_count)s
                )
                SELECT debtor_id, id, limit_date, months
                  FROM near JOIN chosen USING (debtor_id)
              ORDER BY limit_date, id
                """,
                regimes=regime_ids,
                months=months,
                horizons=horizons,
                today=today,
                debtor_count=debtor_count,
                lines=self.env["recouvrement.open.item"]._open_lines_sql(),
                root=self.env["recouvrement.open.item"]._root_company_sql("c"),
            )
        )
        near = defaultdict(list)
        for debtor_id, *item in rows:
            near[debtor_id].append(item)
        return near

    @api.model
    def _mark_announced(self, near):
        """Remember what is announced, before it is: two runs at once cannot both."""
        items = [item for found in near.values() for item in found]
        self.env.cr.execute(
            SQL(
                """
                UPDATE account_move_line l SET limit_alerted = new.months
                  FROM unnest(%s::integer[], %s::integer[]) AS new(id, months)
                 WHERE l.id = new.id
                """,
                [line_id for line_id, _day, _months in items],
                [months for _line_id, _day, months in items],
            )
        )
        self.env["account.move.line"].invalidate_model(["limit_alerted"], flush=False)

    def _prepare_limit_activity(self, items):
        """Values of the activity that names the items, for who follows the debtor."""
        self.ensure_one()
        assignee = self._get_limit_assignee()
        debtor = self.with_context(lang=assignee.lang or self.env.lang)
        first = min(day for _line_id, day, _months in items)
        return {
            "res_model_id": debtor.env["ir.model"]._get_id(self._name),
            "res_id": debtor.id,
            "activity_type_id": debtor.env["ir.model.data"]._xmlid_to_res_id(
                "mail.mail_activity_data_warning"
            ),
            "user_id": assignee.id,
            "date_deadline": fields.Date.context_today(debtor),
            "summary": debtor.env._(
                "Limit date from %(day)s on: %(count)s item(s)",
                day=format_date(debtor.env, first),
                count=len(items),
            ),
            "note": debtor._render_limit_note(items),
        }

    def _get_limit_assignee(self):
        """The collector, else the company's default one, else who runs this."""
        return (
            self.collector_id
            or self.company_id.recouvrement_default_collector_id
            or self.env.user
        )

    def _render_limit_note(self, items):
        lines = self.env["account.move.line"].browse(
            line_id for line_id, _day, _months in items[:LISTED_ITEMS]
        )
        return self.env["ir.qweb"]._render(
            "recouvrement.limit_activity_note",
            {
                "rows": [
                    {
                        "name": line.move_id.name or line.name,
                        "due": format_date(self.env, line.date_maturity or line.date),
                        "limit": format_date(self.env, line.limit_date),
                        "amount": format_amount(
                            self.env, line.amount_residual_currency, line.currency_id
                        ),
                    }
                    for line in lines
                ],
                "others": len(items) - len(lines),
            },
        )
