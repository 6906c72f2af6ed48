"""What waits: the worklist of the collector, what the manager has to approve."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

PORTFOLIO = "recouvrement.recouvrement_debtor_action_portfolio"
WORK = "work_"
# Kind of work: dashboard, model, action of its list.
LISTS = {
    "promises_due": ("collector", "promise", "promise_action"),
    "promises_broken": ("collector", "promise", "promise_action"),
    "plans_late": ("collector", "payment.plan", "payment_plan_action"),
    "bonus": ("collector", "bonus.statement", "bonus_statement_action"),
    "reminders": ("manager", "reminder", "reminder_action_to_approve"),
    "runs": ("manager", "dunning.run", "dunning_run_action"),
    "plans": ("manager", "payment.plan", "payment_plan_action"),
    "waivers": ("manager", "interest.statement", "interest_statement_action"),
    "write_offs": ("manager", "write.off", "write_off_action"),
    "bonuses": ("manager", "bonus.statement", "bonus_statement_action"),
    "promises_late": ("manager", "promise", "promise_action"),
    "plans_broken": ("manager", "payment.plan", "payment_plan_action"),
    "provisions": ("director", "impairment.line", "impairment_line_action"),
}
REPORTING = ("bonus", "bonuses")  # lists of this addon


class RecouvrementDashboard(models.AbstractModel):
    _inherit = "recouvrement.dashboard"

    # ------------------------------------------------------------------
    # READING
    # ------------------------------------------------------------------

    @api.model
    def _get_work(self, scope):
        """Tiles of what waits now: ``[{"key", "label", "definition", "count",
        "amount"}]``; an amount is None where there is none in one currency."""
        tiles = self._get_worklist() if scope["kind"] == "collector" else []
        labels, definitions = self._work_labels(), self._work_definitions()
        for key, (kind, _model, _action) in LISTS.items():
            if kind == scope["kind"] and (found := self._read_list(key, scope)):
                count, amount = found
                tiles.append(
                    {
                        "key": key,
                        "label": labels[key],
                        "definition": definitions[key],
                        "count": count,
                        "amount": amount,
                    }
                )
        return tiles

    @api.model
    def _get_worklist(self):
        """The tabs of the worklist of the user that have something."""
        debtors = self.env["recouvrement.debtor"].with_context(
            recouvrement_worklist=True
        )
        mixed = len(self.env.companies.currency_id) > 1
        return [
            {
                "key": WORK + tab["code"],
                "label": self.env._("To Do Today")
                if tab["code"] == "all"
                else tab["label"],
                "definition": self.env._(
                    "Customers of your portfolio in this tab of the worklist, with "
                    "what they have overdue."
                ),
                "count": tab["count"],
                "amount": None if mixed else tab["amount"],
            }
            for tab in debtors.get_work_tabs(list(self._portfolio_domain("")))
            if tab["count"] or tab["code"] == "all"
        ]

    @api.model
    def _read_list(self, key, scope):
        """``(count, amount or None)``; None when the tile has no place."""
        if key == "bonus":
            return self._read_bonus(scope)
        if key == "provisions":
            return self._read_provisions(scope)
        model = self.env[f"recouvrement.{LISTS[key][1]}"]
        return model.search_count(self._list_domain(key, scope)), None

    @api.model
    def _read_bonus(self, scope):
        """The bonus of the month, or the newest before, when there is any."""
        statements = self.env["recouvrement.bonus.statement"]
        domain = self._list_domain("bonus", scope)
        newest = statements.search(domain, limit=1, order="date_start desc, id desc")
        if not newest:
            return None
        same = statements.search([("date_start", "=", newest.date_start), *domain])
        one_currency = len(same.currency_id) == 1
        return len(same), sum(same.mapped("total")) if one_currency else None

    @api.model
    def _read_provisions(self, scope):
        runs = self._get_provisions(scope)
        return (runs.line_count, runs.amount_provision) if runs else None

    @api.model
    def _get_provisions(self, scope):
        """The newest booked provisions until the end of the period."""
        runs = self.env["recouvrement.impairment"]
        entity = scope["entity"]
        if not entity:
            return runs
        return runs.search(
            [
                ("company_id", "=", entity.id),
                ("state", "=", "posted"),
                ("date", "<=", scope["period"].end),
            ],
            order="date desc, id desc",
            limit=1,
        )

    @api.model
    def _portfolio_domain(self, prefix):
        uid = self.env.uid
        return Domain(f"{prefix}collector_id", "=", uid) | Domain(
            f"{prefix}substitute_id", "=", uid
        )

    @api.model
    def _list_domain(self, key, scope):
        """Records of a tile: those that count are those that open."""
        today = fields.Date.context_today(self)
        own = self._portfolio_domain("debtor_id.")
        late = Domain("state", "=", "late")
        due = Domain("state", "=", "open") & Domain("date", "<=", today)
        broken = Domain("state", "in", ("partly", "broken")) & Domain(
            "line_ids.move_line_id.reconciled", "=", False
        )
        domains = {
            "promises_due": lambda: own & due,
            "promises_broken": lambda: own & broken,
            "promises_late": lambda: broken,
            "plans_late": lambda: own & late,
            "plans_broken": lambda: late,
            "bonus": lambda: (
                Domain("user_id", "=", self.env.uid)
                & Domain("state", "=", "approved")
                & Domain("date_start", "<=", scope["period"].end)
            ),
            "reminders": lambda: Domain("state", "=", "proposed"),
            "runs": lambda: Domain("state", "=", "proposed"),
            "plans": lambda: Domain("state", "=", "to_approve"),
            "waivers": lambda: Domain("state", "=", "to_approve"),
            "write_offs": lambda: Domain("state", "=", "draft"),
            "bonuses": lambda: Domain("state", "=", "draft"),
            "provisions": lambda: Domain(
                "impairment_id", "in", self._get_provisions(scope).ids
            ),
        }
        return domains[key]()

    # ------------------------------------------------------------------
    # OPENING
    # ------------------------------------------------------------------

    @api.model
    @api.readonly
    def action_open_work(self, kind, key, options=None):
        """Action on the records that a tile counts.

        :raise AccessError: for a dashboard of another role.
        :raise UserError: when there is no such tile.
        """
        scope = self._read_scope(self._check_kind(kind), options)
        if key.startswith(WORK):
            return self._prepare_worklist_action(key)
        if LISTS.get(key, ("",))[0] != scope["kind"]:
            raise UserError(self.env._("This dashboard has no such tile."))
        action = self._load_action(key)
        name = self._work_labels()[key]
        action.update(
            name=name,
            display_name=name,
            domain=list(self._list_domain(key, scope)),
            context={},
        )
        # Another address would reopen the whole list.
        action.pop("path", None)
        return action

    @api.model
    def _prepare_worklist_action(self, key):
        action = self.env["ir.actions.actions"]._for_xml_id(PORTFOLIO)
        action["context"] = {
            "search_default_my_portfolio": 1,
            f"search_default_{key}": 1,
            "recouvrement_worklist": True,
        }
        action.pop("path", None)
        return action

    @api.model
    def _load_action(self, key):
        addon = "recouvrement_reporting" if key in REPORTING else "recouvrement"
        return self.env["ir.actions.actions"]._for_xml_id(
            f"{addon}.recouvrement_{LISTS[key][2]}"
        )

    # ------------------------------------------------------------------
    # TEXTS
    # ------------------------------------------------------------------

    @api.model
    def _work_labels(self):
        return {
            "promises_due": self.env._("Promises Due"),
            "promises_broken": self.env._("Promises Broken"),
            "promises_late": self.env._("Promises Broken"),
            "plans_late": self.env._("Plans Late"),
            "plans_broken": self.env._("Plans Late"),
            "bonus": self.env._("Last Bonus"),
            "reminders": self.env._("Reminders to Approve"),
            "runs": self.env._("Campaigns to Review"),
            "plans": self.env._("Plans to Approve"),
            "waivers": self.env._("Waivers to Approve"),
            "write_offs": self.env._("Write-offs to Book"),
            "bonuses": self.env._("Bonuses to Approve"),
            "provisions": self.env._("Provisions"),
        }

    @api.model
    def _work_definitions(self):
        broken = self.env._("Promises that were not kept, on items still unpaid.")
        late = self.env._("Plans with an instalment that did not come in time.")
        return {
            "promises_due": self.env._("Promises whose day has come, not paid yet."),
            "promises_broken": broken,
            "promises_late": broken,
            "plans_late": late,
            "plans_broken": late,
            "bonus": self.env._("Your newest bonus statement that is approved."),
            "reminders": self.env._("Reminders that leave once they are approved."),
            "runs": self.env._("Campaigns whose proposal is ready."),
            "plans": self.env._("Plans above the margin of who made them."),
            "waivers": self.env._("Late interest that somebody asks to waive."),
            "write_offs": self.env._("Write-offs that are ready and not booked."),
            "bonuses": self.env._("Bonus statements that wait for a second person."),
            "provisions": self.env._(
                "Provisions for doubtful claims that were booked last, by item."
            ),
        }
