"""What a person should look at before a change of manager is validated."""

from odoo import api, fields, models

from ..tools.registry import is_rnc, tidy


class RecouvrementMutation(models.Model):
    _inherit = "recouvrement.mutation"

    warning = fields.Text(string="To Look At", compute="_compute_warning")

    # ------------------------------------------------------------------
    # WARNINGS
    # ------------------------------------------------------------------

    @api.depends(
        "debtor_id",
        "date_effect",
        "date_decision",
        "new_partner_id",
        "manager_email",
        "manager_siret",
        "siret",
        "rnc_number",
        "state",
    )
    def _compute_warning(self):
        for mutation in self:
            mutation.warning = "\n".join(mutation._get_warnings()) or False

    def _get_warnings(self):
        """Facts that a person should look at, as sentences: a hook."""
        self.ensure_one()
        if not self.debtor_id or self.state in ("refused", "cancelled"):
            return []
        found = [
            self._warn_numbers(),
            self._warn_rnc(),
            self._warn_same_manager(),
            self._warn_dates(),
            self._warn_twin(),
        ]
        return [warning for warning in found if warning]

    def _warn_numbers(self):
        lacking = [
            self._fields[name]._description_string(self.env)
            for name in ("siret", "rnc_number", "manager_siret")
            if not self[name]
        ]
        if lacking:
            return self.env._("Not given: %s.", ", ".join(lacking))

    def _warn_rnc(self):
        if self.rnc_number and not is_rnc(self.rnc_number):
            return self.env._(
                "“%s” does not look like a registration number of a condominium: two "
                "letters and seven digits.",
                self.rnc_number,
            )

    def _warn_same_manager(self):
        new = self.new_partner_id.commercial_partner_id
        if new and new == self.old_partner_id.commercial_partner_id:
            return self.env._("The new manager is the one in office already.")

    def _warn_dates(self):
        if self.date_effect and self.date_decision:
            if self.date_effect < self.date_decision:
                return self.env._(
                    "The manager takes office before the decision that appoints it."
                )

    def _warn_twin(self):
        """The same number on another file is the same manager."""
        if self.new_partner_id or not self.manager_siret:
            return None
        twin = self._find_manager()
        if twin:
            return self.env._(
                "A partner has this SIRET already: %s. It will be taken.", twin.name
            )

    def _find_manager(self):
        """Partner with the SIRET of the new manager, in sudo."""
        partners = self.env["res.partner"].sudo()
        if not self.manager_siret:
            return partners
        number = tidy(self.manager_siret)
        found = partners.search(
            [
                ("company_registry", "=ilike", "%".join(number)),
                ("parent_id", "=", False),
            ],
            limit=5,
        )
        return found.filtered(lambda p: tidy(p.company_registry) == number)[:1]

    # ------------------------------------------------------------------
    # HISTORY
    # ------------------------------------------------------------------

    def _log(self, what, detail=False):
        for mutation in self:
            mutation.debtor_id._log_event(
                "mutation",
                self.env._(
                    "%(number)s, change of manager: %(what)s",
                    number=mutation.name,
                    what=what,
                ),
                detail=detail or False,
            )
