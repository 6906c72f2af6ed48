"""Key accounts: a person decides on what is written to them."""

from odoo import api, fields, models
from odoo.exceptions import AccessError


class RecouvrementSegment(models.Model):
    _inherit = "recouvrement.segment"

    is_key_account = fields.Boolean(
        string="Key Accounts",
        help="Debtors that come to this segment are key accounts.",
    )
    credit_controlled = fields.Boolean(
        string="Under Credit Limits",
        default=True,
        help="The credit limits of debtors of a segment that is not are left out: "
        "nothing warns, blocks or comes on the risk agenda.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "credit_controlled" in vals:
            debtors = self.env["recouvrement.debtor"].sudo()
            debtors = debtors.with_context(active_test=False)
            found = debtors._search([("segment_id", "in", self.ids)])
            debtors._mark_dirty_debtors(list(found))
        return result


class RecouvrementDebtor(models.Model):
    _inherit = "recouvrement.debtor"

    is_key_account = fields.Boolean(
        string="Key Account",
        compute="_compute_is_key_account",
        store=True,
        readonly=False,
        tracking=True,
        help="Reminders above a level of the settings wait for a person, even where "
        "the policy sends by itself. Given by the segment, changed by a credit "
        "manager.",
    )

    @api.depends("segment_id.is_key_account")
    def _compute_is_key_account(self):
        for debtor in self:
            debtor.is_key_account = debtor.segment_id.is_key_account

    def write(self, vals):
        if "is_key_account" in vals and not (
            self.env.su or self.env.user.has_group("recouvrement.group_manager")
        ):
            raise AccessError(
                self.env._("Only a credit manager says who is a key account.")
            )
        return super().write(vals)
