"""Who stands in for the collector of a debtor account today."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    def write(self, vals):
        """Who stands in works the portfolio, and does not keep it."""
        if "collector_id" in vals and not self.env.su:
            self._check_reassignment()
        return super().write(vals)

    def _check_reassignment(self):
        """
        :raise AccessError: to who sees some of these accounts as a substitute only.
        """
        user = self.env.user
        if user.has_groups(
            "recouvrement.group_manager,recouvrement.group_all_portfolios,"
            "recouvrement.group_accountant"
        ):
            return
        lent = self.filtered(
            lambda debtor: (
                debtor.substitute_id == user
                and debtor.collector_id
                and debtor.collector_id != user
            )
        )
        if lent:
            raise AccessError(
                self.env._(
                    "You stand in for the collector of %s: only a credit manager or "
                    "the collector gives it to somebody.",
                    ", ".join(lent[:5].mapped("display_name")),
                )
            )

    @api.model
    def _apply_substitutions(self, condition):
        """Refresh who stands in for the collector of these accounts today.

        :param SQL condition: on ``recouvrement_debtor d``.
        :return: number of accounts that changed.
        """
        self.flush_model(["collector_id", "company_id", "substitute_id"])
        self.env["recouvrement.substitution"].flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE recouvrement_debtor d
                   SET substitute_id = wanted.substitute_id
                  FROM (SELECT d.id, s.substitute_id
                          FROM recouvrement_debtor d
                     LEFT JOIN recouvrement_substitution s
                            ON s.active AND s.user_id = d.collector_id
                           AND s.company_id = d.company_id
                           AND %(day)s::date BETWEEN s.date_from AND s.date_to
                         WHERE %(condition)s) wanted
                 WHERE wanted.id = d.id
                   AND d.substitute_id IS DISTINCT FROM wanted.substitute_id
                """,
                day=fields.Date.context_today(self),
                condition=condition,
            )
        )
        changed = self.env.cr.rowcount
        self.invalidate_model(["substitute_id"], flush=False)
        return changed

    @api.model
    def _get_total_fields(self):
        return [*super()._get_total_fields(), "substitute_id"]

    # EXTENDS recouvrement: a new collector, a new account, a new day.
    @api.model
    def _refresh_assignments(self, condition):
        changed = super()._refresh_assignments(condition)
        return changed + self._apply_substitutions(condition)
