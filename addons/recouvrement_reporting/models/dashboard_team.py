"""Targets of the month and the figures of each collector."""

from odoo import api, fields, models

from ..tools.kpi import KPIS
from ..tools.period import Period
from .target import COLLECTED, MEASURES

TEAM_CODES = ("overdue", "recovery_month", "promise_kept_amount", "contacts")


class RecouvrementDashboard(models.AbstractModel):
    _inherit = "recouvrement.dashboard"

    # ------------------------------------------------------------------
    # TARGETS
    # ------------------------------------------------------------------

    @api.model
    def _get_targets(self, scope):
        """``progress``: how far the user, or the company, is in the month;
        ``months``: receipts against the target month after month, None without one.
        """
        own = scope["kind"] == "collector"
        return {
            "progress": self._get_own_progress(scope)
            if own
            else self._get_company_progress(scope),
            "months": self._get_target_months(scope),
        }

    @api.model
    def _get_own_progress(self, scope):
        targets = self.env["recouvrement.target"]
        aims = targets.browse()
        for root in self.env.companies.root_id:
            aims |= targets._get_overlapping(root, scope["month"])
        # What nobody is measured by is not worked out.
        aimed = set(aims.mapped("measure"))
        measures = [code for code, _label in MEASURES[:3] if code in aimed]
        if not measures:
            return []
        rows = targets._get_progress(scope["month"], self.env.user, measures)
        several = len({row["company"] for row in rows}) > 1
        return [
            {
                **self._describe_progress(row, row["company"].name if several else ""),
                "company_id": row["company"].id,
            }
            for row in rows
            if row["target"] is not None
        ]

    @api.model
    def _get_company_progress(self, scope):
        progress = self._read_collected(scope).get(None)
        return [progress] if progress and progress["target"] is not None else []

    @api.model
    def _read_collected(self, scope):
        """How far the company (None) and each of its collectors (their ids) are with
        what they collect in the month; empty with several legal entities."""
        if not scope["entity"]:
            return {}
        if "collected" not in scope:
            scope["collected"] = self._work_out_collected(scope)
        return scope["collected"]

    @api.model
    def _work_out_collected(self, scope):
        targets, users = self.env["recouvrement.target"], self.env["res.users"]
        company, month = scope["entity"], scope["month"]
        reached = targets._measure(company, month, [COLLECTED])
        aims = targets._get_overlapping(company, month)
        kpi = targets._get_kpis([COLLECTED])[COLLECTED]
        today = fields.Date.context_today(self)
        owners = {None: ("company", company.id)} | {
            user_id: ("user", user_id)
            for user_id in {key for kind, key in reached if kind == "user"}
            | set(aims.user_id.ids)
        }
        found = {}
        for key, owner in owners.items():
            figure = reached.get(owner, {}).get(COLLECTED)
            user = users.browse(key) if key else None
            row = targets._describe_progress(
                aims._read_target(month, COLLECTED, user),
                figure and figure.value,
                month,
                kpi,
                today,
            )
            found[key] = self._describe_progress({**row, "measure": COLLECTED})
        return found

    @api.model
    def _describe_progress(self, row, company=""):
        kpi = self.env["recouvrement.kpi"]._get_shown()
        kpi = kpi.filtered(lambda one: one.code == row["measure"])
        labels = dict(
            self.env["recouvrement.target"]
            ._fields["measure"]
            ._description_selection(self.env)
        )
        return {
            "code": row["measure"],
            "label": labels[row["measure"]],
            "company": company,
            "unit": kpi.unit or "amount",
            "decimals": kpi.decimals,
            "direction": kpi.direction or "higher",
            "measure": KPIS[row["measure"]].measures[0],
            **self._round_progress(row),
        }

    @api.model
    def _round_progress(self, row):
        statuses = dict(
            self.env["recouvrement.target"]
            ._fields["status"]
            ._description_selection(self.env)
        )
        numbers = {
            name: None if row[name] is None else float(round(row[name], 2))
            for name in ("target", "actual", "expected", "achievement")
        }
        status = row["status"] or False
        return {**numbers, "status": status, "status_label": statuses.get(status, "")}

    @api.model
    def _get_target_months(self, scope):
        """Target of each month of the curves: the user's own, or the company's."""
        months = scope["months"]
        if not scope["entity"]:
            return [None] * len(months)
        user = self.env.user if scope["kind"] == "collector" else None
        targets = self.env["recouvrement.target"]._get_overlapping(
            scope["entity"], Period(months[0].start, months[-1].end)
        )
        found = [
            targets.filtered(
                lambda target, month=month: (
                    target.date_start <= month.end and target.date_end >= month.start
                )
            )._read_target(month, COLLECTED, user)
            for month in months
        ]
        return [None if amount is None else float(amount) for amount in found]

    # ------------------------------------------------------------------
    # TEAM
    # ------------------------------------------------------------------

    @api.model
    def _get_team(self, scope):
        """One row per collector of the manager's dashboard: ``{"key", "label",
        "progress", "figures": {code: described}}``; None for the others."""
        if scope["kind"] != "manager":
            return None
        if scope["quick"] and scope["is_late"]:
            return None
        figures = self._read_by_collector(TEAM_CODES, scope["period"])
        progress = self._read_collected(scope)
        keys = {key for key in (*figures, *progress) if key} | (
            {False} if False in figures else set()
        )
        labels = self.env["recouvrement.kpi"]._label_groups("collector", keys)
        kpis = self._get_team_kpis()
        rows = [
            {
                "key": key,
                "label": labels[key],
                "progress": progress.get(key) or False,
                "figures": {
                    kpi.code: kpi._describe_value(figures.get(key, {}).get(kpi.code))
                    for kpi in kpis
                },
            }
            for key in keys
            if key in labels
        ]
        return {
            "columns": [
                {
                    "code": kpi.code,
                    "name": kpi.name,
                    "definition": kpi.definition,
                    "unit": kpi.unit,
                    "decimals": kpi.decimals,
                }
                for kpi in kpis
            ],
            "rows": sorted(rows, key=lambda row: (not row["key"], row["label"])),
        }

    @api.model
    def _get_team_kpis(self):
        kpis = self.env["recouvrement.kpi"]._get_shown()
        order = {code: place for place, code in enumerate(TEAM_CODES)}
        shown = kpis.filtered(lambda kpi: kpi.code in order)
        return shown.sorted(lambda kpi: order[kpi.code])
