"""A difference between both accounts, until it is settled: what was made of it, and
how it ended."""

from odoo import api, fields, models
from odoo.exceptions import UserError

TREATMENTS = [
    ("dispute", "Dispute"),
    ("payment_check", "Payment Being Checked"),
    ("duplicate", "Duplicate Sent"),
    ("correction", "Correction Asked For"),
]


class RecouvrementReconciliationDifference(models.AbstractModel):
    """Fields and buttons that our items and the customer's own share."""

    _name = "recouvrement.reconciliation.difference"
    _description = "Difference of a Reconciliation"
    _inherit = ["recouvrement.guarded"]

    reconciliation_id = fields.Many2one(
        "recouvrement.reconciliation", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(related="reconciliation_id.state")
    debtor_id = fields.Many2one(
        "recouvrement.debtor",
        compute="_compute_debtor",
        store=True,
        precompute=True,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company", compute="_compute_debtor", store=True, precompute=True
    )
    treatment = fields.Selection(TREATMENTS, readonly=True)
    request_id = fields.Many2one(
        "recouvrement.request", readonly=True, index="btree_not_null"
    )
    is_resolved = fields.Boolean(string="Settled", readonly=True)
    resolution = fields.Char(string="How It Was Settled", readonly=True)
    resolved_by_id = fields.Many2one("res.users", readonly=True)
    date_resolved = fields.Date(readonly=True)

    @api.depends("reconciliation_id.debtor_id")
    def _compute_debtor(self):
        for one in self:
            one.debtor_id = one.reconciliation_id.debtor_id
            one.company_id = one.reconciliation_id.company_id

    # ------------------------------------------------------------------
    # WHAT IS MADE OF IT
    # ------------------------------------------------------------------

    def action_payment_check(self):
        """Have the payment that the customer speaks of looked for."""
        return self._treat("payment_check")

    def action_correction(self):
        """Ask for a correction on our side: a credit note, a new invoice, an entry."""
        return self._treat("correction")

    def _treat(self, treatment):
        """Make requests or activities of differences, those of one reconciliation
        together.

        :raise UserError: when there is no difference, or it was dealt with.
        """
        self.check_access("write")
        for minutes, theirs in self.grouped("reconciliation_id").items():
            minutes._lock()
            minutes._check_state("answered", "signed")
            theirs._check_treatable()
            getattr(theirs, f"_make_{treatment}")(minutes)
            theirs.sudo().write({"treatment": treatment})
        return True

    def _check_treatable(self):
        for one in self:
            if not one._is_different():
                raise UserError(self.env._("%s shows no difference.", one.display_name))
            if one.is_resolved or one.treatment:
                raise UserError(
                    self.env._("%s was dealt with already.", one.display_name)
                )

    def _is_different(self):
        self.ensure_one()
        return True

    def _make_correction(self, minutes):
        """An activity of who is in charge, which lists what is to be corrected."""
        user = minutes.user_id or minutes.collector_id or self.env.user
        minutes.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Correct the account: %s", minutes.name),
            note=self.env["ir.qweb"]._render(
                "recouvrement_reporting.reconciliation_correction",
                {"rows": [one._describe() for one in self]},
            ),
            user_id=user.id,
        )
        minutes._log(
            self.env._("correction asked for"),
            detail="\n".join(one._describe() for one in self),
        )

    def _describe(self):
        """The difference in one line: a hook."""
        return self.display_name

    # ------------------------------------------------------------------
    # HOW IT ENDED
    # ------------------------------------------------------------------

    def action_resolve(self, resolution=None):
        """Settle differences with a word of explanation; without one, ask for it."""
        self.check_access("write")
        resolution = (resolution or "").strip()
        if not resolution:
            return self._action_decide()
        for minutes, theirs in self.grouped("reconciliation_id").items():
            minutes._check_state("answered", "signed")
            theirs.filtered(lambda one: not one.is_resolved).sudo().write(
                {
                    "is_resolved": True,
                    "resolution": resolution[:300],
                    "resolved_by_id": self.env.uid,
                    "date_resolved": fields.Date.context_today(self),
                }
            )
            minutes._log(
                self.env._("%s difference(s) settled", len(theirs)), detail=resolution
            )
        return True

    def action_reopen(self):
        """Take settlements back."""
        self.check_access("write")
        for minutes, theirs in self.grouped("reconciliation_id").items():
            minutes._check_state("answered", "signed")
            theirs.sudo().write(
                {
                    "is_resolved": False,
                    "resolution": False,
                    "resolved_by_id": False,
                    "date_resolved": False,
                    "treatment": False,
                    "request_id": False,
                }
            )
            minutes._log(
                self.env._("%s settled difference(s) taken up again", len(theirs))
            )
        return True

    def _action_decide(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Settle"),
            "res_model": "recouvrement.reconciliation.decision",
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_kind": "resolve",
                "default_reconciliation_id": self.reconciliation_id[:1].id,
                "default_difference_model": self._name,
                "default_difference_ids": self.ids,
            },
        }
