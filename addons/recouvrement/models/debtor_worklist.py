"""The worklist as the desk opens it: fresh for the day, with its numbers."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    # ------------------------------------------------------------------
    # A NEW DAY
    # ------------------------------------------------------------------

    @api.model
    def _search(self, domain, *args, **kwargs):
        if self.env.context.get("recouvrement_worklist"):
            self.sudo()._refresh_new_day()
        return super()._search(domain, *args, **kwargs)

    @api.model
    def _refresh_new_day(self):
        """Recompute the accounts of the companies in use that were not computed
        today: the nightly action did not run, or the addon was just updated.

        Whoever comes second waits on the stamp, and finds the work done.
        """
        today = fields.Date.context_today(self)
        roots = self.env.companies.root_id
        stale = self.env.execute_query(
            SQL(
                """SELECT id FROM res_company WHERE id = ANY(%s)
                      AND (recouvrement_work_day IS NULL
                           OR recouvrement_work_day < %s)""",
                roots.ids,
                today,
            )
        )
        if not stale:
            return
        ids = [company_id for [company_id] in stale]
        self._stamp_work_day(SQL("id = ANY(%s)", ids))
        self._create_missing_debtors()
        condition = SQL("d.company_id = ANY(%s)", ids)
        self._refresh_assignments(condition)
        self._refresh_agreements(condition)
        self._refresh(condition)

    @api.model
    def _stamp_work_day(self, condition):
        self.env["res.company"].flush_model(["recouvrement_work_day"])
        self.env.cr.execute(
            SQL(
                "UPDATE res_company SET recouvrement_work_day = %s WHERE %s",
                fields.Date.context_today(self),
                condition,
            )
        )
        self.env["res.company"].invalidate_model(["recouvrement_work_day"], flush=False)

    # EXTENDS recouvrement: the nightly action computed everything.
    def _refresh_totals(self):
        result = super()._refresh_totals()
        if not self:
            self._stamp_work_day(SQL("parent_id IS NULL"))
        return result

    # ------------------------------------------------------------------
    # TABS
    # ------------------------------------------------------------------

    @api.model
    def get_work_tabs(self, domain):
        """How many accounts need each kind of work, in one grouped query.

        :param domain: what the list shows, without the filter of a tab.
        :return: ``[{code, label, count, amount}]``, amounts overdue in the currency of
            each account; an account counts in every kind that it needs.
        """
        query = self._search(domain)
        today = fields.Date.context_today(self)
        conditions = {
            "all": SQL("recouvrement_debtor.to_work IS TRUE"),
            **{
                code: SQL("recouvrement_debtor.work_codes LIKE %s", f"% {code} %")
                for code, _label in self._get_tab_kinds()
            },
            "held": SQL("recouvrement_debtor.hold_until >= %s", today),
        }
        selected = SQL(", ").join(
            SQL(
                """COUNT(*) FILTER (WHERE %(condition)s),
                   SUM(recouvrement_debtor.overdue_amount)
                       FILTER (WHERE %(condition)s)""",
                condition=condition,
            )
            for condition in conditions.values()
        )
        [row] = self.env.execute_query(query.select(selected))
        labels = {
            **dict(self._get_tab_kinds()),
            "all": self.env._("Today"),
            "held": self.env._("On Hold"),
        }
        return [
            {
                "code": code,
                "label": labels[code],
                "count": row[2 * index],
                "amount": float(row[2 * index + 1] or 0),
            }
            for index, code in enumerate(conditions)
        ]

    @api.model
    def _get_tab_kinds(self):
        return [
            (code, label)
            for code, label in self._fields["work_kind"]._description_selection(
                self.env
            )
            if code != "none"
        ]

    # ------------------------------------------------------------------
    # CONVEYOR
    # ------------------------------------------------------------------

    @api.model
    def get_work_queue(self, domain, order=None, limit=1000):
        """Ids of the whole list in its order: what the desk goes through one by one."""
        return self.search(domain, order=order, limit=min(limit, 1000)).ids

    # ------------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------------

    def action_hand_over(self):
        """Give these debtors to a colleague, with a word."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Over"),
            "res_model": "recouvrement.handover.wizard",
            "view_mode": "form",
            "target": "new",
            "context": {"default_debtor_ids": self.ids},
        }

    def action_log_attempt(self):
        """A call that nobody answered: the debtors come back after the days before
        trying again."""
        self.check_access("write")
        if not self:
            raise UserError(self.env._("Choose the debtors that were called."))
        self._log_attempt()
        return True

    def _log_attempt(self):
        """One contact without an answer per debtor, in a batch.

        sudo: contacts are written through the rights on the debtor.
        """
        outcome = self.env.ref("recouvrement.interaction_outcome_no_answer")
        self.env["recouvrement.interaction"].sudo().create(
            [
                {
                    "debtor_id": debtor.id,
                    "user_id": self.env.uid,
                    "channel": "call_out",
                    "outcome_id": outcome.id,
                }
                for debtor in self
            ]
        )
        self.sudo()._refresh_last_contacts()
        self._log_event("contact", self.env._("Called: %s", outcome.name))
