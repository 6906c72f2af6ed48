"""Anomalies that a person leaves as they are, with a reason, until they change."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .identity_finding import CONTRACT

NOT_ACCEPTED = {"date_accepted": False, "accepted_by_id": False, "reason": False}


class RecouvrementIdentityFinding(models.Model):
    _inherit = "recouvrement.identity.finding"

    date_accepted = fields.Date(string="Accepted On")
    accepted_by_id = fields.Many2one("res.users")
    reason = fields.Char(string="Accepted Because")
    may_accept = fields.Boolean(compute="_compute_may_accept")

    @api.depends("kind", "date_accepted")
    def _compute_may_accept(self):
        kinds = self._get_acceptable()
        for finding in self:
            finding.may_accept = finding.kind in kinds and not finding.date_accepted

    @api.model
    def _get_acceptable(self):
        """Kinds of anomalies that a person may accept: a hook."""
        return set(CONTRACT)

    def write(self, vals):
        """What an anomaly is made of changes: it is no longer accepted."""
        if "fingerprint" not in vals:
            return super().write(vals)
        changed = self.filtered(lambda one: one.fingerprint != vals["fingerprint"])
        result = super(RecouvrementIdentityFinding, self - changed).write(vals)
        super(RecouvrementIdentityFinding, changed).write({**vals, **NOT_ACCEPTED})
        return result

    def action_accept(self):
        """The form that asks why these anomalies are left as they are."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Accept as It Is"),
            "res_model": "recouvrement.identity.accept",
            "view_mode": "form",
            "target": "new",
            "context": {"default_finding_ids": self.ids},
        }

    def _accept(self, reason):
        """Leave these anomalies as they are, until what they are made of changes.

        sudo: findings are written by the system only; the rights to the accounts are
        checked.

        :raise UserError: without a reason, or on what cannot be left so.
        """
        self.check_access("read")
        self.debtor_id.check_access("write")
        reason = (reason or "").strip()
        if not reason:
            raise UserError(self.env._("Say why it is left as it is."))
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for finding in self:
            if not finding.may_accept:
                raise UserError(
                    self.env._(
                        "%s: this is to be put right, or is accepted already.",
                        kinds[finding.kind],
                    )
                )
            finding.debtor_id._log_event(
                "note",
                self.env._("Accepted as it is: %s", kinds[finding.kind]),
                detail=reason,
            )
        self.sudo().write(
            {
                "date_accepted": fields.Date.context_today(self),
                "accepted_by_id": self.env.uid,
                "reason": reason,
            }
        )
