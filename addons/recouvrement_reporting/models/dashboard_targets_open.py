"""From what was aimed at and what was reached to the targets and the lines."""

from odoo import api, models
from odoo.exceptions import UserError

from .target import COLLECTED, MEASURES


class RecouvrementDashboard(models.AbstractModel):
    _inherit = "recouvrement.dashboard"

    @api.model
    @api.readonly
    def action_open_target(self, kind, code, options=None, user_id=None, company=None):
        """The targets that an amount aimed at is read from.

        :param int user_id: collector of a row of the team; the dashboard of a collector
            is about the user anyway.
        :param int company: legal entity, where there are several.
        :raise UserError: when the dashboard shows no such target.
        """
        scope, entity, owner = self._read_owner(kind, code, options, user_id, company)
        targets = self.env["recouvrement.target"]
        title = dict(targets._fields["measure"]._description_selection(self.env))[code]
        return targets._open_sources(title, entity, scope["month"], code, owner)

    @api.model
    @api.readonly
    def action_open_reached(self, kind, code, options=None, company=None):
        """The lines of what the user, or the company, reached in one legal entity."""
        scope, entity, owner = self._read_owner(kind, code, options, None, company)
        companies = self.env["recouvrement.kpi.snapshot"]._get_entity(entity)
        companies &= self.env.companies
        targets = self.env["recouvrement.target"]
        scoped = targets.with_context(allowed_company_ids=companies.ids)
        period = scope["period"]
        action = scoped._action_open_figure(
            owner or entity, code, period.start, period.end
        )
        context = {**action["context"], "allowed_company_ids": companies.ids}
        return {**action, "context": context}

    @api.model
    def _read_owner(self, kind, code, options, user_id, company):
        """``(scope, legal entity, user or None)`` of a target of the dashboard."""
        scope = self._read_scope(self._check_kind(kind), options)
        roots = self.env.companies.root_id
        entity = scope["entity"]
        if company:
            entity = roots.filtered(lambda one: one.id == company)
        if not entity or code not in dict(MEASURES):
            raise UserError(self.env._("This dashboard has no such target."))
        if scope["kind"] == "collector":
            return scope, entity, self.env.user
        if code != COLLECTED or (user_id and scope["kind"] != "manager"):
            raise UserError(self.env._("This dashboard has no such target."))
        return scope, entity, self.env["res.users"].browse(user_id or [])
