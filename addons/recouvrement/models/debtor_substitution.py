"""Who stands in for the collector of a debtor account today."""

from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

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
    def _refresh(self, condition, partners=None):
        changed = super()._refresh(condition, partners)
        return changed + self._apply_substitutions(condition)
