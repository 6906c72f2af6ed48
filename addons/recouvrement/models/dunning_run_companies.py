"""What a campaign over several companies tells somebody who works in some of them."""

from odoo import api, fields, models
from odoo.tools import SQL


class RecouvrementDunningRun(models.Model):
    _inherit = "recouvrement.dunning.run"

    company_names = fields.Char(
        string="All Companies", compute="_compute_company_names"
    )
    other_company_names = fields.Char(
        string="Other Companies",
        compute="_compute_company_names",
        help="Companies of the campaign that are not among the active ones.",
    )

    @api.depends("company_ids.name")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_company_names(self):
        """Companies by name where the user works, by number where not."""
        active = self.env.companies.sudo().root_id
        own = self.env.user.sudo().company_ids
        known = own | own.root_id
        companies = self._get_all_companies()
        for run in self:
            run.company_names = self._tell_companies(companies[run], known)
            run.other_company_names = self._tell_companies(
                companies[run] - active, known
            )

    # EXTENDS 'base'
    def _check_access(self, operation):
        """The rules look at the companies in sudo. Forget what they saw: the user who
        reads ``company_ids`` next gets those of the own active companies, and no
        error for the others."""
        result = super()._check_access(operation)
        if not self.env.su:
            stored = self.browse(id_ for id_ in self._ids if id_)
            stored.invalidate_recordset(["company_ids"], flush=False)
        return result

    def _get_all_companies(self):
        """Companies of each campaign, in sudo: also those that are not active.

        Read from the table: what the cache holds of ``company_ids`` was filtered by
        the rules of whoever read it.
        """
        stored = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT run_id, ARRAY_AGG(company_id)
                      FROM recouvrement_run_company_rel
                     WHERE run_id = ANY(%s)
                  GROUP BY run_id
                    """,
                    self._origin.ids,
                )
            )
        )
        active = self.env.companies.sudo().root_id
        companies = {}
        for run in self:
            found = active.browse(stored.get(run._origin.id, ()))
            if not run.id:  # on a form, where only the active ones are edited
                found = found - active | run.company_ids._origin.sudo()
            companies[run] = found.sorted()
        return companies

    @api.model
    def _tell_companies(self, companies, known):
        names = (companies & known).mapped("name")
        count = len(companies - known)
        if count == 1:
            names.append(self.env._("one company that is not yours"))
        elif count:
            names.append(self.env._("%s companies that are not yours", count))
        return ", ".join(names)
