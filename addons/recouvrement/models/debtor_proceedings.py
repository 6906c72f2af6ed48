"""Collective proceedings against a debtor: what stops for the items that they freeze,
and what comes back when the proceedings were entered by mistake."""

from odoo import api, models

ENDABLE = ("draft", "to_approve", "offered", "accepted", "late")


class RecouvrementPromise(models.Model):
    _inherit = "recouvrement.promise"

    def _reinstate(self):
        """Open promises again that were taken off for a reason that is no more.

        Called in sudo; the ledger says where they stand now.
        """
        ended = self.filtered(lambda promise: promise.state == "cancelled")
        taken = self.env["recouvrement.promise.line"].search(
            [
                ("move_line_id", "in", ended.line_ids.move_line_id.ids),
                ("is_live", "=", True),
            ]
        )
        ended = ended.filtered(
            lambda p: not p.line_ids.move_line_id & taken.move_line_id
        )
        ended.write({"state": "open", "cancel_reason": False})
        ended._set_live()
        ended._mark_items()
        ended._judge()
        for promise in ended:
            promise._log(
                self.env._("Promise open again: %s", promise.display_name),
            )
        return ended


class RecouvrementPaymentPlan(models.Model):
    _inherit = "recouvrement.payment.plan"

    def _reinstate(self, states):
        """Run plans again that were ended for a reason that is no more.

        Called in sudo; the ledger says where they stand now.

        :param dict states: the state that each had, by id.
        """
        ended = self.filtered(lambda plan: plan.state == "cancelled")
        taken = self.env["recouvrement.payment.plan.line"].search(
            [
                ("move_line_id", "in", ended.line_ids.move_line_id.ids),
                ("is_live", "=", True),
            ]
        )
        for plan in ended:
            state = states[plan.id]
            if state not in ("draft", "to_approve"):
                if plan.line_ids.move_line_id & taken.move_line_id:
                    continue
                plan.line_ids.write({"is_live": True})
            plan.write({"state": state, "date_closed": False, "close_reason": False})
            plan._log(self.env._("runs again"))
            if state not in ("draft", "to_approve"):
                until = plan.date_valid if state == "offered" else None
                plan._mark_items(self.env._("Instalment plan"), until)
        ended._judge()


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def _on_proceedings_opened(self, lines, day, reason):
        """Stop what may no longer run for items that proceedings freeze: a hook.

        Called in sudo, once per debtor, when the items are marked already; the caller
        checked the rights. Promises and plans on the items end.

        :param lines: ``account.move.line`` born before the judgment.
        :param date day: day of the judgment.
        :param str reason: shown wherever something is stopped.
        :return: dict that is kept as JSON and handed back to
            ``_on_proceedings_undone``; its ``told`` lists sentences on what a person
            has to stop elsewhere (a bank, an officer of the court).
        """
        self.ensure_one()
        promises = self.env["recouvrement.promise"].search(
            self.env["recouvrement.promise"]._get_live_domain(lines.ids)
        )
        if promises:
            promises._close("cancelled", cancel_reason=reason)
            for promise in promises:
                promise._log(
                    self.env._("Promise cancelled: %s", promise.display_name), reason
                )
        plans = self.env["recouvrement.payment.plan"].search(
            [
                ("debtor_id", "=", self.id),
                ("state", "in", ENDABLE),
                ("line_ids.move_line_id", "in", lines.ids),
            ]
        )
        states = [[plan.id, plan.state] for plan in plans]
        plans._close("cancelled", reason)
        return {"told": [], "promises": promises.ids, "plans": states}

    def _on_proceedings_undone(self, stopped):
        """Resume what ``_on_proceedings_opened`` stopped: a hook.

        Called in sudo, when the items are released already.

        :param dict stopped: what that method returned.
        """
        self.ensure_one()
        promises = self.env["recouvrement.promise"].browse(stopped.get("promises", []))
        promises.exists()._reinstate()
        states = dict(stopped.get("plans", []))
        plans = self.env["recouvrement.payment.plan"].browse(states)
        plans.exists()._reinstate(states)

    @api.model
    def _get_payee(self, line_ids):
        """Who is to be paid instead of the company for items: a hook.

        :param line_ids: ids of ``account.move.line``.
        :return: ``{line id: {"holder", "number", "bic", "text"}}``, only for items
            that are paid to somebody else (a factor…).
        """
        return {}

    def _get_statement_payees(self, currency):
        """Who else than the company is to be paid for open items of a currency, for
        the statement of account: a hook.

        :return: list of dicts as ``_get_payee`` gives them, with ``documents`` (names).
        """
        self.ensure_one()
        return []

    def _get_portal_payable(self, rows):
        """Of items ticked on the customer's page, those that may be paid together:
        what proceedings freeze is not paid, and one payee is paid at a time.

        :param list rows: as ``_get_portal_items`` gives them.
        :return: ``(rows, payee)``; ``payee`` is False for the company itself.
        """
        self.ensure_one()
        ids = [row["id"] for row in rows]
        frozen = self.env["account.move.line"].search(
            [("id", "in", ids), ("collection_mark", "=", "insolvency")]
        )
        rows = [row for row in rows if row["id"] not in frozen.ids]
        payees = self._get_payee([row["id"] for row in rows])
        own = [row for row in rows if row["id"] not in payees]
        if own or not rows:
            return own, False
        payee = payees[rows[0]["id"]]
        return [row for row in rows if payees[row["id"]] == payee], payee
