"""Two answers to « what is provided for? »: the runs, and the ledger."""

from odoo import models
from odoo.tools import SQL


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_booked_total(self):
        """Provisions in force as the runs and write-offs know them, per company."""
        runs = self.env["recouvrement.impairment"].sudo()
        runs._flush_impairment_sources()
        result = {}
        for company in self:
            [[total]] = self.env.execute_query(
                SQL(
                    "SELECT COALESCE(SUM(amount), 0) FROM (%s) booked",
                    runs._booked_sql(company),
                )
            )
            result[company.id] = float(total)
        return result

    def _get_booked_in_ledger(self):
        """Credit balance of the provision accounts in the entries of all runs,
        write-offs and their reversals, per company."""
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH entry AS (
                    SELECT run.company_id AS root_id, run.account_id,
                           unnest(ARRAY[run.move_id, run.reversal_move_id]) AS move_id
                      FROM recouvrement_impairment run
                     WHERE run.company_id = ANY(%(ids)s)
                 UNION
                    SELECT w.root_company_id, w.provision_account_id,
                           unnest(ARRAY[w.move_id, w.reversal_move_id])
                      FROM recouvrement_write_off w
                     WHERE w.root_company_id = ANY(%(ids)s)
                )
                SELECT entry.root_id, -SUM(l.balance)
                  FROM entry
                  JOIN account_move_line l ON l.move_id = entry.move_id
                   AND l.account_id = entry.account_id AND l.parent_state = 'posted'
              GROUP BY entry.root_id
                """,
                ids=self.ids,
            )
        )
        return {company_id: float(total) for company_id, total in rows}
