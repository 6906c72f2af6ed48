"""Confirming, approving and cancelling penalty statements."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .interest_statement import CONSUMING_OUTCOMES


class RecouvrementInterestStatement(models.Model):
    _inherit = "recouvrement.interest.statement"

    def action_confirm(self):
        """Carry out what was proposed, unless the figures changed in the meantime."""
        self.check_access("write")
        proposed = self.filtered(lambda s: s.state in ("draft", "to_approve"))
        if not proposed:
            raise UserError(self.env._("There is nothing left to confirm."))
        changed = proposed._refresh_lines()
        unchanged = proposed - changed
        for statement in unchanged.filtered(lambda s: not s.line_ids)[:1]:
            raise UserError(
                self.env._("Nothing is left to claim in %s: cancel it.", statement.name)
            )
        unchanged._confirm()
        return changed._notify_changed() if changed else True

    def _confirm(self):
        for outcome, statements in self.grouped("outcome").items():
            getattr(statements, f"_confirm_{outcome}")()

    def _confirm_mentioned(self):
        self._set_done()

    def _confirm_waived(self):
        """Waive within the limit of the user; what is above waits for approval."""
        above = self._get_above_limit()
        (self - above)._set_done()
        for statement in above.filtered(lambda s: s.state == "to_approve")[:1]:
            self.env["recouvrement.authority"]._check(
                "waive_interest", statement.company_total, statement.company_id
            )
        above.sudo().write({"state": "to_approve"})
        above._log(self.env._("Waiver to be approved: %(total)s"))

    def _get_above_limit(self):
        """Those the user may not waive alone; one look at the limits per company."""
        above = self.browse()
        for company, statements in self.grouped("company_id").items():
            limit = self.env["recouvrement.authority"]._get_limit(
                "waive_interest", company
            )
            if limit is not None:
                compare = company.currency_id.compare_amounts
                above |= statements.filtered(
                    lambda s, c=compare, m=limit: c(s.company_total, m) > 0
                )
        return above

    def _confirm_invoiced(self):
        """An accountant or manager makes the invoices; others only propose them."""
        if self._may_invoice():
            self._set_done()
            self._create_invoices()
        else:
            self._log(self.env._("Penalty invoice proposed: %(total)s"))

    @api.model
    def _may_invoice(self):
        return self.env.user.has_groups(
            "recouvrement.group_accountant,recouvrement.group_manager"
        )

    def _set_done(self):
        if not self:
            return
        self.filtered(lambda s: s.outcome in CONSUMING_OUTCOMES)._check_free()
        today = fields.Date.context_today(self)
        for waited in (False, True):
            batch = self.filtered(lambda s, w=waited: (s.state == "to_approve") == w)
            approver = {"approver_id": self.env.uid} if waited else {}
            batch.sudo().write({"state": "done", "date": today, **approver})
        self.env.flush_all()
        for outcome, text in (
            ("mentioned", self.env._("Late interest mentioned: %(total)s")),
            ("waived", self.env._("Late interest waived: %(total)s")),
        ):
            self.filtered(lambda s, o=outcome: s.outcome == o)._log(text)

    def action_cancel(self):
        """Take a statement back; its days may be claimed again.

        :raise UserError: while a penalty invoice stands.
        """
        self.check_access("write")
        live = self.filtered(lambda s: s.state != "cancelled")
        if live.filtered(lambda s: s.move_id and s.state == "done"):
            raise UserError(
                self.env._(
                    "Delete the draft invoice of these penalties, or cancel or credit "
                    "the posted one: the statement follows."
                )
            )
        decided = live.filtered(lambda s: s.outcome == "waived" and s.state == "done")
        if decided and not self.env.user.has_group("recouvrement.group_manager"):
            raise AccessError(self.env._("Only a credit manager takes a waiver back."))
        live.sudo().write({"state": "cancelled"})
        live._log(self.env._("Penalty statement cancelled: %(total)s"))

    def _check_free(self):
        """Say clearly which days or indemnities were already claimed.

        The constraints of the lines are what really forbids it, for two users at the
        same moment too.

        :raise UserError: with the first documents concerned.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT taken.id
                  FROM recouvrement_interest_statement_line mine
                  JOIN recouvrement_interest_statement_line taken
                    ON taken.claimed AND taken.id <> mine.id
                   AND (taken.move_line_id = mine.move_line_id
                        AND taken.date_from <= mine.date_to
                        AND taken.date_to >= mine.date_from
                     OR mine.indemnity <> 0 AND taken.indemnity <> 0
                        AND (taken.move_line_id = mine.move_line_id
                             OR taken.invoice_id = mine.invoice_id))
                 WHERE mine.statement_id IN %s
                 ORDER BY taken.id
                 LIMIT 5
                """,
                tuple(self.ids) or (0,),
            )
        )
        taken = self.line_ids.browse([row[0] for row in rows]).sudo()
        if taken:
            raise UserError(
                self.env._(
                    "Already claimed or waived, so not a second time: %s",
                    "; ".join(
                        self.env._(
                            "%(document)s in %(statement)s",
                            document=line.document,
                            statement=line.statement_id.name,
                        )
                        for line in taken
                    ),
                )
            )

    def _notify_changed(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": self.env._(
                    "The figures changed since the proposal: %s. Look at them and "
                    "confirm again.",
                    ", ".join(self.mapped("name")),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
