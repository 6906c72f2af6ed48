"""Frozen figures against what the ledger says now, and what came in between."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.kpi import MEASURES, needed_measures
from ..tools.period import Period

CAUSES = ("entered", "matched", "unmatched", "withdrawn")


class RecouvrementKpiSnapshot(models.Model):
    _inherit = "recouvrement.kpi.snapshot"

    @api.model
    def _compare(self, company, period):
        """What differs from the frozen figures of a month, and why.

        :return: None when the month is not frozen; else ``{"frozen_on": datetime,
            "frozen_by": user, "figures": [{"kpi", "frozen", "now", "measures":
            [{"name", "frozen", "now", "entered"}]}], "causes": [{"kind", "count",
            "ids"}]}``. ``entered`` is the part of a measure that entries made since
            account for, None when it is not known.
        """
        frozen = self.sudo().search(
            [
                ("company_id", "=", company.id),
                ("date_start", "=", period.start),
                ("date_end", "=", period.end),
                ("dimension", "=", "none"),
            ]
        )
        if not frozen:
            return None
        since = min(frozen.mapped("frozen_on"))
        kpis = self._kpis_of(company)
        codes = frozen.mapped("code")
        now = kpis._compute_kpis(codes, period)[None]
        changed = [one for one in frozen if one._get_value() != now[one.code]]
        entered = self._get_entered(kpis, changed, period, since)
        return {
            "frozen_on": since,
            "frozen_by": frozen.frozen_by_id[:1],
            "figures": [one._compare_figure(now[one.code], entered) for one in changed],
            "causes": self._find_causes(company, period, since),
        }

    @api.model
    def _kpis_of(self, company):
        companies = self._get_entity(company)
        kpis = self.env["recouvrement.kpi"].sudo()
        return kpis.with_context(allowed_company_ids=companies.ids)

    @api.model
    def _get_entered(self, kpis, changed, period, since):
        """What entries made since the freezing count for, per measure."""
        names = needed_measures([one.code for one in changed])
        later = SQL("r.move_id IN (%s)", self._entered_sql(period, since))
        return kpis._read_measures(names, period, condition=later).get(None, {})

    def _compare_figure(self, now, entered):
        before = self._get_value()
        names = [*before.measures, *(now.measures.keys() - before.measures.keys())]
        return {
            "kpi": self.kpi_id,
            "frozen": before.value,
            "now": now.value,
            "measures": [
                {
                    "name": name,
                    "frozen": before.measures.get(name, Decimal(0)),
                    "now": now.measures.get(name, Decimal(0)),
                    "entered": entered.get(name, Decimal(0))
                    if name in MEASURES
                    else None,
                }
                for name in names
                if before.measures.get(name) != now.measures.get(name)
            ],
        }

    # ------------------------------------------------------------------
    # CAUSES
    # ------------------------------------------------------------------

    @api.model
    def _find_causes(self, company, period, since):
        """What was done to the past since the freezing: ``[{"kind", "count",
        "ids"}]``, ids of entries, without the kinds that did not happen."""
        found = []
        for kind in CAUSES:
            query = getattr(self, f"_{kind}_sql")(period, since)
            ids = [
                move_id
                for [move_id] in self.env.execute_query(
                    SQL(
                        """
                        SELECT m.id FROM account_move m
                         WHERE m.id IN (%s) AND m.company_id = ANY(%s)
                      ORDER BY m.date, m.id
                        """,
                        query,
                        list(self._get_entity(company).ids),
                    )
                )
            ]
            if ids:
                found.append({"kind": kind, "count": len(ids), "ids": ids})
        return found

    @api.model
    def _entered_sql(self, period, since):
        """Entries dated in the period or before, posted since."""
        return SQL(
            """
            SELECT m.id FROM account_move m
             WHERE m.state = 'posted'
               AND LEAST(m.date, m.invoice_date) <= %s
               AND COALESCE(m.posting_time, m.create_date) > %s
            """,
            period.end,
            since,
        )

    @api.model
    def _withdrawn_sql(self, period, since):
        """Entries dated in the period or before that left the ledger since."""
        return SQL(
            """
            SELECT m.id FROM account_move m
             WHERE m.state <> 'posted' AND m.withdrawal_time > %(since)s
               AND COALESCE(m.posting_time, m.create_date) <= %(since)s
               AND LEAST(m.date, m.invoice_date) <= %(end)s
            """,
            end=period.end,
            since=since,
        )

    @api.model
    def _matched_sql(self, period, since):
        """Entries with a matching that counts in the period and was made since."""
        return SQL(
            """
            SELECT i.move_id FROM account_partial_reconcile pr
              JOIN account_move_line i ON i.id = pr.debit_move_id
              JOIN account_account a ON a.id = i.account_id
               AND a.account_type = 'asset_receivable'
             WHERE pr.max_date <= %s AND pr.create_date > %s
            """,
            period.end,
            since,
        )

    @api.model
    def _unmatched_sql(self, period, since):
        """Entries with a matching that counted in the period and was undone since."""
        return SQL(
            """
            SELECT i.move_id FROM recouvrement_matching_undone u
              JOIN account_move_line i ON i.id = u.debit_move_id
             WHERE u.date_from <= %s AND u.date_to >= %s::date
            """,
            period.end,
            since,
        )

    # ------------------------------------------------------------------
    # FOR THE SCREEN
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    def get_comparison(self, day):
        """The comparison of the month of a day, for a client.

        :raise AccessError: for who may not see key figures.
        :raise UserError: when the month is not frozen.
        """
        self.env["recouvrement.kpi"].check_access("read")
        period = Period.month(fields.Date.to_date(day))
        company = self.env.company.root_id
        found = self._compare(company, period)
        if found is None:
            raise UserError(self.env._("The figures of this month are not frozen."))
        labels = self._cause_labels()
        return {
            "frozen_on": fields.Datetime.to_string(found["frozen_on"]),
            "frozen_by": found["frozen_by"].display_name,
            "figures": [self._describe_change(one) for one in found["figures"]],
            "causes": [
                {
                    "kind": cause["kind"],
                    "label": labels[cause["kind"]],
                    "count": cause["count"],
                }
                for cause in found["causes"]
            ],
        }

    @api.model
    def _describe_change(self, change):
        kpi = change["kpi"].with_env(self.env)
        return {
            "code": kpi.code,
            "name": kpi.name,
            "unit": kpi.unit,
            "decimals": kpi.decimals,
            "frozen": kpi._to_number(change["frozen"]),
            "now": kpi._to_number(change["now"]),
            "measures": [
                {
                    "name": one["name"],
                    "label": kpi._label_measure(one["name"]),
                    "frozen": float(one["frozen"]),
                    "now": float(one["now"]),
                    "entered": float(one["entered"] or 0),
                    "unit": kpi._unit_of(one["name"]),
                }
                for one in change["measures"]
            ],
        }

    @api.model
    def _cause_labels(self):
        return {
            "entered": self.env._("Entries of the period or before, made since"),
            "matched": self.env._("Matchings that count in the period, made since"),
            "unmatched": self.env._("Matchings of the period, undone since"),
            "withdrawn": self.env._("Entries of the period or before, taken back"),
        }

    @api.model
    @api.readonly
    def action_open_cause(self, day, kind):
        """Action that lists the entries of a cause."""
        self.env["recouvrement.kpi"].check_access("read")
        period = Period.month(fields.Date.to_date(day))
        found = self._compare_causes(period)
        ids = next((one["ids"] for one in found if one["kind"] == kind), [])
        return {
            "type": "ir.actions.act_window",
            "name": self._cause_labels().get(kind, ""),
            "res_model": "account.move",
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", ids)],
        }

    @api.model
    def _compare_causes(self, period):
        company = self.env.company.root_id
        frozen = self.sudo().search(
            [("company_id", "=", company.id), ("date_start", "=", period.start)],
            order="frozen_on",
            limit=1,
        )
        return frozen and self._find_causes(company, period, frozen.frozen_on) or []
